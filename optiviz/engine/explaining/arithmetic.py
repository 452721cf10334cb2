"""The arithmetic of one update, line by line: made from the rule's own source.

The tree that `expressions` reads from the rule does everything: it is evaluated, and `formulas` writes it down twice,
with symbols and with numbers. So an explanation cannot say anything that the run did not do.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ..optimizers import FactorTable, Memory, Optimizer
from ..params import format_number
from ..schedules import Rate
from ..trajectory import Outcome, Trajectory
from .expressions import Resolver, Unreadable, body, evaluate, is_name, read, returned
from .formulas import HAT, Numbers, Symbols, Writer, constant, number, signed, superscript, symbol

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

    `slope` is the gradient at a point (see `Surface.slope_with`), `noise` what was added to it, if anything, of shape
    (steps + 1, 2) (see `noise_stream`). Without `rate` the line of the rate has no formula.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        params: Mapping[str, Any],
        slope: Callable[[float, float], tuple[float, float]],
        trajectory: Trajectory,
        *,
        noise: npt.NDArray[np.float64] | None = None,
        rate: Rate | None = None,
    ) -> None:
        self.optimizer = optimizer
        self.params = params
        self.slope = slope
        self.trajectory = trajectory
        self.noise = noise
        self.rate = rate
        self._factors = FactorTable(optimizer, params)

    def explain(self, step: int) -> Step:
        """The update that goes from row `step`; without lines, but with a note, where none does."""
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
            if name not in optimizer.powers:
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
        slope = self.slope(*at)
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
        if self.rate is None:
            return both("lr", "α", "", "", value)
        schedule = self.rate.schedule
        try:
            return both("lr", "α", schedule.formula, in_numbers(self.rate, t), value)
        except Unreadable:  # no plain formula, like a list of knots
            return both("lr", "α", "", "", value, note=schedule.name)

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
        bases = self.optimizer.powers.items()
        powers = {name: constant(self.params[base]) + superscript(t + 1) for name, base in bases}

        def side(known: dict[str, Any]) -> Side:
            return Side(Writer(Numbers(known, self.params, powers)).write(value).text, evaluate(value, known))

        x, y = map(side, names)
        return x, y


def in_numbers(rate: Rate, step: int) -> str:
    """A schedule's formula with its numbers in the update step → step + 1; nothing where it has no parameters.

    Raises Unreadable if the schedule is no plain formula.
    """
    if not rate.schedule.params:
        return ""
    return Writer(Numbers(rate.names(step), rate.params, {})).write(returned(rate.schedule.rate)).text


def both(name: str, symbol: str, formula: str, numbers: str, value: float, note: str = "") -> Line:
    """A line that is the same for both axes."""
    side = Side(numbers, value)
    return Line(name, symbol, formula, side, side, shared=True, note=note)


# The lines of the rule


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
    """The assignments of the rule that run under these flags, the last one that of the new point.

    Raises Unreadable if the rule is written in a way that is not provided for, OSError if there is no source.
    """
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
    move = moves[-1] if moves else None
    whole_step = None if move is None else scaled(pairs[move][1])
    for place, (target, value) in enumerate(pairs):
        marks = overlay(target, optimizer)
        if place == move or (target == whole_step and target not in optimizer.state):
            marks = ("step", *marks)
        if "step" in marks and divides(value, constants):
            marks = (*marks, "ellipse")
        if place == len(pairs) - 1:
            marks = (*marks, "next")
        found = is_name(value, target)
        formula = "" if found else writer.write(value).text
        yield Statement(target, value, formula, target in known, marks, "the new point" if found else "")
        known = known | {target}


def overlay(target: str, optimizer: Optimizer) -> tuple[str, ...]:
    """The overlay of an accumulator, the same with and without a hat; nothing for other names."""
    mark = optimizer.memories.get(target.removesuffix(HAT), Memory()).overlay
    return (mark,) if mark else ()


def scaled(move: ast.expr) -> str | None:
    """The name of Δ where the move is x ± α Δ: it is the step but for the rate."""
    match move:
        case ast.BinOp(
            left=ast.Name(id="x"),
            op=ast.Add() | ast.Sub(),
            right=ast.BinOp(left=ast.Name(id="lr"), op=ast.Mult(), right=ast.Name(id=name)),
        ):
            return name
    return None


def divides(node: ast.expr, constants: set[str]) -> bool:
    """Whether something is divided by a quantity that each axis has its own of."""
    divisors = [part.right for part in ast.walk(node) if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div)]
    leaves = [leaf for divisor in divisors for leaf in ast.walk(divisor) if isinstance(leaf, ast.Name)]
    return any(leaf.id not in constants for leaf in leaves)
