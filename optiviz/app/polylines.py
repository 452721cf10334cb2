"""Lines that grow with the cursor, drawn fast.

Stroking a long wide antialiased line anew for every frame is what makes playback slow. So a layer keeps what it has
drawn in images of the screen's own resolution: a step forward draws only the new segments, a paint copies the images,
and only another zoom, size or set of lines draws all of it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from ..engine.trajectory import Array
from .pixels import blank_image, density, in_shapes, simplified, to_pixels, whole_pixels
from .theme import px

STRIPE_PX = 14.0  # where lines coincide each shows for so many pixels in turn
DASH_PX = 6.0
FAINT = 0.35
HALO = 2.4  # pixels wider than the line
PIECE = 32  # segments


@dataclass(frozen=True, eq=False)
class Line:
    """A line in the plot's coordinates. nan breaks it.

    `turn` = (i, n) says that n lines coincide and this is the i-th of them: they take turns in being seen.
    """

    x: Array
    y: Array
    color: str
    width: float = 2.0
    dashed: bool = False
    turn: tuple[int, int] = (0, 1)


def clip(x0: Array, y0: Array, x1: Array, y1: Array, box: QRectF) -> tuple[Array, Array, Array, Array]:
    """The parts of the segments inside the box (Liang & Barsky 1984).

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
        return x0 + enter * dx, y0 + enter * dy, x0 + leave * dx, y0 + leave * dy


def paths(x: Array, y: Array, box: QRectF, *, whole: bool = False) -> Iterator[QPainterPath]:
    """The polyline, clipped, in pieces; steps of under a quarter pixel are joined.

    Pieces, because stroking one long line costs more than in proportion to its length, and single segments look rough.
    A `whole` line is for a file: in one piece, without the points that nobody would miss.
    """
    with np.errstate(all="ignore"):
        cell_x, cell_y = np.round(x * 4), np.round(y * 4)
        moved = np.ones(len(x), dtype=bool)
        moved[1:-1] = (cell_x[1:-1] != cell_x[:-2]) | (cell_y[1:-1] != cell_y[:-2])
    x, y = x[moved], y[moved]
    if whole:
        x, y = simplified(x, y)
    x0, y0, x1, y1 = clip(x[:-1], y[:-1], x[1:], y[1:], box)
    broken = np.flatnonzero((x0[1:] != x1[:-1]) | (y0[1:] != y1[:-1])) + 1
    ends = [*broken.tolist(), len(x0)]
    first, longest = 0, max(len(x0), 1) if whole else PIECE
    for end in ends:
        for start in range(first, end, longest):
            stop = min(start + longest, end)
            yield pg.arrayToQPath(
                np.append(x0[start:stop], x1[stop - 1]), np.append(y0[start:stop], y1[stop - 1]), connect="all"
            )
        first = end


def in_turns(x: Array, y: Array, length: float, turn: tuple[int, int]) -> tuple[Array, Array]:
    """The line cut at every `length` pixels of its way to the right, only every n-th piece kept, from the i-th."""
    if len(x) < 2:
        return x, y
    first, last = np.floor(x[0] / length), np.ceil(x[-1] / length)
    if not (np.isfinite(first) and np.isfinite(last)) or last - first > 20_000:
        return x, y
    cuts = np.arange(first, last + 1) * length
    cuts = cuts[(cuts > x[0]) & (cuts < x[-1])]
    at = np.concatenate([x, cuts])
    order = np.argsort(at, kind="stable")
    way, height = at[order], np.concatenate([y, np.interp(cuts, x, y)])[order]
    middle = (way[:-1] + way[1:]) / 2
    kept = np.floor(middle / length).astype(int) % turn[1] == turn[0]
    return pieces(way, height, kept)


def pieces(x: Array, y: Array, kept: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """The segments i → i+1 that are kept, with gaps (nan) between them."""
    gap = np.full(len(kept), np.nan)
    xs, ys = np.column_stack([x[:-1], x[1:], gap])[kept], np.column_stack([y[:-1], y[1:], gap])[kept]
    return xs.ravel(), ys.ravel()


class PolylineLayer(pg.GraphicsObject):
    """The lines of a plot up to the cursor, the rest of them faint if wished, with a halo in the ground's colour.

    `monotone` says that x grows along every line (curves over the steps), so that coinciding lines can take turns by
    pixels; else they take turns by steps.
    """

    def __init__(self, *, monotone: bool) -> None:
        super().__init__()
        self.monotone = monotone
        self._lines: Sequence[Line] = ()
        self._cursor = 0
        self._rest = False
        self._halo: QColor | None = None
        self._key: object = None
        self._drawn = 0  # the cursor up to which the images are drawn
        self._images: dict[str, QImage] = {}

    def show_lines(self, lines: Sequence[Line]) -> None:
        self._lines, self._key = lines, None
        self.update()

    def show_cursor(self, cursor: int) -> None:
        """Point number `cursor` is the last that is drawn."""
        self._cursor = cursor
        self.update()

    def show_style(self, *, halo: str | None, rest: bool) -> None:
        self._halo, self._rest, self._key = QColor(halo) if halo else None, rest, None
        self.update()

    def boundingRect(self) -> QRectF:
        return self.getViewBox().viewRect() if self.getViewBox() else QRectF()

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, *_: object) -> None:
        transform = painter.worldTransform()
        if in_shapes(painter):
            self._paint_shapes(painter, transform, transform.mapRect(self.boundingRect()))
            return
        ratio = density(painter)
        box = whole_pixels(transform.mapRect(self.boundingRect()), ratio)
        numbers = (transform.m11(), transform.m22(), transform.dx(), transform.dy())
        key = (numbers, ratio, box.getRect(), px(1))
        if key != self._key or self._cursor < self._drawn:
            self._key = key
            self._draw_all(transform, box, ratio)
        elif self._cursor > self._drawn:
            self._draw(transform, box, self._drawn, self._cursor)
        self._drawn = self._cursor
        painter.save()
        painter.resetTransform()
        for name, opacity in (("rest", FAINT), ("halo", 1.0), ("ink", 1.0)):
            if name in self._images:
                painter.setOpacity(opacity)
                painter.drawImage(box.topLeft(), self._images[name])
        painter.restore()

    def _draw_all(self, transform: QTransform, box: QRectF, ratio: float) -> None:
        names = ["ink"] + ["halo"] * (self._halo is not None) + ["rest"] * self._rest
        self._images = {}
        for name in names:
            self._images[name] = blank_image(box, ratio)
        self._draw(transform, box, 0, self._cursor)
        if self._rest:
            for line in self._lines:
                self._stroke("rest", line, transform, box, self._cursor, len(line.x) - 1, line.width)

    def _draw(self, transform: QTransform, box: QRectF, first: int, last: int) -> None:
        for line in self._lines:
            if self._halo is not None:
                self._stroke("halo", line, transform, box, first, last, line.width + HALO)
            self._stroke("ink", line, transform, box, first, last, line.width)

    def _paint_shapes(self, painter: QPainter, transform: QTransform, box: QRectF) -> None:
        """Draws all of it anew, a line as one path."""
        painter.save()
        painter.resetTransform()
        painter.setClipRect(box)
        painter.translate(box.topLeft())
        layers = [("rest", 0.0)] * self._rest + [("halo", HALO)] * (self._halo is not None) + [("ink", 0.0)]
        for name, wider in layers:
            painter.setOpacity(FAINT if name == "rest" else 1.0)
            for line in self._lines:
                whole = QPainterPath()
                first, last = (self._cursor, len(line.x) - 1) if name == "rest" else (0, self._cursor)
                for path in self._paths(name, line, transform, box, first, last, whole=True):
                    whole.addPath(path)
                if not whole.isEmpty():  # which would be drawn as a dot
                    painter.setPen(self._pen(name, line, line.width + wider))
                    painter.drawPath(whole)
        painter.restore()

    def _stroke(
        self, name: str, line: Line, transform: QTransform, box: QRectF, first: int, last: int, width: float
    ) -> None:
        painter = QPainter(self._images[name])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen(name, line, width))
        for path in self._paths(name, line, transform, box, first, last, whole=False):
            painter.drawPath(path)
        painter.end()

    def _pen(self, name: str, line: Line, width: float) -> QPen:
        color = self._halo if name == "halo" and self._halo is not None else QColor(line.color)
        pen = QPen(color, px(width))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if line.turn[1] > 1 or line.dashed else Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        return pen

    def _paths(
        self, name: str, line: Line, transform: QTransform, box: QRectF, first: int, last: int, *, whole: bool
    ) -> Iterator[QPainterPath]:
        """The line's points `first` to `last` in pixels from the box's corner."""
        x, y = to_pixels(transform, line.x[first : last + 1], line.y[first : last + 1])
        x, y = x - box.left(), y - box.top()
        if len(x) < 2:
            return
        if self.monotone and line.dashed:
            x, y = in_turns(x, y, DASH_PX, (0, 2))
        if line.turn[1] > 1 and name != "halo":
            if self.monotone:
                x, y = in_turns(x, y, STRIPE_PX, line.turn)
            else:
                x, y = pieces(x, y, np.arange(first, first + len(x) - 1) % line.turn[1] == line.turn[0])
        yield from paths(x, y, QRectF(0, 0, box.width(), box.height()).adjusted(-9, -9, 9, 9), whole=whole)
