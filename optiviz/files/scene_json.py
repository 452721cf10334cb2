"""The format of scene files: a scene as JSON and back, versioned, and checked before it is used.

Whatever is wrong in a text is a ValueError in one sentence that names the field by its place: "runs[1].params.beta1
must be ...". Nothing is repaired or left out: an unknown field, a repeated one or one of the wrong type is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from ..engine.catalog import near_miss
from ..engine.optimizers import LR, OPTIMIZERS
from ..engine.params import Param, Whole, shown
from ..engine.schedules import SCHEDULES
from ..engine.surfaces import SURFACES
from ..scene.run import LONGEST_LABEL, VISIBLE, Run, check_color, check_text
from ..scene.scene import MOST_ROWS, NOISE, SEED, START_X, START_Y, STEPS, STEPS_PER_EPOCH, Scene, check_pair
from ..scene.view import PLACE, VIEW, Place, View, check_window
from .json_text import Members, layout, parse, within

FORMAT = "optiviz.scene"
VERSION = 1
MOST_RUNS = 10_000  # in a file
FIELDS = tuple("format version surface start steps steps_per_epoch noise seed runs view".split())
RUN_FIELDS = tuple("label optimizer lr params schedule color visible".split())


def view_fields_known() -> tuple[str, ...]:
    """The fields of a file's `view`, which holds both a scene's view and its place."""
    return (*(param.name for param in PLACE), *VIEW, "window")


# Version n -> what makes the content of version n + 1 of it. A reader of version 2 adds `1: from_1_to_2` here, and
# tests/data/scenes keeps a file of version 1.
MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
ANY_VERSION = Whole(name="version", symbol="", default=VERSION, low=1, help="")


# --- scene -> text ---


def to_json(scene: Scene) -> str:
    """The scene as the text of a scene file; `from_json` reads back an equal scene."""
    return layout(scene_fields(scene)) + "\n"


def scene_fields(scene: Scene) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "surface": {"key": scene.surface, "params": dict(scene.surface_params)},
        "start": scene.start,
        "steps": scene.steps,
        "steps_per_epoch": scene.steps_per_epoch,
        "noise": scene.noise,
        "seed": scene.seed,
        "runs": [run_fields(run) for run in scene.runs],
        "view": view_fields(scene.view, scene.place),
    }


def run_fields(run: Run) -> dict[str, Any]:
    """A run's fields; outside a scene it may still be without a label and a colour."""
    fields = {
        "label": run.label,
        "optimizer": run.optimizer,
        "lr": run.lr,
        "params": dict(run.params),
        "schedule": {"key": run.schedule, "params": dict(run.schedule_params)},
        "color": run.color,
        "visible": run.visible,
    }
    return {name: value for name, value in fields.items() if value is not None}


def view_fields(view: View, place: Place) -> dict[str, Any]:
    """What differs from the defaults."""
    values = {param.name: getattr(place, param.name) for param in PLACE} | dict(view.given)
    values = {name: values[name] for name in view_fields_known() if name in values} | {"window": place.window}
    usual = Place()
    return {name: value for name, value in values.items() if name in VIEW or value != getattr(usual, name)}


# --- text -> scene ---


def members(
    value: object, place: str, known: Collection[str], required: Sequence[str] = (), noun: str = "field"
) -> dict[str, Any]:
    """`value` as an object that has the required members, no unknown one and none twice."""
    if not isinstance(value, dict):  # a migration may have made it
        raise ValueError(f"{place} must be an object in braces, not {shown(value)}")
    if isinstance(value, Members) and value.repeated is not None:
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
    return scene_of(newest(parse(text)))


def version_of(content: object, kind: str = FORMAT) -> int:
    """The version of a content of that format, whatever the version is."""
    if not isinstance(content, Members):
        raise ValueError(f"a scene must be an object in braces, not {shown(content)}")
    if content.repeated is not None:
        raise ValueError(f"the scene has the field {shown(content.repeated)} twice")
    if content.get("format") != kind:
        given = f"not {shown(content['format'])}" if "format" in content else "and there is none"
        raise ValueError(f"format must be '{kind}', {given}")
    if "version" not in content:
        raise ValueError("the scene lacks the field 'version'")
    return ANY_VERSION.check(content["version"])


def newest(content: object, kind: str = FORMAT) -> dict[str, Any]:
    """The content as this version writes it."""
    version = version_of(content, kind)
    if version > VERSION:
        raise ValueError(
            f"version {version} was made by a newer OptiViz; this one reads scenes up to version {VERSION}"
        )
    assert isinstance(content, dict)
    while version < VERSION:
        content = MIGRATIONS[version](content)
        version += 1
    return content


def scene_of(content: object) -> Scene:
    given = members(content, "the scene", FIELDS, ("format", "version", "surface", "steps", "runs"))
    named = members(given["surface"], "surface", ("key", "params"), ("key",))
    surface = SURFACES.find(named["key"])
    with within("surface."):
        surface_params = params_of(named.get("params", Members()), surface.params)
    numbers: dict[str, Any] = {
        param.name: param.check(given[param.name])
        for param in (STEPS, STEPS_PER_EPOCH, NOISE, SEED)
        if param.name in given
    }
    view, place = view_of(given.get("view", Members()))
    start = check_pair("start", given["start"], START_X, START_Y) if "start" in given else None
    return Scene(
        surface.key,
        start=start,
        runs=runs_of(given["runs"], numbers["steps"]),
        surface_params=surface_params,
        view=view,
        place=place,
        **numbers,
    )


def runs_of(value: Any, steps: int = 1) -> list[Run]:
    check_list(value)
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


def check_list(runs: object) -> None:
    if not isinstance(runs, list):
        raise ValueError(f"runs must be a list in brackets, not {shown(runs)}")
    if len(runs) > MOST_RUNS:
        raise ValueError(f"runs must be at most {MOST_RUNS:,} in a file, not {len(runs):,}")


def run_of(value: object, place: str) -> Run:
    given = members(value, place, RUN_FIELDS, ("optimizer", "lr"))
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


def view_of(value: object) -> tuple[View, Place]:
    known: dict[str, Callable[[Any], Any]] = {param.name: param.check for param in (*PLACE, *VIEW.values())}
    known["window"] = check_window
    given = members(value, "view", known)
    with within("view."):
        checked = {name: known[name](item) for name, item in given.items()}
    place = {name: checked.pop(name) for name in given if name not in VIEW}
    return View(**checked), Place(**place)
