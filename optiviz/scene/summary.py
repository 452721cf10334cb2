"""One line a run: its settings, how it ended, and how long it took to come near the minimum."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TextIO

import numpy as np

from ..engine.measures import distance_to_minimum
from ..engine.params import Real
from ..engine.trajectory import Trajectory
from .alignment import aligned
from .run import Run
from .scene import Scene
from .simulation import lowest
from .table import chosen_runs
from .text import run_text

TOLERANCE = Real(
    name="tolerance",
    symbol="tolerance",
    default=1e-6,
    low=0.0,
    help="How far the loss may be above the lowest minimum for a run to have arrived.",
)
COLUMNS = (
    "run",
    "settings",
    "final_loss",
    "best_loss",
    "tolerance",
    "steps_to_tolerance",
    "distance_to_minimum",
    "outcome",
)


@dataclass(frozen=True)
class Summary:
    """How a run went.

    `settings` are what `--run` takes. `final` and `best` are losses; `steps` is the first step at which the loss is
    within the tolerance of the lowest known minimum, None if it never is; `distance` is the final point's to the
    nearest known minimum. Both are None where the surface has none.
    """

    label: str
    settings: str
    final: float
    best: float
    steps: int | None
    distance: float | None
    outcome: str


def summary(
    scene: Scene,
    trajectories: Sequence[Trajectory],
    labels: Collection[str] | None = None,
    tolerance: float = TOLERANCE.default,
) -> list[Summary]:
    """How every run of the scene went, or those called `labels`."""
    bottom = lowest(scene)
    return [
        summary_of(scene, run, trajectory, bottom, tolerance)
        for run, trajectory in chosen_runs(scene, trajectories, labels)
    ]


def summary_of(scene: Scene, run: Run, trajectory: Trajectory, bottom: float | None, tolerance: float) -> Summary:
    near = np.flatnonzero(trajectory.loss - bottom <= tolerance) if bottom is not None else np.zeros(0, np.intp)
    return Summary(
        label=run.label or "",
        settings=run_text(run.replace(label=None, color=None, visible=True)),
        final=float(trajectory.loss[-1]),
        best=float(trajectory.loss.min()),
        steps=int(near[0]) if len(near) else None,
        distance=float(distance_to_minimum(trajectory, scene.minima)[-1]) if scene.minima else None,
        outcome=trajectory.message or str(trajectory.outcome),
    )


def write_csv(stream: TextIO, rows: Sequence[Summary], tolerance: float = TOLERANCE.default) -> None:
    """Writes the summaries as CSV, floats so that they read back bit for bit. Wants newline="" and UTF-8."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow((row.label, row.settings, row.final, row.best, tolerance, row.steps, row.distance, row.outcome))


def text_table(rows: Sequence[Summary], tolerance: float = TOLERANCE.default) -> str:
    """The summaries as an aligned table, to be pasted wherever type has one width."""
    head = ("run", "final loss", "best loss", f"steps to {tolerance:g}", "distance to minimum", "outcome", "settings")
    lines = [head]
    lines += [
        (
            row.label,
            number(row.final),
            number(row.best),
            "-" if row.steps is None else str(row.steps),
            number(row.distance),
            row.outcome,
            row.settings,
        )
        for row in rows
    ]
    return aligned(lines, right=(1, 2, 3, 4))


def number(value: float | None) -> str:
    """Six digits, or a dash for what there is not."""
    return "-" if value is None else f"{value:.6g}"
