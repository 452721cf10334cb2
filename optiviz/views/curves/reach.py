"""What of a curve is drawn: its logarithm, the range of its axis, and which curves coincide."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...engine.trajectory import Array
from ...widgets.polylines import Stroke

LOWEST_LOG = -40.0  # 1e-40: below, a curve only shows rounding
DIVERGED_DECADES = 3.0  # how far above everything else a diverging run may stretch the axis
NO_RANGE = (0.0, 1.0)
SAMPLES, DIGITS = 16, 9  # points and decimals that tell curves apart


def logarithm(values: Array) -> Array:
    """log₁₀, nan where there is none."""
    with np.errstate(all="ignore"):
        return np.where(values > 0, np.maximum(np.log10(np.where(values > 0, values, 1.0)), LOWEST_LOG), np.nan)


def reach(sound: Sequence[Array], wild: Sequence[Array], log: bool, *, from_zero: bool = False) -> tuple[float, float]:
    """The least and the greatest value to show. Diverging runs (`wild`) may not flatten the others.

    They move in small jumps, so that an axis rests, and need not be drawn, while something is dragged.
    """

    def ends(arrays: Sequence[Array]) -> tuple[float, float] | None:
        finite = [a[np.isfinite(a)] for a in arrays]
        finite = [a for a in finite if len(a)]
        return (min(float(a.min()) for a in finite), max(float(a.max()) for a in finite)) if finite else None

    normal, diverging = ends(sound), ends(wild)
    starts = ends([a[np.isfinite(a)][:1] for a in wild])  # a logarithm has no first value where it begins with 0
    if normal is None and diverging is None:
        return NO_RANGE
    if diverging is not None and starts is not None:
        low, high = normal or starts
        room = DIVERGED_DECADES if log else max(high - low, abs(high), 1e-300) * 2
        normal = (min(low, max(diverging[0], low - room)), max(high, min(diverging[1], high + room)))
    assert normal is not None
    low, high = normal
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    span = min(high - low, 1e300) or (abs(high) * 0.1 or 1.0)
    jump = 2.0 ** np.floor(np.log2(span / 24))
    return float(np.floor((low - span * 0.02) / jump) * jump), float(np.ceil((high + span * 0.04) / jump) * jump)


def coincide(y: Array, other: Array) -> bool:
    """Whether two curves differ by rounding errors at most. Most that do are equal, which is told much faster."""
    return np.array_equal(y, other) or np.allclose(y, other, rtol=0, atol=10.0**-DIGITS, equal_nan=True)


def merged(lines: Sequence[Stroke]) -> list[Stroke]:
    """The lines, those that coincide made one with all their colours.

    Lines that only differ by rounding errors coincide. A few of their points tell most lines apart.
    """
    groups: dict[tuple[object, ...], list[tuple[Stroke, list[str]]]] = {}
    with np.errstate(over="ignore"):  # losses of 1e300, of which rounding makes infinity
        for line in lines:
            sample = np.round(line.y[:: max(1, len(line.y) // SAMPLES)], DIGITS) + 0.0
            group = groups.setdefault((len(line.y), line.width, line.dashed, sample.tobytes()), [])
            for other, colors in group:
                if coincide(line.y, other.y):
                    colors.extend(line.colors)
                    break
            else:
                group.append((line, list(line.colors)))
    return [
        Stroke(line.x, line.y, tuple(colors), line.width, line.dashed)
        for group in groups.values()
        for line, colors in group
    ]
