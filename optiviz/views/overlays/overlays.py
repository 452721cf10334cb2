"""What an update is made of, drawn at the heads of the paths: arrows, squares, the ellipse of rates, the next point."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QTransform

from ...engine.explaining.updates import Updates
from ...scene.simulation import Result
from ...scene.view import OVERLAYS, View
from ...session.state import State, differ
from ...widgets.pixels import PixelItem, pixel
from ...widgets.theme import LIGHT, Theme
from ..showing import Showing, theme_changed, theme_of
from .brush import Brush
from .layout import Layout
from .shapes import Drawing

MOST_HEADS = 20  # that labels make room for
Z = 1.5  # over the paths, under the heads


class Overlays(PixelItem, Showing):
    """The overlays of the selected run, or of all, at the cursor's step.

    Arrows are as long as what they stand for, times the view's `overlay_scale`. One that leaves the plot ends at its
    edge in a double tip, one too short to be seen becomes a tip without a shaft that points; both say their length.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(Z)
        self.theme: Theme = LIGHT
        self.view = View()
        self.result: Result | None = None
        self.step = 0  # the cursor's
        self.selected = -1
        self.lit: frozenset[str] = frozenset()
        self.covered = QRectF()  # where the legend lies, in pixels
        self._updates: list[Updates | None] = []

    def show_state(self, old: State | None, new: State) -> None:
        if theme_changed(old, new):
            self.theme = theme_of(new)
        if new.result is not self.result:
            self._take(new.result)
        if differ(old, new, seen):
            self.view, self.lit = new.scene.view, new.lit
            self.step, self.selected = new.place.cursor, new.selected
            self.update()

    def _take(self, result: Result | None) -> None:
        """The runs to draw for. What is known of a run that has not changed is kept."""
        kept = {id(updates.trajectory): updates for updates in self._updates if updates is not None}
        trajectories = result.trajectories if result is not None else ()
        self._updates = [kept.get(id(trajectory)) for trajectory in trajectories]
        self.result = result

    def draw(self, painter: QPainter, transform: QTransform, box: QRectF) -> None:
        if not self.marks_wanted(True):
            return
        drawings = self.lay_out(transform, box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for drawing in drawings:
            Brush(painter, self.theme, drawing).draw()
        for drawing in drawings:  # over all arrows
            Brush(painter, self.theme, drawing).draw_labels()

    def marks_wanted(self, main: bool) -> set[str]:
        """What is to be drawn for the selected run (`main`) or for another."""
        wanted = {key for key, overlay in OVERLAYS.items() if getattr(self.view, overlay.flag.name)} - {"gap"}
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
            overlay = updates.at(self.step)
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
        heads = [(t.x[at], t.y[at]) for run, t in pairs if run.visible for at in [min(self.step, len(t) - 1)]]
        points = (pixel(transform, *at) for at in (*heads[:MOST_HEADS], *scene.minima, scene.start))
        return [point for point in points if point is not None]


def seen(state: State) -> tuple[object, ...]:
    """What of a state the overlays show."""
    return (state.scene.view, state.result, state.place.cursor, state.selected, state.lit, state.appearance)
