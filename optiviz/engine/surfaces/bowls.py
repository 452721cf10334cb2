"""Bowls: one minimum, convex, so that only the condition number makes them hard."""

from __future__ import annotations

import math
from typing import Any

from ..elementary import Elementary
from ..params import Real
from .surface import surface

KAPPA = Real(
    name="kappa",
    symbol="κ",
    default=10.0,
    low=1.0,
    scale="log",
    slider=(1.0, 1000.0),
    help="Condition number: how many times steeper the bowl is across its valley than along it.",
)
ANGLE = Real(
    name="angle",
    symbol="θ",
    default=0.0,
    slider=(-90.0, 90.0),
    help="Angle of the valley's floor to the x axis, in degrees.",
)


@surface(
    "sphere",
    "Sphere",
    family="bowls",
    formula="f = x² + y²",
    source="De Jong 1975, function 1",
    note="Every method goes straight to the middle: no axis differs from another.",
    window=(-5.0, 5.0, -5.0, 5.0),
    start=(-4.0, 3.0),
    rate=0.1,
    minima=((0.0, 0.0),),
)
def sphere(xp: Elementary, x: Any, y: Any) -> Any:
    return x * x + y * y


@sphere.gradient
def sphere_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    return 2 * x, 2 * y


@surface(
    "ellipse",
    "Ellipse",
    family="bowls",
    formula="f = (u² + κ v²) / 2,  u and v the axes turned by θ",
    source="Nocedal & Wright 2006, section 3.3 (steepest descent on a quadratic)",
    note="κ makes it a ravine. Turn it: momentum does not care, methods with a rate per axis do.",
    window=(-5.0, 5.0, -5.0, 5.0),
    start=(-4.5, 2.0),
    rate=0.15,
    params=(KAPPA, ANGLE),
    minima=((0.0, 0.0),),
)
def ellipse(xp: Elementary, x: Any, y: Any, *, kappa: float, angle: float) -> Any:
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    u, v = c * x + s * y, c * y - s * x
    return (u * u + kappa * v * v) / 2


@ellipse.gradient
def ellipse_slope(xp: Elementary, x: Any, y: Any, *, kappa: float, angle: float) -> tuple[Any, Any]:
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    u, v = c * x + s * y, kappa * (c * y - s * x)
    return c * u - s * v, s * u + c * v


@surface(
    "booth",
    "Booth",
    family="bowls",
    formula="f = (x + 2y − 7)² + (2x + y − 5)²",
    source="Jamil & Yang 2013, function 20",
    window=(-10.0, 10.0, -10.0, 10.0),
    start=(-8.0, 7.0),
    rate=0.05,
    minima=((1.0, 3.0),),
)
def booth(xp: Elementary, x: Any, y: Any) -> Any:
    p, q = x + 2 * y - 7, 2 * x + y - 5
    return p * p + q * q


@booth.gradient
def booth_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    p, q = x + 2 * y - 7, 2 * x + y - 5
    return 2 * p + 4 * q, 4 * p + 2 * q


@surface(
    "matyas",
    "Matyas",
    family="bowls",
    formula="f = 0.26 (x² + y²) − 0.48 x y",
    source="Jamil & Yang 2013, function 71",
    note="A ravine along the diagonal, where no axis is better than the other.",
    window=(-10.0, 10.0, -10.0, 10.0),
    start=(-8.0, 3.0),
    rate=0.5,
    minima=((0.0, 0.0),),
)
def matyas(xp: Elementary, x: Any, y: Any) -> Any:
    return 0.26 * (x * x + y * y) - 0.48 * x * y


@matyas.gradient
def matyas_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    return 0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x
