"""What a run produced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class Outcome(StrEnum):
    """How a run ended."""

    DONE = "done"
    DIVERGED = "diverged"


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A table with one row a step; every column is a read-only array of the same length.

    Row t holds the point x_t, y_t, the loss f there (without noise), the gradient as the optimizer got it there, the
    rate of the update t → t+1 (in the last row the rate that the next update would have had), and the state after t
    updates, by name (`state["v_x"]`, zeros in row 0). A diverged trajectory ends at its last finite row; `message`
    then says at which step, and what left the range of floating-point numbers.
    """

    step: npt.NDArray[np.int64]
    epoch: npt.NDArray[np.int64]
    lr: Array
    x: Array
    y: Array
    loss: Array
    grad_x: Array
    grad_y: Array
    state: Mapping[str, Array]
    outcome: Outcome
    message: str

    def __len__(self) -> int:
        return len(self.step)
