"""JSON as scene files use it: read so that every check sees what stood there, and laid out for people."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..engine.params import LONGEST_NUMBER, shown

LARGEST = 10_000_000  # bytes of a text
MOST_VALUES = 300_000  # in a text: what can be read and checked in about a second
DEEPEST = 50  # levels of a text that is kept as it is
LINE = 110  # characters; what fits into one line is written in one line


@contextmanager
def within(place: str) -> Iterator[None]:
    """Puts `place` in front of what a ValueError says."""
    try:
        yield
    except ValueError as error:
        raise ValueError(place + str(error)) from None


# --- text -> values ---


class Unusable:
    """A number that JSON's grammar, or Python, takes and no field does: NaN, 1e400, a thousand digits."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


class Members(dict[str, Any]):
    """A JSON object that remembers which of its names came twice."""

    repeated: str | None = None


class Spelled(str):
    """A number as it is written. What is not understood is kept to the last digit."""


def parse(text: str) -> Any:
    """The values in a text, objects as `Members`. Raises ValueError for what is no JSON, or too much of it."""
    return load(text, pairs=parse_members, real=parse_real, whole=parse_whole, constant=Unusable)


def parse_spelled(text: str) -> Any:
    """The values in a text with every number as it is spelled, so that `layout` writes the same again."""
    content = load(text, pairs=parse_unrepeated, real=Spelled, whole=Spelled, constant=Spelled)
    check_depth(content)
    return content


def load(text: str, *, pairs: Callable[[Any], Any], real: Any, whole: Any, constant: Any) -> Any:
    check_size(text)
    try:
        return json.loads(text, object_pairs_hook=pairs, parse_float=real, parse_int=whole, parse_constant=constant)
    except RecursionError:
        raise ValueError("a scene is not nested that deeply") from None
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
        raise ValueError(f"this is not JSON: {reason} in line {error.lineno}, column {error.colno}") from None


def check_size(text: str) -> None:
    """Refuses a text that is too large for a scene file, before any work is done on it."""
    if len(text) > LARGEST or len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise ValueError(f"a scene has at most {LARGEST // 1_000_000} MB")
    if sum(text.count(char) for char in "[{,") > MOST_VALUES:
        raise ValueError(f"a scene has at most {MOST_VALUES:,} values, and this text has more")


def check_depth(content: object) -> None:
    level = [content]
    for _ in range(DEEPEST):
        level = [inner for value in level for inner in parts_of(value)]
        if not level:
            return
    raise ValueError(f"a scene is nested at most {DEEPEST} levels deep")


def parts_of(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()


def parse_real(text: str) -> float | Unusable:
    number = float(text)
    return number if math.isfinite(number) else Unusable(text)


def parse_whole(text: str) -> int | Unusable:
    return int(text) if len(text) <= LONGEST_NUMBER else Unusable(text)


def parse_members(pairs: list[tuple[str, Any]]) -> Members:
    made = Members(pairs)
    if len(made) < len(pairs):
        made.repeated = repeated(pairs)
    return made


def parse_unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError(f"an object has the field {shown(repeated(pairs))} twice")
    return made


def repeated(pairs: Sequence[tuple[str, Any]]) -> str:
    """The first name that comes for the second time."""
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            return name
        seen.add(name)
    raise AssertionError("no name comes twice")


# --- values -> text ---


def layout(value: Any, indent: str = "") -> str:
    """`value` as JSON for people: what fits into a line stands in one, the rest has a line a member."""
    deeper = indent + "  "
    if isinstance(value, dict):
        inner = [f"{word(name)}: {layout(item, deeper)}" for name, item in value.items()]
        opening, closing = "{", "}"
    elif isinstance(value, (list, tuple)):
        inner = [layout(item, deeper) for item in value]
        opening, closing = "[", "]"
    else:
        return word(value)
    line = f"{opening}{', '.join(inner)}{closing}"
    if not inner or (len(indent) + len(line) <= LINE and "\n" not in line):
        return line
    lines = f",\n{deeper}".join(inner)
    return f"{opening}\n{deeper}{lines}\n{indent}{closing}"


def word(value: object) -> str:
    """A value without parts as JSON."""
    if isinstance(value, Spelled):
        return str(value)
    # What no editor shows, and half a character, which UTF-8 does not have, is written as \\u....
    readable = not isinstance(value, str) or value.isprintable()
    return json.dumps(value, ensure_ascii=not readable, allow_nan=False)
