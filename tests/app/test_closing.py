"""The end of a window: what would be lost is asked about, and the next start shows what was kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from optiviz.scene.view import Place
from optiviz.files import scene_files
from optiviz.scene.first import first_scene
from optiviz.scene.view import View

Key = Qt.Key


@pytest.fixture
def path(tmp_path, small):
    """A scene file."""
    path = tmp_path / "lecture.optiviz"
    scene_files.write(small(), path)
    return path


@pytest.fixture
def opened(open_window, small, path):
    """The user in front of a window with that file."""
    return open_window(small(), path)


@pytest.fixture
def save_to(monkeypatch):
    """Answers the dialog that asks where to save; "" cancels it."""

    def save_to(path):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(path), ""))

    return save_to


def is_open(user):
    return user.window.isVisible()


@pytest.mark.parametrize("what", ["nothing", "view", "taken back", "saved"])
def test_nothing_to_lose_no_question(opened, what):
    if what == "view":
        opened.action("rest").trigger()
        opened.window.workspace.seek(5)
        opened.window.workspace.zoom(0.5)
    elif what == "taken back":
        opened.enter("steps", "70")
        opened.action("undo").trigger()
    elif what == "saved":
        opened.enter("steps", "70")
        opened.action("save").trigger()
    opened.window.close()
    assert not is_open(opened)
    assert opened.asked == ""


def test_the_first_scene_may_be_watched_and_left(open_window):
    user = open_window()
    user.until(lambda: user.cursor > 2)
    user.window.close()
    assert not is_open(user)


@pytest.mark.parametrize("answer", ["Cancel", "Escape"])
def test_staying(opened, path, answer):
    opened.enter("steps", "70")
    opened.window.close()
    assert opened.asked == "Save the changes to “lecture.optiviz” before closing?"
    if answer == "Escape":
        opened.press(Key.Key_Escape, opened.dialog(QMessageBox))
    else:
        opened.answer(answer)
    assert opened.asked == ""
    assert is_open(opened)
    assert opened.value("steps") == 70
    assert scene_files.read(path).steps == 60
    opened.settle()  # it goes on as if nothing had been asked
    opened.window.close()
    assert opened.asked


def test_asking_once_is_enough(opened):
    opened.enter("steps", "70")
    opened.window.close()
    opened.window.close()
    assert len([box for box in opened.window.findChildren(QMessageBox) if box.isVisible()]) == 1


def test_quitting_by_key_asks_too(opened):
    opened.enter("steps", "70")
    opened.shortcut("Ctrl+Q")
    assert opened.asked
    assert is_open(opened)


def test_saving(opened, open_window, path):
    opened.enter("steps", "70")
    opened.window.close()
    opened.press(Key.Key_Return, opened.dialog(QMessageBox))  # Save is what Enter does
    assert not is_open(opened)
    assert scene_files.read(path).steps == 70
    again = open_window()
    assert (again.value("steps"), again.document.origin.path, again.document.changed) == (70, path, False)


def test_saving_for_the_first_time(open_window, small, save_to, tmp_path):
    user = open_window(small())
    user.enter("steps", "70")
    assert user.title == "Rosenbrock race* · OptiViz"
    assert user.window.caption.text() == "Rosenbrock race*"
    user.window.close()
    assert user.asked == "Save the changes to “Rosenbrock race” before closing?"
    save_to("")
    user.answer("Save…")
    assert is_open(user)  # no place was chosen: nothing is saved
    user.window.close()
    save_to(tmp_path / "new.optiviz")
    user.answer("Save…")
    assert not is_open(user)
    assert scene_files.read(tmp_path / "new.optiviz").steps == 70


def test_what_cannot_be_saved_stays(opened, save_to, tmp_path):
    opened.enter("steps", "70")
    opened.document.origin.path = tmp_path / "gone" / "lecture.optiviz"
    opened.window.close()
    opened.answer("Save")
    assert is_open(opened)
    assert "was not saved" in opened.message()
    assert opened.document.changed


def test_throwing_changes_away(opened, open_window, path, small):
    opened.enter("steps", "70")
    opened.action("save").trigger()
    opened.enter("steps", "80")
    opened.window.close()
    opened.answer("Don't save")
    assert not is_open(opened)
    assert scene_files.read(path).steps == 70
    again = open_window()
    assert (again.value("steps"), again.document.origin.path, again.document.changed) == (70, path, False)
    again.window.close()
    assert again.asked == ""


def test_throwing_changes_away_of_a_scene_without_a_file(open_window, small):
    user = open_window(small(place=Place(cursor=7)))
    user.enter("beta1", "0.8")
    user.window.workspace.seek(20)
    user.window.close()
    user.answer("Don't save")
    again = open_window()
    assert again.scene == small(place=Place(cursor=7))
    assert (again.cursor, again.document.origin.path, again.document.changed) == (7, None, False)


def test_after_staying_and_saving_changes_nothing_is_thrown_away(opened, open_window):
    opened.enter("steps", "70")
    opened.window.close()
    opened.answer("Cancel")
    opened.action("save").trigger()
    opened.window.workspace.seek(9)
    opened.window.close()
    assert not is_open(opened)
    again = open_window()
    assert (again.value("steps"), again.cursor) == (70, 9)


# Nobody is there to answer


def test_closing_quietly_keeps_changes_for_the_next_start(opened, open_window, path):
    opened.enter("steps", "70")
    opened.window.close_quietly()
    assert not is_open(opened)
    again = open_window()
    assert (again.value("steps"), again.document.origin.path, again.document.changed) == (70, path, True)
    again.window.close()
    again.answer("Don't save")  # the file is what there was before
    third = open_window()
    assert (third.value("steps"), third.document.origin.path, third.document.changed) == (60, path, False)


def test_closing_quietly_in_the_middle_of_a_number(opened, open_window):
    opened.fill(opened.field("steps"), "70")
    opened.window.close_quietly()
    assert not is_open(opened)
    assert open_window().value("steps") == 70


def test_the_end_of_the_session_asks_nothing(opened, open_window):
    opened.fill(opened.field("steps"), "70")
    opened.window.closing.end_session()
    assert open_window().value("steps") == 70  # also if the program is killed now
    opened.window.close()
    assert not is_open(opened)
    assert opened.asked == ""


def test_after_an_end_of_the_session_that_was_called_off_it_asks_again(opened):
    opened.enter("steps", "70")
    opened.window.closing.end_session()
    opened.enter("steps", "80")
    opened.window.close()
    assert opened.asked
    opened.answer("Cancel")


def test_closing_quietly_while_the_question_is_open(opened):
    opened.enter("steps", "70")
    opened.window.close()
    opened.window.close_quietly()
    assert not is_open(opened)


def test_throwing_away_what_nothing_is_known_of_before(open_window, small):
    user = open_window(small())
    user.enter("steps", "70")
    user.window.close_quietly()
    again = open_window()
    assert again.value("steps") == 70
    assert again.document.changed
    again.window.close()
    again.answer("Don't save")
    third = open_window()
    assert third.scene == first_scene()
    assert not third.document.changed


def test_the_question_has_the_programs_buttons(opened):
    opened.enter("steps", "70")
    opened.window.close()
    box = opened.dialog(QMessageBox)
    assert {button.text().replace("&", "") for button in box.buttons()} == {"Save", "Don't save", "Cancel"}
    assert box.defaultButton().text() == "&Save"
    opened.press(Key.Key_D, box, Qt.KeyboardModifier.AltModifier)
    opened.until(lambda: not is_open(opened))
