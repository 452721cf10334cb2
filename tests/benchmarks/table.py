"""What every benchmark has in common: how it is declared, how time is taken, and the table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

BENCHMARKS: dict[str, Callable[[], Iterator[Row]]] = {}
BY_NAME_ONLY: set[str] = set()  # that take too long to be run with the others


@dataclass(frozen=True)
class Row:
    """One measured figure. `target` says what it must reach; `holds` is None where nothing is asked of it."""

    what: str
    measured: str
    target: str = ""
    holds: bool | None = None


def benchmark(
    name: str, *, by_name_only: bool = False
) -> Callable[[Callable[[], Iterator[Row]]], Callable[[], Iterator[Row]]]:
    """Decorator: a generator of rows, run as `python tests/benchmarks NAME`."""

    def declare(measure: Callable[[], Iterator[Row]]) -> Callable[[], Iterator[Row]]:
        BENCHMARKS[name] = measure
        if by_name_only:
            BY_NAME_ONLY.add(name)
        return measure

    return declare


def at_most(what: str, value: float, limit: float, unit: str = "ms") -> Row:
    return Row(what, f"{value:.3g} {unit}", f"≤ {limit:g} {unit}", value <= limit)


def at_least(what: str, value: float, limit: float, unit: str = "x") -> Row:
    return Row(what, f"{value:.3g} {unit}", f"≥ {limit:g} {unit}", value >= limit)


def milliseconds(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return (time.perf_counter() - began) * 1e3


def medians(*jobs: Callable[[], object], rounds: int = 15) -> list[float]:
    """The median time of each job in milliseconds; the jobs take turns, so that a busy moment hits all of them."""
    for job in jobs:
        job()
    times = [[milliseconds(job) for job in jobs] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
