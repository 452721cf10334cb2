"""A program that shows a window and says when it was painted: started by bench_start, once for every measurement.

    child.py plot             a bare pyqtgraph plot with one curve; ends when it is painted
    child.py window           OptiViz as `optiviz` starts it, playing its first scene; ends when its paths are drawn
    child.py idle S           the same, paused; measured for S seconds
    child.py playing S        the same, playing; then hidden, then minimised, playing on

Prints JSON. Times are those of time.perf_counter, which all processes of a machine share.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")
SETTLE_MS = 1000  # a window that has just been painted still has things to do


def memory() -> dict[str, float]:
    """Megabytes in use now and at most so far; nothing where the system does not tell."""
    if not STATUS.exists():
        return {}
    lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return {name: int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")}


def end(**found: Any) -> None:
    """Prints what was found and ends at once: the end is not what is measured."""
    print(json.dumps(found), flush=True)
    os._exit(0)


def when_painted(widget: Any, then: Callable[[], object], ready: Callable[[], bool] = lambda: True) -> None:
    """Calls `then` when the widget's first paint, once it is `ready`, is on the screen."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Watch(QObject):
        waiting = True

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if self.waiting and event.type() == QEvent.Type.Paint and ready():
                self.waiting = False
                QTimer.singleShot(0, self, then)
            return False

    widget.installEventFilter(Watch(widget))


def plot() -> None:
    import pyqtgraph as pg

    app = pg.mkQApp()
    widget = pg.PlotWidget()
    widget.plot([1, 3, 2, 4])
    widget.show()
    when_painted(widget.viewport(), lambda: end(painted=time.perf_counter(), **memory()))
    app.exec()


def with_window(use: Callable[[Any], None]) -> None:
    """Starts the program as its command does, and hands its window over as soon as that is shown."""
    from optiviz.cli.main import main

    enable = gc.enable

    def hand_over() -> None:  # the last thing that the program does before its event loop
        from PySide6.QtWidgets import QApplication

        enable()
        use(next(widget for widget in QApplication.topLevelWidgets() if hasattr(widget, "dashboard")))

    gc.enable = hand_over
    sys.exit(main([]))


def window() -> None:
    found = {}

    def use(window: Any) -> None:
        when_painted(window, lambda: found.update(painted=time.perf_counter()))
        when_painted(
            window.dashboard.contours.plot.viewport(),
            lambda: end(**found, drawn=time.perf_counter(), **memory()),
            lambda: window.workspace.result is not None,
        )

    with_window(use)


class Count:
    """How much was painted, computed and waited for in between: paint events, CPU in percent, wake-ups a second."""

    def __init__(self) -> None:
        from PySide6.QtCore import QEvent, QObject
        from PySide6.QtWidgets import QApplication

        class Paints(QObject):
            number = 0

            def eventFilter(self, watched: QObject, event: QEvent) -> bool:
                self.number += event.type() == QEvent.Type.Paint
                return False

        self.paints = Paints()
        QApplication.instance().installEventFilter(self.paints)
        self.start()

    def now(self) -> tuple[float, float, int, int]:
        switches = STATUS.read_text().split("\nvoluntary_ctxt_switches:")[1].split()[0] if STATUS.exists() else "0"
        return time.perf_counter(), time.process_time(), self.paints.number, int(switches)

    def start(self) -> None:
        self.began = self.now()

    def read(self) -> dict[str, float]:
        seconds, cpu, paints, wakes = (new - old for new, old in zip(self.now(), self.began, strict=True))
        return {"cpu": 100 * cpu / seconds, "paints": paints, "wakes": wakes / seconds}


def fastest_timer() -> int:
    """The shortest interval of the timers that go on, in milliseconds; 0 if there is none."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    roots = (QApplication.instance(), *QApplication.topLevelWidgets())
    timers = [timer for root in roots for timer in root.findChildren(QTimer)]
    return min((timer.interval() for timer in timers if timer.isActive() and not timer.isSingleShot()), default=0)


def idle(seconds: float) -> None:
    from PySide6.QtCore import QTimer

    def use(window: Any) -> None:
        def pause() -> None:
            window.workspace.toggle_play()
            QTimer.singleShot(SETTLE_MS, measure)

        def measure() -> None:
            assert not window.workspace.player.playing
            count = Count()
            QTimer.singleShot(round(seconds * 1000), lambda: end(timer=fastest_timer(), **count.read()))

        when_painted(window.dashboard.contours.plot.viewport(), pause, lambda: window.workspace.player.playing)

    with_window(use)


def playing(seconds: float) -> None:
    from PySide6.QtCore import QTimer

    found: dict[str, Any] = {}

    def use(window: Any) -> None:
        window.workspace.player.loop = True
        stages = [("shown", lambda: None), ("hidden", window.hide), ("minimised", window.showMinimized)]

        def next_stage() -> None:
            name, act = stages.pop(0)
            act()
            QTimer.singleShot(SETTLE_MS, lambda: measure(name))

        def measure(name: str) -> None:
            count, cursor = Count(), window.workspace.player.cursor

            def read() -> None:
                found[name] = count.read() | {"moved": window.workspace.player.cursor != cursor}
                if stages:
                    next_stage()
                else:
                    end(**found)

            QTimer.singleShot(round(seconds * 1000), read)

        when_painted(window.dashboard.contours.plot.viewport(), next_stage, lambda: window.workspace.player.playing)

    with_window(use)


if __name__ == "__main__":
    what, *numbers = sys.argv[1:]
    {"plot": plot, "window": window, "idle": idle, "playing": playing}[what](*map(float, numbers))
