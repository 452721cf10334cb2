"""What is drawn over the paths: heads, the start, the minima, what has left the plot, what the mouse is on."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from ...engine.trajectory import Trajectory
from ...scene.manual_decay import knots_of
from ...scene.run import Run
from ...scene.scene import Scene
from ...scene.simulation import Result
from ...scene.words import brief
from ...session.state import State, differ
from ...widgets.labels import label_rect, paint_label
from ...widgets.pixels import PixelItem, pixel
from ...widgets.theme import LIGHT, Theme, px
from ..curves.knots import diamond
from ..showing import Showing, theme_changed, theme_of

HEAD, SMALL_HEAD, STAR, CROSS = 6.0, 4.0, 8.0, 8.0  # radii in pixels, at scale 1
CROWD = 24  # so many runs get small heads
MOST_LABELS = 8  # of runs that have left the plot


@dataclass(frozen=True)
class Hover:
    """A point of a path that the mouse is on."""

    run: int
    step: int


class Marks(PixelItem, Showing):
    """The marks of the scene and its runs at a step; `labels` are the words of the last paint, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.scene_shown: Scene | None = None
        self.result: Result | None = None
        self.step = 0  # the cursor's
        self.selected = -1
        self.hover: Hover | None = None
        self.start_hot = False
        self.covered = QRectF()  # where the legend lies, in pixels
        self.labels: list[str] = []

    def show_state(self, old: State | None, new: State) -> None:
        """Shows the start and the minima at once; paths come with their result."""
        if theme_changed(old, new):
            self.theme = theme_of(new)
        if differ(old, new, seen):
            self.scene_shown, self.result = new.scene, new.result
            self.step, self.selected = new.place.cursor, new.selected
            self.update()

    def draw(self, painter: QPainter, transform: QTransform, box: QRectF) -> None:
        self.labels = []
        if self.scene_shown is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_minima(painter, transform)
        self._draw_start(painter, transform)
        self._draw_knots(painter, transform)
        self._draw_gap(painter, transform)
        self._draw_heads(painter, transform, box)
        self._draw_hover(painter, transform, box)

    def _draw_minima(self, painter: QPainter, transform: QTransform) -> None:
        assert self.scene_shown is not None
        painter.setPen(QPen(QColor(self.theme.card), 1.2))
        painter.setBrush(QColor(self.theme.text))
        for x, y in self.scene_shown.minima:
            if (at := pixel(transform, x, y)) is not None:
                painter.drawPath(star(at))

    def _draw_gap(self, painter: QPainter, transform: QTransform) -> None:
        """A dotted line between the heads of the first two runs shown, with how far they are apart."""
        if self.result is None or self.scene_shown is None or not self.scene_shown.view.show_gap:
            return
        shown = [trajectory for _, trajectory in self.result.visible[:2]]
        if len(shown) < 2 or any(self.step >= len(trajectory) for trajectory in shown):
            return
        points = [(float(t.x[self.step]), float(t.y[self.step])) for t in shown]
        heads = [pixel(transform, *point) for point in points]
        if heads[0] is None or heads[1] is None:
            return
        pen = QPen(QColor(self.theme.text), px(1.6), Qt.PenStyle.DotLine)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(heads[0], heads[1])
        text = f"gap {brief(math.dist(*points))}"
        label = label_rect(text, px(12), px(4))
        label.moveCenter((heads[0] + heads[1]) * 0.5 - QPointF(0, px(20)))
        self._paint_label(painter, label, text, self.theme.quiet)

    def _draw_knots(self, painter: QPainter, transform: QTransform) -> None:
        """A tick on a path wherever its rate was changed by hand."""
        if self.result is None:
            return
        for run, trajectory in self.result.visible:
            for step, _ in knots_of(run):
                at = pixel(transform, trajectory.x[step], trajectory.y[step]) if step < len(trajectory) else None
                if at is not None and step <= self.step:
                    painter.setPen(QPen(QColor(run.color or ""), px(1.8)))
                    painter.setBrush(QColor(self.theme.card))
                    painter.drawPolygon(diamond(at, px(5)))

    def _draw_start(self, painter: QPainter, transform: QTransform) -> None:
        assert self.scene_shown is not None
        at = pixel(transform, *self.scene_shown.start)
        if at is None:
            return
        arm = px(CROSS + (2 if self.start_hot else 0))
        for color, width, more in ((self.theme.card, 6.0, 1.0), (self.theme.text, 2.6, 0.0)):
            pen = QPen(QColor(color), px(width))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            reach = arm + more - 1
            painter.drawLine(at - QPointF(reach, 0), at + QPointF(reach, 0))
            painter.drawLine(at - QPointF(0, reach), at + QPointF(0, reach))

    def _draw_heads(self, painter: QPainter, transform: QTransform, box: QRectF) -> None:
        if self.result is None:
            return
        taken = [self.covered]
        runs = [i for i, run in enumerate(self.result.scene.runs) if run.visible]
        crowded = len(runs) > CROWD
        for index in sorted(runs, key=lambda i: i == self.selected):  # the selected run's head on top
            run, trajectory = self.result.scene.runs[index], self.result.trajectories[index]
            at = min(self.step, len(trajectory) - 1)
            head = pixel(transform, trajectory.x[at], trajectory.y[at])
            if head is not None and box.adjusted(-1, -1, 1, 1).contains(head):
                plain = crowded and index != self.selected
                radius = px((SMALL_HEAD if plain else HEAD) + (1.5 if index == self.selected else 0))
                painter.setPen(Qt.PenStyle.NoPen if plain else QPen(Qt.GlobalColor.white, 2))
                painter.setBrush(QColor(run.color or ""))
                painter.drawEllipse(head, radius, radius)
            else:
                told = len(taken) <= MOST_LABELS or index == self.selected
                self._draw_outside(painter, transform, box, run, trajectory, at, taken if told else None)

    def _draw_outside(
        self,
        painter: QPainter,
        transform: QTransform,
        box: QRectF,
        run: Run,
        trajectory: Trajectory,
        at: int,
        taken: list[QRectF] | None,
    ) -> None:
        """An arrow at the edge towards a head that has left the plot, with how far it is away and its loss.

        The words keep clear of the rectangles `taken`, and are among them afterwards; without a list there are none.
        """
        x, y = float(trajectory.x[at]), float(trajectory.y[at])
        edge = edge_point(transform, box.adjusted(9, 9, -9, -9), x, y)
        angle = math.atan2(edge.y() - box.center().y(), edge.x() - box.center().x())
        painter.setPen(QPen(QColor(self.theme.card), 1.5))
        painter.setBrush(QColor(run.color or ""))
        painter.drawPolygon(arrow(edge, angle))
        if taken is None:
            return
        view = self.boundingRect()
        beyond = math.hypot(max(view.left() - x, 0, x - view.right()), max(view.top() - y, 0, y - view.bottom()))
        text = f"{run.label}: {brief(beyond)} outside, f {brief(float(trajectory.loss[at]))}"
        label = label_rect(text, 12, 4)
        label.moveCenter(edge - QPointF(math.cos(angle) * (label.width() / 2 + 14), math.sin(angle) * 22))
        inside = box.adjusted(4, 4, -4, -4)
        label.moveLeft(min(max(label.left(), inside.left()), inside.right() - label.width()))
        label.moveTop(min(max(label.top(), inside.top()), inside.bottom() - label.height()))
        down = 1 if label.center().y() < box.center().y() else -1
        while any(label.intersects(other) for other in taken):
            label.translate(0, down * (label.height() + 2))
        taken.append(label)
        self._paint_label(painter, label, text, run.color or "")

    def _paint_label(self, painter: QPainter, rect: QRectF, text: str, edge: str) -> None:
        self.labels.append(text)
        paint_label(painter, rect, text, self.theme, QColor(edge))

    def _draw_hover(self, painter: QPainter, transform: QTransform, box: QRectF) -> None:
        if self.hover is None or self.result is None or self.hover.run >= len(self.result.trajectories):
            return
        run, trajectory = self.result.scene.runs[self.hover.run], self.result.trajectories[self.hover.run]
        if self.hover.step >= len(trajectory):
            return
        at = pixel(transform, trajectory.x[self.hover.step], trajectory.y[self.hover.step])
        if at is None:
            return
        painter.setPen(QPen(QColor(self.theme.text), 1.5))
        painter.setBrush(QColor(run.color or ""))
        painter.drawEllipse(at, 4, 4)
        text = f"{run.label}, step {self.hover.step}, f {brief(float(trajectory.loss[self.hover.step]))}"
        label = label_rect(text, 14, 6)
        label.moveTopLeft(at + QPointF(12, -label.height() - 8))
        if label.right() > box.right() - 4:
            label.moveRight(at.x() - 12)
        if label.top() < box.top() + 4:
            label.moveTop(at.y() + 10)
        self._paint_label(painter, label, text, run.color or "")


def seen(state: State) -> tuple[object, ...]:
    """What of a state the marks show."""
    scene = state.scene
    on_surface = (scene.surface, scene.surface_params, scene.start, scene.view.show_gap)
    return (on_surface, state.result, state.place.cursor, state.selected, state.appearance)


def star(at: QPointF) -> QPainterPath:
    """A five-pointed star around a point."""
    points = []
    for i in range(10):
        radius = px(STAR) * (1 if i % 2 == 0 else 0.45)
        angle = math.pi * i / 5 - math.pi / 2
        points.append(at + QPointF(radius * math.cos(angle), radius * math.sin(angle)))
    path = QPainterPath()
    path.addPolygon(QPolygonF(points))
    path.closeSubpath()
    return path


def arrow(tip: QPointF, angle: float) -> QPolygonF:
    """A triangle whose tip is at `tip` and that points in the direction of `angle`."""

    def corner(turn: float, radius: float) -> QPointF:
        return tip + QPointF(radius * math.cos(angle + turn), radius * math.sin(angle + turn))

    return QPolygonF([corner(0, 7), corner(2.5, 8), corner(-2.5, 8)])


def edge_point(transform: QTransform, box: QRectF, x: float, y: float) -> QPointF:
    """Where the way from the middle of the box to a point outside (x, y in the plot's coordinates) leaves the box."""
    middle = box.center()
    dx, dy = x * transform.m11() + transform.dx() - middle.x(), y * transform.m22() + transform.dy() - middle.y()
    longest = max(abs(dx), abs(dy), 1e-9)
    dx, dy = (1.0 if math.isinf(d) else d / longest for d in (dx, dy))
    reach = max(abs(dx) / (box.width() / 2), abs(dy) / (box.height() / 2))
    return middle + QPointF(dx / reach, dy / reach)
