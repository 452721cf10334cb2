"""Files of a newer OptiViz: what is understood is opened, the rest is kept as it is and written back at its place.

A scene of this version never computes anything else than its file says. So a run that is not understood completely is
left out as a whole, and a scene whose surface, start or numbers are not understood cannot be opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..engine.params import shown
from ..scene.run import Run
from ..scene.scene import Scene
from .json_text import Members, layout, parse, parse_spelled
from .scene_json import (
    FIELDS,
    VERSION,
    check_list,
    newest,
    run_fields,
    run_of,
    scene_fields,
    scene_of,
    version_of,
    view_fields_known,
    view_of,
)

MOST_MESSAGES = 10  # about single fields and runs; the rest is counted
LONGEST_MESSAGE = 300  # characters


class TooNewError(ValueError):
    """A newer OptiViz wrote this, and it cannot be shown at all."""


@dataclass(frozen=True)
class Unread:
    """A run that is not understood: where it stands, what it is called, and why it is not understood."""

    place: int  # in the file's list of runs
    after: int  # how many runs that are understood stand before it
    label: str
    reason: str


@dataclass(frozen=True)
class Foreign:
    """What a file of a newer version holds beside the scene; hand it to `write` with whatever became of the scene.

    No edit of the scene changes it: it belongs to the file, as the path does.
    """

    version: int
    text: str  # of the file, as it was
    scene: Scene  # what was understood of it
    places: tuple[int, ...]  # of the scene's runs in the file's list
    runs: tuple[Unread, ...]

    def without(self, run: Unread) -> Foreign:
        """The same after that run has been deleted."""
        return replace(self, runs=tuple(other for other in self.runs if other != run))


@dataclass(frozen=True)
class Opened:
    """A scene as it was opened; what else the file holds, if a newer OptiViz wrote it; and sentences for the user."""

    scene: Scene
    foreign: Foreign | None = None
    messages: tuple[str, ...] = ()


# --- text -> scene ---


def open_text(text: str) -> Opened:
    """The scene in the text of a scene file, tolerant of newer versions and of nothing else.

    Raises ValueError if the text is no scene, or if the scene of a newer version cannot be shown at all.
    """
    content = parse(text)
    version = version_of(content)
    if version <= VERSION:
        return Opened(scene_of(newest(content)))
    try:
        return understood(content, version, text)
    except ValueError as error:
        raise TooNewError(
            f"version {version} was made by a newer OptiViz, and this one cannot show it: {error}"
        ) from None


def understood(content: Members, version: int, text: str) -> Opened:
    parse_spelled(text)  # what cannot be kept as it is would be lost later, when it is saved
    known = Members({name: value for name, value in content.items() if name in FIELDS})
    known["version"] = VERSION
    kept = [f"the field {shown(name)}" for name in content if name not in FIELDS]
    known["view"], unknown = understood_view(content.get("view", Members()))
    kept += unknown
    known["runs"], places, unread = understood_runs(content.get("runs"))
    kept += [f"the run {shown(run.label)}: {run.reason}" for run in unread]
    scene = scene_of(known)
    return Opened(scene, Foreign(version, text, scene, places, unread), tuple(messages(version, kept)))


def understood_view(view: object) -> tuple[Members, list[str]]:
    """What is understood of a view, and what there is to say of the rest."""
    if not isinstance(view, Members):
        return Members(), ["the view"]
    known, unknown = Members(), []
    for name, value in view.items():
        try:
            view_of(Members({name: value}))
            known[name] = value
        except ValueError as error:
            unknown.append(reason(error) if name in view_fields_known() else f"the field {shown(f'view.{name}')}")
    return known, unknown


def understood_runs(runs: Any) -> tuple[list[Any], tuple[int, ...], tuple[Unread, ...]]:
    """The runs that are understood, their places, and the others."""
    check_list(runs)
    labels: set[str] = set()
    places: list[int] = []
    unread: list[Unread] = []
    for place, value in enumerate(runs):
        try:
            run = run_of(value, f"runs[{place}]")
            if run.label is not None and run.label in labels:
                raise ValueError(f"runs[{place}].label is that of another run")
        except ValueError as error:
            unread.append(Unread(place, len(places), label_of(value) or f"runs[{place}]", reason(error)))
        else:
            places.append(place)
            labels.add(run.label or "")
    return [runs[place] for place in places], tuple(places), tuple(unread)


def reason(error: ValueError) -> str:
    """What is wrong, without the advice: the file is right, and this program is old."""
    return str(error).partition("; ")[0]


def label_of(run: object) -> str | None:
    """What a run that is not understood is called."""
    label = run.get("label") if isinstance(run, Mapping) else None
    return label if isinstance(label, str) else None


def messages(version: int, kept: list[str]) -> list[str]:
    first = f"This was made by a newer OptiViz (version {version} of the format; this one knows version {VERSION})."
    if not kept:
        return [first]
    lines = [f"{first} What it does not understand has no effect here, and is kept when the scene is saved:"]
    lines += [line if len(line) <= LONGEST_MESSAGE else line[: LONGEST_MESSAGE - 3] + "..." for line in kept]
    more = len(kept) - MOST_MESSAGES
    return lines if more <= 0 else [*lines[: MOST_MESSAGES + 1], f"and {more:,} more"]


# --- scene -> text ---


def text_of(scene: Scene, foreign: Foreign | None) -> str:
    """The text of a scene file: the scene, with what is kept of a newer version's file at its places."""
    return layout(scene_fields(scene) if foreign is None else merged(scene, foreign)) + "\n"


def merged(scene: Scene, foreign: Foreign) -> dict[str, Any]:
    """The content of the file that was opened, with the changes that were made since."""
    content: dict[str, Any] = parse_spelled(foreign.text)
    before, now = scene_fields(foreign.scene), scene_fields(scene)
    for field in ("surface", "start", "steps", "steps_per_epoch", "noise", "seed"):
        if not same(now[field], before[field]):
            content[field] = now[field]
    content["runs"] = merged_runs(scene, foreign, content["runs"])
    view = content.get("view", {})
    if isinstance(view, dict) and not same(now["view"], before["view"]):
        content["view"] = changed(view, before["view"], now["view"])
    return content


def same(one: object, other: object) -> bool:
    return layout(one) == layout(other)  # as they are written: to Python, 0 is -0.0


def changed(view: Mapping[str, Any], before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """The view of the file with what was changed in the scene's."""
    kept = {name: value for name, value in view.items() if name in now or name not in before}
    return kept | {name: value for name, value in now.items() if name not in before or not same(value, before[name])}


def merged_runs(scene: Scene, foreign: Foreign, texts: Sequence[Any]) -> list[Any]:
    """The scene's runs, those that were not touched as they stood in the file, and between them those it keeps."""
    untouched = {run: texts[place] for run, place in zip(foreign.scene.runs, foreign.places, strict=True)}
    kept: dict[int, list[Any]] = {}
    for unread in foreign.runs:
        kept.setdefault(min(unread.after, len(scene.runs)), []).append(texts[unread.place])
    runs: list[Any] = []
    for index, run in enumerate(scene.runs):
        runs += [*kept.get(index, ()), written(run, untouched.get(run))]
    return [*runs, *kept.get(len(scene.runs), ())]


def written(run: Run, text: dict[str, Any] | None) -> dict[str, Any]:
    """A run as it stood in the file, if it is untouched."""
    # Without its label and its colour it would get the next free ones, which may be others by now.
    if text is None or "label" not in text or "color" not in text:
        return run_fields(run)
    return text


def check_labels(scene: Scene, foreign: Foreign) -> None:
    """Refuses a label twice: the newer OptiViz might refuse the file."""
    taken = {run.label for run in foreign.runs}
    for run in scene.runs:
        if run.label in taken:
            raise ValueError(f"label must be another one than {shown(run.label)}, which a run has that the file keeps")
