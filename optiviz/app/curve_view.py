"""A curve over the steps, for every run, with the cursor line that all curves share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ..engine.trajectory import Array, Outcome
from ..scene.runner import Result
from .curves import Curve
from .keyboard import by_tab, leave_field
from .knots import KnotHandles
from .plot import Plot
from .polylines import Line, PolylineLayer
from .theme import LIGHT, TEXT_PX, Theme, px, sans
from .words import brief

LEAST_TITLE = 70  # pixels
MOST_READINGS = 10
LOWEST_LOG = -40.0  # 1e-40: below, a curve only shows rounding
DIVERGED_DECADES = 3.0  # how far above everything else a diverging run may stretch the axis
NO_RANGE = (0.0, 1.0)
SAMPLES, DIGITS = 16, 9  # points and decimals that tell curves apart


class CurveMarks(pg.GraphicsObject):
    """The cursor line, and the values where the mouse is."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.cursor = 0
        self.hover: int | None = None
        self.unit = "step"  # what the horizontal axis counts
        self.readings: Sequence[tuple[str, str, str]] = ()

    def boundingRect(self) -> QRectF:
        return self.getViewBox().viewRect() if self.getViewBox() else QRectF()

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, *_: object) -> None:
        transform = painter.worldTransform()
        box = transform.mapRect(self.boundingRect())
        painter.save()
        painter.resetTransform()
        cursor = transform.map(QPointF(self.cursor, 0)).x()
        color = QColor(self.theme.text)
        color.setAlphaF(0.6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # equally sharp at every step
        width = round(px(2))
        painter.fillRect(QRectF(round(cursor) - width // 2, box.top(), width, box.height()), color)
        if self.hover is not None:
            self._draw_readings(painter, box, transform.map(QPointF(self.hover, 0)).x())
        painter.restore()

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
        ground = QColor(self.theme.card)
        ground.setAlpha(240)
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(card, 5, 5)
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
        for side in ("left", "bottom"):
            self.getAxis(side).setZValue(-1000)  # the grid belongs under the curves
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


class CurveView(QWidget):
    """A curve with its title and its switches in the head. Further widgets may be put into `head`."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = CurvePlot()
        self.plot.setObjectName(name)
        self.plot.hovered.connect(self._read)
        self.title = QLabel()
        self.title.setObjectName("title")
        self.title.setMinimumWidth(LEAST_TITLE)  # a long title must not widen the column
        self.head = QHBoxLayout()
        self.head.setContentsMargins(10, 0, 8, 0)
        self.head.setSpacing(4)
        self.head.addWidget(self.title)
        self.head.addStretch(1)
        self.empty = QLabel(self.plot)
        self.empty.setObjectName("quiet")
        self.empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 7, 6, 3)
        layout.setSpacing(2)
        layout.addLayout(self.head)
        layout.addWidget(self.plot, 1)
        self._values: list[tuple[str, str, tuple[Array, ...]]] = []

    def add_switch(self, text: str, tip: str) -> QToolButton:
        """A small toggle in the head."""
        switch = QToolButton(text=text, checkable=True, toolTip=tip)
        switch.setObjectName("toggle")
        by_tab(switch)
        self.head.addWidget(switch)
        return switch

    def dress(self, theme: Theme) -> None:
        self.plot.dress(theme)
        self.plot.marks.theme = self.plot.knots.theme = theme
        self.plot.lines.show_style(halo=None, rest=True)
        self.plot.getAxis("left").setWidth(px(46))
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setTickPen(QPen(QColor(theme.grid), 1))

    def show_result(self, result: Result, curve: Curve, *, log: bool) -> None:
        """Draws the curve of every visible run."""
        scene = result.scene
        self.title.setText(curve.title)
        self.title.setToolTip(curve.help)
        lines: list[Line] = []
        sound: list[Array] = []
        wild: list[Array] = []
        self._values = []
        for index, (run, trajectory) in enumerate(zip(scene.runs, result.trajectories, strict=True)):
            if not run.visible:
                continue
            values = curve.values(result, index)
            self._values.append((run.color or "", run.label or "", values))
            for number, value in enumerate(values):
                shown = logarithm(value) if log else value
                lines.append(Line(trajectory.step, shown, (run.color or "",), dashed=number == 1))
                (wild if trajectory.outcome is Outcome.DIVERGED else sound).append(shown)
        low, high = reach(sound, wild, log, from_zero=curve.from_zero and not log)
        drawn = any(np.isfinite(line.y).any() for line in lines)
        axis = self.plot.getAxis("left")
        if axis.logMode != (log and drawn):  # setting it draws the axis anew
            axis.setLogMode(False, log and drawn)
        margin = scene.steps * 0.006  # keeps the first and the last tick inside
        self.plot.box.setRange(xRange=(-margin, scene.steps + margin), yRange=(low, high), padding=0)
        self.plot.last_step = scene.steps
        self.plot.lines.show_lines(merged(lines))
        self.empty.setText("" if drawn or not lines else self._why_empty(curve, log))
        self.empty.setVisible(bool(self.empty.text()))
        self._read()

    def show_cursor(self, cursor: int) -> None:
        if cursor == self.plot.marks.cursor:
            return
        self.plot.marks.cursor = cursor
        self.plot.lines.show_cursor(cursor)
        self.plot.marks.update()

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)
        self.empty.setGeometry(self.plot.rect().adjusted(56, 10, -10, -30))

    def sizeHint(self) -> QSize:
        return QSize(370, 200)

    def _why_empty(self, curve: Curve, log: bool) -> str:
        if curve.key == "distance":
            return "This surface has no minimum."
        return "No value here is greater than 0: nothing to draw on a logarithmic axis." if log else "Nothing to draw."

    def _read(self) -> None:
        step = self.plot.marks.hover
        readings = []
        if step is not None:
            for color, label, values in self._values[:MOST_READINGS]:
                at = [brief(float(value[step])) if step < len(value) else "diverged" for value in values]
                readings.append((color, label, ", ".join(dict.fromkeys(at))))
        self.plot.marks.readings = readings
        self.plot.marks.update()


def logarithm(values: Array) -> Array:
    """log₁₀, nan where there is none."""
    with np.errstate(all="ignore"):
        return np.where(values > 0, np.maximum(np.log10(np.where(values > 0, values, 1.0)), LOWEST_LOG), np.nan)


def reach(sound: Sequence[Array], wild: Sequence[Array], log: bool, *, from_zero: bool = False) -> tuple[float, float]:
    """The least and the greatest value to show. Diverging runs (`wild`) may not flatten the others.

    They move in small jumps, so that an axis rests, and need not be drawn, while something is dragged.
    """

    def ends(arrays: Sequence[Array]) -> tuple[float, float] | None:
        finite = [a[np.isfinite(a)] for a in arrays]
        finite = [a for a in finite if len(a)]
        return (min(float(a.min()) for a in finite), max(float(a.max()) for a in finite)) if finite else None

    normal, diverging = ends(sound), ends(wild)
    starts = ends([a[np.isfinite(a)][:1] for a in wild])  # a logarithm has no first value where it begins with 0
    if normal is None and diverging is None:
        return NO_RANGE
    if diverging is not None and starts is not None:
        low, high = normal or starts
        room = DIVERGED_DECADES if log else max(high - low, abs(high), 1e-300) * 2
        normal = (min(low, max(diverging[0], low - room)), max(high, min(diverging[1], high + room)))
    assert normal is not None
    low, high = normal
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    span = min(high - low, 1e300) or (abs(high) * 0.1 or 1.0)
    jump = 2.0 ** np.floor(np.log2(span / 24))
    return float(np.floor((low - span * 0.02) / jump) * jump), float(np.ceil((high + span * 0.04) / jump) * jump)


def coincide(y: Array, other: Array) -> bool:
    """Whether two curves differ by rounding errors at most. Most that do are equal, which is told much faster."""
    return np.array_equal(y, other) or np.allclose(y, other, rtol=0, atol=10.0**-DIGITS, equal_nan=True)


def merged(lines: Sequence[Line]) -> list[Line]:
    """The lines, those that coincide made one with all their colours.

    Lines that only differ by rounding errors coincide. A few of their points tell most lines apart.
    """
    groups: dict[tuple[object, ...], list[tuple[Line, list[str]]]] = {}
    with np.errstate(over="ignore"):  # losses of 1e300, of which rounding makes infinity
        for line in lines:
            sample = np.round(line.y[:: max(1, len(line.y) // SAMPLES)], DIGITS) + 0.0
            group = groups.setdefault((len(line.y), line.width, line.dashed, sample.tobytes()), [])
            for other, colors in group:
                if coincide(line.y, other.y):
                    colors.extend(line.colors)
                    break
            else:
                group.append((line, list(line.colors)))
    return [
        Line(line.x, line.y, tuple(colors), line.width, line.dashed)
        for group in groups.values()
        for line, colors in group
    ]
