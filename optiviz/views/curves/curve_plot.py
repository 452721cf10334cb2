"""The plot of a curve: the cursor line, the values where the mouse is, and what the mouse does in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPen, QTransform
from PySide6.QtWidgets import QWidget

from ...widgets.keyboard import leave_field
from ...widgets.labels import paint_card
from ...widgets.pixels import PixelItem
from ...widgets.plot import Plot
from ...widgets.polylines import PolylineLayer
from ...widgets.theme import LIGHT, TEXT_PX, Theme, px, sans
from .knots import KnotHandles


class CurveMarks(PixelItem):
    """The cursor line, and the values where the mouse is."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.step = 0  # the cursor's
        self.hover: int | None = None
        self.unit = "step"  # what the horizontal axis counts
        self.readings: Sequence[tuple[str, str, str]] = ()

    def draw(self, painter: QPainter, transform: QTransform, box: QRectF) -> None:
        cursor = transform.map(QPointF(self.step, 0)).x()
        color = QColor(self.theme.text)
        color.setAlphaF(0.6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # equally sharp at every step
        width = round(px(2))
        painter.fillRect(QRectF(round(cursor) - width // 2, box.top(), width, box.height()), color)
        if self.hover is not None:
            self._draw_readings(painter, box, transform.map(QPointF(self.hover, 0)).x())

    def _draw_readings(self, painter: QPainter, box: QRectF, x: float) -> None:
        painter.setPen(QPen(QColor(self.theme.quiet), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = sans(TEXT_PX - 1)
        metrics = QFontMetricsF(font)
        head = f"{self.unit} {self.hover}"
        height = metrics.height() + 1
        label = max((metrics.horizontalAdvance(row[1]) for row in self.readings), default=0)
        value = max((metrics.horizontalAdvance(row[2]) for row in self.readings), default=0)
        width = max(label + value + 40, metrics.horizontalAdvance(head) + 16)
        card = QRectF(x + 8, box.top() + 4, width, height * (len(self.readings) + 1) + 8)
        if card.right() > box.right():
            card.moveRight(x - 8)
        card.moveLeft(max(card.left(), box.left() + 2))
        paint_card(painter, card, self.theme, QColor(self.theme.line), radius=5, alpha=240)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.quiet))
        line = QRectF(card.left() + 8, card.top() + 4, card.width() - 16, height)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, head)
        for color, name, text in self.readings:
            line.translate(0, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color))
            painter.drawEllipse(QPointF(line.left() + 4, line.center().y()), 3.5, 3.5)
            painter.setPen(QColor(self.theme.text))
            words = line.adjusted(13, 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


class CurvePlot(Plot):
    """The plot itself: press or drag anywhere in it to move the cursor."""

    scrubbed = Signal(int)
    hovered = Signal()
    knot_dragged = Signal(int, int, float, bool)  # which, to which step and height, and whether it is still held
    knot_deleted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box.setMouseEnabled(x=False, y=False)
        self.lines, self.marks, self.knots = PolylineLayer(), CurveMarks(), KnotHandles()
        for depth, item in enumerate((self.lines, self.marks, self.knots)):
            item.setZValue(depth + 1)
            self.addItem(item, ignoreBounds=True)
        self.showGrid(x=True, y=True, alpha=1.0)
        for axis in self.sides:
            axis.setZValue(-1000)  # the grid belongs under the curves
        self.last_step = 0
        self._held = False
        self._knot: int | None = None  # the one that is being dragged
        self._knot_moved = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        leave_field()
        knot = self.knots.nearest(self.mapToScene(event.position().toPoint()))
        if event.button() == Qt.MouseButton.RightButton and knot is not None:
            self.knot_deleted.emit(knot)
        elif event.button() == Qt.MouseButton.LeftButton and knot is not None:
            self._knot, self._knot_moved = knot, False
        elif event.button() == Qt.MouseButton.LeftButton:
            self._held = True
            self.scrubbed.emit(self.step_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        step = self.step_at(event.position())
        if self._knot is not None:
            self._knot_moved = True
            self._drag_knot(event.position(), held=True)
        elif self._held:
            self.scrubbed.emit(step)
        free = self.inside(event.position()) and not self._held and self._knot is None
        self.marks.hover = step if free else None
        self.knots.show_hot(self.knots.nearest(self.mapToScene(event.position().toPoint())) if free else self._knot)
        self.setCursor(Qt.CursorShape.ArrowCursor if self.knots.hot is None else Qt.CursorShape.SizeAllCursor)
        self.hovered.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._knot is not None and self._knot_moved:  # a mere click moves nothing
            self._drag_knot(event.position(), held=False)
        self._held, self._knot = False, None

    def _drag_knot(self, position: QPointF, *, held: bool) -> None:
        assert self._knot is not None
        self.knot_dragged.emit(self._knot, self.step_at(position), self.at(position).y(), held)

    def leaveEvent(self, event: QEvent) -> None:
        self.marks.hover = None
        self.marks.update()

    def wheelEvent(self, event: QEvent) -> None:
        event.ignore()

    def step_at(self, position: QPointF) -> int:
        return min(max(round(self.at(position).x()), 0), self.last_step)
