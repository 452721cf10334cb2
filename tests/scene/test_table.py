"""The CSV's contract, bit for bit."""

import csv
import io
import math

import numpy as np
import pytest

from optiviz import Run, Scene, simulate
from optiviz.scene.table import COLUMNS, ROWS_AT_A_TIME, write_csv

BASE = ["run", "optimizer", "step", "epoch", "lr", "x", "y", "loss", "grad_x", "grad_y"]
LABEL = 'a, "b"; Ä'


@pytest.fixture
def race():
    scene = Scene(
        "rosenbrock",
        steps=40,
        steps_per_epoch=7,
        noise=0.1,
        seed=3,
        runs=(
            Run("momentum", lr=1e-4, label=LABEL, visible=False),
            Run("gd", lr=1.0),
            Run("adam", lr=0.05, schedule="exponential", k=0.1),
            Run("adam", lr=0.01),
        ),
    )
    return scene, simulate(scene)


def text_of(scene, trajectories, labels=None):
    stream = io.StringIO(newline="")
    write_csv(stream, scene, trajectories, labels)
    return stream.getvalue()


def test_header_is_the_union_in_order_of_appearance(race):
    assert text_of(*race).splitlines()[0] == ",".join([*BASE, "v_x", "v_y", "s_x", "s_y"])
    scene, _ = race
    turned = scene.replace(runs=(Run("adadelta", lr=1.0), Run("adagrad", lr=1.0), Run("momentum", lr=0.1)))
    states = list(dict.fromkeys(name for trajectory in simulate(turned) for name in trajectory.state))
    assert text_of(turned, simulate(turned)).splitlines()[0] == ",".join([*BASE, *states])


def test_every_number_reads_back_bit_for_bit(race):
    scene, trajectories = race
    rows = list(csv.DictReader(io.StringIO(text_of(scene, trajectories), newline="")))
    assert len(rows) == sum(map(len, trajectories))
    for run, trajectory in zip(scene.runs, trajectories, strict=True):
        mine = [row for row in rows if row["run"] == run.label]
        assert {row["optimizer"] for row in mine} == {run.optimizer}
        for name in COLUMNS:
            column = getattr(trajectory, name)
            read = np.array([float(row[name]) for row in mine])
            assert read.tobytes() == np.asarray(column, dtype=float).tobytes(), name
            assert [row[name] for row in mine] == [repr(value) for value in column.tolist()]
        for name in ("v_x", "v_y", "s_x", "s_y"):
            written = [row[name] for row in mine]
            assert written == [repr(value) for value in trajectory.state.get(name, np.array([])).tolist()] or (
                name not in trajectory.state and set(written) == {""}
            )


def test_line_ends_quotes_and_whole_numbers(race):
    text = text_of(*race)
    assert "\r" not in text
    assert text.endswith("\n")
    lines = text.split("\n")
    assert lines[1].startswith('"a, ""b""; Ä",momentum,0,0,0.0001,')
    assert lines[8].startswith('"a, ""b""; Ä",momentum,7,1,')
    assert all(line.startswith(("Gradient descent,gd,", '"a', "Adam,adam,", "Adam 2,adam,")) for line in lines[1:-1])


def test_diverged_run_ends_at_its_last_finite_row(race):
    scene, trajectories = race
    assert trajectories[1].outcome == "diverged"
    rows = [row for row in csv.reader(io.StringIO(text_of(scene, trajectories))) if row[1] == "gd"]
    assert len(rows) == len(trajectories[1]) < scene.steps
    assert all(math.isfinite(float(cell)) for row in rows for cell in row[2:10])
    assert all(row[10:] == ["", "", "", ""] for row in rows)


def test_chosen_runs_bring_only_their_columns(race):
    text = text_of(*race, labels=["Gradient descent", LABEL])
    assert text.splitlines()[0] == ",".join([*BASE, "v_x", "v_y"])
    assert {row[1] for row in csv.reader(io.StringIO(text))} == {"optimizer", "momentum", "gd"}
    assert text_of(*race, labels=[]) == ",".join(BASE) + "\n"
    with pytest.raises(ValueError, match=r"no run called 'Adam 3'; did you mean"):
        text_of(*race, labels=["Adam 3"])


def test_runs_longer_than_a_part():
    scene = Scene("sphere", steps=2 * ROWS_AT_A_TIME, runs=[Run("adam", lr=1e-3)])
    rows = text_of(scene, simulate(scene)).splitlines()[1:]
    assert [int(row.split(",")[2]) for row in rows] == list(range(2 * ROWS_AT_A_TIME + 1))


def test_scene_without_runs():
    assert text_of(Scene("sphere", steps=3, runs=()), []) == ",".join(BASE) + "\n"


def test_pandas_reads_it(race):
    pandas = pytest.importorskip("pandas")
    scene, trajectories = race
    frame = pandas.read_csv(io.StringIO(text_of(scene, trajectories)))
    assert str(frame["step"].dtype) == str(frame["epoch"].dtype) == "int64"
    adam = frame[frame["run"] == "Adam"]
    np.testing.assert_allclose(adam["loss"], trajectories[2].loss, rtol=1e-15)  # older pandas round the last bit
    assert frame[frame["optimizer"] == "gd"]["v_x"].isna().all()


def test_run_that_diverges_at_once_has_its_start():
    scene = Scene("sphere", steps=3, runs=[Run("gd", lr=1e308)])
    assert len(text_of(scene, simulate(scene)).splitlines()) == 2
