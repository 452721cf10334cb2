"""Adam and its descendants.

`eps_inside` chooses between √(ŝ + ε) (the lecture's, Adam's default here) and √ŝ + ε (the papers', PyTorch's and
optax's, the default of the others). Where PyTorch and optax differ, OptiViz does as PyTorch does:

- AMSGrad takes the maximum of s before it is corrected for its bias (optax: after).
- NAdam's momentum follows the schedule of Dozat's paper, μₜ = β₁ (1 − ½ 0.96^(t ψ)) (optax: β₁ throughout).

Lion is optax's (PyTorch has none).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate, count, tee
from operator import mul
from typing import Any

from ..elementary import Elementary
from ..params import Real
from .memory import Roots, Squares, Velocity
from .optimizer import BETA1, BETA2, BIAS_CORRECTION, EPS, EPS_INSIDE, WEIGHT_DECAY, optimizer, root

EPS_OUTSIDE = EPS_INSIDE.having(default=False)
BETA2_LION = BETA2.having(of="velocity", default=0.99, help="How much of the old velocity is kept for the next update.")
MOMENTUM_DECAY = Real(
    name="momentum_decay",
    symbol="ψ",
    default=0.004,
    low=0.0,
    scale="log",
    slider=(1e-4, 1.0),
    help="How fast the momentum μ rises from β₁/2 to β₁.",
)


def adam_rate(
    xp: Elementary,
    v: Any,
    s: Any,
    *,
    lr: Any,
    eps: Any,
    eps_inside: bool,
    beta2_t: Any,
    bias_correction: bool = True,
    **others: Any,
) -> Any:
    s_hat = s / (1 - beta2_t) if bias_correction else s
    return lr / root(xp, s_hat, eps, eps_inside)


@optimizer(
    "adam",
    "Adam",
    family="adam",
    formula=(
        "v ← β₁ v + (1−β₁) g",
        "s ← β₂ s + (1−β₂) g²",
        "v̂ = v / (1−β₁ᵗ),  ŝ = s / (1−β₂ᵗ)",
        "x ← x − α v̂ / √(ŝ + ε)",
    ),
    source="Kingma & Ba 2015, algorithm 1",
    note="Momentum's average over RMSprop's root. β₁, β₂ and ε seldom need a change; α must be tuned.",
    rate=adam_rate,
    lr=0.035,
    lr_unit="reach",
)
def adam(
    xp: Elementary,
    x: Any,
    g: Any,
    v: Velocity,
    s: Squares,
    *,
    lr: Any,
    beta1: Any = BETA1,
    beta2: Any = BETA2,
    eps: Any = EPS,
    eps_inside: Any = EPS_INSIDE,
    bias_correction: Any = BIAS_CORRECTION,
    beta1_t: Any,
    beta2_t: Any,
) -> tuple[Any, ...]:
    v = beta1 * v + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    v_hat = v / (1 - beta1_t) if bias_correction else v
    s_hat = s / (1 - beta2_t) if bias_correction else s
    return x - lr * v_hat / root(xp, s_hat, eps, eps_inside), v, s


def adamax_rate(xp: Elementary, v: Any, u: Any, *, lr: Any, **others: Any) -> Any:
    return lr / u


@optimizer(
    "adamax",
    "AdaMax",
    family="adam",
    formula=("v ← β₁ v + (1−β₁) g", "u ← max(β₂ u, |g| + ε)", "x ← x − α / (1−β₁ᵗ) · v / u"),
    source="Kingma & Ba 2015, algorithm 2; ε as in PyTorch",
    note="Adam with the largest recent gradient in place of the mean square.",
    rate=adamax_rate,
    lr=0.035,
    lr_unit="reach",
)
def adamax(
    xp: Elementary,
    x: Any,
    g: Any,
    v: Velocity,
    u: Roots,
    *,
    lr: Any,
    beta1: Any = BETA1,
    beta2: Any = BETA2,
    eps: Any = EPS,
    beta1_t: Any,
) -> tuple[Any, ...]:
    v = beta1 * v + (1 - beta1) * g
    u = xp.maximum(beta2 * u, abs(g) + eps)
    return x - lr / (1 - beta1_t) * v / u, v, u


def amsgrad_rate(
    xp: Elementary, v: Any, s: Any, m: Any, *, lr: Any, eps: Any, eps_inside: bool, beta2_t: Any, **others: Any
) -> Any:
    return lr / root(xp, m / (1 - beta2_t), eps, eps_inside)


@optimizer(
    "amsgrad",
    "AMSGrad",
    family="adam",
    formula=(
        "v ← β₁ v + (1−β₁) g",
        "s ← β₂ s + (1−β₂) g²",
        "m ← max(m, s)",
        "x ← x − α v / (1−β₁ᵗ) / (√(m / (1−β₂ᵗ)) + ε)",
    ),
    source="Reddi, Kale & Kumar 2018; bias correction as in PyTorch",
    note="Adam that never forgets its largest s, so that its rate cannot grow again.",
    rate=amsgrad_rate,
    lr=0.035,
    lr_unit="reach",
)
def amsgrad(
    xp: Elementary,
    x: Any,
    g: Any,
    v: Velocity,
    s: Squares,
    m: Squares,
    *,
    lr: Any,
    beta1: Any = BETA1,
    beta2: Any = BETA2,
    eps: Any = EPS,
    eps_inside: Any = EPS_OUTSIDE,
    beta1_t: Any,
    beta2_t: Any,
) -> tuple[Any, ...]:
    v = beta1 * v + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    m = xp.maximum(m, s)
    v_hat = v / (1 - beta1_t)
    m_hat = m / (1 - beta2_t)
    return x - lr * v_hat / root(xp, m_hat, eps, eps_inside), v, s, m


def momentum_schedule(params: Mapping[str, Any]) -> dict[str, Iterator[Any]]:
    """NAdam's μₜ, μₜ₊₁ and the product of all μ up to t."""

    def mu(t: int) -> Any:
        return params["beta1"] * (1 - 0.5 * 0.96 ** (t * params["momentum_decay"]))

    these, following, multiplied = tee(map(mu, count(1)), 3)
    next(following)
    return {"mu": these, "mu_next": following, "mu_product": accumulate(multiplied, mul)}


@optimizer(
    "nadam",
    "NAdam",
    family="adam",
    formula=(
        "μₜ = β₁ (1 − ½ · 0.96^(t ψ)),  Π = μ₁ μ₂ … μₜ",
        "v ← β₁ v + (1−β₁) g",
        "s ← β₂ s + (1−β₂) g²",
        "v̂ = μₜ₊₁ v / (1−Π μₜ₊₁) + (1−μₜ) g / (1−Π),  ŝ = s / (1−β₂ᵗ)",
        "x ← x − α v̂ / (√ŝ + ε)",
    ),
    source="Dozat 2016, algorithm 2, as in PyTorch",
    note="Adam with Nesterov's look ahead: the newest gradient counts more.",
    factors=momentum_schedule,
    rate=adam_rate,
    symbols={"mu": "μₜ", "mu_next": "μₜ₊₁", "mu_product": "Π"},
    lr=0.035,
    lr_unit="reach",
)
def nadam(
    xp: Elementary,
    x: Any,
    g: Any,
    v: Velocity,
    s: Squares,
    *,
    lr: Any,
    beta1: Any = BETA1,
    beta2: Any = BETA2,
    eps: Any = EPS,
    eps_inside: Any = EPS_OUTSIDE,
    momentum_decay: Any = MOMENTUM_DECAY,
    mu: Any,
    mu_next: Any,
    mu_product: Any,
    beta2_t: Any,
) -> tuple[Any, ...]:
    v = beta1 * v + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    v_hat = mu_next * v / (1 - mu_product * mu_next) + (1 - mu) * g / (1 - mu_product)
    s_hat = s / (1 - beta2_t)
    return x - lr * v_hat / root(xp, s_hat, eps, eps_inside), v, s


@optimizer(
    "adamw",
    "AdamW",
    family="adam",
    formula=(
        "x ← x − α λ x",
        "v ← β₁ v + (1−β₁) g",
        "s ← β₂ s + (1−β₂) g²",
        "v̂ = v / (1−β₁ᵗ),  ŝ = s / (1−β₂ᵗ)",
        "x ← x − α v̂ / (√ŝ + ε)",
    ),
    source="Loshchilov & Hutter 2019, algorithm 2",
    note="Adam with weight decay that the root does not divide: it pulls x towards 0.",
    rate=adam_rate,
    lr=0.035,
    lr_unit="reach",
)
def adamw(
    xp: Elementary,
    x: Any,
    g: Any,
    v: Velocity,
    s: Squares,
    *,
    lr: Any,
    beta1: Any = BETA1,
    beta2: Any = BETA2,
    eps: Any = EPS,
    eps_inside: Any = EPS_OUTSIDE,
    weight_decay: Any = WEIGHT_DECAY,
    beta1_t: Any,
    beta2_t: Any,
) -> tuple[Any, ...]:
    x = x - lr * weight_decay * x
    v = beta1 * v + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    v_hat = v / (1 - beta1_t)
    s_hat = s / (1 - beta2_t)
    return x - lr * v_hat / root(xp, s_hat, eps, eps_inside), v, s


@optimizer(
    "lion",
    "Lion",
    family="adam",
    formula=("x ← x − α sign(β₁ v + (1−β₁) g)", "v ← β₂ v + (1−β₂) g"),
    source="Chen et al. 2023, algorithm 2",
    note="Every step has the same length on each axis: only the sign of the momentum counts.",
    lr=0.01,
    lr_unit="reach",
)
def lion(
    xp: Elementary, x: Any, g: Any, v: Velocity, *, lr: Any, beta1: Any = BETA1, beta2: Any = BETA2_LION
) -> tuple[Any, ...]:
    x = x - lr * xp.sign(beta1 * v + (1 - beta1) * g)
    v = beta2 * v + (1 - beta2) * g
    return x, v
