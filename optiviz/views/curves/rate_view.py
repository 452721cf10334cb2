"""The learning rate of every run, with the knots of the selected one."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Signal

from ...scene.curves import RATE, RELATIVE_RATE, Curve
from ...scene.manual_decay import knots_of
from ...scene.run import Run
from ...session.state import State, differ
from ...session.workspace import Workspace
from .curve_view import CurveView

LEAST_SHARE = 1e-4  # of α₀: the least rate that a knot can be dragged to on a linear axis


class RateView(CurveView):
    """α(t), or α(t) / α₀. `knot_moved` says which knot goes to which step and rate, and whether it is still held."""

    knot_moved = Signal(int, int, float, bool)
    knot_deleted = Signal(int)

    def __init__(self) -> None:
        super().__init__("rate")
        self.add_switch("rate_relative", "÷ α₀", "Show rates as shares of α₀, so that decays can be compared")
        self.add_switch("rate_log", "log", "Logarithmic axis")
        self.plot.knot_dragged.connect(self._drag_knot)
        self.plot.knot_deleted.connect(self.knot_deleted)
        self._run: Run | None = None
        self._relative = self._log = False

    def bind(self, workspace: Workspace) -> None:
        super().bind(workspace)

        def move(index: int, step: int, rate: float, held: bool) -> None:
            last = workspace.scene.steps
            workspace.drag(lambda: workspace.editor.move_knot(index, min(step, last), rate), held=held)

        self.knot_moved.connect(move)
        self.knot_deleted.connect(lambda index: workspace.attempt(lambda: workspace.editor.delete_knot(index)))

    def curve_of(self, state: State) -> tuple[Curve, bool]:
        view = state.scene.view
        return RELATIVE_RATE if view.rate_relative else RATE, bool(view.rate_log)

    def show_state(self, old: State | None, new: State) -> None:
        super().show_state(old, new)
        if differ(old, new, lambda state: (state.run, state.scene.view.rate_relative, state.scene.view.rate_log)):
            self._run = new.run
            self._relative, self._log = new.scene.view.rate_relative, new.scene.view.rate_log
            knots = knots_of(new.run) if new.run is not None else ()
            points = [QPointF(step, self._height(rate)) for step, rate in knots]
            self.plot.knots.show_knots(points, (new.run.color or "") if new.run is not None else "")

    def _height(self, rate: float) -> float:
        """Where a rate of the selected run lies on its axis."""
        shown = rate / self._run.lr if self._relative and self._run is not None else rate
        return math.log10(shown) if self._log and shown > 0 else shown

    def _drag_knot(self, index: int, step: int, height: float, held: bool) -> None:
        run = self._run
        if run is None:
            return
        shown = 10.0 ** min(height, 300.0) if self._log else height
        rate = shown * run.lr if self._relative else shown
        if not self._log:  # the mouse may go below 0, a rate may not
            rate = max(rate, run.lr * LEAST_SHARE)
        self.knot_moved.emit(index, step, float(f"{rate:.2e}"), held)  # three digits, as sliders give
