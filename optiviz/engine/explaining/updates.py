"""The vectors and sizes of one update, for drawing: gradient, velocity, step, squared gradients, effective rates."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..elementary import FLOATS
from ..optimizers import FactorTable, Optimizer
from ..stepping.planar import AXES
from ..trajectory import Trajectory

Pair = tuple[float, float]  # along x, along y

SAMPLES = 256  # rows looked at to learn how large a run's rates usually are


@dataclass(frozen=True)
class Update:
    """What the update t → t+1 is made of, in the plot's coordinates.

    Everything belongs to that one update; None stands for what it does not have, or what is no finite number.

    - `gradient`: −α g, the step that plain gradient descent would take. It starts at `gradient_from`: the point
      itself, or Nesterov's look-ahead `ahead`, where that rule takes its gradient (not known in the last row).
    - `velocity`: the part of the step that comes from the memory of older gradients, which is to say from β₁ v with
      the velocity or first moment v before this update. For `momentum` it is β₁ v itself and β₁ v + (−α g) is the
      step; for Nesterov too, with the gradient from where β₁ v ends; for the average −α β₁ v; for Adam and its like
      the same after their division by the root. One meaning for all: where the point would go on to if the newest
      gradient did not enter the velocity. (The new velocity as a step would be the step itself.)
    - `step`: the step that is taken; None in the last row, as `next`, where it leads.
    - `squares`: the accumulated squared gradients as this update divides by them, that is, with its own gradient in
      them: s, AMSGrad's m, AdaMax's u². The last row, from which no update goes, keeps those of the update before.
    - `rates`: the effective rate on each axis, as in `measures.effective_rates`.
    """

    at: Pair
    gradient: Pair | None
    gradient_from: Pair
    velocity: Pair | None
    step: Pair | None
    next: Pair | None
    ahead: Pair | None
    squares: Pair | None
    rates: Pair | None


class Updates:
    """The updates of one run. Keeps what a row needs of the rows before it, so that asking for a row is cheap."""

    def __init__(self, optimizer: Optimizer, params: Mapping[str, Any], trajectory: Trajectory) -> None:
        self.optimizer = optimizer
        self.params = dict(params)
        self.trajectory = trajectory
        self._factors = FactorTable(optimizer, self.params)

    @property
    def squares_symbol(self) -> str:
        """What the rule calls the squared gradients that it divides by: s, m or u²; nothing if it has none."""
        name = self.optimizer.squares
        return "" if name is None else name + self.optimizer.memories[name].power

    def at(self, t: int) -> Update:
        """The update from row t; rows past the end are the last one."""
        path = self.trajectory
        last = len(path) - 1
        t = max(0, min(t, last))
        at = (float(path.x[t]), float(path.y[t]))
        following = (float(path.x[t + 1]), float(path.y[t + 1])) if t < last else None
        step = finite(lambda: (following[0] - at[0], following[1] - at[1])) if following else None
        velocity = self._velocity(t)
        ahead = self._ahead(t)
        return Update(
            at=at,
            gradient=self._gradient(t, step, velocity),
            gradient_from=ahead or at,
            velocity=velocity,
            step=step,
            next=following,
            ahead=ahead,
            squares=self._squares(min(t + 1, last)),
            rates=self.rates(t),
        )

    def rates(self, t: int) -> Pair | None:
        """The effective rates of the update t → t+1."""
        lr = float(self.trajectory.lr[t])
        rate = self.optimizer.rate
        if rate is None:
            return finite(lambda: (lr, lr))
        if t >= len(self.trajectory) - 1:
            return None
        factors = self._factors.at(t)

        def along(axis: str) -> float:
            after, before = self._state(t + 1, axis), tuple(self._state(t, axis))
            return float(rate(FLOATS, *after, lr=lr, before=before, **self.params, **factors))

        return finite(lambda: (along("x"), along("y")))

    @cached_property
    def largest_square(self) -> float:
        """The largest accumulated square of the path on either axis; 0 if there is none."""
        name = self.optimizer.squares
        if name is None:
            return 0.0
        square = self.optimizer.memories[name].square
        with np.errstate(over="ignore"):
            columns = [square(self.trajectory.state[f"{name}_{axis}"]) for axis in AXES]
        return max((float(c[np.isfinite(c)].max(initial=0.0)) for c in columns), default=0.0)

    @cached_property
    def usual_rate(self) -> float:
        """The median over the path of the larger effective rate; 0 if there is none."""
        rows = np.unique(np.linspace(0, len(self.trajectory) - 1, SAMPLES).astype(int)).tolist()
        found = [max(rates) for t in rows if (rates := self.rates(t)) is not None]
        return float(np.median(found)) if found else 0.0

    def _gradient(self, t: int, step: Pair | None, velocity: Pair | None) -> Pair | None:
        path = self.trajectory
        if self.optimizer.ahead is None:
            lr = float(path.lr[t])
            return finite(lambda: (-lr * float(path.grad_x[t]), -lr * float(path.grad_y[t])))
        if step is None or velocity is None:
            return None
        # The gradient at the look-ahead is not recorded: it is what the velocity does not explain of the step.
        return finite(lambda: (step[0] - velocity[0], step[1] - velocity[1]))

    def _velocity(self, t: int) -> Pair | None:
        if not self.optimizer.velocities:
            return None
        return finite(lambda: (self._kept(t, "x"), self._kept(t, "y")))

    def _kept(self, t: int, axis: str) -> float:
        """The part of the step along an axis that comes from the velocity before the update.

        Asked of the rule itself, which takes a step from 0: so the number is the step. A rule with nothing but a
        velocity is asked for its step without a gradient. In the others the gradient must stay, because they divide
        by it too; their step is the sum of what the velocity and the gradient make, and once the velocity is 0.
        """
        path, optimizer = self.trajectory, self.optimizer
        settings = {"lr": float(path.lr[t]), **self.params, **self._factors.at(t)}
        state = self._state(t, axis)
        if optimizer.velocities == optimizer.state:
            return float(optimizer.rule(FLOATS, 0.0, 0.0, *state, **settings)[0])
        named = zip(optimizer.state, state, strict=True)
        without = [0.0 if name in optimizer.velocities else value for name, value in named]
        gradient = float((path.grad_x if axis == "x" else path.grad_y)[t])
        step, rest = (optimizer.rule(FLOATS, 0.0, gradient, *s, **settings)[0] for s in (state, without))
        return float(step - rest)

    def _ahead(self, t: int) -> Pair | None:
        ahead = self.optimizer.ahead
        if ahead is None:
            return None
        x, y = float(self.trajectory.x[t]), float(self.trajectory.y[t])
        return finite(
            lambda: (
                float(ahead(x, *self._state(t, "x"), **self.params)),
                float(ahead(y, *self._state(t, "y"), **self.params)),
            )
        )

    def _squares(self, row: int) -> Pair | None:
        name = self.optimizer.squares
        if name is None:
            return None
        square = self.optimizer.memories[name].square
        x, y = (float(self.trajectory.state[f"{name}_{axis}"][row]) for axis in AXES)
        return finite(lambda: (square(x), square(y)))

    def _state(self, row: int, axis: str) -> list[float]:
        return [float(self.trajectory.state[f"{name}_{axis}"][row]) for name in self.optimizer.state]


def finite(pair: Callable[[], Pair]) -> Pair | None:
    """The pair, if both of its numbers are finite. Float arithmetic raises where NumPy would give inf or nan."""
    try:
        x, y = pair()
    except (OverflowError, ZeroDivisionError, ValueError):
        return None
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None
