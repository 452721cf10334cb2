"""The knots of a manual decay on the learning-rate curve, to be dragged and deleted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from ...widgets.pixels import PixelItem
from ...widgets.theme import LIGHT, Theme, px

RADIUS = 5.5  # pixels, at scale 1
GRIP = 9.0


class KnotHandles(PixelItem):
    """A diamond for every knot, in the plot's coordinates."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.hot: int | None = None
        self._points: Sequence[QPointF] = ()
        self._color = ""

    def show_knots(self, points: Sequence[QPointF], color: str) -> None:
        """Shows knots at these points of the plot, in a run's colour."""
        if (points, color) != (self._points, self._color):
            self._points, self._color = points, color
            self.update()

    def nearest(self, position: QPointF) -> int | None:
        """The knot that a scene position takes hold of."""
        best, best_distance = None, px(GRIP)
        box = self.getViewBox()
        if box is None:
            return None
        for index, point in enumerate(self._points):
            distance = (box.mapViewToScene(point) - position).manhattanLength()
            if distance <= best_distance:
                best, best_distance = index, distance
        return best

    def show_hot(self, index: int | None) -> None:
        """Draws the knot under the mouse larger."""
        if index != self.hot:
            self.hot = index
            self.update()

    def draw(self, painter: QPainter, transform: QTransform, box: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.theme.card), px(1.5)))
        painter.setBrush(QColor(self._color))
        for index, point in enumerate(self._points):
            painter.drawPolygon(diamond(transform.map(point), px(RADIUS + (2 if index == self.hot else 0))))


def diamond(at: QPointF, radius: float) -> QPolygonF:
    """A square on its corner around a point."""
    right, down = QPointF(radius, 0), QPointF(0, radius)
    return QPolygonF([at - right, at - down, at + right, at + down])
