"""The recorder: rows of any kind become a trajectory; where it ends, what it says, what it reports."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count

import numpy as np
import pytest

from optiviz.engine.stepping.record import BLOCK, STEPS_BETWEEN_REPORTS, Row, record
from optiviz.engine.trajectory import Trajectory

NAMES = ("loss", "heat", "mass")
WORDS = {"mass": "the mass", "loss": "the loss", "heat": "the heat of it"}
AROUND_BLOCKS = (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK - 1)


def row(t: int) -> Row:
    return float(t), t / 2, -float(t)


def rows() -> Iterator[Row]:
    """Rows without end."""
    return map(row, count())


def recorded(length: int = 3 * BLOCK, **spoilt: Row) -> Trajectory:
    """`length` rows, the one called "t5" replaced by what is given."""
    wrong = {int(name[1:]): numbers for name, numbers in spoilt.items()}
    return record((wrong.get(t, row(t)) for t in count()), NAMES, length, words=WORDS)


@pytest.mark.parametrize("length", [1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_rows_become_columns(length: int) -> None:
    path = record(rows(), NAMES, length, words=WORDS, steps_per_epoch=4)
    t = np.arange(length)
    assert len(path) == length
    assert list(path.columns) == ["step", "epoch", "mass", "loss", "heat"]  # in the order of the words
    for name, column in {"step": t, "epoch": t // 4, "mass": -t, "loss": t, "heat": t / 2}.items():
        np.testing.assert_array_equal(path.columns[name], column)
        assert not path.columns[name].flags.writeable
        assert path.columns[name].flags.c_contiguous
    assert (path.outcome, path.message) == ("done", "")


def test_a_list_will_do() -> None:
    path = record([row(t) for t in range(5)], NAMES, 5, words=WORDS)
    assert path.outcome == "done"
    assert path.loss.tolist() == [0, 1, 2, 3, 4]


def test_no_more_rows_are_made_than_are_wanted() -> None:
    made = rows()
    record(made, NAMES, BLOCK + 7, words=WORDS)
    assert next(made) == row(BLOCK + 7)


@pytest.mark.parametrize("names", [("loss", "heat"), ("loss", "heat", "heat"), ("loss", "heat", "mass", "loss")])
def test_every_column_has_a_name_and_a_word(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="one name and one word each, not loss, heat"):
        record(rows(), names, 3, words=WORDS)


# Divergence


@pytest.mark.parametrize("step", AROUND_BLOCKS)
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_it_ends_before_the_first_row_that_is_not_finite(step: int, number: float) -> None:
    path = recorded(**{f"t{step}": (1.0, number, 1.0)})
    assert path.message == f"diverged at step {step}: the heat of it left the range of floating-point numbers"
    assert path.outcome == "diverged"
    assert path.loss.tolist() == list(range(step))
    assert [len(column) for column in path.columns.values()] == [step] * 5


@pytest.mark.parametrize("step", AROUND_BLOCKS)
def test_it_ends_where_the_rows_do(step: int) -> None:
    path = record((row(t) for t in range(step)), NAMES, 3 * BLOCK, words=WORDS)
    assert path.message == f"diverged at step {step}: the arithmetic left the range of floating-point numbers"
    assert path.loss.tolist() == list(range(step))


def test_of_several_the_first_word_is_named() -> None:
    for numbers, what in (
        ((math.nan, math.nan, math.nan), "the mass"),
        ((math.nan, math.nan, 0.0), "the loss"),
        ((0.0, math.nan, 0.0), "the heat of it"),
    ):
        assert recorded(t7=numbers, t8=(math.inf,) * 3).message.startswith(f"diverged at step 7: {what} left")


def test_what_diverged_keeps_no_room_for_the_rows_that_never_came() -> None:
    path = recorded(100_000, t5=(math.nan, 0.0, 0.0))
    kept = path.loss.base if path.loss.base is not None else path.loss
    assert kept.nbytes < 1000


# Reports


def told(length: int, **spoilt: Row) -> list[int]:
    steps: list[int] = []
    wrong = {int(name[1:]): numbers for name, numbers in spoilt.items()}
    record((wrong.get(t, row(t)) for t in count()), NAMES, length, words=WORDS, report=steps.append)
    return steps


def test_reports_how_far_it_is() -> None:
    assert told(2) == [0]
    assert told(3 * STEPS_BETWEEN_REPORTS + 1) == [0, STEPS_BETWEEN_REPORTS, 2 * STEPS_BETWEEN_REPORTS]
    assert told(3 * STEPS_BETWEEN_REPORTS, t9=(math.nan, 0.0, 0.0)) == [0]


@pytest.mark.parametrize("error", [RuntimeError, ValueError, OverflowError, ZeroDivisionError, KeyboardInterrupt])
def test_a_report_can_end_the_recording(error: type[BaseException]) -> None:
    def refuse(step: int) -> None:
        if step >= STEPS_BETWEEN_REPORTS:
            raise error

    with pytest.raises(error):
        record(rows(), NAMES, 10 * STEPS_BETWEEN_REPORTS, words=WORDS, report=refuse)
