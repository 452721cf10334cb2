"""Between a plot's coordinates and the pixels of a device; and what kind of device it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPaintEngine, QPainter, QTransform

from ..engine.trajectory import Array

Numbers = Array | npt.NDArray[np.int64]  # steps are whole, and many: not copied to become floats
SHAPES = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture)


def in_shapes(painter: QPainter) -> bool:
    """Whether the painter writes shapes (SVG, PDF) and not pixels: what is kept in images must be drawn anew there."""
    return painter.paintEngine().type() in SHAPES


def density(painter: QPainter) -> float:
    """How many pixels a unit has. For a widget rendered into an image it is the image that knows, not the device."""
    return painter.paintEngine().paintDevice().devicePixelRatio()


def to_pixels(transform: QTransform, x: Numbers, y: Array) -> tuple[Array, Array]:
    """Plot coordinates as pixels; plots only scale and shift."""
    with np.errstate(all="ignore"):
        return np.asarray(x, float) * transform.m11() + transform.dx(), y * transform.m22() + transform.dy()


def whole_pixels(rect: QRectF, ratio: float) -> QRectF:
    """The rectangle widened to whole pixels of a device with `ratio` of them to a unit: images there stay sharp."""
    device = QRectF(rect.left() * ratio, rect.top() * ratio, rect.width() * ratio, rect.height() * ratio)
    whole = device.toAlignedRect()
    return QRectF(whole.left() / ratio, whole.top() / ratio, whole.width() / ratio, whole.height() / ratio)


def pixel(transform: QTransform, x: float, y: float) -> QPointF | None:
    """One point in pixels; None where painters cannot go."""
    px, py = x * transform.m11() + transform.dx(), y * transform.m22() + transform.dy()
    return QPointF(px, py) if abs(px) < 1e5 and abs(py) < 1e5 else None


def blank_image(box: QRectF, ratio: float) -> QImage:
    """A transparent image as large as the box, with `ratio` pixels to a unit."""
    size = (max(1, round(box.width() * ratio)), max(1, round(box.height() * ratio)))
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image


class PixelItem(pg.GraphicsObject):
    """Something in a plot that is drawn in pixels: it fills the view, and nothing of it grows with the zoom."""

    def boundingRect(self) -> QRectF:
        """What is in view, in the plot's coordinates."""
        box = self.getViewBox()
        return box.viewRect() if box is not None else QRectF()

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, *_: object) -> None:
        transform = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        self.draw(painter, transform, transform.mapRect(self.boundingRect()))
        painter.restore()

    def draw(self, painter: QPainter, transform: QTransform, box: QRectF) -> None:
        """Draws itself in pixels. `transform` leads from the plot's coordinates to them; the plot fills `box`."""
        raise NotImplementedError


class Print:
    """A drawing kept as an image of the device's own pixels, and made again only when it must look different.

    Where shapes are wanted it is drawn as shapes.
    """

    def __init__(self) -> None:
        self._image = QImage()
        self._key: object = None

    def paint(self, painter: QPainter, rect: QRectF, draw: Callable[[QPainter], None], *, fresh: bool) -> None:
        """Paints what `draw` draws in `rect` (the painter's coordinates); if not `fresh`, what it drew last."""
        if in_shapes(painter):
            painter.save()
            draw(painter)
            painter.restore()
            return
        transform, ratio = painter.worldTransform(), density(painter)
        box = whole_pixels(transform.mapRect(rect), ratio)
        key = (box.getRect(), transform.m11(), transform.m22(), ratio)
        if fresh or key != self._key:
            self._key = key
            self._image = blank_image(box, ratio)
            inner = QPainter(self._image)
            inner.setTransform(transform * QTransform.fromTranslate(-box.left(), -box.top()))
            draw(inner)
            inner.end()
        painter.save()
        painter.resetTransform()
        painter.drawImage(box.topLeft(), self._image)
        painter.restore()
