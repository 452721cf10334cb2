"""The contour view: the start, the paths, what has left the plot, and what is under the mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from optiviz import Run, simulate
from optiviz.scene.simulation import Result
from optiviz.views.contours.contour_plot import round_to


def colored(picture, color):
    """How many pixels of a picture have exactly that colour."""
    return int((picture == QColor(color).getRgb()[:3]).all(axis=2).sum())


def middle(area):
    """The middle of a part of the plane."""
    x0, x1, y0, y1 = area
    return np.array([x0 + x1, y0 + y1]) / 2


def extent(area):
    """Its width and height."""
    x0, x1, y0, y1 = area
    return np.array([x1 - x0, y1 - y0])


# The start


def test_a_click_puts_the_start_there(user):
    at = user.place(0.5, 1.0)
    user.drag(user.contours, [at])
    assert user.scene.start == pytest.approx((0.5, 1.0), abs=0.02)
    assert user.text("start x") == repr(user.scene.start[0])
    assert len(repr(user.scene.start[0])) < 7  # no more digits than a pixel is worth
    user.settle()


def test_dragging_the_cross_moves_every_path_while_the_mouse_moves(user):
    user.settle()
    starts, ends = [], []

    def look():
        trajectories = user.settle()
        assert user.window.dashboard.contours.plot.paths.rest  # the path past the cursor, while it bends
        starts.append((trajectories[0].x[0], trajectories[0].y[0]))
        ends.append(tuple(t.x[-1] for t in trajectories))

    places = [(-1, 1.5), (-0.5, 1.2), (0, 0.5), (0.7, 0.1)]
    user.drag(user.contours, [user.place(*user.scene.start), *(user.place(*place) for place in places)], look)
    assert np.array(starts) == pytest.approx(np.array(places), abs=0.02)
    assert len(set(ends)) == 4
    assert user.document.undo_name == "move of the start"


def test_a_press_beside_the_cross_pans(user):
    scene, before = user.scene, user.window.dashboard.contours.area_shown()
    at = user.place(0.5, 0.5)
    user.drag(user.contours, [at, at + QPointF(20, 0), at + QPointF(60, 30)])
    after = user.window.dashboard.contours.area_shown()
    assert user.scene == scene
    assert after[0] < before[0]
    assert after[2] > before[2]
    assert after[1] - after[0] == pytest.approx(before[1] - before[0])
    moved = user.place(0.5, 0.5) - at
    assert (moved.x(), moved.y()) == pytest.approx((60, 30), abs=1.5)


def test_other_buttons_leave_the_start_alone(user):
    from PySide6.QtTest import QTest

    scene = user.scene
    for other in (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
        QTest.mouseClick(user.contours, other, pos=user.place(0.5, 0.5).toPoint())
    assert user.scene == scene
    assert QApplication.activePopupWidget() is None


def test_a_start_where_the_surface_is_not_finite_is_refused(user):
    before = user.scene
    user.window.dashboard.contours.plot.start_dragged.emit(1e200, 0.0, False)
    assert user.scene == before
    assert "start must be a point where" in user.status


# The view


def test_the_wheel_zooms_around_the_mouse(user):
    before, at = user.window.dashboard.contours.area_shown(), user.place(1.0, 1.0)
    user.wheel(user.contours, at, 120)
    after = user.window.dashboard.contours.area_shown()
    assert after[1] - after[0] < before[1] - before[0]
    still = user.place(1.0, 1.0)
    assert (still.x(), still.y()) == pytest.approx((at.x(), at.y()), abs=1.5)
    user.wheel(user.contours, at, -120)
    assert user.window.dashboard.contours.area_shown() == pytest.approx(before)


@pytest.mark.parametrize("turn", [3_600, 40_000, -40_000])
def test_a_wheel_that_spins_freely_draws_no_more_than_is_seen(user, turn):
    user.wheel(user.contours, user.place(0.0, 0.0), turn)  # painted before the surface is computed for it
    assert user.picture(user.contours).std() > 0


def test_the_axes_have_one_scale(user):
    right, up = user.place(1, 0) - user.place(0, 0), user.place(0, 0) - user.place(0, 1)
    assert right.x() == pytest.approx(up.y(), abs=1.5)


def test_fit_brings_the_window_back_and_files_keep_a_zoom(user):
    workspace, contours = user.window.workspace, user.window.dashboard.contours
    assert workspace.as_shown().place.window is None
    before = contours.area_shown()
    workspace.zoom(0.5)
    shown = contours.area_shown()
    assert middle(shown) == pytest.approx(middle(before))
    assert extent(shown) == pytest.approx(extent(before) / 2)
    kept = workspace.as_shown().place.window  # where the plot has another shape, more than that is in view
    assert middle(kept) == pytest.approx(middle(shown))
    assert (extent(shown) / extent(kept)).min() == pytest.approx(1, rel=1e-2)
    user.open(workspace.as_shown())
    assert contours.area_shown() == pytest.approx(shown)
    workspace.look_at(None)
    assert workspace.as_shown().place.window is None
    assert contours.area_shown() == pytest.approx(before)


@pytest.mark.parametrize("colors", ["viridis", "cividis"])
def test_the_surface_has_other_colours(user, colors):
    before = user.picture(user.window.dashboard.contours)
    user.action(f"colors {colors}").trigger()
    user.settle()
    assert (user.picture(user.window.dashboard.contours) != before).mean() > 0.2


def test_the_surface_is_computed_for_what_is_in_view(user):
    relief = user.window.dashboard.contours.plot.relief
    before = relief.color_scale
    user.window.workspace.zoom(0.25)
    QApplication.processEvents()
    assert relief.color_scale.high < before.high
    assert relief.boundingRect() == user.window.dashboard.contours.plot.box.viewRect()


@pytest.mark.parametrize("factor", [0.8, 1.25, 0.01, 100.0])
def test_no_zoom_breaks_the_view(user, factor):
    contours = user.window.dashboard.contours
    for _ in range(200):
        user.window.workspace.zoom(factor)
    user.picture(contours)
    x0, x1, *_ = user.window.workspace.as_shown().place.window
    assert (x1 - x0 < 1e-3) if factor < 1 else (x1 - x0 > 1e3)
    assert user.scene.start == (-1.5, 2.0)
    user.window.workspace.look_at(None)
    user.picture(contours)
    assert contours.aim == user.scene.landscape.window


# The paths


def test_paths_grow_to_the_cursor(user):
    user.enter("lr", "0.3")
    user.settle()
    amounts, color = [], user.run.color
    user.window.workspace.end_preview()
    for cursor in (0, 20, 60):
        user.window.workspace.seek(cursor)
        amounts.append(colored(user.picture(user.window.dashboard.contours.plot), color))
    assert amounts[0] < amounts[1] < amounts[2]


def test_the_rest_of_the_paths_on_request(user):
    contours = user.window.dashboard.contours
    before = user.picture(contours)
    assert not contours.plot.paths.rest
    user.action("rest").trigger()
    assert contours.plot.paths.rest
    assert (user.picture(contours) != before).any()


def test_the_rest_shows_for_a_while_after_an_edit(user):
    contours, preview = user.window.dashboard.contours, user.window.clock.preview
    usual = preview.interval()
    try:
        preview.setInterval(60_000)  # however long the machine takes for the edit
        user.enter("lr", "0.02")
        assert contours.plot.paths.rest
        assert preview.isActive()
        preview.setInterval(1)
        user.until(lambda: not contours.plot.paths.rest)
    finally:
        preview.setInterval(usual)
    assert 1_000 <= usual <= 2_000


def test_every_path_follows_a_slider_while_it_is_dragged(user):
    ends = []
    user.slide("lr", 0.3, 0.4, 0.5, 0.6, each=lambda: ends.append(user.settle()[0].x[-1]))
    assert len(set(ends)) == 4


@pytest.mark.parametrize(
    ("optimizer", "schedule", "name"),
    [
        ("adam", "exponential", "lr"),
        ("adam", "exponential", "beta1"),
        ("adam", "exponential", "beta2"),
        ("adam", "exponential", "eps"),
        ("adam", "exponential", "k"),
        ("adam", "staircase", "period"),
    ],
)
def test_a_dragged_slider_bends_the_path_on_screen(user, small, optimizer, schedule, name):
    params = {"k": 0.5} if schedule == "staircase" else {}
    runs = [Run(optimizer, lr=0.1, schedule=schedule, **params)]
    user.open(small(surface="matyas", start=None, runs=runs))
    user.window.workspace.seek(60)
    contours, pictures = user.window.dashboard.contours.plot, []

    def look():
        user.settle()
        pictures.append(user.picture(contours))

    user.slide(name, 0.9, 0.4, each=look)
    color = QColor(user.run.color)
    assert colored(pictures[0], color) > 0
    assert (pictures[0] != pictures[1]).sum() > 100


def test_results_over_another_surface_are_never_shown(user, monkeypatch):
    workspace = user.window.workspace
    old = Result(user.scene, simulate(user.scene))
    user.choose("surface", "booth")
    with monkeypatch.context() as patch:
        patch.setattr(workspace.runner, "take", lambda: old)  # comes too late
        workspace.take_result()
    assert workspace.result is not old
    user.settle()
    assert workspace.result.scene.surface == "booth"


def test_paths_of_the_old_surface_leave_with_it(user, monkeypatch):
    """Until the first result over another surface has come, which may take seconds, there is nothing to show."""
    monkeypatch.setattr(user.window.workspace.runner, "take", lambda: None)
    user.choose("surface", "booth")
    user.until(lambda: not user.window.workspace.runner.working)
    plot = user.window.dashboard.contours.plot
    assert not plot.paths.lines or plot.marks.result.scene.surface == "booth"


# What has left the plot


def test_a_head_outside_gets_a_marker_with_distance_and_loss(user, small):
    marks = user.window.dashboard.contours.plot.marks
    trajectory = user.open(small(runs=[Run("gd", lr=1.0)], steps=5))[0]
    inside = user.picture(user.window.dashboard.contours.plot)
    assert marks.labels == []
    user.window.workspace.seek(1)
    outside = user.picture(user.window.dashboard.contours.plot)
    labels = marks.labels
    _, _, _, top = user.window.dashboard.contours.area_shown()
    assert abs(trajectory.x[1]) > 100
    assert top > 0
    assert len(labels) == 1
    assert labels[0].startswith("Gradient descent: ")
    assert f"f {trajectory.loss[1]:.2e}".replace("e+0", "e").replace("e+", "e") in labels[0]
    assert colored(outside, user.run.color) > colored(inside, "#010203")
    user.window.workspace.seek(5)
    user.picture(user.window.dashboard.contours.plot)
    assert len({*labels, *marks.labels}) == 2


@pytest.mark.parametrize("lr", [0.003, 0.1, 10.0, 1e50, 1e150])
def test_a_path_that_leaves_the_plot_is_drawn(user, small, lr):
    # Nothing to see but that it draws: painters go wrong with such coordinates, and Qt would say so.
    user.open(small(runs=[Run("gd", lr=lr), Run("momentum", lr=lr)]))
    for cursor in (0, 1, 3, 60):
        user.window.workspace.seek(cursor)
        user.picture(user.window.dashboard)


# What is under the mouse


def test_the_mouse_reads_x_y_and_f(user):
    user.hover(user.contours, user.place(0.5, -0.5))
    words = user.pointer.replace("−", "-").split()
    assert words[::2] == ["x", "y", "f"]
    x, y, f = map(float, words[1::2])
    assert (x, y) == pytest.approx((0.5, -0.5), abs=0.02)
    assert f == pytest.approx(user.scene.loss_at(x, y), rel=0.05)


def test_the_mouse_over_a_path_reads_run_and_step(user):
    user.enter("lr", "0.2")
    trajectory, step = user.settle()[0], 8
    user.window.workspace.seek(60)
    user.hover(user.contours, user.place(trajectory.x[step], trajectory.y[step]))
    hover = user.window.dashboard.contours.plot.marks.hover
    assert hover is not None
    assert abs(hover.step - step) <= 3
    assert f"{user.scene.runs[hover.run].label}, step {hover.step}" in user.pointer
    user.window.workspace.seek(0)
    user.hover(user.contours, user.place(trajectory.x[step], trajectory.y[step]))
    assert user.window.dashboard.contours.plot.marks.hover is None  # not past the cursor


def test_a_hidden_run_is_not_read(user):
    trajectory = user.settle()[0]
    user.click_run(0, "eye")
    user.settle()
    user.window.workspace.seek(60)
    user.hover(user.contours, user.place(trajectory.x[25], trajectory.y[25]))
    hover = user.window.dashboard.contours.plot.marks.hover
    assert hover is None or hover.run == 1


def test_the_readings_go_when_the_mouse_leaves(user):
    user.hover(user.contours, user.place(0.5, 0.5))
    assert user.pointer
    user.window.dashboard.contours.plot.leaveEvent(None)
    assert user.pointer == ""


def test_the_cross_lights_up_under_the_mouse(user):
    plot = user.window.dashboard.contours.plot
    user.hover(user.contours, user.place(*user.scene.start))
    assert plot.marks.start_hot
    assert plot.cursor().shape() == Qt.CursorShape.SizeAllCursor
    user.hover(user.contours, user.place(0.5, 0.5))
    assert not plot.marks.start_hot


@pytest.mark.parametrize(
    ("value", "unit", "result"), [(1.2345, 0.02, 1.23), (1234.5, 20, 1234), (-0.0001, 0.01, 0.0), (0.5, 0, 0.5)]
)
def test_rounding_to_a_pixel(value, unit, result):
    assert round_to(value, unit) == result
