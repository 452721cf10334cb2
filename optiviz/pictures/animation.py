"""Animations: the frames are drawn as the window draws them, and encoded as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtGui import QColor, QImage

from ..files import scene_files
from .figure import SCENE_KEY, Figure
from .formats import VIDEOS
from .look import Film
from .stills import Apng, Gif, Pixels, WebP
from .video import Video, library

SAMPLES = 3  # frames from which a GIF's palette is chosen
RAMP = 64  # of the surface's colours are in it for certain


def check(kind: str) -> None:
    """Raises OSError in words if a package is missing that this kind of animation needs."""
    if kind in VIDEOS:
        library(kind)


def save(path: Path, kind: str, figure: Figure, film: Film, report: Callable[[int], None] = lambda frame: None) -> None:
    """Writes the animation. `report` is called after each frame with how many there are; what it raises ends it all."""
    screen = figure.blank()
    steps = list(film.steps())
    each = Fraction(1, film.frames_per_second)
    last = each + round(film.hold * film.frames_per_second) * each
    with encoder(path, kind, figure, film, screen) as target:
        for number, step in enumerate(steps, start=1):
            target.add(drawn(figure, step, screen), each if number < len(steps) else last)
            report(number)
        target.finish()


def drawn(figure: Figure, step: int, screen: QImage) -> Pixels:
    """The figure at a step, drawn into `screen`, as an array that looks at its memory."""
    figure.show_step(step)
    figure.draw(screen)
    return np.frombuffer(screen.constBits(), np.uint32).reshape(screen.height(), screen.width())


@contextmanager
def encoder(path: Path, kind: str, figure: Figure, film: Film, screen: QImage) -> Iterator[Any]:
    """What takes the frames and writes the file."""
    size = screen.width(), screen.height()
    with ExitStack() as stack:
        if kind in VIDEOS:
            video = Video(path, kind, *size, film.frames_per_second)
            stack.callback(video.close)
            yield video
            return
        file = stack.enter_context(path.open("wb"))
        if kind == "webp":
            yield WebP(file, *size)
        elif kind == "apng":
            yield Apng(file, *size, (SCENE_KEY, scene_files.to_json(figure.scene)))
        else:
            steps = np.linspace(film.last, film.first, SAMPLES).round().astype(int).tolist()
            samples = [drawn(figure, step, screen).copy() for step in steps]
            yield Gif(file, *size, samples, colors_of(figure))


def colors_of(figure: Figure) -> list[int]:
    """Colours that a palette must have: the theme's, those of the runs, and some of the surface's."""
    theme = figure.theme
    names = [theme.card, theme.ground, theme.text, theme.quiet, theme.line, "#ffffff"]
    names += [run.color or "" for run in figure.scene.runs if run.visible]
    ramp = figure.ramp.view(np.uint32).ravel()[:: 256 // RAMP]
    return [QColor(name).rgb() & 0xFFFFFF for name in names] + [int(color) & 0xFFFFFF for color in ramp]
