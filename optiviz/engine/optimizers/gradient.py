"""Gradient descent and momentum: one rate for both axes.

The lecture shows two forms of momentum. The velocity form (`momentum`: v ← β₁ v − α g) is PyTorch's SGD with momentum
when α is constant; under a decay PyTorch multiplies the whole velocity by the new α, this form only the new gradient.
The averaging form (`momentum_ema`: v ← β₁ v + (1−β₁) g) is optax's `ema` of the gradient. With a constant α the two
are one path when α(first) = (1−β₁) α(second).

Nesterov's look-ahead takes the gradient where the velocity is about to carry the point. PyTorch's and optax's
`nesterov=True` is a change of variables of it that stores the looked-ahead point; OptiViz shows the point itself.
"""

from __future__ import annotations

from typing import Any

from ..elementary import Elementary
from .memory import Velocity
from .optimizer import BETA1, optimizer


@optimizer(
    "gd",
    "Gradient descent",
    family="gradient",
    formula=("x ← x − α g",),
    source="Cauchy 1847",
    note="Straight down the slope. In a ravine it zigzags, because one rate must do for both axes.",
    lr=1.0,
    lr_unit="slope",
)
def gd(xp: Elementary, x: Any, g: Any, *, lr: Any) -> tuple[Any, ...]:
    return (x - lr * g,)


@optimizer(
    "momentum",
    "Momentum",
    family="gradient",
    formula=("v ← β₁ v − α g", "x ← x + v"),
    source="Polyak 1964; the lecture's first form",
    note="A velocity that gradients push and β₁ slows down: it runs along ravines, and overshoots.",
    lr=0.4,
    lr_unit="slope",
)
def momentum(xp: Elementary, x: Any, g: Any, v: Velocity, *, lr: Any, beta1: Any = BETA1) -> tuple[Any, ...]:
    v = beta1 * v - lr * g
    return x + v, v


@optimizer(
    "momentum_ema",
    "Momentum (average)",
    family="gradient",
    formula=("v ← β₁ v + (1−β₁) g", "x ← x − α v"),
    source="The lecture's second form, “gradient descent with momentum”",
    note="An average of gradients. The same path as the first form while α is constant, not under a decay.",
    lr=4.0,
    lr_unit="slope",
)
def momentum_ema(xp: Elementary, x: Any, g: Any, v: Velocity, *, lr: Any, beta1: Any = BETA1) -> tuple[Any, ...]:
    v = beta1 * v + (1 - beta1) * g
    return x - lr * v, v


def look_ahead(x: Any, v: Any, *, beta1: Any) -> Any:
    """Where the velocity alone would carry x."""
    return x + beta1 * v


@optimizer(
    "nesterov",
    "Nesterov",
    family="gradient",
    formula=("v ← β₁ v − α ∇f(x + β₁ v)", "x ← x + v"),
    source="Nesterov 1983; in this form Sutskever et al. 2013",
    note="Momentum that looks where it is going before it asks for the slope, and so brakes earlier.",
    ahead=look_ahead,
    lr=0.4,
    lr_unit="slope",
)
def nesterov(xp: Elementary, x: Any, g: Any, v: Velocity, *, lr: Any, beta1: Any = BETA1) -> tuple[Any, ...]:
    v = beta1 * v - lr * g
    return x + v, v
