"""Starts the window."""

from __future__ import annotations

import gc
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..files.origin import Origin

# NumPy comes before Qt: once PySide is there, it reads the source of every module that is imported, for a feature of
# its own, and that takes 15 ms for NumPy's.
from ..files.scene_files import Opened
from ..scene.first import first_scene

# isort: split
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from ..commands.opening import place_to_save
from ..desk.mishaps import Mishaps, log_file, open_log
from ..desk.settings import Settings
from .rescue import Rescue, unsaved_folder
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
    rescue = Rescue(window.workspace, window.desk, unsaved_folder())
    window.closed.connect(lambda: rescue.close(quietly=window.closing.quiet))
    Mishaps(rescue.keep, window.desk)
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
        window = Window(opened.scene, settings, of_file(opened, place_to_save(path)))
    elif last is not None:
        old, old_path, saved = last
        window = Window(old.scene, settings, of_file(old, old_path))
        if not saved:
            window.workspace.document.forget_saved()
            window.workspace.tell()
    else:
        window = Window(first_scene(), settings)
        window.workspace.play_when_ready()
    if settings.geometry is not None:
        window.restoreGeometry(settings.geometry)
    window.show()
    if settings.notice:
        window.desk.say(settings.notice)
    if opened is not None and path is not None:
        window.files.opened(path, opened.messages)
    return window


def of_file(opened: Opened, path: Path | None) -> Origin:
    """Where a scene comes from that was read from a file, and is to be saved to `path`."""
    return Origin(path=path, foreign=opened.foreign).holding(opened.scene)
