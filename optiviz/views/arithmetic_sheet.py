"""The sheet on which lines of arithmetic stand: typeset for its width, and painted."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from ..engine.explaining.arithmetic import Line, Side, Step
from ..widgets import theme as themes
from ..widgets.theme import LIGHT, TEXT_PX, Theme

MARGIN = 14
WIDE = 620  # pixels from which formula and numbers stand beside each other
WIDEST_RESULT = "−8.888e−88"  # results keep their column while numbers change
BREAK = re.compile(r" (?=[+−/·] )")  # a line may be broken before an operator
EQUALS = "="


class Faces:
    """The fonts of the lines at the theme's scale, with their measures."""

    def __init__(self) -> None:
        bold = QFont.Weight.DemiBold
        self.scale = themes.px(1)
        self.formula = themes.math(TEXT_PX + 5)
        self.axis = themes.math(TEXT_PX + 2)
        self.number = themes.sans(TEXT_PX)
        self.result = themes.sans(TEXT_PX + 1, bold)
        self.note = themes.sans(TEXT_PX - 1)
        self._metrics: dict[str, QFontMetricsF] = {}

    def metrics(self, face: str) -> QFontMetricsF:
        if face not in self._metrics:
            self._metrics[face] = QFontMetricsF(getattr(self, face))
        return self._metrics[face]

    def width(self, face: str, text: str) -> float:
        return self.metrics(face).horizontalAdvance(text)

    def wrap(self, face: str, text: str, width: float) -> list[str]:
        """The text in rows no wider than `width`: broken before operators, if need be between words, or cut."""
        rows: list[str] = []
        for piece in self._pieces(face, text, width):
            longer = f"{rows[-1]} {piece}" if rows else ""
            if rows and self.width(face, longer) <= width:
                rows[-1] = longer
            else:
                rows.append(self.metrics(face).elidedText(piece, Qt.TextElideMode.ElideRight, width))
        return rows or [""]

    def _pieces(self, face: str, text: str, width: float) -> list[str]:
        """The text cut at blanks into pieces that fit, outside parentheses rather than inside."""
        pieces = [text]
        for cut in (outer_parts, BREAK.split, str.split):
            pieces = [
                part for piece in pieces for part in ([piece] if self.width(face, piece) <= width else cut(piece))
            ]
        return pieces


def outer_parts(text: str) -> list[str]:
    """The text cut before the operators that stand in no parentheses."""
    parts: list[str] = []
    depth = 0
    for part in BREAK.split(text):
        parts[-1:] = [f"{parts[-1]} {part}"] if depth else [*parts[-1:], part]
        depth += part.count("(") - part.count(")")
    return parts


@dataclass(frozen=True)
class Piece:
    """A text at its place: where its baseline begins."""

    x: float
    y: float
    face: str
    color: str
    text: str


@dataclass(frozen=True)
class Block:
    """A line as it is laid out: its ground, its texts, and where each axis's numbers are."""

    ground: QRectF
    pieces: tuple[Piece, ...]
    values: tuple[tuple[QRectF, Side], ...]


class Typesetter:
    """Lays out lines, one under the other, for a width."""

    def __init__(self, faces: Faces, width: float) -> None:
        scale = faces.scale
        self.faces = faces
        self.width = width
        self.left = self.margin = MARGIN * scale
        self.right = width - self.margin
        self.gap = 5 * scale
        self.axis = 16 * scale
        self.row = faces.metrics("number").height() * 1.18
        self.head = max(faces.metrics("formula").height(), self.row * 1.1)
        self.result = faces.width("result", WIDEST_RESULT) + 16 * scale
        self.equals = self.right - self.result
        self.wide = width >= WIDE * scale
        self.numbers = self.left
        self._pieces: list[Piece] = []
        self._values: list[tuple[QRectF, Side]] = []

    def set(self, lines: Sequence[Line]) -> list[Block]:
        """The lines as blocks."""
        if self.wide:
            self._set_columns(lines)
        blocks: list[Block] = []
        top = 0.0
        for line in lines:
            self._pieces, self._values = [], []
            gap = self.gap * (0.6 if line.shared else 1.0)  # lines of one row stand closer
            bottom = self._set_line(line, top + gap) + gap
            ground = QRectF(0, top, self.width, bottom - top)
            blocks.append(Block(ground, tuple(self._pieces), tuple(self._values)))
            top = bottom
        return blocks

    def _set_columns(self, lines: Sequence[Line]) -> None:
        """Where formulas end and where results begin, when they stand beside each other."""
        scale = self.faces.scale
        longest = max((self.faces.width("formula", line.text) for line in lines), default=0.0)
        self.numbers = self.left + min(longest, self.width * 0.4) + 24 * scale
        sides = [side.numbers for line in lines for side in (line.x, line.y)]
        longest = max((self.faces.width("number", text) for text in sides), default=0.0)
        # No farther away than need be, but in coarse steps: the column should not dance while numbers change.
        end, coarse = self.numbers + self.axis + longest + 10 * scale, 80 * scale
        self.equals = min(self.equals, math.ceil(end / coarse) * coarse)
        self.right = self.equals + self.result

    def _set_line(self, line: Line, top: float) -> float:
        """Sets one line from `top`; returns where it ends."""
        sides = [("", line.x)] if line.shared else [("x", line.x), ("y", line.y)]
        beside = self.wide or not line.x.numbers
        room = self.right - self.left
        if beside:
            room = (self.numbers - 24 * self.faces.scale if self.wide else self.equals - self.axis) - self.left
        bottom = self._set_formula(line, top, room)
        if not beside and len(sides) == 1:
            return self._set_shared(line, top, bottom)
        below = top + (self.head - self.row) / 2 if beside else bottom
        for axis, side in sides:
            below = self._set_side(axis, side, below)
        return max(bottom, below)

    def _set_formula(self, line: Line, top: float, room: float) -> float:
        rows = self.faces.wrap("formula", line.text, room)
        for row in rows:
            self._put(self.left, top, self.head, "formula", "text", row)
            top += self.head
        used = self.faces.width("formula", rows[-1]) + 12 * self.faces.scale
        if line.note and used + self.faces.width("note", line.note) <= room:
            self._put(self.left + used, top - self.head, self.head, "note", "quiet", line.note)
        return top

    def _set_shared(self, line: Line, top: float, bottom: float) -> float:
        """The one value of both axes: behind the formula's last row, if there is room for it, or below."""
        formula = self.faces.wrap("formula", line.text, self.right - self.left)[-1]
        start = self.left + self.faces.width("formula", formula) + 12 * self.faces.scale
        numbers = f"{EQUALS} {line.x.numbers}"
        if start + self.faces.width("number", numbers) < self.equals - 6 * self.faces.scale:
            self._put(start, bottom - self.head, self.head, "number", "text", numbers)
            self._set_result(line.x, bottom - self.head, self.head)
            return bottom
        return self._set_side("", line.x, bottom)

    def _set_side(self, axis: str, side: Side, top: float) -> float:
        """The numbers of an axis, in rows, the result behind the last of them."""
        start = self.numbers + self.axis
        rows = self._wrap_numbers(side.numbers, start)
        begin = top
        if axis:
            place = self.numbers if side.numbers else self.equals - self.axis
            self._put(place, top, self.row, "axis", "quiet", axis)
        for row in rows:
            self._put(start, top, self.row, "number", "text", row)
            top += self.row
        self._set_result(side, top - self.row, self.row)
        self._values.append((QRectF(0, begin, self.width, top - begin), side))
        return top

    def _wrap_numbers(self, text: str, start: float) -> list[str]:
        """The numbers in rows, of which only the last has to leave room for the result."""
        narrow, full = self.equals - 6 * self.faces.scale - start, self.right - start
        if self.faces.width("number", text) <= narrow:
            return [text]
        rows = self.faces.wrap("number", text, narrow if self.wide else full)
        return [*rows[:-1], *self.faces.wrap("number", rows[-1], narrow)]

    def _set_result(self, side: Side, top: float, height: float) -> None:
        self._put(self.equals, top, height, "number", "quiet", EQUALS)
        width = self.faces.width("result", side.text)
        self._put(self.right - width, top, height, "result", "text", side.text)

    def _put(self, x: float, top: float, height: float, face: str, color: str, text: str) -> None:
        """Adds a text in the middle of a row."""
        if text:
            metrics = self.faces.metrics(face)
            baseline = top + (height + metrics.ascent() - metrics.descent()) / 2
            self._pieces.append(Piece(x, baseline, face, color, text))


class Sheet(QWidget):
    """The lines themselves, the current one on a ground of its own."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("arithmetic sheet")
        self.setMouseTracking(True)
        self.theme: Theme = LIGHT
        self.faces = Faces()
        self.step = Step(0, ())
        self.current = 0
        self.blocks: list[Block] = []

    def show_step(self, step: Step) -> None:
        self.step = step
        self.lay_out()

    def rescale(self) -> None:
        """Takes over the theme's scale."""
        self.faces = Faces()
        self.lay_out()

    def lay_out(self) -> None:
        """Puts everything in its place for the width that there is."""
        self.blocks = Typesetter(self.faces, self.width()).set(self.step.lines)
        height = self.blocks[-1].ground.bottom() if self.blocks else 0
        self.setMinimumHeight(round(height))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self.lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.step.note:
            self._paint_note(painter)
        for number, block in enumerate(self.blocks):
            if not block.ground.intersects(QRectF(event.rect())):
                continue
            if number == self.current:
                self._paint_ground(painter, block.ground)
            for piece in block.pieces:
                painter.setFont(getattr(self.faces, piece.face))
                painter.setPen(QColor(getattr(self.theme, piece.color)))
                painter.drawText(QPointF(piece.x, piece.y), piece.text)

    def _paint_ground(self, painter: QPainter, ground: QRectF) -> None:
        """The ground of the current line, with a bar of the accent on its left."""
        inset = 5 * self.faces.scale
        box = ground.adjusted(inset, 0.5, -inset, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.selection))
        painter.drawRoundedRect(box, 5, 5)
        bar = QRectF(box.left(), box.top() + 4, 3, box.height() - 8)
        painter.setBrush(QColor(self.theme.accent))
        painter.drawRoundedRect(bar, 1.5, 1.5)

    def _paint_note(self, painter: QPainter) -> None:
        margin = round(MARGIN * self.faces.scale)
        painter.setFont(themes.sans(TEXT_PX + 1))
        painter.setPen(QColor(self.theme.quiet))
        box = self.rect().adjusted(margin, margin, -margin, -margin)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, self.step.note)

    def line_at(self, place: QPointF) -> int | None:
        """Which line is there."""
        return next((n for n, block in enumerate(self.blocks) if block.ground.contains(place)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self.line_at(event.position())
        if line is not None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(line)
        event.ignore()  # the view takes the focus

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def tip_at(self, place: QPointF) -> str:
        """The exact values there: of one axis on its row, of both beside them."""
        number = self.line_at(place)
        if number is None:
            return ""
        for rect, side in self.blocks[number].values:
            if rect.contains(place):
                return side.exact
        line = self.step.lines[number]
        return line.x.exact if line.shared else f"x {line.x.exact}\ny {line.y.exact}"
