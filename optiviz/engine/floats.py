"""The elementary functions of Python floats, under the names that NumPy has for arrays.

Those of math raise OverflowError or ValueError where NumPy gives inf or nan.
"""

from math import cos, exp, sin, sqrt

__all__ = ["cos", "exp", "maximum", "sign", "sin", "sqrt", "where"]

maximum = max


def sign(x: float) -> float:
    """-1.0, 0.0 or 1.0; 0.0 for nan, where NumPy gives nan."""
    return (x > 0) - (x < 0) + 0.0


def where(condition: bool, yes: float, no: float) -> float:
    """`yes` or `no`: both have been computed, as NumPy computes both arrays."""
    return yes if condition else no
