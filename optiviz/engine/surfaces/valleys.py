"""Valleys: few minima, curved or narrow ways to them."""

from __future__ import annotations

import math
from typing import Any

from ..elementary import Elementary
from ..params import Real
from .surface import Point, surface

A = Real(
    name="a",
    symbol="a",
    default=1.0,
    slider=(-1.5, 1.5),
    help="Where the minimum lies: at (a, a²), on the parabola that is the valley's floor.",
)
B = Real(
    name="b",
    symbol="b",
    default=100.0,
    low=0.0,
    low_open=True,
    scale="log",
    slider=(1.0, 1000.0),
    help="How steep the valley's walls are.",
)


def rosenbrock_minima(*, a: float, b: float) -> tuple[Point, ...]:
    """The one minimum, (a, a²), whatever b."""
    return ((a, a * a),)


@surface(
    "rosenbrock",
    "Rosenbrock",
    family="valleys",
    formula="f = (a − x)² + b (y − x²)²",
    source="Rosenbrock 1960; Jamil & Yang 2013, function 105",
    note="Finding the valley is easy, following its bend to the minimum is not: momentum pays.",
    window=(-2.0, 2.0, -1.0, 3.0),
    start=(-1.5, 2.0),
    rate=0.001,
    params=(A, B),
    minima=rosenbrock_minima,
)
def rosenbrock(xp: Elementary, x: Any, y: Any, *, a: float, b: float) -> Any:
    p, q = a - x, y - x * x
    return p * p + b * (q * q)


@rosenbrock.gradient
def rosenbrock_slope(xp: Elementary, x: Any, y: Any, *, a: float, b: float) -> tuple[Any, Any]:
    wall = 2 * b * (y - x * x)
    return -2 * (a - x) - 2 * x * wall, wall


@surface(
    "beale",
    "Beale",
    family="valleys",
    formula="f = (1.5 − x + x y)² + (2.25 − x + x y²)² + (2.625 − x + x y³)²",
    source="Beale 1958; Jamil & Yang 2013, function 10",
    note="A flat cross with cliffs at the corners: one rate is too great for the cliffs and too small for the flat.",
    window=(-4.5, 4.5, -4.5, 4.5),
    start=(1.0, 1.5),
    rate=0.01,
    minima=((3.0, 0.5),),
)
def beale(xp: Elementary, x: Any, y: Any) -> Any:
    yy = y * y
    p, q, r = 1.5 + x * (y - 1), 2.25 + x * (yy - 1), 2.625 + x * (yy * y - 1)
    return p * p + q * q + r * r


@beale.gradient
def beale_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    yy = y * y
    u, v, w = y - 1, yy - 1, yy * y - 1
    p, q, r = 1.5 + x * u, 2.25 + x * v, 2.625 + x * w
    return 2 * (p * u + q * v + r * w), 2 * x * (p + 2 * y * q + 3 * yy * r)


THREE_HUMP_X = math.sqrt(2.1 + math.sqrt(0.91))  # where x⁴ − 4.2 x² + 3.5 = 0, on the line y = −x/2


@surface(
    "three_hump_camel",
    "Three-hump camel",
    family="valleys",
    formula="f = 2x² − 1.05x⁴ + x⁶/6 + x y + y²",
    source="Jamil & Yang 2013, function 29",
    note="Three valleys side by side, the lowest in the middle: the one you start in is the one you end in.",
    window=(-2.5, 2.5, -2.5, 2.5),
    start=(-1.1, 2.0),
    rate=0.02,
    minima=((0.0, 0.0), (-THREE_HUMP_X, THREE_HUMP_X / 2), (THREE_HUMP_X, -THREE_HUMP_X / 2)),
)
def three_hump_camel(xp: Elementary, x: Any, y: Any) -> Any:
    xx = x * x
    return xx * (2 + xx * (xx / 6 - 1.05)) + y * (x + y)


@three_hump_camel.gradient
def three_hump_camel_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    xx = x * x
    return x * (4 + xx * (xx - 4.2)) + y, x + 2 * y


@surface(
    "six_hump_camel",
    "Six-hump camel",
    family="valleys",
    formula="f = (4 − 2.1x² + x⁴/3) x² + x y + (4y² − 4) y²",
    source="Dixon & Szegö 1978; Jamil & Yang 2013, function 30",
    note="Six minima in pairs; the two in the middle are the lowest.",
    window=(-2.2, 2.2, -1.3, 1.3),
    start=(-1.2, -1.1),
    rate=0.02,
    minima=(
        (0.08984201310031806, -0.7126564030207396),
        (-0.08984201310031806, 0.7126564030207396),
        (1.703606714969981, -0.7960835686726251),
        (-1.703606714969981, 0.7960835686726251),
        (1.6071047529201972, 0.5686514548841314),
        (-1.6071047529201972, -0.5686514548841314),
    ),
)
def six_hump_camel(xp: Elementary, x: Any, y: Any) -> Any:
    xx, yy = x * x, y * y
    return xx * (4 + xx * (xx / 3 - 2.1)) + yy * (4 * yy - 4) + x * y


@six_hump_camel.gradient
def six_hump_camel_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    xx = x * x
    return x * (8 + xx * (2 * xx - 8.4)) + y, x + y * (16 * (y * y) - 8)


@surface(
    "mccormick",
    "McCormick",
    family="valleys",
    formula="f = sin(x + y) + (x − y)² − 1.5x + 2.5y + 1",
    source="McCormick 1976; Jamil & Yang 2013, function 72",
    note="A rippled trough with a minimum in every ripple; the two of the usual window are given.",
    window=(-1.5, 4.0, -3.0, 4.0),
    start=(0.8, 2.8),
    rate=0.05,
    minima=((0.5 - math.pi / 3, -0.5 - math.pi / 3), (0.5 + 2 * math.pi / 3, -0.5 + 2 * math.pi / 3)),
)
def mccormick(xp: Elementary, x: Any, y: Any) -> Any:
    across = x - y
    wave = xp.sin(x) * xp.cos(y) + xp.cos(x) * xp.sin(y)  # sin(x + y), a quarter of the time on a grid
    return wave + across * across + ((1 - 1.5 * x) + 2.5 * y)


@mccormick.gradient
def mccormick_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    wave, across = xp.cos(x + y), 2 * (x - y)
    return wave + across - 1.5, wave - across + 2.5


@surface(
    "goldstein_price",
    "Goldstein–Price",
    family="valleys",
    formula=(
        "f = [1 + (x + y + 1)² (19 − 14x + 3x² − 14y + 6xy + 3y²)] "
        "· [30 + (2x − 3y)² (18 − 32x + 12x² + 48y − 36xy + 27y²)]"
    ),
    source="Goldstein & Price 1971; Surjanovic & Bingham, Virtual Library (goldpr)",
    note="Heights from 3 to a million in one picture: gradients so unequal that a plain rate must be tiny.",
    window=(-2.0, 2.0, -2.0, 2.0),
    start=(-1.0, -1.0),
    rate=0.0001,
    minima=((0.0, -1.0), (-0.6, -0.4), (1.8, 0.2), (1.2, 0.8)),
)
def goldstein_price(xp: Elementary, x: Any, y: Any) -> Any:
    s, d = x + y, 2 * x - 3 * y  # the brackets are polynomials in s and in d alone
    t = s + 1
    return (1 + t * t * (19 + s * (3 * s - 14))) * (30 + d * d * (18 + d * (3 * d - 16)))


@goldstein_price.gradient
def goldstein_price_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    s, d = x + y, 2 * x - 3 * y
    t = s + 1
    p, q = 19 + s * (3 * s - 14), 18 + d * (3 * d - 16)
    first, second = 1 + t * t * p, 30 + d * d * q
    by_s = second * t * (2 * p + t * (6 * s - 14))
    by_d = first * d * (2 * q + d * (6 * d - 16))
    return by_s + 2 * by_d, by_s - 3 * by_d
