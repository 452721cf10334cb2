"""Surfaces on a fine grid."""

from __future__ import annotations

from collections.abc import Iterator

from table import Row, at_most, benchmark, medians

from optiviz.engine.surfaces import SURFACES

SIDE = 512


@benchmark("surfaces")
def surfaces() -> Iterator[Row]:
    slowest = {}
    for key in SURFACES:
        surface = SURFACES[key]
        slowest[key] = medians(lambda surface=surface: surface.grid(surface.window, SIDE, SIDE, surface.defaults()))[0]
    key = max(slowest, key=slowest.__getitem__)
    yield at_most(f"{len(slowest)} surfaces on {SIDE}x{SIDE}, the slowest ({SURFACES[key].name})", slowest[key], 3.0)
