"""What is measured along a trajectory."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from optiviz import Run, Scene, Trajectory, simulate
from optiviz.engine.measures import distance_to_minimum, effective_rates, gradient_norm, step_length
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


def test_far_away_nothing_warns() -> None:
    (path,) = simulate(Scene("sphere", start=(9e153, -9e153), steps=2, runs=[Run("gd", lr=1.0)]))
    assert np.isfinite(step_length(path)[:-1]).all()
    assert np.isfinite(gradient_norm(path)).all()
