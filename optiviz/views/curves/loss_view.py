"""The loss of every run."""

from __future__ import annotations

from ...scene.curves import Curve, loss_curve
from ...scene.simulation import lowest
from ...session.state import State, differ
from .curve_view import CurveView

TIP = "Logarithmic axis (L)"
NO_LOWEST = "This surface has no lowest value to count from"


class LossView(CurveView):
    """The loss or, on a logarithmic axis, how far it is above the minimum."""

    def __init__(self) -> None:
        super().__init__("loss")
        self.switch = self.add_switch("loss_log", "log", TIP)

    def curve_of(self, state: State) -> tuple[Curve, bool]:
        log = bool(state.scene.view.loss_log)
        return loss_curve(lowest(state.scene), log=log), log and not below_all(state)

    def show_state(self, old: State | None, new: State) -> None:
        super().show_state(old, new)
        if differ(old, new, lambda state: state.result):
            below = below_all(new)
            self.switch.setEnabled(not below)
            self.switch.setToolTip(NO_LOWEST if below else TIP)


def below_all(state: State) -> bool:
    """Whether there is nothing that a logarithm could count from: no lowest value, and losses that are not positive."""
    if state.result is None or state.result.scene.minima:
        return False
    return any((trajectory.loss <= 0).any() for trajectory in state.result.trajectories)
