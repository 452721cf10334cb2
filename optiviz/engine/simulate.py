"""The only stepping loop."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice, repeat
from types import FunctionType, MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from .elementary import FLOATS
from .optimizers import Optimizer
from .surfaces import Surface
from .trajectory import Outcome, Trajectory

Row = tuple[float, ...]
Rule = Callable[..., Row]

AXES = ("x", "y")
BLOCK = 128  # rows that are recorded and checked together; a run that leaves the range goes on in vain as long
STEPS_BETWEEN_REPORTS = 16 * BLOCK  # a few milliseconds' work


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
    walked = walk(optimizer, params, surface, surface_params, start, rates, noise)
    names = columns(optimizer)
    table = np.empty((len(names), steps + 1))
    done, message = 0, ""
    while done <= steps and not message:
        if done % STEPS_BETWEEN_REPORTS == 0 and done < steps:
            report(done)
        wanted = min(BLOCK, steps + 1 - done)
        numbers = np.fromiter(chain.from_iterable(islice(walked, wanted)), float)
        bad = np.flatnonzero(~np.isfinite(numbers))
        rows = numbers.reshape(-1, len(names))
        finite = int(bad[0]) // len(names) if len(bad) else len(rows)
        table[:, done : done + finite] = rows[:finite].T
        done += finite
        if finite < wanted:
            what = culprit(optimizer, dict(zip(names, rows[finite], strict=True))) if len(bad) else "the arithmetic"
            message = f"diverged at step {done}: {what} left the range of floating-point numbers"
    return as_trajectory(optimizer, np.ascontiguousarray(table[:, :done]), steps_per_epoch, message)


def walk(
    optimizer: Optimizer,
    params: Mapping[str, Any],
    surface: Surface,
    surface_params: Mapping[str, Any],
    start: tuple[float, float],
    rates: npt.NDArray[np.float64],
    noise: npt.NDArray[np.float64] | None,
) -> Iterator[Row]:
    """The run's rows, finite or not (see `columns`). They end early where the arithmetic fails."""
    settings = dict(params)  # and, below, the rate and the factors of the update at hand
    rule = preset(optimizer.rule, settings)
    ahead = None if optimizer.ahead is None else preset(optimizer.ahead, settings)
    update = UPDATES.get(len(optimizer.state), starred)
    value, slope = (preset(function, dict(surface_params)) for function in (surface.value, surface.slope))
    factors = list(optimizer.factors(params).items())
    # Pairs as they are needed: a list of a million would be the garbage collector's work ever after.
    kicks = repeat(None) if noise is None else zip(noise[:, 0].tolist(), noise[:, 1].tolist(), strict=True)
    zeros = [0.0] * len(optimizer.state)
    of_x, of_y = (start[0], *zeros), (start[1], *zeros)  # a coordinate and its state, as the rule returns them
    try:
        for lr, kick in zip(rates.tolist(), kicks, strict=False):
            loss = value(FLOATS, of_x[0], of_y[0])
            grad_x, grad_y = slope(FLOATS, of_x[0], of_y[0])
            if kick is not None:
                grad_x, grad_y = grad_x + kick[0], grad_y + kick[1]
            yield lr, loss, grad_x, grad_y, *of_x, *of_y
            if ahead is not None:
                grad_x, grad_y = slope(FLOATS, ahead(*of_x), ahead(*of_y))
                if kick is not None:
                    grad_x, grad_y = grad_x + kick[0], grad_y + kick[1]
            settings["lr"] = lr
            for name, values in factors:
                settings[name] = next(values)
            of_x, of_y = update(rule, of_x, grad_x), update(rule, of_y, grad_y)
    except (OverflowError, ZeroDivisionError, ValueError):
        return  # float arithmetic raises where NumPy would give inf or nan


def starred(rule: Rule, at: Row, g: float) -> Row:
    """The rule's update of one coordinate and its state, `at`, for the gradient `g`."""
    return rule(FLOATS, at[0], g, *at[1:])


# The same for rules with no, one, two or three accumulators: without the star a run takes a seventh less.
UPDATES: Mapping[int, Callable[[Rule, Row, float], Row]] = {
    0: lambda rule, at, g: rule(FLOATS, at[0], g),
    1: lambda rule, at, g: rule(FLOATS, at[0], g, at[1]),
    2: lambda rule, at, g: rule(FLOATS, at[0], g, at[1], at[2]),
    3: lambda rule, at, g: rule(FLOATS, at[0], g, at[1], at[2], at[3]),
}


def preset(function: Any, settings: dict[str, Any]) -> Callable[..., Any]:
    """The function with `settings` for its keyword arguments, also with what is put into them later.

    Merging keyword arguments for every call takes longer than the rule itself.
    """
    made = FunctionType(function.__code__, function.__globals__, closure=function.__closure__)
    made.__kwdefaults__ = settings
    return made


def columns(optimizer: Optimizer) -> list[str]:
    """The names of a row's numbers: lr, loss, grad_x, grad_y, x, v_x, s_x, y, v_y, s_y."""
    places = [name for axis in AXES for name in (axis, *(f"{state}_{axis}" for state in optimizer.state))]
    return ["lr", "loss", "grad_x", "grad_y", *places]


def culprit(optimizer: Optimizer, row: Mapping[str, float]) -> str:
    """In words, the first number of a row that is not finite."""
    # The point is what people watch: name it before the rate that drove it out.
    words = {"x": "x", "y": "y", "loss": "the loss", "lr": "the learning rate"}
    words |= {"grad_x": "the gradient", "grad_y": "the gradient"}
    words |= {f"{name}_{axis}": f"the state {name}" for axis in AXES for name in optimizer.state}
    return next(words[name] for name in words if not math.isfinite(row[name]))


def as_trajectory(
    optimizer: Optimizer, table: npt.NDArray[np.float64], steps_per_epoch: int, message: str
) -> Trajectory:
    """The recorded columns (see `columns`) as a trajectory."""
    step = np.arange(table.shape[1])
    epoch = step // steps_per_epoch
    for array in (table, step, epoch):
        array.setflags(write=False)
    column = dict(zip(columns(optimizer), table, strict=True))
    return Trajectory(
        step=step,
        epoch=epoch,
        **{name: column[name] for name in ("lr", "x", "y", "loss", "grad_x", "grad_y")},
        state=MappingProxyType({name: column[name] for name in state_columns(optimizer)}),
        outcome=Outcome.DIVERGED if message else Outcome.DONE,
        message=message,
    )
