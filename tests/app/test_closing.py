"""The end of a window: what would be lost is asked about, and the next start shows what was kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QMessageBox

from optiviz.app.closing import Closing
from optiviz.files import scene_files
from optiviz.files.origin import Origin
from optiviz.scene.first import first_scene
from optiviz.scene.view import Place

Key = Qt.Key


@pytest.fixture
def path(tmp_path, small):
    """A scene file."""
    path = tmp_path / "lecture.optiviz"
    scene_files.write(small(), path)
    return path


class Door(QObject):
    """What closes, as a window does; `shut` says that it has."""

    def __init__(self, clerk):
        super().__init__(clerk.widget)
        self.clerk, self.shut = clerk, False
        self.closing = Closing(clerk.widget, clerk.workspace, clerk.desk, clerk.files)
        clerk.workspace.watch(self.closing)
        clerk.widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() != QEvent.Type.Close:
            return False
        self.shut = self.closing.allowed()
        if self.shut:
            self.closing.remember()
        else:
            event.ignore()
        return True

    def close(self):
        self.clerk.widget.close()

    @property
    def asked(self):
        return self.clerk.asked

    @property
    def kept(self):
        """What the next start finds: the steps of the scene, its file, and whether it has changes."""
        opened, path, saved = self.clerk.desk.settings.last_scene()
        return opened.scene.steps, path, not saved


@pytest.fixture
def door(clerk, path):
    """The door of a clerk who has opened that file."""
    clerk.files.open(path)
    return Door(clerk)


@pytest.fixture
def changed(door):
    """The same after an edit."""
    door.clerk.set_up("steps", 70)
    return door


def test_nothing_to_lose_no_question(door):
    for what in (
        lambda clerk: None,
        lambda clerk: clerk.do("rest", "zoom_in", "forward"),
        lambda clerk: (clerk.set_up("steps", 70), clerk.do("undo")),
        lambda clerk: (clerk.set_up("steps", 70), clerk.do("save")),
    ):
        what(door.clerk)
        door.close()
        assert door.shut
        assert door.asked == ""


def test_staying(changed, path):
    changed.close()
    assert changed.asked == "Save the changes to “lecture.optiviz” before closing?"
    changed.clerk.answer("Cancel")
    assert changed.asked == ""
    assert not changed.shut
    assert changed.clerk.scene.steps == 70
    assert scene_files.read(path).steps == 60
    changed.clerk.settle()  # it goes on as if nothing had been asked
    changed.close()
    assert changed.asked


def test_asking_once_is_enough(changed):
    changed.close()
    changed.close()
    assert len(changed.clerk.boxes) == 1


def test_the_question_has_the_programs_buttons(changed):
    changed.close()
    (box,) = changed.clerk.boxes
    assert {button.text().replace("&", "") for button in box.buttons()} == {"Save", "Don't save", "Cancel"}
    assert box.defaultButton().text() == "&Save"
    assert box.escapeButton().text() == "Cancel"


def test_saving(changed, path):
    changed.close()
    changed.clerk.answer("Save")
    assert changed.shut
    assert scene_files.read(path).steps == 70
    assert changed.kept == (70, path, False)


def test_saving_for_the_first_time(clerk, dialogs, tmp_path):
    door = Door(clerk)
    clerk.set_up("steps", 70)
    door.close()
    assert door.asked == "Save the changes to “Rosenbrock race” before closing?"
    clerk.answer("Save…")
    assert not door.shut  # no place was chosen: nothing is saved
    door.close()
    dialogs.chosen = tmp_path / "new.optiviz"
    clerk.answer("Save…")
    assert door.shut
    assert scene_files.read(tmp_path / "new.optiviz").steps == 70


def test_what_cannot_be_saved_stays(changed, path, tmp_path):
    changed.clerk.document.saved(tmp_path / "gone" / "lecture.optiviz")
    changed.clerk.set_up("steps", 71)
    changed.close()
    changed.clerk.answer("Save")
    assert not changed.shut
    assert "was not saved" in changed.clerk.message()
    assert changed.clerk.document.changed


def test_throwing_changes_away(changed, path):
    changed.clerk.do("save")
    changed.clerk.set_up("steps", 80)
    changed.close()
    changed.clerk.answer("Don't save")
    assert changed.shut
    assert scene_files.read(path).steps == 70
    assert changed.kept == (70, path, False)


def test_throwing_changes_away_of_a_scene_without_a_file(employ, small):
    door = Door(employ(small(place=Place(cursor=7))))
    door.clerk.set("beta1", 0.8)
    door.clerk.workspace.seek(20)
    door.close()
    door.clerk.answer("Don't save")
    opened, path, saved = door.clerk.desk.settings.last_scene()
    assert (opened.scene, path, saved) == (small(place=Place(cursor=7)), None, True)


def test_after_staying_and_saving_changes_nothing_is_thrown_away(changed, path):
    changed.close()
    changed.clerk.answer("Cancel")
    changed.clerk.do("save")
    changed.clerk.workspace.seek(9)
    changed.close()
    assert changed.shut
    assert changed.kept == (70, path, False)
    assert changed.clerk.desk.settings.last_scene()[0].scene.place.cursor == 9


def test_throwing_away_what_nothing_is_known_of_before(clerk):
    door = Door(clerk)
    clerk.document.forget_saved()
    door.close()
    clerk.answer("Don't save")
    opened, path, saved = clerk.desk.settings.last_scene()
    assert (opened.scene, path, saved) == (first_scene(), None, True)


def test_throwing_away_changes_of_another_time_brings_back_what_the_file_holds(employ, small, path):
    clerk = employ(small(steps=70), Origin(path))  # the program was ended with changes, and started again
    clerk.document.forget_saved()
    door = Door(clerk)
    door.close()
    clerk.answer("Don't save")
    assert door.kept == (60, path, False)


def test_after_an_end_of_the_session_that_was_called_off_it_asks_again(changed):
    changed.closing.end_session()
    assert changed.kept[0] == 70
    changed.clerk.set_up("steps", 80)
    changed.close()
    assert changed.asked


def test_the_end_of_the_session_asks_nothing(changed, path):
    changed.closing.end_session()
    changed.close()
    assert changed.shut
    assert changed.asked == ""
    assert changed.kept == (70, path, True)


def test_closing_quietly_while_the_question_is_open(changed):
    changed.close()
    changed.closing.quiet = True
    changed.close()
    assert changed.shut


# In the window


@pytest.fixture
def opened(open_window, small, path):
    """The user in front of a window with that file."""
    return open_window(small(), path)


def is_open(user):
    return user.window.isVisible()


def test_the_first_scene_may_be_watched_and_left(open_window):
    user = open_window()
    user.until(lambda: user.cursor > 2)
    user.window.close()
    assert not is_open(user)


def test_escape_is_staying_and_enter_is_saving(opened, open_window, path):
    opened.enter("steps", "70")
    opened.shortcut("Ctrl+Q")
    opened.press(Key.Key_Escape, opened.dialog(QMessageBox))
    assert opened.asked == ""
    assert is_open(opened)
    opened.settle()
    opened.shortcut("Ctrl+Q")
    opened.press(Key.Key_Return, opened.dialog(QMessageBox))
    assert not is_open(opened)
    assert scene_files.read(path).steps == 70
    again = open_window()
    assert (again.value("steps"), again.document.origin.path, again.document.changed) == (70, path, False)
    again.enter("steps", "80")
    again.window.close()
    again.press(Key.Key_D, again.dialog(QMessageBox), Qt.KeyboardModifier.AltModifier)  # don't save
    again.until(lambda: not is_open(again))


def test_closing_quietly_in_the_middle_of_a_number_keeps_it_for_the_next_start(opened, open_window, path):
    opened.fill(opened.field("steps"), "70")
    opened.window.close()
    assert opened.asked
    opened.window.close_quietly()
    assert not is_open(opened)
    again = open_window()
    assert (again.value("steps"), again.document.origin.path, again.document.changed) == (70, path, True)
    again.window.close()
    again.answer("Don't save")  # the file is what there was before
    third = open_window()
    assert (third.value("steps"), third.document.origin.path, third.document.changed) == (60, path, False)


def test_the_end_of_the_session_finds_what_is_being_typed(opened, qapp):
    opened.fill(opened.field("steps"), "70")
    qapp.commitDataRequest.emit(None)
    assert opened.window.desk.settings.last_scene()[0].scene.steps == 70  # also if the program is killed now
    opened.window.close()
    assert not is_open(opened)
    assert opened.asked == ""
