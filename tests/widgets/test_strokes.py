"""Few painter paths that look like many points: clipping, thinning, pieces, turns."""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from optiviz.widgets import strokes
from optiviz.widgets.strokes import clip, in_turns

BOX = QRectF(0, 0, 100, 80)


def clipped(*segments):
    """The clipped segments as rows x0, y0, x1, y1."""
    return np.column_stack(clip(*np.array(segments, dtype=float).T, BOX)[:4]).tolist()


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
    x0, y0, x1, y1, seen = clip(*points, BOX)
    assert seen.sum() == len(x0)
    assert len(x0) > 100
    for x in (x0, x1):
        assert (x >= -1e-5).all()
        assert (x <= 100 + 1e-5).all()
    for y in (y0, y1):
        assert (y >= -1e-5).all()
        assert (y <= 80 + 1e-5).all()


def line(x, y, pen=0.0):
    """Points as they go through: x, y and the pen."""
    return np.stack([x, y, np.full(len(x), pen)]).astype(float)


def corners(points):
    """The points of the lines that are drawn, line by line; points that repeat the one before do not count."""
    lines = [line for _, path in strokes.paths(points, BOX) for line in path.toSubpathPolygons()]
    return [[place for place, _ in groupby(point.toTuple() for point in line)] for line in lines]


def zigzag(count):
    x = np.linspace(0, 100, count)
    return line(x, 40 + 20 * (-1.0) ** np.arange(count))


def test_pieces_join_again_where_they_were_cut():
    found = corners(zigzag(400))
    assert len(found) > 5
    assert all(len(path) <= strokes.PIECE + 1 for path in found)
    for one, other in pairwise(found):
        assert one[-1] == other[0]
    assert (found[0][0], found[-1][-1]) == ((0, 60), (100, 20))


def test_lines_break_at_gaps_and_outside():
    x = np.array([10, 20, 30, np.nan, 40, 50, 200, 60, 70.0])
    y = np.array([10, 10, 10, 10, 10, 10, 10, 60, 60.0])
    whole = [point for path in corners(line(x, y)) for point in path if len(path) > 1]
    assert [place for place, _ in whole] == [10, 30, 40, 100, 100, 60, 70]


def test_a_value_that_is_nan_breaks_a_curve():
    y = np.array([10, 20, np.nan, 20, 10.0])
    whole = [point for path in corners(line(np.arange(5) * 10, y)) for point in path if len(path) > 1]
    assert whole == [(0, 10), (10, 20), (30, 20), (40, 10)]


@pytest.mark.parametrize("points", [0, 1])
def test_too_few_points_are_no_path(points):
    assert corners(line(np.zeros(points), np.zeros(points))) == []


def test_each_pen_draws_its_own_lines():
    lines = []
    for pen, height in ((0, 10), (0, 20), (1, 30)):
        lines += [line([0, 50], [height, height], pen), line([np.nan], [np.nan], pen)]
    found = list(strokes.paths(np.concatenate(lines, axis=1), BOX))
    assert [pen for pen, _ in found] == [0, 1]
    heights = [sorted({polygon[0].y() for polygon in path.toSubpathPolygons()}) for _, path in found]
    assert heights == [[10, 20], [30]]


def test_pens_keep_their_lines_through_clipping():
    gap = np.full((3, 1), np.nan)
    points = np.concatenate([line([-50, 150], [10, 10], 0.0), gap, line([-50, 150], [20, 20], 1.0)], axis=1)
    points[2, 2] = 0
    found = list(strokes.paths(points, BOX))
    assert [pen for pen, _ in found] == [0, 1]
    assert [path.elementAt(0).y for _, path in found] == [10, 20]


def distance(points, kept):
    """How far each point is from the polyline through the kept ones, at most."""
    a, b = kept[:2, :-1, None], kept[:2, 1:, None]
    p = points[:2, None, :]
    along = ((p - a) * (b - a)).sum(axis=0) / np.maximum(((b - a) ** 2).sum(axis=0), 1e-12)
    foot = a + np.clip(along, 0, 1) * (b - a)
    return np.sqrt(((p - foot) ** 2).sum(axis=0)).min(axis=0).max()


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("straight", 2, 40), ("circle", 20, 200), ("zigzag", 400, 400), ("resting", 2, 3), ("wave", 50, 1500)],
)
def test_thinning_moves_nothing_by_more_than_half_a_pixel(name, least, most):
    t = np.linspace(0, 1, 5000)
    points = {
        "straight": line(100 * t, 80 * t),
        "circle": line(50 + 30 * np.cos(7 * t), 40 + 30 * np.sin(7 * t)),
        "zigzag": zigzag(400),
        "resting": line(50 + 0.01 * t, 40 + 0 * t),
        "wave": line(100 * t, 40 + 20 * np.sin(60 * t)),
    }[name]
    kept = strokes.thinned(points)
    assert least <= kept.shape[1] <= most
    assert (kept[:, [0, -1]] == points[:, [0, -1]]).all()
    assert distance(points[:, ::7], kept) < 0.5


def test_thinning_keeps_the_ends_of_every_line():
    gap = np.full((3, 1), np.nan)
    short = line([10, 10.01], [10, 10])  # what a line that hardly moves grows by in a frame
    kept = strokes.thinned(np.concatenate([short, gap, short, gap], axis=1))
    assert kept.shape[1] == 6


def test_thinning_leaves_the_way_out_of_all_bounds():
    kept = strokes.thinned(line([10, 20, 30, 40], [10, 20, 30, 1e300]))
    assert kept[1].tolist() == [10, 30, 1e300]


def test_a_way_there_and_back_is_not_straight():
    kept = strokes.thinned(line([10, 90, 10, 90, 10], [40, 40, 40, 40, 40]))
    assert kept[0].tolist() == [10, 90, 10, 90, 10]


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("dash", [None, 4.0])
def test_coinciding_lines_share_the_way(count, dash):
    x, y = np.linspace(3, 397, 40), np.linspace(0, 50, 40)
    parts = in_turns(line(x, y), 10.0, range(count), dash)
    starts, ends, gaps = parts[:, 0::3], parts[:, 1::3], parts[0, 2::3]
    assert np.isnan(gaps).all()
    assert starts[1] == pytest.approx(np.interp(starts[0], x, y))
    assert set(starts[2]) == set(range(count))
    assert (np.diff(parts[2]) >= 0).all()  # pen by pen
    assert (np.floor((starts[0] + ends[0]) / 20) % count == starts[2]).all()
    covered = (ends[0] - starts[0]).sum()
    assert covered == pytest.approx(397 - 3, rel=0.02) if dash is None else covered == pytest.approx(197, rel=0.05)
    taken = sorted(zip(starts[0], ends[0], strict=True))
    assert all(one[1] <= other[0] + 1e-9 for one, other in pairwise(taken))


@pytest.mark.parametrize("x", [[], [5.0], [0.0, 1e300], [-np.inf, 5.0]])
def test_ways_that_cannot_be_cut_stay_whole(x):
    points = line(np.array(x), np.array(x))
    assert in_turns(points, 10.0, (0, 1), None) is points


def test_turns_alternate_where_cuts_are_no_whole_numbers():
    """0.3 / 0.1 is less than 3: whose turn it is is asked in the middle of a piece, not at its cut."""
    parts = in_turns(np.array([[0.0, 5.0], [0.0, 1.0], [0.0, 0.0]]), 0.1, (0, 1), None)
    starts = parts[:, 0::3]
    assert starts[2, np.argsort(starts[0])].tolist() == [0, 1] * 25
