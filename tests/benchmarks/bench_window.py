"""What a person feels: dragging, playing, zooming, and that nothing blocks. In the real window, 1280x720."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QSlider
from stage import SIZE, Stage, race, spread, stage
from table import Row, at_least, at_most, benchmark, percentile

from optiviz.engine.surfaces import SURFACES
from optiviz.files.origin import Origin
from optiviz.session.workspace import Workspace

PLAYED = 4.0  # seconds
PLAYS = ((4, 200, "1/frame"), (10, 10_000, "10/frame"), (100, 1_000, "2/frame"), (100, 10_000, "10/frame"))


def frames(label: str, shown: Stage, median: float = 16.7, last: float = 33.0) -> Iterator[Row]:
    intervals = shown.watch.intervals()
    middle, _, p99 = spread(intervals)
    yield at_most(f"{label}: median frame", middle, median)
    yield at_most(f"{label}: p99 frame", p99, last)


@benchmark("play")
def play() -> Iterator[Row]:
    for runs, steps, speed in (
        (4, 200, "1/frame"),
        (10, 10_000, "10/frame"),
        (100, 1_000, "2/frame"),
        (100, 10_000, "10/frame"),
    ):
        with stage(race(runs, steps)) as shown:
            window = shown.window
            window.workspace.player.speed = speed
            window.workspace.player.loop = True
            work = []
            label = f"play {runs} x {steps:,}"
            for share in (0.05, 0.85):
                window.workspace.seek(round(share * steps))
                window.workspace.play()
                shown.run(0.3)
                shown.watch.clear()
                shown.run(PLAYED / 2)
                work.append(shown.watch.work_a_frame())
                if share == 0.05:
                    yield from frames(label, shown)
                window.workspace.toggle_play()
            yield Row(f"{label}: work a frame", f"{work[0]:.3g} ms")
            yield at_most(f"{label}: work a frame at 85 % of the steps over that at 5 %", work[1] / work[0], 1.1, "x")
    yield from rivals()


def rivals() -> Iterator[Row]:
    """The same picture by matplotlib's FuncAnimation with blitting, in a window of the same size."""
    try:
        from matplotlib.animation import FuncAnimation
        from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
        from matplotlib.figure import Figure
    except ImportError:
        yield Row("play with matplotlib's FuncAnimation", "matplotlib is not installed (pip install optiviz[bench])")
        return
    for runs, steps, speed in ((10, 1_000, 1), (100, 1_000, 2), (100, 10_000, 10)):
        with stage(race(runs, steps)) as shown:
            scene, trajectories = shown.window.workspace.result.scene, shown.window.workspace.result.trajectories
        figure = Figure(figsize=(12.8, 7.2), dpi=100)
        canvas = FigureCanvasQTAgg(figure)
        canvas.resize(*SIZE)
        grid = figure.add_gridspec(3, 3)
        plane = figure.add_subplot(grid[:, :2])
        x, y, f = scene.landscape.grid(scene.area, 192, 192, scene.surface_params)
        plane.contourf(x, y, np.log1p(f), 16)
        curves = [figure.add_subplot(grid[row, 2], xlim=(0, steps)) for row in range(3)]
        curves[1].set_yscale("log")
        lines = []
        for run, t in zip(scene.runs, trajectories, strict=True):
            columns = (
                (plane, t.x, t.y),
                *zip(curves, (t.step,) * 3, (t.lr, t.loss, np.hypot(t.x - 1, t.y - 1)), strict=True),
            )
            lines += [(axes.plot(x, y, color=run.color, linewidth=2)[0], x, y) for axes, x, y in columns]
        ticks: list[float] = []

        def draw(
            frame: int, lines: list = lines, ticks: list[float] = ticks, first: int = steps // 2, speed: int = speed
        ) -> list:
            ticks.append(time.perf_counter())
            for line, x, y in lines:
                line.set_data(x[: first + frame * speed], y[: first + frame * speed])
            return [line for line, _, _ in lines]

        canvas.show()
        animation = FuncAnimation(
            figure, draw, frames=steps // 2 // speed, interval=1, blit=True, cache_frame_data=False
        )
        until = QEventLoop()
        QTimer.singleShot(round(PLAYED * 1e3), until.quit)
        until.exec()
        animation.pause()
        canvas.close()
        times = [(after - before) * 1e3 for before, after in pairwise(ticks[2:])]
        yield Row(
            f"play {runs} x {steps:,} with matplotlib's FuncAnimation: median frame", f"{percentile(times, 0.5):.3g} ms"
        )


def latencies(shown: Stage, moves: Iterator[Callable[[], None]]) -> list[float]:
    """Milliseconds from each input until every view has been painted with what it leads to."""
    result = []
    for move in moves:
        began = time.perf_counter()
        move()
        shown.until(shown.all_painted)
        result.append((time.perf_counter() - began) * 1e3)
        shown.run(0.02)
    return result


def drag_slider(shown: Stage) -> Iterator[Callable[[], None]]:
    """Moves of the mouse on the slider of the selected run's rate."""
    slider = shown.window.panel.findChild(QSlider, "lr slider")
    middle = slider.height() / 2
    shown.mouse(slider, QEvent.Type.MouseButtonPress, QPointF(slider.width() * 0.4, middle))
    for i in range(60):
        x = slider.width() * (0.5 + 0.02 * math.sin(i)) + i % 2
        yield lambda x=x: shown.mouse(slider, QEvent.Type.MouseMove, QPointF(x, middle))
    shown.mouse(slider, QEvent.Type.MouseButtonRelease, QPointF(slider.width() * 0.5, middle))


def drag_start(shown: Stage) -> Iterator[Callable[[], None]]:
    """Moves of the mouse with the start in hand."""
    plot = shown.window.dashboard.contours.plot
    at = plot.start_pixel()
    shown.mouse(plot.viewport(), QEvent.Type.MouseButtonPress, at)
    for i in range(60):
        to = at + QPointF(40 * math.sin(i / 5), 20 * math.cos(i / 7) + 10)
        yield lambda to=to: shown.mouse(plot.viewport(), QEvent.Type.MouseMove, to)
    shown.mouse(plot.viewport(), QEvent.Type.MouseButtonRelease, at)


@benchmark("drag")
def drag() -> Iterator[Row]:
    for name, moves in (("a slider", drag_slider), ("the start", drag_start)):
        with stage(race(10, 1_000)) as shown:
            shown.window.workspace.select(7)  # Adam: plain descent would diverge, which is quick
            shown.window.workspace.seek(1_000)
            shown.run(0.5)
            middle, p95, _ = spread(latencies(shown, moves(shown)))
            yield at_most(f"drag of {name}, 10 x 1,000: median", middle, 33)
            yield at_most(f"drag of {name}, 10 x 1,000: p95", p95, 50)


@benchmark("look")
def look() -> Iterator[Row]:
    """CPU time, of all threads, of a change that no number depends on, until all of it is painted."""

    def larger(workspace: Workspace, i: int) -> None:
        workspace.edit_view("overlay_scale", 1.0 + 0.01 * (i + 1))

    def rename(workspace: Workspace, i: int) -> None:
        workspace.attempt(lambda: workspace.editor.rename(0, f"run {i}"))

    changes: dict[str, Callable[[Workspace, int], None]] = {
        "size of overlays": larger,
        "an overlay's key": lambda workspace, i: workspace.toggle_view("show_velocity"),
        "rest of the paths": lambda workspace, i: workspace.toggle_view("rest"),
        "name of a run": rename,
    }
    for steps in (200, 1_000, 10_000):
        with stage(race(10, steps)) as shown:
            workspace = shown.window.workspace
            workspace.seek(steps)
            workspace.edit_view("show_gradient", True)
            shown.run(2.0)  # until the paths past the cursor are no longer shown
            for name, change in changes.items():
                times = []
                for i in range(15):
                    began = time.process_time()
                    change(workspace, i)
                    shown.run(0.06)
                    times.append((time.process_time() - began) * 1e3)
                what, middle = f"look: {name}, 10 x {steps:,}, CPU", percentile(times, 0.5)
                yield at_most(what, middle, 12) if change is larger else Row(what, f"{middle:.3g} ms")


@benchmark("zoom")
def zoom() -> Iterator[Row]:
    """Turns the wheel, then pans, as fast as frames come; then waits for the picture to come to rest."""
    with stage(race(100, 1_000)) as shown:
        window, plot = shown.window, shown.window.dashboard.contours.plot
        window.workspace.seek(1_000)
        shown.run(0.5)
        middle = QPointF(plot.viewport().rect().center())

        def wheel(i: int) -> None:
            delta = 120 if i % 20 < 10 else -120
            event = QWheelEvent(
                middle,
                QPointF(plot.viewport().mapToGlobal(middle.toPoint())),
                QPointF().toPoint(),
                QPointF(0, delta).toPoint(),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(plot.viewport(), event)

        def pan(i: int) -> None:
            at = middle + QPointF(60 * math.sin(i / 6), 40 * math.cos(i / 9) - 40)
            shown.mouse(plot.viewport(), QEvent.Type.MouseMove, at)

        for name, move in (("zoom", wheel), ("pan", pan)):
            if name == "pan":
                off = middle + QPointF(0, 90)
                shown.mouse(plot.viewport(), QEvent.Type.MouseButtonPress, off)
                shown.mouse(plot.viewport(), QEvent.Type.MouseMove, off + QPointF(9, 9))
            shown.watch.clear()
            count = [0]
            timer = QTimer(interval=10, timerType=Qt.TimerType.PreciseTimer)

            def step(move: Callable[[int], None] = move, count: list[int] = count) -> None:
                move(count[0])
                count[0] += 1

            timer.timeout.connect(step)
            timer.start()
            shown.run(PLAYED / 2)
            timer.stop()
            yield at_least(
                f"{name} with 100 x 1,000: frames a second", 1e3 / percentile(shown.watch.intervals(), 0.5), 30, "/s"
            )
            began = time.perf_counter()
            shown.watch.clear()
            shown.run(0.6)
            last = (shown.watch.times[-1] - began) * 1e3 if shown.watch.times else 0.0
            yield at_most(f"{name} with 100 x 1,000: last frame after rest", last, 300)
            if name == "pan":
                shown.mouse(plot.viewport(), QEvent.Type.MouseButtonRelease, middle)


@benchmark("gap")
def gap() -> Iterator[Row]:
    """How late a timer of 4 ms comes while the worker computes."""
    with stage(race(10, 200)) as shown:
        ticks: list[float] = []
        timer = QTimer(interval=4, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
        timer.start()
        shown.window.workspace.open(race(100, 10_000), Origin(), "race")
        while shown.window.workspace.runner.busy:
            shown.run(0.1)
        timer.stop()
        gaps = [(after - before) * 1e3 for before, after in pairwise(ticks)]
        yield at_most("event-loop gap while 100 x 10,000 are computed and shown: p99", percentile(gaps, 0.99), 16)
        yield Row("event-loop gap while 100 x 10,000 are computed and shown: greatest", f"{max(gaps):.3g} ms")


@benchmark("choose")
def choose() -> Iterator[Row]:
    """From the choice of a surface to its contours on the screen."""
    with stage(race(4, 200)) as shown:
        times, workspace = [], shown.window.workspace
        for key in SURFACES:
            began = time.perf_counter()
            workspace.attempt(lambda key=key: workspace.editor.choose_surface(key))
            shown.watch.clear()
            shown.until(lambda: bool(shown.watch.times))
            times.append((time.perf_counter() - began) * 1e3)
            shown.until(shown.settled)
            shown.run(0.1)
        yield at_most("contours of a new surface on screen: greatest of all", max(times[1:]), 60)
