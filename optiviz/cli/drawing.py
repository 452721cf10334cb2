"""The pictures and animations that `optiviz run` writes: what the options ask for, checked, and done.

NumPy and Qt are imported only where something is asked for.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engine.catalog import near_miss
from ..engine.params import shown
from .options import ANIMATIONS, PICTURES

if TYPE_CHECKING:
    from ..engine.trajectory import Trajectory
    from ..pictures.look import Film, Look
    from ..scene.scene import Scene

OF_PICTURES = ("size", "scale", "theme", "view", "range", "select")
OF_ANIMATIONS = ("frames_per_second", "speed", "duration", "hold", "progress")


def given(options: argparse.Namespace, names: Iterable[str]) -> list[str]:
    """Which of these options are there."""
    return [name for name in names if getattr(options, name) not in (None, False)]


def option(name: str) -> str:
    return "--" + name.replace("_", "-")


def listed(*names: str) -> str:
    return f"{', '.join(option(name) for name in names[:-1])} or {option(names[-1])}"


def check_needs(options: argparse.Namespace) -> None:
    """Raises ValueError for an option that would have no effect."""
    if not given(options, ANIMATIONS):
        for name in given(options, OF_ANIMATIONS):
            raise ValueError(f"{option(name)} is the animation's: it needs {listed(*ANIMATIONS)}")
    if not given(options, (*PICTURES, *ANIMATIONS)):
        for name in given(options, OF_PICTURES):
            raise ValueError(f"{option(name)} is the picture's: it needs {listed(*PICTURES, *ANIMATIONS)}")
    if options.tolerance is not None and options.summary is None:
        raise ValueError("--tolerance is the summary's: it needs --summary")
    if options.speed is not None and options.duration is not None:
        raise ValueError("--speed and --duration say the same thing twice: give one of them")
    if options.progress and options.csv == "-":
        raise ValueError("--progress and --csv - both want standard output: give one of them")


@dataclass(frozen=True)
class Exports:
    """What is to be drawn, checked."""

    look: Look
    last: int
    film: Film
    selected: int


def exports_of(options: argparse.Namespace, scene: Scene) -> Exports:
    """What the options ask for. Raises ValueError, or OSError if a package is missing that an animation needs."""
    from ..pictures import look

    def value(param: Any) -> Any:
        text = getattr(options, param.name)
        return None if text is None else param.parse(text)

    view = value(look.VIEW) or look.VIEW.default
    theme = value(look.THEME) or look.THEME.default
    size = look.DEFAULT_SIZE if options.size is None else look.parse_size(options.size, view)
    if options.scale is not None:
        size = replace(size, scale=look.SCALE.parse(options.scale))
    span = (0, scene.steps) if options.range is None else look.parse_range(options.range, scene.steps)
    timing = {
        param.name: value(param)
        for param in (look.FRAMES_PER_SECOND, look.SPEED, look.DURATION, look.HOLD)
        if getattr(options, param.name) is not None
    }
    film = look.film(span, **timing)
    for kind in given(options, ANIMATIONS):
        look.check_film(kind, size, film.frames_per_second)
        from ..pictures import animation

        animation.check(kind)
    return Exports(look.Look(view, size, theme), span[1], film, selected_run(options.select, scene))


def selected_run(label: str | None, scene: Scene) -> int:
    """The number of the run that is called so; the first without a name."""
    if label is None:
        return 0
    labels = [run.label or "" for run in scene.runs]
    if label not in labels:
        hint = near_miss(label, labels) or f"there are {', '.join(labels)}"
        raise ValueError(f"select must be the label of a run, not {shown(label)}; {hint}")
    return labels.index(label)


def draw(
    kind: str,
    path: Path,
    scene: Scene,
    trajectories: Sequence[Trajectory],
    exports: Exports,
    report: Callable[[int], None],
) -> None:
    """Writes one picture or animation."""
    from ..pictures.writing import save_film, save_picture

    what, selected = (path, kind, scene, trajectories, exports.look), exports.selected
    if kind in ANIMATIONS:
        save_film(*what, exports.film, selected=selected, report=report)
    else:
        save_picture(*what, step=exports.last, selected=selected)
