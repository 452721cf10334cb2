"""Animations: contours and five paths of 1,000 points, 300 frames of 960x720, beside matplotlib's FuncAnimation."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from table import Row, at_least, benchmark, milliseconds

from optiviz import Run, Scene, simulate
from optiviz.pictures.animation import save
from optiviz.pictures.figure import application, figure
from optiviz.pictures.look import Film, Look, Size

SIZE, FRAMES = (960, 720), 300
STEPS = 1000
TIMES = {"gif": 5.0, "mp4": 3.0}  # as fast as matplotlib, at least
RATES = {"gd": 1e-3, "momentum": 2e-4, "rmsprop": 0.01, "adam": 0.02, "adagrad": 0.3}
LEVELS, GRID = 16, 192  # as the window has them


def scene() -> Scene:
    return Scene("rosenbrock", steps=STEPS, runs=[Run(key, lr=lr) for key, lr in RATES.items()])


def ours(path: Path, kind: str) -> None:
    """From the scene to the file, simulation and all."""
    application()
    race = scene()
    film = Film(0, STEPS, speed=STEPS / (FRAMES - 1), hold=0)
    assert film.count == FRAMES
    with figure(race, simulate(race), Look("contours", Size(*SIZE))) as made:
        save(path, kind, made, film)


def theirs(path: Path, kind: str) -> None:
    """The same with matplotlib: contours drawn once, lines that grow, heads, blitting off as its writers want it."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt
    from matplotlib import animation

    race = scene()
    trajectories = simulate(race)
    drawing, axes = plt.subplots(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100)
    x, y, losses = race.place.grid(race.window, GRID, GRID, race.surface_params)
    values = np.log1p(losses - losses.min())
    axes.imshow(values, extent=race.window, origin="lower", aspect="auto", cmap="Blues_r", interpolation="bilinear")
    axes.contour(x, y, values, LEVELS, colors="#8ea3b9", linewidths=0.7)
    lines = [axes.plot([], [], lw=2, label=run.label, color=run.color)[0] for run in race.runs]
    heads = [axes.plot([], [], "o", color=run.color)[0] for run in race.runs]
    axes.legend(loc="upper right")

    def show(frame: int) -> list[object]:
        step = round(frame * STEPS / (FRAMES - 1))
        for line, head, trajectory in zip(lines, heads, trajectories, strict=True):
            line.set_data(trajectory.x[: step + 1], trajectory.y[: step + 1])
            head.set_data(trajectory.x[step : step + 1], trajectory.y[step : step + 1])
        return [*lines, *heads]

    movie = animation.FuncAnimation(drawing, show, frames=FRAMES, interval=1000 / 30)
    writer = animation.PillowWriter(fps=30) if kind == "gif" else animation.FFMpegWriter(fps=30)
    movie.save(path, writer=writer)
    plt.close(drawing)


def has(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def find_ffmpeg() -> bool:
    """Shows matplotlib an ffmpeg: the system's, or that of imageio-ffmpeg."""
    from matplotlib import animation, rcParams

    if not animation.FFMpegWriter.isAvailable() and has("imageio_ffmpeg"):
        import imageio_ffmpeg

        rcParams["animation.ffmpeg_path"] = imageio_ffmpeg.get_ffmpeg_exe()
    return animation.FFMpegWriter.isAvailable()


def measured(write: Callable[[Path, str], None], kind: str) -> tuple[float, float]:
    """Seconds and megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{kind}"
        seconds = milliseconds(lambda: write(path, kind)) / 1e3
        return seconds, path.stat().st_size / 1e6


@benchmark("animation")
def animations() -> Iterator[Row]:
    what = f"{FRAMES} frames {SIZE[0]}x{SIZE[1]}"
    for kind in ("gif", "webp", "apng", "mp4", "webm"):
        if kind in ("mp4", "webm") and not has("av"):
            yield Row(f"{kind.upper()}, {what}", "av is not installed (the extra video)")
            continue
        seconds, size = measured(ours, kind)
        yield Row(f"{kind.upper()}, {what}", f"{seconds:.2f} s, {size:.2f} MB")
        if kind not in TIMES:
            continue
        if not has("matplotlib"):
            yield Row(f"{kind.upper()}, matplotlib", "matplotlib is not installed (the extra bench)")
            continue
        if kind == "mp4" and not find_ffmpeg():
            yield Row("MP4, matplotlib", "ffmpeg is not installed, nor is imageio-ffmpeg (the extra bench)")
            continue
        other_seconds, other_size = measured(theirs, kind)
        yield Row(f"{kind.upper()}, matplotlib", f"{other_seconds:.2f} s, {other_size:.2f} MB")
        yield at_least(f"{kind.upper()}, as fast as matplotlib", other_seconds / seconds, TIMES[kind])
        yield at_least(f"{kind.upper()}, as small as matplotlib's", other_size / size, 1.0)
