"""The command line: `optiviz [FILE]`, `optiviz run`, `optiviz list`, `--version`, `--self-check`.

Qt is imported only where a window or a picture is asked for, and NumPy only where something is looked up or computed.
Whatever goes wrong ends as one line on standard error and an exit status: 2 for bad input, 1 for what cannot be
written.
"""

from __future__ import annotations

import argparse
import errno
import gc
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from .arguments import (
    ANIMATIONS,
    COMMANDS,
    KINDS,
    PICTURES,
    Answer,
    list_parser,
    main_parser,
    run_parser,
    within,
)
from .cli_exports import check_needs, draw, exports_of, given
from .engine.catalog import near_miss
from .engine.params import shown
from .scene.alignment import aligned

if TYPE_CHECKING:
    from .engine.params import Param
    from .engine.surfaces import Surface
    from .scene.files import Opened
    from .scene.scene import Run, Scene
    from .scene.summary import Summary

DONE, CANNOT_WRITE, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
LONGEST_LINE = 1_999  # characters of an error; with its line end 2,000


class Failure(Exception):
    """What was asked for cannot be done on this computer; ends the program with this status and one line."""

    def __init__(self, reason: str, status: int = CANNOT_WRITE) -> None:
        super().__init__(reason)
        self.status = status


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the words of the command line say (`sys.argv`'s by default); gives the exit status."""
    # Before NumPy comes: nothing here multiplies large matrices, and the threads for that would spin for 0.1 s.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        return obey(sys.argv[1:] if argv is None else argv)
    except Failure as failure:
        return complain(str(failure), failure.status)
    except ValueError as error:
        return complain(str(error), BAD_INPUT)
    except OSError as error:
        return complain(str(error), CANNOT_WRITE)
    except MemoryError:
        return complain("there is not enough memory for so many steps or so large a picture", CANNOT_WRITE)
    except KeyboardInterrupt:
        return INTERRUPTED


def obey(words: Sequence[str]) -> int:
    try:
        if words and words[0] == "run":
            return run(words[1:])
        if words and words[0] == "list":
            return list_catalogs(words[1:])
        return start(words)
    except Answer as answer:
        say(str(answer))
        return DONE


# --- words out ---


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Standard output, flushed at the end. A reader that stops reading (`| head`) ends the writing and is no error."""
    if sys.stdout is None:
        raise Failure("standard output cannot be written: it is closed")
    try:
        yield sys.stdout
        sys.stdout.flush()
    except OSError as error:
        abandon(sys.stdout)
        # Windows calls a broken pipe an invalid argument.
        if isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL):
            return
        raise Failure(f"standard output cannot be written: {error.strerror or error}") from None


def abandon(stream: TextIO) -> None:
    """Lets what is still in the stream's buffer go nowhere; else Python would try again at its end, and complain."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def reconfigure(stream: TextIO, **settings: str) -> None:
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(**settings)


def say(text: str) -> None:
    with standard_output() as stream:
        reconfigure(stream, errors="replace")  # a terminal that has no α still shows the rest
        stream.write(text.rstrip("\n") + "\n")


def complain(reason: str, status: int) -> int:
    """Says in one line on standard error what went wrong; gives the exit status."""
    line = "".join(char if char.isprintable() else " " if char.isspace() else "?" for char in f"optiviz: {reason}")
    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "utf-8"
        line = line.encode(encoding, "backslashreplace").decode(encoding)
        with suppress(OSError):
            print(line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 3] + "...", file=sys.stderr, flush=True)
    return status


# --- optiviz [FILE] ---


def start(words: Sequence[str]) -> int:
    """`optiviz`, `optiviz FILE`, `optiviz --version`, `optiviz --self-check`."""
    options = main_parser().read(words)
    if options.version:
        from . import __version__

        say(f"optiviz {__version__}")
        return DONE
    if options.self_check:
        return self_check()
    return show(options.file)


def self_check() -> int:
    from .selfcheck import results

    status = DONE
    for name, well, text in results():
        say(f"{'ok' if well else 'FAILED':6}  {name}: {text}")
        status = status if well else CANNOT_WRITE
    return status


def show(word: str | None) -> int:
    """Opens the window, with the scene in the file `word` or as it was left."""
    path = opened = None
    if word is not None:
        if word != "-" and not (word and os.path.lexists(word)):
            hint = near_miss(word, (*COMMANDS, "--help", "--version", "--self-check")) or "see 'optiviz --help'"
            raise ValueError(f"{shown(word)} is neither a command ({', '.join(COMMANDS)}) nor a file; {hint}")
        opened = load_tolerant(word)
        path = None if word == "-" else Path(word)
    from .app.display import problem

    if reason := problem():
        raise Failure(f"{reason.rstrip('.')}; 'optiviz run' works without a window", BAD_INPUT)
    gc.disable()  # until the window is shown: nothing of what a start makes is garbage, and searching it takes 50 ms
    try:
        with qt("the window cannot be opened"):
            from .app.main import start as open_window
        return open_window(opened, path)
    finally:
        gc.enable()


def load_tolerant(word: str) -> Opened:
    """The same as `load`; of a file that a newer OptiViz wrote, what the window can show."""
    from .scene import files

    try:
        return files.Opened(from_standard_input()) if word == "-" else files.read_tolerant(Path(word))
    except OSError as error:
        raise ValueError(str(error)) from None


def load(word: str) -> Scene:
    """The scene in a file, or in standard input if `word` is "-". What cannot be read is bad input."""
    from .scene import files

    try:
        return from_standard_input() if word == "-" else files.read(Path(word))
    except OSError as error:
        raise ValueError(str(error)) from None


def from_standard_input() -> Scene:
    """The scene in standard input; runs alone take the place of the first scene's."""
    from .scene import files
    from .scene.first import first_scene
    from .scene.scene import Scene

    if sys.stdin is None:
        raise ValueError("standard input cannot be read: it is closed")
    with within("standard input"):
        try:
            found = files.read_stream(sys.stdin.buffer)
        except OSError as error:
            raise ValueError(f"it cannot be read: {error.strerror or error}") from None
        return found if isinstance(found, Scene) else first_scene().replace(runs=found)


@contextmanager
def qt(consequence: str) -> Iterator[None]:
    """Says in words that Qt, or a library of the system that it needs, is missing."""
    try:
        yield
    except ImportError as error:
        raise Failure(f"{consequence}: {error}") from None


# --- optiviz run ---


def run(words: Sequence[str]) -> int:
    """`optiviz run`: simulates a scene, prints a table, writes files. All of them, or none."""
    options = run_parser().read(words)
    check_needs(options)
    scene = scene_of(options)
    paths = output_paths(options)

    from .scene import files, summary, table
    from .scene.runner import simulate

    tolerance = summary.TOLERANCE.default if options.tolerance is None else summary.TOLERANCE.parse(options.tolerance)
    drawn = given(options, (*PICTURES, *ANIMATIONS))
    exports = None
    if drawn:
        with qt("the picture cannot be drawn"):
            exports = exports_of(options, scene)
    with ExitStack() as stack:
        # What cannot be written is known before the work begins, and nothing is in place before all of it is done.
        targets = {name: stack.enter_context(files.replacing(path)) for name, path in paths.items()}
        trajectories = simulate(scene)

        def write_text(name: str, write: Callable[[TextIO], None]) -> None:
            if name in paths:
                with files.writing(paths[name]), targets[name].open("w", encoding="utf-8", newline="") as stream:
                    write(stream)

        def report(frame: int) -> None:
            if options.progress and exports is not None:
                say(f"frame {frame} of {exports.film.count}")

        write_text("csv", lambda stream: table.write_csv(stream, scene, trajectories))
        rows = summary.summary(scene, trajectories, tolerance=tolerance)
        write_text("summary", lambda stream: summary.write_csv(stream, rows, tolerance))
        for kind in drawn:
            assert exports is not None
            with files.writing(paths[kind]), qt("the picture cannot be drawn"):
                draw(kind, targets[kind], scene, trajectories, exports, report)
        if "save" in paths:
            with files.writing(paths["save"]):
                targets["save"].write_bytes(files.encoded(scene))
        if options.csv == "-":
            with standard_output() as stream:
                reconfigure(stream, encoding="utf-8", newline="\n")
                table.write_csv(stream, scene, trajectories)
        else:
            say(printed_table(rows))
    return DONE


def scene_of(options: argparse.Namespace) -> Scene:
    """The scene that the options describe."""
    from .engine.surfaces import SURFACES
    from .scene.first import first_scene
    from .scene.scene import NOISE, SEED, STEPS, STEPS_PER_EPOCH
    from .scene.text import parse_start, parse_surface

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
    from .scene.text import parse_run

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
    from .scene.summary import number

    lines = [("run", "final loss", "best loss", "distance to minimum", "outcome")]
    lines += [(row.label, number(row.final), number(row.best), number(row.distance), row.outcome) for row in rows]
    return aligned(lines, right=(1, 2, 3))


# --- optiviz list ---


def list_catalogs(words: Sequence[str]) -> int:
    """`optiviz list`: the catalogs, as tables or as JSON."""
    options = list_parser().read(words)
    if options.kind is not None and options.kind not in KINDS:
        hint = near_miss(options.kind, KINDS) or f"there are {', '.join(KINDS)}"
        raise ValueError(f"{shown(options.kind)} is no catalog; {hint}")
    kinds = KINDS if options.kind is None else (options.kind,)
    from .engine.optimizers import OPTIMIZERS
    from .engine.schedules import SCHEDULES
    from .engine.surfaces import SURFACES

    catalogs: dict[str, Mapping[str, Any]] = {
        "surfaces": SURFACES,
        "optimizers": OPTIMIZERS,
        "schedules": SCHEDULES,
    }
    if options.json:
        import json

        content = {kind: [described(definition) for definition in catalogs[kind].values()] for kind in kinds}
        say(json.dumps(content, indent=2, allow_nan=False))
    else:
        say("\n\n".join(f"{kind}\n{listed(catalogs[kind])}" for kind in kinds))
    return DONE


def described(definition: Any) -> dict[str, Any]:
    """A definition as plain JSON values."""
    names = ("key", "name", "family", "formula", "source", "note", "time", "window", "start", "rate", "state")
    plain = (str, int, float, tuple)
    values = {name: getattr(definition, name) for name in names if isinstance(getattr(definition, name, None), plain)}
    values["params"] = [param.describe() for param in definition.params]
    if hasattr(definition, "minima"):
        values["minima"] = definition.minima()
    return values


def listed(catalog: Mapping[str, Any]) -> str:
    """A catalog as a table for people."""

    def defaults(params: Sequence[Param]) -> str:
        return " ".join(f"{param.name}={param.format(param.default)}" for param in params)

    rows = [("key", "name", "parameters and their defaults")]
    rows += [(definition.key, definition.name, defaults(definition.params) or "-") for definition in catalog.values()]
    return aligned([("", *row) for row in rows])
