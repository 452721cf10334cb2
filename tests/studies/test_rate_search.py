"""The search for the best rate: it finds a better one, says what it minimised, and can be stopped."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest

from optiviz import Run, Scene, simulate
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.surfaces import SURFACES
from optiviz.scene.manual_decay import knots_of
from optiviz.scene.simulation import simulate as simulate_scene
from optiviz.studies import rate_search
from optiviz.studies.rate_search import best_rates

WITH_MINIMA = [key for key, surface in SURFACES.items() if surface.minima()]


def scene(*runs: Run, **changes: Any) -> Scene:
    return Scene(**{"surface": "himmelblau", "steps": 60, "runs": runs or (Run("gd", lr=0.001),)} | changes)


@pytest.mark.parametrize("surface", WITH_MINIMA)
def test_no_run_gets_worse_and_the_loss_is_the_one_named(surface: str) -> None:
    rules = ("gd", "momentum", "adagrad", "rmsprop", "adam")
    before = Scene(surface, steps=60, runs=[Run(key, lr=1e-3, schedule="exponential", k=0.01) for key in rules])
    found = best_rates(before)
    for best, old, new in zip(found.best, simulate(before), simulate(found.scene), strict=True):
        assert new.loss[-1] == best.loss
        assert new.loss[-1] <= old.loss[-1] or old.message


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_only_rates_change_and_they_can_be_said(optimizer: str) -> None:
    before = scene(Run(optimizer, lr=0.0123456, schedule="inverse_time", k=0.02, color="#123456"), noise=0.1)
    (best,) = (found := best_rates(before)).best
    (old,), (new,) = before.runs, found.scene.runs
    assert new == old.replace(lr=best.rate)
    assert best.low <= best.rate <= best.high
    assert best.rate == old.lr or best.rate == float(f"{best.rate:.1e}")
    assert best_rates(before) == found


def test_gradient_descent_on_a_sphere_finds_the_rate_that_calculus_finds() -> None:
    found = best_rates(Scene("sphere", steps=3, runs=[Run("gd", lr=0.01)]))
    assert found.best[0].rate == pytest.approx(0.5, rel=0.05)


def test_the_words_say_what_was_minimised_and_over_what() -> None:
    words = best_rates(scene()).words
    assert words.startswith("Minimised: the loss after 60 steps, over rates from 1/1,000 to 1,000 times")


def test_knots_keep_their_proportion() -> None:
    (run,) = best_rates(scene(Run("gd", lr=0.001, schedule="manual", knots=((9, 0.0005),)))).scene.runs
    assert knots_of(run)[0][1] / run.lr == pytest.approx(0.5)


@pytest.mark.parametrize("surface", sorted(set(SURFACES) - set(WITH_MINIMA)))
def test_where_the_loss_falls_without_end_there_is_no_best(surface: str) -> None:
    with pytest.raises(ValueError, match=f"{SURFACES[surface].name} has no minimum"):
        best_rates(Scene(surface, steps=5, runs=[Run("gd", lr=0.01)]))


def test_without_runs_there_is_nothing_to_search() -> None:
    with pytest.raises(ValueError, match="no run"):
        best_rates(scene(runs=[]))


def test_a_path_that_leaps_away_does_not_count() -> None:
    found = best_rates(Scene("mccormick", steps=200, runs=[Run("momentum", lr=0.1), Run("rmsprop", lr=0.1)]))
    lowest = min(found.scene.loss_at(x, y) for x, y in found.scene.minima)
    for trajectory in simulate(found.scene):
        assert trajectory.loss[-1] >= lowest - 1e-3
        assert max(abs(trajectory.x).max(), abs(trajectory.y).max()) < 10


def test_a_run_that_no_rate_helps_keeps_its_own() -> None:
    run = Run("gd", lr=1e5, schedule="geometric", k=1e30, label="wild")
    found = best_rates(scene(run))
    assert found.best[0].rate is None
    assert found.best[0].loss == math.inf
    assert found.scene.runs == (run.replace(color=found.scene.runs[0].color),)
    assert "left as they are: wild" in found.words


def test_a_best_rate_at_the_end_of_the_range_is_said() -> None:
    found = best_rates(scene(Run("gd", lr=0.001, schedule="geometric", k=0.0, label="short")))
    assert found.best[0].at_edge == ("Best at the end of the range, and perhaps better beyond: short." in found.words)


def test_few_simulations_and_a_steady_report(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0

    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal count
        count += 1
        return simulate_scene(*args, **kwargs)

    monkeypatch.setattr(rate_search, "simulate", counted)
    shares: list[float] = []
    best_rates(scene(Run("gd", lr=0.001), Run("adam", lr=0.1), steps=5000), shares.append)
    assert count <= 2 * 26
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1


def test_it_can_be_stopped() -> None:
    class Enough(Exception):
        pass

    def stop(share: float) -> None:
        if share > 0.3:
            raise Enough

    with pytest.raises(Enough):
        best_rates(scene(), stop)


def test_it_is_quick() -> None:
    began = time.perf_counter()
    best_rates(scene(*(Run(key, lr=0.01) for key in ("gd", "momentum", "adagrad", "rmsprop", "adam")), steps=200))
    assert time.perf_counter() - began < 5
