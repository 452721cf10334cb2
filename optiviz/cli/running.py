"""`optiviz run`: simulates a scene, prints a table, writes files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ..engine.params import shown
from ..scene.alignment import aligned
from .drawing import check_needs, draw, exports_of, given
from .options import ANIMATIONS, PICTURES, run_parser, within
from .output import DONE, qt, reconfigure, say, standard_output

if TYPE_CHECKING:
    from ..engine.surfaces import Surface
    from ..scene.run import Run
    from ..scene.scene import Scene
    from ..scene.summary import Summary


def load(word: str) -> Scene:
    """The scene in a file, or in standard input if `word` is "-". What cannot be read is bad input."""
    from ..files import scene_files

    try:
        return from_standard_input() if word == "-" else scene_files.read(Path(word))
    except OSError as error:
        raise ValueError(str(error)) from None


def from_standard_input() -> Scene:
    """The scene in standard input; runs alone take the place of the first scene's."""
    from ..files import scene_files
    from ..scene.first import first_scene
    from ..scene.scene import Scene

    if sys.stdin is None:
        raise ValueError("standard input cannot be read: it is closed")
    with within("standard input"):
        try:
            found = scene_files.read_stream(sys.stdin.buffer)
        except OSError as error:
            raise ValueError(f"it cannot be read: {error.strerror or error}") from None
        return found if isinstance(found, Scene) else first_scene().replace(runs=found)


def run(words: Sequence[str]) -> int:
    """`optiviz run`: simulates a scene, prints a table, writes files. All of them, or none."""
    options = run_parser().read(words)
    check_needs(options)
    scene = scene_of(options)
    paths = output_paths(options)

    from ..files import scene_files
    from ..scene import summary, table
    from ..scene.simulation import simulate

    tolerance = summary.TOLERANCE.default if options.tolerance is None else summary.TOLERANCE.parse(options.tolerance)
    drawn = given(options, (*PICTURES, *ANIMATIONS))
    exports = None
    if drawn:
        with qt("the picture cannot be drawn"):
            exports = exports_of(options, scene)
    with ExitStack() as stack:
        # What cannot be written is known before the work begins, and nothing is in place before all of it is done.
        targets = {name: stack.enter_context(scene_files.replacing(path)) for name, path in paths.items()}
        trajectories = simulate(scene)

        def write_text(name: str, write: Callable[[TextIO], None]) -> None:
            if name in paths:
                with scene_files.writing(paths[name]), targets[name].open("w", encoding="utf-8", newline="") as stream:
                    write(stream)

        def report(frame: int) -> None:
            if options.progress and exports is not None:
                say(f"frame {frame} of {exports.film.count}")

        write_text("csv", lambda stream: table.write_csv(stream, scene, trajectories))
        rows = summary.summary(scene, trajectories, tolerance=tolerance)
        write_text("summary", lambda stream: summary.write_csv(stream, rows, tolerance))
        for kind in drawn:
            assert exports is not None
            with scene_files.writing(paths[kind]), qt("the picture cannot be drawn"):
                draw(kind, targets[kind], scene, trajectories, exports, report)
        if "save" in paths:
            with scene_files.writing(paths["save"]):
                targets["save"].write_bytes(scene_files.encoded(scene))
        if options.csv == "-":
            with standard_output() as stream:
                reconfigure(stream, encoding="utf-8", newline="\n")
                table.write_csv(stream, scene, trajectories)
        else:
            say(printed_table(rows))
    return DONE


def scene_of(options: argparse.Namespace) -> Scene:
    """The scene that the options describe."""
    from ..engine.surfaces import SURFACES
    from ..scene.first import first_scene
    from ..scene.scene import NOISE, SEED, STEPS, STEPS_PER_EPOCH
    from ..scene.text import parse_start, parse_surface

    base = first_scene() if options.scene is None else load(options.scene)
    changes: dict[str, Any] = {}
    if options.surface is not None:
        with within(f"--surface {shown(options.surface)}"):
            key, params = parse_surface(options.surface)
        if options.scene is not None and key == base.surface:
            params = {**base.surface_params, **params}
        else:
            changes["start"] = SURFACES[key].start
        changes |= {"surface": key, "surface_params": params}
    if options.start is not None:
        changes["start"] = parse_start(options.start)
    for param in (STEPS, STEPS_PER_EPOCH, NOISE, SEED):
        text = getattr(options, param.name)
        if text is not None:
            changes[param.name] = param.parse(text)
    if options.run:
        surface = SURFACES[changes.get("surface", base.surface)]
        changes["runs"] = tuple(run_of(text, surface) for text in options.run)
    return base.replace(**changes)


def run_of(text: str, surface: Surface) -> Run:
    """The run that a text of --run describes."""
    from ..scene.text import parse_run

    with within(f"--run {shown(text)}"):
        return parse_run(text, surface)


def output_paths(options: argparse.Namespace) -> dict[str, Path]:
    """Option -> the file that it names. Raises ValueError if one has no name, or two are the same file."""
    paths: dict[str, Path] = {}
    for name in given(options, ("csv", *PICTURES, *ANIMATIONS, "summary", "save")):
        word = getattr(options, name)
        if name == "csv" and word == "-":
            continue
        if not word:
            raise ValueError(f"--{name} needs the name of a file")
        path = Path(word)
        for other, earlier in paths.items():
            if same_file(path, earlier):
                raise ValueError(f"--{other} and --{name} name the same file, {path}")
        paths[name] = path
    return paths


def same_file(one: Path, other: Path) -> bool:
    """Whether writing both would lose one of them; a device like /dev/null takes any number."""
    try:
        if one.exists() and not one.is_file():
            return False
        return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))
    except (OSError, RuntimeError):  # a loop of links, say: writing will tell
        return False


def printed_table(rows: Sequence[Summary]) -> str:
    from ..scene.summary import number

    lines = [("run", "final loss", "best loss", "distance to minimum", "outcome")]
    lines += [(row.label, number(row.final), number(row.best), number(row.distance), row.outcome) for row in rows]
    return aligned(lines, right=(1, 2, 3))
