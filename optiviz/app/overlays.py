"""What an update is made of, drawn at the heads of the paths: arrows, squares, the ellipse of rates, the next point."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QTransform

from ..engine.overlays import Overlays as Updates
from ..scene.runner import Result
from ..scene.view import View
from .overlay_brush import Brush
from .overlay_layout import Layout
from .overlay_shapes import Drawing
from .pixels import pixel
from .theme import LIGHT, Theme

MARKS = ("gradient", "velocity", "step", "split", "squares", "ellipse", "next")
MOST_HEADS = 20  # that labels make room for
Z = 1.5  # over the paths, under the heads


class Overlays(pg.GraphicsObject):
    """The overlays of the selected run, or of all, at the cursor. Drawn in pixels, as the heads are.

    Arrows are as long as what they stand for, times the view's `overlay_scale`. One that leaves the plot ends at its
    edge in a double tip, one too short to be seen becomes a tip without a shaft that points; both say their length.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(Z)
        self.theme: Theme = LIGHT
        self.view = View()
        self.result: Result | None = None
        self.cursor = 0
        self.selected = -1
        self.lit: frozenset[str] = frozenset()
        self.covered = QRectF()  # where the legend lies, in pixels
        self._updates: list[Updates | None] = []

    def boundingRect(self) -> QRectF:
        return self.getViewBox().viewRect() if self.getViewBox() else QRectF()

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()

    def dress(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def show_result(self, result: Result) -> None:
        """The runs to draw for. What is known of a run that has not changed is kept."""
        kept = {id(u.trajectory): u for u in self._updates if u is not None}
        self._updates = [kept.get(id(trajectory)) for trajectory in result.trajectories]
        self.result = result
        self.update()

    def show_cursor(self, cursor: int) -> None:
        self.cursor = cursor
        self.update()

    def show_selected(self, run: int) -> None:
        self.selected = run
        self.update()

    def show_view(self, view: View) -> None:
        if view != self.view:
            self.view = view
            self.update()

    def show_lit(self, marks: str) -> None:
        """Emphasises marks of the selected run, parted by blanks, and draws them even if they are off; "" for none."""
        lit = frozenset(marks.split())
        if unknown := lit.difference(MARKS):
            raise ValueError(f"mark must be one of {MARKS}, not {min(unknown)!r}")
        if lit != self.lit:
            self.lit = lit
            self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        if not self.marks_wanted(True):
            return
        transform = painter.worldTransform()
        drawings = self.lay_out(transform, transform.mapRect(self.boundingRect()))
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for drawing in drawings:
            Brush(painter, self.theme, drawing).draw()
        for drawing in drawings:  # over all arrows
            Brush(painter, self.theme, drawing).draw_labels()
        painter.restore()

    def marks_wanted(self, main: bool) -> set[str]:
        """What is to be drawn for the selected run (`main`) or for another."""
        wanted = {mark for mark in MARKS if getattr(self.view, f"show_{mark}")}
        return wanted | self.lit if main else wanted

    def runs_shown(self) -> list[int]:
        """The runs that get overlays, the one on top last."""
        if self.result is None:
            return []
        runs = self.result.scene.runs
        shown = [i for i, run in enumerate(runs) if run.visible and (self.view.overlay_all or i == self.selected)]
        return sorted(shown, key=lambda i: i == self.selected)

    def updates_of(self, run: int) -> Updates:
        assert self.result is not None
        found = self._updates[run]
        if found is None:
            settings = self.result.scene.runs[run]
            found = self._updates[run] = Updates(settings.rule, settings.params, self.result.trajectories[run])
        return found

    def lay_out(self, transform: QTransform, box: QRectF) -> list[Drawing]:
        """Everything there is to draw, in the pixels of that transform, for a plot that fills `box`."""
        assert self.result is not None or not self.runs_shown()
        drawings = []
        for run in self.runs_shown():
            updates = self.updates_of(run)
            overlay = updates.at(self.cursor)
            head = pixel(transform, *overlay.at)
            if head is None or not box.adjusted(-1, -1, 1, 1).contains(head):
                continue  # the marks at the edge say where it is
            main = run == self.selected
            layout = Layout(updates, overlay, head, transform, box, self.covered, self.view.overlay_scale)
            color = self.result.scene.runs[run].color or "" if self.result else ""
            drawings.append(layout.drawing(color, self.marks_wanted(main), self.lit if main else frozenset()))
            if main:  # with all runs there is no room for words about each
                layout.place_labels(self._kept_free(transform))
        return drawings

    def _kept_free(self, transform: QTransform) -> list[QPointF]:
        """Where labels should not lie: on other heads, minima and the start."""
        if self.result is None:
            return []
        scene = self.result.scene
        pairs = zip(scene.runs, self.result.trajectories, strict=True)
        heads = [(t.x[at], t.y[at]) for run, t in pairs if run.visible for at in [min(self.cursor, len(t) - 1)]]
        places = (pixel(transform, *place) for place in (*heads[:MOST_HEADS], *scene.minima, scene.start))
        return [place for place in places if place is not None]
