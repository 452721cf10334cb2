"""Sentences, questions and dialogs: whatever a stranger has written is text, never HTML."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel, QListWidget, QWidget

import optiviz
from optiviz.app.closing import Closing
from optiviz.app.rescue import Rescue
from optiviz.desk import mishaps as mishap
from optiviz.desk.desk import Icon, Role
from optiviz.desk.mishaps import Mishaps
from optiviz.files.autosave import Autosave
from optiviz.files.origin import Origin

LOUD = "<h1>big<br>name"
PLAIN = Qt.TextFormat.PlainText
LABELS = {"qt_msgbox_label", "qt_msgbox_informativelabel"}  # Qt's own names


def assert_plain(box, *words):
    """The box shows these words as they are, in its text or its informative text."""
    labels = {label.objectName(): label for label in box.findChildren(QLabel) if label.objectName() in LABELS}
    assert labels.keys() >= {"qt_msgbox_label"} | ({"qt_msgbox_informativelabel"} if box.informativeText() else set())
    for name, label in labels.items():
        assert label.textFormat() == PLAIN, name
    shown = " ".join(label.text() for label in labels.values())
    for word in words:
        assert word in shown


# A desk's own boxes


def test_a_box_is_plain_and_is_not_shown_yet(clerk):
    box = clerk.desk.box(LOUD, f"more {LOUD}", icon=Icon.Warning, title="A title")
    assert not box.isVisible()
    assert (box.text(), box.informativeText(), box.windowTitle()) == (LOUD, f"more {LOUD}", "A title")
    assert box.icon() == Icon.Warning
    assert_plain(box, LOUD, f"more {LOUD}")
    box.show()
    QApplication.processEvents()
    assert_plain(box, LOUD, f"more {LOUD}")  # Qt may have made its labels anew


@pytest.mark.parametrize(("how", "icon"), [("tell", Icon.Information), ("warn", Icon.Warning)])
def test_what_is_told_is_plain_blocks_nothing_and_goes(clerk, how, icon):
    getattr(clerk.desk, how)(LOUD, LOUD)
    (box,) = clerk.boxes
    assert_plain(box, LOUD)
    assert box.icon() == icon
    assert not box.isModal()
    box.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert clerk.boxes == []
    assert not clerk.widget.findChildren(type(box))


def test_a_question_is_plain_and_its_answer_is_handed_over(clerk):
    answers, given = {"Yes": Role.AcceptRole, "No": Role.RejectRole}, []
    for how in ("Yes", "No", "Escape", "its frame"):
        box = clerk.desk.ask(LOUD, LOUD, answers, given.append, title=LOUD)
        box.show()
        assert_plain(box, LOUD)
        assert box.defaultButton().text().replace("&", "") == "Yes"
        if how == "Escape":
            QTest.keyClick(box, Qt.Key.Key_Escape)
        elif how == "its frame":
            box.close()
        else:
            clerk.answer(how)
    assert given == ["Yes", "No", "No", ""]


def test_a_page_of_the_programs_own_is_html(clerk):
    clerk.desk.show_page("Keys", "<b>Space</b> plays")
    (box,) = clerk.boxes
    assert box.textFormat() == Qt.TextFormat.RichText
    assert clerk.message().strip() == "<b>Space</b> plays"


def test_a_sentence_reaches_whoever_shows_it(clerk):
    clerk.desk.say(LOUD)
    assert clerk.said == [LOUD]


# Every box of the program


def test_nobody_makes_a_message_box_but_the_desk():
    folder = Path(optiviz.__file__).parent
    made = re.compile(r"QMessageBox(\(|\.(about|critical|information|question|warning)\()")
    makers = [path.relative_to(folder) for path in folder.rglob("*.py") if made.search(path.read_text("utf-8"))]
    assert makers == [Path("desk/desk.py")]


def test_a_lesson_that_cannot_be_read_is_named_as_it_is(clerk, tmp_path):
    path = tmp_path / f"{LOUD}.md"
    path.write_text("Dear diary,\n")
    clerk.lessons.open(path)
    assert_plain(clerk.boxes[0], f"{LOUD}.md, line 1")
    assert "This lesson cannot be used." in clerk.message()


def test_a_lesson_in_the_menu_that_cannot_be_read_is_named_as_it_is(clerk, tmp_path):
    path = tmp_path / f"{LOUD}.md"
    path.write_text("Dear diary,\n")
    clerk.desk.settings.lesson_files = [path]
    clerk.listed("&Lessons").actions()[-1].trigger()
    assert_plain(clerk.boxes[0], f"{LOUD}.md, line 1")


def test_a_scene_that_is_added_to_no_lesson_is_told_of_as_it_is(clerk, tmp_path):
    clerk.lessons.add_to(tmp_path / f"{LOUD}.md", "", "text")
    assert_plain(clerk.boxes[0])


@pytest.mark.parametrize("name", [f"{LOUD}.optiviz", f"{LOUD}.md", f"{LOUD}.png"])
def test_a_file_that_cannot_be_opened_is_named_as_it_is(clerk, tmp_path, name):
    (tmp_path / name).write_text(f'{{"format": "{LOUD}"}}')
    clerk.files.open(tmp_path / name)
    assert_plain(clerk.boxes[0], name)
    assert "cannot be opened" in clerk.message()


def test_files_that_cannot_be_opened_are_named_as_they_are(clerk, tmp_path):
    clerk.files.open_first([tmp_path / f"{LOUD}{number}.optiviz" for number in range(3)])
    assert_plain(clerk.boxes[0], f"{LOUD}0.optiviz", f"{LOUD}2.optiviz")


def test_a_file_that_cannot_be_saved_is_named_as_it_is(clerk, dialogs, tmp_path):
    dialogs.chosen = tmp_path / "missing" / f"{LOUD}.optiviz"
    clerk.do("save")
    assert_plain(clerk.boxes[0], f"{LOUD}.optiviz")
    assert "was not saved" in clerk.message()


def test_what_is_told_of_an_opened_file_is_told_as_it_is(clerk, tmp_path):
    clerk.files.opened(tmp_path / "a.optiviz", ["Several things:", LOUD, LOUD])
    assert_plain(clerk.boxes[0], f"• {LOUD}\n• {LOUD}")


def test_closing_names_the_file_as_it_is(clerk, tmp_path):
    clerk.document.saved(tmp_path / f"{LOUD}.optiviz")
    clerk.set("lr", 0.1)
    closing = Closing(clerk.widget, clerk.workspace, clerk.desk, clerk.files)
    assert not closing.allowed()
    assert_plain(clerk.boxes[0], f"{LOUD}.optiviz")
    clerk.settle()


def test_a_rescued_scene_is_named_as_it_is(clerk, tmp_path, small):
    other = Autosave(tmp_path / "unsaved")
    other.save(small(steps=33), Origin(tmp_path / f"{LOUD}.optiviz"))
    other.close()
    rescue = Rescue(clerk.workspace, clerk.desk, tmp_path / "unsaved")
    rescue.offer()
    assert_plain(clerk.boxes[0], f"{LOUD}.optiviz")
    rescue.close(quietly=True)


def test_a_mishap_is_told_as_it_is(clerk, monkeypatch, tmp_path):
    monkeypatch.setattr(mishap, "log_file", lambda: tmp_path / LOUD / "optiviz.log")
    mishaps = Mishaps(lambda: None, clerk.desk)
    try:
        raise RuntimeError(LOUD)
    except RuntimeError:
        with monkeypatch.context() as patch:
            patch.setattr(mishap.log, "handlers", [])
            patch.setattr(mishap.log, "disabled", True)
            sys.excepthook(*sys.exc_info())
    finally:
        mishaps.close()
    (box,) = clerk.boxes
    assert_plain(box, LOUD)
    assert LOUD in box.detailedText()


# Files and texts that are asked for


def test_files_are_asked_for_in_the_folder_that_was_used_last(clerk, dialogs, tmp_path):
    clerk.desk.settings.folder = tmp_path
    assert clerk.desk.choose_file("Open", "Any (*)") is None
    assert clerk.desk.name_file("Save", tmp_path / "proposal", "Any (*)") is None
    assert dialogs.proposed == [str(tmp_path), str(tmp_path / "proposal")]
    dialogs.chosen = tmp_path / LOUD
    assert clerk.desk.choose_file("Open", "Any (*)") == tmp_path / LOUD
    assert clerk.desk.name_file("Save", tmp_path, "Any (*)", replaces=False) == tmp_path / LOUD


@pytest.mark.parametrize(("lines", "method"), [(False, "getText"), (True, "getMultiLineText")])
def test_texts_are_asked_for(clerk, monkeypatch, lines, method):
    for answer, given in ((("", True), ""), (("a", True), "a"), (("a", False), None)):
        monkeypatch.setattr(QInputDialog, method, lambda *args, answer=answer: answer)
        assert clerk.desk.ask_text("Title", "Label", lines=lines) == given


def test_a_text_is_put_into_the_clipboard(clerk):
    clerk.desk.copy(LOUD)
    assert QApplication.clipboard().text() == LOUD


def test_parts_of_the_window_are_found_by_their_kind_and_name(clerk):
    found = [QListWidget(clerk.widget), QWidget(clerk.widget)]
    found[1].setObjectName("second")
    assert clerk.desk.find(QListWidget) is found[0]
    assert clerk.desk.find(QWidget, "second") is found[1]
    with pytest.raises(AssertionError, match="no QListWidget third"):
        clerk.desk.find(QListWidget, "third")
