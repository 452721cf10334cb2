"""An hour of accelerated lecture: every scene of every lesson, played, turned, dressed and exported, again and again.

    .venv/bin/python tests/benchmarks soak          OPTIVIZ_MINUTES=10 in front of it for as long

Prints memory, objects, threads and open files every minute; none of them may grow.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from child import memory
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from stage import Stage, race, stage
from table import Row, at_most, benchmark

from optiviz.files import scene_files
from optiviz.pictures.look import Look, Size
from optiviz.pictures.writing import save_picture
from optiviz.scene import table
from optiviz.scene.view import OVERLAYS

MINUTES = float(os.environ.get("OPTIVIZ_MINUTES", "60"))
WARM = 2.0  # minutes, after which nothing may grow any more
PLAYED = 0.3  # seconds a scene


def export(shown: Stage, folder: Path, lots: random.Random) -> None:
    """A picture of the window's scene in a random format, and the table."""
    window = shown.window
    shown.until(shown.settled)
    result = window.workspace.result
    kind = lots.choice(("png", "svg", "pdf"))
    look = Look(lots.choice(("contours", "dashboard", "loss")), Size(640, 480), lots.choice(("light", "dark", "print")))
    with scene_files.replacing(folder / f"picture.{kind}") as neighbour:
        step = window.workspace.player.cursor
        save_picture(neighbour, kind, result.scene, result.trajectories, look, step=step, selected=0)
    with (
        scene_files.replacing(folder / "table.csv") as neighbour,
        neighbour.open("w", encoding="utf-8", newline="") as stream,
    ):
        table.write_csv(stream, result.scene, result.trajectories)
    scene_files.write(window.workspace.as_shown(), folder / "scene.optiviz")


def act(shown: Stage, folder: Path, lots: random.Random) -> None:
    """What a lecturer does with one scene."""
    window = shown.window
    window.workspace.player.speed = "5/frame"
    window.workspace.play()
    shown.run(PLAYED)
    window.workspace.toggle_view(lots.choice(list(OVERLAYS.values())).flag.name)
    if lots.random() < 0.3:
        window.workspace.toggle_view("arithmetic")
    if lots.random() < 0.3:
        window.actions_by_name["theme"].trigger()
    if lots.random() < 0.3:
        window.resize(lots.randrange(900, 1600), lots.randrange(560, 1000))
    x, y = window.workspace.document.scene.start
    window.workspace.attempt(lambda: window.workspace.editor.move_start(x + lots.uniform(-0.1, 0.1), y))
    window.workspace.document.seal()
    shown.run(0.05)
    if lots.random() < 0.2:
        for _ in range(20):
            window.workspace.undo()
    if lots.random() < 0.3:
        export(shown, folder, lots)


def counts() -> dict[str, float]:
    gc.collect()
    return {
        "memory": memory()["VmRSS"],
        "objects": len(gc.get_objects()),
        "widgets": len(QApplication.allWidgets()),
        "threads": threading.active_count(),
        "files": len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0,
    }


def by_minute(shown: Stage, folder: Path) -> Iterator[dict[str, float]]:
    lots = random.Random(20261)
    began, minute = time.monotonic(), 0
    while time.monotonic() - began < MINUTES * 60:
        shown.window.lessons.conductor.next()
        act(shown, folder, lots)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if (time.monotonic() - began) / 60 >= minute + 1:
            minute += 1
            yield counts()


@benchmark("soak", by_name_only=True)
def soak() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, stage(race(4, 200)) as shown:
        minutes = []
        for found in by_minute(shown, Path(folder)):
            minutes.append(found)
            words = ", ".join(f"{name} {value:,.0f}" for name, value in found.items())
            yield Row(f"minute {len(minutes)}", words)
    warm = minutes[min(int(WARM), len(minutes)) - 1]
    for name in warm:
        yield at_most(
            f"{name} at the end, of those after {WARM:g} minutes", 100 * minutes[-1][name] / warm[name], 105, "%"
        )
