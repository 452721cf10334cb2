"""Between a plot's coordinates and the pixels of a device."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QTransform

from ..engine.trajectory import Array


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
