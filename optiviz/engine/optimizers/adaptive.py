"""A rate per axis: Adagrad, RMSprop, Adadelta.

Each divides the step by the root of accumulated squared gradients, axis by axis. Adagrad's ε stands outside the root
everywhere (the lecture, PyTorch, the paper). RMSprop's stands inside in the lecture and in optax's default, outside in
PyTorch: `eps_inside` chooses. Adadelta's stands inside both roots by definition.
"""

from __future__ import annotations

from typing import Any

from ..elementary import Elementary
from .memory import Squares
from .optimizer import BETA2, EPS, EPS_INSIDE, RHO, optimizer, root

BETA2_RMSPROP = BETA2.having(default=0.99)
EPS_ADADELTA = EPS.having(default=1e-6)


def adagrad_rate(xp: Elementary, s: Any, *, lr: Any, eps: Any, **others: Any) -> Any:
    return lr / (xp.sqrt(s) + eps)


@optimizer(
    "adagrad",
    "Adagrad",
    family="adaptive",
    formula=("s ← s + g²", "x ← x − α g / (√s + ε)"),
    source="Duchi, Hazan & Singer 2011",
    note="s only grows: an axis with large gradients slows down, one with small ones less; both slow for ever.",
    rate=adagrad_rate,
    lr=0.06,
    lr_unit="reach",
)
def adagrad(xp: Elementary, x: Any, g: Any, s: Squares, *, lr: Any, eps: Any = EPS) -> tuple[Any, ...]:
    s = s + g * g
    return x - lr * g / (xp.sqrt(s) + eps), s


def rmsprop_rate(xp: Elementary, s: Any, *, lr: Any, eps: Any, eps_inside: bool, **others: Any) -> Any:
    return lr / root(xp, s, eps, eps_inside)


@optimizer(
    "rmsprop",
    "RMSprop",
    family="adaptive",
    formula=("s ← β₂ s + (1−β₂) g²", "x ← x − α g / √(s + ε)"),
    source="Tieleman & Hinton 2012, lecture 6.5",
    note="Adagrad that forgets: s is a moving mean, so the rate recovers where the slope gets gentle.",
    rate=rmsprop_rate,
    lr=0.008,
    lr_unit="reach",
)
def rmsprop(
    xp: Elementary,
    x: Any,
    g: Any,
    s: Squares,
    *,
    lr: Any,
    beta2: Any = BETA2_RMSPROP,
    eps: Any = EPS,
    eps_inside: Any = EPS_INSIDE,
) -> tuple[Any, ...]:
    # In this order of operations it is the reference trajectories' path to the last digits; a tiny √s makes the rule
    # unstable, and then another order, equal on paper, ends elsewhere.
    s = beta2 * s + (1 - beta2) * (g * g)
    return x - lr / root(xp, s, eps, eps_inside) * g, s


def adadelta_rate(xp: Elementary, s: Any, d: Any, *, lr: Any, eps: Any, before: tuple[Any, ...], **others: Any) -> Any:
    _, d = before  # the step is measured by the steps before it
    return lr * xp.sqrt(d + eps) / xp.sqrt(s + eps)


@optimizer(
    "adadelta",
    "Adadelta",
    family="adaptive",
    formula=("s ← ρ s + (1−ρ) g²", "Δ ← √(d + ε) / √(s + ε) · g", "d ← ρ d + (1−ρ) Δ²", "x ← x − α Δ"),
    source="Zeiler 2012, algorithm 1; α as in PyTorch",
    note="Measures its own steps (d) to find a rate by itself; ε decides how it starts.",
    rate=adadelta_rate,
    symbols={"delta": "Δ"},
    lr=0.5,
    lr_unit="reach",
)
def adadelta(
    xp: Elementary, x: Any, g: Any, s: Squares, d: Any, *, lr: Any, rho: Any = RHO, eps: Any = EPS_ADADELTA
) -> tuple[Any, ...]:
    s = rho * s + (1 - rho) * g * g
    delta = xp.sqrt(d + eps) / xp.sqrt(s + eps) * g
    d = rho * d + (1 - rho) * delta * delta
    return x - lr * delta, s, d
