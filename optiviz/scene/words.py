"""Numbers and sentences as the window says them."""

from __future__ import annotations

import math

from ..engine.optimizers import LR
from ..engine.trajectory import Outcome, Trajectory
from .run import Run
from .scene import Scene


def brief(value: float, digits: int = 3) -> str:
    """A number to be read at a glance: 0.35, 2.0e-7, 61.3."""
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        text = f"{value:#.{digits}g}"  # with its zeros, so that a number keeps its width while it changes
        return minus(f"{value:.0f}" if "e" in text else text.rstrip("."))
    mantissa, exponent = f"{value:.{max(digits - 1, 0)}e}".split("e")
    return minus(f"{mantissa}e{int(exponent)}")


def coordinate(value: float) -> str:
    """A coordinate with three decimals, or in powers of ten where that says nothing."""
    return minus(f"{round(value, 3) + 0.0:.3f}") if abs(value) < 1e4 else brief(value, 4)


def describe_run(run: Run) -> str:
    """A run's settings in a few words: α₀ 0.35 · 1/t decay, k 0.02."""
    words = [f"α₀ {minus(LR.format(run.lr))}"]
    decay = run.decay
    if decay.key != "constant":
        shown = [p for p in decay.params if p.kind != "knots"]
        settings = "".join(f", {p.symbol} {minus(p.format(run.schedule_params[p.name]))}" for p in shown[:2])
        words.append(decay.name.removesuffix(" decay").lower() + settings)
    return " · ".join(words)


def in_a_line(text: str, longest: int = 100) -> str:
    """A text of strangers, such as a file's name, as it can stand in a menu or in a row."""
    line = "".join(char if char.isprintable() else " " for char in text)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def in_a_menu(text: str) -> str:
    """A text of strangers as a menu's entry, where an ampersand alone would be a key."""
    return in_a_line(text).replace("&", "&&")


def minus(text: str) -> str:
    """A number's text with a real minus sign."""
    return text.replace("-", "−")


def status(scene: Scene, run: Run, trajectory: Trajectory, cursor: int) -> str:
    """One line on what the run is doing at the cursor."""
    last = len(trajectory) - 1
    at = min(cursor, last)
    if trajectory.outcome is Outcome.DIVERGED and cursor > last:
        return f"{run.label} {trajectory.message}."
    place = f"({coordinate(trajectory.x[at])}, {coordinate(trajectory.y[at])})"
    text = f"{run.label}: f = {brief(trajectory.loss[at])} at {place}"
    if scene.minima:
        distance = min(math.dist((trajectory.x[at], trajectory.y[at]), minimum) for minimum in scene.minima)
        text += f", nearest minimum {brief(distance)} away"
    return text + "."
