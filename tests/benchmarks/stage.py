"""The real window for benchmarks, and a watch on what it draws."""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QPointF, QSettings, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from table import percentile

from optiviz import Run, Scene
from optiviz.app.start import SWITCH_INTERVAL
from optiviz.app.window import Window
from optiviz.desk.settings import Settings
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.session.state import State, differ

LONGEST = 60.0  # seconds that a computation may take
SIZE = (1280, 720)


def race(runs: int, steps: int) -> Scene:
    """So many runs of all rules in turn, on Rosenbrock's valley, each with a rate of its own."""
    rules = list(OPTIMIZERS)
    chosen = (Run(rules[i % len(rules)], lr=0.0005 * (1 + i / runs)) for i in range(runs))
    return Scene(surface="rosenbrock", steps=steps, runs=tuple(chosen))


class FrameWatch(QObject):
    """When each of the views was painted; a frame is a paint of the first."""

    def __init__(self, views: Sequence[QWidget]) -> None:
        super().__init__()
        self.views = views
        self.painted_now: Callable[[], None] = lambda: None
        self.clear()
        for view in views:
            view.installEventFilter(self)

    def clear(self) -> None:
        self.times: list[float] = []
        self.work: list[float] = []
        self.painted = [0.0] * len(self.views)  # when last

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            place = self.views.index(watched)
            self.painted[place] = time.perf_counter()
            self.painted_now()
            if place == 0:
                self.times.append(self.painted[place])
                self.work.append(time.thread_time())
        return False

    def intervals(self) -> list[float]:
        """Milliseconds from frame to frame."""
        return [(after - before) * 1e3 for before, after in pairwise(self.times)]

    def work_a_frame(self) -> float:
        """Milliseconds of processor time of the main thread, a frame."""
        return (self.work[-1] - self.work[0]) * 1e3 / max(1, len(self.work) - 1)


class Stage:
    """One window with one scene, as it is after its trajectories have come."""

    def __init__(self, scene: Scene) -> None:
        self.window = Window(scene, Settings())
        self.window.resize(*SIZE)
        self.window.show()
        dashboard = self.window.dashboard
        plots = [dashboard.contours.plot, *(view.plot for view in dashboard.curve_views)]
        self.watch = FrameWatch([plot.viewport() for plot in plots])
        self.shown_at = 0.0
        self.window.workspace.watch(self)
        self.until(self.settled)
        self.run(0.3)

    def settled(self) -> bool:
        workspace = self.window.workspace
        known = workspace.result is not None and workspace.result.for_scene(workspace.scene) is not None
        return known and not workspace.runner.busy

    def run(self, seconds: float) -> None:
        """The real event loop, for so long."""
        loop = QEventLoop()
        end = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer, interval=round(seconds * 1e3))
        end.timeout.connect(loop.quit)
        end.start()
        loop.exec()

    def until(self, condition: Callable[[], bool]) -> None:
        """The real event loop until the condition holds; looks whenever a view has been painted.

        A timer that looked would take the interpreter from the worker each time.
        """
        loop = QEventLoop()
        look = QTimer(singleShot=True, interval=0)
        look.timeout.connect(lambda: loop.quit() if condition() else None)
        late = QTimer(singleShot=True, interval=round(LONGEST * 1e3))
        late.timeout.connect(lambda: loop.exit(1))
        late.start()
        look.start()
        self.watch.painted_now = look.start
        assert loop.exec() == 0, "it never came"
        self.watch.painted_now = lambda: None

    def show_state(self, old: State | None, new: State) -> None:
        if differ(old, new, lambda state: state.result):
            self.shown_at = time.perf_counter()

    def all_painted(self) -> bool:
        """Whether every view has been painted with the trajectories of the scene as it is now."""
        return self.settled() and min(self.watch.painted) > self.shown_at

    def mouse(self, widget: QWidget, kind: QEvent.Type, at: QPointF) -> None:
        """A mouse event with the left button, as the window system would send it."""
        moving = kind == QEvent.Type.MouseMove
        button = Qt.MouseButton.NoButton if moving else Qt.MouseButton.LeftButton
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
        event = QMouseEvent(
            kind, at, QPointF(widget.mapToGlobal(at.toPoint())), button, held, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(widget, event)

    def close(self) -> None:
        self.window.close_quietly()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def stage(scene: Scene) -> Iterator[Stage]:
    """A window with that scene, settings of its own, and the program's switch interval."""
    if QApplication.instance() is None:
        folder = tempfile.mkdtemp(prefix="optiviz-benchmark-")
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        app = QApplication(["optiviz"])
        app.setApplicationName("OptiViz")
    sys.setswitchinterval(SWITCH_INTERVAL)
    shown = Stage(scene)
    gc.freeze()  # as the program does once its window is shown
    try:
        yield shown
    finally:
        shown.close()


def spread(values: list[float]) -> tuple[float, float, float]:
    """Median, 95th and 99th percentile."""
    return percentile(values, 0.5), percentile(values, 0.95), percentile(values, 0.99)
