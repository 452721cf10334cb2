"""What is measured along a trajectory."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from optiviz import Run, Scene, Trajectory, simulate
from optiviz.engine.measures import (
    bias_factors,
    distance_to_minimum,
    effective_rates,
    gap,
    gradient_norm,
    step_length,
)
from optiviz.engine.optimizers import OPTIMIZERS

PLAIN = ("gd", "momentum", "momentum_ema", "nesterov", "lion")


def one(
    optimizer: str, lr: float = 0.05, *, surface: str = "beale", steps: int = 30, **params: Any
) -> tuple[Run, Trajectory]:
    run = Run(optimizer, lr=lr, **params)
    (path,) = simulate(Scene(surface, steps=steps, noise=0.1, runs=(run,)))
    return run, path


def rates(run: Run, path: Trajectory) -> tuple[np.ndarray, np.ndarray]:
    return effective_rates(path, run.rule, run.params)


def moved(path: Trajectory) -> tuple[np.ndarray, np.ndarray]:
    return -np.diff(path.x), -np.diff(path.y)


def test_gradient_norm() -> None:
    _, path = one("gd", 1e-3)
    norm = gradient_norm(path)
    assert norm[3] == math.hypot(path.grad_x[3], path.grad_y[3])
    assert len(norm) == len(path)


def test_step_length() -> None:
    (path,) = simulate(Scene("sphere", start=(3, 4), steps=3, runs=[Run("gd", lr=0.25)]))
    np.testing.assert_allclose(step_length(path), [2.5, 1.25, 0.625, math.nan])


def test_distance_to_the_nearest_minimum() -> None:
    (path,) = simulate(Scene("sphere", start=(3, 4), steps=3, runs=[Run("gd", lr=0.25)]))
    np.testing.assert_allclose(distance_to_minimum(path, [(0.0, 0.0)]), [5, 2.5, 1.25, 0.625])
    # (3, 4) lies nearer to (3, 3); (0.375, 0.5) nearer to (0, 0)
    np.testing.assert_allclose(distance_to_minimum(path, [(0.0, 0.0), (3.0, 3.0)])[[0, 3]], [1, 0.625])
    assert np.isnan(distance_to_minimum(path, [])).all()
    assert len(distance_to_minimum(path, [])) == 4


@pytest.mark.parametrize("optimizer", ["adagrad", "rmsprop", "adadelta"])
@pytest.mark.parametrize("schedule", ["constant", "inverse_time"])
def test_effective_rate_is_the_step_over_the_slope(optimizer: str, schedule: str) -> None:
    run, path = one(optimizer, schedule=schedule)
    for rate, step, slope in zip(rates(run, path), moved(path), (path.grad_x, path.grad_y), strict=True):
        np.testing.assert_allclose(rate[:-1] * slope[:-1], step, rtol=1e-9, atol=1e-15)
        assert np.isnan(rate[-1])
        assert (rate[:-1] > 0).all()


@pytest.mark.parametrize("eps_inside", [True, False])
def test_rmsprop_inside_and_outside(eps_inside: bool) -> None:
    run, path = one("rmsprop", eps=0.5, eps_inside=eps_inside)
    for rate, step, slope in zip(rates(run, path), moved(path), (path.grad_x, path.grad_y), strict=True):
        np.testing.assert_allclose(rate[:-1] * slope[:-1], step, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("bias_correction", [True, False])
@pytest.mark.parametrize("eps_inside", [True, False])
def test_adams_effective_rate_is_the_step_over_the_corrected_velocity(eps_inside: bool, bias_correction: bool) -> None:
    run, path = one("adam", eps=0.1, eps_inside=eps_inside, bias_correction=bias_correction)
    t = np.arange(1, len(path))
    correction = 1 - 0.9**t if bias_correction else 1.0
    for axis, rate, step in zip("xy", rates(run, path), moved(path), strict=True):
        v_hat = path.state[f"v_{axis}"][1:] / correction
        np.testing.assert_allclose(rate[:-1] * v_hat, step, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("optimizer", ["amsgrad", "adamax", "adamw"])
def test_so_are_those_of_its_descendants(optimizer: str) -> None:
    params = {"weight_decay": 0} if optimizer == "adamw" else {}
    run, path = one(optimizer, **params)
    t = np.arange(1, len(path))
    for axis, rate, step in zip("xy", rates(run, path), moved(path), strict=True):
        v_hat = path.state[f"v_{axis}"][1:] / (1 - 0.9**t)
        np.testing.assert_allclose(rate[:-1] * v_hat, step, rtol=1e-9, atol=1e-15)


def test_nadams_is_adams() -> None:
    run, path = one("nadam")
    t = np.arange(1, len(path))
    for axis, rate in zip("xy", rates(run, path), strict=True):
        s_hat = path.state[f"s_{axis}"][1:] / (1 - 0.999**t)
        np.testing.assert_allclose(rate[:-1], 0.05 / (np.sqrt(s_hat) + 1e-8), rtol=1e-9)


@pytest.mark.parametrize("optimizer", PLAIN)
def test_others_treat_both_axes_alike(optimizer: str) -> None:
    run, path = one(optimizer, 1e-3, schedule="inverse_time")
    for rate in rates(run, path):
        np.testing.assert_array_equal(rate, path.lr)


def test_adagrads_rate_only_shrinks_and_differs_between_axes() -> None:
    (path,) = simulate(Scene("ellipse", steps=50, start=(-4, 4), runs=[Run("adagrad", lr=0.5)]))
    along, across = effective_rates(path, OPTIMIZERS["adagrad"], {"eps": 1e-8})
    assert (np.diff(along[:-1]) <= 0).all()
    assert (np.diff(across[:-1]) <= 0).all()
    assert along[0] == pytest.approx(10 * across[0])  # κ = 10: the steep axis gets a tenth


# Gaps


def paths(*lrs: float, steps: int = 3, optimizer: str = "gd") -> list[Trajectory]:
    """Runs on f = x² + y² from (3, 4): each update of `gd` leaves 1 − 2α of the point."""
    runs = [Run(optimizer, lr=lr) for lr in lrs]
    return simulate(Scene("sphere", start=(3, 4), steps=steps, runs=runs))


def test_gap_by_hand() -> None:
    # α = ¼ halves the point, (3, 4) → (1.5, 2) → (0.75, 1) → (0.375, 0.5); α = ½ jumps to (0, 0) at once.
    halves, jumps = paths(0.25, 0.5)
    np.testing.assert_array_equal(gap(halves, jumps), [0, 2.5, 1.25, 0.625])
    # α = 1 turns it over, (3, 4) → (−3, −4) → (3, 4): apart by 1.5 and 2.25 times 5 where the signs differ, and by
    # ¾ and 9/8 of it where they agree.
    (turns,) = paths(1.0)
    np.testing.assert_array_equal(gap(halves, turns), [0, 1.5 * 5, 0.75 * 5, 1.125 * 5])


def test_gap_in_closed_form() -> None:
    slow, fast = paths(0.01, 0.03, steps=200)
    t = np.arange(201)
    np.testing.assert_allclose(gap(slow, fast), 5 * (0.98**t - 0.94**t), rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(gap(slow, fast), gap(fast, slow))
    np.testing.assert_array_equal(gap(slow, slow), np.zeros(201))


def test_the_gap_ends_where_the_other_run_does() -> None:
    long, short = paths(0.25, 0.5)[0], paths(0.5, steps=1)[0]
    np.testing.assert_array_equal(gap(long, short), [0, 2.5, math.nan, math.nan])
    np.testing.assert_array_equal(gap(short, long), [0, 2.5])


def test_a_gap_beyond_the_range_is_infinite_without_a_warning() -> None:
    far = [simulate(Scene("sphere", start=(x, 0), steps=1, runs=[Run("gd", lr=1e-9)]))[0] for x in (1e154, -1e154)]
    assert gap(*far) == pytest.approx(2e154)
    there, back = (at(value) for value in (1.7e308, -1.7e308))
    assert gap(there, back).tolist() == [math.inf]


# Bias corrections


def factors(optimizer: str, **params: Any) -> tuple[np.ndarray, np.ndarray]:
    """1 − β₁ᵗ and √(1 − β₂ᵗ) of the first three updates, and of the one that would follow."""
    run, path = one(optimizer, steps=3, **params)
    return bias_factors(path, run.rule, run.params)


def test_bias_factors_by_hand() -> None:
    # β₁ = ½: 1 − ½, 1 − ¼, ...; β₂ = ¾: the roots of 1 − ¾, 1 − 9/16, 1 − 27/64, 1 − 81/256
    first, second = factors("adam", beta1=0.5, beta2=0.75)
    np.testing.assert_array_equal(first, [1 / 2, 3 / 4, 7 / 8, 15 / 16])
    np.testing.assert_array_equal(second, [1 / 2, math.sqrt(7 / 16), math.sqrt(37 / 64), math.sqrt(175 / 256)])


def test_bias_factors_of_the_defaults() -> None:
    first, second = factors("adam")
    np.testing.assert_allclose(first, [0.1, 0.19, 0.271, 0.3439], rtol=1e-14)
    np.testing.assert_allclose(second**2, [0.001, 0.001999, 0.002997001, 0.003994003999], rtol=1e-13)


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "amsgrad"])
def test_bias_factors_are_the_weights_of_the_moments(optimizer: str) -> None:
    run, path = one(optimizer, steps=40, beta1=0.8, beta2=0.95)
    first, root = bias_factors(path, run.rule, run.params)
    for column, beta in ((first, 0.8), (root**2, 0.95)):
        weights = np.cumsum((1 - beta) * beta ** np.arange(41))  # an average of nothing but ones
        np.testing.assert_allclose(column, weights, rtol=1e-12)


def test_the_first_corrected_moments_are_the_gradient_and_its_square() -> None:
    run, path = one("adam", steps=3)
    first, root = bias_factors(path, run.rule, run.params)
    assert path.state["v_x"][1] / first[0] == pytest.approx(path.grad_x[0], rel=1e-13)
    assert path.state["s_y"][1] / root[0] ** 2 == pytest.approx(path.grad_y[0] ** 2, rel=1e-12)


def test_only_what_a_rule_corrects_has_a_factor() -> None:
    for optimizer in ("gd", "momentum_ema", "rmsprop", "adadelta", "lion"):
        assert np.isnan(factors(optimizer)).all(), optimizer
    first, second = factors("adamax", beta1=0.5)
    np.testing.assert_array_equal(first, [1 / 2, 3 / 4, 7 / 8, 15 / 16])
    assert np.isnan(second).all()
    first, second = factors("nadam", beta2=0.75)  # whose velocity is corrected by a schedule of its own
    assert np.isnan(first).all()
    assert second[0] == 1 / 2


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_run_that_diverged_at_once_can_be_measured(optimizer: str) -> None:
    run = Run(optimizer, lr=1e300)
    (path,) = simulate(Scene("goldstein_price", steps=5, runs=[run]))
    assert path.outcome == "diverged"
    assert len(path) == 1
    for rate in rates(run, path):
        assert len(rate) == len(path)
    assert len(step_length(path)) == len(gradient_norm(path)) == len(path)
    assert len(distance_to_minimum(path, [(0.0, -1.0)])) == len(path)
    assert [len(column) for column in bias_factors(path, run.rule, run.params)] == [1, 1]


def at(value: float) -> Trajectory:
    """One row, with this number for all that has a length."""
    return Trajectory({name: np.full(1, value) for name in ("step", "x", "y", "grad_x", "grad_y")})


def test_lengths_beyond_the_range_are_infinite_without_a_warning() -> None:
    assert gradient_norm(at(1.7e308)).tolist() == [math.inf]
    assert distance_to_minimum(at(1.7e308), [(-1.7e308, 0.0)]).tolist() == [math.inf]


def test_far_away_nothing_warns() -> None:
    (path,) = simulate(Scene("sphere", start=(9e153, -9e153), steps=2, runs=[Run("gd", lr=1.0)]))
    assert np.isfinite(step_length(path)[:-1]).all()
    assert np.isfinite(gradient_norm(path)).all()
