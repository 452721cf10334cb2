"""The keys: what each does with the focus on the window, and that fields keep theirs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QSlider

from optiviz.scene.view import OVERLAYS, SPEEDS

Key = Qt.Key


@pytest.fixture
def resting(user):
    """The user with the focus on no field, the cursor in the middle."""
    user.rest()
    user.window.workspace.seek(30)
    return user


def test_space_plays_and_pauses(resting):
    resting.press(Key.Key_Space)
    assert resting.window.workspace.player.playing
    resting.press(Key.Key_Space)
    assert not resting.window.workspace.player.playing


@pytest.mark.parametrize(
    ("key", "cursor"), [(Key.Key_Left, 29), (Key.Key_Right, 31), (Key.Key_Home, 0), (Key.Key_End, 60)]
)
def test_the_cursor_moves_by_key(resting, key, cursor):
    resting.press(key)
    assert resting.cursor == cursor
    assert not resting.window.workspace.player.playing


def test_up_and_down_change_the_speed(resting):
    player = resting.window.workspace.player
    place = SPEEDS.index(player.speed)
    resting.press(Key.Key_Up)
    assert player.speed == SPEEDS[place + 1]
    assert resting.window.transport.speed.currentData() == player.speed
    resting.press(Key.Key_Down)
    resting.press(Key.Key_Down)
    assert player.speed == SPEEDS[place - 1]
    for _ in SPEEDS:
        resting.press(Key.Key_Down)
    assert player.speed == SPEEDS[0]


def test_digits_hide_and_show_runs(resting):
    resting.press(Key.Key_2)
    assert [run.visible for run in resting.scene.runs] == [True, False]
    resting.press(Key.Key_1)
    resting.press(Key.Key_2)
    assert [run.visible for run in resting.scene.runs] == [False, True]
    before = resting.scene
    for digit in "03456789":
        resting.write(digit)
    assert resting.scene == before


def test_f11_is_full_screen_and_back(resting):
    resting.press(Key.Key_F11)
    assert resting.window.isFullScreen()
    resting.press(Key.Key_F11)
    assert not resting.window.isFullScreen()


@pytest.mark.parametrize("again", ["Ctrl+Shift+Z", "Ctrl+Y"])
def test_undo_and_redo_by_key(resting, again):
    before = resting.scene
    resting.press(Key.Key_1)
    after = resting.scene
    resting.shortcut("Ctrl+Z")
    assert resting.scene == before
    resting.shortcut(again)
    assert resting.scene == after != before


def test_duplicate_and_delete_by_key(resting):
    resting.shortcut("Ctrl+D")
    assert len(resting.scene.runs) == 3
    resting.press(Key.Key_Delete)
    assert len(resting.scene.runs) == 2


def test_files_by_key(resting, dialogs):
    before = resting.scene
    for number, keys in enumerate(("Ctrl+O", "Ctrl+S", "Ctrl+Shift+S"), 1):
        resting.shortcut(keys)
        assert len(dialogs.proposed) == number, keys
    assert resting.scene == before
    assert resting.document.origin.path is None


@pytest.mark.parametrize(("keys", "title"), [("Ctrl+E", "Export a picture"), ("Ctrl+Shift+E", "Export a table")])
def test_exports_by_key(resting, keys, title):
    resting.shortcut(keys)
    dialog = resting.dialog(QDialog)
    assert dialog.windowTitle() == title
    resting.press(Key.Key_Escape, dialog)


def test_view_keys(resting):
    view = resting.scene.view
    resting.press(Key.Key_L)
    assert resting.scene.view.loss_log is not view.loss_log
    resting.press(Key.Key_R)
    assert resting.scene.view.rest is not view.rest
    contours = resting.window.dashboard.contours
    resting.shortcut("Ctrl++")
    assert contours.aim != resting.scene.landscape.window
    resting.press(Key.Key_F)
    assert contours.aim == resting.scene.landscape.window
    resting.shortcut("Ctrl+L")
    assert resting.window.workspace.player.loop


EDITS = {
    "D": "decay × 0.5 at step 30",
    "Shift+D": "decay × 0.1 at step 30",
    "L": "change of the view: log loss",
    "R": "change of the view: rest of the path",
    "A": "change of the view: Step arithmetic",
    "O": "change of the view: For all runs",
    "+": "change of the view: Size of overlays",
    "=": "change of the view: Size of overlays",
    "-": "change of the view: Size of overlays",
    **{overlay.keys: f"change of the view: {overlay.flag.symbol}" for overlay in OVERLAYS.values() if overlay.keys},
    "Del": "deletion of Adam",
    "Ctrl+D": "duplication of Adam",
    "Ctrl+N": "reset",
    "PgDown": "scene “Downhill, one step at a time”",
}


def test_edits_by_key(resting):
    before = resting.window.workspace.as_shown()
    for keys, name in EDITS.items():
        resting.shortcut(keys)
        assert resting.document.undo_name == name, keys
        resting.document.seal()
        resting.action("undo").trigger()
        assert resting.window.workspace.as_shown() == before, keys
    resting.action("larger").trigger()
    resting.press(Key.Key_0)
    assert resting.scene.view.overlay_scale == 1
    resting.action("halve").trigger()
    resting.press(Key.Key_Backspace)
    assert resting.document.undo_name == "deletion of a knot"
    resting.window.lessons.conductor.close()
    resting.settle()


def test_a_field_keeps_its_keys(user):
    """Nothing typed into a field plays, hides, steps, zooms or changes the speed."""
    window, before = user.window, user.scene
    window.workspace.seek(30)
    speed, edit = window.workspace.player.speed, user.field("lr")
    user.fill(edit, "1 2flrFLR")
    assert edit.text() == "1 2flrFLR"
    for key, place in ((Key.Key_Home, 0), (Key.Key_Right, 1), (Key.Key_End, 9), (Key.Key_Left, 8)):
        user.press(key, edit)
        assert edit.cursorPosition() == place
    user.press(Key.Key_Delete, edit)
    assert edit.text() == "1 2flrFL"
    user.shortcut("Ctrl+Z")
    assert edit.text() == "1 2flrFLR"  # the field's own undo
    assert user.cursor == 30
    assert not window.workspace.player.playing
    assert window.workspace.player.speed == speed
    assert user.scene == before
    user.press(Key.Key_Escape, edit)


def test_the_keys_work_again_after_a_number_was_entered(user):
    user.enter("beta1", "0.8")
    user.press(Key.Key_Space)
    assert user.window.workspace.player.playing
    user.press(Key.Key_Space)


@pytest.mark.parametrize("name", ["beta1 slider", "scrub"])
def test_a_slider_that_was_clicked_leaves_the_keys_to_the_window(user, name):
    slider = user.find(QSlider, name)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    user.settle()
    user.window.workspace.seek(30)
    before = user.scene
    user.press(Key.Key_Left)
    user.press(Key.Key_Left)
    assert user.cursor == 28
    assert user.scene == before
    user.press(Key.Key_Space)
    assert user.window.workspace.player.playing
    user.press(Key.Key_Space)


@pytest.mark.parametrize("key", [Key.Key_Right, Key.Key_Up, Key.Key_PageUp])
def test_a_slider_reached_with_tab_has_its_keys(user, key):
    user.window.workspace.seek(30)
    before = user.value("beta1")
    user.find(QSlider, "beta1 slider").setFocus(Qt.FocusReason.TabFocusReason)
    user.press(key)
    assert user.value("beta1") > before
    assert user.cursor == 30
    user.settle()


def test_a_box_reached_with_tab_is_toggled_by_space(user):
    user.window.workspace.editor.choose_optimizer("adam")
    box = user.find(QCheckBox, "bias_correction")
    box.setFocus(Qt.FocusReason.TabFocusReason)
    user.press(Key.Key_Space)
    assert user.value("bias_correction") is False
    assert not user.window.workspace.player.playing
    user.settle()


def test_a_click_elsewhere_commits_what_is_typed(user):
    user.fill(user.field("lr"), "0.03")
    QTest.mouseClick(user.find(QSlider, "scrub"), Qt.MouseButton.LeftButton)
    assert user.value("lr") == 0.03
    user.settle()


def test_space_plays_after_what_had_the_focus_has_gone(user):
    user.window.workspace.seek(10)
    user.fill(user.field("lr"), "0.03")
    user.window.panel.hide()
    QApplication.processEvents()
    QApplication.processEvents()
    user.press(Key.Key_Space)
    playing, cursor = user.window.workspace.player.playing, user.cursor
    user.window.panel.show()
    assert playing
    assert cursor >= 10
    user.press(Key.Key_Space)
    user.settle()
