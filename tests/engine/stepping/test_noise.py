"""What is drawn at random: the same for every run, and where it enters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from optiviz import Run, Scene, Trajectory, simulate
from optiviz.engine.elementary import FLOATS
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.stepping.noise import noise_stream
from optiviz.engine.surfaces import SURFACES, Surface


def one(key: str, lr: float, **scene: Any) -> Trajectory:
    """A run on f = x² + y²."""
    (trajectory,) = simulate(Scene("sphere", runs=(Run(key, lr=lr),), **scene))
    return trajectory


def added(path: Trajectory, surface: Surface) -> np.ndarray:
    slopes = [
        surface.slope(FLOATS, x, y, **surface.defaults()) for x, y in zip(path.x.tolist(), path.y.tolist(), strict=True)
    ]
    return np.column_stack([path.grad_x, path.grad_y]) - slopes


def test_noise_is_the_same_for_every_run() -> None:
    runs = [Run(key, lr=1e-3) for key in OPTIMIZERS]
    expected = noise_stream(0.25, 9, 40)
    for path in simulate(Scene("sphere", steps=40, noise=0.25, seed=9, runs=runs)):
        np.testing.assert_allclose(added(path, SURFACES["sphere"]), expected, atol=1e-13)
        np.testing.assert_array_equal(path.loss, path.x * path.x + path.y * path.y)  # the loss without noise


def test_noise_reaches_the_look_ahead() -> None:
    noise = noise_stream(0.5, 0, 5)
    path = one("nesterov", 0.1, steps=5, noise=0.5, start=(1.0, 2.0))
    x, v = 1.0, 0.0
    for t in range(5):
        v = 0.9 * v - 0.1 * (2 * (x + 0.9 * v) + noise[t, 0])
        x += v
        assert path.x[t + 1] == pytest.approx(x, rel=1e-13)


def test_noise_is_standard_normal_times_its_deviation() -> None:
    stream = noise_stream(3.0, 1, 20_000)
    assert stream.shape == (20_001, 2)
    np.testing.assert_array_equal(stream, 3.0 * np.random.default_rng(1).standard_normal((20_001, 2)))
    assert abs(stream.mean()) < 0.05
    assert abs(stream.std() - 3.0) < 0.05
    assert abs(np.corrcoef(stream.T)[0, 1]) < 0.02
    within = (np.abs(stream) < 3.0).mean()
    assert abs(within - math.erf(1 / math.sqrt(2))) < 0.01


def test_noise_differs_between_seeds_and_scales_with_its_deviation() -> None:
    assert not np.array_equal(noise_stream(1.0, 1, 10), noise_stream(1.0, 2, 10))
    np.testing.assert_array_equal(noise_stream(2.0, 1, 10), 2 * noise_stream(1.0, 1, 10))
    some, same = (one("adam", 0.05, steps=50, seed=seed) for seed in (1, 2))
    np.testing.assert_array_equal(some.x, same.x)  # without noise a seed changes nothing
    noise_stream(1.0, 2**63 - 1, 10)
