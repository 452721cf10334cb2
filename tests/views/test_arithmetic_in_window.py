"""The step's arithmetic in the window: for the selected run at the cursor, walked through by key and by button."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def reader(user):
    """The user with the arithmetic shown, the cursor at step 12."""
    user.rest()
    user.press(Key.Key_A)
    user.window.workspace.seek(12)
    user.window.workspace.set_line(0)
    return user


def view(user):
    return user.window.dashboard.arithmetic


def lit(user):
    return user.window.dashboard.contours.plot.overlays.lit


def values(user):
    """What the last line says of the new position."""
    line = view(user).step.lines[-1]
    return line.x.value, line.y.value


def test_a_key_shows_and_hides_it_in_place_of_the_curves(user):
    user.rest()
    dashboard = user.window.dashboard
    user.picture()  # lays out what the test before has left
    places = [curve.mapTo(user.window, curve.rect().topLeft()) for curve in dashboard.curve_views]
    assert not dashboard.arithmetic.isVisible()
    assert not user.action("next_line").isEnabled()
    user.press(Key.Key_A)
    user.picture()
    assert dashboard.arithmetic.isVisible()
    assert not any(curve.isVisible() for curve in dashboard.curve_views)
    assert dashboard.arithmetic.mapTo(user.window, dashboard.arithmetic.rect().topLeft()).x() == pytest.approx(
        places[0].x(), abs=4
    )
    assert user.action("arithmetic").isChecked()
    assert user.action("next_line").isEnabled()
    assert user.scene.view.arithmetic
    assert user.document.undo_name == "change of the view: Step arithmetic"
    user.press(Key.Key_A)
    user.picture()
    assert [curve.mapTo(user.window, curve.rect().topLeft()) for curve in dashboard.curve_views] == places
    assert not dashboard.arithmetic.isVisible()
    assert lit(user) == frozenset()
    assert not user.action("next_line").isEnabled()


def test_it_follows_the_cursor_the_selection_and_the_edits(reader):
    for key, step in ((Key.Key_Right, 13), (Key.Key_Left, 12), (Key.Key_Home, 0)):
        reader.press(key)
        assert view(reader).step.step == step
    reader.click_run(1)
    assert view(reader).title.text() == "Momentum, step 0 → 1"
    reader.enter("lr", "1e-4")
    trajectory = reader.settle()[1]
    assert values(reader) == (trajectory.x[1], trajectory.y[1])
    reader.press(Key.Key_End)
    assert not view(reader).step.lines
    assert "last row" in view(reader).step.note
    assert lit(reader) == frozenset()


def test_it_follows_while_playing(reader):
    reader.press(Key.Key_Space)
    reader.until(lambda: view(reader).step.step > 14)
    reader.press(Key.Key_Space)
    assert view(reader).step.step == reader.cursor


def test_without_a_run_there_is_nothing_to_explain(reader, small):
    reader.press(Key.Key_Delete)
    reader.press(Key.Key_Delete)
    reader.settle()
    assert not reader.scene.runs
    reader.picture()
    assert "Adam" not in view(reader).title.text()
    assert "Momentum" not in view(reader).title.text()
    assert not view(reader).step.lines


# Line by line


@pytest.mark.parametrize("how", ["keys", "buttons"])
def test_walking_through_the_lines_and_on_to_the_next_step(reader, how):
    panel = view(reader)

    def go(forward):
        if how == "keys":
            reader.shortcut("Ctrl+Right" if forward else "Ctrl+Left")
        else:
            QTest.mouseClick(panel.next_button if forward else panel.back_button, LEFT)

    count = len(panel.step.lines)
    assert count > 4
    for number in range(1, count):
        go(True)
        assert (panel.current, reader.cursor) == (number, 12)
        assert panel.number.text() == f"line {number + 1} of {count}"
    go(True)
    assert (panel.current, reader.cursor, panel.step.step) == (0, 13, 13)
    go(False)
    assert (panel.current, reader.cursor) == (count - 1, 12)
    for number in reversed(range(count - 1)):
        go(False)
        assert (panel.current, reader.cursor) == (number, 12)
    go(False)
    assert (panel.current, reader.cursor) == (count - 1, 11)


def test_walking_stops_at_both_ends(reader):
    reader.window.workspace.seek(0)
    reader.shortcut("Ctrl+Left")
    assert (view(reader).current, reader.cursor) == (0, 0)
    reader.window.workspace.seek(59)
    for _ in view(reader).step.lines:
        reader.shortcut("Ctrl+Right")
    assert reader.cursor == 60
    assert not view(reader).step.lines
    reader.shortcut("Ctrl+Right")
    assert reader.cursor == 60
    reader.shortcut("Ctrl+Left")
    assert reader.cursor == 59
    assert view(reader).current == len(view(reader).step.lines) - 1


def test_walking_stops_playing(reader):
    reader.press(Key.Key_Space)
    reader.window.workspace.set_line(len(view(reader).step.lines) - 1)
    reader.shortcut("Ctrl+Right")
    assert not reader.window.workspace.player.playing


@pytest.mark.parametrize("run", [0, 1])
def test_the_overlay_of_a_line_lights_up(reader, run):
    reader.window.workspace.select(run)
    panel, plot = view(reader), reader.window.dashboard.contours.plot
    seen = set()
    for number, line in enumerate(panel.step.lines):
        reader.window.workspace.set_line(number)
        assert lit(reader) == frozenset(line.marks)
        seen |= lit(reader)
    assert "step" in seen
    assert seen & {"gradient", "velocity"}
    reader.window.workspace.set_line(len(panel.step.lines) - 1)
    assert lit(reader)
    shown = reader.picture(plot)
    reader.press(Key.Key_A)
    assert lit(reader) == frozenset()
    assert (reader.picture(plot) != shown).any()


def test_a_click_picks_a_line(reader):
    panel = view(reader)
    place = panel.sheet.blocks[3].ground.center().toPoint()
    QTest.mouseClick(panel.sheet, LEFT, pos=place)
    assert panel.current == 3
    reader.press(Key.Key_Space)  # the keys are still the window's
    assert reader.window.workspace.player.playing
    reader.press(Key.Key_Space)


def test_the_exact_values_are_copied(reader):
    clipboard = QApplication.clipboard()
    trajectory = reader.settle()[0]
    reader.window.workspace.set_line(len(view(reader).step.lines) - 1)
    clipboard.setText("")
    reader.shortcut("Ctrl+C")
    assert [float(text) for text in clipboard.text().split("\t")] == [trajectory.x[13], trajectory.y[13]]
    reader.window.workspace.set_line(0)
    reader.shortcut("Ctrl+C")
    assert clipboard.text() != f"{trajectory.x[13]!r}\t{trajectory.y[13]!r}"


def test_a_field_keeps_its_copy_and_its_arrows(reader):
    edit = reader.field("lr")
    reader.fill(edit, "0.0625")
    edit.selectAll()
    reader.shortcut("Ctrl+C")
    assert QApplication.clipboard().text() == "0.0625"
    line = view(reader).current
    reader.shortcut("Ctrl+Left")
    assert view(reader).current == line
    reader.press(Key.Key_Escape, edit)


def test_it_is_saved_with_the_scene(reader, small):
    assert reader.window.workspace.as_shown().view.arithmetic
    reader.open(small())
    assert not view(reader).isVisible()
    reader.shortcut("Ctrl+Z")
    reader.settle()
    assert view(reader).isVisible()
