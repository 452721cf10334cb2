"""Learning-rate schedules: closed forms of the epoch number t, counted from 0.

One epoch is `steps_per_epoch` updates. The first seven are the lecture's; `inverse_sqrt` alone counts epochs from 1,
because its formula is undefined at 0. A schedule is a plain function

    schedule(t, lr, **params) -> rate

of numbers or arrays. What `t` is, its declaration says: the "epoch"; the "step" (manual decay acts between any two
updates); or "progress", the share of the run's epochs that is over, 0 to 1.

Sources: the lecture; `linear`, `cosine` and `one_cycle` as in optax (`linear_schedule`, `cosine_decay_schedule`,
`cosine_onecycle_schedule`) with the run's length as their length; cosine: Loshchilov & Hutter 2017; one cycle: Smith &
Topin 2018, in PyTorch's parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from .catalog import Catalog, Declared
from .params import Knots, Param, Real, Whole

K = Real(
    name="k",
    symbol="k",
    default=0.01,
    low=0.0,
    scale="log",
    slider=(1e-4, 1.0),
    help="How fast the rate falls.",
)
PERIOD = Whole(
    name="period", symbol="period", default=10, low=1, slider=(1, 100), help="Epochs between one drop and the next."
)
KNOTS = Knots(
    name="knots",
    symbol="knots",
    default=(),
    help="Pairs step:rate; from that update on the rate holds until the next pair. Before the first it is α₀.",
)
END = Real(
    name="end",
    symbol="end",
    default=0.0,
    low=0.0,
    high=1.0,
    help="The rate at the end of the run, as a share of α₀.",
)
WARMUP = Real(
    name="warmup",
    symbol="warm-up",
    default=0.3,
    low=0.0,
    high=1.0,
    low_open=True,
    high_open=True,
    slider=(0.01, 0.99),
    help="The share of the run in which the rate rises to α₀.",
)
DIV = Real(
    name="div",
    symbol="start ÷",
    default=25.0,
    low=1.0,
    scale="log",
    slider=(1.0, 1000.0),
    help="The run starts with α₀ divided by this.",
)
FINAL_DIV = Real(
    name="final_div",
    symbol="end ÷",
    default=1e4,
    low=1.0,
    scale="log",
    slider=(1.0, 1e6),
    help="The run ends with the starting rate divided by this.",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Schedule(Declared):
    """A learning rate as a function of time, and what people need to know of it.

    `rate(t, lr, **params)` takes numbers or arrays of shape (rows,); `time` says what `t` is (see above).
    """

    catalog: ClassVar[Catalog[Schedule]] = Catalog("schedule")

    key: str
    name: str
    formula: str
    source: str
    note: str
    time: Literal["epoch", "step", "progress"]
    params: tuple[Param, ...]
    rate: Callable[..., Any]

    def rates(
        self, steps: npt.NDArray[np.int64], lr: float, params: Mapping[str, Any], *, length: int, steps_per_epoch: int
    ) -> npt.NDArray[np.float64]:
        """α of the updates step → step + 1, `steps` and result of shape (rows,), in a run of `length` updates.

        A rate beyond the floating-point range is inf or nan: in the engine it ends the run.
        """
        rates = np.empty(steps.shape)
        with np.errstate(all="ignore"):
            rates[:] = self.rate(self.times(steps, length=length, steps_per_epoch=steps_per_epoch), lr, **params)
        return rates

    def times(self, steps: Any, *, length: int, steps_per_epoch: int) -> Any:
        """t of the updates step → step + 1, of one or of an array of shape (rows,), in a run of `length` updates."""
        if self.time == "step":
            return steps
        epochs = steps // steps_per_epoch
        return epochs if self.time == "epoch" else np.minimum(epochs / -(-length // steps_per_epoch), 1.0)


SCHEDULES = Schedule.catalog


@dataclass(frozen=True)
class Rate:
    """Where the rates of a run come from: its schedule, α₀ and parameters, and its length in updates."""

    schedule: Schedule
    lr: float
    params: Mapping[str, Any]
    length: int
    steps_per_epoch: int = 1

    def names(self, step: int) -> dict[str, Any]:
        """What the schedule's formula is about in the update step → step + 1: the values of `lr`, `t` and the rest."""
        t = self.schedule.times(step, length=self.length, steps_per_epoch=self.steps_per_epoch)
        return {"lr": self.lr, "t": t, **self.params}


def schedule(
    key: str,
    name: str,
    *,
    formula: str,
    source: str,
    note: str = "",
    params: tuple[Param, ...] = (),
    time: Literal["epoch", "step", "progress"] = "epoch",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: declares the function below it as the schedule `key`, and leaves it the plain function it is.

    Raises ValueError if the key is taken.
    """

    def declare(rate: Callable[..., Any]) -> Callable[..., Any]:
        SCHEDULES.add(
            Schedule(key=key, name=name, formula=formula, source=source, note=note, time=time, params=params, rate=rate)
        )
        return rate

    return declare


def power(k: Any, t: Any) -> Any:
    """kᵗ, the same to the last bit for a number and in an array: NumPy squares only where 2 is the one exponent."""
    return np.where(t == 2, k * k, np.power(k * 1.0, t))


@schedule("constant", "Constant", formula="α₀", source="The lecture")
def constant(t: Any, lr: Any) -> Any:
    return lr + 0 * t


@schedule(
    "inverse_time",
    "1/t decay",
    formula="α₀ / (1 + k t)",
    source="Robbins & Monro 1951; the lecture",
    note="Falls fast at first and then ever more slowly; never reaches 0.",
    params=(K,),
)
def inverse_time(t: Any, lr: Any, *, k: float) -> Any:
    return lr / (1 + k * t)


@schedule(
    "inverse_sqrt",
    "1/√t decay",
    formula="k α₀ / √(t + 1)",
    source="The lecture (epochs counted from 1)",
    note="k only scales it: every curve has the same shape.",
    params=(K.having(default=0.95, scale="linear", slider=(0.0, 2.0), help="A factor on the whole curve."),),
)
def inverse_sqrt(t: Any, lr: Any, *, k: float) -> Any:
    return k * lr / np.sqrt(t + 1)


@schedule(
    "exponential",
    "Exponential decay",
    formula="α₀ e^(−k t)",
    source="The lecture",
    note="The same share is lost in every epoch: a straight line on a logarithmic axis.",
    params=(K,),
)
def exponential(t: Any, lr: Any, *, k: float) -> Any:
    return lr * np.exp(-k * t)


@schedule(
    "geometric",
    "Geometric decay",
    formula="kᵗ α₀",
    source="The lecture (its second exponential form)",
    note="Exponential decay with k in place of e^(−k).",
    params=(K.having(default=0.99, scale="1-x", slider=(0.0, 0.9999), help="What is left of the rate, each epoch."),),
)
def geometric(t: Any, lr: Any, *, k: float) -> Any:
    return lr * power(k, t)


@schedule(
    "staircase",
    "Step decay",
    formula="α₀ k^⌊t / period⌋",
    source="The lecture",
    note="Constant for a while, then a drop: what people do by hand, as a formula.",
    params=(K.having(default=0.9, scale="linear", slider=(0.0, 1.0), help="What is left after each drop."), PERIOD),
)
def staircase(t: Any, lr: Any, *, k: float, period: int) -> Any:
    return lr * power(k, t // period)


@schedule(
    "manual",
    "Manual decay",
    formula="the rate of the last knot (step : α)",
    source="The lecture",
    note="What the lecturer does while watching the run.",
    params=(KNOTS,),
    time="step",
)
def manual(t: Any, lr: Any, *, knots: tuple[tuple[int, float], ...]) -> Any:
    steps = np.array([step for step, _ in knots], dtype=np.int64)
    rates = np.array([lr, *(rate for _, rate in knots)], dtype=float)
    return rates[np.searchsorted(steps, t, side="right")]


@schedule(
    "linear",
    "Linear decay",
    formula="α₀ (1 − (1 − end) t / T),  T the run's epochs",
    source="optax, linear_schedule",
    params=(END,),
    time="progress",
)
def linear(t: Any, lr: Any, *, end: float) -> Any:
    return lr * (1 - (1 - end) * t)


@schedule(
    "cosine",
    "Cosine decay",
    formula="α₀ (end + (1 − end) (1 + cos(π t / T)) / 2),  T the run's epochs",
    source="Loshchilov & Hutter 2017, without restarts",
    note="Slow at both ends, fast in the middle.",
    params=(END,),
    time="progress",
)
def cosine(t: Any, lr: Any, *, end: float) -> Any:
    return lr * (end + (1 - end) * (1 + np.cos(np.pi * t)) / 2)


@schedule(
    "one_cycle",
    "One cycle",
    formula="cosine up from α₀ / div to α₀, then down to α₀ / (div · final_div)",
    source="Smith & Topin 2018; parameters as in PyTorch",
    note="Warms up to α₀, the peak, and then falls almost to nothing by the end of the run.",
    params=(WARMUP, DIV, FINAL_DIV),
    time="progress",
)
def one_cycle(t: Any, lr: Any, *, warmup: float, div: float, final_div: float) -> Any:
    first, last = lr / div, lr / div / final_div
    rise = first + (lr - first) * (1 - np.cos(np.pi * np.minimum(t / warmup, 1))) / 2
    fall = last + (lr - last) * (1 + np.cos(np.pi * np.maximum((t - warmup) / (1 - warmup), 0))) / 2
    return np.where(t < warmup, rise, fall)
