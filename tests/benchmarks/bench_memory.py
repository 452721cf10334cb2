"""The memory of a long lecture: played, dragged, undone, dressed and opened at random, for ten minutes.

OPTIVIZ_MINUTES=2 .venv/bin/python tests/benchmarks memory      for as long
.venv/bin/python tests/benchmarks/bench_memory.py 2             without the frame; prints every minute
"""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench_start import environment
from child import memory, with_window
from table import Row, at_most, benchmark

ROOT = Path(__file__).resolve().parents[2]
MINUTES = float(os.environ.get("OPTIVIZ_MINUTES", "10"))
SEED = 20261
PAUSE_MS = 25  # between two acts
DRAG = 12  # moves
REST_MS = 1500  # before memory is measured


class User:
    """Somebody who never tires. Uses the window as its menus, its panel and the mouse do."""

    def __init__(self, window: Any) -> None:
        from optiviz.engine.optimizers import OPTIMIZERS
        from optiviz.engine.schedules import SCHEDULES
        from optiviz.engine.surfaces import SURFACES
        from optiviz.scene.comparisons import COMPARISONS

        self.window, self.editor, self.random = window, window.workspace.editor, random.Random(SEED)
        self.optimizers, self.schedules, self.surfaces = list(OPTIMIZERS), list(SCHEDULES), list(SURFACES)
        self.comparisons = list(COMPARISONS)
        window.lessons.conductor.load()
        self.acts = 0
        self.kinds: dict[Callable[[], object], int] = {
            window.workspace.toggle_play: 20,
            self.seek: 20,
            self.drag_start: 20,
            self.drag_rate: 20,
            window.workspace.undo: 15,
            window.workspace.redo: 8,
            self.change_view: 15,
            self.zoom: 10,
            window.actions_by_name["fit"].trigger: 3,
            self.change_run: 10,
            self.open_scene: 6,
            self.choose_surface: 4,
            self.compare: 2,
            window.actions_by_name["theme"].trigger: 4,
        }

    def act(self) -> None:
        self.acts += 1
        self.random.choices(list(self.kinds), list(self.kinds.values()))[0]()

    def attempt(self, edit: Callable[[], object]) -> None:
        """An edit as the panel makes it: what is impossible is refused."""
        self.window.workspace.attempt(edit)

    def rest(self) -> None:
        """Back to the scene of the first start, which plays no more."""
        from optiviz.files.origin import Origin
        from optiviz.scene.first import first_scene

        if self.window.workspace.state.appearance.theme != "light":
            self.window.actions_by_name["theme"].trigger()
        self.window.lessons.conductor.close()
        self.window.workspace.open(first_scene(), Origin(), "rest")

    def seek(self) -> None:
        self.window.workspace.seek(self.random.randint(0, self.window.workspace.player.last))

    def drag_start(self) -> None:
        x0, x1, y0, y1 = self.window.workspace.document.scene.landscape.window
        x, y = self.random.uniform(x0, x1), self.random.uniform(y0, y1)
        for move in range(DRAG):
            x += (x1 - x0) * self.random.uniform(-0.02, 0.02)
            self.window.dashboard.contours.plot.start_dragged.emit(x, y, move < DRAG - 1)

    def drag_rate(self) -> None:
        for _ in range(DRAG):
            self.attempt(lambda: self.editor.set_param("lr", 10 ** self.random.uniform(-4, 0)))
        self.window.workspace.document.seal()

    def change_view(self) -> None:
        view = self.window.workspace.document.scene.view
        name = self.random.choice(["rest", "loss_log", "rate_log", "arithmetic", "show_step", "show_ellipse", "colors"])
        value = self.random.choice(["slate", "viridis", "cividis"]) if name == "colors" else not getattr(view, name)
        self.window.workspace.edit_view(name, value)

    def zoom(self) -> None:
        self.window.workspace.zoom(self.random.choice([0.8, 1.25]))

    def change_run(self) -> None:
        editor, count = self.editor, len(self.window.workspace.document.scene.runs)
        self.window.workspace.select(self.random.randrange(max(count, 1)))
        edits = [
            lambda: editor.choose_optimizer(self.random.choice(self.optimizers)),
            lambda: editor.choose_schedule(self.random.choice(self.schedules)),
            lambda: editor.toggle_visible(editor.selected),
        ]
        edits += [lambda: editor.add_run(self.random.choice(self.optimizers))] * (count < 8)
        edits += [editor.delete_run] * (count > 1)
        if count:
            self.attempt(self.random.choice(edits))

    def open_scene(self) -> None:
        lesson = self.random.choice(self.window.lessons.conductor.all)
        self.window.lessons.conductor.enter(lesson, self.random.randrange(len(lesson.scenes)))

    def choose_surface(self) -> None:
        self.attempt(lambda: self.editor.choose_surface(self.random.choice(self.surfaces)))

    def compare(self) -> None:
        self.window.actions_by_name[self.random.choice(self.comparisons)].trigger()


def use(minutes: float, each_minute: Callable[[dict[str, float]], object]) -> None:
    """Opens the window and uses it for so long; tells after each minute what it takes, at the first scene, at rest."""
    from PySide6.QtCore import QTimer

    def begin(window: Any) -> None:
        user, began = User(window), time.perf_counter()
        clock = QTimer(window, interval=PAUSE_MS)
        told = 0

        def minutes_passed() -> float:
            return (time.perf_counter() - began) / 60

        def go_on() -> None:
            user.act()
            if minutes_passed() >= min(told + 1, minutes):
                clock.stop()
                user.rest()
                QTimer.singleShot(REST_MS, tell)

        def tell() -> None:
            nonlocal told
            gc.collect()
            told += 1
            each_minute({"minute": told, "acts": user.acts, "objects": len(gc.get_objects()), **memory()})
            if minutes_passed() >= minutes:
                os._exit(0)
            clock.start()

        clock.timeout.connect(go_on)
        clock.start()

    with_window(begin)


@benchmark("memory")
def grows() -> Iterator[Row]:
    if not memory():
        return
    words = [sys.executable, __file__, str(MINUTES)]
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(words, env=environment(home), stdout=subprocess.PIPE, text=True, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    first, last = told[0], told[-1]
    yield Row(f"memory after {first['minute']:g} minutes of use, {first['acts']:.0f} acts", f"{first['VmRSS']:.0f} MB")
    what = f"... after {last['minute']:g}, {last['acts']:.0f} acts: {last['VmRSS']:.0f} MB, as multiple of that"
    yield at_most(what, last["VmRSS"] / first["VmRSS"], 1.05, "x")
    yield Row("... at most in between", f"{last['VmHWM']:.0f} MB")


if __name__ == "__main__":
    use(float(sys.argv[1]), lambda found: print(json.dumps(found), flush=True))
