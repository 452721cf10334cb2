"""Playing, stepping and scrubbing: one cursor for all views."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from optiviz import Run
from optiviz.scene.view import SPEEDS, Place

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def button(window):
    """Clicks a button of the transport by its name."""

    def click(name):
        QTest.mouseClick(window.transport.buttons[name], LEFT)

    return click


def cursors(window):
    """The cursor as every view has it."""
    dashboard = window.dashboard
    curves = [view.plot.marks.step for view in dashboard.curve_views]
    lines = [view.plot.lines.step for view in dashboard.curve_views]
    contours = [dashboard.contours.plot.marks.step, dashboard.contours.plot.paths.step]
    return {window.workspace.player.cursor, window.transport.scrub.value(), dashboard.contours.legend.step}.union(
        curves, lines, contours
    )


def test_play_advances_and_stops_at_the_end(user, button):
    window, seen = user.window, []
    user.choose("speed", "2/frame")
    button("play")
    assert window.workspace.player.playing

    def ended():
        seen.append(user.cursor)
        assert cursors(window) == {user.cursor}
        return not window.workspace.player.playing

    user.until(ended)
    assert user.cursor == 60
    assert seen == sorted(seen)
    assert len(set(seen)) > 10
    user.until(lambda: not window.clock.running)  # nothing moves, nothing ticks
    button("play")
    assert user.cursor < 60  # from the start again
    assert window.workspace.player.playing
    button("play")
    assert not window.workspace.player.playing


def test_looping_starts_again(user, button):
    user.choose("speed", "20/frame")
    QTest.mouseClick(user.window.transport.loop, LEFT)
    button("play")
    user.until(lambda: user.cursor == 60)
    user.until(lambda: 0 < user.cursor < 60)
    assert user.window.workspace.player.playing
    button("play")


@pytest.mark.parametrize(("name", "to"), [("back", -1), ("forward", 1)])
def test_a_step_pauses(user, button, name, to):
    user.window.workspace.seek(30)
    user.choose("speed", "1/s")
    button("play")
    before = user.cursor
    button(name)
    assert user.cursor == before + to
    assert not user.window.workspace.player.playing
    assert cursors(user.window) == {before + to}


def test_start_and_end_buttons(user, button):
    button("last")
    assert cursors(user.window) == {60}
    button("first")
    assert cursors(user.window) == {0}
    button("back")
    assert user.cursor == 0


def test_playing_goes_on_from_where_one_scrubs_to(user, button):
    user.choose("speed", "1/s")
    button("play")
    user.window.workspace.seek(40)
    assert user.window.workspace.player.playing
    assert user.cursor == 40
    button("play")


def test_scrubbing_with_the_slider(user):
    seen = []
    user.slide(user.window.transport.scrub, 0.25, 0.5, 0.75, each=lambda: seen.append(user.cursor))
    assert seen == pytest.approx([15, 30, 45], abs=2)
    assert cursors(user.window) == {seen[-1]}
    assert user.window.transport.number.text() == str(seen[-1])


@pytest.mark.parametrize("name", ["rate", "loss", "third"])
def test_dragging_in_a_curve_moves_the_cursor(user, name):
    view = getattr(user.window.dashboard, name)
    seen = []
    way = [user.moment(view, step) for step in (10, 20, 33, -5, 80)]
    user.drag(view.plot.viewport(), way, each=lambda: seen.append(user.cursor))
    assert seen == [20, 33, 0, 60]
    assert cursors(user.window) == {60}


def test_hovering_over_a_curve_reads_values(user):
    trajectories = user.settle()
    view = user.window.dashboard.rate
    user.hover(view.plot.viewport(), user.moment(view, 33))
    assert view.plot.marks.hover == 33
    assert [(color, label) for color, label, _ in view.plot.marks.readings] == [
        (run.color, run.label) for run in user.scene.runs
    ]
    assert float(view.plot.marks.readings[0][2]) == pytest.approx(trajectories[0].lr[33] / 0.05, rel=1e-2)
    shown = user.picture(view)
    view.plot.leaveEvent(None)
    assert view.plot.marks.hover is None
    assert (user.picture(view) != shown).any()
    assert user.cursor == 0


def test_every_speed_can_be_chosen(user):
    for speed in SPEEDS:
        user.choose("speed", speed)
        assert user.window.workspace.player.speed == speed
        assert user.window.workspace.as_shown().place.speed == speed


def test_the_status_line_says_what_happens(user):
    trajectory = user.settle()[0]
    user.window.workspace.seek(40)
    assert user.status.startswith("Adam: f = ")
    assert f"({trajectory.x[40]:.3f}, {trajectory.y[40]:.3f})".replace("-", "−") in user.status
    assert "nearest minimum" in user.status
    assert user.status.endswith(" away.")


def test_a_diverging_run_is_told_of_everywhere(user, small):
    runs = (Run("gd", lr=1.0), Run("adam", lr=0.05))
    trajectory = user.open(small(runs=runs))[0]
    at = len(trajectory)
    assert 2 < at < 20
    assert trajectory.message.startswith(f"diverged at step {at}")
    window = user.window
    assert user.runs.item(0).data(Qt.ItemDataRole.UserRole + 1) == f"diverged at step {at}"
    assert not user.runs.item(1).data(Qt.ItemDataRole.UserRole + 1)
    window.workspace.seek(at - 1)
    assert "diverged" not in user.status
    window.workspace.seek(60)
    assert f"diverged at step {at}" in user.status
    legend = {label: loss for _, label, loss in window.dashboard.contours.legend.rows()}
    assert legend["Gradient descent"] == "diverged"
    assert legend["Adam"] != "diverged"
    loss = window.dashboard.loss
    user.hover(loss.plot.viewport(), user.moment(loss, 50))
    assert loss.plot.marks.readings[0][2] == "diverged"
    loss.plot.leaveEvent(None)
    user.enter("lr", "1e-4")
    user.settle()
    assert not user.runs.item(0).data(Qt.ItemDataRole.UserRole + 1)


def test_a_scene_of_one_step_plays(user, small, button):
    user.open(small(steps=1))
    user.choose("speed", "100/frame")
    button("play")
    user.until(lambda: not user.window.workspace.player.playing)
    assert cursors(user.window) == {1}


def test_a_scene_brings_its_cursor_and_speed(user, small):
    user.open(small(place=Place(cursor=42, speed="5/frame", loop=True)))
    assert cursors(user.window) == {42}
    assert user.window.transport.speed.currentData() == "5/frame"
    assert user.window.transport.loop.isChecked()
    user.drag(user.window.dashboard.rate.plot.viewport(), [QPointF(1, 1), QPointF(2, 1)])
    assert cursors(user.window) == {0}


def test_the_loop_button_keeps_its_icon(user, small):
    button = user.window.transport.loop
    before = button.icon().pixmap(14).toImage()
    assert not button.icon().isNull()
    user.open(small(place=Place(loop=True)))
    assert button.isChecked()
    assert button.icon().pixmap(14).toImage() == before
