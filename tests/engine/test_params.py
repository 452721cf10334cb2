"""Declarations of parameters: check, parse, format; what is refused, and in which words."""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from nonsense import Rude

from optiviz.engine.optimizers import LR, OPTIMIZERS
from optiviz.engine.params import (
    MOST_KNOTS,
    Choice,
    Flag,
    Knots,
    Param,
    Real,
    Whole,
    check_params,
    format_number,
    shown,
)
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.surfaces import SURFACES


class RudeFloat(float):
    def __float__(self) -> float:
        raise RuntimeError("no")


NUMBER = Real(name="number", symbol="a", default=0.0, help="Any.")
RATE = Real(name="rate", symbol="α", default=0.1, low=0.0, low_open=True, help="Positive.")
SHARE = Real(name="share", symbol="β", default=0.9, low=0.0, high=1.0, high_open=True, help="Below 1.")
COUNT = Whole(name="count", symbol="n", default=1, low=1, high=1_000_000, help="Whole.")
SEED = Whole(name="seed", symbol="seed", default=0, help="Whole, large.")
FLAG = Flag(name="flag", symbol="f", default=True, help="Yes or no.")
CHOICE = Choice(name="choice", symbol="c", default="red", options=("red", "green"), help="A word.")
KNOTS = Knots(name="knots", symbol="k", default=(), help="Pairs.")
KINDS = [NUMBER, RATE, SHARE, COUNT, SEED, FLAG, CHOICE, KNOTS]
DECLARED = {
    f"{definition.key}-{param.name}": param
    for catalog in (OPTIMIZERS, SCHEDULES, SURFACES)
    for definition in catalog.values()
    for param in definition.params
} | {"lr": LR}

# Made anew for each use: some can be asked only once.
NONSENSE: dict[str, Callable[[], Any]] = {
    "nan": lambda: math.nan,
    "inf": lambda: math.inf,
    "-inf": lambda: -math.inf,
    "10**400": lambda: 10**400,
    "10**5000": lambda: 10**5000,
    "-10**5000": lambda: -(10**5000),
    "a fraction too large": lambda: Fraction(10**400),
    "text": lambda: "0.5",
    "colourful text": lambda: "nonsense \x1b[31m\n",
    "empty text": lambda: "",
    "surrogate": lambda: "\ud800",
    "long text": lambda: "x" * 10_000,
    "bytes": lambda: b"1",
    "None": lambda: None,
    "True": lambda: True,
    "False": lambda: False,
    "numpy bool": lambda: np.True_,
    "numpy matrix": lambda: np.eye(3),
    "numpy array": lambda: np.array([1.0, 2.0]),
    "numpy array of one": lambda: np.array([0.5]),
    "numpy array of none": lambda: np.array(0.5),
    "numpy nan": lambda: np.float64("nan"),
    "numpy inf": lambda: np.float32("inf"),
    "longdouble too large": lambda: np.longdouble("1e4000"),
    "complex": lambda: 1j,
    "list": lambda: [1.0],
    "empty list in a list": lambda: [[]],
    "list of None": lambda: [None, None],
    "list of text": lambda: ["1", "2"],
    "list of nan": lambda: [math.nan, math.nan],
    "list of True": lambda: [True, False],
    "dict": dict,
    "dict of text": lambda: {"nonsense": 1},
    "dict of numbers": lambda: {1: 1},
    "generator that fails": lambda: (1 / 0 for _ in "a"),
    "without end": lambda: itertools.repeat(0.5),
    "rude object": Rude,
    "rude float": lambda: RudeFloat(0.5),
    "function": lambda: math.sin,
    "class": lambda: float,
}
EXACT = [1e-8, 0.999, 0.1, 2e-3, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1 / 3, 1e16, 123456789.0, 1.0]


def refusal(param: Param, value: Any) -> str:
    """In which words the parameter refuses the value."""
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        pytest.fail(f"{param.name} takes {shown(value)} as {shown(param.check(value))}")
    assert refused.type is ValueError
    return str(refused.value)


# All kinds


@pytest.mark.parametrize("name", NONSENSE)
def test_every_kind_refuses_nonsense_in_words(name: str) -> None:
    for param in KINDS:
        if param is FLAG and name in ("True", "False"):
            continue
        message = refusal(param, NONSENSE[name]())
        assert message.startswith(f"{param.name} must be {param.allowed}, not ")
        assert message.isprintable()
        assert len(message) < 200 + len(param.allowed)


# Numbers


@pytest.mark.parametrize("value", EXACT)
def test_a_number_survives_the_round_trip(value: float) -> None:
    assert NUMBER.check(value) == value
    assert NUMBER.parse(NUMBER.format(value)) == value
    assert NUMBER.parse(NUMBER.format(-value)) == -value
    assert RATE.parse(RATE.format(value)) == value


def test_random_numbers_survive_the_round_trip() -> None:
    rng = random.Random(5)
    for _ in range(500):
        value = rng.uniform(-1, 1) * 10.0 ** rng.randrange(-300, 300)
        assert NUMBER.parse(NUMBER.format(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.35, "0.35"),
        (1e-8, "1e-8"),
        (200.0, "200"),
        (0.0, "0"),
        (-1.5, "-1.5"),
        (1e16, "1e16"),
        (0.0001, "0.0001"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e308"),
    ],
)
def test_numbers_are_written_as_people_write_them(value: float, text: str) -> None:
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5),
        (" 1e-8 ", 1e-8),
        ("1E-8", 1e-8),
        ("+2", 2.0),
        ("-.5", -0.5),
        ("5.", 5.0),
        ("\u22121.5", -1.5),
        ("007", 7.0),
    ],
)
def test_what_may_be_typed(text: str, value: float) -> None:
    assert NUMBER.parse(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nan",
        "inf",
        "-inf",
        "infinity",
        "1e400",
        "1_000",
        "1,5",
        "0x10",
        "1e",
        "e5",
        ".",
        "--1",
        "1 2",
        "٣",
        "１",
        "½",
        "1e٣",
        "None",
        "True",
        "9" * 101,
        "1;2",
        "0.5\n0.6",
        "\x00",
    ],
)
def test_what_may_not_be_typed(text: str) -> None:
    for param in (NUMBER, RATE, COUNT):
        with pytest.raises(ValueError, match=rf"^{param.name} must be .*number"):
            param.parse(text)


@pytest.mark.parametrize(
    "kind", [np.float64, np.float32, np.float16, np.int8, np.int64, np.uint16, np.longdouble, Fraction, int]
)
def test_other_kinds_of_numbers_are_taken(kind: type) -> None:
    checked = NUMBER.check(kind(3))
    assert checked == 3.0
    assert type(checked) is float


@pytest.mark.parametrize("kind", [np.int8, np.int64, np.uint8, np.uint64, int])
def test_whole_numbers_of_numpy_are_taken(kind: type) -> None:
    checked = COUNT.check(kind(3))
    assert checked == 3
    assert type(checked) is int


@pytest.mark.parametrize("value", [1.0, 2.5, np.float64(3), Fraction(3), 0, -1, 1_000_001, np.uint64(2**64 - 1)])
def test_whole_numbers_only_and_in_range(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^count must be a whole number from 1 to 1,000,000, not "):
        COUNT.check(value)


def test_bounds_that_belong_and_that_do_not() -> None:
    assert SHARE.check(0) == 0.0
    assert SHARE.check(math.nextafter(1, 0)) < 1
    assert RATE.check(5e-324) == 5e-324
    assert COUNT.check(1) == 1
    assert COUNT.check(1_000_000) == 1_000_000
    assert SEED.check(2**63 - 1) == 2**63 - 1
    for param, value in [(SHARE, 1), (SHARE, -5e-324), (RATE, 0), (RATE, -0.0), (SEED, 2**63), (SEED, -1)]:
        with pytest.raises(ValueError, match=rf"^{param.name} must be "):
            param.check(value)


@pytest.mark.parametrize(
    ("param", "value", "message"),
    [
        (RATE, 0, "rate must be a finite number greater than 0, not 0"),
        (RATE, "a", "rate must be a finite number greater than 0, not 'a'"),
        (SHARE, 1.5, "share must be a finite number at least 0 and less than 1, not 1.5"),
        (NUMBER, None, "number must be a finite number, not None"),
        (NUMBER, 10**5000, "number must be a finite number, not a value of type int"),
        (COUNT, 0, "count must be a whole number from 1 to 1,000,000, not 0"),
        (SEED, -1, "seed must be a whole number from 0 to 2^63-1, not -1"),
        (FLAG, 1, "flag must be true or false, not 1"),
        (CHOICE, "blue", "choice must be one of red, green, not 'blue'"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_messages_name_the_field_what_is_allowed_and_the_value(param: Param, value: Any, message: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        param.check(value)
    assert str(refused.value) == message


@pytest.mark.parametrize("text", ["1.0", "1e3", "1_0", "٣", "", "true", "0x1", "1" * 101])
def test_whole_numbers_are_typed_as_such(text: str) -> None:
    with pytest.raises(ValueError, match=r"^count must be"):
        COUNT.parse(text)
    assert COUNT.parse(" 12 ") == 12


# Flags, choices, knots


def test_flags() -> None:
    for value in (True, False):
        assert FLAG.check(value) is value
        assert FLAG.parse(FLAG.format(value)) is value
    for value in (0, 1, "true", None, [], Rude()):
        with pytest.raises(ValueError, match=r"^flag must be true or false"):
            FLAG.check(value)
    for text in ("", "True", "1", "yes", "truefalse"):
        with pytest.raises(ValueError, match=r"^flag must be true or false"):
            FLAG.parse(text)


def test_choices() -> None:
    assert CHOICE.check("red") == "red"
    assert CHOICE.parse(" green ") == "green"
    for value in ("Red", "", None, 0, [], Rude(), ["red"]):
        with pytest.raises(ValueError, match=r"^choice must be one of red, green"):
            CHOICE.check(value)


def test_knots() -> None:
    value = ((7, 0.5), (13, 0.25), (10**6, 1e-8))
    assert KNOTS.check([[7, 0.5], (13, np.float64(0.25)), [np.int64(10**6), 1e-8]]) == value
    assert KNOTS.parse(KNOTS.format(value)) == value
    assert KNOTS.format(value) == "7:0.5,13:0.25,1000000:1e-8"
    assert KNOTS.parse(" 7 : 0.5 , 13:0.25 ") == ((7, 0.5), (13, 0.25))
    assert KNOTS.check([]) == KNOTS.parse("") == ()


@pytest.mark.parametrize(
    "value",
    [
        "7:0.5",
        b"",
        {},
        {7: 0.5},
        7,
        None,
        True,
        [7],
        [(7,)],
        [(7, 0.5, 1)],
        [("7", 0.5)],
        [(7.0, 0.5)],
        [(True, 0.5)],
        [(-1, 0.5)],
        [(7, 0)],
        [(7, -1)],
        [(7, math.nan)],
        [(7, math.inf)],
        [(7, True)],
        [(7, None)],
        [(13, 0.5), (7, 0.5)],
        [(7, 0.5), (7, 0.4)],
        [(2**63, 0.5)],
        [(10**5000, 0.5)],
        [Rude()],
        Rude(),
        iter([(7, 0.5)]),
        {(7, 0.5)},
        [(step, 0.1) for step in range(MOST_KNOTS + 1)],
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_are_no_knots(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^knots must be pairs step:rate such as 7:0\.5"):
        KNOTS.check(value)


@pytest.mark.parametrize(
    "text", ["7", "7:", ":0.5", "7:0.5,", ",", "7:0.5:1", "7;0.5", "7.0:0.5", "13:1,7:1", "7:nan", "7:0", "٧:0.5"]
)
def test_what_may_not_be_typed_as_knots(text: str) -> None:
    with pytest.raises(ValueError, match=r"^knots must be pairs step:rate such as 7:0\.5"):
        KNOTS.parse(text)


def test_too_many_knots_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    many = ((step, 0.1) for step in range(MOST_KNOTS))
    text = KNOTS.format(many)
    assert len(KNOTS.parse(text)) == MOST_KNOTS
    monkeypatch.setattr(Whole, "parse", lambda *_: pytest.fail("it read a pair"))
    with pytest.raises(ValueError, match=r"^knots must be pairs .*, at most 10,000 of them, not "):
        KNOTS.parse(f"{text},{MOST_KNOTS}:0.1")


# All declarations


@pytest.mark.parametrize("param", DECLARED.values(), ids=DECLARED)
def test_every_declaration_round_trips_refuses_and_describes_itself(param: Param) -> None:
    assert refusal(param, Rude()).startswith(f"{param.name} must be {param.allowed}, not ")
    assert param.check(param.default) == param.default
    assert param.parse(param.format(param.default)) == param.default
    assert type(param.check(param.default)) is type(param.default)
    described = json.loads(json.dumps(param.describe(), allow_nan=False))
    assert {"name", "symbol", "default", "bounds", "allowed", "help", "kind"} <= set(described)
    assert described["name"] == param.name
    if isinstance(param, (Real, Whole)):
        low, high = param.slider
        assert param.check(low) < param.check(high)
        assert param.scale in ("linear", "log", "1-x")
        assert param.scale != "log" or low > 0
    if isinstance(param, Real):
        for bound, is_open in ((param.low, param.low_open), (param.high, param.high_open)):
            if math.isfinite(bound) and not is_open:
                assert param.check(bound) == bound
            else:
                with pytest.raises(ValueError, match=rf"^{param.name} must be"):
                    param.check(bound)


def test_having_changes_only_what_it_says() -> None:
    changed = SHARE.having(default=0.5)
    assert (changed.default, changed.name, changed.high) == (0.5, "share", 1.0)
    assert SHARE.default == 0.9


def test_check_params() -> None:
    assert check_params([RATE, FLAG], {"flag": False}, "Method") == {"rate": 0.1, "flag": False}
    with pytest.raises(ValueError, match=r"^Method has no parameter 'rat'; did you mean 'rate'\?$"):
        check_params([RATE, FLAG], {"rat": 1}, "Method")
    with pytest.raises(ValueError, match=r"^Method has no parameter 'zzz'; it has rate, flag$"):
        check_params([RATE, FLAG], {"zzz": 1}, "Method")
    with pytest.raises(ValueError, match=r"^Method has no parameter 'k'; it has none$"):
        check_params([], {"k": 1}, "Method")


def test_shown() -> None:
    assert shown(0.5) == "0.5"
    assert shown("a\nb") == r"'a\nb'"
    assert shown(Rude()) == "a value of type Rude"
    assert shown(10**5000) == "a value of type int"
    assert len(shown("x" * 10_000)) == 60
    assert shown(np.eye(2)).isprintable()
