"""Trajectories as a table: all rows as CSV."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any, TextIO

from ..engine.catalog import near_miss
from ..engine.params import shown
from ..engine.trajectory import Trajectory
from .run import Run
from .scene import Scene

COLUMNS = ("step", "epoch", "lr", "x", "y", "loss", "grad_x", "grad_y")
ROWS_AT_A_TIME = 4096  # Python numbers take ten times the memory of an array's


def write_csv(
    stream: TextIO, scene: Scene, trajectories: Sequence[Trajectory], labels: Collection[str] | None = None
) -> None:
    """Writes the trajectories of the scene's runs, or of those called `labels`, as CSV.

    The columns are run, optimizer, those of every trajectory, and the state columns of these runs in the order in
    which they first appear, empty where a run has none. Floats are written as Python's repr, which reads back bit for
    bit. The stream must leave line ends alone: open it with newline="" and encoding="utf-8".
    """
    chosen = chosen_runs(scene, trajectories, labels)
    states = list(dict.fromkeys(name for _, trajectory in chosen for name in trajectory.state))
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("run", "optimizer", *COLUMNS, *states))
    for run, trajectory in chosen:
        for first in range(0, len(trajectory), ROWS_AT_A_TIME):
            writer.writerows(rows(run, trajectory, states, slice(first, first + ROWS_AT_A_TIME)))


def chosen_runs(
    scene: Scene, trajectories: Sequence[Trajectory], labels: Collection[str] | None
) -> list[tuple[Run, Trajectory]]:
    pairs = list(zip(scene.runs, trajectories, strict=True))
    if labels is None:
        return pairs
    known = [run.label or "" for run in scene.runs]
    for label in labels:
        if label not in known:
            hint = near_miss(label, known) or f"there are {', '.join(known)}"
            raise ValueError(f"the scene has no run called {shown(label)}; {hint}")
    return [(run, trajectory) for run, trajectory in pairs if run.label in labels]


def rows(run: Run, trajectory: Trajectory, states: Iterable[str], part: slice) -> Iterator[tuple[Any, ...]]:
    """Some rows of a trajectory, as Python numbers."""
    columns = [getattr(trajectory, name)[part].tolist() for name in COLUMNS]
    # zip ends with its shortest, so a label or a missing state may be repeated for ever.
    extra = [trajectory.state[name][part].tolist() if name in trajectory.state else repeat("") for name in states]
    return zip(repeat(run.label), repeat(run.optimizer), *columns, *extra, strict=False)
