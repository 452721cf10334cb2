"""Manual decay in the window: by key, by the rate's slider and field, and with the mouse on α(t)."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from optiviz import Run
from optiviz.engine.schedules import SCHEDULES
from optiviz.exports.dialog import ExportDialog
from optiviz.files import scene_files
from optiviz.scene.manual_decay import knots_of
from optiviz.scene.view import View
from optiviz.widgets.theme import LIGHT

Key = Qt.Key
LR = 0.05
KNOTS = ((10, 0.02), (30, 0.004))
POINTS = "x y loss grad_x grad_y".split()


def manual(knots=KNOTS, **changes):
    return Run("adam", lr=LR, schedule="manual", knots=knots, **changes)


def columns(trajectory):
    """The points and the state of a trajectory, by name."""
    return {name: getattr(trajectory, name) for name in POINTS} | dict(trajectory.state)


def assert_same_until(before, after, step):
    """What came before the step is what it was, bit for bit."""
    for name, column in columns(before).items():
        assert column[: step + 1].tobytes() == columns(after)[name][: step + 1].tobytes(), name
    assert before.lr[:step].tobytes() == after.lr[:step].tobytes()


@pytest.fixture
def resting(user):
    """The user with the focus on no field, the cursor in the middle."""
    user.rest()
    user.window.workspace.seek(20)
    return user


# Keys


@pytest.mark.parametrize(("keys", "factor", "name"), [("D", 0.5, "0.5"), ("Shift+D", 0.1, "0.1")])
@pytest.mark.parametrize("run", [0, 1], ids=["decaying", "constant"])
def test_a_key_lowers_the_rate_from_the_cursor_on(resting, keys, factor, name, run):
    resting.window.workspace.select(run)
    before, scene = resting.settle(), resting.scene
    resting.shortcut(keys)
    after = resting.settle()
    assert resting.run.schedule == "manual"
    assert dict(knots_of(resting.run))[20] == before[run].lr[20] * factor
    assert_same_until(before[run], after[run], 20)
    assert np.array_equal(after[run].lr[20:], before[run].lr[20:] * factor)
    assert not np.array_equal(after[run].x[21:], before[run].x[21:])
    assert resting.scene.runs[1 - run] == scene.runs[1 - run]
    assert resting.document.undo_name == f"decay × {name} at step 20"
    resting.shortcut("Ctrl+Z")
    assert resting.scene == scene
    assert_same_until(before[run], resting.settle()[run], 60)


def test_each_press_is_an_act_of_its_own(resting):
    resting.window.workspace.select(1)
    resting.press(Key.Key_D)
    resting.press(Key.Key_D)
    resting.window.workspace.seek(40)
    resting.shortcut("Shift+D")
    lr = resting.run.lr
    assert knots_of(resting.run) == ((20, lr / 4), (40, lr / 4 * 0.1))
    resting.shortcut("Ctrl+Z")
    assert knots_of(resting.run) == ((20, lr / 4),)
    resting.shortcut("Ctrl+Z")
    assert knots_of(resting.run) == ((20, lr / 2),)


def test_backspace_takes_the_last_change_back(resting):
    resting.window.workspace.select(1)
    plain = resting.settle()[1]
    for step in (10, 30, 50):
        resting.window.workspace.seek(step)
        resting.press(Key.Key_D)
    resting.window.workspace.seek(40)
    resting.press(Key.Key_Backspace)  # that of step 30, the last one up to here
    assert [step for step, _ in knots_of(resting.run)] == [10, 50]
    assert resting.document.undo_name == "deletion of a knot"
    resting.press(Key.Key_Backspace)
    assert [step for step, _ in knots_of(resting.run)] == [50]
    before = resting.scene
    resting.press(Key.Key_Backspace)
    assert "no knot up to step 40" in resting.status
    assert resting.scene == before
    resting.window.workspace.seek(60)
    resting.press(Key.Key_Backspace)
    assert knots_of(resting.run) == ()
    assert_same_until(plain, resting.settle()[1], 60)


def test_nothing_to_take_back_from_a_run_without_knots(resting):
    before = resting.scene
    resting.press(Key.Key_Backspace)
    assert "Adam has no knot" in resting.status
    assert resting.scene == before


@pytest.mark.parametrize("cursor", [0, 60])
def test_at_the_ends(resting, cursor):
    resting.window.workspace.select(1)
    before = resting.settle()[1]
    resting.window.workspace.seek(cursor)
    resting.press(Key.Key_D)
    assert knots_of(resting.run) == ((cursor, resting.run.lr / 2),)
    assert_same_until(before, resting.settle()[1], cursor)


def test_without_a_run_the_keys_do_nothing(resting, small):
    resting.open(small(runs=()))
    for keys in ("D", "Shift+D", "Backspace"):
        resting.shortcut(keys)
    assert resting.scene.runs == ()


def test_while_it_plays(resting):
    window = resting.window
    resting.window.workspace.select(1)
    before = resting.settle()[1]
    resting.press(Key.Key_Space)
    resting.until(lambda: resting.cursor > 22)
    resting.press(Key.Key_D)
    ((step, _),) = knots_of(resting.run)
    assert 22 < step <= resting.cursor
    assert window.workspace.player.playing  # goes on
    resting.until(lambda: resting.cursor > step + 2)
    resting.press(Key.Key_D)
    assert len(knots_of(resting.run)) == 2
    resting.press(Key.Key_Space)
    assert_same_until(before, resting.settle()[1], step)


def test_a_field_keeps_these_keys(user):
    edit = user.field("lr")
    user.fill(edit, "0.05d")
    user.press(Key.Key_Backspace, edit)
    assert edit.text() == "0.05"
    assert user.run.schedule == "exponential"
    user.press(Key.Key_Escape, edit)


# Any schedule into knots


@pytest.mark.parametrize("key", [key for key in SCHEDULES if key != "manual"])
def test_any_decay_turned_into_knots_keeps_its_path(clerk, small, key):
    (before,) = clerk.open(small(runs=[Run("adam", lr=LR, schedule=key)], steps_per_epoch=3))
    clerk.do("knots")
    (after,) = clerk.settle()
    assert clerk.run.schedule == "manual"
    assert clerk.run.lr == LR
    assert_same_until(before, after, 60)
    if key != "constant":
        assert clerk.document.undo_name == "turning of the decay into knots"
        assert len(knots_of(clerk.run)) > 1
    clerk.do("undo")
    assert clerk.run.schedule == key
    clerk.settle()


# Knots on α(t), with the mouse


AXES = [View(rate_relative=relative, rate_log=log) for relative in (True, False) for log in (False, True)]


def axis_name(view):
    return f"{'shares' if view.rate_relative else 'rates'}, {'log' if view.rate_log else 'linear'}"


def height(user, rate):
    """Where a rate is on the axis."""
    view = user.scene.view
    value = rate / user.run.lr if view.rate_relative else rate
    return math.log10(value) if view.rate_log else value


def at_plot(user, step, rate):
    """Where that step and rate are in the plot of α(t)."""
    plot = user.window.dashboard.rate.plot
    return QPointF(plot.mapFromScene(plot.box.mapViewToScene(QPointF(step, height(user, rate)))))


def drag_knot(user, start, *way):
    """Drags the knot at a step and rate to others, each as the axis then is; gives what the last place means."""
    viewport = user.window.dashboard.rate.plot.viewport()
    places = [at_plot(user, *place) for place in (start, *way)]
    user.drag(viewport, places)
    user.settle()


@pytest.mark.parametrize("view", AXES, ids=axis_name)
def test_a_knot_is_dragged(user, small, view):
    (before,) = user.open(small(runs=[manual()], view=view))
    scene = user.scene
    drag_knot(user, KNOTS[0], (12, 0.022), (14, 0.024), (15, 0.025))
    (step, rate), other = knots_of(user.run)
    assert other == KNOTS[1]
    assert step == 15
    assert rate == pytest.approx(0.025, rel=0.08)  # a pixel on a logarithmic axis is a few percent
    assert_same_until(before, user.settle()[0], 10)
    assert user.document.undo_name == "move of a knot"
    assert user.cursor == 0  # took the knot, not the cursor
    user.shortcut("Ctrl+Z")  # all of it at once
    assert user.scene == scene
    user.shortcut("Ctrl+Y")
    assert knots_of(user.run)[0] == (step, rate)
    user.settle()


def test_two_drags_are_two_undo_steps(user, small):
    user.open(small(runs=[manual()]))
    drag_knot(user, KNOTS[0], (14, 0.03))
    one = user.scene
    drag_knot(user, knots_of(user.run)[0], (16, 0.03))
    assert user.scene != one
    user.shortcut("Ctrl+Z")
    assert user.scene == one
    user.settle()


def test_a_knot_stops_at_its_neighbour_and_at_the_ends(user, small):
    user.open(small(runs=[manual()]))
    drag_knot(user, KNOTS[0], (25, 0.02), (50, 0.02))
    assert [step for step, _ in knots_of(user.run)] == [29, 30]
    drag_knot(user, knots_of(user.run)[0], (-30, 0.02))
    assert [step for step, _ in knots_of(user.run)] == [0, 30]
    drag_knot(user, knots_of(user.run)[1], (200, 0.004))
    assert [step for step, _ in knots_of(user.run)] == [0, 60]


def test_a_knot_stays_above_zero(user, small):
    user.open(small(runs=[manual()]))
    viewport = user.window.dashboard.rate.plot.viewport()
    start = at_plot(user, *KNOTS[0])
    user.drag(viewport, [start, start + QPointF(0, 200), start + QPointF(0, 900)])
    assert 0 < knots_of(user.run)[0][1] < 0.001
    user.settle()


def test_a_small_rate_can_be_moved_on_a_logarithmic_axis(user, small):
    """What is dragged sideways keeps its height, however small the rate is."""
    knots = ((10, LR * 1e-3), (30, LR * 1e-6))
    user.open(small(runs=[manual(knots)], view=View(rate_log=True)))
    drag_knot(user, knots[1], (40, knots[1][1]))
    step, rate = knots_of(user.run)[1]
    assert step == 40
    assert rate == pytest.approx(knots[1][1], rel=0.45)  # two pixels


@pytest.mark.parametrize("view", AXES[:2], ids=axis_name)
@pytest.mark.parametrize("away", [(0, 0), (2, 3)], ids=["in its middle", "beside it"])
def test_a_click_on_a_knot_changes_nothing(user, small, view, away):
    user.open(small(runs=[manual()], view=view))
    before = user.scene
    viewport = user.window.dashboard.rate.plot.viewport()
    place = at_plot(user, *KNOTS[0]) + QPointF(*away)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place.toPoint())
    QApplication.processEvents()
    assert user.scene == before
    assert user.document.undo_name == "test"


@pytest.mark.parametrize("view", AXES, ids=axis_name)
def test_a_right_click_deletes_a_knot(user, small, view):
    user.open(small(runs=[manual()], view=view))
    before = user.scene
    plot = user.window.dashboard.rate.plot
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.RightButton, pos=at_plot(user, *KNOTS[1]).toPoint())
    QApplication.processEvents()
    assert knots_of(user.run) == KNOTS[:1]
    assert QApplication.activePopupWidget() is None
    assert user.document.undo_name == "deletion of a knot"
    user.shortcut("Ctrl+Z")
    assert user.scene == before
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.RightButton, pos=at_plot(user, 45, 0.04).toPoint())
    assert user.scene == before  # nothing there
    user.settle()


def test_only_the_selected_runs_knots_can_be_taken(user, small):
    user.open(small(runs=[manual(), manual(((10, 0.01),), label="other")]))
    user.window.workspace.select(1)
    before = user.scene
    place = at_plot(user, *KNOTS[1])
    user.drag(user.window.dashboard.rate.plot.viewport(), [place, place])
    assert user.scene == before
    assert user.cursor == 30  # it moved the cursor
    drag_knot(user, (10, 0.01), (20, 0.01))
    assert knots_of(user.scene.runs[0]) == KNOTS
    assert knots_of(user.scene.runs[1])[0][0] == 20


def test_the_mouse_over_a_knot_says_that_it_can_be_taken(user, small):
    user.open(small(runs=[manual()]))
    plot = user.window.dashboard.rate.plot
    user.hover(plot.viewport(), at_plot(user, *KNOTS[1]))
    assert plot.knots.hot == 1
    assert plot.cursor().shape() == Qt.CursorShape.SizeAllCursor
    user.hover(plot.viewport(), at_plot(user, 50, 0.04))
    assert plot.knots.hot is None
    plot.leaveEvent(None)


# On the path, in files


def color_at(user, x, y):
    """The colour of the pixel at a point of the plane."""
    plot = user.window.dashboard.contours.plot
    place = user.place(x, y).toPoint()
    return "#{:02x}{:02x}{:02x}".format(*user.picture(plot)[place.y(), place.x()])


def test_a_tick_on_the_path_where_the_rate_was_changed(user, small):
    scene = small(surface="booth", start=(-6, 6), runs=[Run("gd", lr=0.01, schedule="manual", knots=((3, 0.02),))])
    (trajectory,) = user.open(scene)
    spot = trajectory.x[3], trajectory.y[3]
    user.window.workspace.seek(2)
    assert color_at(user, *spot) != LIGHT.card
    user.window.workspace.seek(40)
    assert color_at(user, *spot) == LIGHT.card
    user.press(Key.Key_Backspace)
    user.settle()
    assert color_at(user, *spot) != LIGHT.card
    user.press(Key.Key_1)  # a hidden run has no tick
    user.shortcut("Ctrl+Z")
    user.shortcut("Ctrl+Z")
    user.settle()
    assert color_at(user, *spot) == LIGHT.card
    user.press(Key.Key_1)
    user.settle()
    assert color_at(user, *spot) != LIGHT.card


def test_the_scene_file_carries_the_knots(resting, tmp_path, monkeypatch):
    path = tmp_path / "mine.optiviz"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args, **options: (str(path), ""))
    resting.press(Key.Key_D)
    resting.shortcut("Ctrl+S")
    assert scene_files.read(path).runs == resting.scene.runs
    before = resting.settle()
    resting.window.files.open(path)
    after = resting.settle()
    assert knots_of(resting.run)
    assert_same_until(before[0], after[0], 60)


def test_the_table_carries_the_rates(resting, tmp_path):
    path = tmp_path / "mine.csv"
    resting.press(Key.Key_D)
    trajectory = resting.settle()[0]
    resting.action("export_table").trigger()
    dialog = resting.dialog(ExportDialog)
    dialog.path.setText(str(path))
    dialog.path.setFocus()
    resting.press(Key.Key_Return, dialog)
    resting.until(path.exists)
    with path.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["run"] == "Adam"]
    assert [float(row["lr"]) for row in rows] == trajectory.lr.tolist()
    assert float(rows[20]["lr"]) < 0.6 * float(rows[19]["lr"])
