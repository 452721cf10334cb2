"""Between a parameter's value and the place of its slider."""

from __future__ import annotations

import math

from ..engine.params import Real, Whole

DIGITS = 3  # a slider gives numbers that can be said: 0.0123, not 0.012345678


def to_share(param: Real | Whole, value: float) -> float:
    """Where the value lies on the slider, from 0 to 1; values beyond its ends lie at its ends."""
    low, high = param.slider
    value = min(max(value, low), high)
    if param.scale == "log":
        return math.log(value / low) / math.log(high / low)
    if param.scale == "1-x":
        return math.log((1 - value) / (1 - low)) / math.log((1 - high) / (1 - low))
    return (value - low) / (high - low)


def from_share(param: Real | Whole, share: float) -> float | int:
    """The value at that share of the slider's way, rounded to a few digits."""
    low, high = param.slider
    if isinstance(param, Whole):
        return round(low + share * (high - low))
    if share <= 0 or share >= 1:
        return low if share <= 0 else high
    if param.scale == "log":
        return rounded(low * (high / low) ** share)
    if param.scale == "1-x":
        return round(1 - rounded((1 - low) * ((1 - high) / (1 - low)) ** share), 12)
    # On a linear scale the slider's whole range, not the value, says how many digits are worth showing.
    decimals = max(0, DIGITS - 1 - math.floor(math.log10(high - low)))
    return round(low + share * (high - low), decimals)


def rounded(value: float) -> float:
    """`value` with a few significant digits."""
    return float(f"{value:.{DIGITS - 1}e}")
