"""Overlays on the contour view: what is drawn, how long, and that nothing is cut off in silence."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

from optiviz import Run, Scene, simulate
from optiviz.engine.explaining.arithmetic import Line, Side, Step
from optiviz.engine.explaining.updates import Updates
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.surfaces import SURFACES
from optiviz.engine.trajectory import Outcome
from optiviz.scene.run import PALETTE, suggest_lr
from optiviz.scene.simulation import Result
from optiviz.scene.view import OVERLAYS, Place, View
from optiviz.session.reading import Reader
from optiviz.session.state import Appearance, State
from optiviz.views.overlays.brush import contrast, ink
from optiviz.views.overlays.layout import ARROWS, SHAPES
from optiviz.views.overlays.overlays import Overlays
from optiviz.views.overlays.shapes import aim, reach
from optiviz.widgets import theme as themes
from optiviz.widgets.plot import Plot
from optiviz.widgets.theme import DARK, LIGHT, load_fonts

BOX = QRectF(0, 0, 500, 400)
MARKS = (*ARROWS, *SHAPES)
ALL = {f"show_{mark}": True for mark in MARKS}
THE_ARROWS = {f"show_{kind}": True for kind in ARROWS}


def ravine(**changes):
    runs = (Run("momentum", lr=0.03), Run("adagrad", lr=0.5, visible=False), Run("nesterov", lr=0.02))
    return Scene(
        **{"surface": "ellipse", "surface_params": {"kappa": 20}, "start": (-4, 2), "steps": 40, "runs": runs} | changes
    )


def window(x0, x1, y0, y1):
    """The transform that shows this part of the plane in BOX, y upwards."""
    m11, m22 = BOX.width() / (x1 - x0), -BOX.height() / (y1 - y0)
    return QTransform(m11, 0, 0, m22, -x0 * m11, -y1 * m22)


WIDE = window(-5, 5, -4, 4)


class Fixed(Overlays):
    """One that is not in a plot but covers WIDE's part of the plane."""

    shown: State

    def boundingRect(self):
        return QRectF(-5, -4, 10, 8)

    def show(self, **changes):
        """Shows the state with these changes."""
        before, self.shown = self.shown, replace(self.shown, **changes)
        self.show_state(before, self.shown)


def make(scene, *, selected=0, cursor=4, lit=(), **view):
    load_fonts()
    item = Fixed()
    result = Result(scene, simulate(scene))
    scene = scene.replace(view=View(**view))
    item.shown = State(scene, result, Place(cursor=cursor), selected=selected, step=lighting(*lit))
    item.show_state(None, item.shown)
    return item


def lighting(*marks):
    """A step of the arithmetic whose line lights up these marks."""
    nothing = Side("", 0.0)
    return Step(0, (Line("", "", "", nothing, nothing, marks=marks),))


def painted(item, transform=WIDE):
    """What it draws, as an array, without a plot."""
    image = QImage(500, 400, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setTransform(transform)
    item.paint(painter)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(400, 500, 4).copy()


@pytest.fixture(autouse=True)
def application(qapp):
    return qapp


def test_there_is_a_mark_for_every_toggle():
    between_runs = "gap"  # no part of an update
    assert sorted([*MARKS, between_runs]) == sorted(OVERLAYS)


def test_nothing_is_drawn_when_all_is_off():
    assert not painted(make(ravine())).any()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("mark", MARKS)
def test_each_toggle_draws_something_of_its_own(mark, theme):
    scene = ravine(runs=[Run("adam", lr=0.5)])
    item = make(scene, **{f"show_{mark}": True})
    item.show(appearance=Appearance(theme=theme.name))
    alone = painted(item)
    assert alone.any()
    others = make(scene, **ALL | {f"show_{mark}": False})
    everything = make(scene, **ALL)
    if mark != "next":  # which lies under the step
        assert (painted(others) != painted(everything)).any()


@pytest.mark.parametrize("mark", MARKS)
def test_what_is_lit_is_drawn_and_stands_out(mark):
    scene = ravine(runs=[Run("adam", lr=0.5)])
    lit, plain = painted(make(scene, lit=[mark])), painted(make(scene, **{f"show_{mark}": True}))
    assert (lit[:, :, 3] > 0).sum() > 1.1 * (plain[:, :, 3] > 0).sum()


def test_several_marks_can_be_lit_at_once():
    scene = ravine(runs=[Run("adam", lr=0.5)])
    item = make(scene, lit=["step", "ellipse", "next"])
    (drawing,) = item.lay_out(WIDE, BOX)
    assert drawing.lit == item.lit == {"step", "ellipse", "next"}
    assert [arrow.kind for arrow in drawing.arrows] == ["step"]
    assert drawing.ellipse is not None
    assert drawing.ghost is not None
    assert not drawing.squares
    together = painted(item)
    for mark in ("step", "ellipse"):
        assert (painted(make(scene, lit=[mark], show_step=True, show_ellipse=True, show_next=True)) != together).any()
    item.show(step=lighting("next", "ellipse", "step"))  # in any order
    assert (painted(item) == together).all()
    item.show(step=None)
    assert item.lit == frozenset()
    assert not painted(item).any()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_only_known_marks_can_be_lit(optimizer):
    scene = ravine(runs=[Run(optimizer, lr=1e-3)])
    step = Reader().step(Result(scene, simulate(scene)), 0, 4)
    lit = set().union(*(State(scene, step=step, line=line).lit for line in range(len(step.lines))))
    assert lit >= {"gradient", "step", "next"}
    assert lit <= set(MARKS)


@pytest.fixture
def hall():
    """The scale for a hall, for one test."""
    themes.set_scale(1.6)
    yield 1.6
    themes.set_scale(1.0)


def test_in_a_hall_labels_and_lines_are_larger(hall):
    scene = ravine(runs=[Run("adam", lr=0.5)])
    item = make(scene, show_step=True, overlay_scale=3.0)
    large, large_label = painted(item), item.lay_out(WIDE, BOX)[0].labels[0].rect
    themes.set_scale(1.0)
    small, small_label = painted(item), item.lay_out(WIDE, BOX)[0].labels[0].rect
    # Once, and not once by the font and once more by the item; fonts have whole sizes.
    assert large_label.width() / small_label.width() == pytest.approx(hall, rel=0.06)
    assert large_label.height() / small_label.height() == pytest.approx(hall, rel=0.06)
    assert (large[:, :, 3] > 0).sum() > 1.4 * (small[:, :, 3] > 0).sum()
    themes.set_scale(hall)
    assert (painted(item) == large).all()  # nothing kept for one scale is drawn at another


@pytest.mark.parametrize("scale", [0.5, 0.8, 1.0])
def test_arrows_are_the_engines_vectors_in_pixels(scale):
    scene = ravine()
    item = make(scene, cursor=6, overlay_scale=scale, **THE_ARROWS)
    (drawing,) = item.lay_out(window(-3, 1, -1.2, 2), BOX)
    overlay = Updates(scene.runs[0].rule, scene.runs[0].params, simulate(scene)[0]).at(6)
    assert [arrow.kind for arrow in drawing.arrows] == ["step", "gradient", "velocity"]
    for arrow in drawing.arrows:
        assert arrow.fate == "whole"
        along = arrow.tip - arrow.tail
        vector = getattr(overlay, arrow.kind)
        assert (along.x(), along.y()) == pytest.approx((vector[0] * 125 * scale, -vector[1] * 125 * scale))
        assert (arrow.tail.x(), arrow.tail.y()) == pytest.approx(((overlay.at[0] + 3) * 125, (2 - overlay.at[1]) * 125))
    step, gradient, velocity = (arrow.tip - arrow.tail for arrow in drawing.arrows)
    assert (step - gradient - velocity).manhattanLength() < 1e-6
    assert len(drawing.sum_lines) == 2


def test_nesterovs_gradient_starts_where_the_velocity_ends():
    (drawing,) = make(ravine(), selected=2, cursor=6, **THE_ARROWS).lay_out(window(-4, 0, -2, 1.2), BOX)
    step, gradient, velocity = drawing.arrows
    assert (gradient.tail - velocity.tip).manhattanLength() < 1e-9
    assert gradient.fate == "tiny" or (gradient.tip - step.tip).manhattanLength() < 1e-6
    assert drawing.ahead == gradient.tail


def test_a_long_arrow_ends_at_the_edge_and_says_how_long_it_is():
    (drawing,) = make(ravine(), cursor=2, overlay_scale=20.0, **THE_ARROWS).lay_out(WIDE, BOX)
    for arrow in drawing.arrows:
        assert arrow.fate == "cut"
        assert BOX.contains(arrow.tip)
        assert arrow.length > math.hypot(*(arrow.tip - arrow.tail).toTuple())
    assert all(label.text.note.endswith("long") for label in drawing.labels)


def test_an_arrow_does_not_end_behind_the_legend():
    item = make(ravine(), overlay_scale=20.0, show_step=True)
    (free,) = item.lay_out(WIDE, BOX)
    item.covered = QRectF(0, 0, 60, 40)
    item.covered.moveCenter(free.arrows[0].tip)
    (drawing,) = item.lay_out(WIDE, BOX)
    assert drawing.arrows[0].fate == "cut"
    assert not item.covered.contains(drawing.arrows[0].tip)
    assert not any(label.rect.intersects(item.covered) for label in drawing.labels)


def test_a_tiny_arrow_points_and_says_how_long_it_is():
    (drawing,) = make(ravine(), overlay_scale=0.05, **THE_ARROWS).lay_out(WIDE, BOX)
    assert {arrow.fate for arrow in drawing.arrows} == {"tiny"}
    assert all(math.hypot(*(arrow.tip - arrow.tail).toTuple()) > 20 for arrow in drawing.arrows)
    assert all(label.text.note.endswith("long") for label in drawing.labels)


def test_a_velocity_of_nothing_is_said_to_be_nothing():
    (drawing,) = make(ravine(), cursor=0, show_velocity=True).lay_out(WIDE, BOX)
    assert [arrow.fate for arrow in drawing.arrows] == ["zero"]
    assert [label.text.note for label in drawing.labels] == ["= 0"]


def test_legs_go_along_x_and_then_along_y():
    (drawing,) = make(ravine(), show_step=True, show_split=True).lay_out(WIDE, BOX)
    (_, along), (_, up) = drawing.legs
    assert along.dy() == 0
    assert up.dx() == 0
    assert along.p1() == drawing.arrows[0].tail
    assert up.p2() == drawing.arrows[0].tip
    (alone,) = make(ravine(), show_split=True).lay_out(WIDE, BOX)
    assert alone.legs == drawing.legs


def test_squares_have_the_areas_of_the_accumulated_squares():
    scene = ravine(runs=[Run("adagrad", lr=0.5)])
    updates = Updates(scene.runs[0].rule, scene.runs[0].params, simulate(scene)[0])
    (drawing,) = make(scene, cursor=12, show_squares=True).lay_out(WIDE, BOX)
    sizes = [square.rect.width() * square.rect.height() for square in drawing.squares]
    squares = updates.at(12).squares
    assert sizes[0] / sizes[1] == pytest.approx(squares[0] / squares[1])
    assert max(sizes) == pytest.approx(90**2 * max(squares) / updates.largest_square)
    assert [(label.text.symbol, label.text.index) for label in drawing.labels] == [("s", "x"), ("s", "y")]


@pytest.mark.parametrize("zoom", [0.001, 1, 1000])
def test_squares_and_ellipses_are_as_large_at_any_zoom(zoom):
    scene = ravine(runs=[Run("adagrad", lr=0.5)])
    x, y = (float(column[12]) for column in (simulate(scene)[0].x, simulate(scene)[0].y))
    item = make(scene, cursor=12, show_squares=True, show_ellipse=True)
    (drawing,) = item.lay_out(window(x - 5 * zoom, x + 5 * zoom, y - 4 * zoom, y + 4 * zoom), BOX)
    assert 40 < max(square.rect.width() for square in drawing.squares) <= 90
    assert 20 <= max(drawing.ellipse.half_x, drawing.ellipse.half_y) <= 120


def test_the_ellipse_of_the_largest_rate_is_finite():
    scene = Scene(surface="sphere", start=(1.0, 0.5), steps=20, runs=[Run("gd", lr=1.7e308)])
    (drawing,) = make(scene, show_ellipse=True).lay_out(WIDE, BOX)
    assert 0 < drawing.ellipse.half_x == drawing.ellipse.half_y < 1000


def test_the_ellipse_has_the_effective_rates_as_half_axes():
    scene = ravine(runs=[Run("adagrad", lr=0.5)])
    rates = Updates(scene.runs[0].rule, scene.runs[0].params, simulate(scene)[0]).at(12).rates
    (drawing,) = make(scene, cursor=12, show_ellipse=True).lay_out(WIDE, BOX)
    assert drawing.ellipse.half_x / drawing.ellipse.half_y == pytest.approx(rates[0] / rates[1])
    (drawing,) = make(ravine(), show_ellipse=True).lay_out(WIDE, BOX)
    assert drawing.ellipse.half_x == drawing.ellipse.half_y
    assert [label.text.note for label in drawing.labels] == ["0.030", "0.030"]


def test_the_ghost_is_where_the_next_row_is():
    scene = ravine()
    path = simulate(scene)[0]
    (drawing,) = make(scene, show_next=True, overlay_scale=3.0).lay_out(WIDE, BOX)
    there = WIDE.map(QPointF(path.x[5], path.y[5]))
    assert (drawing.ghost - there).manhattanLength() < 1e-6


def test_the_last_row_has_no_step_and_no_ghost():
    (drawing,) = make(ravine(), cursor=10_000, **ALL).lay_out(WIDE, BOX)
    assert [arrow.kind for arrow in drawing.arrows] == ["gradient", "velocity"]
    assert drawing.ghost is None


def test_for_all_runs_that_are_visible_or_for_the_selected_one():
    assert make(ravine(), **ALL).runs_shown() == [0]
    assert make(ravine(), overlay_all=True, **ALL).runs_shown() == [2, 0]  # the selected one on top
    assert make(ravine(), selected=1, **ALL).runs_shown() == []
    assert make(ravine(), selected=-1, **ALL).runs_shown() == []
    assert make(ravine(runs=[]), selected=0, overlay_all=True, **ALL).runs_shown() == []
    drawings = make(ravine(), overlay_all=True, **ALL).lay_out(WIDE, BOX)
    assert [bool(drawing.labels) for drawing in drawings] == [False, True]
    lit = make(ravine(), overlay_all=True, lit=["step"]).lay_out(WIDE, BOX)
    assert [len(drawing.arrows) for drawing in lit] == [0, 1]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("scale", [0.3, 1.0, 3.0])
def test_labels_lie_in_the_plot_and_not_on_each_other(optimizer, scale):
    lr = suggest_lr(OPTIMIZERS[optimizer], SURFACES["himmelblau"])
    scene = Scene("himmelblau", start=(0, 0.5), steps=40, runs=[Run(optimizer, lr=lr)])
    item = make(scene, overlay_scale=scale, **ALL)
    item.covered = QRectF(330, 8, 160, 60)
    overlaps = 0
    for cursor in range(0, 41, 2):
        item.show(place=Place(cursor=cursor))
        for drawing in item.lay_out(WIDE, BOX):
            assert all(BOX.contains(label.rect) for label in drawing.labels)
            overlaps += sum(a.rect.intersects(b.rect) for a, b in combinations(drawing.labels, 2))
    assert overlaps == 0


def test_what_is_known_of_a_run_is_kept_while_it_does_not_change():
    item = make(ravine(), **ALL)
    known = item.updates_of(0)
    item.show(result=Result(item.result.scene, list(item.result.trajectories)))
    assert item.updates_of(0) is known
    item.show(result=Result(item.result.scene, simulate(item.result.scene)))
    assert item.updates_of(0) is not known


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("lr", [1e-300, 10.0, 1e150, 1e300])
def test_nothing_breaks_however_large_or_small(optimizer, lr):
    scene = Scene("ellipse", start=(-4, 2), steps=30, runs=[Run(optimizer, lr=lr)])
    item = make(scene, overlay_all=True, overlay_scale=20.0, lit=["step"], **ALL)
    for cursor in (0, 1, 2, 30, 1000):
        item.show(place=Place(cursor=cursor))
        painted(item)
        for drawing in item.lay_out(WIDE, BOX):
            assert all(BOX.adjusted(-25, -25, 25, 25).contains(arrow.tip) for arrow in drawing.arrows)
            assert all(BOX.contains(label.rect) for label in drawing.labels)


def test_a_run_that_diverged_at_once():
    scene = Scene("goldstein_price", steps=5, runs=[Run("gd", lr=1e300)])
    item = make(scene, cursor=3, **ALL)
    (path,) = item.result.trajectories
    assert (len(path), path.outcome) == (1, Outcome.DIVERGED)
    window_there = window(path.x[0] - 5, path.x[0] + 5, path.y[0] - 4, path.y[0] + 4)
    (drawing,) = item.lay_out(window_there, BOX)
    assert [(arrow.kind, arrow.fate) for arrow in drawing.arrows] in ([("gradient", "cut")], [])


def test_a_head_outside_the_plot_is_left_to_its_mark():
    assert make(ravine(), **ALL).lay_out(window(10, 20, 10, 18), BOX) == []


def test_lines_and_words_stand_out_in_both_themes():
    from PySide6.QtGui import QColor

    for theme in (LIGHT, DARK):
        for color in PALETTE:
            assert contrast(QColor(ink(color, theme, 3.0)), QColor(theme.card)) >= 3.0
            assert contrast(QColor(ink(color, theme, 7.0)), QColor(theme.card)) >= 7.0


def test_directions_of_vectors_that_no_product_can_hold():
    toward, length = aim(WIDE, (3e307, -4e307), 20.0)
    assert (toward.x(), toward.y()) == pytest.approx((0.6, 0.8))
    assert math.isinf(length)
    assert aim(WIDE, (0.0, 0.0), 1.0)[1] == 0
    toward, length = aim(WIDE, (5e-324, 0.0), 1.0)
    assert toward.x() == 1
    assert length < 1e-300


def test_how_far_an_arrow_may_go():
    inside, nothing = QRectF(0, 0, 100, 100), QRectF()
    assert reach(QPointF(20, 50), QPointF(1, 0), inside, nothing) == 80
    assert reach(QPointF(20, 50), QPointF(0.6, 0.8), inside, nothing) == pytest.approx(62.5)
    assert reach(QPointF(-20, 50), QPointF(-1, 0), inside, nothing) == 0
    assert reach(QPointF(20, 50), QPointF(1, 0), inside, QRectF(70, 40, 20, 20)) == pytest.approx(41)  # 9 before it
    assert reach(QPointF(20, 10), QPointF(1, 0), inside, QRectF(70, 40, 20, 20)) == 80


def test_in_a_plot(qapp):
    plot = Plot()
    plot.resize(400, 300)
    plot.set_theme(LIGHT)
    item = make(ravine(), **ALL)
    plot.addItem(item, ignoreBounds=True)
    plot.box.setRange(QRectF(-5, -4, 10, 8), padding=0)
    plot.grab()
    with_overlays = plot.grab().toImage()
    item.show(scene=item.shown.scene.replace(view=View()))
    assert plot.grab().toImage() != with_overlays
    plot.deleteLater()
