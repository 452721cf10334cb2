"""A rule that is declared elsewhere, with names of its own: all that is known of a rule comes from its declaration."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from inspect import signature
from typing import Annotated, Any

import numpy as np
import pytest

from optiviz.engine.elementary import Elementary
from optiviz.engine.explaining.arithmetic import Arithmetic
from optiviz.engine.explaining.updates import Updates
from optiviz.engine.measures import bias_factors
from optiviz.engine.optimizers import OPTIMIZERS, Memory, Optimizer, Roots, Squares, Velocity
from optiviz.engine.optimizers.optimizer import BETA1, EPS, optimizer
from optiviz.engine.params import Real
from optiviz.engine.stepping.planar import simulate
from optiviz.engine.surfaces import SURFACES
from optiviz.engine.trajectory import Trajectory

KEEP = BETA1.having(name="keep", symbol="κ", default=0.5)
FLOOR = EPS.having(name="floor", symbol="φ", default=1.0)
SPHERE = SURFACES["sphere"]


def heavy(
    xp: Elementary,
    x: Any,
    g: Any,
    h: Velocity,
    q: Squares,
    far: Any,
    *,
    lr: Any,
    keep: Any = KEEP,
    floor: Any = FLOOR,
    keep_t: Any,
) -> tuple[Any, ...]:
    h = keep * h + (1 - keep) * g
    q = q + g * g
    h_hat = h / (1 - keep_t)
    way = h_hat / (xp.sqrt(q) + floor)
    far = far + abs(way)
    return x - lr * way, h, q, far


def declared(rule: Callable[..., tuple[Any, ...]], **more: Any) -> Optimizer:
    """The rule as an optimizer; whoever asks takes it out of the catalog again."""
    declare = optimizer("own", "Own", family="own", formula=("x ← x",), source="Here", lr=0.1, lr_unit="reach", **more)
    assert declare(rule) is rule
    return OPTIMIZERS["own"]


@pytest.fixture
def declare() -> Iterator[Callable[..., Optimizer]]:
    yield declared
    if "own" in OPTIMIZERS:
        OPTIMIZERS.remove("own")


@pytest.fixture
def own(declare: Callable[..., Optimizer]) -> Optimizer:
    return declare(heavy, symbols={"way": "w"})


def followed(own: Optimizer, steps: int = 3, lr: float = 0.25, **params: Any) -> Trajectory:
    """From (1, 2) on f = x² + y², whose gradient is (2x, 2y)."""
    return simulate(own, own.defaults() | params, SPHERE, {}, (1.0, 2.0), np.full(steps + 1, lr))


# The declaration


def test_the_signature_is_the_declaration(own: Optimizer) -> None:
    assert own.state == ("h", "q", "far")
    assert own.params == (KEEP, FLOOR)
    assert own.defaults() == {"keep": 0.5, "floor": 1.0}
    assert dict(own.powers) == {"keep_t": "keep"}
    assert own.velocities == ("h",)
    assert own.squares == "q"
    assert {name: memory.overlay for name, memory in own.memories.items()} == {
        "h": "velocity",
        "q": "squares",
        "far": "",
    }
    powers = own.factors({"keep": 0.5})["keep_t"]
    assert [next(powers) for _ in range(3)] == [0.5, 0.25, 0.125]


def test_the_rule_stays_the_plain_function_it_is(own: Optimizer) -> None:
    assert own.rule is heavy
    assert signature(heavy).parameters["keep"].default is KEEP
    new = heavy(np, 1.0, 2.0, 0.0, 0.0, 0.0, lr=0.25, keep=0.5, floor=1.0, keep_t=0.5)
    assert new == pytest.approx((1 - 0.25 * 2 / 3, 1.0, 4.0, 2 / 3))


def test_the_last_squares_are_what_is_divided_by(declare: Callable[..., Optimizer]) -> None:
    def twice(xp: Any, x: Any, g: Any, a: Squares, b: Roots, c: Any, *, lr: Any) -> tuple[Any, ...]:
        return x - lr * g / (b + 1), a + g * g, xp.maximum(b, abs(g)), c

    own = declare(twice)
    assert own.squares == "b"
    updates = Updates(own, {}, followed(own))
    assert updates.squares_symbol == "b²"
    assert updates.at(0).squares == (4, 16)


def test_a_memory_may_be_of_a_kind_of_its_own(declare: Callable[..., Optimizer]) -> None:
    def cubes(xp: Any, x: Any, g: Any, c: Annotated[Any, CUBES], *, lr: Any) -> tuple[Any, ...]:
        return x - lr * g, c + abs(g) * g * g

    updates = Updates(own := declare(cubes), {}, followed(own))
    assert updates.squares_symbol == "c^⅔"
    assert updates.at(0).squares == pytest.approx((4, 16))
    assert updates.largest_square == pytest.approx((64 + 8 + 1) ** (2 / 3))


CUBES = Memory("squares", power="^⅔", square=lambda value: value ** (2 / 3))


def test_a_keyword_that_nothing_declares_is_refused(declare: Callable[..., Optimizer]) -> None:
    def forgetful(xp: Any, x: Any, g: Any, *, lr: Any, eps: Any, beta1: Any = BETA1, beta2_t: Any) -> tuple[Any, ...]:
        return (x - lr * g,)

    with pytest.raises(ValueError, match=r"^optimizer 'own': .* disagree on beta2_t, eps$"):
        declare(forgetful)
    assert "own" not in OPTIMIZERS


def test_a_default_under_another_name_is_refused(declare: Callable[..., Optimizer]) -> None:
    def renamed(xp: Any, x: Any, g: Any, *, lr: Any, decay: Any = BETA1) -> tuple[Any, ...]:
        return (x - lr * decay * g,)

    with pytest.raises(ValueError, match=r"disagree on beta1, decay$"):
        declare(renamed)


def test_a_factor_that_the_rule_does_not_take_is_refused(declare: Callable[..., Optimizer]) -> None:
    def plain(xp: Any, x: Any, g: Any, *, lr: Any) -> tuple[Any, ...]:
        return (x - lr * g,)

    with pytest.raises(ValueError, match=r"disagree on mu$"):
        declare(plain, factors=lambda params: {"mu": iter(range(9))})


def test_a_key_that_is_taken_is_refused(own: Optimizer) -> None:
    with pytest.raises(ValueError, match="optimizer 'own' is declared twice"):
        OPTIMIZERS.add(dataclasses.replace(own))


# The run


def test_it_runs(own: Optimizer) -> None:
    # g = (2, 4), h = (1, 2), ĥ = (2, 4), q = (4, 16): w = (2/3, 4/5)
    path = followed(own)
    assert list(path.state) == ["h_x", "h_y", "q_x", "q_y", "far_x", "far_y"]
    assert (path.x[1], path.y[1]) == pytest.approx((1 - 1 / 6, 2 - 1 / 5))
    assert [path.state[name][1] for name in path.state] == pytest.approx([1, 2, 4, 16, 2 / 3, 4 / 5])


def test_what_leaves_the_range_is_called_by_its_name(own: Optimizer) -> None:
    path = simulate(own, own.defaults(), SPHERE, {}, (1e100, 1e154), np.full(3, 1.0))
    assert path.message == "diverged at step 1: the state q left the range of floating-point numbers"


def test_a_state_cannot_be_called_as_another_column_is(declare: Callable[..., Optimizer]) -> None:
    def clashing(xp: Any, x: Any, g: Any, grad: Velocity, *, lr: Any) -> tuple[Any, ...]:
        return x - lr * grad, grad + g

    with pytest.raises(ValueError, match="grad_x"):
        followed(declare(clashing))


# What is drawn and explained


def test_it_has_overlays(own: Optimizer) -> None:
    path = followed(own)
    updates = Updates(own, own.defaults(), path)
    first, second = updates.at(0), updates.at(1)
    assert first.velocity == (0, 0)
    # Of the second step, what comes from h₁ = (1, 2): −α κ h₁ / (1 − κ²) / (√q₂ + φ)
    for axis, kept in enumerate((1.0, 2.0)):
        name = "xy"[axis]
        root = math.sqrt(path.state[f"q_{name}"][2]) + 1
        assert second.velocity is not None
        assert second.velocity[axis] == pytest.approx(-0.25 * 0.5 * kept / 0.75 / root)
    assert updates.squares_symbol == "q"
    assert first.squares == (4, 16)
    assert second.squares == (path.state["q_x"][2], path.state["q_y"][2])
    assert updates.largest_square == path.state["q_y"][-1]


def test_a_rule_of_nothing_but_a_velocity_is_asked_without_a_gradient(declare: Callable[..., Optimizer]) -> None:
    def rolling(xp: Any, x: Any, g: Any, h: Velocity, *, lr: Any, keep: Any = KEEP) -> tuple[Any, ...]:
        h = keep * h - lr * g
        return x + h, h

    own = declare(rolling)
    path = followed(own)
    assert Updates(own, own.defaults(), path).at(1).velocity == (0.5 * path.state["h_x"][1], 0.5 * path.state["h_y"][1])


def test_its_lines_are_lit(own: Optimizer) -> None:
    path = followed(own)
    step = Arithmetic(own, own.defaults(), SPHERE.slope_with({}), path).explain(1)
    assert [(line.name, line.marks) for line in step.lines[3:]] == [
        ("h", ("velocity",)),
        ("q", ("squares",)),
        ("h_hat", ("velocity",)),
        ("way", ("step", "ellipse")),
        ("far", ()),
        ("x", ("step", "next")),
    ]
    assert [line.text.replace("\u0302", "^") for line in step.lines[3:]] == [
        "h ← κ h + (1−κ) g",
        "q ← q + g²",
        "h^ = h / (1−κᵗ)",
        "w = h^ / (√q + φ)",
        "far ← far + |w|",
        "x ← x − α w",
    ]
    assert step.lines[5].x.numbers.endswith(" / (1−0.5²)")
    assert (step.lines[-1].x.value, step.lines[-1].y.value) == (path.x[2], path.y[2])


def test_its_bias_has_factors(own: Optimizer) -> None:
    first, second = bias_factors(followed(own), own, {"keep": 0.5})
    np.testing.assert_array_equal(first, [1 / 2, 3 / 4, 7 / 8, 15 / 16])
    assert np.isnan(second).all()


def test_what_a_name_means_does_not_hang_on_its_letters(declare: Callable[..., Optimizer]) -> None:
    share = Real(name="beta1", symbol="b", default=0.5, help="A number.")

    def misleading(
        xp: Any, x: Any, g: Any, v: Any, s: Any, m: Any, u: Any, *, lr: Any, beta1: Any = share, beta1_t: Any
    ) -> tuple[Any, ...]:
        v = v + g
        return x - lr * beta1 * g / (1 - beta1_t), v, s, m, u

    own = declare(misleading)
    path = followed(own)
    updates = Updates(own, own.defaults(), path)
    assert updates.at(1).velocity is None
    assert updates.at(1).squares is None
    assert updates.squares_symbol == ""
    assert np.isnan(bias_factors(path, own, own.defaults())).all()
    lines = Arithmetic(own, own.defaults(), SPHERE.slope_with({}), path).explain(1).lines
    assert [line.marks for line in lines if line.name == "v"] == [()]
