"""The plot of the surface and the paths, and what the mouse does in it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from ...scene.words import coordinate
from ...widgets.keyboard import leave_field
from ...widgets.pixels import to_pixels
from ...widgets.plot import Plot
from ...widgets.polylines import PolylineLayer
from ..overlays.overlays import Overlays
from .marks import Hover, Marks
from .relief import Relief

GRIP_PX = 13  # how near the start the mouse must be to take it
CLICK_PX = 4  # a press that moves less is a click
NEAR_PX = 12  # how near a path the mouse must be to read it
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
            end = self.marks.step + 1
            x, y = to_pixels(transform, trajectory.x[:end], trajectory.y[:end])
            with np.errstate(all="ignore"):
                squares = (x - mouse.x()) ** 2 + (y - mouse.y()) ** 2
            step = int(np.argmin(squares))
            if squares[step] < best_distance:
                best, best_distance = Hover(index, step), squares[step]
        return best


def round_to(value: float, unit: float) -> float:
    """`value` rounded to the power of ten below `unit`: 1.23 for a unit of 0.02."""
    decimals = max(0, int(np.ceil(-np.log10(unit)))) if unit > 0 else 6
    return round(value, min(decimals, 12)) + 0.0
