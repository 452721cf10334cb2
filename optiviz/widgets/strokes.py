"""From many points to few painter paths that look the same.

Points lie in the columns of arrays of shape (3, n): x and y in pixels and the number of a pen. nan parts one line from
the next. All lines of a plot go through together: NumPy's price is that of the call, not of the number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from ..engine.trajectory import Array

CELL = 0.25  # pixels: points that move less than this from the one before are not drawn
STRAIGHT = 0.1  # pixels: nor are points that lie so near to the line between their neighbours
PASSES = 6  # each drops at most every second point
PIECE = 64  # points
LONGEST_WAY = 100_000  # pixels: longer lines are drawn whole


def paths(points: Array, box: QRectF, *, piece: int = PIECE) -> Iterator[tuple[int, QPainterPath]]:
    """Pens and what they draw of the points, pen by pen.

    In pieces, because stroking one long line costs more than in proportion to its length.
    """
    points = clipped(thinned(points), box)
    ends = [*(np.flatnonzero(np.diff(points[2])) + 1).tolist(), points.shape[1]]
    first = 0
    for end in ends:
        for start in range(first, end - 1, piece):
            x, y, _ = points[:, start : min(start + piece + 1, end)]
            gaps = np.isnan(x + y)
            if gaps[-1]:  # at the end of most pieces, and without it the rest is often whole, which is drawn faster
                x, y, gaps = x[:-1], y[:-1], gaps[:-1]
            if np.count_nonzero(gaps) < len(gaps) - 1:  # two points at least
                yield int(points[2, start]), pg.arrayToQPath(x, y, connect="finite" if gaps.any() else "all")
        first = end


def thinned(points: Array) -> Array:
    """Without the points that make no difference: too near to the one before, or on the way between two others.

    The first and the last point of every line stay: what a line grows by in a frame may be less than a cell.
    """
    if points.shape[1] < 3:
        return points
    with np.errstate(all="ignore"):
        cells = np.round(points[:2] / CELL)
        moved = np.ones(points.shape[1], dtype=bool)
        moved[1:] = (cells[:, 1:] != cells[:, :-1]).any(axis=0)
        moved[:-1] |= np.isnan(points[:2, 1:]).any(axis=0)
        moved[-1] = True
        points = points[:, moved]
        for _ in range(PASSES):
            before, point, after = points[:2, :-2:2], points[:2, 1:-1:2], points[:2, 2::2]
            chord, way = after - before, point - before
            length = (chord * chord).sum(axis=0)
            along, beside = (chord * way).sum(axis=0), chord[0] * way[1] - chord[1] * way[0]
            near = (beside * beside <= STRAIGHT**2 * length) & np.isfinite(length)
            straight = near & (along >= 0) & (along <= length) & (length > 0)
            if not straight.any():
                break
            kept = np.ones(points.shape[1], dtype=bool)
            kept[1:-1:2] = ~straight
            points = points[:, kept]
    return points


def clipped(points: Array, box: QRectF) -> Array:
    """What of the lines is inside the box, with gaps where they leave it."""
    x, y, pens = points
    outside = (x < box.left()) | (x > box.right()) | (y < box.top()) | (y > box.bottom())
    if not outside.any():
        return points
    x0, y0, x1, y1, kept = clip(x[:-1], y[:-1], x[1:], y[1:], box)
    if not len(x0):
        return points[:, :0]
    pens = pens[:-1][kept]
    # A segment begins where the one before ends, or else there is a gap.
    gaps = np.flatnonzero((x0[1:] != x1[:-1]) | (y0[1:] != y1[:-1]) | (pens[1:] != pens[:-1])) + 1
    starts = np.column_stack([np.full(len(gaps), np.nan), x0[gaps]]), np.column_stack([y0[gaps], y0[gaps]])
    places = np.repeat(gaps + 1, 2)
    return np.stack(
        [
            np.insert(np.append(x0[:1], x1), places, starts[0].ravel()),
            np.insert(np.append(y0[:1], y1), places, starts[1].ravel()),
            np.insert(np.append(pens[:1], pens), places, np.repeat(pens[gaps], 2)),
        ]
    )


def clip(
    x0: Array, y0: Array, x1: Array, y1: Array, box: QRectF
) -> tuple[Array, Array, Array, Array, npt.NDArray[np.bool_]]:
    """The parts of the segments inside the box, and which segments have one (Liang & Barsky 1984).

    Painters go wrong with coordinates beyond some 10,000 pixels, and clamping a coordinate would bend the line.
    """
    with np.errstate(all="ignore"):
        dx, dy = x1 - x0, y1 - y0
        enter, leave = np.zeros_like(x0), np.ones_like(x0)
        seen = np.isfinite(dx) & np.isfinite(dy)
        for delta, start, low, high in ((dx, x0, box.left(), box.right()), (dy, y0, box.top(), box.bottom())):
            first, second = (low - start) / delta, (high - start) / delta
            still = delta == 0
            seen &= ~still | ((start >= low) & (start <= high))
            enter = np.where(still, enter, np.maximum(enter, np.minimum(first, second)))
            leave = np.where(still, leave, np.minimum(leave, np.maximum(first, second)))
        seen &= enter <= leave
        x0, y0, dx, dy, enter, leave = (a[seen] for a in (x0, y0, dx, dy, enter, leave))
        return x0 + enter * dx, y0 + enter * dy, x0 + leave * dx, y0 + leave * dy, seen


def in_turns(points: Array, stripe: float, pens: Sequence[int], dash: float | None) -> Array:
    """A line whose x grows, cut at every `stripe` pixels of its way to the right: the pens take turns.

    With a `dash`, every second piece of that many pixels is left out.
    """
    x, y, _ = points
    if len(x) < 2 or not (np.isfinite(x[0]) and np.isfinite(x[-1])) or x[-1] - x[0] > LONGEST_WAY:
        return points
    lengths = [stripe] * (len(pens) > 1) + [dash] * (dash is not None)
    cuts = np.concatenate(
        [np.arange(np.floor(x[0] / length) + 1, np.ceil(x[-1] / length)) * length for length in lengths]
    )
    at = np.concatenate([x, cuts])
    order = np.argsort(at, kind="stable")
    way, height = at[order], np.concatenate([y, np.interp(cuts, x, y)])[order]
    middle = (way[:-1] + way[1:]) / 2
    whose = np.asarray(pens, dtype=float)[np.floor(middle / stripe).astype(int) % len(pens)]
    kept = np.flatnonzero(np.floor(middle / dash) % 2 == 0) if dash is not None else np.arange(len(middle))
    kept = kept[np.argsort(whose[kept], kind="stable")]  # pen by pen
    gap = np.full(len(kept), np.nan)
    xs, ys = (np.column_stack([line[kept], line[kept + 1], gap]).ravel() for line in (way, height))
    return np.stack([xs, ys, np.repeat(whose[kept], 3)])
