"""Lessons: readable Markdown files with scenes in them.

    # Lesson title
    A line of introduction, if one is wanted.

    ## Scene title
    One to three short paragraphs. A formula with a line of its own is a quotation:

    > v ← β₁ v − α g

    ```scene
    surface ellipse kappa=20 angle=30
    start -4.5,2
    steps 120
    run gd lr=0.09 label='Gradient descent'
    run momentum lr=0.02 schedule=inverse_time k=0.02
    view speed=10/s third=effective_rate show_gradient=true
    play false
    ```

`surface`, `steps` and at least one `run` are needed; `start`, `steps_per_epoch`, `noise`, `seed`, `view` and `play`
(whether the scene starts playing when it is entered) have their defaults. Whatever is wrong in a file is a ValueError
in one sentence with the file's name and the line's number. Reading a lesson runs nothing and reads no other file: texts
hold neither pictures nor HTML.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..engine.catalog import near_miss
from ..engine.params import Flag, shown
from ..engine.surfaces import SURFACES
from ..scene.run import Run, check_text, label_runs
from ..scene.scene import NOISE, SEED, STEPS, STEPS_PER_EPOCH, Scene
from ..scene.text import (
    numbers_text,
    parse_run,
    parse_start,
    parse_surface,
    parse_view,
    run_text,
    surface_text,
    view_text,
)
from .scene_files import in_words, replacing, within

LARGEST = 1_000_000  # bytes
MOST_SCENES = 200  # in a lesson
MOST_RUNS = 100  # in a scene of a lesson
MOST_LESSONS = 200  # in a folder
LONGEST_TITLE = 100
LONGEST_LINE = 400_000  # characters; 10,000 knots fit in
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # Windows' Notepad may begin a file with it

HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?")
FENCE = re.compile(r" {0,3}(```|~~~)")
FOREIGN = re.compile(r"!\[|<[A-Za-z/!?]")  # a picture, a tag: what could make a viewer read something else
OPENING, CLOSING = "```scene", "```"
PLAY = Flag(name="play", symbol="play", default=True, help="Whether the scene starts playing when it is entered.")
NUMBERS = (STEPS, STEPS_PER_EPOCH, NOISE, SEED)
KEYS = ("surface", "start", *(param.name for param in NUMBERS), "run", "view", "play")
NEEDED = ("surface", "steps", "run")

Numbered = tuple[int, str]  # a line's number, and what stands in it


@dataclass(frozen=True)
class LessonScene:
    """A scene with its title, its text (Markdown), and whether it starts playing when it is entered."""

    title: str
    text: str
    scene: Scene
    play: bool = True


@dataclass(frozen=True)
class Lesson:
    """Scenes in order, under a title, perhaps with an introduction (Markdown); `path` is the file."""

    title: str
    introduction: str
    scenes: tuple[LessonScene, ...]
    path: Path


# --- files -> lessons ---


def read_lessons(folder: Path) -> tuple[list[Lesson], list[str]]:
    """The lessons of a folder in the order of their files' names, and what is wrong with those that are left out."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".md" and not path.name.startswith("."))
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [str(in_words(error, f"{folder} cannot be read"))]
    lessons: list[Lesson] = []
    problems: list[str] = []
    for path in paths[:MOST_LESSONS]:
        try:
            lessons.append(read_lesson(path))
        except (OSError, ValueError) as error:
            problems.append(str(error))
    if len(paths) > MOST_LESSONS:
        problems.append(f"{folder} has {len(paths):,} lessons; only the first {MOST_LESSONS} are read")
    return lessons, problems


def read_lesson(path: Path) -> Lesson:
    """The lesson in a file. Raises OSError if the file cannot be read, ValueError if it is no lesson."""
    return lesson_of(decoded(content_of(path), path), path)


def content_of(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():  # a pipe might never end
            raise ValueError(f"{name_of(path)}: this is no file")
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise in_words(error, f"{path} cannot be read") from None


def decoded(content: bytes, path: Path) -> str:
    if len(content) > LARGEST:
        raise ValueError(f"{name_of(path)}: a lesson has at most {LARGEST // 1_000_000} MB")
    content = content.removeprefix(BYTE_ORDER_MARK)
    try:
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(f"{name_of(path)}, line {line}: this is not UTF-8") from None


def name_of(path: Path) -> str:
    return path.name if path.name.isprintable() else shown(path.name)


# --- text -> lesson ---


@dataclass
class Part:
    """A heading and what stands below it."""

    line: int
    heading: str
    text: list[Numbered] = field(default_factory=list)
    opened: int = 0  # the line where the block begins; 0 without one
    block: list[Numbered] = field(default_factory=list)


def lesson_of(text: str, path: Path) -> Lesson:
    """The lesson that a text describes; `path` names it in messages."""
    with within(f"{name_of(path)}, "):
        head, *parts = parts_of(list(enumerate(text.split("\n"), 1)))
        if not parts:
            raise ValueError(f"line {head.line}: the lesson has no scenes; one begins with '## ' and its title")
        return Lesson(head.heading, prose(head.text), tuple(map(lesson_scene_of, parts)), path)


def parts_of(lines: Sequence[Numbered]) -> list[Part]:
    """The lesson's head, and its scenes, each cut into heading, text and block."""
    parts: list[Part] = []
    inside = False
    for number, line in lines:
        with within(f"line {number}: "):
            check_characters(line)
            if inside:
                inside = line.rstrip() != CLOSING
                if inside:
                    parts[-1].block.append((number, line))
            elif heading := heading_of(line, parts):
                parts.append(Part(number, heading))
            elif line.strip():
                check_place(line, parts)
                inside = line.rstrip() == OPENING
                if inside:
                    parts[-1].opened = number
                else:
                    check_prose(line)
                    parts[-1].text.append((number, line))
            elif parts:
                parts[-1].text.append((number, line))
    if inside:
        raise ValueError(f"line {parts[-1].opened}: the block that begins here is not closed with {CLOSING}")
    if not parts:
        raise ValueError("line 1: a lesson must begin with '# ' and its title")
    return parts


def heading_of(line: str, parts: Sequence[Part]) -> str:
    """The title in a line that begins a lesson or a scene; nothing in any other."""
    match = HEADING.fullmatch(line)
    if match is None or len(match[1]) > 2:
        return ""
    of_lesson = len(match[1]) == 1
    if of_lesson and parts:
        raise ValueError("a lesson has one title; a scene begins with '## ' and its title")
    if not of_lesson and not parts:
        raise ValueError("a lesson must begin with '# ' and its title")
    if len(parts) > MOST_SCENES:
        raise ValueError(f"a lesson has at most {MOST_SCENES} scenes")
    return check_text("title", (match[2] or "").strip(), LONGEST_TITLE)


def check_place(line: str, parts: Sequence[Part]) -> None:
    """Refuses a line that stands where nothing, or no block, may stand."""
    if not parts:
        raise ValueError(f"a lesson must begin with '# ' and its title, not with {shown(line)}")
    if parts[-1].opened:
        raise ValueError("a scene ends with its block; the next one begins with '## ' and its title")
    if len(parts) == 1 and line.rstrip() == OPENING:
        raise ValueError("a block needs a scene; one begins with '## ' and its title")


def check_characters(line: str) -> None:
    """Refuses a line that is too long, or has what no editor shows."""
    if len(line) > LONGEST_LINE:
        raise ValueError(f"a line of a lesson has at most {LONGEST_LINE:,} characters")
    if line.isprintable():
        return
    for char in line:
        if char != "\t" and unicodedata.category(char) in ("Cc", "Cs"):
            raise ValueError(f"the control character U+{ord(char):04X} has no place in a lesson")


def check_prose(line: str) -> None:
    """Refuses in a line of text what would be taken for something else, or make a viewer read something else."""
    if FENCE.match(line):
        raise ValueError(f"a block must begin with {OPENING}, not with {shown(line.strip())}")
    if found := FOREIGN.search(line):
        raise ValueError(f"a text may hold neither pictures nor HTML, as {shown(line[found.start() :])} is")


def prose(lines: Iterable[Numbered]) -> str:
    return "\n".join(line for _, line in lines).strip()


def lesson_scene_of(part: Part) -> LessonScene:
    if not part.opened:
        raise ValueError(f"line {part.line}: the scene {shown(part.heading)} has no block; it begins with {OPENING}")
    scene, play = read_block(part)
    return LessonScene(part.heading, prose(part.text), scene, play)


def read_block(part: Part) -> tuple[Scene, bool]:
    """The scene that a block describes, and whether it starts playing."""
    entries, runs = entries_of(part)
    for key in NEEDED:
        if key not in entries and not (key == "run" and runs):
            raise ValueError(f"line {part.opened}: the scene {shown(part.heading)} lacks a line that begins with {key}")
    values: dict[str, Any] = {}
    parsers: dict[str, Callable[[str], Any]] = {param.name: param.parse for param in (*NUMBERS, PLAY)}
    parsers |= {"surface": parse_surface, "start": parse_start, "view": parse_view}
    for key, (number, text) in entries.items():
        with within(f"line {number}: "):
            values[key] = parsers[key](text)
    surface, params = values.pop("surface")
    play = values.pop("play", PLAY.default)
    view, place = values.pop("view", (None, None))
    with_labels = runs_of(runs, surface)
    with within(f"line {part.opened}: "):
        return Scene(surface, surface_params=params, runs=with_labels, view=view, place=place, **values), play


def entries_of(part: Part) -> tuple[dict[str, Numbered], list[Numbered]]:
    """A block's lines by key, each with its number, and those of the runs."""
    entries: dict[str, Numbered] = {}
    runs: list[Numbered] = []
    for number, line in part.block:
        if not line.strip():
            continue
        key, *rest = line.split(maxsplit=1)
        text = rest[0] if rest else ""
        with within(f"line {number}: "):
            if key not in KEYS:
                hint = near_miss(key, KEYS) or f"it has {', '.join(KEYS)}"
                raise ValueError(f"a scene has no {shown(key)}; {hint}")
            if key == "run":
                runs.append((number, text))
            elif key in entries:
                raise ValueError(f"{key} is given twice")
            else:
                entries[key] = number, text
            if len(runs) > MOST_RUNS:
                raise ValueError(f"a scene of a lesson has at most {MOST_RUNS} runs")
    return entries, runs


def runs_of(lines: Iterable[Numbered], surface: str) -> list[Run]:
    runs: list[Run] = []
    labels: set[str] = set()
    for number, text in lines:
        with within(f"line {number}: "):
            run = parse_run(text, SURFACES[surface])
            if run.label is not None and run.label in labels:
                raise ValueError(f"label must be unique in the scene, not {shown(run.label)} twice")
        runs.append(run)
        labels.add(run.label or "")
    return runs


# --- lesson -> text ---


def scene_block(scene: Scene, play: bool = True) -> str:
    """The block of a lesson that describes the scene; reading it gives an equal one."""
    return "\n".join([OPENING, *block_lines(scene, play), CLOSING])


def block_lines(scene: Scene, play: bool) -> Iterator[str]:
    yield f"surface {surface_text(scene.surface, scene.surface_params)}"
    yield f"start {numbers_text(scene.start)}"
    for param in NUMBERS:
        value = getattr(scene, param.name)
        if param is STEPS or value != param.default:
            yield f"{param.name} {param.format(value)}"
    yield from (f"run {run_text(run)}" for run in plain_runs(scene.runs))
    if view := view_text(scene.view, scene.place):
        yield f"view {view}"
    if not play:
        yield "play false"


def plain_runs(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs without the colours and the labels that a scene would give them anyway."""
    plain = runs
    for name in ("color", "label"):
        bare = tuple(run.replace(**{name: None}) for run in plain)
        if label_runs(bare) == runs:
            plain = bare
    return plain


def append_scene(
    path: Path, title: str, text: str, scene: Scene, *, play: bool = True, lesson: str | None = None
) -> Lesson:
    """Adds a scene at the end of a lesson file, and gives the lesson as it is now.

    A file that is not there, or is empty, becomes a lesson called `lesson`, or after the file. Raises ValueError, and
    leaves the file as it was, if it is no lesson or if the scene cannot be part of one; OSError if it cannot be
    written.
    """
    addition = scene_text(title, text, scene, play)
    older = content_of(path) if path.exists() else b""
    if older.strip():
        lesson_of(decoded(older, path), path)
    else:
        older = f"# {check_text('title', lesson or title_from(path), LONGEST_TITLE).strip()}\n".encode()
    line_end = "\r\n" if b"\r\n" in older else "\n"
    content = older.rstrip() + f"\n\n{addition}\n".replace("\n", line_end).encode()
    made = lesson_of(decoded(content, path), path)
    with replacing(path) as file:
        file.write_bytes(content)
    return made


def scene_text(title: str, text: str, scene: Scene, play: bool) -> str:
    """A scene as a part of a lesson."""
    title, text = check_text("title", title, LONGEST_TITLE).strip(), text.replace("\r\n", "\n").strip()
    for number, line in enumerate(text.split("\n"), 1):
        with within(f"line {number} of the text: "):
            check_characters(line)
            check_prose(line)
            if (heading := HEADING.fullmatch(line)) and len(heading[1]) <= 2:
                raise ValueError("a heading in a text must begin with at least three #")
    if not scene.runs:
        raise ValueError("a scene of a lesson needs a run")
    return "\n\n".join(filter(None, [f"## {title}\n{text}".strip(), scene_block(scene, play)]))


def title_from(path: Path) -> str:
    """A title made of a file's name: 03-my-lesson.md is "My lesson"."""
    words = re.sub(r"[-_\s]+", " ", path.stem.lstrip("0123456789")).strip()
    return (
        words[:1].upper() + words[1:] if words.isprintable() and words[:LONGEST_TITLE] == words and words else "Lesson"
    )
