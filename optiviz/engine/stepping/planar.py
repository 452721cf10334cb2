"""The stepping loop of rules of one coordinate in the plane: on two Python floats, x and y."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import repeat
from types import FunctionType
from typing import Any

import numpy as np
import numpy.typing as npt

from ..elementary import FLOATS
from ..optimizers import Optimizer
from ..surfaces import Surface
from ..trajectory import Trajectory
from .record import Row, record

Rule = Callable[..., Row]

AXES = ("x", "y")


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

    `rates` has the shape (steps + 1,), `noise` is None or has the shape (steps + 1, 2) (see `noise_stream`). `report`
    is called now and then with the number of steps done; what it raises ends the simulation. A run that leaves the
    range of floating-point numbers has diverged: an outcome, not an error.
    """
    rows = walk(optimizer, params, surface, surface_params, start, rates, noise)
    # The point is what people watch: its words come before those of the rate that drove it out.
    words = {"x": "x", "y": "y", "loss": "the loss", "lr": "the learning rate"}
    words |= {"grad_x": "the gradient", "grad_y": "the gradient"}
    words |= {f"{name}_{axis}": f"the state {name}" for name in optimizer.state for axis in AXES}
    names = row_names(optimizer)
    return record(rows, names, len(rates), words=words, steps_per_epoch=steps_per_epoch, report=report)


def row_names(optimizer: Optimizer) -> list[str]:
    """The names of a row's numbers: lr, loss, grad_x, grad_y, x, v_x, s_x, y, v_y, s_y."""
    places = [name for axis in AXES for name in (axis, *(f"{state}_{axis}" for state in optimizer.state))]
    return ["lr", "loss", "grad_x", "grad_y", *places]


def walk(
    optimizer: Optimizer,
    params: Mapping[str, Any],
    surface: Surface,
    surface_params: Mapping[str, Any],
    start: tuple[float, float],
    rates: npt.NDArray[np.float64],
    noise: npt.NDArray[np.float64] | None,
) -> Iterator[Row]:
    """The run's rows, finite or not (see `row_names`). They end early where the arithmetic fails."""
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
