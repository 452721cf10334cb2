"""The command palette: all that can be done now, found by typing a few letters."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from optiviz.commands.palette import NAME, Palette, found, plain, words_of
from optiviz.session.document import DEPTH

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def palette(user):
    """The palette, opened by its key; nothing of it is left after the test."""
    user.window.workspace.seek(30)
    user.rest()
    user.shortcut("Ctrl+Shift+P")
    opened = user.dialog(Palette)
    user.until(opened.field.hasFocus)
    return opened


def listed(palette):
    """What the palette lists, and the keys that do the same."""
    rows = [palette.list.topLevelItem(row) for row in range(palette.list.topLevelItemCount())]
    return [row.text(0) for row in rows], [row.text(1) for row in rows]


def names(palette):
    rows = [palette.list.topLevelItem(row) for row in range(palette.list.topLevelItemCount())]
    return [row.data(0, Qt.ItemDataRole.UserRole) for row in rows]


def palettes(user):
    return [palette for palette in user.window.findChildren(Palette) if palette.isVisible()]


# What is found


@pytest.fixture
def actions(qapp):
    """Actions of these texts and tips."""

    def actions(**texts):
        made = []
        for name, (text, tip) in texts.items():
            made.append(QAction(text))
            made[-1].setObjectName(name)
            made[-1].setToolTip(tip)
        return made

    return actions


def test_those_that_begin_with_the_words_come_first_then_those_that_have_them(actions):
    made = actions(
        tip=("&Fit", "Play with it"),
        inside=("Res&play", ""),
        begins=("&Play", "Play or pause"),
        other=("&Undo", "Go back"),
    )
    assert [action.objectName() for action in found("play", made)] == ["begins", "inside", "tip"]
    assert [action.objectName() for action in found("PLA", made)] == ["begins", "inside", "tip"]
    assert [action.objectName() for action in found("pause or", made)] == ["begins"]  # all words, in any order
    assert found("pause fit", made) == []
    assert found("", made) == made
    assert found("  ", made) == made


def test_an_ampersand_chooses_a_letter_and_two_are_one(actions):
    (made,) = actions(undo=("&Undo deletion of R&&D", ""))
    assert plain(made.text()) == words_of(made) == "Undo deletion of R&D"
    assert found("r&d", [made]) == [made]


# What is listed


def test_only_what_is_possible_is_listed(user, palette):
    possible = [action for name, action in user.window.actions_by_name.items() if action.isEnabled() and name != NAME]
    assert sorted(names(palette)) == sorted(action.objectName() for action in possible)
    assert not {"undo", "redo", "next_line", "escape", "run 3", NAME} & set(names(palette))
    assert {"play", "run 2", "theme", "laboratory"} <= set(names(palette))
    user.press(Key.Key_Escape, palette)
    user.action("run 1").trigger()
    user.shortcut("Ctrl+Shift+P")
    again = user.dialog(Palette)
    assert "undo" in names(again)
    assert "Undo hiding of Adam" in listed(again)[0]
    user.press(Key.Key_Escape, again)
    user.settle()


def test_everything_that_is_possible_is_found_by_its_own_words(palette):
    assert len(palette.possible) > 60
    for action in palette.possible:
        assert action in found(words_of(action), palette.possible), action.text()
        assert action in found(plain(action.text()).upper(), palette.possible)[:5], action.text()


def test_it_says_where_a_command_stands_what_its_keys_are_and_what_is_on(user, palette):
    texts, keys = listed(palette)
    shown = dict(zip(texts, keys, strict=True))
    assert shown["Play"] == "Space"
    assert shown["Third curve: Step length"] == ""
    assert "Logarithmic loss  ✓" in shown
    assert "Rest of the paths" in shown
    assert shown["Overlays: Velocity"] == "V"


def test_what_nothing_is_called_is_said_and_does_nothing(user, palette):
    before = user.scene
    user.write("xyzzy", palette)
    assert listed(palette)[0] == ["Nothing of that name can be done now."]
    user.press(Key.Key_Return, palette)
    user.press(Key.Key_Down, palette)
    user.press(Key.Key_Return, palette)
    row = palette.list.visualItemRect(palette.list.topLevelItem(0)).center()
    QTest.mouseClick(palette.list.viewport(), LEFT, pos=row)
    assert palettes(user) == [palette]
    assert user.scene == before
    for _ in "xyzzy":
        user.press(Key.Key_Backspace, palette)
    assert "Play" in listed(palette)[0]
    user.press(Key.Key_Escape, palette)


# What is done


def test_a_few_letters_and_enter(user, palette):
    before = user.scene.view
    user.write("log loss", palette)
    assert names(palette)[0] == "loss_log"
    user.press(Key.Key_Return, palette)
    assert palettes(user) == []
    assert user.scene.view == before.replace(loss_log=not before.loss_log)
    user.settle()


def test_up_and_down_choose(user, palette):
    user.write("hide or show run", palette)
    assert names(palette) == ["run 1", "run 2"]
    for key, chosen in ((Key.Key_Down, "run 2"), (Key.Key_Up, "run 1"), (Key.Key_Down, "run 2")):
        user.press(key, palette)
        assert palette.list.currentItem().data(0, Qt.ItemDataRole.UserRole) == chosen
    assert user.window.workspace.player.speed == "30/s"  # what these keys change in the window
    user.press(Key.Key_Enter, palette)
    assert [run.visible for run in user.scene.runs] == [True, False]
    user.settle()


def test_escape_does_nothing(user, palette):
    before = user.window.workspace.state
    user.write("dark", palette)
    user.press(Key.Key_Escape, palette)
    assert palettes(user) == []
    assert user.window.workspace.state is before
    user.rest()
    user.press(Key.Key_Right)  # the keys are the window's again
    assert user.cursor == 31


def test_letters_and_blanks_are_typed_and_no_keys(user, palette):
    user.write("r l 1 ", palette)
    assert palette.field.text() == "r l 1 "
    assert user.document.undo_name is None
    assert not user.window.workspace.player.playing
    user.press(Key.Key_Escape, palette)


def test_a_click_does_it(user, palette):
    user.write("to the end", palette)
    assert names(palette) == ["last"]
    row = palette.list.visualItemRect(palette.list.topLevelItem(0)).center()
    QTest.mouseClick(palette.list.viewport(), LEFT, pos=row)
    assert palettes(user) == []
    assert user.cursor == 60


def test_what_needs_the_windows_focus_has_it(user, palette):
    user.write("rename", palette)
    user.press(Key.Key_Return, palette)
    user.until(lambda: user.runs.findChild(QLineEdit) is not None)
    editor = user.runs.findChild(QLineEdit)
    editor.selectAll()
    user.write("mine", editor)
    user.press(Key.Key_Return, editor)
    assert user.scene.runs[0].label == "mine"
    user.settle()


def test_what_has_been_typed_in_a_field_counts_first(user):
    user.fill(user.field("steps"), "70")
    user.shortcut("Ctrl+Shift+P")
    palette = user.dialog(Palette)
    assert user.value("steps") == 70
    assert "Undo change of steps" in listed(palette)[0]
    user.write("undo", palette)
    user.press(Key.Key_Return, palette)
    assert user.value("steps") == 60
    assert user.document.depth == 0 < DEPTH
    user.settle()
