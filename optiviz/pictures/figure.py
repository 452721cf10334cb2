"""Pictures of a scene, with or without a screen: one view, laid out for a size, painted at any step."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QPoint, QRect, QRectF
from PySide6.QtGui import QImage, QImageWriter, QPaintDevice, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsView, QVBoxLayout, QWidget

from ..engine.trajectory import Trajectory
from ..files import scene_files
from ..scene.scene import Scene
from ..scene.simulation import Result
from ..session.reading import Reader
from ..session.state import Appearance, State
from ..views.arithmetic_view import ArithmeticView
from ..views.contours.contour_view import ContourView
from ..views.curves.curve_view import CurveView
from ..views.dashboard import GAP, Dashboard, card
from ..views.showing import Showing
from ..widgets import style_sheet
from ..widgets import theme as themes
from ..widgets.theme import TEXT_PX
from .key import Key
from .look import MM_PER_INCH, Look, Size

SCENE_KEY = "optiviz.scene"  # of the text chunk in a PNG
TYPE_PT = 8.0  # the type's size in a picture that is measured in millimetres
POINTS_PER_INCH = 72.0
# Of a picture at 1x, in units. Larger pictures get larger text and lines, not more room between them; a view of its own
# gets larger type than one of four.
SHORTEST_SIDE = {"dashboard": 720.0}
SHORTEST_SIDE_ALONE = 480.0
NARROW_DASHBOARD, NARROW_CONTOURS = 600, 480  # units; below, views stand in one column, and the legend under the plot
MARGIN = 6  # units around a view of its own
TRIES = 3  # axes claim their room while they are drawn


def application(theme: themes.Theme = themes.LIGHT) -> QApplication:
    """The QApplication there is, or one that needs no screen."""
    app = QApplication.instance()
    if app is None:
        if not sys.platform.startswith(("win", "darwin")):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        app = QApplication(["optiviz"])
        style_sheet.apply(app, theme)
    assert isinstance(app, QApplication)
    return app


def units(size: Size, view: str) -> tuple[float, float, float]:
    """Width and height of the layout in units, in which plain text is TEXT_PX high, and how many pixels a unit has."""
    if size.unit == "mm":
        unit = TYPE_PT / TEXT_PX / POINTS_PER_INCH * MM_PER_INCH / (size.scale or 1.0)
        return size.width / unit, size.height / unit, size.pixels[0] * unit / size.width
    usual = max(1.0, min(size.width, size.height) / SHORTEST_SIDE.get(view, SHORTEST_SIDE_ALONE))
    scale = size.scale or usual
    return size.width / scale, size.height / scale, scale


@contextmanager
def desk_type() -> Iterator[None]:
    """Type in the size that it has on a desk, also while the window presents."""
    before = themes.px(1.0)
    themes.set_scale(1.0)
    try:
        yield
    finally:
        themes.set_scale(before)


class Figure:
    """One view of a scene's runs, or all views, as `look` has it: drawn at a step into an image, or onto any device.

    Overlays and arithmetic are the run's number `selected`. Wants a QApplication; nothing is shown on its screen.
    """

    def __init__(self, scene: Scene, trajectories: Sequence[Trajectory], look: Look, *, selected: int = 0) -> None:
        self.scene, self.look = scene, look
        self.theme = themes.PICTURE_THEMES[look.theme]
        if look.view not in ("dashboard", "contours", "rate", "loss"):
            scene = scene.replace(view=scene.view.replace(third=look.view))
        with desk_type():
            self._frame = QWidget()
            self._dashboard = Dashboard()
            self._dashboard.hide_controls()
            self._key = Key()
            width, height, self._scale = units(look.size, look.view)
            self._arrange(width)
            self._set_theme()
            self._fit(width, height)
            self._reader = Reader()
            self._state: State | None = None
            self._show(Result(scene, list(trajectories)), selected)

    @property
    def _alone(self) -> ContourView | CurveView | None:
        """The one view that the picture has; None if it has all."""
        dashboard = self._dashboard
        alone = {"contours": dashboard.contours, "rate": dashboard.rate, "loss": dashboard.loss, "dashboard": None}
        return alone.get(self.look.view, dashboard.third)

    def _arrange(self, width: float) -> None:
        """Puts the views in their places, and notes which of them are to be told what to show."""
        layout = QVBoxLayout(self._frame)
        layout.setSpacing(GAP)
        alone, contours = self._alone, self._dashboard.contours
        margin = GAP if alone is None else MARGIN if self.look.size.scale is None else 0
        layout.setContentsMargins(margin, margin, margin, margin)
        self._legend_below = alone is not None and alone is not contours
        if alone is not None:
            self._legend_below |= width < NARROW_CONTOURS
            self._shown: list[Showing] = [alone]
            layout.addWidget(alone, 1)
        elif width >= NARROW_DASHBOARD:
            self._shown = [self._dashboard]
            layout.addWidget(self._dashboard, 1)
        else:
            self._legend_below = True
            layout.addWidget(card(contours), 5)
            dashboard, reads = self._dashboard, self.scene.view.arithmetic
            curves: Sequence[CurveView | ArithmeticView] = (dashboard.arithmetic,) if reads else dashboard.curve_views
            self._shown = [contours, *curves]
            for view in curves:
                layout.addWidget(card(view), 6 // len(curves))
        self._key.setVisible(self._legend_below)
        layout.insertWidget(1, self._key)
        if self._dashboard.parent() is None:
            self._dashboard.setParent(self._frame)
            self._dashboard.hide()

    def _set_theme(self) -> None:
        """The theme of the picture, which need not be the screen's."""
        palette = style_sheet.palette(self.theme)
        if self._alone is not None:
            palette.setColor(palette.ColorRole.Window, palette.base().color())
        self._frame.setPalette(palette)
        self._frame.setFont(themes.sans(TEXT_PX))
        self._frame.setStyleSheet(style_sheet.style_sheet(self.theme))
        self._key.set_theme(self.theme)
        plots = [self._dashboard.contours.plot, *(view.plot for view in self._dashboard.curve_views)]
        for plot in plots:  # else their ground is an image, in SVG too
            plot.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)

    def _fit(self, width: float, height: float) -> None:
        """Gives the frame its size in units; what is too small for the views is made of smaller units."""
        least = self._frame.minimumSizeHint()
        smaller = max(1.0, least.width() / width, least.height() / height)
        self._scale /= smaller
        self._frame.resize(round(width * smaller), round(height * smaller))

    def _show(self, result: Result, selected: int) -> None:
        self._key.show_runs([run for run, _ in result.visible], self._frame.width() - 2 * MARGIN)
        self._lay_out()
        scene = result.scene
        place = scene.place.replace(cursor=scene.steps)
        self._tell(State(scene, result, place, selected=selected, appearance=Appearance(theme=self.look.theme)))
        for _ in range(TRIES):
            self._lay_out()
        contours = self._dashboard.contours
        contours.place_legend()  # once more: now its room is known
        if self._legend_below:
            contours.legend.hide()
            contours.plot.marks.covered = contours.plot.overlays.covered = QRectF()
        contours.compute_now()

    def _tell(self, state: State) -> None:
        """Tells the views what to show."""
        if state.scene.view.arithmetic and state.result is not None:
            state = replace(state, step=self._reader.step(state.result, state.selected, state.place.cursor))
        for view in self._shown:
            view.show_state(self._state, state)
        self._state = state

    def _lay_out(self) -> None:
        """Lets all layouts have their way without an event loop, in which the user might do anything."""
        self._frame.grab()
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)

    def show_step(self, step: int) -> None:
        """Moves the cursor."""
        assert self._state is not None
        self._tell(replace(self._state, place=self._state.place.replace(cursor=step)))
        alone = self._alone
        if isinstance(alone, CurveView):  # a cursor at the very end says nothing, and hides the lines' ends
            alone.plot.marks.setVisible(step < self.scene.steps)

    @property
    def extent(self) -> QRect:
        """The layout in units."""
        return self._frame.rect()

    @property
    def ramp(self) -> npt.NDArray[np.uint8]:
        """The surface's 256 colours from low to high, four bytes each: blue, green, red, and one more."""
        return self._dashboard.contours.plot.relief.colors

    def blank(self) -> QImage:
        """An image of the right size to draw into. Raises MemoryError if there is no room for it."""
        image = QImage(*self.look.size.pixels, QImage.Format.Format_RGB32)
        if image.isNull():
            raise MemoryError("there is not enough memory for a picture of this size")
        image.fill(self._frame.palette().window().color())
        return image

    def draw(self, image: QImage) -> None:
        """Draws into an image that `blank` has given."""
        image.setDevicePixelRatio(self._scale)
        self.paint(image)
        image.setDevicePixelRatio(1.0)

    def image(self) -> QImage:
        """The picture in pixels."""
        image = self.blank()
        self.draw(image)
        return image

    def thumbnail(self, width: int, height: int, ratio: float) -> QImage:
        """The picture so small that it fits, for a screen with `ratio` pixels to a unit."""
        extent = self.extent
        scale = min(width / extent.width(), height / extent.height()) * ratio
        image = QImage(
            round(extent.width() * scale), round(extent.height() * scale), QImage.Format.Format_ARGB32_Premultiplied
        )
        image.setDevicePixelRatio(scale)
        self.paint(image)
        image.setDevicePixelRatio(ratio)
        return image

    def paint(self, target: QPaintDevice | QPainter) -> None:
        """Draws onto a device, a unit as long as one of the device's."""
        with desk_type():
            # Spelled so because QGraphicsView.render hides QWidget.render.
            QWidget.render(self._frame, target, QPoint())

    def close(self) -> None:
        """Ends it. Its widgets go with the next turn of the event loop."""
        self._frame.deleteLater()


@contextmanager
def figure(scene: Scene, trajectories: Sequence[Trajectory], look: Look, *, selected: int = 0) -> Iterator[Figure]:
    """A Figure that is closed at the end."""
    made = Figure(scene, trajectories, look, selected=selected)
    try:
        yield made
    finally:
        made.close()


def png(image: QImage, scene: Scene, size: Size | None = None) -> bytes:
    """The picture as a PNG file that carries the scene as text, so that it can be opened again."""
    image.setText(SCENE_KEY, scene_files.to_json(scene))
    if size is not None and size.unit == "mm":
        image.setDotsPerMeterX(round(image.width() / size.width * 1000))
        image.setDotsPerMeterY(round(image.height() / size.height * 1000))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, b"PNG").write(image):
        raise OSError("the picture could not be encoded as PNG")
    return bytes(data.data())
