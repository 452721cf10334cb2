"""The contour view: the surface, the paths up to the cursor, and the start that can be dragged."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ..scene.runner import Result
from ..scene.scene import Scene, Window
from .keyboard import leave_field
from .legend import Legend, ScaleBar
from .marks import Hover, Marks
from .overlays import Overlays
from .pixels import to_pixels
from .plot import Plot
from .polylines import Line, PolylineLayer
from .relief import Relief
from .theme import LIGHT, Theme, px
from .words import coordinate

GRIP_PX = 13  # how near the start the mouse must be to take it
CLICK_PX = 4  # a press that moves less is a click
NEAR_PX = 12  # how near a path the mouse must be to read it
CLOSEST, FARTHEST = 1e-9, 1e9  # ranges that can be zoomed to, in windows; beyond, floats run out of digits
EMPTY_LEGEND = 12  # pixels: the height of one without rows
ZOOM = 1.0015  # per eighth of a degree of the wheel


class ContourPlot(Plot):
    """The plot itself, and what the mouse does in it."""

    start_dragged = Signal(float, float, bool)  # x, y, and whether the button is still held
    hovered = Signal(str)
    view_changed = Signal()
    view_moved = Signal()  # by the user

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("contours")
        self.box.setAspectLocked(True)  # so that gradients stand at right angles on contours, and circles are round
        self.relief, self.paths = Relief(), PolylineLayer()
        self.overlays, self.marks = Overlays(), Marks()
        for depth, item in enumerate((self.relief, self.paths, self.overlays, self.marks)):
            item.setZValue(depth)
            self.addItem(item, ignoreBounds=True)
        self._press: QPointF | None = None
        self._last: QPointF | None = None
        self._dragging = ""
        self.box.sigRangeChanged.connect(self._range_changed)

    def _range_changed(self, *_: object) -> None:
        self.view_changed.emit()

    def start_pixel(self) -> QPointF | None:
        """Where the start is on this widget."""
        if self.marks.scene_shown is None:
            return None
        return QPointF(self.mapFromScene(self.box.mapViewToScene(QPointF(*self.marks.scene_shown.start))))

    def on_start(self, position: QPointF) -> bool:
        start = self.start_pixel()
        return start is not None and (position - start).manhattanLength() < GRIP_PX * 1.4

    def mousePressEvent(self, event: QMouseEvent) -> None:
        leave_field()
        if event.button() != Qt.MouseButton.LeftButton or not self.inside(event.position()):
            event.ignore()
            return
        self._press = self._last = event.position()
        self._dragging = "start" if self.on_start(event.position()) else ""
        self._hover(None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        if self._press is None or self._last is None:
            self._look(position)
            return
        if not self._dragging and (position - self._press).manhattanLength() > CLICK_PX:
            self._dragging = "view"
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragging == "start":
            self._move_start(position, held=True)
        elif self._dragging == "view":
            shift = self.at(self._last) - self.at(position)
            self.box.translateBy(x=shift.x(), y=shift.y())
            self.view_moved.emit()
        self._last = position
        self._tell(position)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            return
        if self._dragging != "view":  # the start let go, or a click that puts it here
            self._move_start(event.position(), held=False)
        self._press = self._last = None
        self._dragging = ""
        self._look(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()  # its first click has put the start here already

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.inside(event.position()):
            event.ignore()
            return
        factor = ZOOM ** -event.angleDelta().y()
        self.box.scaleBy((factor, factor), center=self.at(event.position()))
        self.view_moved.emit()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        self.hovered.emit("")

    def _move_start(self, position: QPointF, *, held: bool) -> None:
        """Puts the start where the mouse is, with no more digits than a pixel is worth."""
        rect = self.box.viewRect()
        size = self.box.sceneBoundingRect()
        at = self.at(position)
        x, y = round_to(at.x(), rect.width() / size.width()), round_to(at.y(), rect.height() / size.height())
        self.start_dragged.emit(x, y, held)

    def _look(self, position: QPointF) -> None:
        """The mouse rests or moves with no button held."""
        hot = self.on_start(position)
        if hot != self.marks.start_hot:
            self.marks.start_hot = hot
            self.marks.update()
        inside = self.inside(position)
        self.setCursor(
            Qt.CursorShape.SizeAllCursor
            if hot
            else Qt.CursorShape.CrossCursor
            if inside
            else Qt.CursorShape.ArrowCursor
        )
        self._hover(None if hot or not inside else self._nearest(position))
        self._tell(position)

    def _tell(self, position: QPointF) -> None:
        if not self.inside(position) or self.marks.scene_shown is None:
            self.hovered.emit("")
            return
        at = self.at(position)
        loss = self.marks.scene_shown.loss_at(at.x(), at.y())
        text = f"x {coordinate(at.x())}   y {coordinate(at.y())}   f {coordinate(loss)}"
        if self.marks.hover is not None and self.marks.result is not None:
            run = self.marks.result.scene.runs[self.marks.hover.run]
            text += f"   {run.label}, step {self.marks.hover.step}"
        self.hovered.emit(text)

    def _hover(self, hover: Hover | None) -> None:
        if hover != self.marks.hover:
            self.marks.hover = hover
            self.marks.update()

    def _nearest(self, position: QPointF) -> Hover | None:
        """The point of a visible path, up to the cursor, that is nearest to the mouse and near enough."""
        result = self.marks.result
        if result is None:
            return None
        transform = self.box.childTransform() * self.box.sceneTransform()
        mouse = self.mapToScene(position.toPoint())
        best, best_distance = None, NEAR_PX**2
        for index, (run, trajectory) in enumerate(zip(result.scene.runs, result.trajectories, strict=True)):
            if not run.visible:
                continue
            end = self.marks.cursor + 1
            x, y = to_pixels(transform, trajectory.x[:end], trajectory.y[:end])
            with np.errstate(all="ignore"):
                squares = (x - mouse.x()) ** 2 + (y - mouse.y()) ** 2
            step = int(np.argmin(squares))
            if squares[step] < best_distance:
                best, best_distance = Hover(index, step), squares[step]
        return best


class ContourView(QWidget):
    """The contour plot with its legend and the scale of its colours."""

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = ContourPlot()
        self.bar = ScaleBar(self)
        self.legend = Legend(self.plot)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 8, 6, 2)
        layout.setSpacing(8)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.bar)
        self.theme = LIGHT
        self._scene: Scene | None = None
        self._previewing = False
        self.aim: Window = (0.0, 1.0, 0.0, 1.0)  # what is to be in view, whatever the plot's shape
        self.plot.view_moved.connect(self._take_aim)
        self.plot.box.sigResized.connect(self._keep_aim)
        # A zoom moves the range more than once; the surface is computed once, when it has come to rest.
        self._pending = QTimer(self, singleShot=True, interval=0)
        self._pending.timeout.connect(self._compute_relief)
        self.plot.view_changed.connect(self._pending.start)

    def dress(self, theme: Theme) -> None:
        self.theme = self.legend.theme = self.plot.marks.theme = theme
        self.bar.dress(theme)
        self.plot.dress(theme)
        self.plot.overlays.dress(theme)
        self._style_paths()
        self._place_legend()
        self._pending.start()

    def show_scene(self, scene: Scene) -> None:
        """Shows the surface, the start and the minima at once; paths come with their result."""
        old, self._scene = self._scene, scene
        self.plot.marks.scene_shown = scene
        self.plot.overlays.show_view(scene.view)
        self.plot.marks.update()
        if old is None or old.surface != scene.surface or old.view.window != scene.view.window:
            self.show_window(scene.window)
        if old is None or old.view.rest != scene.view.rest:
            self._style_paths()
        looks = ("surface", "surface_params")
        if (
            old is None
            or old.view.colors != scene.view.colors
            or any(getattr(old, n) != getattr(scene, n) for n in looks)
        ):
            self._pending.start()

    def show_result(self, result: Result) -> None:
        self.plot.marks.result = self.legend.result = result
        visible = [
            (run, trajectory)
            for run, trajectory in zip(result.scene.runs, result.trajectories, strict=True)
            if run.visible
        ]
        self.plot.overlays.show_result(result)
        self.plot.paths.show_lines([Line(t.x, t.y, (run.color or "",)) for run, t in visible])
        self.plot.marks.update()
        self._place_legend()

    def forget_result(self) -> None:
        """Shows no paths until the next result."""
        self.plot.marks.result = self.plot.overlays.result = self.legend.result = None
        self.plot.paths.show_lines([])
        self._place_legend()

    def show_cursor(self, cursor: int) -> None:
        if cursor == self.plot.marks.cursor:
            return
        self.plot.marks.cursor = self.legend.cursor = cursor
        self.plot.paths.show_cursor(cursor)
        self.plot.overlays.show_cursor(cursor)
        self.plot.marks.update()
        self.legend.update()

    def show_selected(self, run: int) -> None:
        self.plot.marks.selected = run
        self.plot.marks.update()
        self.plot.overlays.show_selected(run)

    def show_lit(self, marks: str) -> None:
        """Emphasises the overlays with these names, parted by blanks: the arithmetic points at them."""
        self.plot.overlays.show_lit(marks)

    def show_window(self, window: Window) -> None:
        """Brings the whole window into view."""
        x0, x1, y0, y1 = window
        span = max(x1 - x0, y1 - y0, abs(x0), abs(x1), abs(y0), abs(y1))
        for axis in ("X", "Y"):
            self.plot.box.setLimits(**{f"min{axis}Range": span * CLOSEST, f"max{axis}Range": span * FARTHEST})
        self.aim = window
        self._keep_aim()

    def fit(self) -> None:
        """Back to the surface's own window."""
        if self._scene is not None:
            self.show_window(self._scene.place.window)

    def zoom(self, factor: float) -> None:
        """Shows `factor` times as much of the plane around the middle."""
        self.plot.box.scaleBy((factor, factor))
        self._take_aim()

    def show_preview(self, on: bool) -> None:
        """Shows the paths past the cursor for the time of a change."""
        if on != self._previewing:
            self._previewing = on
            self._style_paths()

    def window_shown(self) -> Window:
        """The part of the plane in view. Where its shape is not the plot's, it is more than what was aimed at."""
        rect = self.plot.box.viewRect()
        return rect.left(), rect.right(), rect.top(), rect.bottom()

    def _take_aim(self) -> None:
        """The user has chosen what to look at. So far out that floats cannot tell its edges apart it is no window."""
        x0, x1, y0, y1 = self.window_shown()
        if x0 < x1 and y0 < y1:
            self.aim = (x0, x1, y0, y1)

    def _keep_aim(self, *_: object) -> None:
        """After a change of size what was aimed at is in view again, however often the shape changes."""
        x0, x1, y0, y1 = self.aim
        self.plot.box.setRange(QRectF(x0, y0, x1 - x0, y1 - y0), padding=0)

    def compute_now(self) -> None:
        """Computes what waits for the event loop: for pictures."""
        self._pending.stop()
        self._compute_relief()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_legend()
        self.resized.emit()

    def sizeHint(self) -> QSize:
        return QSize(620, 560)

    def _style_paths(self) -> None:
        rest = self._previewing or (self._scene is not None and self._scene.view.rest)
        self.plot.paths.show_style(halo=self.theme.card, rest=rest)

    def _compute_relief(self) -> None:
        if self._scene is None:
            return
        self.plot.relief.show_scene(self._scene, self.plot.box.viewRect(), self.theme)
        self.bar.show_scale(self.plot.relief.scale, self.plot.relief.colors)

    def _place_legend(self) -> None:
        size = self.legend.sizeHint()
        self.legend.setGeometry(self.plot.width() - size.width() - 18, 12, size.width(), size.height())
        self.legend.update()
        covered = QRectF(self.legend.geometry()) if size.height() > px(EMPTY_LEGEND) else QRectF()
        self.plot.marks.covered = self.plot.overlays.covered = covered


def round_to(value: float, unit: float) -> float:
    """`value` rounded to the power of ten below `unit`: 1.23 for a unit of 0.02."""
    decimals = max(0, int(np.ceil(-np.log10(unit)))) if unit > 0 else 6
    return round(value, min(decimals, 12)) + 0.0
