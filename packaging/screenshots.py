"""Makes resources/screenshots from the real window, offscreen: `.venv/bin/python packaging/screenshots.py`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
from PIL import Image
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from optiviz.app.presenting import scale_for as presenting_scale
from optiviz.app.window import Window
from optiviz.desk.settings import Settings
from optiviz.laboratories.decay_laboratory import DecayLaboratory
from optiviz.scene.first import first_scene

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "screenshots"
LARGEST = 200_000  # bytes


def main() -> None:
    app = QApplication([])
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, scratch)
        for name, (theme, prepare) in SHOTS.items():
            settings = Settings()
            settings.theme = theme
            window = Window(first_scene(), settings)
            window.show()
            wait_for(window)
            shown = prepare(window)
            QTest.qWait(1200)
            save(shown, FOLDER / f"{name}.png", Path(scratch))
            window.close_quietly()
            app.processEvents()


def wait_for(window: Window) -> None:
    while window.workspace.result is None or window.workspace.runner.busy:
        QTest.qWait(10)


def race(window: Window) -> QWidget:
    window.workspace.select(3)
    window.workspace.seek(60)
    window.workspace.edit_view("rest", True)
    return window


def arithmetic(window: Window) -> QWidget:
    window.workspace.select(3)
    window.workspace.seek(4)
    for name in ("arithmetic", "show_velocity", "show_step"):
        window.workspace.edit_view(name, True)
    for _ in range(3):
        window.workspace.next_line()
    return window


def laboratory(window: Window) -> QWidget:
    window.actions_by_name["laboratory"].trigger()
    (shown,) = window.findChildren(DecayLaboratory)
    return shown


def presenting(window: Window) -> QWidget:
    for _ in range(7):
        window.lessons.conductor.next()
    wait_for(window)
    window.presenter.enter()
    window.showNormal()
    window.resize(1280, 720)
    window.workspace.appear(scale=presenting_scale(window.size()))  # the offscreen screen is smaller than that
    window.workspace.pause()
    window.workspace.seek(30)
    return window


SHOTS: dict[str, tuple[str, Callable[[Window], QWidget]]] = {
    "light": ("light", race),
    "dark": ("dark", race),
    "arithmetic": ("light", arithmetic),
    "laboratory": ("light", laboratory),
    "presenting": ("dark", presenting),
}


def save(widget: QWidget, path: Path, scratch: Path) -> None:
    """Writes the widget's picture in 256 colours, which quarters the file."""
    raw = scratch / "raw.png"
    widget.grab().save(str(raw))
    picture = Image.open(raw).convert("RGB")
    picture.quantize(palette=palette(picture), dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    assert size < LARGEST, f"{path.name} has {size:,} bytes"
    print(f"{path.name}: {size:,} bytes")


def palette(picture: Image.Image) -> Image.Image:
    """The 256 most frequent colours that differ visibly. Pillow's own palettes lose the runs' colours."""
    colors, counts = np.unique(np.asarray(picture).reshape(-1, 3), axis=0, return_counts=True)
    chosen = np.empty((0, 3), dtype=int)
    for color in colors[np.lexsort((*colors.T[::-1], counts))[::-1]].astype(int):
        if len(chosen) < 256 and (np.abs(chosen - color).max(axis=1, initial=0) > 4).all():
            chosen = np.vstack([chosen, color])
    result = Image.new("P", (1, 1))
    result.putpalette(chosen.astype(np.uint8).tobytes())
    return result


if __name__ == "__main__":
    main()
