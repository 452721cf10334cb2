"""Manual decay: what came before an act stays bit for bit, what comes after has the rates that were asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optiviz import Run, Scene, simulate
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.params import MOST_KNOTS
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.trajectory import Trajectory
from optiviz.scene.manual_decay import LEAST, as_knots, delete_knot, knots_of, move_knot, multiply, rescale, set_rate
from optiviz.scene.simulation import rates

STEPS = 40
KNOTS = ((0, 0.04), (7, 0.02), (25, 0.03))
POINTS = ("x", "y", "loss", "grad_x", "grad_y")


def run_of(schedule: str, optimizer: str = "adam", **params: Any) -> Run:
    if schedule == "manual":
        params = {"knots": KNOTS} | params
    return Run(optimizer, lr=0.05, schedule=schedule, label="mine", color="#123456", **params)


def scene_of(run: Run, **changes: Any) -> Scene:
    return Scene(
        **{"surface": "himmelblau", "steps": STEPS, "steps_per_epoch": 3, "noise": 0.1, "runs": [run]} | changes
    )


def path(scene: Scene, run: Run) -> Trajectory:
    (trajectory,) = simulate(scene.replace(runs=[run]))
    return trajectory


def assert_same_until(scene: Scene, before: Run, after: Run, step: int) -> None:
    """The points and the state of rows 0..step, and the rates of the rows before, are the same bit for bit."""
    old, new = path(scene, before), path(scene, after)
    for name in POINTS:
        assert getattr(old, name)[: step + 1].tobytes() == getattr(new, name)[: step + 1].tobytes(), name
    for name, column in old.state.items():
        assert column[: step + 1].tobytes() == new.state[name][: step + 1].tobytes(), name
    assert old.lr[:step].tobytes() == new.lr[:step].tobytes()


# Into knots


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("steps_per_epoch", [1, 3])
def test_every_schedule_becomes_knots_with_the_same_path(schedule: str, steps_per_epoch: int) -> None:
    run = run_of(schedule)
    scene = scene_of(run, steps_per_epoch=steps_per_epoch)
    manual = as_knots(scene, run)
    assert manual.schedule == "manual"
    assert (manual.label, manual.color, manual.optimizer) == (run.label, run.color, run.optimizer)
    assert manual.lr == run.lr
    assert rates(scene, run)[:-1].tobytes() == rates(scene, manual)[:-1].tobytes()
    assert_same_until(scene, run, manual, STEPS)


def test_equal_rates_share_a_knot() -> None:
    run = run_of("staircase", k=0.5, period=5)
    scene = scene_of(run, steps_per_epoch=2, steps=30)
    assert knots_of(as_knots(scene, run)) == ((10, 0.025), (20, 0.0125), (30, 0.00625))
    assert knots_of(as_knots(scene, run_of("constant"))) == ()


def test_a_first_rate_other_than_the_base_rate_is_a_knot() -> None:
    run = run_of("inverse_sqrt", k=0.5)
    assert knots_of(as_knots(scene_of(run), run))[0] == (0, 0.025)


def test_manual_knots_stay_as_they_are() -> None:
    run = run_of("manual", knots=((5, 0.1), (500, 0.2)))  # the second beyond the end
    assert as_knots(scene_of(run), run) is run


def test_a_rate_of_zero_becomes_the_smallest_number() -> None:
    run = run_of("geometric", k=0.0)
    scene = scene_of(run)
    manual = as_knots(scene, run)
    assert knots_of(manual) == ((3, LEAST),)
    assert 0 < LEAST < 1e-300
    assert_same_until(scene, run, manual, 3)
    assert np.array_equal(path(scene, run).x, path(scene, manual).x)


def test_the_zero_after_the_last_update_is_no_knot() -> None:
    run = run_of("linear")
    scene = scene_of(run, steps_per_epoch=1, steps=10)
    assert rates(scene, run)[-1] == 0
    assert [step for step, _ in knots_of(as_knots(scene, run))] == list(range(1, 10))


def test_too_many_knots_are_refused_in_words() -> None:
    run = run_of("exponential", k=1e-5)
    with pytest.raises(ValueError, match=r"Exponential decay changes the rate 20,000 times.*at most 10,000 knots"):
        as_knots(scene_of(run, steps=20_000, steps_per_epoch=1), run)
    exactly = scene_of(run, steps=MOST_KNOTS, steps_per_epoch=1)
    assert len(knots_of(as_knots(exactly, run))) == MOST_KNOTS


def test_rates_beyond_the_range_are_refused_in_words() -> None:
    run = run_of("geometric", k=1e200)
    with pytest.raises(ValueError, match="Geometric decay cannot be turned into knots: the rate of update 6 is no"):
        as_knots(scene_of(run), run)


# Acts


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("step", [0, 1, 7, 19, STEPS])
def test_multiplying_changes_what_comes_after_and_nothing_before(schedule: str, step: int) -> None:
    run = run_of(schedule)
    scene = scene_of(run)
    for factor in (0.5, 0.1, 3.0):
        changed = multiply(scene, run, step, factor)
        assert changed.schedule == "manual"
        before, after = rates(scene, run), rates(scene, changed)
        assert after[:step].tobytes() == before[:step].tobytes(), factor
        if step < STEPS or before[-1] > 0:
            assert np.array_equal(after[step:-1], before[step:-1] * factor), factor
        assert step in [at for at, _ in knots_of(changed)]
        assert_same_until(scene, run, changed, step)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_past_stays_for_every_optimizer(optimizer: str) -> None:
    run = run_of("cosine", optimizer).replace(lr=0.004)
    scene = scene_of(run)
    changed = multiply(scene, run, 11, 0.5)
    assert_same_until(scene, run, changed, 11)
    assert path(scene, run).x[12] != path(scene, changed).x[12]


def test_a_constant_run_gets_one_knot_and_the_first_step_too() -> None:
    run = run_of("constant")
    scene = scene_of(run)
    assert knots_of(multiply(scene, run, 9, 0.5)) == ((9, 0.025),)
    at_start = multiply(scene, run, 0, 0.5)
    assert (at_start.lr, knots_of(at_start)) == (0.05, ((0, 0.025),))
    assert path(scene, delete_knot(at_start, 0)).x.tobytes() == path(scene, run).x.tobytes()


def test_multiplying_twice_at_one_step_is_one_knot() -> None:
    run = run_of("constant")
    scene = scene_of(run)
    twice = multiply(scene, multiply(scene, run, 9, 0.5), 9, 0.1)
    assert knots_of(twice) == ((9, 0.05 * 0.5 * 0.1),)


def test_later_knots_are_multiplied_too() -> None:
    run = run_of("manual")
    assert knots_of(multiply(scene_of(run), run, 10, 0.5)) == ((0, 0.04), (7, 0.02), (10, 0.01), (25, 0.015))


def test_a_rate_multiplied_down_to_nothing_stays_above_it() -> None:
    run = run_of("constant")
    scene = scene_of(run)
    for _ in range(400):
        run = multiply(scene, run, 3, 0.1)
    assert knots_of(run) == ((3, LEAST),)


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf"), "half", True])
def test_bad_factors_are_refused(factor: Any) -> None:
    run = run_of("constant")
    with pytest.raises(ValueError, match="factor must be a finite number greater than 0"):
        multiply(scene_of(run), run, 3, factor)


def test_a_rate_beyond_the_range_is_refused() -> None:
    run = run_of("constant")
    scene = scene_of(run)
    with pytest.raises(ValueError, match="factor must leave the rate a finite number"):
        multiply(scene, multiply(scene, run, 3, 1e300), 3, 1e300)


@pytest.mark.parametrize("step", [-1, STEPS + 1, 1.5, "3", None])
def test_steps_outside_the_run_are_refused(step: Any) -> None:
    run = run_of("constant")
    for act in (multiply, set_rate):
        with pytest.raises(ValueError, match="step must be a whole number from 0 to 40"):
            act(scene_of(run), run, step, 0.5)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("step", [0, 8, STEPS])
def test_setting_a_rate(schedule: str, step: int) -> None:
    run = run_of(schedule)
    scene = scene_of(run)
    changed = set_rate(scene, run, step, 0.33)
    assert dict(knots_of(changed))[step] == 0.33
    assert rates(scene, changed)[step] == 0.33
    assert_same_until(scene, run, changed, step)


def test_a_rate_that_is_set_holds_until_the_next_knot() -> None:
    run = run_of("manual")
    scene = scene_of(run)
    assert knots_of(set_rate(scene, run, 10, 0.5)) == ((0, 0.04), (7, 0.02), (10, 0.5), (25, 0.03))
    assert knots_of(set_rate(scene, run, 7, 0.5)) == ((0, 0.04), (7, 0.5), (25, 0.03))
    with pytest.raises(ValueError, match="rate must be a finite number greater than 0"):
        set_rate(scene, run, 7, 0.0)


def test_acts_stop_at_the_most_knots() -> None:
    run = run_of("manual", knots=[(2 * step, 0.1) for step in range(MOST_KNOTS)])
    scene = scene_of(run, steps=3 * MOST_KNOTS)
    with pytest.raises(ValueError, match="at most 10,000 knots; delete one first"):
        multiply(scene, run, 1, 0.5)
    assert len(knots_of(multiply(scene, run, 2, 0.5))) == MOST_KNOTS


# Knots dragged and deleted


def test_a_knot_moves() -> None:
    assert knots_of(move_knot(run_of("manual"), 1, 12, 0.5)) == ((0, 0.04), (12, 0.5), (25, 0.03))


@pytest.mark.parametrize(
    ("index", "step", "lands"), [(1, 0, 1), (1, 99, 24), (0, -5, 0), (0, 30, 6), (2, 3, 8), (2, 1000, 1000)]
)
def test_a_dragged_knot_stops_at_its_neighbours(index: int, step: int, lands: int) -> None:
    assert knots_of(move_knot(run_of("manual"), index, step, 0.5))[index] == (lands, 0.5)


def test_bad_moves_are_refused() -> None:
    for step, rate, words in ((3, 0.0, "rate must be"), (3, float("nan"), "rate must be"), (3.5, 0.1, "step must be")):
        with pytest.raises(ValueError, match=words):
            move_knot(run_of("manual"), 1, step, rate)  # type: ignore[arg-type]


def test_knots_are_deleted() -> None:
    run = run_of("manual")
    assert knots_of(delete_knot(run, 1)) == (KNOTS[0], KNOTS[2])
    for _ in KNOTS:
        run = delete_knot(run, 0)
    assert (run.schedule, knots_of(run)) == ("manual", ())


@pytest.mark.parametrize("index", [-1, 3, 1.0, None, True])
def test_knots_that_are_not_there_are_refused(index: Any) -> None:
    with pytest.raises(ValueError, match="knot must be a whole number from 0 to 2"):
        delete_knot(run_of("manual"), index)
    with pytest.raises(ValueError, match="mine has no knots"):
        move_knot(run_of("cosine"), index, 3, 0.1)


def test_another_base_rate_takes_the_knots_along() -> None:
    assert knots_of(rescale(run_of("manual"), 0.1)) == ((0, 0.08), (7, 0.04), (25, 0.06))
    assert rescale(run_of("cosine"), 0.1) == run_of("cosine").replace(lr=0.1)
    with pytest.raises(ValueError, match="lr must be"):
        rescale(run_of("manual"), 0.0)
