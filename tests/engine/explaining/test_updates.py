"""The vectors and sizes of one update."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from optiviz import Run, Scene, Trajectory, simulate
from optiviz.engine.explaining.updates import Update, Updates
from optiviz.engine.measures import effective_rates
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.surfaces import SURFACES

WITH_VELOCITY = [rule.key for rule in OPTIMIZERS.values() if "v" in rule.state]
LINEAR = [key for key in WITH_VELOCITY if key != "lion"]


def one(
    optimizer: str, lr: float = 0.05, *, surface: str = "beale", steps: int = 30, **params: Any
) -> tuple[Updates, Trajectory]:
    run = Run(optimizer, lr=lr, **params)
    (path,) = simulate(Scene(surface, steps=steps, noise=0.1, runs=(run,)))
    return Updates(run.rule, run.params, path), path


def by_hand(optimizer: str, lr: float, start: tuple[float, float], **params: Any) -> Updates:
    """Three updates on the sphere, f = x² + y², whose gradient is 2x, 2y."""
    run = Run(optimizer, lr=lr, **params)
    (path,) = simulate(Scene("sphere", start=start, steps=3, runs=[run]))
    assert (path.grad_x[0], path.grad_y[0]) == (2 * start[0], 2 * start[1])
    return Updates(run.rule, run.params, path)


def numbers(update: Update) -> list[float]:
    """Every number in the update."""
    return [number for f in fields(update) for number in getattr(update, f.name) or ()]


def test_momentum_by_hand() -> None:
    updates = by_hand("momentum", 0.1, (1.0, -2.0), beta1=0.5)
    first, second = updates.at(0), updates.at(1)
    # v₀ = 0; −α g = −0.1 · (2, −4); x₁ = (0.8, −1.6)
    assert first.velocity == (0, 0)
    assert first.gradient == pytest.approx((-0.2, 0.4))
    assert first.step == pytest.approx((-0.2, 0.4))
    assert first.next == pytest.approx((0.8, -1.6))
    # β₁ v₁ = 0.5 · (−0.2, 0.4); −α g = −0.1 · (1.6, −3.2)
    assert second.at == second.gradient_from == pytest.approx((0.8, -1.6))
    assert second.velocity == pytest.approx((-0.1, 0.2))
    assert second.gradient == pytest.approx((-0.16, 0.32))
    assert second.step == pytest.approx((-0.26, 0.52))
    assert second.rates == (0.1, 0.1)
    assert second.squares is None
    assert second.ahead is None


def test_the_averages_velocity_by_hand() -> None:
    second = by_hand("momentum_ema", 0.2, (1.0, -2.0), beta1=0.5).at(1)
    # v₁ = 0.5 · (2, −4), x₁ = (0.8, −1.6): −α β₁ v₁, and (1−β₁) of −α g, make the step
    assert second.velocity == pytest.approx((-0.1, 0.2))
    assert second.gradient == pytest.approx((-0.32, 0.64))
    assert second.step == pytest.approx((-0.1 - 0.16, 0.2 + 0.32))


def test_adagrad_by_hand() -> None:
    updates = by_hand("adagrad", 0.5, (1.0, -2.0), eps=0)
    first, second = updates.at(0), updates.at(1)
    assert first.squares == (4, 16)
    assert first.rates == pytest.approx((0.25, 0.125))
    assert first.gradient == (-1, 2)
    assert first.step == pytest.approx((-0.5, 0.5))
    assert first.velocity is None
    # x₁ = (0.5, −1.5), g = (1, −3)
    assert second.squares == pytest.approx((5, 25))
    assert second.rates == pytest.approx((0.5 / math.sqrt(5), 0.1))
    assert updates.largest_square == updates.trajectory.state["s_y"][-1]


def test_adams_velocity_by_hand() -> None:
    second = by_hand("adam", 0.1, (1.0, -2.0), beta1=0.5, beta2=0.5, eps=0).at(1)
    # v₁ = 1, s₁ = 2, x₁ = 0.9, g = 1.8: β₁ v₁ / (1−β₁²) over √(s₂ / (1−β₂²)), s₂ = 1 + 0.5 · 1.8²
    s_hat = (1 + 0.5 * 1.8**2) / 0.75
    assert second.velocity is not None
    assert second.velocity[0] == pytest.approx(-0.1 * (0.5 / 0.75) / math.sqrt(s_hat))
    assert second.squares == pytest.approx((1 + 0.5 * 1.8**2, 4 + 0.5 * 3.8**2))


def test_lions_velocity_is_its_step_without_a_gradient() -> None:
    assert by_hand("lion", 0.1, (1.0, -2.0)).at(1).velocity == (-0.1, 0.1)


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov"])
@pytest.mark.parametrize("schedule", ["constant", "inverse_time"])
def test_velocity_and_gradient_are_the_step(optimizer: str, schedule: str) -> None:
    updates, path = one(optimizer, 1e-3, schedule=schedule)
    for t in range(len(path) - 1):
        update = updates.at(t)
        assert update.velocity is not None
        assert update.gradient is not None
        assert update.step is not None
        np.testing.assert_allclose(np.add(update.velocity, update.gradient), update.step, rtol=1e-9, atol=1e-14)
        np.testing.assert_array_equal(update.velocity, [0.9 * path.state["v_x"][t], 0.9 * path.state["v_y"][t]])


def test_nesterovs_gradient_starts_at_the_look_ahead_and_is_the_one_there() -> None:
    run = Run("nesterov", lr=1e-3)
    (path,) = simulate(Scene("beale", steps=20, runs=(run,)))
    updates = Updates(run.rule, run.params, path)
    for t in range(20):
        update = updates.at(t)
        assert update.ahead is not None
        assert update.gradient_from == update.ahead
        np.testing.assert_allclose(update.ahead, np.add(update.at, update.velocity))
        slope = SURFACES["beale"].slope(np, *update.ahead)
        np.testing.assert_allclose(update.gradient, [-1e-3 * g for g in slope], rtol=1e-9, atol=1e-14)
    end = updates.at(20)
    assert end.gradient is None
    assert end.ahead is not None


@pytest.mark.parametrize("optimizer", LINEAR)
def test_the_newest_gradient_makes_the_rest_of_the_step(optimizer: str) -> None:
    params = {"weight_decay": 0} if optimizer == "adamw" else {}
    updates, path = one(optimizer, 1e-3, **params)
    for t in range(len(path) - 1):
        update = updates.at(t)
        assert update.step is not None
        assert update.velocity is not None
        for axis, name in enumerate("xy"):
            before, after = path.state[f"v_{name}"][t], path.state[f"v_{name}"][t + 1]
            if optimizer != "nadam":  # which lets the newest gradient count twice
                assert update.velocity[axis] * after == pytest.approx(
                    update.step[axis] * 0.9 * before, rel=1e-6, abs=1e-12
                )
            else:
                grad = (path.grad_x, path.grad_y)[axis][t]
                assert (update.step[axis] - update.velocity[axis]) * grad <= 0


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_rates_are_those_of_the_measures(optimizer: str) -> None:
    updates, path = one(optimizer, 1e-3)
    columns = effective_rates(path, updates.optimizer, updates.params)
    for t in reversed(range(len(path))):  # whatever the order in which rows are asked for
        rates = updates.at(t).rates
        np.testing.assert_allclose(rates or (math.nan, math.nan), [c[t] for c in columns], rtol=1e-12)
    assert min(map(max, zip(*columns, strict=True))) <= updates.usual_rate <= np.nanmax(columns)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_each_row_has(optimizer: str) -> None:
    updates, path = one(optimizer, 1e-3)
    last = len(path) - 1
    state = updates.optimizer.state
    for t in range(len(path)):
        update = updates.at(t)
        assert update.at == (path.x[t], path.y[t])
        assert (update.step is None) == (update.next is None) == (t == last)
        assert (update.velocity is None) == ("v" not in state)
        assert (update.squares is None) == (not {"s", "u"} & set(state))
        assert (update.ahead is None) == (optimizer != "nesterov")
        assert (update.gradient is None) == (optimizer == "nesterov" and t == last)
        assert update.squares is None or max(update.squares) <= updates.largest_square
        assert all(map(math.isfinite, numbers(update)))
    assert updates.at(last + 1000) == updates.at(last)


@pytest.mark.parametrize(
    ("optimizer", "symbol", "of"),
    [
        ("adam", "s", lambda s: s["s_x"]),
        ("amsgrad", "m", lambda s: s["m_x"]),
        ("adamax", "u²", lambda s: s["u_x"] ** 2),
        ("adadelta", "s", lambda s: s["s_x"]),
        ("rmsprop", "s", lambda s: s["s_x"]),
    ],
)
def test_the_squares_are_what_the_rule_divides_by(optimizer: str, symbol: str, of: Any) -> None:
    updates, path = one(optimizer)
    assert updates.squares_symbol == symbol
    for t in (0, 7, len(path) - 2):
        squares = updates.at(t).squares
        assert squares is not None
        assert squares[0] == of(path.state)[t + 1]
    assert updates.at(len(path) - 1).squares == updates.at(len(path) - 2).squares


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("lr", [1e-300, 1e3, 1e150, 1e300])
@pytest.mark.parametrize("start", [(1.0, 1.0), (1e60, -1e60), (0.0, 0.0)])
def test_never_anything_but_finite_numbers(optimizer: str, lr: float, start: tuple[float, float]) -> None:
    run = Run(optimizer, lr=lr, **({"eps": 0} if "eps" in [p.name for p in OPTIMIZERS[optimizer].params] else {}))
    (path,) = simulate(Scene("sphere" if start[0] != 1 else "goldstein_price", start=start, steps=20, runs=[run]))
    updates = Updates(run.rule, run.params, path)
    for t in range(len(path)):
        assert all(map(math.isfinite, numbers(updates.at(t))))
    assert math.isfinite(updates.largest_square)
    assert math.isfinite(updates.usual_rate)
