"""Declarations of parameters.

A `Param` says everything there is to say about one parameter: its name in code, its symbol for people, its default,
its bounds, the scale of its slider and a sentence of help. Validation, the command line, the file format, the panel,
the help and the tests' random inputs are all read from it, so nothing about a parameter is stated twice.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, ClassVar, Self

from .catalog import near_miss

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
LONGEST_NUMBER = 100  # characters; nobody types more, and int() refuses 4,300 digits with a message of its own
MOST_KNOTS = 10_000


def shown(value: object) -> str:
    """`value` as an error message shows it: its repr, shortened, for any object whatever."""
    try:
        text = repr(value)
    except Exception:  # a huge int refuses to be printed, and a stranger's __repr__ may do anything
        return f"a value of type {type(value).__name__}"
    text = text if len(text) <= 60 else text[:57] + "..."
    return "".join(char if char.isprintable() else " " for char in text)  # an array's repr has several lines


def format_number(value: float) -> str:
    """The shortest text that reads back as exactly `value`, written as people write it: 0.35, 1e-8, 200."""
    text = repr(float(value))
    if text.endswith(".0"):
        return text[:-2]
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if e else text


@dataclass(frozen=True, kw_only=True)
class Param:
    """One parameter. Subclasses say which values it takes."""

    kind: ClassVar[str]
    name: str
    symbol: str
    default: Any
    help: str

    @property
    def allowed(self) -> str:
        """What is allowed, in words, to follow "must be"."""
        raise NotImplementedError

    def check(self, value: Any) -> Any:
        """`value` in its normal form. Raises ValueError naming the field, the value and what is allowed."""
        raise NotImplementedError

    def parse(self, text: str) -> Any:
        """The value that `text` (typed or on the command line) stands for. Raises ValueError like `check`."""
        raise NotImplementedError

    def format(self, value: Any) -> str:
        """The text that `parse` reads back as exactly `value`."""
        raise NotImplementedError

    def refuse(self, value: object) -> ValueError:
        """The error that says what is allowed in place of `value`."""
        return ValueError(f"{self.name} must be {self.allowed}, not {shown(value)}")

    def having(self, **changes: Any) -> Self:
        """The same parameter with another default, bound or help."""
        return replace(self, **changes)

    def describe(self) -> dict[str, Any]:
        """The declaration as plain JSON values."""
        return {
            "name": self.name,
            "symbol": self.symbol,
            "kind": self.kind,
            "default": self.default,
            "bounds": None,
            "allowed": self.allowed,
            "help": self.help,
        }


@dataclass(frozen=True, kw_only=True)
class Real(Param):
    """A finite number between bounds that belong to it or not (`low_open`, `high_open`).

    `slider` is the part of the range that a slider covers; typing may leave it. `scale` is how the slider's way is
    divided: "linear", "log", or "1-x" (logarithmic in the distance to 1, for the decay rates of averages).
    """

    kind: ClassVar[str] = "real"
    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False
    scale: str = "linear"
    slider: tuple[float, float] = (0.0, 1.0)

    @property
    def allowed(self) -> str:
        low, high = format_number(self.low), format_number(self.high)
        limits = []
        if self.low > -math.inf:
            limits.append(f"greater than {low}" if self.low_open else f"at least {low}")
        if self.high < math.inf:
            limits.append(f"less than {high}" if self.high_open else f"at most {high}")
        return "a finite number" + (" " + " and ".join(limits) if limits else "")

    def check(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise self.refuse(value)
        try:
            number = float(value)
        except Exception:  # a huge int overflows, and a stranger's __float__ may do anything
            raise self.refuse(value) from None
        above = number > self.low if self.low_open else number >= self.low
        below = number < self.high if self.high_open else number <= self.high
        if not (math.isfinite(number) and above and below):
            raise self.refuse(value)
        return number

    def parse(self, text: str) -> float:
        stripped = text.strip().replace("\u2212", "-")
        if len(stripped) > LONGEST_NUMBER or not NUMBER.fullmatch(stripped):
            raise self.refuse(text)
        number = float(stripped)
        if not math.isfinite(number):
            raise self.refuse(text)
        return self.check(number)

    def format(self, value: Any) -> str:
        return format_number(value)

    def describe(self) -> dict[str, Any]:
        def bound(limit: float) -> float | None:
            return limit if math.isfinite(limit) else None

        return super().describe() | {
            "bounds": [bound(self.low), bound(self.high)],
            "open": [self.low_open, self.high_open],
            "scale": self.scale,
            "slider": list(self.slider),
        }


@dataclass(frozen=True, kw_only=True)
class Whole(Param):
    """A whole number from `low` to `high`, both included."""

    kind: ClassVar[str] = "whole"
    low: int = 0
    high: int = 2**63 - 1
    scale: str = "linear"
    slider: tuple[int, int] = (0, 100)

    @property
    def allowed(self) -> str:
        if self.high == 2**63 - 1:
            return f"a whole number from {self.low:,} to 2^63-1"
        return f"a whole number from {self.low:,} to {self.high:,}"

    def check(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, numbers.Integral):
            raise self.refuse(value)
        number = int(value)
        if not self.low <= number <= self.high:
            raise self.refuse(value)
        return number

    def parse(self, text: str) -> int:
        stripped = text.strip().replace("\u2212", "-")
        if len(stripped) > LONGEST_NUMBER or not WHOLE.fullmatch(stripped):
            raise self.refuse(text)
        return self.check(int(stripped))

    def format(self, value: Any) -> str:
        return str(value)

    def describe(self) -> dict[str, Any]:
        return super().describe() | {
            "bounds": [self.low, self.high],
            "open": [False, False],
            "scale": self.scale,
            "slider": list(self.slider),
        }


@dataclass(frozen=True, kw_only=True)
class Flag(Param):
    """True or false."""

    kind: ClassVar[str] = "flag"

    @property
    def allowed(self) -> str:
        return "true or false"

    def check(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self.refuse(value)
        return value

    def parse(self, text: str) -> bool:
        stripped = text.strip()
        if stripped not in ("true", "false"):
            raise self.refuse(text)
        return stripped == "true"

    def format(self, value: Any) -> str:
        return "true" if value else "false"


@dataclass(frozen=True, kw_only=True)
class Choice(Param):
    """One of a few words: of a tuple, or of the keys of a catalog, also of those that are added to it later."""

    kind: ClassVar[str] = "choice"
    options: Collection[str] = ()

    @property
    def allowed(self) -> str:
        return "one of " + ", ".join(self.options)

    def check(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise self.refuse(value)
        return value

    def parse(self, text: str) -> str:
        return self.check(text.strip())

    def format(self, value: Any) -> str:
        return str(value)

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"options": list(self.options)}


KNOT_STEP = Whole(name="step", symbol="t", default=0, help="The update from which the rate holds.")
KNOT_RATE = Real(name="rate", symbol="α", default=0.1, low=0.0, low_open=True, help="The rate from that update on.")


@dataclass(frozen=True, kw_only=True)
class Knots(Param):
    """Pairs (step, rate) with growing steps; as text `7:0.5,13:0.25`."""

    kind: ClassVar[str] = "knots"

    @property
    def allowed(self) -> str:
        return (
            "pairs step:rate such as 7:0.5,13:0.25 with growing whole steps from 0, rates greater than 0, "
            f"at most {MOST_KNOTS:,} of them"
        )

    def check(self, value: Any) -> tuple[tuple[int, float], ...]:
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
            raise self.refuse(value)
        if not isinstance(value, Sequence) or len(value) > MOST_KNOTS:
            raise self.refuse(value)
        knots = []
        for pair in value:
            if not isinstance(pair, (tuple, list)) or len(pair) != 2:
                raise self.refuse(value)
            try:
                knots.append((KNOT_STEP.check(pair[0]), KNOT_RATE.check(pair[1])))
            except ValueError:
                raise self.refuse(value) from None
        if any(later <= earlier for (earlier, _), (later, _) in pairwise(knots)):
            raise self.refuse(value)
        return tuple(knots)

    def parse(self, text: str) -> tuple[tuple[int, float], ...]:
        if not text.strip():
            return ()
        if text.count(",") >= MOST_KNOTS:
            raise self.refuse(text)
        try:
            pairs = [pair.split(":", 1) for pair in text.split(",")]
            return self.check([(KNOT_STEP.parse(step), KNOT_RATE.parse(rate)) for step, rate in pairs])
        except ValueError:
            raise self.refuse(text) from None

    def format(self, value: Any) -> str:
        return ",".join(f"{step}:{format_number(rate)}" for step, rate in value)


def check_params(params: Sequence[Param], given: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """Every parameter's checked value, defaults filled in.

    Raises ValueError for an impossible value and for a name that `owner` (as it is called in the message) lacks.
    """
    known = {param.name: param for param in params}
    for name in given:
        if name not in known:
            has = f"it has {', '.join(known)}" if known else "it has none"
            raise ValueError(f"{owner} has no parameter {shown(name)}; {near_miss(name, known) or has}")
    return {name: param.check(given.get(name, param.default)) for name, param in known.items()}
