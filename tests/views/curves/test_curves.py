"""The curves: which quantity, on which axis, and what is said where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from optiviz import Run
from optiviz.scene import curves
from optiviz.views.curves.reach import merged, reach
from optiviz.widgets.polylines import Stroke

LEFT = Qt.MouseButton.LeftButton


def click(user, name):
    """Clicks a switch in the head of a curve."""
    QTest.mouseClick(getattr(user.window.dashboard, name.split("_")[0]).switches[name], LEFT)
    user.settle()


def drawn(view, run=0):
    return view.plot.lines.lines[run].y


def span(view):
    (_, _), (low, high) = view.plot.box.viewRange()
    return low, high


def test_the_loss_on_both_axes(user):
    view, loss = user.window.dashboard.loss, user.settle()[0].loss
    assert drawn(view) == pytest.approx(np.log10(loss))
    low, high = span(view)
    assert low < np.log10(loss).min()
    assert high > np.log10(loss).max()
    assert view.plot.getAxis("left").logMode
    click(user, "loss_log")
    assert not user.scene.view.loss_log
    assert np.array_equal(drawn(view), loss)
    assert not view.plot.getAxis("left").logMode
    assert user.action("loss_log").isChecked() is False


def test_rates_and_shares_of_the_first(user):
    view = user.window.dashboard.rate
    trajectories = user.settle()
    assert drawn(view) == pytest.approx(trajectories[0].lr / 0.05)
    assert drawn(view, 1) == pytest.approx(1.0)
    click(user, "rate_relative")
    assert np.array_equal(drawn(view), trajectories[0].lr)
    assert np.array_equal(drawn(view, 1), trajectories[1].lr)
    click(user, "rate_log")
    assert drawn(view) == pytest.approx(np.log10(trajectories[0].lr))


def expected_third(key, run, trajectory):
    """The quantity, calculated here once more; the last step has no length and no rate of its own."""
    if key == "gradient_norm":
        return np.hypot(trajectory.grad_x, trajectory.grad_y)
    if key == "distance":
        return np.hypot(trajectory.x - 1, trajectory.y - 1)
    if key == "step_length":
        return np.hypot(np.diff(trajectory.x), np.diff(trajectory.y))
    corrected = trajectory.state["s_x"][1:] / (1 - run.params["beta2"] ** np.arange(1, len(trajectory)))
    return trajectory.lr[:-1] / np.sqrt(corrected + run.params["eps"])


@pytest.mark.parametrize("key", ["gradient_norm", "distance", "step_length", "effective_rate"])
def test_the_third_curve(user, key):
    view = user.window.dashboard.third
    user.choose(user.window.dashboard.third.chooser, "step_length" if key == "distance" else "distance")
    user.choose(user.window.dashboard.third.chooser, key)
    assert user.scene.view.third == key
    click(user, "third_log")
    assert not view.plot.getAxis("left").logMode
    expected, shown = expected_third(key, user.run, user.settle()[0]), drawn(view)
    assert shown[: len(expected)] == pytest.approx(expected)
    assert not np.isfinite(shown[len(expected) :]).any()
    click(user, "third_log")
    assert drawn(view)[: len(expected)] == pytest.approx(np.log10(expected))
    assert user.action(f"third {key}").isChecked()


@pytest.mark.parametrize("surface", ["rosenbrock", "saddle"])
def test_every_third_curve_can_be_drawn(user, small, surface):
    user.open(small(surface=surface, start=None, runs=[Run("adam", lr=0.1), Run("gd", lr=10.0), Run("adamax", lr=0.1)]))
    for key in curves.THIRD_CURVES:
        user.choose(user.window.dashboard.third.chooser, key)
        user.settle()
        assert user.scene.view.third == key
        user.picture(user.window.dashboard.third)


def test_the_third_curve_from_the_menu(user):
    user.action("third step_length").trigger()
    assert user.window.dashboard.third.chooser.currentData() == "step_length"
    assert user.window.dashboard.third.title.text() == "Step length"


def test_a_surface_without_a_minimum(user):
    dashboard = user.window.dashboard
    user.choose("surface", "saddle")
    user.choose("optimizer", "adam")
    user.enter("lr", "0.2")
    trajectories = user.settle()
    assert (trajectories[0].loss <= 0).any()
    switch = dashboard.loss.switches["loss_log"]
    assert not switch.isEnabled()
    assert "no lowest value" in switch.toolTip()
    assert np.array_equal(drawn(dashboard.loss), trajectories[0].loss)  # all the same: linear
    assert dashboard.third.empty.text() == "This surface has no minimum."
    user.choose(dashboard.third.chooser, "gradient_norm")
    user.settle()
    assert dashboard.third.empty.text() == ""
    user.choose("surface", "booth")
    user.settle()
    assert switch.isEnabled()


def test_a_loss_below_zero_is_counted_from_the_minimum(user):
    user.choose("surface", "six_hump_camel")
    trajectory = user.settle()[0]
    lowest = min(user.scene.loss_at(*minimum) for minimum in user.scene.minima)
    assert lowest < 0
    view = user.window.dashboard.loss
    assert "f*" in view.title.text()
    excess = np.maximum(trajectory.loss - lowest, 1e-300)
    kept = excess > 1e-9
    assert drawn(view)[kept] == pytest.approx(np.log10(excess[kept]))
    click(user, "loss_log")
    assert "f*" not in view.title.text()


def test_coinciding_curves_take_turns(user, small):
    runs = [Run(key, lr=0.01, schedule="exponential", k=0.02) for key in ("gd", "adam", "momentum")]
    user.open(small(surface="booth", start=None, runs=runs))
    user.window.workspace.seek(60)
    picture = user.picture(user.window.dashboard.rate.plot)
    for run in user.scene.runs:
        red, green, blue = (int(run.color[i : i + 2], 16) for i in (1, 3, 5))
        assert (picture == (red, green, blue)).all(axis=2).any()


@pytest.mark.parametrize(("difference", "together"), [(0.0, 2), (1e-15, 2), (1e-3, 1)])
def test_what_coincides(difference, together):
    x, y = np.arange(5.0), np.linspace(1, 2, 5)
    found = merged([Stroke(x, y, ("#000000",)), Stroke(x, y + difference, ("#111111",))])
    assert {len(line.colors) for line in found} == {together}


def test_curves_of_unequal_length_do_not_coincide():
    x = np.arange(5.0)
    found = merged([Stroke(x, x, ("#000000",)), Stroke(x[:3], x[:3], ("#111111",))])
    assert [line.colors for line in found] == [("#000000",), ("#111111",)]


def test_curves_that_only_agree_at_the_sampled_points_do_not_coincide():
    x = np.arange(64.0)
    y = np.zeros(64)
    y[1] = 1.0
    found = merged([Stroke(x, 0 * x, ("#000000",)), Stroke(x, y, ("#111111",))])
    assert len(found) == 2


def test_huge_values_are_told_apart_without_a_warning():
    x = np.arange(3.0)
    lines = [Stroke(x, np.array([0.0, sign * 1e308, top]), ("#000000",)) for sign in (1, -1) for top in (1.0, 1e300)]
    assert len(merged(lines)) == 4


def test_a_diverging_run_does_not_flatten_the_others(user, small):
    user.open(small(runs=[Run("gd", lr=1.0), Run("adam", lr=0.05)]))
    click(user, "loss_log")
    trajectories = user.settle()
    assert trajectories[0].loss.max() > 1e50
    _, high = span(user.window.dashboard.loss)
    assert high < 20 * trajectories[1].loss.max()


def test_the_steps_axis_spans_the_run(user):
    for view in user.window.dashboard.curve_views:
        (left, right), _ = view.plot.box.viewRange()
        assert left == pytest.approx(0, abs=1)
        assert right == pytest.approx(60, abs=1)
    user.enter("steps", "20")
    user.settle()
    for view in user.window.dashboard.curve_views:
        assert view.plot.box.viewRange()[0][1] == pytest.approx(20, abs=1)


def test_wheel_and_right_button_leave_the_curves_alone(user):
    view = user.window.dashboard.loss
    before, at = view.plot.box.viewRange(), user.moment(view, 20).toPoint()
    QTest.mouseClick(view.plot.viewport(), Qt.MouseButton.RightButton, pos=at)
    assert QApplication.activePopupWidget() is None
    assert view.plot.box.viewRange() == before
    assert user.cursor == 0


@pytest.mark.parametrize(
    ("sound", "wild", "log", "low", "high"),
    [
        ([], [], False, 0, 1),
        ([[1.0, 3.0]], [], False, 1, 3),
        ([[2.0, 2.0]], [], False, 1.5, 2.5),
        ([[np.nan, np.nan]], [], True, 0, 1),
        ([[0.0, 1.0]], [[0.0, 300.0]], True, 0, 4),
        ([], [[1.0, 1e300]], False, 0, 10),
        ([], [[np.nan, 2.0, 300.0]], True, 2, 5),
        ([[-1e308, 1e308]], [], False, -1e308, 1e308),
    ],
)
def test_the_reach_of_an_axis(sound, wild, log, low, high):
    bottom, top = reach([np.array(a) for a in sound], [np.array(a) for a in wild], log)
    assert np.isfinite([bottom, top]).all()
    span = high - low if np.isfinite(high - low) else 1e308
    assert low - 0.3 * span <= bottom < top <= high + 0.3 * span
