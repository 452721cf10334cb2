"""The catalog of optimizers, by family in the lecture's order."""

from . import gradient, adaptive, adam  # isort: skip  # noqa: F401  the order is the catalog's
from .memory import Kept, Memory, Roots, Squares, Velocity
from .optimizer import LR, OPTIMIZERS, FactorTable, Optimizer

__all__ = [
    "LR",
    "OPTIMIZERS",
    "FactorTable",
    "Kept",
    "Memory",
    "Optimizer",
    "Roots",
    "Squares",
    "Velocity",
]
