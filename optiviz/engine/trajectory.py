"""What a run produced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

NO_STATE = ("step", "epoch", "lr", "x", "y", "loss", "grad_x", "grad_y")


class Outcome(StrEnum):
    """How a run ended."""

    DONE = "done"
    DIVERGED = "diverged"


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A table with one row a step: its columns by name, each a read-only array of shape (rows,).

    Row t holds the point x_t, y_t, the loss f there (without noise), the gradient as the optimizer got it there, the
    rate of the update t → t+1 (in the last row the rate that the next update would have had), and the state after t
    updates, by name (`state["v_x"]`, zeros in row 0). A diverged trajectory ends at its last finite row; `message`
    then says at which step, and what left the range of floating-point numbers.

    The arrays given are taken over, not copied: nobody can write to them any more. Raises ValueError if they differ
    in length. It pickles, and so goes to other processes.
    """

    columns: Mapping[str, npt.NDArray[Any]]
    outcome: Outcome = Outcome.DONE
    message: str = ""

    def __post_init__(self) -> None:
        if len(lengths := {len(column) for column in self.columns.values()}) > 1:
            raise ValueError(f"columns must have the same length, not {sorted(lengths)}")
        for column in self.columns.values():
            column.setflags(write=False)
        object.__setattr__(self, "columns", MappingProxyType(dict(self.columns)))

    def __reduce__(self) -> tuple[Any, ...]:
        return Trajectory, (dict(self.columns), self.outcome, self.message)

    def __len__(self) -> int:
        return len(self.step)

    @property
    def step(self) -> Whole:
        """The number of updates before each row: 0, 1, 2, ..."""
        return self.columns["step"]

    @property
    def epoch(self) -> Whole:
        """The epoch of each row, from 0."""
        return self.columns["epoch"]

    @property
    def lr(self) -> Array:
        """The rate of the update from each row."""
        return self.columns["lr"]

    @property
    def x(self) -> Array:
        return self.columns["x"]

    @property
    def y(self) -> Array:
        return self.columns["y"]

    @property
    def loss(self) -> Array:
        """f at each point, without noise."""
        return self.columns["loss"]

    @property
    def grad_x(self) -> Array:
        """The gradient along x, with noise, if any."""
        return self.columns["grad_x"]

    @property
    def grad_y(self) -> Array:
        """The gradient along y, with noise, if any."""
        return self.columns["grad_y"]

    @cached_property
    def state(self) -> Mapping[str, Array]:
        """The columns of the optimizer's state: v_x, v_y, s_x, s_y, ..."""
        return MappingProxyType({name: column for name, column in self.columns.items() if name not in NO_STATE})
