"""What a run produced: a table that nobody can write to, here or in another process."""

from __future__ import annotations

import copy
import dataclasses
import multiprocessing
import pickle

import numpy as np
import pytest

from optiviz.engine.trajectory import Array, Outcome, Trajectory

NAMED = ("step", "epoch", "lr", "x", "y", "loss", "grad_x", "grad_y")


def columns(rows: int = 3, *state: str) -> dict[str, Array]:
    """Columns with different numbers, the counts whole ones."""
    made = {name: number + np.arange(rows) / 8 for number, name in enumerate((*NAMED, *state))}
    return made | {"step": np.arange(rows), "epoch": np.arange(rows) // 2}


def test_every_column_by_name() -> None:
    given = columns(3, "v_x", "v_y")
    path = Trajectory(given)
    assert len(path) == 3
    for name in NAMED:
        assert getattr(path, name) is path.columns[name] is given[name]
    assert list(path.state) == ["v_x", "v_y"]
    assert all(path.state[name] is given[name] for name in path.state)
    assert (path.outcome, path.message) == (Outcome.DONE, "")


def test_how_it_ended() -> None:
    path = Trajectory(columns(), Outcome.DIVERGED, "diverged at step 3")
    assert (path.outcome, path.message) == ("diverged", "diverged at step 3")


def test_without_a_state() -> None:
    assert dict(Trajectory(columns()).state) == {}


def test_nothing_can_be_written() -> None:
    given = columns(3, "v_x", "v_y")
    path = Trajectory(given)
    for name, column in path.columns.items():
        assert not column.flags.writeable, name
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1
    for mapping in (path.columns, path.state):
        with pytest.raises(TypeError):
            mapping["v_x"] = path.x  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        path.x = path.y  # type: ignore[misc]
    del given["x"]
    assert "x" in path.columns


@pytest.mark.parametrize("wrong", [{"y": np.zeros(2)}, {"v_x": np.zeros(4)}])
def test_columns_of_different_lengths_are_refused(wrong: dict[str, Array]) -> None:
    with pytest.raises(ValueError, match="3"):
        Trajectory(columns() | wrong)


def test_equal_to_itself_alone() -> None:
    path = Trajectory(columns())
    assert path == path
    assert path != Trajectory(columns())
    assert len({path, path}) == 1


def same(one: Trajectory, other: Trajectory) -> bool:
    return (one.outcome, one.message, list(one.state)) == (other.outcome, other.message, list(other.state)) and all(
        a.dtype == b.dtype and a.tobytes() == b.tobytes() and not b.flags.writeable
        for a, b in zip(one.columns.values(), other.columns.values(), strict=True)
    )


def test_goes_to_a_process_and_back() -> None:
    path = Trajectory(columns(5, "v_x", "v_y"), Outcome.DIVERGED, "diverged at step 5")
    for twin in (pickle.loads(pickle.dumps(path)), copy.copy(path), copy.deepcopy(path)):  # noqa: S301
        assert type(twin) is Trajectory
        assert same(path, twin)
        with pytest.raises(TypeError):
            twin.columns["x"] = twin.y
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert same(path, pool.apply(copy.copy, (path,)))
