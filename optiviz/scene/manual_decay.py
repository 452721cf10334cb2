"""Manual decay as a recorded act: what the lecturer does to the rate while a run plays is a knot in its schedule.

All functions give a new run and leave the one they got as it is. Whatever is done at step t is the rate of the update
t → t+1, so the trajectory up to row t stays as it was, bit for bit (row t itself then names the new rate).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from ..engine.optimizers import LR
from ..engine.params import KNOT_RATE, KNOT_STEP, MOST_KNOTS, Real, Whole, shown
from .run import Run
from .scene import STEPS, Scene
from .simulation import rates

Knot = tuple[int, float]

# A knot's rate is greater than 0. This one moves no point whose coordinates are not 0 themselves.
LEAST = math.ulp(0.0)
FACTOR = Real(
    name="factor", symbol="factor", default=0.5, low=0.0, low_open=True, help="What the rate is multiplied with."
)


def knots_of(run: Run) -> tuple[Knot, ...]:
    """The knots of a manual run; none of any other."""
    knots: tuple[Knot, ...] = run.schedule_params["knots"] if run.schedule == "manual" else ()
    return knots


def as_knots(scene: Scene, run: Run) -> Run:
    """The run with a manual schedule that gives every update the rate it had, bit for bit.

    α₀ stays; there is a knot wherever the rate changes, and one at 0 if the first rate is not α₀. A rate that has run
    down to 0 becomes the smallest number above it. In the row after the last update, where linear and cosine decay
    reach 0, a rate of 0 gets no knot: it belongs to no update.
    """
    if run.schedule == "manual":
        return run
    before = rates(scene, run)
    if before[-1] == 0:
        before = before[:-1]
    beyond = np.flatnonzero(~np.isfinite(before))
    if len(beyond):
        raise ValueError(
            f"{run.decay.name} cannot be turned into knots: the rate of update {beyond[0]:,} is no finite number"
        )
    before = np.maximum(before, LEAST)
    changed = np.flatnonzero(before != np.concatenate([[run.lr], before[:-1]]))
    if len(changed) > MOST_KNOTS:
        raise ValueError(
            f"{run.decay.name} changes the rate {len(changed):,} times in {scene.steps:,} steps, and there can be at "
            f"most {MOST_KNOTS:,} knots; take fewer steps, or more steps per epoch"
        )
    return with_knots(run, ((int(step), float(before[step])) for step in changed))


def multiply(scene: Scene, run: Run, step: int, factor: float) -> Run:
    """The run whose rate is `factor` times what it was, from the update `step` → `step` + 1 on."""
    step, factor = check_step(scene, step), FACTOR.check(factor)
    run = editable(scene, run)
    now = float(rates(scene, run)[step])
    earlier = [knot for knot in knots_of(run) if knot[0] < step]
    later = [(at, times(rate, factor)) for at, rate in knots_of(run) if at > step]
    return with_knots(run, [*earlier, (step, times(now, factor)), *later])


def set_rate(scene: Scene, run: Run, step: int, rate: float) -> Run:
    """The run with the rate `rate` from the update `step` → `step` + 1 on, until its next knot."""
    step, rate = check_step(scene, step), KNOT_RATE.check(rate)
    run = editable(scene, run)
    return with_knots(run, sorted([*(knot for knot in knots_of(run) if knot[0] != step), (step, rate)]))


def move_knot(run: Run, index: int, step: int, rate: float) -> Run:
    """The run with its knot number `index` at `step`, with `rate`.

    A knot that is dragged past its neighbours, or past the beginning, stops one step before them: it never changes
    their order. Where the run ends is the caller's to say.
    """
    knots = list(knots_of(run))
    check_index(run, index)
    least = knots[index - 1][0] + 1 if index else 0
    most = knots[index + 1][0] - 1 if index + 1 < len(knots) else KNOT_STEP.high
    step = KNOT_STEP.having(low=-KNOT_STEP.high).check(step)
    knots[index] = min(max(step, least), most), KNOT_RATE.check(rate)
    return with_knots(run, knots)


def delete_knot(run: Run, index: int) -> Run:
    """The run without its knot number `index`: the rate before it holds until the next knot."""
    check_index(run, index)
    knots = knots_of(run)
    return with_knots(run, knots[:index] + knots[index + 1 :])


def rescale(run: Run, lr: float) -> Run:
    """The run with another α₀, and with its knots, which are rates too, in the same proportion to it."""
    lr = LR.check(lr)
    if not knots_of(run):
        return run.replace(lr=lr)
    return run.replace(lr=lr, knots=[(step, times(rate, lr / run.lr)) for step, rate in knots_of(run)])


def with_knots(run: Run, knots: Iterable[Knot]) -> Run:
    """The run with a manual schedule of these knots. Raises ValueError if there are too many."""
    made: Sequence[Knot] = tuple(knots)
    if len(made) > MOST_KNOTS:
        raise ValueError(f"there can be at most {MOST_KNOTS:,} knots; delete one first")
    return run.replace(schedule="manual", knots=made)


def editable(scene: Scene, run: Run) -> Run:
    """The run as a manual one. A constant one has nothing to turn into knots."""
    return run if run.schedule == "constant" else as_knots(scene, run)


def times(rate: float, factor: float) -> float:
    """rate · factor as a knot can hold it: greater than 0, and finite."""
    product = rate * factor
    if not math.isfinite(product):
        raise ValueError(f"factor must leave the rate a finite number, not {shown(factor)} with a rate of {rate:g}")
    return max(product, LEAST)


def check_step(scene: Scene, step: int) -> int:
    """`step` as a step of the scene's runs."""
    return STEPS.having(name="step", low=0, high=scene.steps).check(step)


def check_index(run: Run, index: int) -> None:
    """Raises ValueError if the run has no knot of that number."""
    count = len(knots_of(run))
    if not count:
        raise ValueError(f"{run.label or run.rule.name} has no knots")
    Whole(name="knot", symbol="", default=0, high=count - 1, help="").check(index)
