"""The best rate for each run: a short search that simulates, and says what it minimised."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ..engine.surfaces import Area
from ..engine.trajectory import Outcome, Trajectory
from ..scene.manual_decay import rescale
from ..scene.run import Run, suggest_lr
from ..scene.scene import Scene
from ..scene.simulation import simulate

DECADES = 3  # below and above the suggested rate
PER_DECADE = 2
ROUNDS = 2  # of refinement
FINER = 6  # rates in each
ROOM = 0.5  # of the window's size, on each side: a path that leaves even this has been thrown out, not led
SLACK = 1e-6  # a loss so far below the lowest minimum is a run that fell off the surface's edge


@dataclass(frozen=True)
class Best:
    """What the search found for one run. `rate` is None if no rate kept it near; the run then keeps its own.

    `at_edge` says that the best rate is the least or the greatest that was tried.
    """

    label: str
    rate: float | None
    loss: float
    low: float
    high: float
    at_edge: bool


@dataclass(frozen=True)
class Found:
    """The scene with the best rates, what was found for each run, and one sentence that says what was minimised."""

    scene: Scene
    best: tuple[Best, ...]
    words: str


def best_rates(scene: Scene, report: Callable[[float], None] = lambda share: None) -> Found:
    """The scene with every run at the rate, of those tried, that leaves it the least loss after the last step.

    Only rates count whose path stays near the surface's window. A huge rate can throw a point far out and a falling
    rate let it come back and end lower than all others: a good number, and not what anybody would call a good rate.
    `report` is called now and then with the share that is done; what it raises ends the search.
    """
    if not scene.runs:
        raise ValueError("there is no run to find a rate for; add a run first")
    if not scene.minima:
        raise ValueError(
            f"{scene.landscape.name} has no minimum: the loss falls without end, and no rate is the best; "
            "choose a surface with a minimum"
        )
    best, runs = [], []
    for number, run in enumerate(scene.runs):

        def report_share(share: float, number: int = number) -> None:
            report((number + share) / len(scene.runs))

        found = Search(scene, run, report_share).run()
        best.append(found)
        runs.append(run if found.rate is None else rescale(run, found.rate))
    return Found(scene.replace(runs=runs), tuple(best), sentence(scene, best))


class Search:
    """The search for one run: a coarse grid of rates, then finer ones around the best."""

    def __init__(self, scene: Scene, run: Run, report: Callable[[float], None]) -> None:
        self.scene, self.start, self.report = scene, run, report
        self.floor = min(scene.loss_at(x, y) for x, y in scene.minima)
        self.near = surroundings(scene)
        self.losses: dict[float, float] = {}
        coarse = 2 * DECADES * PER_DECADE + 1
        self.most = coarse + ROUNDS * FINER + 1

    def run(self) -> Best:
        middle = suggest_lr(self.start.rule, self.scene.landscape)
        whole = range(-DECADES * PER_DECADE, DECADES * PER_DECADE + 1)
        grid = [two_digits(middle * 10 ** (place / PER_DECADE)) for place in whole]
        for rate in (self.start.lr, *grid):  # the run's own first: the search never makes it worse
            self.try_out(rate)
        gap = 1 / PER_DECADE  # decades between one rate and the next
        for _ in range(ROUNDS):
            centre = self.best
            if not math.isfinite(self.losses[centre]):
                break
            gap /= FINER / 2 + 1
            for place in range(1, FINER // 2 + 1):
                for side in (-place, place):
                    self.try_out(min(max(two_digits(centre * 10 ** (side * gap)), min(self.losses)), max(self.losses)))
        rate, loss = self.best, self.losses[self.best]
        low, high = min(self.losses), max(self.losses)
        label = self.start.label or ""
        return Best(label, rate if math.isfinite(loss) else None, loss, low, high, rate in (low, high))

    @property
    def best(self) -> float:
        """The rate with the least loss; the smallest of them if there are several."""
        return min(self.losses, key=lambda rate: (self.losses[rate], rate))

    def try_out(self, rate: float) -> None:
        if rate not in self.losses:
            self.losses[rate] = self.loss(rate)

    def loss(self, rate: float) -> float:
        """The loss after the last step; infinite if the run diverged, left, or fell below every minimum."""
        done = len(self.losses)

        def report_share(share: float) -> None:
            self.report((done + share) / self.most)

        try:
            alone = self.scene.replace(runs=[rescale(self.start, rate)])
        except ValueError:  # a rate that the schedule takes beyond the floating-point range
            return math.inf
        (trajectory,) = simulate(alone, report=report_share)
        loss = float(trajectory.loss[-1])
        fell_off = loss < self.floor - SLACK * (1 + abs(self.floor))
        gone = trajectory.outcome is Outcome.DIVERGED or not stays(trajectory, self.near)
        return math.inf if gone or fell_off else loss


def surroundings(scene: Scene) -> Area:
    """The surface's window with room around it, and with the start in it."""
    x0, x1, y0, y1 = scene.landscape.window
    x, y = scene.start
    wide, high = (x1 - x0) * ROOM, (y1 - y0) * ROOM
    return min(x0, x) - wide, max(x1, x) + wide, min(y0, y) - high, max(y1, y) + high


def stays(trajectory: Trajectory, near: Area) -> bool:
    """Whether all points of the path lie in `near`."""
    x0, x1, y0, y1 = near
    x, y = trajectory.x, trajectory.y
    return bool(x0 <= x.min() and x.max() <= x1 and y0 <= y.min() and y.max() <= y1)


def sentence(scene: Scene, best: list[Best]) -> str:
    """What was minimised, over which rates, and for whom it did not come out well."""
    words = (
        f"Minimised: the loss after {scene.steps:,} steps, over rates from 1/{10**DECADES:,} to {10**DECADES:,} times "
        "the one suggested for the method here, among paths that stay near the surface's window."
    )
    lost = [found.label for found in best if found.rate is None]
    edge = [found.label for found in best if found.rate is not None and found.at_edge]
    if lost:
        words += f" No rate kept these near, and they were left as they are: {', '.join(lost)}."
    if edge:
        words += f" Best at the end of the range, and perhaps better beyond: {', '.join(edge)}."
    return words


def two_digits(value: float) -> float:
    """Rates to be said; what is tried is what is set."""
    return float(f"{value:.1e}")
