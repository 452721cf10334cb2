"""What can be measured along a trajectory: an array of shape (rows,), or one for each axis.

Lengths are those of the plane, in the surface's own units. Nothing raises or warns: beyond the floating-point range a
length is inf.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .elementary import ARRAYS
from .optimizers import Kept, Optimizer
from .trajectory import Array, Trajectory


def gradient_norm(trajectory: Trajectory) -> Array:
    """‖g‖ as the optimizer got it, with noise, if any: shape (rows,)."""
    with np.errstate(over="ignore"):
        return np.hypot(trajectory.grad_x, trajectory.grad_y)


def step_length(trajectory: Trajectory) -> Array:
    """How far the update t → t+1 moves the point: shape (rows,), nan in the last row, from which no update goes."""
    length = np.full(len(trajectory), np.nan)
    with np.errstate(over="ignore"):
        length[:-1] = np.hypot(np.diff(trajectory.x), np.diff(trajectory.y))
    return length


def distance_to_minimum(trajectory: Trajectory, minima: Sequence[tuple[float, float]]) -> Array:
    """Distance to the nearest of the known `minima` (x, y): shape (rows,), nan where a surface has none."""
    if not minima:
        return np.full(len(trajectory), np.nan)
    with np.errstate(over="ignore"):
        distances = [np.hypot(trajectory.x - x, trajectory.y - y) for x, y in minima]
    nearest: Array = np.min(distances, axis=0)
    return nearest


def effective_rates(trajectory: Trajectory, optimizer: Optimizer, params: Mapping[str, Any]) -> tuple[Array, Array]:
    """The effective rate of the update t → t+1 along x and along y, both of shape (rows,).

    That is α over whatever the rule divides by on that axis, α/(√s + ε) for Adagrad; α itself for a rule that treats
    both axes alike. nan in the last row of a rule whose rate depends on the state after the update.
    """
    if optimizer.rate is None:
        return trajectory.lr, trajectory.lr
    updates = len(trajectory) - 1
    if updates < 1:  # it diverged at once
        nothing = np.full(len(trajectory), np.nan)
        return nothing, nothing
    columns = {name: np.fromiter(values, float, updates) for name, values in optimizer.factors(params).items()}
    rates = []
    for axis in ("x", "y"):
        state = [trajectory.state[f"{name}_{axis}"] for name in optimizer.state]
        before, after = tuple(column[:-1] for column in state), [column[1:] for column in state]
        rate = np.full(updates + 1, np.nan)
        with np.errstate(all="ignore"):
            rate[:-1] = optimizer.rate(ARRAYS, *after, lr=trajectory.lr[:-1], before=before, **params, **columns)
        rates.append(rate)
    return rates[0], rates[1]


def gap(trajectory: Trajectory, other: Trajectory) -> Array:
    """How far two trajectories are apart at the same step, as long as both go on, and then nan.

    The shape is the first one's, (rows,).
    """
    common = min(len(trajectory), len(other))
    apart = np.full(len(trajectory), np.nan)
    with np.errstate(over="ignore"):
        apart[:common] = np.hypot(trajectory.x[:common] - other.x[:common], trajectory.y[:common] - other.y[:common])
    return apart


def bias_factors(trajectory: Trajectory, optimizer: Optimizer, params: Mapping[str, Any]) -> tuple[Array, Array]:
    """Adam’s 1 − β₁ᵗ and √(1 − β₂ᵗ) of the update from each row, both of shape (rows,).

    β₁ is what the rule keeps of its velocity, β₂ of its squares; nan for a rule that does not ask for that β's power,
    and so corrects no bias with it.
    """

    def factor(of: str) -> Array:
        kept = [param.name for param in optimizer.params if isinstance(param, Kept) and param.of == of]
        beta = next((float(params[name]) for name in kept if name in optimizer.powers.values()), math.nan)
        power: Array = np.power(beta, trajectory.step + 1.0)
        return 1 - power

    return factor("velocity"), np.sqrt(factor("squares"))
