"""Scenes: frozen, validated, hashable.

Whatever is impossible raises ValueError when the object is made; the message names the field, the value and what is
allowed. So whoever holds a `Scene` can simulate it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from ..engine.elementary import FLOATS
from ..engine.params import Param, Real, Whole, check_params, shown
from ..engine.surfaces import SURFACES, Area, Surface
from ..engine.values import Values
from .run import Run, label_runs
from .view import Place, View

MOST_ROWS = 5_000_000
CONTENT = ("surface", "surface_params", "start", "steps", "steps_per_epoch", "noise", "seed", "runs")

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
class Scene:
    """A surface and its parameters, a start, a number of steps, the noise, a few runs, and a view of it all.

    `start` is the surface's own default if it is None. Runs without a label are called after their optimizer ("Adam",
    "Adam 2"), runs without a colour take the next free one of the palette. `view` is how it is shown, `place` where one
    is when it is opened.
    """

    surface: str
    start: tuple[float, float]
    steps: int
    steps_per_epoch: int
    noise: float
    seed: int
    runs: tuple[Run, ...]
    surface_params: Values
    view: View
    place: Place

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
        place: Place | None = None,
    ) -> None:
        definition = SURFACES.find(surface)
        surface_params = {} if surface_params is None else surface_params
        if not isinstance(surface_params, Mapping):
            raise ValueError(f"surface_params must be names with values, not {shown(surface_params)}")
        if view is not None and not isinstance(view, View):
            raise ValueError(f"view must be a View, not {shown(view)}")
        if place is not None and not isinstance(place, Place):
            raise ValueError(f"place must be a Place, not {shown(place)}")

        def store(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        store("surface", definition.key)
        store("surface_params", Values(check_params(definition.params, surface_params, definition.name)))
        store("start", definition.start if start is None else check_pair("start", start, START_X, START_Y))
        store("steps", STEPS.check(steps))
        store("steps_per_epoch", STEPS_PER_EPOCH.check(steps_per_epoch))
        store("noise", NOISE.check(noise))
        store("seed", SEED.check(seed))
        store("view", View() if view is None else view)
        store("place", Place() if place is None else place)
        store("runs", label_runs(check_runs(runs, self.steps)))
        self._check_start()

    @property
    def landscape(self) -> Surface:
        """The surface's definition."""
        return SURFACES[self.surface]

    @property
    def area(self) -> Area:
        """The part of the plane that is shown when the scene is opened."""
        return self.place.window or self.landscape.window

    @cached_property
    def minima(self) -> tuple[tuple[float, float], ...]:
        return self.landscape.minima(self.surface_params)

    @cached_property
    def _setting(self) -> tuple[object, ...]:
        """What the trajectories of all runs depend on."""
        seed = self.seed if self.noise else None
        return (self.surface, self.surface_params, self.start, self.steps, self.steps_per_epoch, self.noise, seed)

    def numbers_of(self, run: Run) -> tuple[object, ...]:
        """All that the run's trajectory depends on in this scene: hashable, equal for equal trajectories."""
        return (self._setting, run.numbers)

    def same_numbers(self, other: Scene) -> bool:
        """Whether both scenes' trajectories are the same: what is seen of them, and how, may differ."""
        if self is other:
            return True
        return self._setting == other._setting and (
            self.runs is other.runs or [run.numbers for run in self.runs] == [run.numbers for run in other.runs]
        )

    def same_content(self, other: Scene) -> bool:
        """Whether both scenes say the same, however each is looked at: all but the view and the place agree."""
        return self is other or all(getattr(self, name) == getattr(other, name) for name in CONTENT)

    def loss_at(self, x: float, y: float) -> float:
        return self.landscape.at(x, y, self.surface_params)

    def replace(self, **changes: Any) -> Scene:
        """This scene with other values; another surface brings its own parameters, start and window."""
        values = {name: getattr(self, name) for name in (*CONTENT, "view", "place")}
        if changes.get("surface", self.surface) != self.surface:
            del values["surface_params"], values["start"]
            values["place"] = self.place.replace(window=None)
        return Scene(**values | changes)

    def _check_start(self) -> None:
        x, y = self.start
        loss = self.loss_at(x, y)
        try:
            slope = self.landscape.slope(FLOATS, x, y, **self.surface_params)
        except (OverflowError, ZeroDivisionError, ValueError):
            slope = (math.inf, math.inf)
        if not all(map(math.isfinite, (loss, *slope))):
            settings = ", ".join(f"{name} {shown(value)}" for name, value in self.surface_params.items())
            raise ValueError(
                f"start must be a point where {self.landscape.name} and its gradient are finite numbers, "
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
