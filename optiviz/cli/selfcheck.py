"""`optiviz --self-check`: proves an installation by using all of its parts once."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from .. import assets
from ..engine.optimizers import OPTIMIZERS
from ..engine.schedules import SCHEDULES
from ..engine.surfaces import SURFACES
from ..files import scene_files
from ..files.png_text import SIGNATURE
from ..pictures.look import Look
from ..scene.first import first_scene
from ..scene.run import Run, suggest_lr
from ..scene.scene import Scene
from ..scene.simulation import Result, rates, simulate
from ..scene.table import write_csv
from ..session.reading import Reader


def expect(condition: bool, otherwise: str) -> None:
    if not condition:
        raise ValueError(otherwise)


def check_rules(folder: Path) -> str:
    for surface in SURFACES.values():
        runs = [Run(rule.key, lr=suggest_lr(rule, surface)) for rule in OPTIMIZERS.values()]
        for run, trajectory in zip(runs, simulate(Scene(surface.key, steps=3, runs=runs)), strict=True):
            expect(len(trajectory) == 4, f"{run.optimizer} on {surface.key}: {trajectory.message}")
    return f"{len(OPTIMIZERS)} optimizers take steps on {len(SURFACES)} surfaces"


def check_schedules(folder: Path) -> str:
    for key in SCHEDULES:
        values = rates(first_scene(), Run("gd", lr=0.1, schedule=key)).tolist()
        expect(all(0 <= value < math.inf for value in values), f"{key} gives a rate that is none")
    return f"{len(SCHEDULES)} schedules give rates"


def check_resources(folder: Path) -> str:
    expect(assets.path("icons", "optiviz.svg").is_file(), "the icon is missing")
    return f"found in {assets.root()}"


def check_table(folder: Path) -> str:
    scene, path = first_scene(), folder / "check.csv"
    trajectories = simulate(scene)
    with path.open("w", encoding="utf-8", newline="") as stream:
        write_csv(stream, scene, trajectories)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    losses = [loss for trajectory in trajectories for loss in trajectory.loss.tolist()]
    expect([float(row["loss"]) for row in rows] == losses, "other numbers came back than were written")
    return f"{len(rows)} rows written and read"


def check_file(folder: Path) -> str:
    scene, path = first_scene(), folder / "check.optiviz"
    scene_files.write(scene, path)
    expect(scene_files.read(path) == scene, "another scene came back than was written")
    return "written and read"


def check_picture(folder: Path) -> str:
    from ..pictures.writing import save_picture

    scene, path = first_scene(), folder / "check.png"
    save_picture(path, "png", scene, simulate(scene), Look())
    expect(path.read_bytes()[:8] == SIGNATURE and path.stat().st_size > 5_000, "what was drawn is no picture")
    expect(scene_files.read(path) == scene, "the picture does not hold its scene")
    return f"{path.stat().st_size:,} bytes drawn"


def check_explanation(folder: Path) -> str:
    scene = first_scene()
    step = Reader().step(Result(scene, simulate(scene)), 0, 1)
    expect(bool(step.lines), step.note)  # where the rules' sources are missing, as in a program that is frozen
    return f"{len(step.lines)} lines explain a step"


CHECKS: dict[str, Callable[[Path], str]] = {
    "optimizers": check_rules,
    "schedules": check_schedules,
    "resources": check_resources,
    "explanation": check_explanation,
    "CSV": check_table,
    "scene file": check_file,
    "picture": check_picture,
}


def results() -> Iterator[tuple[str, bool, str]]:
    """Does one check after the other: its name, whether all is well, and what there is to say of it."""
    with TemporaryDirectory(prefix="optiviz-") as folder:
        for name, check in CHECKS.items():
            try:
                yield name, True, check(Path(folder))
            except Exception as error:  # whatever it is, it is what the check is to report
                yield name, False, " ".join(str(error).split()) or type(error).__name__
