"""The one-line text of runs and surfaces, as the command line and lessons write them.

    adam lr=0.05 schedule=exponential k=0.01 label='my run'

Split as a shell splits: a key, then name=value. Writing leaves out what has its default value, so that a text says what
is special about a run; reading it gives an equal one.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..engine.catalog import near_miss
from ..engine.optimizers import LR, OPTIMIZERS
from ..engine.params import Param, format_number, shown
from ..engine.schedules import SCHEDULES
from ..engine.surfaces import SURFACES, Area, Surface
from .run import VISIBLE, Run, suggest_lr
from .scene import START_X, START_Y
from .view import PLACE, VIEW, Place, View, check_window

QUOTING = frozenset("'\"\\")
PLAIN_WORD = re.compile(r"[^ \t\r\n]+")

# --- text -> values ---


def split_words(text: str) -> list[str]:
    """The words of a text, split as a shell splits."""
    if QUOTING.isdisjoint(text):
        return PLAIN_WORD.findall(text)  # the same; shlex takes seconds for a word of a megabyte
    try:
        return shlex.split(text)
    except ValueError as error:
        reason = "a quotation mark is not closed" if "quotation" in str(error) else "nothing follows the last backslash"
        raise ValueError(reason) from None


def split_values(words: Iterable[str]) -> dict[str, str]:
    """The words, each written name=value, by name."""
    values: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise ValueError(f"{shown(word)} must be written name=value")
        if name in values:
            raise ValueError(f"{name} is given twice")
        values[name] = value
    return values


def split(text: str) -> tuple[str, dict[str, str]]:
    """`KEY name=value ...` as the key and the values."""
    words = split_words(text)
    if not words or "=" in words[0]:
        raise ValueError("it must begin with a key, as in KEY name=value")
    return words[0], split_values(words[1:])


def parse_values(
    owner: str, values: Mapping[str, str], parsers: Mapping[str, Callable[[str], Any]], hint: str = ""
) -> dict[str, Any]:
    """The values that the texts stand for. Raises ValueError for a name that `parsers` lacks."""
    for name in values:
        if name not in parsers:
            takes = f"it takes {', '.join(parsers)}" if parsers else "it has none"
            raise ValueError(f"{owner} has no parameter {shown(name)}; {near_miss(name, parsers) or hint or takes}")
    return {name: parsers[name](text) for name, text in values.items()}


def parse_run(text: str, surface: Surface) -> Run:
    """The run that a text describes. `surface` is what an example of a missing rate is made for."""
    key, values = split(text)
    rule = OPTIMIZERS.find(key)
    decay = SCHEDULES.find(values.pop("schedule", "constant"))
    parsers: dict[str, Callable[[str], Any]] = {"lr": LR.parse, "schedule": str, "label": str, "color": str}
    parsers["visible"] = VISIBLE.parse
    parsers |= {param.name: param.parse for param in (*rule.params, *decay.params)}
    others = [
        schedule.key
        for schedule in SCHEDULES.values()
        if any(param.name not in parsers and param.name in values for param in schedule.params)
    ]
    hint = f"schedule={' or '.join(others)} has it" if others else ""
    given = parse_values(f"{rule.name} with schedule={decay.key}", values, parsers, hint)
    if "lr" not in given:
        example = format_number(suggest_lr(rule, surface))
        raise ValueError(f"the learning rate is missing: write lr=..., as in '{key} lr={example}'")
    return Run(rule.key, schedule=decay.key, **given)


def parse_surface(text: str) -> tuple[str, dict[str, Any]]:
    """The key and the given parameters of a surface's text."""
    key, values = split(text)
    surface = SURFACES.find(key)
    return key, parse_values(surface.name, values, {param.name: param.parse for param in surface.params})


def parse_start(text: str) -> tuple[float, float]:
    x, comma, y = text.partition(",")
    if not comma or "," in y:
        raise ValueError(f"start must be two numbers X,Y such as -1.5,2.0, not {shown(text)}")
    return START_X.parse(x), START_Y.parse(y)


def parse_window(text: str) -> Area:
    corners = text.split(",")
    if len(corners) != 4:
        raise ValueError(f"window must be four numbers X0,X1,Y0,Y1 such as -2,2,-1,3, not {shown(text)}")
    return check_window([START_X.having(name="window").parse(corner) for corner in corners])


def parse_view(text: str) -> tuple[View, Place]:
    """The view and the place that `name=value ...` describes."""
    parsers: dict[str, Callable[[str], Any]] = {param.name: param.parse for param in (*PLACE, *VIEW.values())}
    parsers["window"] = parse_window
    values = parse_values("a view", split_values(split_words(text)), parsers)
    settings = {name: value for name, value in values.items() if name in VIEW}
    return View(**settings), Place(**{name: value for name, value in values.items() if name not in VIEW})


# --- values -> text ---


def word(name: str, value: str) -> str:
    return f"{name}={shlex.quote(value)}"


def differing(params: Sequence[Param], values: Mapping[str, Any]) -> list[str]:
    """name=value of every parameter that has not its default value."""
    return [
        word(param.name, param.format(values[param.name]))
        for param in params
        if values[param.name] != param.default  # as numbers: -0.0 is no other value than 0
    ]


def run_text(run: Run) -> str:
    """What `parse_run` reads back as an equal run: the rate, and all that has not its default value."""
    words = [run.optimizer, word("lr", format_number(run.lr)), *differing(run.rule.params, run.params)]
    if run.schedule != "constant":
        words += [word("schedule", run.schedule), *differing(run.decay.params, run.schedule_params)]
    if run.label is not None:
        words.append(word("label", run.label))
    if run.color is not None:
        words.append(f"color={run.color}")
    if not run.visible:
        words.append("visible=false")
    return " ".join(words)


def surface_text(surface: str, params: Mapping[str, Any]) -> str:
    """What `parse_surface` reads back as the same surface; `params` are all of its parameters."""
    return " ".join([surface, *differing(SURFACES.find(surface).params, params)])


def numbers_text(numbers: Iterable[float]) -> str:
    """Numbers as `parse_start` and `parse_window` read them."""
    return ",".join(map(format_number, numbers))


def view_text(view: View, place: Place) -> str:
    """What `parse_view` reads back as equal ones; nothing for those that have all their default values."""
    words = differing(PLACE, {param.name: getattr(place, param.name) for param in PLACE})
    words += differing(tuple(VIEW.values()), {name: getattr(view, name) for name in VIEW})
    if place.window is not None:
        words.append(f"window={numbers_text(place.window)}")
    return " ".join(words)
