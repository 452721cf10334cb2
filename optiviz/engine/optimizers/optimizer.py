"""What an optimizer is, and the decorator that declares one.

A rule is a plain function of ONE coordinate, written once:

    rule(xp, x, g, v, s, *, lr, beta1, eps, beta1_t) -> (x, v, s)

with `xp` the namespace of elementary functions, `g` the gradient's coordinate, then the accumulators (all zero at the
start), `lr` the rate α of this update: floats, or arrays of one shape. The signature is the declaration:

- the annotation of an accumulator says what it remembers (`v: Velocity, s: Squares`, see `memory`);
- the default of a keyword is the declaration of that parameter (`eps: Any = EPS`), and never its value: whoever calls
  the rule gives every keyword;
- a keyword `beta1_t` is the power β₁ᵗ of the parameter `beta1`, t the number of the update. Such powers, and other
  numbers that depend on t alone (`factors`), are kept by the engine: a power inside the rule would cost twice the
  time in a sweep, and math's and NumPy's differ in the last bit.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from inspect import Parameter, signature
from itertools import accumulate, islice, repeat
from operator import mul
from typing import Any, ClassVar, Literal

from ..catalog import Catalog, Declared
from ..elementary import Elementary
from ..params import Flag, Param, Real
from .memory import Kept, Memory, memory_of

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
BETA1 = Kept(
    of="velocity",
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
    of="squares",
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
class Optimizer(Declared):
    """An update rule and what people need to know of it.

    `formula` is the recurrence, a line an assignment; `symbols` are those of the rule's own names and factors. `lr`
    suggests a rate, in units of what `lr_unit` names: "slope" (of the rate that suits plain gradient descent on the
    surface) or "reach" (of the width of the surface's window). `ahead(x, *state, **params)` is the point whose
    gradient the rule wants, if that is not x. `rate(xp, *state, lr=, before=, **params, **factors)` is the effective
    rate per axis, α over whatever the rule divides by, from the state after the update and, as `before`, the state
    before it; without one the effective rate is α itself.

    Raises ValueError if the rule's keywords are not `lr`, the parameters, their powers and the factors.
    """

    catalog: ClassVar[Catalog[Optimizer]] = Catalog("optimizer")

    key: str
    name: str
    family: str
    formula: tuple[str, ...]
    source: str
    note: str
    lr: float
    lr_unit: Literal["slope", "reach"]
    rule: Callable[..., tuple[Any, ...]]
    ahead: Callable[..., Any] | None = None
    other_factors: Factors | None = None
    rate: Callable[..., Any] | None = None
    symbols: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = {"lr", *self.defaults(), *self.factors(self.defaults())}
        if wrong := sorted(given ^ {keyword.name for keyword in self._keywords}):
            raise ValueError(f"optimizer '{self.key}': its rule and its declaration disagree on {', '.join(wrong)}")

    @cached_property
    def _arguments(self) -> list[Parameter]:
        return list(signature(self.rule, eval_str=True).parameters.values())

    @cached_property
    def _keywords(self) -> list[Parameter]:
        return [argument for argument in self._arguments if argument.kind is Parameter.KEYWORD_ONLY]

    @cached_property
    def memories(self) -> Mapping[str, Memory]:
        """What each accumulator remembers, by its name."""
        places = [argument for argument in self._arguments if argument.kind is Parameter.POSITIONAL_OR_KEYWORD]
        return {argument.name: memory_of(argument.annotation) for argument in places[3:]}  # after xp, x, g

    @cached_property
    def state(self) -> tuple[str, ...]:
        """The names of the accumulators."""
        return tuple(self.memories)

    @cached_property
    def velocities(self) -> tuple[str, ...]:
        """The accumulators that remember gradients."""
        return tuple(name for name, memory in self.memories.items() if memory.overlay == "velocity")

    @cached_property
    def squares(self) -> str | None:
        """The accumulator whose squares the rule divides by: where several remember some, the last of them."""
        return next((name for name in reversed(self.state) if self.memories[name].overlay == "squares"), None)

    @cached_property
    def params(self) -> tuple[Param, ...]:
        """The declarations of the parameters."""
        return tuple(keyword.default for keyword in self._keywords if isinstance(keyword.default, Param))

    @cached_property
    def powers(self) -> Mapping[str, str]:
        """The powers βᵗ that the rule asks for: the name of each, `beta1_t`, and the parameter it is a power of."""
        wanted = {keyword.name for keyword in self._keywords}
        return {f"{param.name}_t": param.name for param in self.params if f"{param.name}_t" in wanted}

    def defaults(self) -> dict[str, Any]:
        """The parameters' default values by name."""
        return {param.name: param.default for param in self.params}

    def factors(self, params: Mapping[str, Any]) -> dict[str, Iterator[Any]]:
        """What depends on the number of the update alone, by name: its values for the updates 1, 2, ..., endlessly."""
        others = self.other_factors(params) if self.other_factors else {}
        return others | {name: accumulate(repeat(params[base]), mul) for name, base in self.powers.items()}


OPTIMIZERS = Optimizer.catalog


class FactorTable:
    """The factors of every update, computed as far as they have been asked for."""

    def __init__(self, optimizer: Optimizer, params: Mapping[str, Any]) -> None:
        self._values = optimizer.factors(params)
        self._columns = {name: array("d") for name in self._values}

    @property
    def names(self) -> tuple[str, ...]:
        """The factors' names."""
        return tuple(self._columns)

    def at(self, t: int) -> dict[str, float]:
        """The factors of the update t → t + 1, by name."""
        for name, column in self._columns.items():
            column.extend(islice(self._values[name], max(0, t + 1 - len(column))))
        return {name: column[t] for name, column in self._columns.items()}


def root(xp: Elementary, s: Any, eps: Any, eps_inside: bool) -> Any:
    """The denominator √(s + ε) (`eps_inside`) or √s + ε, of a float or an array."""
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
    ahead: Callable[..., Any] | None = None,
    factors: Factors | None = None,
    rate: Callable[..., Any] | None = None,
    symbols: Mapping[str, str] | None = None,
) -> Callable[[Callable[..., tuple[Any, ...]]], Callable[..., tuple[Any, ...]]]:
    """Decorator: declares the rule below it as the optimizer `key`, and leaves it the plain function it is.

    Raises ValueError if the key is taken, or as `Optimizer` does.
    """

    def declare(rule: Callable[..., tuple[Any, ...]]) -> Callable[..., tuple[Any, ...]]:
        OPTIMIZERS.add(
            Optimizer(
                key=key,
                name=name,
                family=family,
                formula=formula,
                source=source,
                note=note,
                lr=lr,
                lr_unit=lr_unit,
                rule=rule,
                ahead=ahead,
                other_factors=factors,
                rate=rate,
                symbols=symbols or {},
            )
        )
        return rule

    return declare
