"""Starts the window."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ..scene.files import Opened
from ..scene.first import first_scene
from .file_commands import place_to_save
from .settings import Settings
from .window import Window

SWITCH_INTERVAL = 0.0005  # seconds; at Python's 5 ms the worker makes playing stutter
SIGNALS_MS = 250  # how often Python gets to look for Ctrl+C while Qt waits


def start(opened: Opened | None = None, path: Path | None = None) -> int:
    """Opens the window with what was read from a file, or as it was left, or for the first time; returns at its end."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = QApplication(["optiviz"])
    app.setApplicationName("OptiViz")
    app.setDesktopFileName("optiviz")
    settings = Settings()
    window = open_window(settings, opened, path)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    signal.signal(signal.SIGTERM, lambda *_: window.close())
    pulse = QTimer(app, interval=SIGNALS_MS)
    pulse.timeout.connect(lambda: None)
    pulse.start()
    return app.exec()


def open_window(settings: Settings, opened: Opened | None = None, path: Path | None = None) -> Window:
    """The window, shown. What is not given comes from the last time; at the very first time a race plays by itself."""
    last = settings.last_scene() if opened is None else None
    if opened is not None:
        window = Window(opened.scene, settings, place_to_save(path), opened.foreign)
    elif last is not None:
        old, old_path, saved = last
        window = Window(old.scene, settings, old_path, old.foreign)
        if not saved:
            window.document.forget_saved()
            window.show_state()
    else:
        window = Window(first_scene(), settings)
        window.play_when_ready()
    if settings.geometry is not None:
        window.restoreGeometry(settings.geometry)
    window.show()
    if opened is not None and path is not None:
        window.file.opened(path, opened.messages)
    return window
