"""The recorder: rows of numbers, wherever they come from, become a trajectory."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, islice

import numpy as np

from ..trajectory import Outcome, Trajectory

Row = tuple[float, ...]

BLOCK = 128  # rows that are recorded and checked together; a run that leaves the range goes on in vain as long
STEPS_BETWEEN_REPORTS = 16 * BLOCK  # a few milliseconds' work


def record(
    rows: Iterable[Row],
    names: Sequence[str],
    length: int,
    *,
    words: Mapping[str, str],
    steps_per_epoch: int = 1,
    report: Callable[[int], None] = lambda step: None,
) -> Trajectory:
    """The first `length` rows as columns of shape (rows,), beside the numbers of the step and of the epoch.

    `names` are the columns' names in the order of a row's numbers, `words` the same names in the order of the
    trajectory, with what people call them. `report` is called now and then with the number of steps done; what it
    raises ends the recording.

    A run whose rows end early, because their arithmetic fails, or which has a number that is not finite, has
    diverged: an outcome, not an error. The message names the first of the `words` that is not finite.

    Raises ValueError if a name is there twice, or has no word.
    """
    if sorted(names) != sorted(words):
        raise ValueError(f"columns must have one name and one word each, not {', '.join(names)}")
    rows = iter(rows)
    table = np.empty((len(names), length))
    done, message = 0, ""
    while done < length and not message:
        if done % STEPS_BETWEEN_REPORTS == 0 and done < length - 1:
            report(done)
        wanted = min(BLOCK, length - done)
        numbers = np.fromiter(chain.from_iterable(islice(rows, wanted)), float)
        bad = np.flatnonzero(~np.isfinite(numbers))
        block = numbers.reshape(-1, len(names))
        finite = int(bad[0]) // len(names) if len(bad) else len(block)
        table[:, done : done + finite] = block[:finite].T
        done += finite
        if finite < wanted:
            what = culprit(dict(zip(names, block[finite], strict=True)), words) if len(bad) else "the arithmetic"
            message = f"diverged at step {done}: {what} left the range of floating-point numbers"
    table = np.ascontiguousarray(table[:, :done])  # without room for the rows that never came
    table.setflags(write=False)
    column = dict(zip(names, table, strict=True))
    step = np.arange(done)
    return Trajectory(
        {"step": step, "epoch": step // steps_per_epoch, **{name: column[name] for name in words}},
        Outcome.DIVERGED if message else Outcome.DONE,
        message,
    )


def culprit(row: Mapping[str, float], words: Mapping[str, str]) -> str:
    """In words, the first number of a row that is not finite."""
    return next(word for name, word in words.items() if not math.isfinite(row[name]))
