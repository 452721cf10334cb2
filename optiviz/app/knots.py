"""The knots of a manual decay on the learning-rate curve, to be dragged and deleted."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from .theme import LIGHT, Theme, px

RADIUS = 5.5  # pixels, at scale 1
GRIP = 9.0


class KnotHandles(pg.GraphicsObject):
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
        for index, point in enumerate(self._points):
            distance = (self.getViewBox().mapViewToScene(point) - position).manhattanLength()
            if distance <= best_distance:
                best, best_distance = index, distance
        return best

    def show_hot(self, index: int | None) -> None:
        """Draws the knot under the mouse larger."""
        if index != self.hot:
            self.hot = index
            self.update()

    def boundingRect(self) -> QRectF:
        return self.getViewBox().viewRect() if self.getViewBox() else QRectF()

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, *_: object) -> None:
        if not self._points:
            return
        transform = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.theme.card), px(1.5)))
        painter.setBrush(QColor(self._color))
        for index, point in enumerate(self._points):
            painter.drawPolygon(diamond(transform.map(point), px(RADIUS + (2 if index == self.hot else 0))))
        painter.restore()


def diamond(at: QPointF, radius: float) -> QPolygonF:
    """A square on its corner around a point."""
    right, down = QPointF(radius, 0), QPointF(0, radius)
    return QPolygonF([at - right, at - down, at + right, at + down])
