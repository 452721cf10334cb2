"""Makes resources/screenshots from the real window, offscreen: `.venv/bin/python packaging/screenshots.py`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
from PIL import Image
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from optiviz.app.settings import Settings
from optiviz.app.window import Window
from optiviz.scene.first import first_scene

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "screenshots"
LARGEST = 200_000  # bytes


def main() -> None:
    app = QApplication([])
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, scratch)
        for theme in ("light", "dark"):
            settings = Settings()
            settings.theme = theme
            window = Window(first_scene(), settings)
            window.editor.select(3)
            window.show()
            while window.result is None:
                QTest.qWait(10)
            window.seek(60)
            window.edit_view("rest", True)
            QTest.qWait(300)
            save(window, FOLDER / f"{theme}.png", Path(scratch))
            window.close()
            app.processEvents()


def save(window: Window, path: Path, scratch: Path) -> None:
    """Writes the window's picture in 256 colours, which quarters the file."""
    raw = scratch / "raw.png"
    window.grab().save(str(raw))
    picture = Image.open(raw).convert("RGB")
    picture.quantize(palette=palette(picture), dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    assert size < LARGEST, f"{path.name} has {size:,} bytes"
    print(f"{path.name}: {size:,} bytes")


def palette(picture: Image.Image) -> Image.Image:
    """The 256 most frequent colours that differ visibly. Pillow's own palettes lose the runs' colours."""
    chosen = np.empty((0, 3), dtype=int)
    for _, color in sorted(picture.getcolors(1 << 24), reverse=True):
        if len(chosen) < 256 and (np.abs(chosen - color).max(axis=1, initial=0) > 4).all():
            chosen = np.vstack([chosen, color])
    result = Image.new("P", (1, 1))
    result.putpalette(chosen.astype(np.uint8).tobytes())
    return result


if __name__ == "__main__":
    main()
