"""Scenes run at once, and on the worker thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from optiviz import Run, Scene, simulate
from optiviz.scene.simulation import Result, rates
from optiviz.session import runner as runner_module
from optiviz.session.runner import PATIENCE, Runner

LIMIT = 20.0  # seconds that a test waits for what must come


def scene(steps: int = 20, **changes: Any) -> Scene:
    runs = (Run("adam", lr=0.05), Run("momentum", lr=2e-4, schedule="inverse_time", k=0.1))
    return Scene(**{"surface": "rosenbrock", "steps": steps, "runs": runs} | changes)


LONG = scene(1_000_000)


@pytest.fixture
def runner() -> Iterator[Runner]:
    made = Runner()
    yield made
    made.close()
    assert not made.alive


def until(condition: Callable[[], bool]) -> None:
    """Waits for a condition, and not a moment longer."""
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.0005)


def result(runner: Runner) -> Result:
    """The next result, or what the simulation raised."""
    found: list[Result] = []

    def taken() -> bool:
        got = runner.take()
        if got is not None:
            found.append(got)
        return bool(found)

    until(taken)
    return found[0]


# At once


def test_simulate_gives_a_trajectory_a_run_in_order() -> None:
    adam, momentum = simulate(scene())
    assert list(adam.state) == ["v_x", "v_y", "s_x", "s_y"]
    assert list(momentum.state) == ["v_x", "v_y"]
    assert len(adam) == len(momentum) == 21
    assert simulate(scene(runs=())) == []


def test_hidden_runs_are_simulated_too() -> None:
    hidden = scene(runs=[Run("gd", lr=1e-3, visible=False)])
    assert len(simulate(hidden)) == 1


def test_rates_have_one_for_each_row() -> None:
    made = scene(5, steps_per_epoch=2)
    np.testing.assert_allclose(rates(made, made.runs[1]), 2e-4 / (1 + 0.1 * np.array([0, 0, 1, 1, 2, 2])))


def test_known_trajectories_are_taken_as_they_are() -> None:
    made = scene()
    known = {made.numbers_of(run): path for run, path in zip(made.runs, simulate(made), strict=True)}
    changed = made.replace(
        runs=[made.runs[0].replace(label="other", color="#000000", visible=False), made.runs[1].replace(lr=1e-4)]
    )
    first, second = simulate(changed, known)
    assert first is known[made.numbers_of(made.runs[0])]
    assert second not in known.values()


CHANGES: list[dict[str, Any]] = [
    {"surface": "himmelblau"}, {"surface_params": {"a": 2.0}}, {"start": (0, 0)}, {"steps": 21}, {"steps_per_epoch": 2},
    {"noise": 0.1}, {"noise": 0.1, "seed": 1}, {"runs": [Run("adam", lr=0.06)]},
    {"runs": [Run("adam", lr=0.05, beta1=0.8)]},
    {"runs": [Run("adamw", lr=0.05)]}, {"runs": [Run("adam", lr=0.05, schedule="linear")]},
    {"runs": [Run("adam", lr=0.05, schedule="linear", end=0.5)]},
]  # fmt: skip


def test_the_key_holds_all_that_a_trajectory_depends_on() -> None:
    keys = {
        made.numbers_of(made.runs[0]) for made in (scene(), *(scene(**{"steps": 20} | changes) for changes in CHANGES))
    }
    assert len(keys) == len(CHANGES) + 1
    assert scene(seed=1).numbers_of(scene().runs[0]) == scene(seed=2).numbers_of(scene().runs[0])


# On the worker thread


def test_a_result_is_what_simulate_gives_and_is_given_once(runner: Runner) -> None:
    assert runner.take() is None
    assert not runner.busy
    runner.request(scene())
    assert runner.busy
    got = result(runner)
    assert got.scene == scene()
    for ours, theirs in zip(got.trajectories, simulate(scene()), strict=True):
        np.testing.assert_array_equal(ours.x, theirs.x)
        assert not ours.x.flags.writeable
    assert not runner.busy
    assert runner.take() is None


def last(runner: Runner, wanted: Scene) -> Result:
    """The result of the scene asked for last; those of scenes before it may come first, never after."""
    while (got := result(runner)).scene != wanted:
        pass
    assert runner.take() is None
    assert not runner.busy
    return got


def test_the_newest_request_wins(runner: Runner) -> None:
    for steps in range(1, 200):
        runner.request(scene(steps))
    assert len(last(runner, scene(199)).trajectories[0]) == 200


def test_under_a_drag_results_come_in_order_and_the_newest_last(runner: Runner) -> None:
    seen = []
    for steps in range(1, 1000):
        runner.request(scene(steps))
        if (got := runner.take()) is not None:
            seen.append(got.scene.steps)
    if not seen or seen[-1] != 999:
        seen.append(last(runner, scene(999)).scene.steps)
    assert seen == sorted(set(seen))


def test_a_long_simulation_gives_way(runner: Runner) -> None:
    runner.request(LONG)
    until(lambda: runner.progress > 0)
    begun = time.monotonic()
    runner.request(scene(3))
    assert result(runner).scene.steps == 3
    assert time.monotonic() - begun < PATIENCE + 2  # the long one is given up, not finished


def test_a_result_not_yet_taken_makes_room_for_a_newer_one(runner: Runner) -> None:
    runner.request(scene(2))
    until(lambda: runner.ready)
    runner.request(scene(3))
    last(runner, scene(3))


def test_cancel(runner: Runner) -> None:
    runner.cancel()
    assert not runner.busy
    runner.request(LONG)
    until(lambda: runner.progress > 0)
    assert runner.busy
    runner.cancel()
    assert not runner.busy
    assert runner.take() is None
    runner.request(scene(3))
    assert result(runner).scene.steps == 3


def test_cancel_drops_a_result_not_yet_taken(runner: Runner) -> None:
    runner.request(scene(2))
    until(lambda: runner.ready)
    runner.cancel()
    assert not runner.busy
    assert runner.take() is None


def test_unchanged_runs_are_the_same_objects(runner: Runner) -> None:
    runner.request(scene())
    before = result(runner).trajectories
    first, second = scene().runs
    runner.request(scene(runs=[first.replace(label="renamed", color="#000000"), second.replace(lr=1e-4)]))
    after = result(runner).trajectories
    assert after[0] is before[0]
    assert after[1] is not before[1]
    runner.request(scene(runs=[second.replace(lr=1e-4), first]))
    swapped = result(runner).trajectories
    assert swapped[0] is after[1]
    assert swapped[1] is after[0]


def test_a_diverging_run_is_a_result(runner: Runner) -> None:
    runner.request(scene(runs=[Run("gd", lr=1e300)]))
    (path,) = result(runner).trajectories
    assert path.outcome == "diverged"


@pytest.mark.parametrize("error", [ZeroDivisionError, MemoryError, KeyboardInterrupt, SystemExit])
def test_errors_are_handed_over_and_the_thread_lives_on(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def fail(*_: object) -> Any:
        raise error("broken")

    with monkeypatch.context() as patch:
        patch.setattr(runner_module, "simulate", fail)
        runner.request(scene())
        with pytest.raises(error, match="broken"):
            result(runner)
    assert not runner.busy
    assert runner.take() is None
    runner.request(scene(4))
    assert result(runner).scene.steps == 4


def test_an_error_of_an_overtaken_scene_gives_way_to_the_newest_result(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def fail(made: Scene, *_: object) -> Any:
        if made.steps == 4:
            return simulate(made)
        begun.set()
        assert go_on.wait(LIMIT)
        raise RuntimeError("of the old scene")

    monkeypatch.setattr(runner_module, "simulate", fail)
    runner.request(scene(3))
    assert begun.wait(LIMIT)
    runner.request(scene(4))
    go_on.set()
    until(lambda: runner.ready)
    assert result(runner).scene.steps == 4


def test_close_ends_a_long_simulation_within_a_second() -> None:
    runner = Runner()
    runner.request(LONG)
    until(lambda: runner.progress > 0)
    begun = time.monotonic()
    runner.close()
    assert time.monotonic() - begun < 5
    assert not runner.alive


def test_close_does_not_wait_for_the_noise_to_be_drawn() -> None:
    runner = Runner()
    runner.request(LONG.replace(noise=0.1))
    until(lambda: runner.working)
    begun = time.monotonic()
    runner.close()
    assert time.monotonic() - begun < 5


def test_close_at_any_moment_leaves_no_thread() -> None:
    for steps in (0, 1, 100, 20_000):
        runner = Runner()
        if steps:
            runner.request(scene(steps))
        runner.close()
        runner.close()
        assert not runner.alive
        assert not runner.busy


def test_progress_grows(runner: Runner) -> None:
    seen: list[float] = []

    def done() -> bool:
        seen.append(runner.progress)
        return runner.progress > 0.05

    runner.request(LONG)
    until(done)
    assert seen == sorted(seen)
    assert seen[-1] <= 1
