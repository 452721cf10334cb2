"""Every optimizer: its declaration, the lecture's rules by hand, the same on floats and arrays."""

from __future__ import annotations

import inspect
import math
import random
from typing import Any

import numpy as np
import pytest

from optiviz import Run, Scene, Trajectory, simulate
from optiviz.engine.elementary import ARRAYS, FLOATS
from optiviz.engine.optimizers import OPTIMIZERS, FactorTable, Kept, Optimizer
from optiviz.engine.params import Flag, Real
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.surfaces import SURFACES

DEFAULTS: dict[str, dict[str, Any]] = {  # the lecture's, then the issue's, PyTorch's and optax's
    "gd": {},
    "momentum": {"beta1": 0.9},
    "momentum_ema": {"beta1": 0.9},
    "nesterov": {"beta1": 0.9},
    "adagrad": {"eps": 1e-8},
    "rmsprop": {"beta2": 0.99, "eps": 1e-8, "eps_inside": True},
    "adadelta": {"rho": 0.9, "eps": 1e-6},
    "adam": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "eps_inside": True, "bias_correction": True},
    "adamax": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    "amsgrad": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "eps_inside": False},
    "nadam": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "eps_inside": False, "momentum_decay": 0.004},
    "adamw": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "eps_inside": False, "weight_decay": 0.01},
    "lion": {"beta1": 0.9, "beta2": 0.99},
}
STATE = {
    "gd": (),
    "momentum": ("v",),
    "momentum_ema": ("v",),
    "nesterov": ("v",),
    "adagrad": ("s",),
    "rmsprop": ("s",),
    "adadelta": ("s", "d"),
    "adam": ("v", "s"),
    "adamax": ("v", "u"),
    "amsgrad": ("v", "s", "m"),
    "nadam": ("v", "s"),
    "adamw": ("v", "s"),
    "lion": ("v",),
}
POWERS = {
    "adam": ("beta1_t", "beta2_t"),
    "adamax": ("beta1_t",),
    "amsgrad": ("beta1_t", "beta2_t"),
    "nadam": ("beta2_t",),
    "adamw": ("beta1_t", "beta2_t"),
}

every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())


def follow(
    key: str, steps: int = 3, start: tuple[float, float] = (1, 2), surface: str = "sphere", **run: Any
) -> Trajectory:
    """The run on f = x² + y², whose gradient is (2x, 2y)."""
    (trajectory,) = simulate(Scene(surface, start=start, steps=steps, runs=(Run(key, **run),)))
    return trajectory


def agree(column: np.ndarray, *expected: float) -> None:
    np.testing.assert_allclose(column, expected, rtol=1e-14, atol=1e-15)


# The catalog


def test_the_catalog_is_complete() -> None:
    assert len(OPTIMIZERS) == 13
    declared = {key: {param.name: param.default for param in rule.params} for key, rule in OPTIMIZERS.items()}
    assert declared == DEFAULTS
    assert {key: rule.state for key, rule in OPTIMIZERS.items()} == STATE
    assert {key: tuple(rule.powers) for key, rule in OPTIMIZERS.items() if rule.powers} == POWERS


def test_what_the_accumulators_remember() -> None:
    assert {key for key, rule in OPTIMIZERS.items() if rule.velocities == ("v",)} == {
        key for key, names in STATE.items() if "v" in names
    }
    squares = {"adagrad": "s", "rmsprop": "s", "adadelta": "s", "adam": "s", "nadam": "s", "adamw": "s"}
    squares |= {"amsgrad": "m", "adamax": "u"}
    assert {key: rule.squares for key, rule in OPTIMIZERS.items() if rule.squares} == squares
    assert OPTIMIZERS["amsgrad"].memories["s"].overlay == "squares"
    assert OPTIMIZERS["adadelta"].memories["d"].overlay == ""


def test_which_average_a_beta_is_of() -> None:
    of = {(key, p.name): p.of for key, rule in OPTIMIZERS.items() for p in rule.params if isinstance(p, Kept)}
    assert {name for (_, name), what in of.items() if what == "velocity"} == {"beta1", "beta2"}
    assert [key for (key, name), what in of.items() if (name, what) == ("beta2", "velocity")] == ["lion"]
    assert of["adadelta", "rho"] == of["rmsprop", "beta2"] == "squares"


@every_optimizer
def test_says_what_it_is(optimizer: Optimizer) -> None:
    assert optimizer.name.strip()
    assert optimizer.family
    assert optimizer.source.strip()
    assert optimizer.note.endswith(".")
    assert optimizer.formula
    for line in optimizer.formula:
        assert " ← " in line or " = " in line
    assert any(line.startswith("x ← x") for line in optimizer.formula)
    assert math.isfinite(optimizer.lr)
    assert optimizer.lr > 0
    assert optimizer.lr_unit in ("slope", "reach")
    for param in optimizer.params:
        assert param.symbol
        assert param.help.endswith(".")
        assert param.check(param.default) == param.default
    assert list(inspect.signature(optimizer.rule).parameters)[:3] == ["xp", "x", "g"]


def test_every_name_is_used_once() -> None:
    assert len({rule.name for rule in OPTIMIZERS.values()}) == 13
    of_runs = set(inspect.signature(Run).parameters) - {"params"}
    for optimizer in OPTIMIZERS.values():
        mine = {param.name for param in optimizer.params}
        assert len(mine) == len(optimizer.params)
        assert not mine & of_runs
        for schedule in SCHEDULES.values():
            assert not mine & {param.name for param in schedule.params}


@pytest.mark.parametrize("name", ["beta1", "beta2", "rho"])
def test_bounds_of_the_averages(name: str) -> None:
    found = [param for rule in OPTIMIZERS.values() for param in rule.params if param.name == name]
    assert found
    for param in found:
        assert isinstance(param, Real)
        assert (param.low, param.low_open, param.high, param.high_open) == (0.0, False, 1.0, True)


@pytest.mark.parametrize("name", ["eps", "weight_decay"])
def test_bounds_of_what_may_be_large(name: str) -> None:
    found = [param for rule in OPTIMIZERS.values() for param in rule.params if param.name == name]
    assert found
    for param in found:
        assert isinstance(param, Real)
        assert (param.low, param.low_open, param.high) == (0.0, False, math.inf)


# The lecture's rules, by hand. Everywhere x₀ = 1, y₀ = 2, and g is twice the coordinate.


def test_gd() -> None:
    # x ← x − ¼·2x = x/2
    path = follow("gd", lr=0.25)
    agree(path.x, 1, 1 / 2, 1 / 4, 1 / 8)
    agree(path.y, 2, 1, 1 / 2, 1 / 4)
    agree(path.loss, 5, 5 / 4, 5 / 16, 5 / 64)
    agree(path.grad_x, 2, 1, 1 / 2, 1 / 4)
    agree(path.grad_y, 4, 2, 1, 1 / 2)
    assert dict(path.state) == {}


def test_momentum() -> None:
    # v₁ = ½·0 − ¼·2 = −½       x₁ = 1 − ½ = ½
    # v₂ = ½·(−½) − ¼·1 = −½    x₂ = ½ − ½ = 0
    # v₃ = ½·(−½) − ¼·0 = −¼    x₃ = −¼
    path = follow("momentum", lr=0.25, beta1=0.5)
    agree(path.x, 1, 1 / 2, 0, -1 / 4)
    agree(path.y, 2, 1, 0, -1 / 2)
    agree(path.state["v_x"], 0, -1 / 2, -1 / 2, -1 / 4)
    agree(path.state["v_y"], 0, -1, -1, -1 / 2)


def test_momentum_ema() -> None:
    # v₁ = ½·0 + ½·2 = 1        x₁ = 1 − ¼·1 = ¾
    # v₂ = ½·1 + ½·(3/2) = 5/4  x₂ = ¾ − ¼·5/4 = 7/16
    # v₃ = ½·5/4 + ½·7/8 = 17/16   x₃ = 7/16 − 17/64 = 11/64
    path = follow("momentum_ema", lr=0.25, beta1=0.5)
    agree(path.x, 1, 3 / 4, 7 / 16, 11 / 64)
    agree(path.y, 2, 3 / 2, 7 / 8, 11 / 32)
    agree(path.state["v_x"], 0, 1, 5 / 4, 17 / 16)
    agree(path.state["v_y"], 0, 2, 5 / 2, 17 / 8)


def test_nesterov() -> None:
    # ahead at 1 + ½·0 = 1, slope 2:      v₁ = −¼·2 = −½               x₁ = ½
    # ahead at ½ − ¼ = ¼, slope ½:        v₂ = ½·(−½) − ¼·½ = −3/8     x₂ = 1/8
    # ahead at 1/8 − 3/16 = −1/16, slope −1/8: v₃ = −3/16 + 1/32 = −5/32   x₃ = −1/32
    path = follow("nesterov", lr=0.25, beta1=0.5)
    agree(path.x, 1, 1 / 2, 1 / 8, -1 / 32)
    agree(path.y, 2, 1, 1 / 4, -1 / 16)
    agree(path.state["v_x"], 0, -1 / 2, -3 / 8, -5 / 32)
    # The rows show the slope at x itself.
    agree(path.grad_x, 2, 1, 1 / 4, -1 / 16)
    agree(path.grad_y, 4, 2, 1 / 2, -1 / 8)


def test_adagrad() -> None:
    # s₁ = 2² = 4                  x₁ = 1 − ½·2/(2 + 2) = ¾
    # s₂ = 4 + (3/2)² = 25/4       x₂ = ¾ − ½·(3/2)/(5/2 + 2) = ¾ − 1/6 = 7/12
    # s₃ = 25/4 + (7/6)² = 137/18  x₃ = 7/12 − ½·(7/6)/(√(137/18) + 2) = 0.460754...
    path = follow("adagrad", lr=0.5, eps=2)
    agree(path.x, 1, 3 / 4, 7 / 12, 0.460754035253610486)
    agree(path.state["s_x"], 0, 4, 25 / 4, 137 / 18)
    # s₁ = 16, y₁ = 2 − ½·4/(4 + 2) = 5/3; s₂ = 16 + 100/9 = 244/9, y₂ = 5/3 − (5/3)/(√(244/9) + 2)
    agree(path.y, 2, 5 / 3, 1.435404663017308282, 1.254755408661416902)
    agree(path.state["s_y"], 0, 16, 244 / 9, 35.35265729755844050)


def test_rmsprop_inside() -> None:
    # s₁ = ¼·4 = 1              x₁ = 1 − ½·2/√(1 + 3) = ½
    # s₂ = ¾·1 + ¼·1 = 1        x₂ = ½ − ½·1/√(1 + 3) = ¼
    # s₃ = ¾·1 + ¼·¼ = 13/16    x₃ = ¼ − ½·½/√(13/16 + 3) = ¼ − 1/√61
    path = follow("rmsprop", lr=0.5, beta2=0.75, eps=3)
    agree(path.x, 1, 1 / 2, 1 / 4, 0.121963120067104026)
    agree(path.state["s_x"], 0, 1, 1, 13 / 16)
    # s₁ = ¼·16 = 4, y₁ = 2 − ½·4/√7
    agree(path.y, 2, 1.244071053981545545, 0.791238643896568690, 0.492962476892648104)
    agree(path.state["s_y"], 0, 4, 4.547712787354753610, 4.036843182111346246)


def test_rmsprop_outside() -> None:
    # s₁ = ¼·4 = 1              x₁ = 1 − ½·2/(1 + 1) = ½
    # s₂ = ¾·1 + ¼·1 = 1        x₂ = ½ − ½·1/(1 + 1) = ¼
    # s₃ = ¾·1 + ¼·¼ = 13/16    x₃ = ¼ − ½·½/(√(13/16) + 1) = 0.118517...
    path = follow("rmsprop", lr=0.5, beta2=0.75, eps=1, eps_inside=False)
    agree(path.x, 1, 1 / 2, 1 / 4, 0.118517091821329764)
    agree(path.state["s_x"], 0, 1, 1, 13 / 16)
    # s₁ = 4, y₁ = 2 − ½·4/(2 + 1) = 4/3; s₂ = 3 + ¼·(8/3)² = 43/9
    agree(path.y, 2, 4 / 3, 0.914811154003686197, 0.619941940974258552)
    agree(path.state["s_y"], 0, 4, 43 / 9, 4.420212780822889398)


def test_adam_inside() -> None:
    # v₁ = ½·2 = 1, s₁ = ¼·4 = 1; v̂ = 1/(1−½) = 2, ŝ = 1/(1−¾) = 4    x₁ = 1 − ½·2/√(4 + 5) = 2/3
    # v₂ = ½·1 + ½·4/3 = 7/6, s₂ = ¾·1 + ¼·16/9 = 43/36;
    # v̂ = (7/6)/(¾) = 14/9, ŝ = (43/36)/(7/16) = 172/63               x₂ = 2/3 − (7/9)/√(172/63 + 5)
    path = follow("adam", lr=0.5, beta1=0.5, beta2=0.75, eps=5)
    agree(path.x, 1, 2 / 3, 0.386922316115085561, 0.174440271449953308)
    agree(path.state["v_x"], 0, 1, 7 / 6, 0.970255649448418895)
    agree(path.state["s_x"], 0, 1, 43 / 36, 1.045542212041195533)
    # v̂ = 4, ŝ = 16, y₁ = 2 − ½·4/√21
    agree(path.y, 2, 1.563564219528015237, 1.154382560432099102, 0.787131319225589818)
    agree(path.state["v_y"], 0, 2, 2.563564219528015237, 2.436164670196106720)
    agree(path.state["s_y"], 0, 4, 5.444733068588251426, 5.416148897270957505)


def test_adam_outside() -> None:
    # v̂ = 2, ŝ = 4 as above                                           x₁ = 1 − ½·2/(2 + 2) = ¾
    # v₂ = ½ + ½·3/2 = 5/4, s₂ = ¾ + ¼·9/4 = 21/16;
    # v̂ = (5/4)/(¾) = 5/3, ŝ = (21/16)/(7/16) = 3                     x₂ = ¾ − ½·(5/3)/(√3 + 2) = 0.526709...
    path = follow("adam", lr=0.5, beta1=0.5, beta2=0.75, eps=2, eps_inside=False)
    agree(path.x, 1, 3 / 4, 0.526709006307397744, 0.337450207108792399)
    agree(path.state["v_x"], 0, 1, 5 / 4, 1.151709006307397744)
    agree(path.state["s_x"], 0, 1, 21 / 16, 1.261797377325326357)
    # v̂ = 4, ŝ = 16, y₁ = 2 − ½·4/(4 + 2) = 5/3
    agree(path.y, 2, 5 / 3, 1.351125185164545729, 1.059711981095674540)


def test_adam_inside_without_bias_correction() -> None:
    # v₁ = 1, s₁ = 1            x₁ = 1 − ½·1/√(1 + 3) = ¾
    # v₂ = 5/4, s₂ = 21/16      x₂ = ¾ − ½·(5/4)/√(21/16 + 3) = 0.449035...
    path = follow("adam", lr=0.5, beta1=0.5, beta2=0.75, eps=3, bias_correction=False)
    agree(path.x, 1, 3 / 4, 0.449035367285576998, 0.186559987756759915)
    agree(path.state["v_x"], 0, 1, 5 / 4, 1.074035367285576998)
    agree(path.state["s_x"], 0, 1, 21 / 16, 1.186007761073293033)
    agree(path.y, 2, 1.622035526990772772, 1.175785724707694866, 0.751930219455402698)


def test_adam_outside_without_bias_correction() -> None:
    # v₁ = 1, s₁ = 1            x₁ = 1 − ½·1/(1 + 1) = ¾
    # v₂ = 5/4, s₂ = 21/16      x₂ = ¾ − ½·(5/4)/(√(21/16) + 1) = 0.458712...
    path = follow("adam", lr=0.5, beta1=0.5, beta2=0.75, eps=1, eps_inside=False, bias_correction=False)
    agree(path.x, 1, 3 / 4, 0.458712152522079996, 0.199830565911058462)
    agree(path.y, 2, 5 / 3, 1.274936196812901216, 0.895944525839674203)


# Beyond the lecture, one or two steps by hand


def test_adadelta() -> None:
    # s₁ = ¼·4 = 1, Δ = √(0 + 3)/√(1 + 3)·2 = √3, d₁ = ¼·3 = ¾   x₁ = 1 − ½·√3
    path = follow("adadelta", steps=1, lr=0.5, rho=0.75, eps=3)
    agree(path.x, 1, 1 - math.sqrt(3) / 2)
    agree(path.state["s_x"], 0, 1)
    agree(path.state["d_x"], 0, 3 / 4)


def test_adamax() -> None:
    # v₁ = 1, u₁ = max(0, 2 + 2) = 4           x₁ = 1 − ½/(1−½)·1/4 = ¾
    # v₂ = ½ + ¾ = 5/4, u₂ = max(½·4, 3/2 + 2) = 7/2   x₂ = ¾ − ½/(¾)·(5/4)/(7/2) = ¾ − 5/21
    path = follow("adamax", steps=2, lr=0.5, beta1=0.5, beta2=0.5, eps=2)
    agree(path.x, 1, 3 / 4, 3 / 4 - 5 / 21)
    agree(path.state["u_x"], 0, 4, 7 / 2)


def test_amsgrad_keeps_the_largest_s() -> None:
    path = follow("amsgrad", steps=40, lr=0.2, beta2=0.5)
    np.testing.assert_array_equal(path.state["m_x"], np.maximum.accumulate(path.state["s_x"]))
    assert path.state["s_x"][-1] < path.state["m_x"][-1]


def test_nadam() -> None:
    # ψ = 0: μ = β₁/2 = ¼ throughout; v₁ = 1, s₁ = 1, ŝ = 4
    # v̂ = ¼·1/(1 − 1/16) + ¾·2/(1 − ¼) = 4/15 + 2 = 34/15   x₁ = 1 − ½·(34/15)/(2 + 2) = 43/60
    path = follow("nadam", steps=1, lr=0.5, beta1=0.5, beta2=0.75, eps=2, momentum_decay=0)
    agree(path.x, 1, 43 / 60)


def test_adamw() -> None:
    # 1 − ½·½·1 = ¾, then Adam's step from the slope at 1: ¾ − ½·2/(2 + 2) = ½
    path = follow("adamw", steps=1, lr=0.5, beta1=0.5, beta2=0.75, eps=2, weight_decay=0.5)
    agree(path.x, 1, 1 / 2)
    without, adam = (
        follow("adamw", steps=20, lr=0.1, weight_decay=0),
        follow("adam", steps=20, lr=0.1, eps_inside=False),
    )
    np.testing.assert_array_equal(without.x, adam.x)


def test_lion() -> None:
    # sign(½·0 + ½·2) = 1: x₁ = 1 − ¾ = ¼, v₁ = ¼·2 = ½
    # sign(½·½ + ½·½) = 1: x₂ = ¼ − ¾ = −½, v₂ = ¾·½ + ¼·½ = ½
    # sign(½·½ − ½·1) = −1: x₃ = −½ + ¾ = ¼
    path = follow("lion", lr=0.75, beta1=0.5, beta2=0.75)
    agree(path.x, 1, 1 / 4, -1 / 2, 1 / 4)
    agree(path.state["v_x"], 0, 1 / 2, 1 / 2, 1 / 8)


# What the lecture teaches


def test_the_two_momentum_forms_coincide_under_a_constant_rate() -> None:
    kwargs: dict[str, Any] = {"steps": 100, "surface": "rosenbrock", "start": (-1.5, 2.0)}
    velocity = follow("momentum", lr=0.1 * 2e-3, beta1=0.9, **kwargs)
    average = follow("momentum_ema", lr=2e-3, beta1=0.9, **kwargs)
    np.testing.assert_allclose(velocity.x, average.x, rtol=1e-11)
    np.testing.assert_allclose(velocity.y, average.y, rtol=1e-11)


@pytest.mark.parametrize(("schedule", "k"), [("inverse_time", 0.1), ("geometric", 0.9), ("staircase", 0.5)])
def test_the_two_momentum_forms_part_under_a_decay(schedule: str, k: float) -> None:
    kwargs: dict[str, Any] = {"steps": 100, "surface": "rosenbrock", "start": (-1.5, 2.0), "schedule": schedule, "k": k}
    velocity = follow("momentum", lr=0.1 * 2e-3, beta1=0.9, **kwargs)
    average = follow("momentum_ema", lr=2e-3, beta1=0.9, **kwargs)
    assert np.abs(velocity.x - average.x).max() > 1e-3


def test_nesterov_is_not_momentum() -> None:
    nesterov, momentum = (follow(key, steps=10, lr=0.1) for key in ("nesterov", "momentum"))
    assert nesterov.x[1] == momentum.x[1]  # nothing to look ahead with yet
    assert nesterov.x[2] != momentum.x[2]
    np.testing.assert_array_equal(follow("nesterov", lr=0.1, beta1=0).x, follow("gd", lr=0.1).x)


def test_adagrads_lesson() -> None:
    # Nothing but the sign of the first slope counts at ε = 0: both axes move by α, though one is ten times steeper.
    path = follow("adagrad", steps=1, lr=0.1, eps=0, surface="ellipse", start=(-1.0, 1.0))
    agree(path.x - [-1.0, -1.0], 0, 0.1)
    agree(path.y - [1.0, 1.0], 0, -0.1)


def test_adam_without_bias_correction_starts_with_longer_steps() -> None:
    # v/√s = 0.1 g/√(0.001 g²) = √10 times the corrected 1
    corrected = follow("adam", steps=1, lr=0.01, eps=0)
    raw = follow("adam", steps=1, lr=0.01, eps=0, bias_correction=False)
    np.testing.assert_allclose(corrected.x[1], 1 - 0.01, rtol=1e-14)
    np.testing.assert_allclose(raw.x[1], 1 - 0.01 * math.sqrt(10), rtol=1e-14)


@pytest.mark.parametrize("key", [key for key, params in DEFAULTS.items() if "eps" in params])
def test_eps_of_zero(key: str) -> None:
    away = follow(key, steps=5, lr=0.01, eps=0, start=(1.0, 2.0))
    assert away.outcome == "done"
    # No slope and no ε: 0/0, an outcome.
    flat = follow(key, steps=5, lr=0.01, eps=0, start=(1.0, 0.0))
    assert flat.outcome == "diverged"
    assert len(flat) == 1
    assert "step 1" in flat.message


# One definition, two routes


def drawn(optimizer: Optimizer, rng: random.Random) -> dict[str, Any]:
    """Random parameters from their declarations."""
    params: dict[str, Any] = {}
    for param in optimizer.params:
        if isinstance(param, Flag):
            params[param.name] = rng.random() < 0.5
        else:
            assert isinstance(param, Real)
            params[param.name] = param.check(rng.choice([param.default, rng.uniform(*param.slider)]))
    return params


@every_optimizer
def test_floats_and_arrays_agree_on_single_updates(optimizer: Optimizer) -> None:
    rng = random.Random(optimizer.key)
    for _ in range(20):
        params = drawn(optimizer, rng)
        t = rng.randrange(1, 40)
        factors = FactorTable(optimizer, params).at(t - 1)
        x, g = ([rng.gauss(0, 10.0 ** rng.randrange(-6, 4)) for _ in range(9)] for _ in "xg")
        state = []
        for name in optimizer.state:
            column = [rng.gauss(0, 10.0 ** rng.randrange(-6, 4)) for _ in range(9)]
            state.append(column if name == "v" else [abs(value) for value in column])
        lr = 10 ** rng.uniform(-4, 0)
        arrays = optimizer.rule(ARRAYS, np.array(x), np.array(g), *map(np.array, state), lr=lr, **params, **factors)
        floats = [
            optimizer.rule(FLOATS, *numbers, lr=lr, **params, **factors) for numbers in zip(x, g, *state, strict=True)
        ]
        np.testing.assert_array_equal(np.array(arrays), np.array(floats).T)
        assert all(type(number) is float for row in floats for number in row)


@every_optimizer
def test_floats_and_arrays_agree_on_whole_paths(optimizer: Optimizer) -> None:
    surface = SURFACES["rosenbrock"]
    rng = random.Random(1)
    starts = [(rng.uniform(-2, 2), rng.uniform(-1, 3)) for _ in range(5)]
    lr, steps = 2e-4, 60
    run = Run(optimizer.key, lr=lr)
    x, y = np.array(starts).T
    state_x, state_y = ([np.zeros(5) for _ in optimizer.state] for _ in "xy")
    factors = FactorTable(optimizer, run.params)
    for t in range(steps):
        at = (x, y)
        if optimizer.ahead is not None:
            at = (optimizer.ahead(x, *state_x, **run.params), optimizer.ahead(y, *state_y, **run.params))
        gx, gy = surface.slope(ARRAYS, *at, **surface.defaults())
        update = factors.at(t)
        x, *state_x = optimizer.rule(ARRAYS, x, gx, *state_x, lr=lr, **run.params, **update)
        y, *state_y = optimizer.rule(ARRAYS, y, gy, *state_y, lr=lr, **run.params, **update)
    for i, start in enumerate(starts):
        (path,) = simulate(Scene("rosenbrock", start=start, steps=steps, runs=(run,)))
        assert (path.x[-1], path.y[-1]) == (x[i], y[i])
        for name, column_x, column_y in zip(optimizer.state, state_x, state_y, strict=True):
            assert path.state[f"{name}_x"][-1] == column_x[i]
            assert path.state[f"{name}_y"][-1] == column_y[i]


@every_optimizer
def test_moves_downhill_with_the_suggested_rate(optimizer: Optimizer) -> None:
    bowl = SURFACES["sphere"]
    unit = bowl.rate if optimizer.lr_unit == "slope" else bowl.window[1] - bowl.window[0]
    path = follow(optimizer.key, steps=200, lr=optimizer.lr * unit, start=bowl.start)
    assert path.outcome == "done"
    assert path.loss[-1] < path.loss[0] / 2


@every_optimizer
def test_the_first_row_has_no_state(optimizer: Optimizer) -> None:
    path = follow(optimizer.key, steps=2, lr=0.01)
    assert list(path.state) == [f"{name}_{axis}" for name in optimizer.state for axis in "xy"]
    for column in path.state.values():
        assert column[0] == 0
        assert len(column) == 3
