"""Expressions out of the source of rules: read as syntax trees, resolved, evaluated.

In a tree that is resolved, helpers such as `root` stand in place of their calls, and of a choice between two forms the
one that the run's flags take. It is evaluated with the engine's own operations on the engine's own floats.
"""

from __future__ import annotations

import ast
import copy
import inspect
import operator
import textwrap
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import FunctionType
from typing import Any

from ..elementary import FLOATS


class Unreadable(NotImplementedError):
    """A rule is written in a way that is not provided for."""


# Reading


@lru_cache(maxsize=256)
def read(function: Callable[..., Any]) -> ast.FunctionDef:
    """A function's definition. Raises OSError if there is no source, Unreadable if it is no plain function."""
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
    """What a function of one statement returns. Raises Unreadable if it has more, OSError as `read` does."""
    match body(read(function)):
        case [ast.Return(value=ast.expr() as value)]:
            return value
    raise Unreadable(f"{function} has more than one statement")


class Resolver(ast.NodeTransformer):
    """Takes the branches that the flags choose, and puts helpers and other names in place.

    Raises Unreadable for a choice that is no flag's, and for a helper of more than one statement.
    """

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
    """What the expression comes to, by the operations that the engine performs, in its order.

    Raises Unreadable for one that is not provided for, and whatever the operations raise on floats.
    """
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
    """The function that a rule calls: abs, or one of the elementary ones. Raises Unreadable for any other."""
    if is_name(func, "abs"):
        return abs
    if isinstance(func, ast.Attribute) and is_name(func.value, "xp"):
        function: Callable[..., Any] = getattr(FLOATS, func.attr)
        return function
    raise Unreadable(ast.unparse(func))


def is_name(node: ast.expr, name: str) -> bool:
    """Whether the expression is nothing but that name."""
    return isinstance(node, ast.Name) and node.id == name
