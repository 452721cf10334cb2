"""The curves that can be drawn over the steps: what each shows of a run, and how it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine import measures
from ..engine.catalog import Catalog
from ..engine.optimizers import Optimizer
from ..engine.trajectory import Array, Trajectory


@dataclass(frozen=True, eq=False)
class Course:
    """One run's trajectory, with what its curves are measured by.

    `lr` is α₀, `lowest` the loss at the lowest known minimum (None without one), `first` the trajectory of the first
    run shown, None for that run itself.
    """

    trajectory: Trajectory
    rule: Optimizer
    params: Mapping[str, Any]
    lr: float
    minima: Sequence[tuple[float, float]]
    lowest: float | None
    first: Trajectory | None


@dataclass(frozen=True)
class Curve:
    """One quantity along a run. `values(course)` gives arrays of shape (rows,): one, or one for x and one for y."""

    key: str
    title: str
    help: str
    values: Callable[[Course], tuple[Array, ...]]
    from_zero: bool = False  # whether a linear axis shows 0


def rate(course: Course) -> tuple[Array, ...]:
    return (course.trajectory.lr,)


def relative_rate(course: Course) -> tuple[Array, ...]:
    return (course.trajectory.lr / course.lr,)


def loss(course: Course) -> tuple[Array, ...]:
    return (course.trajectory.loss,)


def excess(course: Course) -> tuple[Array, ...]:
    return (course.trajectory.loss - (course.lowest or 0.0),)


def gradient_norm(course: Course) -> tuple[Array, ...]:
    return (measures.gradient_norm(course.trajectory),)


def distance(course: Course) -> tuple[Array, ...]:
    return (measures.distance_to_minimum(course.trajectory, course.minima),)


def step_length(course: Course) -> tuple[Array, ...]:
    return (measures.step_length(course.trajectory),)


def effective_rate(course: Course) -> tuple[Array, ...]:
    along_x, along_y = measures.effective_rates(course.trajectory, course.rule, course.params)
    # A method that treats both axes alike has one curve.
    return (along_x,) if np.array_equal(along_x, along_y, equal_nan=True) else (along_x, along_y)


def bias_factors(course: Course) -> tuple[Array, ...]:
    return measures.bias_factors(course.trajectory, course.rule, course.params)


def gap(course: Course) -> tuple[Array, ...]:
    if course.first is None:
        return (np.full(len(course.trajectory), np.nan),)
    return (measures.gap(course.trajectory, course.first),)


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


def loss_curve(lowest: float | None, *, log: bool) -> Curve:
    """The loss itself, or on a logarithmic axis, where it may be negative, its excess over the minimum."""
    return EXCESS if log and lowest is not None and lowest != 0 else LOSS


THIRD_CURVES: Catalog[Curve] = Catalog("curve")
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
):
    THIRD_CURVES.add(curve)
