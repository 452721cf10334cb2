"""Runs and scenes through the clipboard: cut, copied, pasted, by key and by menu."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from optiviz import Run
from optiviz.commands import exchanging
from optiviz.files import pasted, scene_files

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def clipboard(qapp):
    """The clipboard, empty."""
    clipboard = QApplication.clipboard()
    clipboard.clear()
    yield clipboard
    clipboard.clear()


@pytest.fixture
def resting(user, clipboard):
    """The user with the focus on no field and an empty clipboard."""
    user.rest()
    return user


def mime_of(path):
    """What a file manager puts into the clipboard for a file."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    mime.setText(str(path))
    return mime


def edit_menu(user):
    """The Edit menu, as it opens."""
    menu = user.window.menuBar().actions()[1].menu()
    menu.aboutToShow.emit()
    return menu


# Runs


def test_copying_and_pasting_a_run(clerk, clipboard):
    before, adam = clerk.scene, clerk.scene.runs[0]
    clerk.do("copy")
    assert pasted.from_text(clipboard.text()) == [adam]
    assert clerk.status == "Copied Adam."
    assert clerk.scene == before
    clerk.do("paste")
    assert clerk.labels == ["Adam", "Adam 2", "Momentum"]
    assert clerk.run == clerk.scene.runs[1]  # what was pasted is what one works on
    assert clerk.run.numbers == adam.numbers
    assert clerk.run.color not in {run.color for run in before.runs}
    assert clerk.status == "Pasted Adam 2."
    assert clerk.text("undo") == "&Undo paste of Adam 2"
    clerk.settle()
    clerk.do("undo")
    assert clerk.scene == before


def test_cutting_and_pasting_a_run(clerk, clipboard):
    before = clerk.scene
    clerk.workspace.select(1)
    clerk.do("cut")
    assert clerk.labels == ["Adam"]
    assert clerk.status == "Cut Momentum."
    assert clerk.text("undo") == "&Undo cut of Momentum"
    clerk.do("paste")
    assert clerk.scene == before  # its name and its colour were free
    clerk.do("undo", "undo")
    assert clerk.scene == before
    clerk.settle()


def test_runs_come_after_the_selected_one_in_one_step(clerk, clipboard):
    clipboard.setText(pasted.to_text([Run("lion", lr=0.1), Run("gd", lr=0.1), Run("adam", lr=0.1, label="Adam")]))
    clerk.do("paste")
    assert clerk.labels == ["Adam", "Lion", "Gradient descent", "Adam 2", "Momentum"]
    assert clerk.status == "Pasted 3 runs."
    clerk.settle()
    clerk.do("undo")
    assert clerk.labels == ["Adam", "Momentum"]


def test_two_are_named(clerk, clipboard):
    clipboard.setText(pasted.to_text([Run("lion", lr=0.1), Run("gd", lr=0.1)]))
    clerk.do("paste")
    assert clerk.status == "Pasted Lion and Gradient descent."


def test_from_one_window_to_another(clerk, clipboard, employ, small):
    clerk.do("copy")
    other = employ(small(surface="booth", start=None, runs=[]))
    other.do("paste")
    assert other.scene.runs[0] == clerk.scene.runs[0]
    other.settle()


def test_a_run_out_of_a_mail(clerk, clipboard):
    text = pasted.to_text(Run("lion", lr=0.1, label="from afar")).replace('"', "”")
    clipboard.setText("Hello,\n> " + "\n> ".join(text.splitlines()) + "\nBye")
    clerk.do("paste")
    assert clerk.labels == ["Adam", "from afar", "Momentum"]


# Scenes


def test_a_scene_as_text(clerk, clipboard, small):
    clerk.workspace.seek(17)
    scene = clerk.workspace.as_shown()
    clerk.do("copy_scene")
    assert scene_files.from_json(clipboard.text()) == scene
    assert clerk.status == "Copied the scene with 2 runs as text."
    other = small(surface="booth", start=None, runs=[])
    clerk.open(other)
    clerk.do("paste")
    assert clerk.workspace.as_shown() == scene
    assert clerk.workspace.player.cursor == 17
    assert clerk.status == "Pasted a scene with 2 runs."
    assert clerk.path is None
    assert not clerk.document.changed  # as after opening a file
    assert clerk.text("undo") == "&Undo paste of a scene"
    clerk.settle()
    clerk.do("undo")
    assert clerk.scene == other


def test_a_pasted_scene_leaves_the_file(clerk, clipboard, small, tmp_path):
    path = tmp_path / "a.optiviz"
    scene_files.write(small(), path)
    clerk.files.open(path)
    clipboard.setText(pasted.to_text(small(steps=70)))
    clerk.do("paste")
    assert clerk.path is None
    clerk.do("undo")
    assert clerk.path == path


def test_a_copied_file_is_opened(clerk, clipboard, small, tmp_path):
    path = tmp_path / "a.optiviz"
    scene_files.write(small(steps=70), path)
    clipboard.setMimeData(mime_of(path))
    clerk.do("paste")
    assert clerk.path == path
    assert clerk.scene.steps == 70


# What cannot be pasted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hello", "this text holds no scene and no run of OptiViz"),
        ('{"format": "optiviz.runs", "version": 1, "runs": []}', "runs must be at least one"),
        ('{"format": "optiviz.scene", "version": 9}', "version 9 was made by a newer OptiViz"),
        (pasted.to_text(Run("adam", lr=0.1)).replace("adam", "adan"), "'adan' is not known; did you mean 'adam'?"),
    ],
)
def test_what_cannot_be_pasted_is_told_and_changes_nothing(clerk, clipboard, text, reason):
    before = clerk.scene
    clipboard.setText(text)
    clerk.do("paste")
    assert clerk.status.startswith("Nothing was pasted: ")
    assert reason in clerk.status
    assert clerk.scene == before
    assert clerk.document.undo_name is None


def test_too_many_runs(clerk, clipboard):
    clerk.set_up("steps", 1_000_000)
    clipboard.setText(pasted.to_text([Run("gd", lr=0.1)] * 4))
    clerk.do("paste")
    assert "steps times runs must be at most 5,000,000" in clerk.status
    assert clerk.labels == ["Adam", "Momentum"]
    clerk.do("undo")
    clerk.settle()


# When what is possible


def test_what_can_be_pasted(clipboard):
    assert not exchanging.pasteable()
    clipboard.setText("something")
    assert exchanging.pasteable()
    clipboard.setImage(QImage(4, 4, QImage.Format.Format_RGB32))
    assert not exchanging.pasteable()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/tmp/a.optiviz")])
    clipboard.setMimeData(mime)
    assert exchanging.pasteable()


def test_without_runs_there_is_nothing_to_cut_or_copy(clerk, small):
    clerk.open(small(runs=[]))
    assert [clerk.can(name) for name in ("cut", "copy", "copy_scene")] == [False, False, True]
    clerk.do("copy_scene")
    assert clerk.status == "Copied the scene with no runs as text."
    clerk.do("undo")
    assert clerk.can("cut")
    assert clerk.can("copy")


# In the window


def test_paste_waits_for_something_to_paste(resting, clipboard):
    paste = resting.action("paste")
    assert not paste.isEnabled()
    clipboard.setText("something")
    assert paste.isEnabled()
    clipboard.setImage(QImage(4, 4, QImage.Format.Format_RGB32))
    assert not paste.isEnabled()
    clipboard.setMimeData(mime_of("/tmp/a.optiviz"))
    assert paste.isEnabled()


def test_runs_and_scenes_by_key(resting, clipboard):
    scene, (adam, momentum) = resting.window.workspace.as_shown(), resting.scene.runs
    resting.shortcut("Ctrl+C")
    assert pasted.from_text(clipboard.text()) == [adam]
    assert resting.status == "Copied Adam."
    resting.shortcut("Ctrl+Alt+C")
    assert scene_files.from_json(clipboard.text()) == scene
    resting.click_run(1)
    resting.rest()
    resting.shortcut("Ctrl+X")
    assert resting.scene.runs == (adam,)
    resting.shortcut("Ctrl+V")
    assert resting.scene.runs == (adam, momentum)
    assert resting.runs.currentRow() == 1
    assert resting.action("undo").text() == "&Undo paste of Momentum"
    resting.settle()


def test_without_runs_the_actions_wait(resting, small):
    resting.open(small(runs=[]))
    assert not resting.action("cut").isEnabled()
    assert not resting.action("copy").isEnabled()
    assert resting.action("copy_scene").isEnabled()
    resting.action("undo").trigger()
    assert resting.action("cut").isEnabled()
    assert resting.action("copy").isEnabled()


def test_the_edit_menu_and_the_menu_of_a_run(resting, clipboard):
    texts = [action.text().replace("&", "") for action in edit_menu(resting).actions()]
    assert texts[3:8] == ["Cut run", "Copy run", "Paste", "Copy scene as text", ""]
    resting.click_run(1)
    resting.window.panel.runs_card.runs.menu_wanted.emit(resting.window.mapToGlobal(resting.window.rect().center()))
    resting.take(resting.menu(), "Copy run")
    assert pasted.from_text(clipboard.text()) == [resting.scene.runs[1]]


def test_a_text_field_keeps_its_own(resting, clipboard):
    before = resting.scene
    edit = resting.field("beta1")
    resting.fill(edit, "0.75")
    edit.selectAll()
    resting.shortcut("Ctrl+C")
    assert clipboard.text() == "0.75"
    resting.shortcut("Ctrl+X")
    assert edit.text() == ""
    resting.shortcut("Ctrl+V")
    resting.action("paste").trigger()  # from the menu
    assert edit.text() == "0.750.75"
    assert resting.scene == before
    resting.press(Key.Key_Escape, edit)


def test_renaming_keeps_its_own(resting, clipboard):
    resting.click_run(0)
    resting.rest()
    resting.press(Key.Key_F2)
    editor = resting.runs.findChild(QLineEdit)
    editor.selectAll()
    resting.shortcut("Ctrl+C")
    assert clipboard.text() == "Adam"
    resting.press(Key.Key_Escape, editor)


def test_while_the_arithmetic_is_shown_its_line_is_copied(resting, clipboard):
    """One key, two things to copy: what is in front is meant."""
    before = resting.scene
    resting.press(Key.Key_A)
    resting.settle()
    resting.shortcut("Ctrl+C")
    assert [float(text) for text in clipboard.text().split("\t")]
    resting.action("copy").trigger()  # the menu says what it copies
    assert pasted.from_text(clipboard.text()) == [before.runs[0]]
    resting.press(Key.Key_A)
    clipboard.setText("")
    resting.shortcut("Ctrl+C")
    assert pasted.from_text(clipboard.text()) == [before.runs[0]]


def test_a_window_that_is_gone_listens_no_more(open_window, small, clipboard):
    user = open_window(small())
    user.window.close_quietly()
    user.window.deleteLater()
    QTest.qWait(1)
    clipboard.setText("something")
