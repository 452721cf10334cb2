"""Flat ground and saddles: small gradients, and none that points to a minimum."""

from __future__ import annotations

import math
from typing import Any

from ..elementary import Elementary
from ..params import Real
from .surface import surface


@surface(
    "saddle",
    "Saddle",
    family="flat and saddle",
    formula="f = x² − y²",
    source="Textbook example; Dauphin et al. 2014 on saddle points in optimization",
    note="No minimum: plain descent goes to the saddle point and lingers; methods with a rate per axis leave at once.",
    window=(-3.0, 3.0, -3.0, 3.0),
    start=(-2.0, 0.001),
    rate=0.02,
)
def saddle(xp: Elementary, x: Any, y: Any) -> Any:
    return x * x - y * y


@saddle.gradient
def saddle_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    return 2 * x, -2 * y


@surface(
    "monkey_saddle",
    "Monkey saddle",
    family="flat and saddle",
    formula="f = x³ − 3x y²",
    source="Hilbert & Cohn-Vossen 1932",
    note="No minimum; at the middle the curvature vanishes too, so that Newton's method has nothing to go by.",
    window=(-2.0, 2.0, -2.0, 2.0),
    start=(1.6, 0.02),
    rate=0.005,
)
def monkey_saddle(xp: Elementary, x: Any, y: Any) -> Any:
    return x * (x * x - 3 * (y * y))


@monkey_saddle.gradient
def monkey_saddle_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    return 3 * (x * x - y * y), -6 * x * y


WIDTH = Real(
    name="width",
    symbol="σ",
    default=1.5,
    low=0.1,
    high=100.0,
    slider=(1.0, 3.0),
    help="Width of the hollow; the narrower it is, the flatter is the plateau around it.",
)
RIPPLE = Real(
    name="ripple",
    symbol="ε",
    default=0.2,
    low=0.0,
    high=10.0,
    slider=(0.0, 1.0),
    help="Height of the ripples on the hollow's wall; strong ones become ring-shaped traps.",
)


@surface(
    "plateau",
    "Plateau",
    family="flat and saddle",
    formula="f = 1 − exp(−r²/(2σ²)) (1 + ε cos r²)/(1 + ε),  r² = x² + y²",
    source="OptiViz",
    note="The start lies where the slope has all but vanished: a rate times the slope hardly moves, Adam walks off.",
    window=(-6.0, 6.0, -6.0, 6.0),
    start=(-4.5, 3.5),
    rate=0.5,
    params=(WIDTH, RIPPLE),
    minima=((0.0, 0.0),),
)
def plateau(xp: Elementary, x: Any, y: Any, *, width: float, ripple: float) -> Any:
    per = 0.5 / (width * width)
    xx, yy = x * x, y * y
    ripples = xp.cos(xx) * xp.cos(yy) - xp.sin(xx) * xp.sin(yy)
    return 1 - xp.exp(-per * xx) * xp.exp(-per * yy) * ((1 + ripple * ripples) / (1 + ripple))


@plateau.gradient
def plateau_slope(xp: Elementary, x: Any, y: Any, *, width: float, ripple: float) -> tuple[Any, Any]:
    per = 0.5 / (width * width)
    rr = x * x + y * y
    pull = 2 * xp.exp(-per * rr) * (per * (1 + ripple * xp.cos(rr)) + ripple * xp.sin(rr)) / (1 + ripple)
    return x * pull, y * pull


@surface(
    "easom",
    "Easom",
    family="flat and saddle",
    formula="f = −cos x cos y exp(−(x − π)² − (y − π)²)",
    source="Easom 1990; Jamil & Yang 2013, function 50",
    note="A needle on a flat: away from (π, π) there is no slope to follow. The tiny ripples around it are not given.",
    window=(-1.0, 7.0, -1.0, 7.0),
    start=(1.8, 2.0),
    rate=0.2,
    minima=((math.pi, math.pi),),
)
def easom(xp: Elementary, x: Any, y: Any) -> Any:
    u, v = x - math.pi, y - math.pi
    return -(xp.cos(x) * xp.exp(-(u * u))) * (xp.cos(y) * xp.exp(-(v * v)))


@easom.gradient
def easom_slope(xp: Elementary, x: Any, y: Any) -> tuple[Any, Any]:
    u, v = x - math.pi, y - math.pi
    p, q = xp.exp(-(u * u)), xp.exp(-(v * v))
    cx, cy = xp.cos(x), xp.cos(y)
    return p * (xp.sin(x) + 2 * u * cx) * (q * cy), p * cx * (q * (xp.sin(y) + 2 * v * cy))
