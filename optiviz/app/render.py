"""Pictures of a scene, with or without a screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ..engine.trajectory import Trajectory
from ..scene import files
from ..scene.runner import Result
from ..scene.scene import Scene
from . import theme as themes
from .dashboard import GAP, Dashboard
from .theme import Theme

SCENE_KEY = "optiviz.scene"  # of the text chunk in a PNG
SHORTEST_SIDE = 720.0  # of a picture at 1x; larger ones get larger text and lines, not more room between them


def picture(widget: QWidget, scale: float) -> QImage:
    """A widget as it is on screen, with `scale` times as many pixels."""
    image = QImage(widget.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise MemoryError("there is not enough memory for a picture of this size")
    image.setDevicePixelRatio(scale)
    image.fill(widget.palette().base().color())
    # Spelled so because QGraphicsView.render hides QWidget.render.
    QWidget.render(widget, image, QPoint())
    image.setDevicePixelRatio(1.0)
    return image


def dashboard_image(
    scene: Scene,
    trajectories: Sequence[Trajectory],
    theme: Theme,
    *,
    size: tuple[int, int],
    cursor: int,
    selected: int = 0,
) -> QImage:
    """The contour view and the curves at a cursor, `size` pixels; overlays and arithmetic are the selected run's.

    Wants a QApplication in that theme.
    """
    frame = QWidget()
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(GAP, GAP, GAP, GAP)
    dashboard = Dashboard()
    dashboard.hide_controls()
    layout.addWidget(dashboard)
    scale = max(1.0, min(size) / SHORTEST_SIDE)
    frame.resize(round(size[0] / scale), round(size[1] / scale))
    frame.grab(QRect(0, 0, 1, 1))  # lays everything out without a window
    dashboard.dress(theme)
    dashboard.show_scene(scene)
    dashboard.show_result(Result(scene, list(trajectories)))
    dashboard.show_selected(selected)
    dashboard.show_cursor(cursor)
    dashboard.contours.compute_now()
    palette = frame.palette()
    palette.setColor(palette.ColorRole.Base, palette.window().color())
    frame.setPalette(palette)
    image = picture(frame, scale)
    frame.deleteLater()
    return image if (image.width(), image.height()) == size else image.scaled(*size)


def png(image: QImage, scene: Scene) -> bytes:
    """The picture as a PNG file that carries the scene as text, so that it can be opened again."""
    image.setText(SCENE_KEY, files.to_json(scene))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):
        raise OSError("the picture could not be encoded as PNG")
    return bytes(data.data())


def save_png(
    path: Path,
    scene: Scene,
    trajectories: Sequence[Trajectory],
    *,
    size: tuple[int, int],
    cursor: int | None = None,
    theme: str = "light",
) -> None:
    """Writes the dashboard's picture to `path`, at the last step if there is no cursor. Needs no screen."""
    app = QApplication.instance()
    if app is None:
        if not sys.platform.startswith(("win", "darwin")):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        app = QApplication(["optiviz"])
    assert isinstance(app, QApplication)
    themes.apply(app, themes.THEMES[theme])
    at = scene.steps if cursor is None else cursor
    image = dashboard_image(scene, trajectories, themes.THEMES[theme], size=size, cursor=at)
    path.write_bytes(png(image, scene))
