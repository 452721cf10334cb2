"""What the accumulators of a rule remember: said by their annotations in its signature, `v: Velocity, s: Squares`.

And which of them a parameter such as β₁ is about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from ..params import Real


@dataclass(frozen=True)
class Memory:
    """What an accumulator remembers.

    `overlay` names what a picture of an update can show of it: "velocity", "squares", or nothing. For squares,
    `square` makes the squared gradient of the accumulator, and `power` is what then follows its name: u, u².
    """

    overlay: Literal["velocity", "squares", ""] = ""
    power: str = ""
    square: Callable[[Any], Any] = lambda value: value


Velocity = Annotated[Any, Memory("velocity")]  # gradients: a velocity, or a first moment
Squares = Annotated[Any, Memory("squares")]  # squared gradients
Roots = Annotated[Any, Memory("squares", power="²", square=lambda value: value * value)]  # gradients without sign


@dataclass(frozen=True, kw_only=True)
class Kept(Real):
    """How much of the accumulator that remembers `of` is kept at each update: the β of its average."""

    of: Literal["velocity", "squares"]


def memory_of(annotation: Any) -> Memory:
    """What the annotation of an accumulator says of it; of a plain one nothing."""
    return next((said for said in getattr(annotation, "__metadata__", ()) if isinstance(said, Memory)), Memory())
