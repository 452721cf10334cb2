"""Writes pictures and animations of a scene, with or without a screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ..engine.trajectory import Trajectory
from ..scene.scene import Scene
from . import animation, svg_pdf
from .figure import Figure, application, figure, png
from .look import Film, Look


def encoded(kind: str, made: Figure) -> bytes:
    """The figure, as it is, as a file of that kind, which carries the scene."""
    if kind == "svg":
        return svg_pdf.svg(made)
    if kind == "pdf":
        return svg_pdf.pdf(made)
    return png(made.image(), made.scene, made.look.size)


def save_picture(
    path: Path,
    kind: str,
    scene: Scene,
    trajectories: Sequence[Trajectory],
    look: Look,
    *,
    step: int | None = None,
    selected: int = 0,
) -> None:
    """Writes a picture at a step, by default the last; overlays and arithmetic are those of the run `selected`."""
    application()
    with figure(scene, trajectories, look, selected=selected) as made:
        made.show_step(scene.steps if step is None else step)
        path.write_bytes(encoded(kind, made))


def save_film(
    path: Path,
    kind: str,
    scene: Scene,
    trajectories: Sequence[Trajectory],
    look: Look,
    film: Film,
    *,
    selected: int = 0,
    report: Callable[[int], None] = lambda frame: None,
) -> None:
    """Writes an animation; `report` is called with the number of frames that are done, and may raise to end it."""
    application()
    with figure(scene, trajectories, look, selected=selected) as made:
        animation.save(path, kind, made, film, report)
