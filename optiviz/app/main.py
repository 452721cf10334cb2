"""Starts the window."""

from __future__ import annotations

import gc
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# NumPy comes before Qt: once PySide is there, it reads the source of every module that is imported, for a feature of
# its own, and that takes 15 ms for NumPy's.
from ..scene.files import Opened
from ..scene.first import first_scene

# isort: split
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from .file_commands import place_to_save
from .mishaps import Mishaps, log_file, open_log
from .rescue import Rescue, unsaved_folder
from .settings import Settings
from .window import Window

SWITCH_INTERVAL = 0.0005  # seconds; at Python's 5 ms the worker makes playing stutter


def start(opened: Opened | None = None, path: Path | None = None) -> int:
    """Opens the window with what was read from a file, or as it was left, or for the first time; returns at its end."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = QApplication(["optiviz"])
    app.setApplicationName("OptiViz")
    app.setDesktopFileName("optiviz")
    open_log(log_file())
    window = open_window(Settings(), opened, path)
    rescue = Rescue(window, unsaved_folder())
    Mishaps(rescue.keep, window)
    rescue.offer()
    gc.freeze()  # what is there now stays: searching it for garbage would stop playing for 30 ms now and then
    gc.enable()
    with closing_on_signals(window):
        return app.exec()


@contextmanager
def closing_on_signals(window: Window) -> Iterator[None]:
    """Ctrl+C and a polite kill close the window.

    Python handles a signal when Python runs next, and that may never be, while Qt waits in C for events. So Python's
    own handler sends the signal's number at once through a pair of sockets, and Qt listens at the other end.
    """
    reader, writer = socket.socketpair()
    with reader, writer:
        for end in (reader, writer):
            end.setblocking(False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        signal.set_wakeup_fd(writer.fileno())
        listener = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)

        def close() -> None:
            reader.recv(64)
            window.close_quietly()

        listener.activated.connect(close)
        try:
            yield
        finally:
            listener.setEnabled(False)
            signal.set_wakeup_fd(-1)


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
    if settings.notice:
        window.status_line.say(settings.notice)
    if opened is not None and path is not None:
        window.file.opened(path, opened.messages)
    return window
