"""Starts the window."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ..scene.first import first_scene
from ..scene.scene import Scene
from .settings import Settings
from .window import Window

SWITCH_INTERVAL = 0.0005  # seconds; at Python's 5 ms the worker makes playing stutter
SIGNALS_MS = 250  # how often Python gets to look for Ctrl+C while Qt waits


def start(scene: Scene | None = None, path: Path | None = None) -> int:
    """Opens the window with a scene, or as it was left, or with the first scene, which plays; returns at its end."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = QApplication(["optiviz"])
    app.setApplicationName("OptiViz")
    app.setDesktopFileName("optiviz")
    settings = Settings()
    window = open_window(settings, scene, path)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    signal.signal(signal.SIGTERM, lambda *_: window.close())
    pulse = QTimer(app, interval=SIGNALS_MS)
    pulse.timeout.connect(lambda: None)
    pulse.start()
    return app.exec()


def open_window(settings: Settings, scene: Scene | None = None, path: Path | None = None) -> Window:
    """The window, shown. What is not given comes from the last time; at the very first time a race plays by itself."""
    last = settings.last_scene() if scene is None else None
    if scene is not None:
        window = Window(scene, settings, path if path is not None and path.suffix != ".png" else None)
    elif last is not None:
        old, old_path, saved = last
        window = Window(old, settings, old_path)
        if not saved:
            window.document.forget_saved()
            window.show_state()
    else:
        window = Window(first_scene(), settings)
        window.play_when_ready()
    if settings.geometry is not None:
        window.restoreGeometry(settings.geometry)
    window.show()
    return window
