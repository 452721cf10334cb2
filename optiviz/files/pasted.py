"""Scenes and runs as text for the clipboard, and what comes back of it through a mail or a word processor."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from ..scene.run import Run
from ..scene.scene import Scene
from .json_text import check_size, layout, parse
from .scene_json import VERSION, members, newest, run_fields, runs_of, scene_of, to_json

RUNS = "optiviz.runs"  # the format of runs without a scene
QUOTING = "> \t"
SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\t"), " ")
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
QUOTATION_MARKS = dict.fromkeys(map(ord, "“”„‟«»″"), '"')


def to_text(what: Scene | Run | Sequence[Run]) -> str:
    """A scene (as in its file), a run or some runs as text. `from_text` reads it back."""
    if isinstance(what, Scene):
        return to_json(what)
    runs = [what] if isinstance(what, Run) else what
    return layout({"format": RUNS, "version": VERSION, "runs": [run_fields(run) for run in runs]}) + "\n"


def from_text(text: str) -> Scene | list[Run]:
    """The scene, or the runs, in a text that was pasted.

    Words around it, quoting with >, broken lines and odd spaces do no harm, nor do typographic quotation marks in place
    of plain ones. Raises ValueError if there is no scene and no run in it.
    """
    content = content_of(text)
    if content.get("format") != RUNS:
        return scene_of(newest(content))
    given = members(newest(content, RUNS), "the text", ("format", "version", "runs"), ("runs",))
    runs = runs_of(given["runs"])
    if not runs:
        raise ValueError("runs must be at least one, not []")
    return runs


def content_of(text: str) -> Any:
    """The JSON object in a text. What does not parse as it stands is tidied up, and refused if that does not help."""
    check_size(text)
    start, end = text.find("{"), text.rfind("}") + 1
    if not 0 <= start < end:
        raise ValueError("this text holds no scene and no run of OptiViz: they stand in braces")
    above = "\n" * text.count("\n", 0, start)  # so that an error names the right line
    try:
        return parse(above + text[start:end])
    except ValueError:
        tidy = tidied(text[start:end])
        for attempt in (tidy, tidy.translate(QUOTATION_MARKS)):
            with suppress(ValueError):
                return parse(attempt)
        raise


def tidied(text: str) -> str:
    """The text in one line, without what mail programs put into it."""
    lines = text.translate(SPACES | INVISIBLE).splitlines()
    return " ".join(line.lstrip(QUOTING).rstrip() for line in lines)
