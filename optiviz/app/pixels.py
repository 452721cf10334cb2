"""Between a plot's coordinates and the pixels of a device; and what kind of device it is."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPaintEngine, QPainter, QTransform

from ..engine.trajectory import Array

SHAPES = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture)
MISSED, MOST_PASSES = 0.03, 40


def in_shapes(painter: QPainter) -> bool:
    """Whether the painter writes shapes (SVG, PDF) and not pixels: what is kept in images must be drawn anew there."""
    return painter.paintEngine().type() in SHAPES


def density(painter: QPainter) -> float:
    """How many pixels a unit has. For a widget rendered into an image it is the image that knows, not the device."""
    return painter.paintEngine().paintDevice().devicePixelRatio()


def to_pixels(transform: QTransform, x: Array, y: Array) -> tuple[Array, Array]:
    """Plot coordinates as pixels; plots only scale and shift."""
    with np.errstate(all="ignore"):
        return x * transform.m11() + transform.dx(), y * transform.m22() + transform.dy()


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


def simplified(x: Array, y: Array) -> tuple[Array, Array]:
    """The polyline without points that lie on the way from the point before to the one after, to MISSED pixels.

    Every second point may go in a pass, so that no two neighbours go at once.
    """
    with np.errstate(all="ignore"):
        for turn in range(MOST_PASSES):
            dx, dy = x[2:] - x[:-2], y[2:] - y[:-2]
            to_x, to_y = x[1:-1] - x[:-2], y[1:-1] - y[:-2]
            square = dx * dx + dy * dy
            along = to_x * dx + to_y * dy
            dropped = (np.abs(to_x * dy - to_y * dx) < MISSED * np.sqrt(square)) & (along >= 0) & (along <= square)
            dropped[turn % 2 :: 2] = False
            if turn % 2 and not dropped.any():
                break
            kept = np.ones(len(x), dtype=bool)
            kept[1:-1] = ~dropped
            x, y = x[kept], y[kept]
    return x, y
