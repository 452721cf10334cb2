"""Lines that grow with the cursor, drawn fast.

Stroking a long wide antialiased line anew for every frame is what makes playback slow. So a layer keeps what it has
drawn in images of the screen's own resolution: a step forward draws only the new segments, and a paint copies the
images. Another zoom, size or set of lines draws all of it again; where that takes longer than a frame has, a zoom
stretches the images while the view moves, and draws when it rests.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from ..engine.trajectory import Array
from .pixels import Numbers, PixelItem, blank_image, density, in_shapes, to_pixels, whole_pixels
from .strokes import in_turns, paths, thinned
from .theme import px

STRIPE_PX = 14.0  # where lines coincide each shows for so many pixels in turn
DASH_PX = 6.0
HALO_PX = 2.4
FAINT = 0.35
MARGIN_PX = 9
AFFORDABLE = 0.012  # seconds: what may be drawn again for every frame of a zoom
REST_MS = 120


@dataclass(frozen=True, eq=False)
class Stroke:
    """A polyline in the plot's coordinates. nan breaks it.

    Where several strokes coincide they are one with several colours, which take turns in being seen. That, and dashes,
    are for curves, whose x grows.
    """

    x: Numbers
    y: Array
    colors: tuple[str, ...]
    width: float = 2.0
    dashed: bool = False

    @property
    def whole(self) -> bool:
        return not self.dashed and len(self.colors) == 1


def around(box: QRectF) -> QRectF:
    """The box with room for caps and joins at its edge."""
    return box.adjusted(-MARGIN_PX, -MARGIN_PX, MARGIN_PX, MARGIN_PX)


class PolylineLayer(PixelItem):
    """The lines of a plot up to a step, the rest of them faint if wished, with a halo in the ground's colour."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Stroke] = ()
        self.step = 0  # the cursor's
        self.rest = False  # whether what lies past it is shown, too
        self._numbered: list[tuple[list[int], Stroke]] = []  # lines with the numbers of their pens
        self._pens: list[tuple[str, float, bool]] = []
        self._halo: QColor | None = None
        self._images: dict[str, QImage] = {}
        self._key: object = None  # what the images were drawn for
        self._transform, self._box = QTransform(), QRectF()  # of the images
        self._seen = QTransform()  # the one of the last paint
        self._drawn = 0  # up to which step
        self._seconds = 0.0  # that drawing all took
        self._resting = QTimer(self, singleShot=True, interval=REST_MS)
        self._resting.timeout.connect(self._start_again)

    @property
    def moving(self) -> bool:
        """Whether the images are stretched, until the view rests."""
        return self._resting.isActive()

    def show_lines(self, lines: Sequence[Stroke]) -> None:
        """Draws these lines from now on."""
        self.lines = lines
        styles = [[(color, line.width, line.whole) for color in line.colors] for line in lines]
        self._pens = list(dict.fromkeys(style for own in styles for style in own))
        numbered = [([self._pens.index(style) for style in own], line) for own, line in zip(styles, lines, strict=True)]
        self._numbered = sorted(numbered, key=lambda pair: pair[0])  # lines of one pen are drawn together
        self._start_again()

    def show_style(self, *, halo: str | None, rest: bool) -> None:
        """`halo` is the colour of a rim around the lines; `rest` shows what lies past the cursor, faintly."""
        self._halo, self.rest = QColor(halo) if halo else None, rest
        self._start_again()

    def show_cursor(self, cursor: int) -> None:
        """Draws the lines up to this step."""
        self.step = cursor
        self.update()

    def _start_again(self) -> None:
        self._key = None
        self.update()

    def draw(self, painter: QPainter, transform: QTransform, box: QRectF) -> None:
        if in_shapes(painter):
            self._draw_shapes(painter, transform, box)
            return
        ratio = density(painter)
        box = whole_pixels(box, ratio)
        key = (ratio, box.size().toTuple(), px(1))
        if key != self._key or self.step < self._drawn:
            self._draw_all(transform, box, ratio)
        elif transform != self._transform:
            if self._seconds < AFFORDABLE:
                self._draw_all(transform, box, ratio)
            elif transform != self._seen:
                self._resting.start()
        self._seen = QTransform(transform)
        if self.step > self._drawn:
            self.draw_steps(("halo", "ink"), self._drawn, self.step)
            self._drawn = self.step
        self._key = key
        back = self._transform.inverted()[0]
        target = transform.mapRect(back.mapRect(self._box)) if transform != self._transform else self._box
        for name, opacity in (("rest", FAINT), ("halo", 1.0), ("ink", 1.0)):
            if name in self._images:
                painter.setOpacity(opacity)
                painter.drawImage(target, self._images[name])

    def _draw_all(self, transform: QTransform, box: QRectF, ratio: float) -> None:
        began = time.perf_counter()
        self._transform, self._box = QTransform(transform), box
        names = ["ink"] + ["halo"] * (self._halo is not None) + ["rest"] * self.rest
        self._images = {name: blank_image(box, ratio) for name in names}
        self.draw_steps(("halo", "ink"), 0, self.step)
        if self.rest:
            self.draw_steps(("rest",), self.step, self._last())
        self._drawn = self.step
        self._seconds = time.perf_counter() - began

    def _last(self) -> int:
        """The last step of the longest line."""
        return max((len(line.x) for line in self.lines), default=0) - 1

    def draw_steps(self, names: Sequence[str], first: int, last: int) -> None:
        """Adds the lines from step `first` to step `last` to these images: "halo", "ink" or "rest"."""
        corner = QTransform.fromTranslate(-self._box.left(), -self._box.top())
        inside = QRectF(0, 0, self._box.width(), self._box.height())
        pieces = list(paths(self._points(self._transform * corner, first, last), around(inside)))
        for name in names:
            if name in self._images:
                painter = QPainter(self._images[name])
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._draw_pieces(painter, pieces, self._halo if name == "halo" else None)
                painter.end()

    def _draw_shapes(self, painter: QPainter, transform: QTransform, box: QRectF) -> None:
        """Draws all of it, a path a pen: a file should not hold more shapes than it must."""
        last = self._last()
        painter.setClipRect(box)
        parts = [("rest", self.step, last)] * self.rest + [("halo", 0, self.step)] * (self._halo is not None)
        for name, start, end in [*parts, ("ink", 0, self.step)]:
            points = self._points(transform, start, end)
            painter.setOpacity(FAINT if name == "rest" else 1.0)
            whole = paths(points, around(box), piece=max(1, points.shape[1]))
            pieces = [(pen, path) for pen, path in whole if not path.isEmpty()]  # which would be drawn as a dot
            self._draw_pieces(painter, pieces, self._halo if name == "halo" else None)

    def _points(self, transform: QTransform, first: int, last: int) -> Array:
        """The lines' points in pixels, with the numbers of their pens, a gap after each line."""
        whole = [(pens[0], line) for pens, line in self._numbered if line.whole]
        lengths = [max(0, min(last + 1, len(line.x)) - first) for _, line in whole]
        points = np.full((3, sum(lengths) + len(whole)), np.nan)
        begin = 0
        for (pen, line), length in zip(whole, lengths, strict=True):
            points[0, begin : begin + length] = line.x[first : first + length]
            points[1, begin : begin + length] = line.y[first : first + length]
            points[2, begin : begin + length + 1] = pen
            begin += length + 1
        points[0], points[1] = to_pixels(transform, points[0], points[1])
        parts = [points]
        for pens, line in self._numbered:
            if not line.whole:
                x, y = to_pixels(transform, line.x[first : last + 1], line.y[first : last + 1])
                part = thinned(np.stack([x, y, np.full(len(x), float(pens[0]))]))
                parts.append(in_turns(part, STRIPE_PX, pens, DASH_PX if line.dashed else None))
        return np.concatenate(parts, axis=1)

    def _draw_pieces(self, painter: QPainter, pieces: Sequence[tuple[int, QPainterPath]], halo: QColor | None) -> None:
        pens = []
        for color, width, whole in self._pens:
            pen = QPen(halo or QColor(color), px(width + (HALO_PX if halo else 0)))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap if whole else Qt.PenCapStyle.FlatCap)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)  # at half the price of round ones, and here as good
            pens.append(pen)
        for number, path in pieces:
            painter.setPen(pens[number])
            painter.drawPath(path)
