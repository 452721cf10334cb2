"""Scenes, runs and views: frozen, validated, hashable.

Whatever is impossible raises ValueError when the object is made; the message names the field, the value and what is
allowed. So whoever holds a `Scene` can simulate it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from types import MappingProxyType
from typing import Any

import numpy as np

from ..engine.elementary import FLOATS
from ..engine.optimizers import LR, OPTIMIZERS, Optimizer
from ..engine.params import Flag, Param, Real, Whole, check_params, shown
from ..engine.schedules import SCHEDULES, Schedule
from ..engine.surfaces import SURFACES, Surface, Window
from .view import View

# Okabe & Ito 2008: told apart by colour-blind people too. Black and white stay free for text.
PALETTE = ("#e69f00", "#009e73", "#cc79a7", "#0072b2", "#d55e00", "#56b4e9", "#f0e442", "#7f6fd0")
LONGEST_LABEL = 100
MOST_ROWS = 5_000_000

STEPS = Whole(
    name="steps", symbol="steps", default=200, low=1, high=1_000_000, slider=(10, 2000), help="How many updates."
)
STEPS_PER_EPOCH = Whole(
    name="steps_per_epoch",
    symbol="steps / epoch",
    default=1,
    low=1,
    slider=(1, 100),
    help="How many updates make an epoch, the time in which decays count.",
)
NOISE = Real(
    name="noise",
    symbol="noise",
    default=0.0,
    low=0.0,
    high=1e100,
    slider=(0.0, 10.0),
    help="Standard deviation of the normal noise on each coordinate of the gradient, the same for every run.",
)
SEED = Whole(name="seed", symbol="seed", default=0, help="Chooses the stream of noise.")
START_X = Real(name="start x", symbol="x₀", default=0.0, help="Where every run starts.")
START_Y = START_X.having(name="start y", symbol="y₀")

VISIBLE = Flag(name="visible", symbol="visible", default=True, help="Whether the run is drawn.")
COLOR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)


def check_text(name: str, value: object, longest: int) -> str:
    """`value` as a label: a text without control characters that can be written as UTF-8."""
    allowed = f"a text of 1 to {longest} characters without control characters"
    if not isinstance(value, str) or not 0 < len(value.strip()) <= len(value) <= longest or not value.isprintable():
        raise ValueError(f"{name} must be {allowed}, not {shown(value)}")
    return value


def check_color(value: object) -> str:
    if not isinstance(value, str) or not COLOR.fullmatch(value):
        raise ValueError(f"color must be written #rrggbb, like #0072b2, not {shown(value)}")
    return value.lower()


def check_pair(name: str, value: object, x: Param, y: Param) -> tuple[float, float]:
    """`value` as a point. NumPy's arrays will do."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise ValueError(f"{name} must be two finite numbers (x, y), not {shown(value)}")
    try:
        pair = list(islice(value, 3))  # not all of it: it might never end
    except Exception:
        raise ValueError(f"{name} must be two finite numbers (x, y), not {shown(value)}") from None
    if len(pair) != 2:
        raise ValueError(f"{name} must be two finite numbers (x, y), not {shown(value)}")
    return x.check(pair[0]), y.check(pair[1])


@dataclass(frozen=True, init=False)
class Run:
    """One optimizer with its parameters, base rate, schedule and its parameters, a label, a colour, visible or not.

    `Run("adam", lr=0.05, schedule="exponential", k=0.01, beta1=0.9)`: further keywords are parameters of the
    optimizer or of the schedule; what is not given has its default. Without a label or a colour the scene gives one.
    """

    optimizer: str
    lr: float
    schedule: str
    label: str | None
    color: str | None
    visible: bool
    params: Mapping[str, Any] = field(hash=False)
    schedule_params: Mapping[str, Any] = field(hash=False)

    def __init__(
        self,
        optimizer: str,
        *,
        lr: float,
        schedule: str = "constant",
        label: str | None = None,
        color: str | None = None,
        visible: bool = True,
        **params: Any,
    ) -> None:
        rule, decay = OPTIMIZERS.find(optimizer), SCHEDULES.find(schedule)
        of_schedule = {param.name for param in decay.params}
        owner = f"{rule.name} with {decay.name[0].lower()}{decay.name[1:]}"
        checked = check_params((*rule.params, *decay.params), params, owner)

        def store(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        store("optimizer", rule.key)
        store("lr", LR.check(lr))
        store("schedule", decay.key)
        store("label", None if label is None else check_text("label", label, LONGEST_LABEL))
        store("color", None if color is None else check_color(color))
        store("visible", VISIBLE.check(visible))
        store("params", MappingProxyType({k: v for k, v in checked.items() if k not in of_schedule}))
        store("schedule_params", MappingProxyType({k: v for k, v in checked.items() if k in of_schedule}))
        self._check_rate()

    def _check_rate(self) -> None:
        first = self.decay.rates(np.zeros(1, np.int64), self.lr, self.schedule_params, length=1, steps_per_epoch=1)
        if not math.isfinite(first[0]):
            settings = ", ".join(f"{name} {shown(value)}" for name, value in self.schedule_params.items())
            raise ValueError(f"lr must give a finite rate at the first step, not {shown(self.lr)} with {settings}")

    @property
    def rule(self) -> Optimizer:
        """The optimizer's definition."""
        return OPTIMIZERS[self.optimizer]

    @property
    def decay(self) -> Schedule:
        """The schedule's definition."""
        return SCHEDULES[self.schedule]

    def replace(self, **changes: Any) -> Run:
        """This run with other values; parameters that a new optimizer or schedule lacks are dropped."""
        values: dict[str, Any] = {
            name: getattr(self, name) for name in ("optimizer", "lr", "schedule", "label", "color", "visible")
        }
        kept: dict[str, Any] = {}
        if changes.get("optimizer", self.optimizer) == self.optimizer:
            kept |= self.params
        else:
            # β₁ = 0.95 means the same to the next method, so it stays; a default makes room for the next default.
            new = {param.name for param in OPTIMIZERS.find(changes["optimizer"]).params}
            defaults = {param.name: param.default for param in self.rule.params}
            kept |= {k: v for k, v in self.params.items() if k in new and v != defaults[k]}
        if changes.get("schedule", self.schedule) == self.schedule:
            kept |= self.schedule_params
        return Run(**values | kept | changes)

    def same_path(self, other: Run) -> bool:
        """Whether both runs produce the same trajectory: all but label, colour and visibility agree."""
        return self.replace(label=None, color=None, visible=True) == other.replace(label=None, color=None, visible=True)


@dataclass(frozen=True, init=False)
class Scene:
    """A surface and its parameters, a start, a number of steps, the noise, a few runs, and a view of it all.

    `start` is the surface's own default if it is None. Runs without a label are called after their optimizer ("Adam",
    "Adam 2"), runs without a colour take the next free one of the palette.
    """

    surface: str
    start: tuple[float, float]
    steps: int
    steps_per_epoch: int
    noise: float
    seed: int
    runs: tuple[Run, ...]
    surface_params: Mapping[str, Any] = field(hash=False)
    view: View

    def __init__(
        self,
        surface: str,
        *,
        start: Sequence[float] | None = None,
        steps: int,
        steps_per_epoch: int = 1,
        noise: float = 0.0,
        seed: int = 0,
        runs: Iterable[Run],
        surface_params: Mapping[str, Any] | None = None,
        view: View | None = None,
    ) -> None:
        definition = SURFACES.find(surface)
        surface_params = {} if surface_params is None else surface_params
        if not isinstance(surface_params, Mapping):
            raise ValueError(f"surface_params must be names with values, not {shown(surface_params)}")
        if view is not None and not isinstance(view, View):
            raise ValueError(f"view must be a View, not {shown(view)}")

        def store(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        store("surface", definition.key)
        store("surface_params", MappingProxyType(check_params(definition.params, surface_params, definition.name)))
        store("start", definition.start if start is None else check_pair("start", start, START_X, START_Y))
        store("steps", STEPS.check(steps))
        store("steps_per_epoch", STEPS_PER_EPOCH.check(steps_per_epoch))
        store("noise", NOISE.check(noise))
        store("seed", SEED.check(seed))
        store("view", View() if view is None else view)
        store("runs", dress(check_runs(runs, self.steps)))
        self._check_start()

    @property
    def place(self) -> Surface:
        """The surface's definition."""
        return SURFACES[self.surface]

    @property
    def minima(self) -> tuple[tuple[float, float], ...]:
        return self.place.minima(self.surface_params)

    @property
    def window(self) -> Window:
        """The part of the plane to show."""
        return self.view.window or self.place.window

    def loss_at(self, x: float, y: float) -> float:
        return self.place.at(x, y, self.surface_params)

    def replace(self, **changes: Any) -> Scene:
        """This scene with other values; another surface brings its own parameters, start and window."""
        names = (
            "surface start steps steps_per_epoch noise seed runs surface_params view".split()
            if changes.get("surface", self.surface) == self.surface
            else "surface steps steps_per_epoch noise seed runs".split()
        )
        values = {name: getattr(self, name) for name in names}
        if "view" not in values:
            values["view"] = self.view.replace(window=None)
        return Scene(**values | changes)

    def _check_start(self) -> None:
        x, y = self.start
        loss = self.loss_at(x, y)
        try:
            slope = self.place.slope(FLOATS, x, y, **self.surface_params)
        except (OverflowError, ZeroDivisionError, ValueError):
            slope = (math.inf, math.inf)
        if not all(map(math.isfinite, (loss, *slope))):
            settings = ", ".join(f"{name} {shown(value)}" for name, value in self.surface_params.items())
            raise ValueError(
                f"start must be a point where {self.place.name} and its gradient are finite numbers, "
                f"not {shown(self.start)}{f' with {settings}' if settings else ''}"
            )


def check_runs(runs: object, steps: int) -> tuple[Run, ...]:
    if isinstance(runs, (str, bytes, Mapping)) or not isinstance(runs, Iterable):
        raise ValueError(f"runs must be a sequence of Run, not {shown(runs)}")
    try:
        checked = tuple(islice(runs, MOST_ROWS + 1))
    except Exception:  # a stranger's iterator may do anything
        raise ValueError(f"runs must be a sequence of Run, not {shown(runs)}") from None
    for run in checked:
        if not isinstance(run, Run):
            raise ValueError(f"runs must be a sequence of Run, not one with {shown(run)}")
    if steps * len(checked) > MOST_ROWS:
        raise ValueError(
            f"steps times runs must be at most {MOST_ROWS:,}, not {steps:,} x {len(checked)} = {steps * len(checked):,}"
        )
    return checked


def dress(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs with unique labels and with colours, where they have none yet."""
    runs = tuple(runs)
    labels: set[str] = set()
    for run in runs:
        if run.label is not None and run.label in labels:
            raise ValueError(f"label must be unique in the scene, not {shown(run.label)} twice")
        labels.add(run.label or "")
    colors = {run.color for run in runs}
    numbered: dict[str, Iterator[str]] = {}
    dressed = []
    for index, run in enumerate(runs):
        changes: dict[str, Any] = {}
        if run.label is None:
            # One iterator a name: with thousands of runs, counting from 1 for each would take minutes.
            names = numbered.setdefault(run.rule.name, numbered_labels(run.rule.name))
            changes["label"] = next(label for label in names if label not in labels)
            labels.add(changes["label"])
        if run.color is None:
            free = [color for color in PALETTE if color not in colors]
            changes["color"] = free[0] if free else PALETTE[index % len(PALETTE)]
            colors.add(changes["color"])
        dressed.append(run.replace(**changes) if changes else run)
    return tuple(dressed)


def free_label(name: str, taken: Collection[str]) -> str:
    """`name`, or "name 2", "name 3" ... if that is taken."""
    return next(label for label in numbered_labels(name) if label not in taken)


def numbered_labels(name: str) -> Iterator[str]:
    yield name
    for number in count(2):
        ending = f" {number}"
        yield name[: LONGEST_LABEL - len(ending)] + ending


def suggest_lr(optimizer: Optimizer, surface: Surface) -> float:
    """A rate with which there is something to see: two digits, in the units that the optimizer's declaration names."""
    unit = surface.rate if optimizer.lr_unit == "slope" else surface.window[1] - surface.window[0]
    return float(f"{optimizer.lr * unit:.1e}")
