"""Lines that grow with the cursor: clipping, pieces, turns, and that growing ends where drawing at once does."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainterPath

from optiviz.app import polylines
from optiviz.app.plot import Plot
from optiviz.app.polylines import Line, PolylineLayer, clip, in_turns
from optiviz.app.theme import LIGHT

BOX = QRectF(0, 0, 100, 80)


def clipped(*segments):
    """The clipped segments as rows x0, y0, x1, y1."""
    return np.column_stack(clip(*np.array(segments, dtype=float).T, BOX)).tolist()


@pytest.mark.parametrize(
    ("segment", "inside"),
    [
        ((10, 10, 90, 70), (10, 10, 90, 70)),
        ((-50, 40, 50, 40), (0, 40, 50, 40)),
        ((-50, -50, 150, 150), (0, 0, 80, 80)),
        ((50, -1000, 50, 1000), (50, 0, 50, 80)),
        ((20, 20, 20, 20), (20, 20, 20, 20)),
        ((0, 0, 100, 0), (0, 0, 100, 0)),
        ((50, 40, 1e300, 40), (50, 40, 100, 40)),
        ((50, -1e9, 50, 1e9), (50, 0, 50, 80)),
        ((50, 40, 1e200, 1e200 * 0.5), (50, 40, 100, 65)),
    ],
)
def test_clipping_keeps_what_is_inside(segment, inside):
    assert clipped(segment) == [pytest.approx(inside, abs=1e-6)]


@pytest.mark.parametrize(
    "segment",
    [
        (-10, 0, -5, 80),
        (0, -30, 130, -1),
        (-50, 60, 30, 300),
        (np.nan, 0, 50, 50),
        (10, 10, 50, np.nan),
        (np.inf, 0, 50, 50),
        (1e300, 1e300, 1e301, 1e301),
        (-1e308, 0, 1e308, 0),  # longer than the longest float
    ],
)
def test_clipping_drops_what_is_outside_or_nowhere(segment):
    assert all(np.isfinite(row).all() for row in clipped(segment))
    assert len(clipped(segment)) == 0


def test_clipped_points_never_leave_the_box():
    rng = np.random.default_rng(7)
    points = rng.normal(size=(4, 5000)) * 10.0 ** rng.uniform(0, 9, size=(4, 5000))
    x0, y0, x1, y1 = clip(*points, BOX)
    assert len(x0) > 100
    for x in (x0, x1):
        assert (x >= -1e-5).all()
        assert (x <= 100 + 1e-5).all()
    for y in (y0, y1):
        assert (y >= -1e-5).all()
        assert (y <= 80 + 1e-5).all()


def corners(paths):
    """The points of painter paths, path by path."""
    return [[(p.elementAt(i).x, p.elementAt(i).y) for i in range(p.elementCount())] for p in paths]


def test_paths_join_again_where_they_were_cut():
    x = np.linspace(0, 100, 400)
    found = corners(polylines.paths(x, 40 + 30 * np.sin(x / 5), BOX))
    assert len(found) > 5
    assert all(len(path) <= polylines.PIECE + 1 for path in found)
    for one, other in pairwise(found):
        assert one[-1] == other[0]
    assert found[0][0] == (0, 40)
    assert found[-1][-1] == pytest.approx((100, 40 + 30 * np.sin(20)))


def test_paths_break_at_gaps_and_outside():
    x = np.array([10, 20, 30, np.nan, 40, 50, 200, 60, 70.0])
    y = np.array([10, 10, 10, 10, 10, 10, 10, 60, 60.0])
    found = corners(polylines.paths(x, y, BOX))
    assert [(path[0][0], path[-1][0]) for path in found] == [(10, 30), (40, 100), (100, 70)]


@pytest.mark.parametrize("points", [0, 1])
def test_too_few_points_are_no_path(points):
    assert list(polylines.paths(np.zeros(points), np.zeros(points), BOX)) == []


def test_steps_of_under_a_quarter_pixel_are_joined():
    x = np.linspace(0, 10, 100_000)
    found = corners(polylines.paths(x, np.full(len(x), 10.0), BOX))
    assert sum(map(len, found)) < 100
    assert found[-1][-1] == pytest.approx((10, 10))


@pytest.mark.parametrize("count", [2, 3, 5])
def test_coinciding_lines_share_the_way(count):
    x, y = np.linspace(3, 397, 40), np.linspace(0, 50, 40)
    covered = 0.0
    taken = []
    for turn in range(count):
        xs, ys = in_turns(x, y, 10.0, (turn, count))
        starts, ends = xs[0::3], xs[1::3]
        assert np.isnan(xs[2::3]).all()
        assert ys[0::3] == pytest.approx(np.interp(starts, x, y))
        covered += (ends - starts).sum()
        taken += list(zip(starts, ends, strict=True))
    assert covered == pytest.approx(397 - 3)
    taken.sort()
    assert all(one[1] <= other[0] + 1e-9 for one, other in pairwise(taken))


@pytest.mark.parametrize("x", [[], [5.0], [0.0, 1e300], [-np.inf, 5.0]])
def test_turns_of_lines_that_cannot_be_cut(x):
    x = np.array(x)
    xs, ys = in_turns(x, x, 10.0, (0, 2))
    assert len(xs) == len(ys)


# The layer


@pytest.fixture
def layer(qtbot):
    """A plot with nothing but a layer in it, and a function that draws it."""

    def make(*, monotone):
        plot = Plot()
        qtbot.addWidget(plot)
        plot.resize(300, 220)
        plot.dress(LIGHT)
        plot.box.setRange(QRectF(0, 0, 100, 100), padding=0)
        item = PolylineLayer(monotone=monotone)
        plot.addItem(item, ignoreBounds=True)
        plot.grab()

        def draw():
            image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
            rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
            return rows[:, :, :3].astype(int)

        return item, draw

    return make


def wild_lines():
    t = np.linspace(0, 100, 300)
    gap = 50 + 40 * np.sin(t / 3)
    gap[100:110] = np.nan
    far = np.where(t > 60, 1e300, t)
    return [
        Line(t, 50 + 40 * np.cos(t / 7), "#cc0000"),
        Line(t, gap, "#00aa00", dashed=True),
        Line(t, far, "#0000cc", turn=(0, 2)),
        Line(t, far, "#cc00cc", turn=(1, 2)),
        Line(t[:40], t[:40] * 2, "#888800"),
    ]


@pytest.mark.parametrize("monotone", [True, False])
@pytest.mark.parametrize("rest", [True, False])
def test_growing_ends_where_drawing_at_once_does(layer, monotone, rest):
    pictures = []
    for stops in ([299], [3, 4, 50, 51, 120, 299], [299, 40, 299]):
        item, draw = layer(monotone=monotone)
        item.show_style(halo="#ffffff", rest=rest)
        item.show_lines(wild_lines())
        for cursor in stops:
            item.show_cursor(cursor)
            picture = draw()
        pictures.append(picture)
    assert (pictures[0] != pictures[0][0, 0]).any()
    for picture in pictures[1:]:
        # Seams between pieces and the faint rest may differ a little; nothing may be missing or too much.
        assert (np.abs(picture - pictures[0]).max(axis=2) > 120).mean() < 0.003


def test_only_new_segments_are_drawn(layer, monkeypatch):
    item, draw = layer(monotone=True)
    item.show_lines(wild_lines())
    item.show_cursor(100)
    draw()
    drawn = []
    stroke = PolylineLayer._stroke
    monkeypatch.setattr(PolylineLayer, "_stroke", lambda self, *args: (drawn.append(args[4:6]), stroke(self, *args))[1])
    item.show_cursor(103)
    draw()
    assert set(drawn) == {(100, 103)}
    drawn.clear()
    draw()
    assert drawn == []
    item.show_cursor(20)
    draw()
    assert {first for first, _ in drawn} == {0}


def test_nothing_is_drawn_past_the_cursor_and_the_rest_is_faint(layer):
    t = np.linspace(0, 100, 101)
    item, draw = layer(monotone=True)
    item.show_lines([Line(t, np.full(101, 50.0), "#cc0000")])
    item.show_cursor(0)
    ground = draw()
    item.show_cursor(50)
    half = draw()
    changed = np.flatnonzero((half != ground).any(axis=(0, 2)))
    item.show_style(halo=None, rest=True)
    faint = draw()
    item.show_cursor(100)
    whole = draw()
    right = np.flatnonzero((whole != ground).any(axis=(0, 2)))
    assert changed[-1] == pytest.approx((right[0] + right[-1]) / 2, abs=3)
    column = right[-1] - 10
    contrast = [np.abs(picture[:, column] - ground[:, column]).max() for picture in (half, faint, whole)]
    assert contrast[0] == 0
    assert 0 < contrast[1] < 0.6 * contrast[2]


def test_a_million_points_are_drawn(layer):
    t = np.linspace(0, 100, 1_000_000)
    item, draw = layer(monotone=True)
    item.show_lines([Line(t, 50 + 40 * np.sin(t), "#cc0000")])
    item.show_cursor(len(t))
    red = QColor("#cc0000")
    assert (draw() == (red.blue(), red.green(), red.red())).all(axis=2).any()


def test_paths_are_what_painters_take():
    assert all(isinstance(path, QPainterPath) for path in polylines.paths(np.arange(9.0), np.arange(9.0), BOX))
    assert issubclass(PolylineLayer, pg.GraphicsObject)
