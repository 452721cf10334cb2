"""Words: numbers as people read them."""

from __future__ import annotations

import math

import pytest

from optiviz import Run, Scene, simulate
from optiviz.scene.words import brief, coordinate, describe_run, status


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.35, "0.350"),
        (61.34, "61.3"),
        (-1.5, "−1.50"),
        (12345.6, "12346"),
        (99999.4, "99999"),
        (2e-7, "2.00e−7"),
        (1e5, "1.00e5"),
        (1.234e300, "1.23e300"),
        (5e-324, "4.94e−324"),
        (0.001, "0.00100"),
        (0.00099999, "1.00e−3"),
        (math.nan, "–"),
        (math.inf, "–"),
        (-math.inf, "–"),
    ],
)
def test_brief(value, text):
    assert brief(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.23456, "1.235"), (-0.0001, "0.000"), (-2.5, "−2.500"), (123456.0, "1.235e5"), (math.inf, "–")],
)
def test_coordinates(value, text):
    assert coordinate(value) == text


@pytest.mark.parametrize(
    ("run", "text"),
    [
        (Run("adam", lr=0.35), "α₀ 0.35"),
        (Run("adam", lr=0.35, schedule="inverse_time", k=0.02), "α₀ 0.35 · 1/t, k 0.02"),
        (Run("gd", lr=1e-8, schedule="staircase", k=0.5, period=7), "α₀ 1e−8 · step, k 0.5, period 7"),
        (Run("gd", lr=1, schedule="manual", knots=((7, 0.5),)), "α₀ 1 · manual"),
    ],
)
def test_a_run_in_a_few_words(run, text):
    assert describe_run(run) == text


def test_the_status_of_a_run():
    scene = Scene("booth", start=(0, 0), steps=5, runs=[Run("gd", lr=0.01), Run("gd", lr=1e3)])
    good, bad = simulate(scene.replace(steps=300))
    words = status(scene, scene.runs[0], good, 0)
    assert words == "Gradient descent: f = 74.0 at (0.000, 0.000), nearest minimum 3.16 away."
    assert "diverged at step" in status(scene, scene.runs[1], bad, 300)
    saddle = scene.replace(surface="saddle")
    assert "minimum" not in status(saddle, saddle.runs[0], simulate(saddle)[0], 3)
