"""A pyqtgraph plot that looks like OptiViz: what the contour view and the curves have in common."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPicture
from PySide6.QtWidgets import QGraphicsView, QWidget

from .pixels import Print
from .theme import TEXT_PX, Theme, px, sans

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
PLAIN_POWERS = 2  # 0.01 to 100 are written out
FRESH = QPicture()
OVERHANG = 24  # pixels


def power(exponent: float) -> str:
    """10 to the exponent, as a label: 10⁻⁵, 0.1, 1, 20, 300."""
    whole = round(exponent)
    if abs(exponent - whole) < 1e-9 and abs(whole) > PLAIN_POWERS:
        return "10" + str(whole).translate(SUPERSCRIPTS)
    mantissa = 10.0 ** (exponent % 1)
    if abs(mantissa - round(mantissa)) < 1e-6 and round(mantissa) not in (1, 2, 5, 10):
        return ""  # 3, 4, 6, 7, 8 and 9 would run into each other
    return f"{10.0**exponent:g}"


def over(color: QColor, ground: QColor) -> QColor:
    """What a translucent colour looks like on a ground. Drawn opaque, a thin line costs a tenth."""
    share = color.alphaF()

    def mixed(a: float, b: float) -> float:
        return share * a + (1 - share) * b

    return QColor.fromRgbF(
        mixed(color.redF(), ground.redF()),
        mixed(color.greenF(), ground.greenF()),
        mixed(color.blueF(), ground.blueF()),
    )


class Axis(pg.AxisItem):
    """An axis that writes a minus as a minus, and whose first and last labels may stand out at its ends.

    It is printed: pyqtgraph's way, to replay a QPicture with its texts at every paint, costs 3 to 5 ms an axis and so
    half of a frame. What changes an axis sets its `picture` to None.
    """

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.ground = QColor(Qt.GlobalColor.white)
        self._print = Print()

    def paint(self, painter: QPainter, *_: object) -> None:
        self._print.paint(painter, self.boundingRect(), self._draw, fresh=self.picture is None)
        self.picture = FRESH

    def _draw(self, painter: QPainter) -> None:
        font = self.style["tickFont"]
        if font is not None:
            painter.setFont(font)
        specs = self.generateDrawSpecs(painter)
        if specs is None:
            return
        (pen, start, end), ticks, texts = specs
        painter.setPen(pen)
        painter.drawLine(QPointF(start), QPointF(end))
        lines: dict[str, list[QLineF]] = {}  # one call a colour: a logarithmic grid has hundreds
        for pen, start, end in ticks:
            lines.setdefault(over(pen.color(), self.ground).name(), []).append(QLineF(start, end))
        for color, together in lines.items():
            painter.setPen(QPen(QColor(color), 1))
            painter.drawLines(together)
        painter.setPen(self.textPen())
        for rect, flags, text in texts:
            painter.drawText(rect, int(flags), text)

    def boundingRect(self) -> QRectF:
        return super().boundingRect().adjusted(-OVERHANG, -OVERHANG, OVERHANG, OVERHANG)

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        texts = super().tickStrings(values, scale, spacing)
        return [text.replace("e+", "e").replace("-", "−") for text in texts]

    def logTickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [power(value) for value in values]


class Plot(pg.PlotWidget):
    """Axes and a view box, without pyqtgraph's own buttons, menus and panning by mouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        axes = {side: Axis(side) for side in ("left", "bottom")}
        super().__init__(parent, axisItems=axes, enableMenu=False)
        self.sides = tuple(axes.values())
        # Whole repaints are three to six times as fast here as many small ones.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setAcceptDrops(False)  # else a run dragged across makes Qt complain that it leaves unannounced
        self.hideButtons()
        self.box = self.getPlotItem().getViewBox()
        self.box.setDefaultPadding(0)
        self.box.disableAutoRange()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for axis in self.sides:
            axis.setStyle(tickLength=0, tickTextOffset=6, maxTickLevel=1)
            axis.enableAutoSIPrefix(False)
        self.viewport().setMouseTracking(True)

    def set_theme(self, theme: Theme) -> None:
        self.setBackground(QColor(theme.card))
        # Room for half a label at the ends of the axes, and for its feet: pyqtgraph takes type for lower than it is.
        self.getPlotItem().layout.setContentsMargins(0, px(7), px(14), px(2))
        font = sans(TEXT_PX - 1)
        for axis in self.sides:
            if axis.style["tickFont"] != font:
                axis.setTickFont(font)
                axis.textWidth, axis.textHeight = 0, 0  # pyqtgraph would keep the room of larger type
            axis.ground = QColor(theme.card)
            axis.setPen(QPen(QColor(theme.line), 1))
            axis.setTextPen(QColor(theme.quiet))

    def at(self, position: QPointF) -> QPointF:
        """The plot's coordinates of a mouse position on this widget."""
        return self.box.mapSceneToView(self.mapToScene(position.toPoint()))

    def inside(self, position: QPointF) -> bool:
        """Whether a mouse position lies between the axes."""
        return self.box.sceneBoundingRect().contains(self.mapToScene(position.toPoint()))
