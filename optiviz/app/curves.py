"""The curves that can be drawn over the steps: what each shows, and for which scenes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..engine import measures
from ..engine.trajectory import Array
from ..scene.runner import Result
from ..scene.scene import Scene
from ..scene.summary import lowest


@dataclass(frozen=True)
class Curve:
    """One quantity along a run. `values(result, i)` gives one array for the i-th run, or two, for x and for y."""

    key: str
    title: str
    help: str
    values: Callable[[Result, int], tuple[Array, ...]]
    from_zero: bool = False  # whether a linear axis shows 0


def rate(result: Result, i: int) -> tuple[Array, ...]:
    return (result.trajectories[i].lr,)


def relative_rate(result: Result, i: int) -> tuple[Array, ...]:
    return (result.trajectories[i].lr / result.scene.runs[i].lr,)


def loss(result: Result, i: int) -> tuple[Array, ...]:
    return (result.trajectories[i].loss,)


def excess(result: Result, i: int) -> tuple[Array, ...]:
    return (result.trajectories[i].loss - (lowest(result.scene) or 0.0),)


def gradient_norm(result: Result, i: int) -> tuple[Array, ...]:
    return (measures.gradient_norm(result.trajectories[i]),)


def distance(result: Result, i: int) -> tuple[Array, ...]:
    return (measures.distance_to_minimum(result.trajectories[i], result.scene.minima),)


def step_length(result: Result, i: int) -> tuple[Array, ...]:
    return (measures.step_length(result.trajectories[i]),)


def effective_rate(result: Result, i: int) -> tuple[Array, ...]:
    run = result.scene.runs[i]
    along_x, along_y = measures.effective_rates(result.trajectories[i], run.rule, run.params)
    # A method that treats both axes alike has one curve.
    return (along_x,) if np.array_equal(along_x, along_y, equal_nan=True) else (along_x, along_y)


def bias_factors(result: Result, i: int) -> tuple[Array, ...]:
    return measures.bias_factors(result.trajectories[i], result.scene.runs[i].params)


def gap(result: Result, i: int) -> tuple[Array, ...]:
    shown = [j for j, run in enumerate(result.scene.runs) if run.visible]
    first = shown[0] if shown else i
    if i == first:
        return (np.full(len(result.trajectories[i]), np.nan),)
    return (measures.gap(result.trajectories[i], result.trajectories[first]),)


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
        Curve("distance", "Distance to nearest minimum", "From each point to the nearest known minimum.", distance),
        Curve("gradient_norm", "Gradient norm  ‖g‖", "The length of the gradient, with its noise.", gradient_norm),
        Curve("step_length", "Step length", "How far each update moves the point.", step_length),
        Curve(
            "effective_rate",
            "Effective rate per axis",
            "α over what the method divides by: x solid, y dashed.",
            effective_rate,
        ),
        Curve(
            "bias_factors",
            "Bias correction  1 − β₁ᵗ, √(1 − β₂ᵗ)",
            "What Adam divides its moments by: 1 − β₁ᵗ solid, √(1 − β₂ᵗ) dashed.",
            bias_factors,
            from_zero=True,
        ),
        Curve("gap", "Gap to the first run", "How far each run is from the first one shown, at the same step.", gap),
    )
}


def loss_curve(scene: Scene) -> Curve:
    """The loss itself, or on a logarithmic axis, where it may be negative, its excess over the minimum."""
    bottom = lowest(scene)
    return EXCESS if scene.view.loss_log and bottom is not None and bottom != 0 else LOSS
