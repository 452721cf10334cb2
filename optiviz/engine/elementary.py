"""The two namespaces of elementary functions that rules and surfaces are written in.

A rule or a surface takes the namespace as its first argument, `xp`, and so runs on Python floats (one live run: the
fastest there is for a point at a time) and on NumPy arrays (grids, sweeps) from one definition.

On floats an overflow or a division by zero may raise where NumPy gives inf or nan; the stepping loop takes both as
the end of the run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from . import floats


class Elementary(Protocol):
    """What rules and surfaces may use: functions of floats, or of arrays of any shapes that broadcast."""

    @property
    def sqrt(self) -> Callable[[Any], Any]: ...
    @property
    def exp(self) -> Callable[[Any], Any]: ...
    @property
    def sin(self) -> Callable[[Any], Any]: ...
    @property
    def cos(self) -> Callable[[Any], Any]: ...
    @property
    def maximum(self) -> Callable[[Any, Any], Any]: ...
    @property
    def sign(self) -> Callable[[Any], Any]: ...
    @property
    def where(self) -> Callable[[Any, Any, Any], Any]: ...


# Two modules: the interpreter finds a name in a module several times faster than a method of an object.
FLOATS: Elementary = floats
ARRAYS: Elementary = np
