"""Many minima: where a method ends depends on where it starts and on how it moves."""

from __future__ import annotations

import math
from typing import Any

from ..elementary import FLOATS, Elementary
from ..params import Real
from .surface import Point, surface

TURN = 2 * math.pi


@surface(
    "himmelblau",
    "Himmelblau",
    family="many minima",
    formula="f = (x² + y − 11)² + (x + y² − 7)²",
    source="Himmelblau 1972; Jamil & Yang 2013, function 65",
    note="Four minima, all with f = 0: start near a border between them, and the methods part.",
    window=(-5.0, 5.0, -5.0, 5.0),
    start=(-0.2, -3.9),
    rate=0.005,
    minima=(
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.2831859912861696),
        (3.5844283403304917, -1.8481265269644036),
    ),
)
def himmelblau(xp: Elementary, x: Any, y: Any) -> Any:
    p, q = x * x + (y - 11), (x - 7) + y * y
    return p * p + q * q


@himmelblau.gradient
def himmelblau_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    p, q = x * x + (y - 11), (x - 7) + y * y
    return 4 * x * p + 2 * q, 2 * p + 4 * y * q


AMPLITUDE = Real(
    name="amplitude",
    symbol="A",
    default=10.0,
    low=0.0,
    slider=(0.0, 20.0),
    help="Height of the waves on the bowl; at 0 there is only the bowl.",
)


@surface(
    "rastrigin",
    "Rastrigin",
    family="many minima",
    formula="f = 2A + x² − A cos 2πx + y² − A cos 2πy",
    source="Rastrigin 1974; Surjanovic & Bingham, Virtual Library (rastr)",
    note="A minimum near every pair of whole numbers; only the global one, in the middle, is given.",
    window=(-5.12, 5.12, -5.12, 5.12),
    start=(-3.4, 2.6),
    rate=0.001,
    params=(AMPLITUDE,),
    minima=((0.0, 0.0),),
)
def rastrigin(xp: Elementary, x: Any, y: Any, *, amplitude: float) -> Any:
    return (x * x + amplitude * (1 - xp.cos(TURN * x))) + (y * y + amplitude * (1 - xp.cos(TURN * y)))


@rastrigin.gradient
def rastrigin_slope(xp: Elementary, x: Any, y: Any, *, amplitude: float) -> tuple[Any, Any]:
    wave = TURN * amplitude
    return 2 * x + wave * xp.sin(TURN * x), 2 * y + wave * xp.sin(TURN * y)


HALF = math.sqrt(0.5)
LEAST_RADIUS = 1e-160  # below it x * x is 0; in place of a radius of 0 it makes x / radius 0 rather than an error
ACKLEY_TOP = math.exp(0.5) * math.exp(0.5)  # e, rounded as the waves are, so that f is exactly 0 in the middle


@surface(
    "ackley",
    "Ackley",
    family="many minima",
    formula="f = 20 + e − 20 exp(−0.2 √((x² + y²)/2)) − exp((cos 2πx + cos 2πy)/2)",
    source="Ackley 1987; Surjanovic & Bingham, Virtual Library (ackley)",
    note=(
        "Waves on a funnel with a sharp tip, where the slope jumps and a fixed rate never settles; "
        "of the many minima only the global one is given."
    ),
    window=(-5.0, 5.0, -5.0, 5.0),
    start=(-3.4, 2.6),
    rate=0.01,
    minima=((0.0, 0.0),),
)
def ackley(xp: Elementary, x: Any, y: Any) -> Any:
    funnel = xp.exp(-0.2 * HALF * xp.sqrt(x * x + y * y))
    waves = xp.exp(xp.cos(TURN * x) / 2) * xp.exp(xp.cos(TURN * y) / 2)
    return (20 - 20 * funnel) + (ACKLEY_TOP - waves)


@ackley.gradient
def ackley_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    radius = xp.sqrt(x * x + y * y)
    funnel = 4 * HALF * xp.exp(-0.2 * HALF * radius) / xp.maximum(radius, LEAST_RADIUS)
    waves = math.pi * (xp.exp(xp.cos(TURN * x) / 2) * xp.exp(xp.cos(TURN * y) / 2))
    return x * funnel + xp.sin(TURN * x) * waves, y * funnel + xp.sin(TURN * y) * waves


TANG_LOW, TANG_HIGH = -2.903534027771177, 2.746802770990837  # two of the roots of 4t³ − 32t + 5 = 0


@surface(
    "styblinski_tang",
    "Styblinski–Tang",
    family="many minima",
    formula="f = (x⁴ − 16x² + 5x + y⁴ − 16y² + 5y) / 2",
    source="Styblinski & Tang 1990; Jamil & Yang 2013, function 144",
    note="Four minima of unequal depth; the one at lower left is the global one.",
    window=(-5.0, 5.0, -5.0, 5.0),
    start=(0.5, 4.2),
    rate=0.01,
    minima=((TANG_LOW, TANG_LOW), (TANG_LOW, TANG_HIGH), (TANG_HIGH, TANG_LOW), (TANG_HIGH, TANG_HIGH)),
)
def styblinski_tang(xp: Elementary, x: Any, y: Any) -> Any:
    xx, yy = x * x, y * y
    return x * 2.5 + xx * (xx / 2 - 8) + (y * 2.5 + yy * (yy / 2 - 8))


@styblinski_tang.gradient
def styblinski_tang_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    return 2.5 + x * (2 * (x * x) - 16), 2.5 + y * (2 * (y * y) - 16)


LEFT: Point = (-1.5, -0.5)
RIGHT: Point = (1.5, 0.5)
DEPTH_LEFT = Real(
    name="left",
    symbol="p",
    default=0.6,
    low=0.0,
    high=1000.0,
    slider=(0.0, 4.0),
    help="Depth of the left well; at 0 it is gone.",
)
DEPTH_RIGHT = Real(
    name="right",
    symbol="q",
    default=2.0,
    low=0.0,
    high=1000.0,
    slider=(0.0, 4.0),
    help="Depth of the right well; at 0 it is gone.",
)


LONGEST_STEP = 0.1  # of the search for the minima; a seventh of the width of a well


def twin_wells_minima(*, left: float, right: float) -> tuple[Point, ...]:
    """The minima, found by Newton's method from both wells and from the middle of the bowl."""
    found: list[Point] = []
    for start in (LEFT, RIGHT, (0.0, 0.0)):
        point = twin_wells_minimum_below(start, left, right)
        if point is not None and all(math.dist(point, other) > 1e-6 for other in found):
            found.append(point)
    return tuple(found)


def twin_wells_minimum_below(start: Point, left: float, right: float) -> Point | None:
    """The minimum that Newton's method, damped, finds from there; None if it ends elsewhere."""
    x, y = start
    for _ in range(300):
        gx, gy = twin_wells_slope(FLOATS, x, y, left=left, right=right)
        xx, xy, yy = twin_wells_curvature(x, y, left, right)
        least = (xx + yy) / 2 - math.hypot((xx - yy) / 2, xy)
        lift = 0.0 if least > 0 else 0.05 - 2 * least  # makes all curvatures positive: the step leads downhill
        xx, yy = xx + lift, yy + lift
        determinant = xx * yy - xy * xy
        dx, dy = (xy * gy - yy * gx) / determinant, (xy * gx - xx * gy) / determinant
        length = math.hypot(dx, dy)
        shortened = min(1.0, LONGEST_STEP / max(length, LONGEST_STEP))
        x, y = x + shortened * dx, y + shortened * dy
        if length < 1e-12:
            return (x, y) if least > 0 else None
    return None


def twin_wells_curvature(x: float, y: float, left: float, right: float) -> tuple[float, float, float]:
    """The second derivatives ∂²f/∂x², ∂²f/∂x∂y and ∂²f/∂y²."""
    xx, xy, yy = 0.1, 0.0, 0.1
    for depth, (cx, cy) in ((left, LEFT), (right, RIGHT)):
        u, v = x - cx, y - cy
        pull = 2 * depth * math.exp(-u * u - v * v)
        xx, xy, yy = xx + pull * (1 - 2 * u * u), xy - 2 * pull * u * v, yy + pull * (1 - 2 * v * v)
    return xx, xy, yy


@surface(
    "twin_wells",
    "Twin wells",
    family="many minima",
    formula="f = (x² + y²)/20 − p exp(−(x + 1.5)² − (y + 0.5)²) − q exp(−(x − 1.5)² − (y − 0.5)²)",
    source="OptiViz",
    note="The shallow well on the way to the deep one catches plain descent; momentum of 0.9 rolls through it.",
    window=(-4.0, 4.0, -4.0, 4.0),
    start=(-3.4, -1.6),
    rate=0.15,
    params=(DEPTH_LEFT, DEPTH_RIGHT),
    minima=twin_wells_minima,
)
def twin_wells(xp: Elementary, x: Any, y: Any, *, left: float, right: float) -> Any:
    u, v, s, t = x - LEFT[0], y - LEFT[1], x - RIGHT[0], y - RIGHT[1]
    wells = left * xp.exp(-(u * u)) * xp.exp(-(v * v)) + right * xp.exp(-(s * s)) * xp.exp(-(t * t))
    return (x * x + y * y) / 20 - wells


@twin_wells.gradient
def twin_wells_slope(xp: Elementary, x: Any, y: Any, *, left: float, right: float) -> tuple[Any, Any]:
    u, v, s, t = x - LEFT[0], y - LEFT[1], x - RIGHT[0], y - RIGHT[1]
    p = 2 * left * xp.exp(-(u * u)) * xp.exp(-(v * v))
    q = 2 * right * xp.exp(-(s * s)) * xp.exp(-(t * t))
    return x / 10 + p * u + q * s, y / 10 + p * v + q * t
