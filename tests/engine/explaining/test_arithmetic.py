"""The arithmetic of an update: the run's own numbers to the last bit, written as people write them."""

from __future__ import annotations

import itertools
import math
import random
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import optiviz
from optiviz import Run, Scene, Trajectory, simulate
from optiviz.engine.explaining import expressions
from optiviz.engine.explaining.arithmetic import Arithmetic, Line, Step, program
from optiviz.engine.explaining.formulas import constant, number
from optiviz.engine.optimizers import OPTIMIZERS, Optimizer
from optiviz.engine.params import Flag, Real
from optiviz.engine.schedules import SCHEDULES, Rate, Schedule
from optiviz.engine.stepping.noise import noise_stream
from optiviz.engine.surfaces import SURFACES
from optiviz.engine.trajectory import Outcome

every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())

FORMULAS = {  # the rules' lines, after the point, the gradient and the rate
    "gd": ["x ← x − α g"],
    "momentum": ["v ← β₁ v − α g", "x ← x + v"],
    "momentum_ema": ["v ← β₁ v + (1−β₁) g", "x ← x − α v"],
    "nesterov": ["v ← β₁ v − α g", "x ← x + v"],
    "adagrad": ["s ← s + g²", "x ← x − α g / (√s + ε)"],
    "rmsprop": ["s ← β₂ s + (1−β₂) g²", "x ← x − α / √(s + ε) · g"],
    "adadelta": ["s ← ρ s + (1−ρ) g²", "Δ = √(d + ε) / √(s + ε) · g", "d ← ρ d + (1−ρ) Δ²", "x ← x − α Δ"],
    "adam": [
        "v ← β₁ v + (1−β₁) g",
        "s ← β₂ s + (1−β₂) g²",
        "v̂ = v / (1−β₁ᵗ)",
        "ŝ = s / (1−β₂ᵗ)",
        "x ← x − α v̂ / √(ŝ + ε)",
    ],
    "adamax": ["v ← β₁ v + (1−β₁) g", "u ← max(β₂ u, |g| + ε)", "x ← x − α / (1−β₁ᵗ) · v / u"],
    "amsgrad": [
        "v ← β₁ v + (1−β₁) g",
        "s ← β₂ s + (1−β₂) g²",
        "m ← max(m, s)",
        "v̂ = v / (1−β₁ᵗ)",
        "m̂ = m / (1−β₂ᵗ)",
        "x ← x − α v̂ / (√m̂ + ε)",
    ],
    "nadam": [
        "μₜ",
        "μₜ₊₁",
        "Π",
        "v ← β₁ v + (1−β₁) g",
        "s ← β₂ s + (1−β₂) g²",
        "v̂ = μₜ₊₁ v / (1−Π μₜ₊₁) + (1−μₜ) g / (1−Π)",
        "ŝ = s / (1−β₂ᵗ)",
        "x ← x − α v̂ / (√ŝ + ε)",
    ],
    "adamw": [
        "x ← x − α λ x",
        "v ← β₁ v + (1−β₁) g",
        "s ← β₂ s + (1−β₂) g²",
        "v̂ = v / (1−β₁ᵗ)",
        "ŝ = s / (1−β₂ᵗ)",
        "x ← x − α v̂ / (√ŝ + ε)",
    ],
    "lion": ["x ← x − α sign(β₁ v + (1−β₁) g)", "v ← β₂ v + (1−β₂) g", "x"],
}


def written(text: str) -> str:
    """A text with its hats composed in one way."""
    return unicodedata.normalize("NFD", text)


def scene_of(run: Run, **changes: Any) -> Scene:
    return Scene(**{"surface": "rosenbrock", "start": (-1.5, 2.0), "steps": 40, "runs": (run,)} | changes)


def arithmetic_of(scene: Scene) -> tuple[Arithmetic, Trajectory]:
    (run,), (trajectory,) = scene.runs, simulate(scene)
    noise = noise_stream(scene.noise, scene.seed, scene.steps) if scene.noise else None
    slope = SURFACES[scene.surface].slope_with(scene.surface_params)
    rate = Rate(run.decay, run.lr, run.schedule_params, scene.steps, scene.steps_per_epoch)
    return Arithmetic(run.rule, run.params, slope, trajectory, noise=noise, rate=rate), trajectory


def explain(key: str, step: int = 5, lr: float = 1e-3, **run: Any) -> Step:
    arithmetic, _ = arithmetic_of(scene_of(Run(key, lr=lr, **run)))
    return arithmetic.explain(step)


def line(step: Step, name: str) -> Line:
    """The last line of that name."""
    return [line for line in step.lines if line.name == name][-1]


def flag_choices(optimizer: Optimizer) -> Iterator[dict[str, bool]]:
    """Both values of every flag."""
    names = [param.name for param in optimizer.params if isinstance(param, Flag)]
    for values in itertools.product((True, False), repeat=len(names)):
        yield dict(zip(names, values, strict=True))


def random_params(optimizer: Optimizer, chance: random.Random) -> dict[str, Any]:
    reals = [param for param in optimizer.params if isinstance(param, Real)]
    return {param.name: chance.uniform(*param.slider) for param in reals}


# The same numbers as the run


@every_optimizer
@pytest.mark.parametrize("noise", [0.0, 0.7])
def test_every_line_is_the_run_to_the_last_bit(optimizer: Optimizer, noise: float) -> None:
    chance = random.Random(optimizer.key)
    checked = 0
    for flags in flag_choices(optimizer):
        for params in ({}, random_params(optimizer, chance), random_params(optimizer, chance)):
            run = Run(optimizer.key, lr=1e-4, schedule="inverse_time", **params, **flags)
            arithmetic, trajectory = arithmetic_of(scene_of(run, noise=noise))
            for t in range(len(trajectory) - 1):
                agree(arithmetic.explain(t), optimizer, trajectory, t)
                checked += 1
    assert checked > 40


def agree(step: Step, optimizer: Optimizer, trajectory: Trajectory, t: int) -> None:
    """Every value shown is the record's."""
    assert step.step == t
    assert not step.note
    first, last = step.lines[0], step.lines[-1]
    assert (first.x.value, first.y.value) == (trajectory.x[t], trajectory.y[t])
    assert last.name == "x"
    assert (last.x.value, last.y.value) == (trajectory.x[t + 1], trajectory.y[t + 1])
    assert line(step, "lr").x.value == trajectory.lr[t]
    if optimizer.ahead is None:
        gradient = line(step, "g")
        assert (gradient.x.value, gradient.y.value) == (trajectory.grad_x[t], trajectory.grad_y[t])
    for name in optimizer.state:
        state = line(step, name)
        new = (trajectory.state[f"{name}_x"][t + 1], trajectory.state[f"{name}_y"][t + 1])
        assert (state.x.value, state.y.value) == new


@every_optimizer
def test_on_every_kind_of_surface_backwards(optimizer: Optimizer) -> None:
    for surface in ("himmelblau", "ackley", "booth"):
        arithmetic, trajectory = arithmetic_of(Scene(surface, steps=30, runs=(Run(optimizer.key, lr=0.01),)))
        for t in reversed(range(len(trajectory) - 1)):
            agree(arithmetic.explain(t), optimizer, trajectory, t)


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES.keys())
def test_the_rate_and_its_formula(schedule: Schedule) -> None:
    knots = {"knots": ((3, 0.5), (5, 0.25))} if schedule.key == "manual" else {}
    run = Run("gd", lr=1e-4, schedule=schedule.key, **knots)
    arithmetic, trajectory = arithmetic_of(scene_of(run, steps_per_epoch=2))
    rate = line(arithmetic.explain(3), "lr")
    words = schedule.key in ("manual", "one_cycle")  # no plain formulas
    assert (rate.text, rate.note) == (("α", schedule.name) if words else (f"α = {schedule.formula}", ""))
    assert rate.x.value == rate.y.value == trajectory.lr[3]
    assert rate.shared


@pytest.mark.parametrize(
    ("schedule", "numbers"),
    [
        ("constant", ""),
        ("inverse_time", "0.5 / (1 + 0.01·20)"),
        ("inverse_sqrt", "0.95·0.5 / √(20 + 1)"),
        ("exponential", "0.5·e^(−0.01·20)"),
        ("geometric", "0.5·0.99²⁰"),
        ("staircase", "0.5·0.9^⌊20 / 10⌋"),
        ("manual", ""),
        ("linear", "0.5·(1−1·0.5)"),
        ("cosine", "0.5·(0 + 1·(1 + cos(π·0.5)) / 2)"),
        ("one_cycle", ""),
    ],
)
def test_the_rate_in_numbers(schedule: str, numbers: str) -> None:
    arithmetic, _ = arithmetic_of(Scene("sphere", steps=40, runs=(Run("lion", lr=0.5, schedule=schedule),)))
    assert line(arithmetic.explain(20), "lr").x.numbers == numbers


# The words


@every_optimizer
def test_formulas_are_the_rules_own(optimizer: Optimizer) -> None:
    lines = [line.text for line in explain(optimizer.key).lines]
    formulas = FORMULAS[optimizer.key]
    assert list(map(written, lines[-len(formulas) :])) == list(map(written, formulas))
    before = (
        ["x", "g = ∇f(x)", "α = α₀"] if optimizer.ahead is None else ["x", "x + β₁ v", "g = ∇f(x + β₁ v)", "α = α₀"]
    )
    assert lines[: -len(formulas)] == before


def test_flags_show_the_form_that_runs() -> None:
    def last(key: str, **flags: bool) -> str:
        return written(explain(key, **flags).lines[-1].text)

    assert last("adam", eps_inside=False) == written("x ← x − α v̂ / (√ŝ + ε)")
    assert last("adam", bias_correction=False) == "x ← x − α v / √(s + ε)"
    assert last("adam", bias_correction=False, eps_inside=False) == "x ← x − α v / (√s + ε)"
    assert last("rmsprop", eps_inside=False) == "x ← x − α / (√s + ε) · g"
    names = [line.name for line in explain("adam", bias_correction=False).lines]
    assert names == ["x", "g", "lr", "v", "s", "x"]


def test_numbers_put_in() -> None:
    arithmetic, _ = arithmetic_of(Scene("sphere", start=(1.5, -2), steps=5, runs=(Run("adam", lr=0.1),)))
    step = arithmetic.explain(0)
    assert line(step, "g").x.text == "3"
    assert [side.numbers for side in (line(step, "v").x, line(step, "v").y)] == ["0.9·0 + 0.1·3", "0.9·0 + 0.1·(−4)"]
    assert line(step, "s").y.numbers == "0.999·0 + 0.001·(−4)²"
    assert line(step, "v_hat").y.numbers == "−0.4000 / (1−0.9¹)"
    assert line(step, "x").y.numbers == "−2 − 0.1·(−4) / √(16 + 1e−8)"
    assert line(step, "x").y.text == "−1.900"
    assert line(arithmetic.explain(1), "v_hat").x.numbers.endswith(" / (1−0.9²)")


def test_noise_is_part_of_the_gradient() -> None:
    arithmetic, _ = arithmetic_of(scene_of(Run("nesterov", lr=1e-4), noise=0.5, seed=3))
    gradient = line(arithmetic.explain(2), "g")
    assert gradient.text == "g = ∇f(x + β₁ v) + noise"
    for added, side in zip(noise_stream(0.5, 3, 40)[2], (gradient.x, gradient.y), strict=True):
        assert side.numbers.endswith(f" + ({number(added)})" if added < 0 else f" + {number(added)}")


def test_marks_name_the_overlays() -> None:
    def marks(key: str) -> list[tuple[str, ...]]:
        return [line.marks for line in explain(key).lines]

    ends = ("step", "ellipse", "next")
    assert marks("gd") == [(), ("gradient",), (), ("step", "next")]
    assert marks("adam") == [(), ("gradient",), (), *[("velocity",), ("squares",)] * 2, ends]
    assert marks("adadelta")[3:] == [("squares",), ("step", "ellipse"), (), ("step", "next")]
    assert marks("momentum_ema")[3:] == [("velocity",), ("step", "next")]
    assert marks("lion")[3:] == [("step",), ("velocity",), ("next",)]
    assert marks("adamw")[3:5] == [(), ("velocity",)]
    assert marks("adamax")[-1] == ends
    assert marks("nesterov")[1] == ("velocity",)


# Where no update goes from


def test_the_last_row() -> None:
    arithmetic, trajectory = arithmetic_of(scene_of(Run("adam", lr=0.01)))
    for step in (40, 41, -1):
        assert arithmetic.explain(step) == Step(
            step, (), "Step 40 is the last row of the run: no update goes from here."
        )
    assert arithmetic.explain(39).lines
    assert len(trajectory) == 41


def test_a_diverging_run() -> None:
    arithmetic, trajectory = arithmetic_of(scene_of(Run("gd", lr=1.0)))
    assert trajectory.outcome is Outcome.DIVERGED
    last = len(trajectory) - 1
    assert arithmetic.explain(last - 1).lines
    assert arithmetic.explain(last).note == f"The update from step {last} leaves the range of floating-point numbers."
    assert arithmetic.explain(last + 1).note.startswith(f"The run ended before: it diverged at step {last + 1}")


def test_without_source_there_is_a_word_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_source(_: object) -> str:
        raise OSError("could not get source code")

    expressions.read.cache_clear()
    program.cache_clear()
    monkeypatch.setattr(expressions.inspect, "getsource", no_source)
    step = explain("adam")
    assert not step.lines
    assert "source" in step.note


def test_the_source_is_read_from_an_unpacked_wheel(tmp_path: Path) -> None:
    """A copy of the package alone, somewhere else, explains its own rules."""
    shutil.copytree(Path(optiviz.__file__).parent, tmp_path / "optiviz", ignore=shutil.ignore_patterns("__pycache__"))
    code = """
from optiviz import Run, Scene, simulate
from optiviz.engine.explaining import arithmetic
from optiviz.engine.surfaces import SURFACES
scene = Scene("sphere", steps=3, runs=(Run("adam", lr=0.1),))
slope, (path,) = SURFACES["sphere"].slope_with({}), simulate(scene)
a = arithmetic.Arithmetic(scene.runs[0].rule, scene.runs[0].params, slope, path)
print(arithmetic.__file__)
print(len(a.explain(1).lines), a.explain(1).lines[-1].x.value == path.x[2])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    place, result = done.stdout.splitlines()
    assert Path(place).is_relative_to(tmp_path)
    assert result == "8 True"


# Numbers for reading


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-2.5, "−2.5"),
        (0.1 + 0.2, "0.3000"),
        (-0.74, "−0.74"),
        (1 / 3, "0.3333"),
        (0.99999, "1.000"),
        (123.456, "123.5"),
        (12345.678, "12346"),
        (99999.9, "1.000e5"),
        (1e5, "1e5"),
        (0.001, "0.001"),
        (0.0012345, "0.001234"),
        (0.00012345, "1.234e−4"),
        (0.00099999, "0.001000"),
        (1e-300, "1e−300"),
        (-5e-324, "−4.941e−324"),
        (1.7976931348623157e308, "1.798e308"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "nan"),
    ],
)
def test_number(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.9, "0.9"),
        (0.99999, "0.99999"),
        (1 - 0.9, "0.1"),
        (1 - 0.999, "0.001"),
        (1 - 0.99999, "1e−5"),
        (1e-8, "1e−8"),
        (0.8734512345678, "0.873451"),
        (1, "1"),
        (0.5, "0.5"),
        (0.0, "0"),
        (10, "10"),
    ],
)
def test_constant(value: float, text: str) -> None:
    assert constant(value) == text


def test_exact_values_read_back() -> None:
    for shown in explain("adam").lines:
        assert float(shown.x.exact) == shown.x.value
        assert "−" not in shown.x.exact
