"""Comparisons in one click: from a scene and its selected run to a scene whose runs make one point.

Each function takes the scene and the number of the selected run and gives a new scene; the surface, the start, the
steps and the noise stay (only `rotated_bowl` goes to its own surface).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..engine.optimizers import OPTIMIZERS
from ..engine.schedules import SCHEDULES, Schedule
from ..engine.surfaces import SURFACES
from .manual_decay import knots_of, rescale
from .run import PALETTE, Run, suggest_lr
from .scene import Scene

K_GRID = (0.01, 0.1, 0.5, 0.9, 0.95, 0.99)  # the lecture's
K_COLORS = ("#0072b2", "#56b4e9", "#009e73", "#e69f00", "#d55e00", "#cc79a7")  # the palette's, cold to warm: an order
NEUTRAL = "#8a95a1"  # for the run that the others are compared with
BROWN = "#9c6644"  # a tenth colour, for the races that need one
LEFT = 0.1  # of α₀, at the end of a race
DROPS = 10  # of the step decay in a race
KAPPA, ANGLE = 20.0, 30.0
PARTING = 0.1  # exponential decay's k under which the forms of momentum part before they arrive


@dataclass(frozen=True)
class Comparison:
    """A command that builds a scene: its name in the menu, what it shows, and the function."""

    key: str
    name: str
    help: str
    build: Callable[[Scene, int], Scene]


def selected_run(scene: Scene, index: int) -> Run:
    """The run that a comparison starts from."""
    if not 0 <= index < len(scene.runs):
        raise ValueError("there is no selected run to build the comparison from; add a run first")
    return scene.runs[index]


def compared(scene: Scene, runs: Iterable[Run]) -> Scene:
    """The scene with these runs, all of them visible."""
    return scene.replace(runs=[run.replace(visible=True) for run in runs])


def decay_race(scene: Scene, index: int) -> Scene:
    """The selected run's optimizer under every decay; each ends at about a tenth of α₀, where its formula allows it.

    The decay that the selected run has keeps its parameters. Manual decay takes part if the run has knots.
    """
    run = selected_run(scene, index)
    epochs = -(-scene.steps // scene.steps_per_epoch)
    colors = iter((*PALETTE, BROWN))
    runs = []
    for decay in SCHEDULES.values():
        if decay.key == "manual" and not knots_of(run):
            continue
        params = run.schedule_params if decay.key == run.schedule else falling(decay, epochs)
        color = NEUTRAL if decay.key == "constant" else next(colors)
        runs.append(run.replace(schedule=decay.key, label=decay.name, color=color, **params))
    return compared(scene, runs)


def falling(decay: Schedule, epochs: int) -> Mapping[str, Any]:
    """Parameters with which the decay falls to a tenth of α₀ in so many epochs; those it cannot use have defaults."""
    k = two_digits(-math.log(LEFT) / epochs)
    period = max(1, round(epochs / DROPS))
    return {
        "inverse_time": {"k": two_digits((1 / LEFT - 1) / epochs)},
        "exponential": {"k": k},
        "geometric": {"k": round(1 - two_digits(1 - math.exp(-k)), 12)},  # the same curve by its other name
        "staircase": {"k": two_digits(LEFT ** (1 / max(1, epochs // period))), "period": period},
        "linear": {"end": LEFT},
        "cosine": {"end": LEFT},
    }.get(decay.key, {})


def two_digits(value: float) -> float:
    return float(f"{value:.1e}")


def has_k(decay: Schedule) -> bool:
    """Whether the decay's formula has a k."""
    return any(param.name == "k" for param in decay.params)


def k_grid(scene: Scene, index: int) -> Scene:
    """The selected run with every k of the lecture's grid."""
    run = selected_run(scene, index)
    if not has_k(run.decay):
        names = ", ".join(decay.name for decay in SCHEDULES.values() if has_k(decay))
        raise ValueError(f"{run.decay.name} has no k to vary; choose one of these decays first: {names}")
    return compared(scene, k_family(run))


def k_family(run: Run, ks: Iterable[float] = K_GRID) -> list[Run]:
    """The run once for every k of the grid that is wanted, each in the colour of its place there."""
    colors = dict(zip(K_GRID, K_COLORS, strict=True))
    return [run.replace(k=k, label=f"k = {k:g}", color=colors[k]) for k in ks]


def bias_correction_twins(scene: Scene, index: int) -> Scene:
    """Adam with and without bias correction: the selected run, or if it is none, Adam at the suggested rate.

    The view shows the factors that the moments are divided by, and the gap between the two.
    """
    run = selected_run(scene, index)
    if run.optimizer != "adam":
        run = rescale(run, suggest_lr(OPTIMIZERS["adam"], scene.landscape)).replace(optimizer="adam")
    with_it = run.replace(bias_correction=True, label="bias-corrected", color=PALETTE[0])
    without = run.replace(bias_correction=False, label="not corrected", color=PALETTE[3])
    view = scene.view.replace(third="bias_factors", third_log=False, show_gap=True)
    return compared(scene.replace(view=view), (with_it, without))


def momentum_twins(scene: Scene, index: int) -> Scene:
    """Both forms of momentum, α of the first (1 − β₁) times that of the second: a constant pair and a decaying one.

    The pairs have the selected run's β₁ and decay. A constant run has none: its second pair gets an exponential decay.
    """
    run = selected_run(scene, index)
    average = as_average(scene, run)
    if run.schedule == "constant" or (run.schedule == "manual" and not knots_of(run)):
        decaying = average.replace(schedule="exponential", k=PARTING)
    else:
        decaying = average
    runs = []
    for pair, color in ((average.replace(schedule="constant"), 0), (decaying, 2)):
        name = pair.decay.name[0].lower() + pair.decay.name[1:]
        lr = float(f"{pair.lr * (1 - pair.params['beta1']):.12g}")  # 0.04, where 0.4 · (1 − 0.9) is 0.03999…
        velocity = rescale(pair, lr).replace(optimizer="momentum", beta1=pair.params["beta1"])
        runs.append(velocity.replace(label=f"velocity, {name}", color=PALETTE[color]))
        runs.append(pair.replace(label=f"average, {name}", color=PALETTE[color + 1]))
    return compared(scene, runs)


def as_average(scene: Scene, run: Run) -> Run:
    """The run as the second form of momentum; from another method's it takes β₁, if it has one, and a suggested α."""
    if run.optimizer == "momentum_ema":
        return run
    made = run.replace(optimizer="momentum_ema")
    if run.optimizer != "momentum":
        return rescale(made, suggest_lr(made.rule, scene.landscape))
    return rescale(made, float(f"{run.lr / (1 - run.params['beta1']):.12g}"))


def same_rate_for_all(scene: Scene, index: int) -> Scene:
    """All runs with the selected run's α₀. Knots, which are rates too, keep their proportion to it."""
    lr = selected_run(scene, index).lr
    return scene.replace(runs=[rescale(run, lr) for run in scene.runs])


def rotated_bowl(scene: Scene, index: int) -> Scene:
    """An ellipse turned by 30°: gradient descent and momentum do not care, methods with a rate per axis do."""
    ellipse = SURFACES["ellipse"]
    usual = ellipse.defaults()["kappa"]
    runs = []
    for key in ("gd", "momentum", "adagrad", "rmsprop", "adam"):
        rule = OPTIMIZERS[key]
        # The suggestion is for the usual κ; how far a plain step may go falls in proportion to it.
        share = usual / KAPPA if rule.lr_unit == "slope" else 1.0
        runs.append(Run(key, lr=two_digits(suggest_lr(rule, ellipse) * share)))
    return scene.replace(
        surface="ellipse",
        surface_params={"kappa": KAPPA, "angle": ANGLE},
        start=ellipse.start,
        runs=runs,
        place=scene.place.replace(window=None),
    )


COMPARISONS: Mapping[str, Comparison] = {
    comparison.key: comparison
    for comparison in (
        Comparison(
            "decay_race", "Decay race", "The selected run's method under every decay, from the same α₀.", decay_race
        ),
        Comparison("k_grid", "k grid", "The selected run's decay with k 0.01, 0.1, 0.5, 0.9, 0.95 and 0.99.", k_grid),
        Comparison(
            "bias_correction_twins",
            "Bias-correction twins",
            "Adam with and without its bias correction.",
            bias_correction_twins,
        ),
        Comparison(
            "momentum_twins",
            "Momentum twins",
            "Both forms of momentum: one path while α is constant, two under a decay.",
            momentum_twins,
        ),
        Comparison(
            "same_rate_for_all", "Same rate for all", "Gives every run the selected run's α₀.", same_rate_for_all
        ),
        Comparison(
            "rotated_bowl",
            "Rotated bowl",
            "A ravine across both axes: momentum does not care, methods with a rate per axis do.",
            rotated_bowl,
        ),
    )
}
