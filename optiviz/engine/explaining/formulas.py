"""Expressions as people write them, with symbols or with numbers: √(ŝ + ε), −0.4 / (1−0.9¹³), 1.234e−4."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..optimizers import Optimizer
from ..params import format_number
from .expressions import OPERATIONS, Unreadable, evaluate, is_name

DIGITS = 4
LONGEST_PARAMETER = 9  # characters: a parameter is written out, 0.99999, unless a drag has given it many digits
SUPERSCRIPTS = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
HAT = "_hat"  # v_hat is v̂: the accumulator v, corrected for its bias
SUM, PRODUCT, SIGNED, ATOM = range(4)  # how firmly a text holds together


class Text(NamedTuple):
    """A piece of a formula, and how firmly it holds together."""

    text: str
    level: int


class Symbols:
    """Writes the names of an optimizer's rule as symbols."""

    between = " "  # β₁ v

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer

    def leaf(self, node: ast.expr, first: bool) -> Text | None:
        """The text of a node that is not to be looked into; None for the others."""
        if isinstance(node, ast.Name):
            return Text(symbol(node.id, self.optimizer), ATOM)
        return None


class Numbers:
    """Writes names as their values; what depends on the run's parameters alone as one number (1−β₁ as 0.1).

    `powers` are written as they are given: of 0.9¹³ the digits would only hide what it is.
    """

    between = "·"  # 0.9·(−1.2)

    def __init__(self, names: Mapping[str, Any], params: Mapping[str, Any], powers: Mapping[str, str]) -> None:
        self.names = names
        self.params = params
        self.powers = powers

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
        if name in self.powers:
            return Text(self.powers[name], ATOM)
        return signed(number(self.names[name]), first)

    def _constant(self, node: ast.expr) -> bool:
        leaves = [part for part in ast.walk(node) if isinstance(part, (ast.Name, ast.Call))]
        return bool(leaves) and all(isinstance(leaf, ast.Name) and leaf.id in self.params for leaf in leaves)


class Writer:
    """Writes an expression as people do: √(ŝ + ε), g², (1−β₁) g, and no parentheses that are not needed.

    Raises Unreadable for an expression that is not provided for.
    """

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
        """A sum or a difference: a − (b − c)."""
        minus = isinstance(node.op, ast.Sub)
        right = self.part(node.right, PRODUCT if minus else SUM)
        return Text(f"{self.write(node.left, first).text} {'−' if minus else '+'} {right.text}", SUM)

    def product(self, node: ast.expr, first: bool) -> Text:
        """A product: (1−β₂) g², α / (1−β₁ᵗ) · v."""
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
        """A function of its arguments: |g|, √ŝ, max(m, s)."""
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


def symbol(name: str, optimizer: Optimizer) -> str:
    """A name in the rule as it is written in formulas: α, β₁, β₁ᵗ, v̂, or as the rule's declaration says."""
    symbols = {"lr": "α", **{param.name: param.symbol for param in optimizer.params}, **optimizer.symbols}
    symbols |= {power: symbols[base] + "ᵗ" for power, base in optimizer.powers.items()}
    bare = name.removesuffix(HAT)
    return symbols.get(bare, bare) + ("" if bare == name else "\u0302")


def superscript(power: int) -> str:
    """A whole number, set high."""
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
