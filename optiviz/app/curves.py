"""The curves that can be drawn over the steps: what each shows, and for which scenes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..engine import measures
from ..engine.trajectory import Array, Trajectory
from ..scene.scene import Run, Scene


@dataclass(frozen=True)
class Curve:
    """One quantity along a run. `values` gives one array for a run, or two, for x and for y."""

    key: str
    title: str
    help: str
    values: Callable[[Scene, Run, Trajectory], tuple[Array, ...]]
    from_zero: bool = False  # whether a linear axis shows 0


def lowest(scene: Scene) -> float | None:
    """The loss at the lowest known minimum; None where there is none."""
    return min((scene.loss_at(x, y) for x, y in scene.minima), default=None)


def rate(scene: Scene, run: Run, trajectory: Trajectory) -> tuple[Array, ...]:
    return (trajectory.lr,)


def relative_rate(scene: Scene, run: Run, trajectory: Trajectory) -> tuple[Array, ...]:
    return (trajectory.lr / run.lr,)


def loss(scene: Scene, run: Run, trajectory: Trajectory) -> tuple[Array, ...]:
    return (trajectory.loss,)


def excess(scene: Scene, run: Run, trajectory: Trajectory) -> tuple[Array, ...]:
    return (trajectory.loss - (lowest(scene) or 0.0),)


def gradient_norm(scene: Scene, run: Run, trajectory: Trajectory) -> tuple[Array, ...]:
    return (measures.gradient_norm(trajectory),)


def distance(scene: Scene, run: Run, trajectory: Trajectory) -> tuple[Array, ...]:
    return (measures.distance_to_minimum(trajectory, scene.minima),)


def step_length(scene: Scene, run: Run, trajectory: Trajectory) -> tuple[Array, ...]:
    return (measures.step_length(trajectory),)


def effective_rate(scene: Scene, run: Run, trajectory: Trajectory) -> tuple[Array, ...]:
    along_x, along_y = measures.effective_rates(trajectory, run.rule, run.params)
    # A method that treats both axes alike has one curve.
    return (along_x,) if np.array_equal(along_x, along_y, equal_nan=True) else (along_x, along_y)


RATE = Curve("rate", "Learning rate  α(t)", "The rate of each update.", rate, from_zero=True)
RELATIVE_RATE = Curve(
    "relative_rate",
    "Learning rate  α(t) / α₀",
    "The rate of each update, as a share of α₀.",
    relative_rate,
    from_zero=True,
)
LOSS = Curve("loss", "Loss  f(xₜ)", "The loss at each step, without noise.", loss)
EXCESS = Curve("excess", "Loss above the minimum  f(xₜ) − f*", "How far the loss is above the lowest minimum.", excess)
THIRD = {
    curve.key: curve
    for curve in (
        Curve("distance", "Distance to the nearest minimum", "From each point to the nearest known minimum.", distance),
        Curve("gradient_norm", "Gradient norm  ‖g‖", "The length of the gradient, with its noise.", gradient_norm),
        Curve("step_length", "Step length", "How far each update moves the point.", step_length),
        Curve(
            "effective_rate",
            "Effective rate per axis",
            "α over what the method divides by: x solid, y dashed.",
            effective_rate,
        ),
    )
}


def loss_curve(scene: Scene) -> Curve:
    """The loss itself, or on a logarithmic axis, where it may be negative, its excess over the minimum."""
    bottom = lowest(scene)
    return EXCESS if scene.view.loss_log and bottom is not None and bottom != 0 else LOSS
