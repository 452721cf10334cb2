"""The only stepping loop."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from .elementary import FLOATS
from .optimizers import Optimizer
from .surfaces import Surface
from .trajectory import Outcome, Trajectory

AXES = ("x", "y")
STEPS_BETWEEN_REPORTS = 2048  # a few milliseconds' work


def state_columns(optimizer: Optimizer) -> list[str]:
    """The names of the state's columns: v_x, v_y, s_x, s_y, ..."""
    return [f"{name}_{axis}" for name in optimizer.state for axis in AXES]


def noise_stream(noise: float, seed: int, steps: int) -> npt.NDArray[np.float64]:
    """What is added to the gradient at each step, shape (steps + 1, 2): the same for every run of a scene.

    A longer run sees the same numbers first.
    """
    return noise * np.random.default_rng(seed).standard_normal((steps + 1, len(AXES)))


def simulate(
    optimizer: Optimizer,
    params: Mapping[str, Any],
    surface: Surface,
    surface_params: Mapping[str, Any],
    start: tuple[float, float],
    rates: npt.NDArray[np.float64],
    *,
    steps_per_epoch: int = 1,
    noise: npt.NDArray[np.float64] | None = None,
    report: Callable[[int], None] = lambda step: None,
) -> Trajectory:
    """Runs `optimizer` from `start` for len(rates) - 1 updates, the update t → t+1 with the rate rates[t].

    `noise` is None or has a row per step (see `noise_stream`). `report` is called now and then with the number of
    steps done; what it raises ends the simulation. A run that leaves the range of floating-point numbers has
    diverged: an outcome, not an error.
    """
    steps = len(rates) - 1
    value, slope, rule, ahead = surface.value, surface.slope, optimizer.rule, optimizer.ahead
    factors = optimizer.factors(params)
    (x, y), state_x, state_y = start, [0.0] * len(optimizer.state), [0.0] * len(optimizer.state)
    # Two flat lists: a list of pairs would take seconds to make, and the garbage collector's time ever after.
    noise_columns = None if noise is None else (noise[:, 0].tolist(), noise[:, 1].tolist())
    noise_x = noise_y = 0.0
    rows = array("d")
    message = ""
    for t, lr in enumerate(rates.tolist()):
        if t % STEPS_BETWEEN_REPORTS == 0 and t < steps:
            report(t)
        try:
            loss = value(FLOATS, x, y, **surface_params)
            grad_x, grad_y = slope(FLOATS, x, y, **surface_params)
            if noise_columns is not None:
                noise_x, noise_y = noise_columns[0][t], noise_columns[1][t]
                grad_x, grad_y = grad_x + noise_x, grad_y + noise_y
            row = (lr, x, y, loss, grad_x, grad_y, *state_x, *state_y)
            # One sum tells almost always; only a sum that is not finite needs the closer look.
            if not math.isfinite(sum(row)) and not all(map(math.isfinite, row)):
                message = f"diverged at step {t}: {culprit(optimizer, row)} left the range of floating-point numbers"
                break
            rows.extend(row)
            if t == steps:
                break
            if ahead is not None:
                grad_x, grad_y = slope(
                    FLOATS, ahead(x, *state_x, **params), ahead(y, *state_y, **params), **surface_params
                )
                grad_x, grad_y = grad_x + noise_x, grad_y + noise_y
            update = next(factors)
            x, *state_x = rule(FLOATS, x, grad_x, *state_x, lr=lr, **params, **update)
            y, *state_y = rule(FLOATS, y, grad_y, *state_y, lr=lr, **params, **update)
        except (OverflowError, ZeroDivisionError, ValueError):
            # Float arithmetic raises where NumPy would give inf or nan.
            step = len(rows) // (6 + 2 * len(optimizer.state))
            message = f"diverged at step {step}: the arithmetic left the range of floating-point numbers"
            break
    return as_trajectory(optimizer, rows, steps_per_epoch, message)


def culprit(optimizer: Optimizer, row: tuple[float, ...]) -> str:
    """In words, the first number of a row that is not finite."""
    names = ["the learning rate", "x", "y", "the loss", "the gradient", "the gradient"]
    names += [f"the state {name}" for name in (*optimizer.state, *optimizer.state)]
    # The point is what people watch: name it before the rate that drove it out.
    order = [1, 2, 3, 0, *range(4, len(row))]
    first: int = next(i for i in order if not math.isfinite(row[i]))
    return names[first]


def as_trajectory(optimizer: Optimizer, rows: array[float], steps_per_epoch: int, message: str) -> Trajectory:
    """The recorded rows as columns."""
    depth = len(optimizer.state)
    columns = np.frombuffer(rows, dtype=float).reshape(-1, 6 + 2 * depth).T.copy()
    step = np.arange(columns.shape[1])
    epoch = step // steps_per_epoch
    for column in (columns, step, epoch):
        column.setflags(write=False)
    lr, x, y, loss, grad_x, grad_y = columns[:6]
    pairs = [column for i in range(depth) for column in (columns[6 + i], columns[6 + depth + i])]
    return Trajectory(
        step=step,
        epoch=epoch,
        lr=lr,
        x=x,
        y=y,
        loss=loss,
        grad_x=grad_x,
        grad_y=grad_y,
        state=MappingProxyType(dict(zip(state_columns(optimizer), pairs, strict=True))),
        outcome=Outcome.DIVERGED if message else Outcome.DONE,
        message=message,
    )
