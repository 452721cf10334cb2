"""Runs: one optimizer with its parameters, rate and decay; their labels and colours."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

import numpy as np

from ..engine.optimizers import LR, OPTIMIZERS, Optimizer
from ..engine.params import Flag, check_params, shown
from ..engine.schedules import SCHEDULES, Schedule
from ..engine.surfaces import Surface
from ..engine.values import Values

# Okabe & Ito 2008: told apart by colour-blind people too. Black and white stay free for text.
PALETTE = ("#e69f00", "#009e73", "#cc79a7", "#0072b2", "#d55e00", "#56b4e9", "#f0e442", "#7f6fd0")
LONGEST_LABEL = 100
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
    params: Values
    schedule_params: Values

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
        store("params", Values({k: v for k, v in checked.items() if k not in of_schedule}))
        store("schedule_params", Values({k: v for k, v in checked.items() if k in of_schedule}))
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

    @cached_property
    def numbers(self) -> tuple[object, ...]:
        """All that a trajectory depends on: everything but label, colour and visibility."""
        return (self.optimizer, self.lr, self.schedule, self.params, self.schedule_params)


def label_runs(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs with unique labels and with colours, where they have none yet."""
    runs = tuple(runs)
    labels: set[str] = set()
    for run in runs:
        if run.label is not None and run.label in labels:
            raise ValueError(f"label must be unique in the scene, not {shown(run.label)} twice")
        labels.add(run.label or "")
    colors = {run.color for run in runs}
    numbered: dict[str, Iterator[str]] = {}
    labelled = []
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
        labelled.append(run.replace(**changes) if changes else run)
    return tuple(labelled)


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
