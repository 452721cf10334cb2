"""The arithmetic of one update, line by line, as people write it: made from the rule's own source.

A rule is read as a syntax tree. Helpers such as `root` are put in place of their calls, and of a choice between two
forms the one that the run's flags take stays. That one tree then does everything: it is evaluated, with the engine's
own operations on the engine's own floats, and it is written down twice, with symbols and with numbers. So an
explanation cannot say anything that the run did not do.
"""

from __future__ import annotations

import ast
import copy
import inspect
import math
import operator
import textwrap
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .elementary import FLOATS
from .optimizers import Optimizer
from .params import format_number
from .schedules import Schedule
from .surfaces import Surface
from .trajectory import Outcome, Trajectory

DIGITS = 4
LONGEST_PARAMETER = 9  # characters: a parameter is written out, 0.99999, unless a drag has given it many digits
SUPERSCRIPTS = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
SYMBOLS = {"lr": "α", "delta": "Δ", "mu": "μₜ", "mu_next": "μₜ₊₁", "mu_product": "Π"}
HAT = "\u0302"

# What a picture of the update can light up, by what is assigned.
OVERLAYS = {"v": "velocity", "s": "squares", "m": "squares", "u": "squares", "delta": "step"}

NO_SOURCE = "The lines are made from the rule's source, which this copy of the program has left out."


@dataclass(frozen=True)
class Side:
    """One axis of a line: the right-hand side with its numbers put in, and what it comes to."""

    numbers: str
    value: float

    @property
    def text(self) -> str:
        """The value, for reading."""
        return number(self.value)

    @property
    def exact(self) -> str:
        """The shortest text that reads back as exactly the value."""
        return format_number(self.value)


@dataclass(frozen=True)
class Line:
    """One line of the update.

    `symbol` is what the line gives a value to, `formula` the right-hand side; either may be missing. `update` says
    that the symbol had a value before (←, not =). `shared` says that both axes have the same value. `marks` name the
    overlays that show this line in a picture: "gradient", "velocity", "squares", "ellipse", "step", "next".
    """

    name: str
    symbol: str
    formula: str
    x: Side
    y: Side
    update: bool = False
    shared: bool = False
    marks: tuple[str, ...] = ()
    note: str = ""

    @property
    def text(self) -> str:
        """The line in symbols: v ← β₁ v + (1−β₁) g."""
        sign = " ← " if self.update else " = "
        return sign.join(part for part in (self.symbol, self.formula) if part)


@dataclass(frozen=True)
class Step:
    """The update `step` → `step` + 1: its lines, the last of them the new point; or why there are none."""

    step: int
    lines: tuple[Line, ...]
    note: str = ""


class Arithmetic:
    """The arithmetic of every update of one run.

    `noise` is what was added to the gradient (see `simulate.noise_stream`), if anything. `schedule` and what follows
    describe the rate: without them its line has no formula.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        params: Mapping[str, Any],
        surface: Surface,
        surface_params: Mapping[str, Any],
        trajectory: Trajectory,
        *,
        noise: npt.NDArray[np.float64] | None = None,
        schedule: Schedule | None = None,
        lr: float = math.nan,
        schedule_params: Mapping[str, Any] | None = None,
        steps: int = 1,
        steps_per_epoch: int = 1,
    ) -> None:
        self.optimizer = optimizer
        self.params = params
        self.surface = surface
        self.surface_params = surface_params
        self.trajectory = trajectory
        self.noise = noise
        self.schedule = schedule
        self.lr = lr
        self.schedule_params = schedule_params or {}
        self.steps = steps
        self.steps_per_epoch = steps_per_epoch
        self._factors = FactorTable(optimizer, params)

    def explain(self, step: int) -> Step:
        """The update that goes from row `step`."""
        last = len(self.trajectory) - 1
        if step >= last or step < 0:
            return Step(step, (), self._why_none(step))
        try:
            return Step(step, tuple(self._lines(step)))
        except OSError:  # inspect found no source
            return Step(step, (), NO_SOURCE)

    def _why_none(self, step: int) -> str:
        last = len(self.trajectory) - 1
        if self.trajectory.outcome is Outcome.DIVERGED:
            if step <= last:
                return f"The update from step {step} leaves the range of floating-point numbers."
            return f"The run ended before: it {self.trajectory.message}."
        return f"Step {last} is the last row of the run: no update goes from here."

    def _lines(self, t: int) -> Iterator[Line]:
        trajectory, optimizer = self.trajectory, self.optimizer
        x, y = float(trajectory.x[t]), float(trajectory.y[t])
        yield Line("x", "x", "", Side("", x), Side("", y), note="the point")
        states = [
            {name: float(trajectory.state[f"{name}_{axis}"][t]) for name in optimizer.state} for axis in ("x", "y")
        ]
        common = {"lr": float(trajectory.lr[t]), **self.params, **self._factors.at(t)}
        names = [{**common, **state, "x": place} for state, place in zip(states, (x, y), strict=True)]
        at, where = (x, y), "x"
        if optimizer.ahead is not None:
            look = self._look_ahead(t, names)
            yield look
            at, where = (look.x.value, look.y.value), look.formula
        gradient = self._gradient(t, at, where)
        yield gradient
        for side, value in zip(names, (gradient.x.value, gradient.y.value), strict=True):
            side["g"] = value
        yield self._rate(t)
        for name in self._factors.names:
            if not is_power(name, self.params):
                yield both(name, symbol(name, optimizer), "", "", common[name])
        yield from self._rule(t, names)

    def _look_ahead(self, t: int, names: list[dict[str, Any]]) -> Line:
        """The point whose gradient the rule wants."""
        assert self.optimizer.ahead is not None
        value = returned(self.optimizer.ahead)
        formula = Writer(Symbols(self.optimizer)).write(value).text
        x, y = self._sides(value, names, t)
        return Line("ahead", "", formula, x, y, marks=("velocity",), note="the look-ahead")

    def _gradient(self, t: int, at: tuple[float, float], where: str) -> Line:
        """The gradient as the rule gets it, taken at `at`, which formulas call `where`."""
        slope = self.surface.slope(FLOATS, *at, **self.surface_params)
        formula = f"∇f({where})"
        if self.noise is None:
            x, y = (Side("", float(part)) for part in slope)
        else:
            formula += " + noise"
            added = (float(part) for part in self.noise[t])
            x, y = (
                Side(f"{number(part)} + {signed(number(more), first=False).text}", float(part + more))
                for part, more in zip(slope, added, strict=True)
            )
        return Line("g", "g", formula, x, y, marks=("gradient",))

    def _rate(self, t: int) -> Line:
        """The rate of this update, with the schedule's formula."""
        value = float(self.trajectory.lr[t])
        if self.schedule is None:
            return both("lr", "α", "", "", value)
        try:
            return both("lr", "α", self.schedule.formula, self._rate_in_numbers(self.schedule, t), value)
        except Unreadable:  # no plain formula, like a list of knots
            return both("lr", "α", "", "", value, note=self.schedule.name)

    def _rate_in_numbers(self, schedule: Schedule, t: int) -> str:
        """The schedule's formula with its numbers."""
        if not schedule.params:
            return ""
        epoch, epochs = t // self.steps_per_epoch, -(-self.steps // self.steps_per_epoch)
        time = {"epoch": epoch, "step": t, "progress": min(epoch / epochs, 1.0)}[schedule.time]
        names = {"lr": self.lr, "t": time, **self.schedule_params}
        return Writer(Numbers(names, self.schedule_params, t)).write(returned(schedule.rate)).text

    def _rule(self, t: int, names: list[dict[str, Any]]) -> Iterator[Line]:
        """The lines of the rule itself."""
        for statement in program(self.optimizer, flags(self.params)):
            x, y = self._sides(statement.value, names, t)
            for known, side in zip(names, (x, y), strict=True):
                known[statement.target] = side.value
            if not statement.formula:
                x, y = Side("", x.value), Side("", y.value)
            yield Line(
                statement.target,
                symbol(statement.target, self.optimizer),
                statement.formula,
                x,
                y,
                update=statement.update,
                marks=statement.marks,
                note=statement.note,
            )

    def _sides(self, value: ast.expr, names: list[dict[str, Any]], t: int) -> tuple[Side, Side]:
        """The expression on both axes."""
        x, y = (Side(Writer(Numbers(side, self.params, t)).write(value).text, evaluate(value, side)) for side in names)
        return x, y


class FactorTable:
    """The factors of every update, drawn from their generator as far as they have been asked for."""

    def __init__(self, optimizer: Optimizer, params: Mapping[str, Any]) -> None:
        self._source = optimizer.factors(params)
        first = next(self._source)
        self.names = tuple(first)
        # Columns of numbers: a million dictionaries would take a tenth of a gigabyte.
        self._columns = {name: array("d", [value]) for name, value in first.items()}
        self._known = 1

    def at(self, t: int) -> dict[str, float]:
        """The factors of the update t → t + 1."""
        if self.names and t >= self._known:
            for factors in islice(self._source, t + 1 - self._known):
                for name, value in factors.items():
                    self._columns[name].append(value)
            self._known = t + 1
        return {name: column[t] for name, column in self._columns.items()}


def both(name: str, symbol: str, formula: str, numbers: str, value: float, note: str = "") -> Line:
    """A line that is the same for both axes."""
    side = Side(numbers, value)
    return Line(name, symbol, formula, side, side, shared=True, note=note)


# Reading a rule


class Unreadable(NotImplementedError):
    """A rule is written in a way that this module does not know."""


@dataclass(frozen=True)
class Statement:
    """One assignment of a rule, as it runs under some flags."""

    target: str
    value: ast.expr
    formula: str
    update: bool
    marks: tuple[str, ...]
    note: str = ""


def flags(params: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    """The parameters that choose between two forms of a rule."""
    return tuple((name, value) for name, value in params.items() if isinstance(value, bool))


@lru_cache(maxsize=256)
def program(optimizer: Optimizer, flags: tuple[tuple[str, bool], ...]) -> tuple[Statement, ...]:
    """The assignments of the rule that run under these flags, the last one that of the new point."""
    definition = read(optimizer.rule)
    known = {argument.arg for argument in (*definition.args.args, *definition.args.kwonlyargs)}
    resolve = Resolver(dict(flags), {}, optimizer.rule.__globals__)
    pairs: list[tuple[str, ast.expr]] = []
    for node in body(definition):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            target, value = node.targets[0].id, resolve(node.value)
            if isinstance(value, ast.Name) and target not in known:
                resolve.bindings[target] = value  # another name for the same thing: no line of its own
            else:
                pairs.append((target, value))
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            new, *state = [resolve(element) for element in node.value.elts]
            if [element.id if isinstance(element, ast.Name) else None for element in state] != list(optimizer.state):
                raise Unreadable(f"{optimizer.key} returns something else than its state's names")
            # The new point always has the last word, even where the rule has found it earlier.
            if not (isinstance(new, ast.Name) and pairs and pairs[-1][0] == new.id):
                pairs.append(("x", new))
        else:
            raise Unreadable(f"{optimizer.key}: {ast.unparse(node)}")
    constants = {"xp", *(argument.arg for argument in definition.args.kwonlyargs)}
    return tuple(statements(optimizer, pairs, known, constants))


def statements(
    optimizer: Optimizer, pairs: list[tuple[str, ast.expr]], known: set[str], constants: set[str]
) -> Iterator[Statement]:
    """Assignments with their formula and their overlays. `constants` are the same for both axes."""
    writer = Writer(Symbols(optimizer))
    moves = [place for place, (target, value) in enumerate(pairs) if target == "x" and not is_name(value, "x")]
    for place, (target, value) in enumerate(pairs):
        marks = overlay(target)
        if moves and place == moves[-1]:
            marks = ("step", *marks)
        if "step" in marks and divides(value, constants):
            marks = (*marks, "ellipse")
        if place == len(pairs) - 1:
            marks = (*marks, "next")
        found = is_name(value, target)
        formula = "" if found else writer.write(value).text
        yield Statement(target, value, formula, target in known, marks, "the new point" if found else "")
        known = known | {target}


def is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def overlay(target: str) -> tuple[str, ...]:
    """The overlay of a quantity, the same with and without a hat."""
    mark = OVERLAYS.get(target.removesuffix("_hat"))
    return (mark,) if mark else ()


def divides(node: ast.expr, constants: set[str]) -> bool:
    """Whether something is divided by a quantity that each axis has its own of."""
    divisors = [part.right for part in ast.walk(node) if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div)]
    leaves = [leaf for divisor in divisors for leaf in ast.walk(divisor) if isinstance(leaf, ast.Name)]
    return any(leaf.id not in constants for leaf in leaves)


@lru_cache(maxsize=256)
def read(function: Callable[..., Any]) -> ast.FunctionDef:
    """A function's definition."""
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise Unreadable(f"{function} is no plain function")
    return definition


def body(definition: ast.FunctionDef) -> list[ast.stmt]:
    """A function's statements without its docstring."""
    return [
        node for node in definition.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]


def returned(function: Callable[..., Any]) -> ast.expr:
    """What a function of one statement returns."""
    match body(read(function)):
        case [ast.Return(value=ast.expr() as value)]:
            return value
    raise Unreadable(f"{function} has more than one statement")


class Resolver(ast.NodeTransformer):
    """Takes the branches that the flags choose, and puts helpers and other names in place."""

    def __init__(self, flags: Mapping[str, bool], bindings: dict[str, ast.expr], helpers: Mapping[str, Any]) -> None:
        self.flags = flags
        self.bindings = bindings
        self.helpers = helpers

    def __call__(self, node: ast.expr) -> ast.expr:
        """The expression, resolved; the one given stays as it is."""
        resolved = self.visit(copy.deepcopy(node))
        assert isinstance(resolved, ast.expr)
        return resolved

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.bindings.get(node.id, node)

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        if not isinstance(node.test, ast.Name) or node.test.id not in self.flags:
            raise Unreadable(f"a choice that is no flag's: {ast.unparse(node)}")
        return self.visit(node.body if self.flags[node.test.id] else node.orelse)

    def visit_Call(self, node: ast.Call) -> Any:
        arguments = [self.visit(argument) for argument in node.args]
        helper = self.helpers.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if not isinstance(helper, FunctionType) or node.keywords:
            node.args = arguments
            return node
        names = [argument.arg for argument in read(helper).args.args]
        bindings = dict(zip(names, arguments, strict=True))
        given = {
            name: self.flags[argument.id]
            for name, argument in bindings.items()
            if isinstance(argument, ast.Name) and argument.id in self.flags
        }
        return Resolver(given, bindings, helper.__globals__)(returned(helper))


# Evaluating

OPERATIONS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def evaluate(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """What the expression comes to, by the operations that the engine performs, in its order."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return names[name]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
            return OPERATIONS[type(op)](evaluate(left, names), evaluate(right, names))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -evaluate(operand, names)
        case ast.Call(func=func, args=arguments):
            return called(func)(*(evaluate(argument, names) for argument in arguments))
    raise Unreadable(ast.unparse(node))


def called(func: ast.expr) -> Callable[..., Any]:
    """The function that a rule calls: abs, or one of the elementary ones."""
    if is_name(func, "abs"):
        return abs
    if isinstance(func, ast.Attribute) and is_name(func.value, "xp"):
        function: Callable[..., Any] = getattr(FLOATS, func.attr)
        return function
    raise Unreadable(ast.unparse(func))


# Writing

SUM, PRODUCT, SIGNED, ATOM = range(4)  # how firmly a text holds together


class Text(NamedTuple):
    """A piece of a formula, and how firmly it holds together."""

    text: str
    level: int


class Symbols:
    """Writes names as symbols."""

    between = " "  # β₁ v

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer

    def leaf(self, node: ast.expr, first: bool) -> Text | None:
        """The text of a node that is not to be looked into; None for the others."""
        if isinstance(node, ast.Name):
            return Text(symbol(node.id, self.optimizer), ATOM)
        return None


class Numbers:
    """Writes names as their values; what depends on the run's parameters alone as one number (1−β₁ as 0.1)."""

    between = "·"  # 0.9·(−1.2)

    def __init__(self, names: Mapping[str, Any], params: Mapping[str, Any], t: int) -> None:
        self.names = names
        self.params = params
        self.t = t

    def leaf(self, node: ast.expr, first: bool) -> Text | None:
        """As in Symbols. `first` says that nothing stands before it, so that a minus sign needs no parentheses."""
        if isinstance(node, ast.Name):
            return self._value(node.id, first)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS and self._constant(node):
            return signed(constant(evaluate(node, self.params)), first)
        return None

    def _value(self, name: str, first: bool) -> Text:
        if name in self.params:
            return signed(constant(self.params[name]), first)
        if is_power(name, self.params):  # 0.9¹³: its digits would only hide what it is
            return Text(constant(self.params[name[:-2]]) + superscript(self.t + 1), ATOM)
        return signed(number(self.names[name]), first)

    def _constant(self, node: ast.expr) -> bool:
        leaves = [part for part in ast.walk(node) if isinstance(part, (ast.Name, ast.Call))]
        return bool(leaves) and all(isinstance(leaf, ast.Name) and leaf.id in self.params for leaf in leaves)


class Writer:
    """Writes an expression as people do: √(ŝ + ε), g², (1−β₁) g, and no parentheses that are not needed."""

    def __init__(self, leaves: Symbols | Numbers) -> None:
        self.leaves = leaves

    def write(self, node: ast.expr, first: bool = True) -> Text:
        """The expression's text. `first` says that nothing stands before it."""
        text = self.leaves.leaf(node, first)
        if text is not None:
            return text
        match node:
            case ast.Constant(value=bool() | int() | float() as value):
                return signed(constant(value), first)
            case ast.Attribute(attr="pi"):
                return Text("π", ATOM)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                text = Text("−" + self.part(operand, PRODUCT).text, SIGNED)
                return text if first else Text(f"({text.text})", ATOM)
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self.sum(node, first)
            case ast.BinOp(op=ast.Mult()):
                return self.product(node, first)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return Text(f"{self.part(left, PRODUCT, first).text} / {self.part(right, SIGNED).text}", PRODUCT)
            case ast.BinOp(left=left, op=ast.FloorDiv(), right=right):
                return Text(f"⌊{self.part(left, PRODUCT).text} / {self.part(right, SIGNED).text}⌋", ATOM)
            case ast.Call(func=func, args=arguments):
                return self.call(func.attr if isinstance(func, ast.Attribute) else ast.unparse(func), arguments)
        raise Unreadable(ast.unparse(node))

    def part(self, node: ast.expr, level: int, first: bool = False) -> Text:
        """The text of a part that must hold together as firmly as `level`: in parentheses, if need be."""
        text = self.write(node, first)
        if text.level >= level:
            return text
        text = self.write(node)  # parentheses begin anew
        match node:
            case ast.BinOp(left=ast.Constant(), op=ast.Sub()):
                return Text(f"({text.text.replace(' − ', '−', 1)})", ATOM)
        return Text(f"({text.text})", ATOM)

    def sum(self, node: ast.BinOp, first: bool) -> Text:
        minus = isinstance(node.op, ast.Sub)
        right = self.part(node.right, PRODUCT if minus else SUM)
        return Text(f"{self.write(node.left, first).text} {'−' if minus else '+'} {right.text}", SUM)

    def product(self, node: ast.expr, first: bool) -> Text:
        text, before = "", None
        for factor, power in factors(node):
            is_first = not text
            quotient = isinstance(factor, ast.BinOp) and isinstance(factor.op, ast.Div)
            if power > 1:
                piece = self.part(factor, ATOM).text + superscript(power)
            else:
                level = PRODUCT if is_first else SIGNED
                piece = self.part(factor, level, first and is_first).text
            text += ("" if is_first else " · " if before else self.leaves.between) + piece
            before = quotient and is_first
        return Text(text, PRODUCT)

    def call(self, name: str, arguments: list[ast.expr]) -> Text:
        texts = [self.write(argument).text for argument in arguments]
        if name == "abs":
            return Text(f"|{texts[0]}|", ATOM)
        if name == "sqrt":
            return Text(f"√{self.part(arguments[0], ATOM).text}", ATOM)
        if name == "exp":
            return Text(f"e^({texts[0]})", ATOM)
        if name == "power":
            base, exponent = self.part(arguments[0], ATOM).text, texts[1]
            whole = exponent.isdigit()
            return Text(base + (exponent.translate(SUPERSCRIPTS) if whole else f"^{exponent}"), ATOM)
        if name in ("maximum", "sign", "cos", "sin"):
            return Text(f"{name.removesuffix('imum')}({', '.join(texts)})", ATOM)
        raise Unreadable(name)


def factors(node: ast.expr) -> list[tuple[ast.expr, int]]:
    """The factors of a product, each with its power: (1−β₂) g g is (1−β₂) g²."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)):
        return [(node, 1)]
    result: list[tuple[ast.expr, int]] = []
    for factor, power in (*factors(node.left), *factors(node.right)):
        if result and isinstance(factor, ast.Name) and is_name(result[-1][0], factor.id):
            result[-1] = (factor, result[-1][1] + power)
        else:
            result.append((factor, power))
    return result


def is_power(name: str, params: Mapping[str, Any]) -> bool:
    """Whether a factor is the power βᵗ of a parameter."""
    return name.endswith("_t") and name[:-2] in params


def symbol(name: str, optimizer: Optimizer) -> str:
    """A name in the rule as it is written in formulas."""
    declared = {param.name: param.symbol for param in optimizer.params}
    if name in declared:
        return declared[name]
    if is_power(name, declared):
        return declared[name[:-2]] + "ᵗ"
    return name[:-4] + HAT if name.endswith("_hat") else SYMBOLS.get(name, name)


def superscript(power: int) -> str:
    return str(power).translate(SUPERSCRIPTS)


def signed(text: str, first: bool) -> Text:
    """A number's text: with a minus sign it needs parentheses, unless it comes first."""
    if text.startswith("−"):
        return Text(text, SIGNED) if first else Text(f"({text})", ATOM)
    return Text(text, SIGNED if "e" in text else ATOM)


def number(value: float) -> str:
    """A number with four significant digits, and without the zeros behind if that is all there is to it: 1.5, 1.500."""
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else "∞" if value > 0 else "−∞"
    short = f"{value:.{DIGITS}g}"
    return written(value, f"{value:.{DIGITS - 1}e}", keep=float(short) != value)


def constant(value: float) -> str:
    """A parameter or a number in the rule itself, as exactly as it was set."""
    exact = format_number(value)
    digits = exact.replace("-", "").replace(".", "").lstrip("0")
    if len(digits) <= LONGEST_PARAMETER and "e" not in exact:
        return exact.replace("-", "−")
    return written(value, f"{value:.{DIGITS + 1}e}", keep=False)


def written(value: float, scientific: str, keep: bool) -> str:
    """The digits of `scientific`, in powers of ten only where plain digits would be hard to read."""
    mantissa, _, exponent = scientific.partition("e")
    power = int(exponent)
    if value == 0 or -3 <= power < 5:
        places = max(len(mantissa.lstrip("-")) - 2 - power, 0)
        text = f"{value + 0.0:.{places}f}"
        if text.startswith("-") and not float(text):
            text = text[1:]
        text = text if keep or "." not in text else text.rstrip("0").rstrip(".")
        return text.replace("-", "−")
    mantissa = mantissa if keep else mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{power}".replace("-", "−")
