"""The contour view: the surface, the paths up to the cursor, and the start that can be dragged."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ...engine.surfaces import Area
from ...scene.run import Run
from ...scene.scene import Scene
from ...session.state import State, differ
from ...session.workspace import CLOSEST, FARTHEST, Workspace
from ...widgets.polylines import Stroke
from ...widgets.theme import LIGHT, Theme, px
from ..showing import Showing, theme_changed, theme_of
from .contour_plot import ContourPlot
from .legend import Legend, ScaleBar

EMPTY_LEGEND = 12  # pixels: the height of one without rows
PATH_WIDTH = 2.0  # pixels


class ContourView(QWidget, Showing):
    """The contour plot with its legend and the scale of its colours. `width_of` says how wide a run's path is drawn."""

    resized = Signal()
    looked_at = Signal(object)  # the area that the user has brought into view

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("contours view")
        self.plot = ContourPlot()
        self.bar = ScaleBar(self)
        self.legend = Legend(self.plot)
        self.width_of: Callable[[Run], float] = lambda run: PATH_WIDTH
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 8, 6, 2)
        layout.setSpacing(8)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.bar)
        self.theme = LIGHT
        self._scene: Scene | None = None
        self.aim: Area = (0.0, 1.0, 0.0, 1.0)  # what is to be in view, whatever the plot's shape
        self.plot.view_moved.connect(self._take_aim)
        self.plot.box.sigResized.connect(self._keep_aim)
        # A zoom moves the range more than once; the surface is computed once, when it has come to rest.
        self._pending = QTimer(self)
        self._pending.setSingleShot(True)
        self._pending.setInterval(0)
        self._pending.timeout.connect(self._compute_relief)
        self.plot.view_changed.connect(self._pending.start)

    def bind(self, workspace: Workspace) -> None:
        self.looked_at.connect(workspace.look_at)
        self.plot.start_dragged.connect(
            lambda x, y, held: workspace.drag(lambda: workspace.editor.move_start(x, y), held=held)
        )

    def show_state(self, old: State | None, new: State) -> None:
        """Shows the surface, the start and the minima at once; paths come with their result."""
        self._scene = new.scene
        new_theme = theme_changed(old, new)
        if new_theme:
            self._set_theme(theme_of(new))
        if differ(old, new, lambda state: (state.scene.surface, state.scene.place.window)):
            self._limit(new.scene.area)
        area = new.place.window or new.scene.landscape.window
        if old is None or area != self.aim:
            self.aim = area
            self._keep_aim()
        if new_theme or differ(old, new, with_rest):
            self.plot.paths.show_style(halo=self.theme.card, rest=with_rest(new))
        if new_theme and old is not None:
            self.compute_now()  # else the old theme's surface would flash
        elif differ(old, new, relief_of):
            self._pending.start()
        self.plot.marks.show_state(old, new)
        self.plot.overlays.show_state(old, new)
        self.legend.show_state(old, new)
        if new_theme or differ(old, new, lambda state: state.result):
            if new_theme or differ(old, new, paths_of):
                self._show_paths(new)
            self.place_legend()
        if differ(old, new, lambda state: state.place.cursor):
            self.plot.paths.show_cursor(new.place.cursor)

    def _set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.bar.set_theme(theme)
        self.plot.set_theme(theme)

    def _show_paths(self, state: State) -> None:
        visible = state.result.visible if state.result is not None else ()
        strokes = [Stroke(t.x, t.y, (run.color or "",), self.width_of(run)) for run, t in visible]
        self.plot.paths.show_lines(strokes)

    def _limit(self, area: Area) -> None:
        """Lets nobody zoom so far in or out of an area that floats run out of digits."""
        x0, x1, y0, y1 = area
        span = max(x1 - x0, y1 - y0, abs(x0), abs(x1), abs(y0), abs(y1))
        for axis in ("X", "Y"):
            self.plot.box.setLimits(**{f"min{axis}Range": span * CLOSEST, f"max{axis}Range": span * FARTHEST})

    def area_shown(self) -> Area:
        """The part of the plane in view. Where its shape is not the plot's, it is more than what was aimed at."""
        rect = self.plot.box.viewRect()
        return rect.left(), rect.right(), rect.top(), rect.bottom()

    def _take_aim(self) -> None:
        """The user has chosen what to look at. So far out that floats cannot tell its edges apart it is no area."""
        x0, x1, y0, y1 = self.area_shown()
        if x0 < x1 and y0 < y1:
            self.aim = (x0, x1, y0, y1)
            self.looked_at.emit(self.aim)

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
        self.place_legend()
        self.resized.emit()

    def sizeHint(self) -> QSize:
        return QSize(620, 560)

    def _compute_relief(self) -> None:
        if self._scene is None:
            return
        self.plot.relief.show_scene(self._scene, self.plot.box.viewRect(), self.theme)
        self.bar.show_scale(self.plot.relief.color_scale, self.plot.relief.colors)

    def place_legend(self) -> None:
        """Puts the legend where it belongs, as large as it needs to be."""
        size = self.legend.sizeHint()
        self.legend.setGeometry(self.plot.width() - size.width() - 18, 12, size.width(), size.height())
        self.legend.update()
        covered = QRectF(self.legend.geometry()) if size.height() > px(EMPTY_LEGEND) else QRectF()
        self.plot.marks.covered = self.plot.overlays.covered = covered


def with_rest(state: State) -> bool:
    """Whether what lies past the cursor is shown, too."""
    return bool(state.preview or state.scene.view.rest)


def relief_of(state: State) -> tuple[object, ...]:
    """What of a state the map of the surface shows."""
    return (state.scene.surface, state.scene.surface_params, state.scene.view.colors)


def paths_of(state: State) -> object:
    """What of a state the paths show: their colours and trajectories, whatever else of the runs has changed."""
    visible = state.result.visible if state.result is not None else ()
    return [(run.color, trajectory) for run, trajectory in visible]
