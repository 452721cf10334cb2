"""What can be measured along a trajectory: one number a row, or one per axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .elementary import ARRAYS
from .optimizers import Optimizer
from .trajectory import Array, Trajectory


def gradient_norm(trajectory: Trajectory) -> Array:
    """‖g‖ as the optimizer got it, with noise, if any."""
    return np.hypot(trajectory.grad_x, trajectory.grad_y)


def step_length(trajectory: Trajectory) -> Array:
    """How far the update t → t+1 moves the point; nan in the last row, from which no update goes."""
    length = np.full(len(trajectory), np.nan)
    with np.errstate(over="ignore"):
        length[:-1] = np.hypot(np.diff(trajectory.x), np.diff(trajectory.y))
    return length


def distance_to_minimum(trajectory: Trajectory, minima: Sequence[tuple[float, float]]) -> Array:
    """Distance to the nearest of the known minima; nan where a surface has none."""
    if not minima:
        return np.full(len(trajectory), np.nan)
    with np.errstate(over="ignore"):
        distances = [np.hypot(trajectory.x - x, trajectory.y - y) for x, y in minima]
    nearest: Array = np.min(distances, axis=0)
    return nearest


def effective_rates(trajectory: Trajectory, optimizer: Optimizer, params: Mapping[str, Any]) -> tuple[Array, Array]:
    """The effective rate of the update t → t+1 along x and along y.

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
    """How far two trajectories are apart at the same step, as long as both go on; nan after that."""
    common = min(len(trajectory), len(other))
    apart = np.full(len(trajectory), np.nan)
    with np.errstate(over="ignore"):
        apart[:common] = np.hypot(trajectory.x[:common] - other.x[:common], trajectory.y[:common] - other.y[:common])
    return apart


def bias_factors(trajectory: Trajectory, params: Mapping[str, Any]) -> tuple[Array, Array]:
    """Adam’s 1 − β₁ᵗ and √(1 − β₂ᵗ) of the update from each row; nan for a rule without both β."""
    update = trajectory.step + 1.0
    if "beta1" not in params or "beta2" not in params:
        return np.full(len(trajectory), np.nan), np.full(len(trajectory), np.nan)
    return 1 - params["beta1"] ** update, np.sqrt(1 - params["beta2"] ** update)
