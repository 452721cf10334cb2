"""What an optimizer is, and the decorator that declares one.

A rule is a plain function of ONE coordinate, written once:

    rule(xp, x, g, *state, *, lr, **params, **factors) -> (x, *state)

with `xp` the namespace of elementary functions, `g` the gradient's coordinate, `state` the accumulators (all zero at
the start), `lr` the rate α of this update. `factors` are numbers that depend on the number of the update alone, such
as the power β₁ᵗ (`beta1_t`), kept by the engine: a power inside the rule would cost twice the time in a sweep, and
math's and NumPy's differ in the last bit.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, islice, repeat
from operator import mul
from typing import Any, Literal

from ..catalog import Catalog
from ..elementary import Elementary
from ..params import Flag, Param, Real

# From the parameters: each factor's values for the updates t = 1, 2, ...
Factors = Callable[[Mapping[str, Any]], dict[str, Iterator[Any]]]

LR = Real(
    name="lr",
    symbol="α₀",
    default=0.1,
    low=0.0,
    low_open=True,
    scale="log",
    slider=(1e-5, 10.0),
    help="Learning rate at the start, before any decay.",
)
BETA1 = Real(
    name="beta1",
    symbol="β₁",
    default=0.9,
    low=0.0,
    high=1.0,
    high_open=True,
    scale="1-x",
    slider=(0.0, 0.9999),
    help="How much of the old velocity, or first moment, is kept at each update.",
)
BETA2 = BETA1.having(
    name="beta2",
    symbol="β₂",
    default=0.999,
    slider=(0.0, 0.99999),
    help="How much of the old mean of squared gradients is kept at each update.",
)
RHO = BETA2.having(name="rho", symbol="ρ", default=0.9, help="How much of the old means of squares is kept.")
EPS = Real(
    name="eps",
    symbol="ε",
    default=1e-8,
    low=0.0,
    scale="log",
    slider=(1e-12, 10.0),
    help="Keeps the division finite; a large one turns the method into one with the same rate on both axes.",
)
EPS_INSIDE = Flag(
    name="eps_inside",
    symbol="ε inside √",
    default=True,
    help="√(s + ε), as in the lecture, instead of √s + ε, as in PyTorch and the papers.",
)
BIAS_CORRECTION = Flag(
    name="bias_correction",
    symbol="Bias correction",
    default=True,
    help="Divides the moments by 1 − βᵗ, because they start at zero and are too small at first.",
)
WEIGHT_DECAY = Real(
    name="weight_decay",
    symbol="λ",
    default=0.01,
    low=0.0,
    scale="log",
    slider=(1e-5, 1.0),
    help="Decoupled weight decay: each update also shrinks x by the factor 1 − α λ.",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Optimizer:
    """An update rule and what people need to know of it.

    `formula` is the recurrence, a line an assignment. `lr` suggests a rate, in units of what `lr_unit` names: "slope"
    (of the rate that suits plain gradient descent on the surface) or "reach" (of the width of the surface's window).
    `ahead(x, *state, **params)` is the point whose gradient the rule wants, if that is not x. `rate(xp, *state, lr=,
    before=, **params, **factors)` is the effective rate per axis, α over whatever the rule divides by, from the state
    after the update and, as `before`, the state before it; without one the effective rate is α itself.
    """

    key: str
    name: str
    family: str
    formula: tuple[str, ...]
    source: str
    note: str
    params: tuple[Param, ...]
    state: tuple[str, ...]
    lr: float
    lr_unit: Literal["slope", "reach"]
    rule: Callable[..., tuple[Any, ...]]
    ahead: Callable[..., Any] | None
    factors: Factors
    rate: Callable[..., Any] | None


OPTIMIZERS: Catalog[Optimizer] = Catalog("optimizer")


def powers(*names: str) -> Factors:
    """The powers βᵗ of the named parameters, as `beta1_t` and so on."""

    def factors(params: Mapping[str, Any]) -> dict[str, Iterator[Any]]:
        return {f"{name}_t": accumulate(repeat(params[name]), mul) for name in names}

    return factors


class FactorTable:
    """The factors of every update, computed as far as they have been asked for."""

    def __init__(self, optimizer: Optimizer, params: Mapping[str, Any]) -> None:
        self._values = optimizer.factors(params)
        self._columns = {name: array("d") for name in self._values}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def at(self, t: int) -> dict[str, float]:
        """The factors of the update t → t + 1."""
        for name, column in self._columns.items():
            column.extend(islice(self._values[name], max(0, t + 1 - len(column))))
        return {name: column[t] for name, column in self._columns.items()}


def root(xp: Elementary, s: Any, eps: Any, eps_inside: bool) -> Any:
    """The denominator √(s + ε) (`eps_inside`) or √s + ε."""
    return xp.sqrt(s + eps) if eps_inside else xp.sqrt(s) + eps


def optimizer(
    key: str,
    name: str,
    *,
    family: str,
    formula: tuple[str, ...],
    source: str,
    lr: float,
    lr_unit: Literal["slope", "reach"],
    note: str = "",
    params: tuple[Param, ...] = (),
    state: tuple[str, ...] = (),
    ahead: Callable[..., Any] | None = None,
    factors: Factors | None = None,
    rate: Callable[..., Any] | None = None,
) -> Callable[[Callable[..., tuple[Any, ...]]], Callable[..., tuple[Any, ...]]]:
    """Decorator: declares the rule below it as the optimizer `key`, and leaves it the plain function it is."""

    def declare(rule: Callable[..., tuple[Any, ...]]) -> Callable[..., tuple[Any, ...]]:
        OPTIMIZERS.add(
            Optimizer(
                key=key,
                name=name,
                family=family,
                formula=formula,
                source=source,
                note=note,
                params=params,
                state=state,
                lr=lr,
                lr_unit=lr_unit,
                rule=rule,
                ahead=ahead,
                factors=factors or powers(),
                rate=rate,
            )
        )
        return rule

    return declare
