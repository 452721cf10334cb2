"""Whole trajectories against PyTorch, optax and plain loops: tests/data/reference, whose README says how they came."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optiviz import Run, Scene, simulate
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.schedules import SCHEDULES

FOLDER = Path(__file__).parents[1] / "data" / "reference"
CASES = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
CONVERGED = 1e-16  # below, the last bit decides where a method goes


def table(name: str) -> np.ndarray:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["step", "x", "y", "loss"]
    return np.array(rows, dtype=float)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_agrees(case: dict[str, Any]) -> None:
    expected = table(case["case"])
    assert len(expected) == case["steps"] + 1
    run = Run(case["optimizer"], lr=case["lr"], schedule=case["schedule"], **case["hyper"] | case["schedule_params"])
    (ours,) = simulate(Scene(case["surface"], start=case["start"], steps=case["steps"], runs=(run,)))
    assert ours.outcome == "done"
    converged = np.flatnonzero((expected[:, 3] < CONVERGED) & (expected[:, 3].min() >= 0))
    rows = slice(0, converged[0] if len(converged) else None)
    got = np.column_stack([ours.step, ours.x, ours.y, ours.loss])
    rtol = 1e-6 if case["optimizer"] == "rmsprop" else 1e-9
    np.testing.assert_allclose(got[rows], expected[rows], rtol=rtol, atol=1e-12)
    assert len(expected[rows]) > 10


def test_every_rule_and_decay_has_a_case() -> None:
    assert {case["optimizer"] for case in CASES} == set(OPTIMIZERS)
    assert {case["schedule"] for case in CASES} == set(SCHEDULES)
    assert {f"{case['case']}.csv" for case in CASES} == {path.name for path in FOLDER.glob("*.csv")}
