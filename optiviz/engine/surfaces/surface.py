"""What a surface is, and the decorator that declares one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ..catalog import Catalog, Declared
from ..elementary import ARRAYS, FLOATS
from ..params import Param

ROWS_AT_A_TIME = 48  # keeps the temporaries of a grid in the cache: three times as fast as the whole grid at once

Point = tuple[float, float]
Area = tuple[float, float, float, float]


@dataclass(kw_only=True, eq=False)
class Surface(Declared):
    """A function f(x, y) with its analytic gradient.

    `value(xp, x, y, **params)` and `slope(xp, x, y, **params)` take floats or arrays that broadcast; `slope` gives
    the pair (∂f/∂x, ∂f/∂y). Beyond the floating-point range arrays get inf or nan, and floats may raise OverflowError,
    ZeroDivisionError or ValueError. `window` is (x least, x greatest, y least, y greatest) worth looking at, `start` a
    point from which there is something to see, `rate` a learning rate with which plain gradient descent goes well
    from it.
    """

    catalog: ClassVar[Catalog[Surface]] = Catalog("surface")

    key: str
    name: str
    family: str
    formula: str
    source: str
    note: str
    window: Area
    start: Point
    rate: float
    params: tuple[Param, ...]
    minima_of: Callable[..., tuple[Point, ...]]
    value: Callable[..., Any]
    slope: Callable[..., tuple[Any, Any]] = field(init=False)

    def gradient(self, slope: Callable[..., tuple[Any, Any]]) -> Callable[..., tuple[Any, Any]]:
        """Decorator: declares the analytic gradient, and leaves it the plain function it is."""
        self.slope = slope
        return slope

    def slope_with(self, params: Mapping[str, Any]) -> Callable[[float, float], tuple[float, float]]:
        """The gradient as a function of two floats alone, with these parameters."""
        return partial(self.slope, FLOATS, **params)

    def defaults(self) -> dict[str, Any]:
        """The parameters' default values by name."""
        return {param.name: param.default for param in self.params}

    def minima(self, params: Mapping[str, Any] | None = None) -> tuple[Point, ...]:
        """The known minima (x, y) for these parameters; none where the surface has none."""
        return self.minima_of(**(self.defaults() if params is None else params))

    def at(self, x: float, y: float, params: Mapping[str, Any]) -> float:
        """f at one point; inf where it lies beyond the range of floating-point numbers."""
        try:
            return float(self.value(FLOATS, x, y, **params))
        except (OverflowError, ZeroDivisionError, ValueError):
            return float("inf")

    def grid(
        self, window: Area, columns: int, rows: int, params: Mapping[str, Any]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """x (columns,), y (rows,) and f (rows, columns) on an even grid over the window, edges included.

        f is inf or nan where it lies beyond the range of floating-point numbers.
        """
        x = np.linspace(window[0], window[1], columns)
        y = np.linspace(window[2], window[3], rows)
        f = np.empty((rows, columns))
        with np.errstate(all="ignore"):
            for first in range(0, rows, ROWS_AT_A_TIME):
                block = slice(first, first + ROWS_AT_A_TIME)
                f[block] = self.value(ARRAYS, x[None, :], y[block, None], **params)
        return x, y, f


SURFACES = Surface.catalog


def surface(
    key: str,
    name: str,
    *,
    family: str,
    formula: str,
    source: str,
    window: Area,
    start: Point,
    rate: float,
    note: str = "",
    params: tuple[Param, ...] = (),
    minima: Callable[..., tuple[Point, ...]] | tuple[Point, ...] = (),
) -> Callable[[Callable[..., Any]], Surface]:
    """Decorator: makes of the function below it the surface `key`, to which its `gradient` must be added.

    `minima` are points, or a function of the parameters that gives them. Raises ValueError if the key is taken.
    """

    def declare(value: Callable[..., Any]) -> Surface:
        made = Surface(
            key=key,
            name=name,
            family=family,
            formula=formula,
            source=source,
            note=note,
            window=window,
            start=start,
            rate=rate,
            params=params,
            minima_of=minima if callable(minima) else lambda **_: minima,
            value=value,
        )
        SURFACES.add(made)
        return made

    return declare
