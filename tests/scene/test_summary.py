"""One line a run: what it was, how it ended, how soon it was near."""

import csv
import io
import math

import pytest

from optiviz import Run, Scene, simulate
from optiviz.scene.alignment import width
from optiviz.scene.summary import COLUMNS, TOLERANCE, Summary, summary, text_table, write_csv
from optiviz.scene.text import parse_run

LABEL = 'a, "b"; Ä'


@pytest.fixture(scope="module")
def race():
    scene = Scene(
        "rosenbrock",
        steps=400,
        noise=0.1,
        seed=3,
        runs=(
            Run("momentum", lr=1e-4, label=LABEL, visible=False),
            Run("gd", lr=1.0),
            Run("adam", lr=0.05, schedule="exponential", k=0.1, eps=1e-7),
            Run("adam", lr=0.1, label="梯度"),
        ),
    )
    return scene, simulate(scene)


def test_how_a_run_went(race):
    scene, trajectories = race
    rows = summary(scene, trajectories)
    assert [row.label for row in rows] == [LABEL, "Gradient descent", "Adam", "梯度"]
    last = trajectories[2]
    assert rows[2] == Summary(
        "Adam",
        "adam lr=0.05 eps=1e-7 schedule=exponential k=0.1",
        final=last.loss[-1],
        best=min(last.loss),
        steps=None,
        distance=pytest.approx(math.hypot(last.x[-1] - 1, last.y[-1] - 1), rel=1e-15),
        outcome="done",
    )
    assert rows[1].outcome.startswith("diverged at step ")


def test_settings_are_what_the_command_line_takes(race):
    scene, trajectories = race
    for run, row in zip(scene.runs, summary(scene, trajectories), strict=True):
        assert parse_run(row.settings, scene.landscape) == run.replace(label=None, color=None, visible=True)


@pytest.mark.parametrize("tolerance", [5.0, 0.5, 0.01, 0.0])
def test_steps_to_a_tolerance(race, tolerance):
    scene, trajectories = race
    for row, trajectory in zip(summary(scene, trajectories, tolerance=tolerance), trajectories, strict=True):
        near = [step for step, loss in enumerate(trajectory.loss.tolist()) if loss <= tolerance]
        assert row.steps == (near[0] if near else None)


def test_a_loss_of_just_the_tolerance_is_near(race):
    scene, trajectories = race
    loss = trajectories[2].loss.tolist()
    (row,) = summary(scene, trajectories, ["Adam"], tolerance=min(loss))
    assert row.steps == loss.index(min(loss))


def test_the_lowest_minimum_counts():
    """The three-hump camel has minima of different heights: near a higher one is not near."""
    scene = Scene("three_hump_camel", start=(-1.7, 0.9), steps=300, runs=[Run("gd", lr=0.05)])
    (row,) = summary(scene, simulate(scene))
    assert row.steps is None
    assert row.best > min(scene.loss_at(x, y) for x, y in scene.minima) + 0.1


def test_without_minima():
    scene = Scene("saddle", steps=3, runs=[Run("gd", lr=0.1)])
    (row,) = summary(scene, simulate(scene))
    assert (row.steps, row.distance) == (None, None)


def test_a_run_that_diverges_at_once_has_its_start():
    scene = Scene("sphere", steps=3, runs=[Run("gd", lr=1e308)])
    (row,) = summary(scene, simulate(scene))
    assert row.final == row.best == scene.loss_at(*scene.start)
    assert row.outcome.startswith("diverged at step 1")


def test_only_some_runs(race):
    scene, trajectories = race
    assert [row.label for row in summary(scene, trajectories, ["Adam"])] == ["Adam"]
    with pytest.raises(ValueError, match="no run called 'Adm'"):
        summary(scene, trajectories, ["Adm"])


def test_csv(race):
    rows = summary(*race, tolerance=0.5)
    stream = io.StringIO(newline="")
    write_csv(stream, rows, 0.5)
    assert "\r" not in stream.getvalue()
    read = list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))
    assert list(read[0]) == list(COLUMNS)
    for row, line in zip(rows, read, strict=True):
        assert (line["run"], line["settings"], line["outcome"]) == (row.label, row.settings, row.outcome)
        assert (float(line["final_loss"]), float(line["best_loss"])) == (row.final, row.best)
        assert line["steps_to_tolerance"] == ("" if row.steps is None else str(row.steps))
        assert float(line["distance_to_minimum"]) == row.distance
        assert float(line["tolerance"]) == 0.5


def test_text(race):
    lines = text_table(summary(*race)).splitlines()
    assert lines[0].split()[0] == "run"
    assert f"steps to {TOLERANCE.default:g}" in lines[0]
    ends = {width(line[: line.index(" done" if " done" in line else " diverged")]) for line in lines[1:]}
    assert len(ends) == 1
    assert lines[-1].endswith("adam lr=0.1")
