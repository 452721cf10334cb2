"""Runs and scenes through the clipboard: cut, copied, pasted, by key and by menu."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from optiviz import Run
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


def labels(user):
    return [run.label for run in user.scene.runs]


def edit_menu(user):
    """The Edit menu, as it opens."""
    menu = user.window.menuBar().actions()[1].menu()
    menu.aboutToShow.emit()
    return menu


# Runs


def test_copying_and_pasting_a_run(resting, clipboard):
    before, adam = resting.scene, resting.scene.runs[0]
    resting.shortcut("Ctrl+C")
    assert pasted.from_text(clipboard.text()) == [adam]
    assert resting.status == "Copied Adam."
    assert resting.scene == before
    resting.shortcut("Ctrl+V")
    assert labels(resting) == ["Adam", "Adam 2", "Momentum"]
    assert resting.run == resting.scene.runs[1]  # what was pasted is what one works on
    assert resting.run.same_path(adam)
    assert resting.run.color not in {run.color for run in before.runs}
    assert resting.status == "Pasted Adam 2."
    assert resting.action("undo").text() == "&Undo paste of Adam 2"
    resting.settle()
    resting.shortcut("Ctrl+Z")
    assert resting.scene == before


def test_cutting_and_pasting_a_run(resting, clipboard):
    before = resting.scene
    resting.click_run(1)
    resting.rest()
    resting.shortcut("Ctrl+X")
    assert labels(resting) == ["Adam"]
    assert resting.status == "Cut Momentum."
    assert resting.action("undo").text() == "&Undo cut of Momentum"
    resting.shortcut("Ctrl+V")
    assert resting.scene == before  # its name and its colour were free
    resting.shortcut("Ctrl+Z")
    resting.shortcut("Ctrl+Z")
    assert resting.scene == before
    resting.settle()


def test_runs_come_after_the_selected_one_in_one_step(resting, clipboard):
    clipboard.setText(pasted.to_text([Run("lion", lr=0.1), Run("gd", lr=0.1), Run("adam", lr=0.1, label="Adam")]))
    resting.shortcut("Ctrl+V")
    assert labels(resting) == ["Adam", "Lion", "Gradient descent", "Adam 2", "Momentum"]
    assert resting.status == "Pasted 3 runs."
    resting.settle()
    resting.action("undo").trigger()
    assert labels(resting) == ["Adam", "Momentum"]


def test_two_are_named(resting, clipboard):
    clipboard.setText(pasted.to_text([Run("lion", lr=0.1), Run("gd", lr=0.1)]))
    resting.action("paste").trigger()
    assert resting.status == "Pasted Lion and Gradient descent."


def test_from_one_window_to_another(resting, clipboard, open_window, small):
    resting.shortcut("Ctrl+C")
    other = open_window(small(surface="booth", start=None, runs=[]))
    other.action("paste").trigger()
    assert other.scene.runs[0] == resting.scene.runs[0]
    other.settle()


def test_a_run_out_of_a_mail(resting, clipboard):
    text = pasted.to_text(Run("lion", lr=0.1, label="from afar")).replace('"', "”")
    clipboard.setText("Hello,\n> " + "\n> ".join(text.splitlines()) + "\nBye")
    resting.shortcut("Ctrl+V")
    assert labels(resting) == ["Adam", "from afar", "Momentum"]


# Scenes


def test_a_scene_as_text(resting, clipboard, small):
    resting.window.workspace.seek(17)
    scene = resting.window.workspace.as_shown()
    resting.shortcut("Ctrl+Alt+C")
    assert scene_files.from_json(clipboard.text()) == scene
    assert resting.status == "Copied the scene with 2 runs as text."
    other = small(surface="booth", start=None, runs=[])
    resting.open(other)
    resting.shortcut("Ctrl+V")
    assert resting.window.workspace.as_shown() == scene
    assert resting.cursor == 17
    assert resting.status == "Pasted a scene with 2 runs."
    assert resting.document.origin.path is None
    assert not resting.document.changed  # as after opening a file
    assert resting.action("undo").text() == "&Undo paste of a scene"
    resting.settle()
    resting.shortcut("Ctrl+Z")
    assert resting.scene == other


def test_a_pasted_scene_leaves_the_file(resting, clipboard, small, tmp_path):
    path = tmp_path / "a.optiviz"
    scene_files.write(small(), path)
    resting.window.files.open(path)
    clipboard.setText(pasted.to_text(small(steps=70)))
    resting.shortcut("Ctrl+V")
    assert resting.document.origin.path is None
    resting.shortcut("Ctrl+Z")
    assert resting.document.origin.path == path


def test_a_copied_file_is_opened(resting, clipboard, small, tmp_path):
    path = tmp_path / "a.optiviz"
    scene_files.write(small(steps=70), path)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    mime.setText(str(path))
    clipboard.setMimeData(mime)
    resting.shortcut("Ctrl+V")
    assert resting.document.origin.path == path
    assert resting.value("steps") == 70


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
def test_what_cannot_be_pasted_is_told_and_changes_nothing(resting, clipboard, text, reason):
    before = resting.scene
    clipboard.setText(text)
    resting.shortcut("Ctrl+V")
    assert resting.status.startswith("Nothing was pasted: ")
    assert reason in resting.status
    assert resting.scene == before
    assert resting.document.undo_name is None


def test_too_many_runs(resting, clipboard):
    resting.enter("steps", "1000000")
    clipboard.setText(pasted.to_text([Run("gd", lr=0.1)] * 4))
    resting.rest()
    resting.shortcut("Ctrl+V")
    assert "steps times runs must be at most 5,000,000" in resting.status
    assert labels(resting) == ["Adam", "Momentum"]
    resting.action("undo").trigger()
    resting.settle()


# When what is possible


def test_paste_waits_for_something_to_paste(resting, clipboard):
    paste = resting.action("paste")
    assert not paste.isEnabled()
    clipboard.setText("something")
    assert paste.isEnabled()
    clipboard.setImage(QImage(4, 4, QImage.Format.Format_RGB32))
    assert not paste.isEnabled()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/tmp/a.optiviz")])
    clipboard.setMimeData(mime)
    assert paste.isEnabled()


def test_without_runs_there_is_nothing_to_cut_or_copy(resting, small):
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
