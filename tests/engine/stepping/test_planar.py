"""The stepping loop in the plane: rows, divergence, sameness."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from inspect import Parameter, Signature
from typing import Any

import numpy as np
import pytest

from optiviz import Run, Scene, Trajectory, simulate
from optiviz.engine.elementary import FLOATS
from optiviz.engine.optimizers import OPTIMIZERS, FactorTable, Optimizer
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.stepping.planar import simulate as simulate_one
from optiviz.engine.stepping.record import BLOCK, STEPS_BETWEEN_REPORTS
from optiviz.engine.surfaces import SURFACES

every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())


def run(key: str = "adam", lr: float = 0.05, **params: Any) -> Run:
    return Run(key, lr=lr, **params)


def one(
    surface: str = "rosenbrock",
    optimizer: str = "adam",
    lr: float = 0.05,
    *,
    steps: int = 50,
    scene: Any = None,
    **params: Any,
) -> Trajectory:
    """The trajectory of a scene with one run."""
    (trajectory,) = simulate(Scene(surface, steps=steps, runs=(run(optimizer, lr, **params),), **scene or {}))
    return trajectory


def raw(trajectory: Trajectory) -> bytes:
    return b"".join(column.tobytes() for column in trajectory.columns.values())


def check_ends_well(trajectory: Trajectory, steps: int) -> None:
    """Done with all rows, or diverged with a sentence that names the step; every number finite."""
    for column in trajectory.columns.values():
        assert len(column) == len(trajectory)
        assert np.isfinite(column).all()
    assert len(trajectory) >= 1
    if trajectory.outcome == "done":
        assert len(trajectory) == steps + 1
        assert trajectory.message == ""
    else:
        assert trajectory.outcome == "diverged"
        assert len(trajectory) <= steps
        assert trajectory.message.startswith(f"diverged at step {len(trajectory)}: ")
        assert trajectory.message.endswith("left the range of floating-point numbers")


# Rows


@every_optimizer
def test_rows_are_what_the_contract_says(optimizer: Optimizer) -> None:
    scene = {"steps_per_epoch": 3, "start": (-1.5, 2.0)}
    path = one("rosenbrock", optimizer.key, 1e-4, steps=20, schedule="inverse_time", k=0.5, scene=scene)
    surface, params = SURFACES["rosenbrock"], SURFACES["rosenbrock"].defaults()
    assert len(path) == 21
    assert path.step.tolist() == list(range(21))
    assert path.epoch.tolist() == [step // 3 for step in range(21)]
    assert path.step.dtype.kind == path.epoch.dtype.kind == "i"
    assert (path.x[0], path.y[0]) == (-1.5, 2.0)
    for t in range(21):
        x, y = float(path.x[t]), float(path.y[t])
        assert path.loss[t] == surface.value(FLOATS, x, y, **params)
        assert (path.grad_x[t], path.grad_y[t]) == surface.slope(FLOATS, x, y, **params)
    np.testing.assert_allclose(path.lr, 1e-4 / (1 + 0.5 * path.epoch), rtol=1e-15)
    assert all(column[0] == 0 for column in path.state.values())
    assert list(path.state) == [f"{name}_{axis}" for name in optimizer.state for axis in "xy"]
    assert path.outcome == "done"


@pytest.mark.parametrize(
    "optimizer", [rule for rule in OPTIMIZERS.values() if rule.ahead is None], ids=lambda rule: rule.key
)
def test_each_row_follows_from_the_row_before(optimizer: Optimizer) -> None:
    path = one("himmelblau", optimizer.key, 1e-3, steps=15, schedule="geometric", scene={"noise": 0.5, "seed": 3})
    params = run(optimizer.key, 1e-3).params
    table = FactorTable(optimizer, params)
    for t in range(15):
        factors = table.at(t)
        for axis in "xy":
            before = [float(path.state[f"{name}_{axis}"][t]) for name in optimizer.state]
            after = [float(path.state[f"{name}_{axis}"][t + 1]) for name in optimizer.state]
            at, to = (float(getattr(path, axis)[i]) for i in (t, t + 1))
            g = float(getattr(path, f"grad_{axis}")[t])
            assert optimizer.rule(FLOATS, at, g, *before, lr=float(path.lr[t]), **params, **factors) == (to, *after)


@pytest.mark.parametrize("depth", range(6))
def test_a_rule_may_have_any_number_of_accumulators(depth: int) -> None:
    def rule(xp: Any, x: Any, g: Any, *state: Any, lr: Any) -> tuple[Any, ...]:
        return (x - lr * g, *(sum_ + number * g for number, sum_ in enumerate(state, 1)))

    places = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in ("xp", "x", "g", *"abcdef"[:depth])]
    rule.__signature__ = Signature([*places, Parameter("lr", Parameter.KEYWORD_ONLY)])  # type: ignore[attr-defined]
    optimizer = dataclasses.replace(OPTIMIZERS["gd"], rule=rule)
    assert optimizer.state == tuple("abcdef"[:depth])
    path = simulate_one(optimizer, {}, SURFACES["sphere"], {}, (1.0, -2.0), np.full(6, 0.25))
    assert path.x.tolist() == [1.0, 0.5, 0.25, 0.125, 0.0625, 0.03125]
    for axis, gradient in (("x", path.grad_x), ("y", path.grad_y)):
        for number, name in enumerate(optimizer.state, 1):
            assert path.state[f"{name}_{axis}"].tolist() == [number * gradient[:t].sum() for t in range(6)]


def test_the_last_row_has_the_rate_of_the_update_that_would_follow() -> None:
    path = one("sphere", "gd", 0.1, steps=4, schedule="manual", knots=((4, 0.05),))
    assert path.lr.tolist() == [0.1, 0.1, 0.1, 0.1, 0.05]


def test_one_step() -> None:
    path = one(steps=1)
    assert len(path) == 2


def test_a_rate_of_zero_stands_still() -> None:
    path = one("rosenbrock", "gd", 0.1, steps=5, schedule="geometric", k=0)
    assert len(set(path.x[1:].tolist())) == 1
    assert path.outcome == "done"


@every_optimizer
def test_columns_cannot_be_written(optimizer: Optimizer) -> None:
    path = one("rosenbrock", optimizer.key, 1e-4, steps=3)
    for column in path.columns.values():
        assert not column.flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1
    with pytest.raises(TypeError):
        path.state["v_x"] = path.x  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        path.x = path.y  # type: ignore[misc]


# Sameness


@every_optimizer
def test_the_same_scene_twice_gives_the_same_bytes(optimizer: Optimizer) -> None:
    def produced() -> bytes:
        return raw(one("ackley", optimizer.key, 0.01, steps=60, scene={"noise": 0.3, "seed": 11}))

    assert produced() == produced()


@pytest.mark.parametrize("schedule", [key for key, schedule in SCHEDULES.items() if schedule.time != "progress"])
@pytest.mark.parametrize("noise", [0.0, 0.7])
def test_a_longer_run_begins_with_the_shorter(schedule: str, noise: float) -> None:
    scene = {"noise": noise, "seed": 5}
    short, long = (one("beale", "adam", 0.01, steps=steps, schedule=schedule, scene=scene) for steps in (37, 90))
    for name, column in short.columns.items():
        np.testing.assert_array_equal(column, long.columns[name][:38])


def test_runs_do_not_depend_on_their_neighbours() -> None:
    first, second = run("adam"), run("momentum", 1e-4)
    both = simulate(Scene("rosenbrock", steps=30, noise=0.5, runs=(first, second)))
    turned = simulate(Scene("rosenbrock", steps=30, noise=0.5, runs=(second, first)))
    alone = simulate(Scene("rosenbrock", steps=30, noise=0.5, runs=(second,)))
    assert raw(both[1]) == raw(turned[0]) == raw(alone[0])
    assert raw(both[0]) == raw(turned[1])


def test_a_manual_change_keeps_the_rows_before_it() -> None:
    before, after = (one(steps=40, schedule="manual", knots=knots) for knots in ((), ((20, 0.001),)))
    np.testing.assert_array_equal(before.x[:21], after.x[:21])
    assert before.x[21] != after.x[21]


def test_runs_at_the_same_time_keep_their_settings_apart() -> None:
    scenes = [Scene("rosenbrock", steps=400, runs=[run("nadam", beta1=beta1)]) for beta1 in (0.0, 0.5, 0.9, 0.99)]
    with ThreadPoolExecutor(len(scenes)) as threads:
        together = list(threads.map(simulate, 5 * scenes))
    for (path,), (alone,) in zip(together, 5 * [simulate(scene) for scene in scenes], strict=True):
        assert raw(path) == raw(alone)


# Divergence: an outcome, not a warning (warnings are errors here) and not an exception


@every_optimizer
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("lr", [1e3, 1e300])
def test_any_method_on_any_surface_at_any_rate_ends_well(optimizer: Optimizer, surface: str, lr: float) -> None:
    check_ends_well(one(surface, optimizer.key, lr, steps=60), 60)


@pytest.mark.parametrize("surface", ["rosenbrock", "goldstein_price", "himmelblau", "beale", "styblinski_tang"])
@pytest.mark.parametrize("optimizer", ["gd", "momentum", "momentum_ema", "nesterov"])
def test_too_large_a_rate_diverges(surface: str, optimizer: str) -> None:
    path = one(surface, optimizer, 1.0, steps=500, scene={"start": (2.5, -2.5)})
    assert path.outcome == "diverged"
    check_ends_well(path, 500)


@pytest.mark.parametrize("schedule", ["geometric", "inverse_sqrt", "manual"])
def test_a_rate_beyond_the_range_diverges(schedule: str) -> None:
    params: dict[str, Any] = {"knots": ((3, 1.7e308),)} if schedule == "manual" else {"k": 1e200}
    path = one("rosenbrock", "adam", 1.0, steps=20, schedule=schedule, **params)
    assert path.outcome == "diverged"
    check_ends_well(path, 20)


def test_the_sentence_names_what_left() -> None:
    assert one("sphere", "gd", 1e300, steps=9).message.startswith("diverged at step 1: the loss left")
    grows = one("sphere", "gd", 1.0, steps=9, schedule="geometric", k=1e200, scene={"start": (0.0, 0.0)})
    assert grows.message == "diverged at step 2: the learning rate left the range of floating-point numbers"


def rated(optimizer: str, surface: str, rates: np.ndarray) -> Trajectory:
    """A run with its default parameters and these rates."""
    place, params = SURFACES[surface], run(optimizer).params
    return simulate_one(OPTIMIZERS[optimizer], params, place, place.defaults(), place.start, rates)


AROUND_BLOCKS = (1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK)


@pytest.mark.parametrize("step", AROUND_BLOCKS)
@pytest.mark.parametrize("surface", ["rosenbrock", "rastrigin"])
@pytest.mark.parametrize("optimizer", ["gd", "nesterov", "nadam"])
def test_a_run_ends_before_the_first_row_that_is_not_finite(optimizer: str, surface: str, step: int) -> None:
    rates = np.full(3 * BLOCK + 1, 1e-4)
    whole = rated(optimizer, surface, rates)
    rates[step:] = np.nan
    path = rated(optimizer, surface, rates)
    assert len(whole) == 3 * BLOCK + 1
    assert path.message == f"diverged at step {step}: the learning rate left the range of floating-point numbers"
    for name, column in path.columns.items():
        np.testing.assert_array_equal(column, whole.columns[name][:step])
    check_ends_well(path, 3 * BLOCK)


@pytest.mark.parametrize("step", AROUND_BLOCKS)
def test_a_run_ends_before_the_first_row_that_cannot_be_computed(step: int) -> None:
    rates = np.full(3 * BLOCK + 1, 1e-6)
    rates[step - 1] = 1.7e308  # carries the point to infinity, of which there is no cosine
    path = rated("gd", "rastrigin", rates)
    assert path.message == f"diverged at step {step}: the arithmetic left the range of floating-point numbers"
    check_ends_well(path, 3 * BLOCK)


def test_a_diverged_run_does_not_go_on() -> None:
    told: list[int] = []
    place = SURFACES["sphere"]
    rates = np.full(100 * STEPS_BETWEEN_REPORTS, 1e300)
    path = simulate_one(OPTIMIZERS["gd"], {}, place, {}, (1.0, 1.0), rates, report=told.append)
    assert path.outcome == "diverged"
    assert told == [0]
    kept = path.x.base if path.x.base is not None else path.x
    assert kept.nbytes < 1000  # nor does it keep room for the rows that never came


def test_sums_that_overflow_are_no_divergence() -> None:
    # Every number is finite though their sum is not.
    path = one("sphere", "adagrad", 1e-3, steps=3, scene={"start": (8e153, 8e153)})
    assert path.outcome == "diverged"  # here s = g² is not finite
    path = one("sphere", "gd", 0.5, steps=3, scene={"start": (9.4e153, 9.4e153)})
    assert path.outcome == "done"
    assert path.x[-1] == 0


def test_a_scene_reports_its_share() -> None:
    told: list[float] = []
    simulate(Scene("sphere", steps=2 * STEPS_BETWEEN_REPORTS, runs=[run("gd"), run("adam")]), report=told.append)
    assert told == [0, 0.25, 0.5, 0.75]
