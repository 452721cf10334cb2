"""Draws overlays: their lines, fills and labels, each with a halo that parts it from the surface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ...widgets.labels import paint_card
from ...widgets.theme import Theme, px
from .lettering import HALO, letters, written
from .shapes import HEAD, Arrow, Drawing, Ellipse, Square, triangle

TIP, TIP_HALF = 13.0, 6.0  # in pixels, as is
LINE = 2.6
PLATE = 190  # how opaque what lies under labels is, of 255
LINES_CONTRAST, WORDS_CONTRAST = 3.0, 7.5


class Brush:
    """Paints one Drawing: the marks of one run, in the run's colour, each with a halo in the ground's."""

    def __init__(self, painter: QPainter, theme: Theme, drawing: Drawing) -> None:
        self.painter, self.theme, self.drawing = painter, theme, drawing
        self.ink = QColor(ink(drawing.color, theme, LINES_CONTRAST))
        self.words = ink(drawing.color, theme, WORDS_CONTRAST)
        self.card = QColor(theme.card)

    def draw(self) -> None:
        drawing = self.drawing
        for square in drawing.squares:
            self._square(square)
        if drawing.ellipse is not None:
            self._ellipse(drawing.ellipse)
        self._ghost()
        for kind, line in drawing.legs:
            self._line(line, self._color(kind), 1.6, "split", [2.5, 2.0])
        for line in drawing.sum_lines:
            self._line(line, QColor(self.theme.text), 1.2, "", [4.0, 3.0])
        # The broad one lowest, the shortest on top: so none hides another.
        for arrow in sorted(drawing.arrows, key=lambda arrow: (arrow.kind != "step", -arrow.length)):
            if arrow.fate != "zero":
                self._arrow(arrow)
        for extra in drawing.extras:
            extra(self.painter)
        if drawing.ahead is not None:
            self.painter.setPen(self._pen(self.ink, 1.8))
            self.painter.setBrush(self.card)
            self.painter.drawEllipse(drawing.ahead, px(4), px(4))

    def draw_labels(self) -> None:
        ratio = self.painter.device().devicePixelRatio()
        for label in self.drawing.labels:
            if label.leader is not None:
                self._line(label.leader, self._color(label.mark), 1.0, "")
        for label in self.drawing.labels:  # all plates first: none may lie on the neighbour's letters
            rect = label.rect.adjusted(-px(2), px(1), px(2), -px(1))
            paint_card(self.painter, rect, self.theme, None, radius=px(4), alpha=PLATE)
        for label in self.drawing.labels:
            color = self.theme.text if label.mark == "gradient" else self.words
            pieces = written(label.text, px(1))[0]
            corner = label.rect.topLeft()
            for what in (self.theme.card, ""):  # all halos first: none may lie on the neighbour's letter
                for piece in pieces:
                    image = letters(piece.words, piece.font, px(1), what or color, bool(what), ratio)
                    at = corner + QPointF(piece.x, piece.y) - QPointF(px(HALO), px(HALO))
                    self.painter.drawImage(QPointF(round(at.x() * ratio) / ratio, round(at.y() * ratio) / ratio), image)

    def _color(self, kind: str) -> QColor:
        return QColor(self.theme.text) if kind == "gradient" else self.ink

    def _pen(self, color: QColor, width: float) -> QPen:
        pen = QPen(color, px(width))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        return pen

    def _glow(self, width: float) -> QPen:
        """The pen that lies under what is lit."""
        color = QColor(self.theme.accent)
        color.setAlpha(110)
        return self._pen(color, width + 11)

    def _layers(self, color: QColor, width: float, mark: str) -> list[QPen]:
        """The pens for a line, from the lowest: glow, halo, the line itself."""
        lit = mark in self.drawing.lit
        width = width * 1.45 if lit else width
        pens = [self._glow(width)] if lit else []
        return [*pens, self._pen(self.card, width + 2.6), self._pen(color, width)]

    def _line(self, line: QLineF, color: QColor, width: float, mark: str, dashes: Sequence[float] = ()) -> None:
        pens = self._layers(color, width, mark)
        if dashes:
            dash(pens[-1], dashes)
        for pen in pens:
            self.painter.setPen(pen)
            self.painter.drawLine(line)

    def _fill(self, alpha: int) -> QColor:
        color = QColor(self.drawing.color)
        color.setAlpha(alpha)
        return color

    def _square(self, square: Square) -> None:
        self.painter.fillRect(square.rect, self._fill(70))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in self._outline("squares", square.held):
            self.painter.setPen(pen)
            self.painter.drawRect(square.rect)

    def _ellipse(self, ellipse: Ellipse) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self._fill(36))
        # Smooth edges cost ten times as much; the outline covers rough ones.
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.painter.drawEllipse(ellipse.middle, ellipse.half_x, ellipse.half_y)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in self._outline("ellipse", ellipse.held):
            self.painter.setPen(pen)
            self.painter.drawEllipse(ellipse.middle, ellipse.half_x, ellipse.half_y)
        x, y = QPointF(ellipse.half_x, 0), QPointF(0, ellipse.half_y)
        self.painter.setPen(self._pen(self.ink, 1.0))
        for half in (x, y):
            self.painter.drawLine(QLineF(ellipse.middle - half, ellipse.middle + half))

    def _outline(self, mark: str, held: bool) -> list[QPen]:
        """The pens around a shape; dotted when it is held at a size that is not its own."""
        pens = self._layers(self.ink, 1.8, mark)
        if held:
            dash(pens[-1], [0.1, 2.2])
        return pens

    def _ghost(self) -> None:
        line, ghost = self.drawing.ghost_line, self.drawing.ghost
        if line is None:
            return
        if line.fate == "cut" or line.length > px(2 * HEAD):
            self._line(QLineF(line.tail, line.tip), self.ink, 1.8, "next", [0.1, 2.4])
        if line.fate == "cut":
            self._chevron(line, self.ink, 2.0, 0.0)
            self._chevron(line, self.ink, 2.0, 7.0)
        if ghost is not None:
            # Around the head, if it is still there.
            radius = px(HEAD if line.length > px(3 * HEAD) else HEAD + 3.5)
            self.painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in self._layers(self.ink, 2.2, "next"):
                self.painter.setPen(pen)
                self.painter.drawEllipse(ghost, radius, radius)

    def _arrow(self, arrow: Arrow) -> None:
        if arrow.fate == "cut":  # one more tip, at the very end
            self._chevron(arrow, self._color(arrow.kind), LINE, 0.0)
            arrow = replace(arrow, tip=arrow.tip - arrow.toward * px(9))
        {"gradient": self._solid, "velocity": self._dashed, "step": self._hollow}[arrow.kind](arrow)

    def _solid(self, arrow: Arrow) -> None:
        """A full line with a full tip."""
        u, color = arrow.toward, self._color(arrow.kind)
        tip = triangle(arrow.tip, u, self._tip_size(arrow), px(TIP_HALF))
        end = arrow.tip - u * self._tip_size(arrow) * 0.7
        pens = self._layers(color, LINE, arrow.kind)
        for pen in pens:
            self.painter.setPen(pen)
            if arrow.fate != "tiny":
                self.painter.drawLine(QLineF(arrow.tail, end))
            thin = QPen(pen)
            thin.setWidthF(max(pen.widthF() - px(LINE) + 0.6, 0.6))
            self.painter.setPen(thin)
            self.painter.setBrush(pen.color())
            self.painter.drawPolygon(tip)

    def _dashed(self, arrow: Arrow) -> None:
        """A dashed line with an open tip."""
        if arrow.fate != "tiny":
            self._line(QLineF(arrow.tail, arrow.tip), self.ink, LINE, arrow.kind, [3.2, 2.2])
        self._chevron(arrow, self.ink, LINE, 0.0, arrow.kind)

    def _hollow(self, arrow: Arrow) -> None:
        """An outlined arrow of some breadth."""
        u = arrow.toward
        n = QPointF(-u.y(), u.x())
        half, wide, tip = px(3.4), px(8.5), min(px(16.0), 0.5 * QLineF(arrow.tail, arrow.tip).length())
        neck = arrow.tip - u * tip
        if arrow.fate == "tiny":
            shape = triangle(arrow.tip + u * px(2), u, px(13), px(7.5))
        else:
            sides = [arrow.tail, neck, neck]
            breadths = [half, half, wide]
            there = [p + n * b for p, b in zip(sides, breadths, strict=True)]
            back = [p - n * b for p, b in zip(reversed(sides), reversed(breadths), strict=True)]
            shape = QPolygonF([*there, arrow.tip, *back])
        pens = self._layers(self.ink, 2.0, arrow.kind)
        self.painter.setBrush(self.card)
        for pen in pens:
            self.painter.setPen(pen)
            self.painter.drawPolygon(shape)

    def _tip_size(self, arrow: Arrow) -> float:
        return min(px(TIP), 0.6 * QLineF(arrow.tail, arrow.tip).length())

    def _chevron(self, arrow: Arrow, color: QColor, width: float, back: float, mark: str = "") -> None:
        """An open tip, `back` pixels before the arrow's end."""
        u = arrow.toward
        at = arrow.tip - u * px(back)
        foot, n = at - u * px(TIP * 0.75), QPointF(-u.y(), u.x()) * px(TIP_HALF)
        line = QPolygonF([foot + n, at, foot - n])
        for pen in self._layers(color, width, mark):
            self.painter.setPen(pen)
            self.painter.drawPolyline(line)


def dash(pen: QPen, dashes: Sequence[float]) -> None:
    """Dashes a pen, in units of its width."""
    pen.setCapStyle(Qt.PenCapStyle.RoundCap if dashes[0] < 1 else Qt.PenCapStyle.FlatCap)
    pen.setDashPattern(dashes)


@lru_cache(maxsize=256)
def ink(color: str, theme: Theme, least: float) -> str:
    """A run's colour, mixed with the text's until its contrast to the halo around it is `least`."""
    run, text, ground = QColor(color), QColor(theme.text), QColor(theme.card)
    for share in range(11):
        mixed = QColor(*(round(a + (b - a) * share / 10) for a, b in zip(rgb(run), rgb(text), strict=True)))
        if contrast(mixed, ground) >= least:
            return mixed.name()
    return theme.text


def rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()


def contrast(a: QColor, b: QColor) -> float:
    """The contrast ratio of the Web Content Accessibility Guidelines, from 1 to 21."""

    def luminance(color: QColor) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb(color))]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)
