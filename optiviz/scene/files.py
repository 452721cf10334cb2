"""Scene files: versioned JSON that is checked before it is used, and files that are written whole or not at all.

Whatever is wrong in a file is a ValueError in one sentence that names the field by its place: "runs[1].params.beta1
must be ...". Nothing is repaired or left out: an unknown field, a repeated one or one of the wrong type is an error.
"""

from __future__ import annotations

import json
import math
import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ..engine.catalog import near_miss
from ..engine.optimizers import LR, OPTIMIZERS
from ..engine.params import LONGEST_NUMBER, Param, Whole, shown
from ..engine.schedules import SCHEDULES
from ..engine.surfaces import SURFACES
from .png_text import SIGNATURE, find_text, utf8
from .scene import (
    LONGEST_LABEL,
    MOST_ROWS,
    NOISE,
    SEED,
    START_X,
    START_Y,
    STEPS,
    STEPS_PER_EPOCH,
    VISIBLE,
    Run,
    Scene,
    check_color,
    check_pair,
    check_text,
)
from .view import VIEW, View, check_window

FORMAT = "optiviz.scene"
VERSION = 1
LARGEST = 10_000_000  # bytes
LINE = 110  # characters; what fits into one line is written in one line

# Version n -> what makes a file of version n + 1 of it. A reader of version 2 adds `1: from_1_to_2` here.
MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
ANY_VERSION = Whole(name="version", symbol="", default=VERSION, low=1, help="")


# --- scene -> text ---


def to_json(scene: Scene) -> str:
    """The scene as the text of a scene file; `from_json` reads back an equal scene."""
    defaults = View()
    names = (*(param.name for param in VIEW), "window")
    fields = {
        "format": FORMAT,
        "version": VERSION,
        "surface": {"key": scene.surface, "params": dict(scene.surface_params)},
        "start": scene.start,
        "steps": scene.steps,
        "steps_per_epoch": scene.steps_per_epoch,
        "noise": scene.noise,
        "seed": scene.seed,
        "runs": [run_fields(run) for run in scene.runs],
        "view": {
            name: getattr(scene.view, name) for name in names if getattr(scene.view, name) != getattr(defaults, name)
        },
    }
    return layout(fields) + "\n"


def run_fields(run: Run) -> dict[str, Any]:
    return {
        "label": run.label,
        "optimizer": run.optimizer,
        "lr": run.lr,
        "params": dict(run.params),
        "schedule": {"key": run.schedule, "params": dict(run.schedule_params)},
        "color": run.color,
        "visible": run.visible,
    }


def layout(value: Any, indent: str = "") -> str:
    """`value` as JSON for people: what fits into a line stands in one, the rest has a line a member."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(indent) + len(text) <= LINE or not isinstance(value, (dict, list, tuple)) or not value:
        return text
    deeper = indent + "  "
    if isinstance(value, dict):
        inner = [f"{json.dumps(name, ensure_ascii=False)}: {layout(item, deeper)}" for name, item in value.items()]
        opening, closing = "{", "}"
    else:
        inner = [layout(item, deeper) for item in value]
        opening, closing = "[", "]"
    lines = f",\n{deeper}".join(inner)
    return f"{opening}\n{deeper}{lines}\n{indent}{closing}"


# --- text -> scene ---


class Unusable:
    """A number that JSON's grammar, or Python, takes and no field does: NaN, 1e400, a thousand digits."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


class Members(dict[str, Any]):
    """A JSON object that remembers which of its names came twice."""

    repeated: str | None = None


def parse_real(text: str) -> float | Unusable:
    number = float(text)
    return number if math.isfinite(number) else Unusable(text)


def parse_whole(text: str) -> int | Unusable:
    return int(text) if len(text) <= LONGEST_NUMBER else Unusable(text)


def parse_members(pairs: list[tuple[str, Any]]) -> Members:
    made = Members(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                made.repeated = name
                break
            seen.add(name)
    return made


@contextmanager
def within(place: str) -> Iterator[None]:
    """Puts `place` in front of what a ValueError says."""
    try:
        yield
    except ValueError as error:
        raise ValueError(place + str(error)) from None


def members(
    value: object, place: str, known: Collection[str], required: Sequence[str] = (), noun: str = "field"
) -> Members:
    """`value` as an object that has the required members, no unknown one and none twice."""
    if not isinstance(value, Members):
        raise ValueError(f"{place} must be an object in braces, not {shown(value)}")
    if value.repeated is not None:
        raise ValueError(f"{place} has the {noun} {shown(value.repeated)} twice")
    for name in value:
        if name not in known:
            has = f"it may have {', '.join(known)}" if known else "it has none"
            raise ValueError(f"{place} has no {noun} {shown(name)}; {near_miss(name, known) or has}")
    for name in required:
        if name not in value:
            raise ValueError(f"{place} lacks the {noun} '{name}'")
    return value


def params_of(value: object, declared: Sequence[Param]) -> dict[str, Any]:
    """The given ones of the declared parameters, checked."""
    known = {param.name: param for param in declared}
    given = members(value, "params", known, noun="parameter")
    with within("params."):
        return {name: known[name].check(item) for name, item in given.items()}


def from_json(text: str) -> Scene:
    """The scene that the text of a scene file describes. Raises ValueError for anything but a scene."""
    if len(text) > LARGEST or len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise ValueError(f"a scene has at most {LARGEST // 1_000_000} MB")
    try:
        content = json.loads(
            text,
            object_pairs_hook=parse_members,
            parse_constant=Unusable,
            parse_float=parse_real,
            parse_int=parse_whole,
        )
    except RecursionError:
        raise ValueError("a scene is not nested that deeply") from None
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
        raise ValueError(f"this is not JSON: {reason} in line {error.lineno}, column {error.colno}") from None
    return scene_of(newest(content))


def newest(content: object) -> Members:
    """The content as this version writes it."""
    if not isinstance(content, Members):
        raise ValueError(f"a scene must be an object in braces, not {shown(content)}")
    if content.get("format") != FORMAT:
        given = f"not {shown(content['format'])}" if "format" in content else "and there is none"
        raise ValueError(f"format must be '{FORMAT}', {given}")
    if "version" not in content:
        raise ValueError("the scene lacks the field 'version'")
    version = ANY_VERSION.check(content["version"])
    if version > VERSION:
        raise ValueError(
            f"version {version} was made by a newer OptiViz; this one reads scenes up to version {VERSION}"
        )
    while version < VERSION:
        content = Members(MIGRATIONS[version](content))
        version += 1
    return content


def scene_of(content: Members) -> Scene:
    fields = "format version surface start steps steps_per_epoch noise seed runs view".split()
    given = members(content, "the scene", fields, ("format", "version", "surface", "steps", "runs"))
    place = members(given["surface"], "surface", ("key", "params"), ("key",))
    surface = SURFACES.find(place["key"])
    with within("surface."):
        surface_params = params_of(place.get("params", Members()), surface.params)
    numbers: dict[str, Any] = {
        param.name: param.check(given[param.name])
        for param in (STEPS, STEPS_PER_EPOCH, NOISE, SEED)
        if param.name in given
    }
    start = check_pair("start", given["start"], START_X, START_Y) if "start" in given else None
    return Scene(
        surface.key,
        start=start,
        runs=runs_of(given["runs"], numbers["steps"]),
        surface_params=surface_params,
        view=view_of(given.get("view", Members())),
        **numbers,
    )


def runs_of(value: object, steps: int) -> list[Run]:
    if not isinstance(value, list):
        raise ValueError(f"runs must be a list in brackets, not {shown(value)}")
    most = MOST_ROWS // steps
    if len(value) > most:  # the scene would refuse it too, after a long time spent on making the runs
        raise ValueError(f"runs must be at most {most:,} with {steps:,} steps, not {len(value):,}")
    runs = [run_of(item, f"runs[{index}]") for index, item in enumerate(value)]
    labels: set[str] = set()
    for index, run in enumerate(runs):
        if run.label is not None:
            if run.label in labels:
                raise ValueError(f"runs[{index}].label must be unique in the scene, not {shown(run.label)} twice")
            labels.add(run.label)
    return runs


def run_of(value: object, place: str) -> Run:
    fields = "label optimizer lr params schedule color visible".split()
    given = members(value, place, fields, ("optimizer", "lr"))
    with within(f"{place}."):
        rule = OPTIMIZERS.find(given["optimizer"])
        decay = members(given.get("schedule", Members(key="constant")), "schedule", ("key", "params"), ("key",))
        schedule = SCHEDULES.find(decay["key"])
        params = params_of(given.get("params", Members()), rule.params)
        with within("schedule."):
            schedule_params = params_of(decay.get("params", Members()), schedule.params)
        return Run(
            rule.key,
            lr=LR.check(given["lr"]),
            schedule=schedule.key,
            label=check_text("label", given["label"], LONGEST_LABEL) if "label" in given else None,
            color=check_color(given["color"]) if "color" in given else None,
            visible=VISIBLE.check(given.get("visible", True)),
            **params,
            **schedule_params,
        )


def view_of(value: object) -> View:
    known: dict[str, Callable[[Any], Any]] = {param.name: param.check for param in VIEW}
    known["window"] = check_window
    given = members(value, "view", known)
    with within("view."):
        return View(**{name: known[name](item) for name, item in given.items()})


# --- files ---


def is_png(path: Path) -> bool:
    """Whether `path` is a file that begins as PNG files do. A pipe, which could not be read again, is not."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(SIGNATURE)) == SIGNATURE
    except (OSError, ValueError):
        return False


def read(path: Path) -> Scene:
    """The scene in a scene file, or in a PNG that OptiViz wrote.

    Raises OSError if the file cannot be read, ValueError if it holds no scene.
    """
    try:
        with within(f"{path.name}: "), path.open("rb") as file:
            first = file.read(len(SIGNATURE))
            if first == SIGNATURE:
                return from_json(find_text(file, FORMAT, LARGEST))
            content = first + file.read(LARGEST + 1 - len(first))
            if len(content) > LARGEST:
                raise ValueError(f"a scene has at most {LARGEST // 1_000_000} MB")
            return from_json(utf8(content))
    except OSError as error:
        raise in_words(error, f"{path} cannot be read") from None


def write(scene: Scene, path: Path) -> None:
    """Saves the scene. Raises OSError if that fails, and leaves the older file as it was."""
    content = to_json(scene).encode("utf-8")
    if len(content) > LARGEST:
        raise ValueError(f"a scene file has at most {LARGEST // 1_000_000} MB, and this scene would need more")
    with replacing(path) as file:
        file.write_bytes(content)


def in_words(error: OSError, what: str) -> OSError:
    """`error` as a sentence that begins with `what`; one that is in words already stays as it is."""
    if error.errno is None:
        return error
    reason = os.strerror(error.errno)
    if isinstance(error, PermissionError) and os.name == "nt":
        reason += " (is it open in another program?)"
    return type(error)(f"{what}: {reason}")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Says of an OSError, in words, that it was `path` that could not be written."""
    try:
        yield
    except OSError as error:
        raise in_words(error, f"{path} cannot be written") from None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives the path of a new file to be written, which takes the place of `path` if all goes well.

    On an exception the new file is removed, and the older one is as it was; so several files can be written all or
    none in one ExitStack. Raises OSError in words, before anything is written if `path` cannot be a file. What is no
    regular file (a device, a pipe) is given as it is and written directly.
    """
    with writing(path):
        older = found(path)
        if older is not None and not stat.S_ISREG(older.st_mode):
            yield path
            return
        target = path.resolve()  # a link stays a link
        # The same ending, for those who write; not the same name, which may be as long as a name can be.
        neighbour = target.with_name(f".optiviz-{os.urandom(6).hex()}{target.suffix[:20]}")
        neighbour.touch(mode=0o666, exist_ok=False)  # what the umask leaves of it, as for any new file
        try:
            if older is not None:
                adopt(neighbour, older)
            yield neighbour
            to_disk(neighbour)
            neighbour.replace(target)
        except BaseException:
            with suppress(OSError):
                neighbour.unlink(missing_ok=True)
            raise


def found(path: Path) -> os.stat_result | None:
    """What is there under this name; None if a new file can be made. Raises OSError in words if it cannot."""
    try:
        older = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        folder = path.resolve().parent
        if not folder.is_dir():
            raise FileNotFoundError(f"{path} cannot be written: there is no folder {folder}") from None
        return None
    if stat.S_ISDIR(older.st_mode):
        raise IsADirectoryError(f"{path} cannot be written: it is a folder")
    if not os.access(path, os.W_OK):
        raise PermissionError(f"{path} cannot be written: it is read-only")
    return older


def adopt(path: Path, older: os.stat_result) -> None:
    """Gives a new file the owner, as far as that is allowed, and the permissions of the one that it replaces."""
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(path, older.st_uid, older.st_gid)
    path.chmod(stat.S_IMODE(older.st_mode))


def to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
