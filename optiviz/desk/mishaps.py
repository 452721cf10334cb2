"""What happens when the program makes a mistake: it is logged, told in words, and the user goes on.

The scene is whole whatever a slot raised, since every edit makes a new one; so the program need not end.
"""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QStandardPaths, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from ..version import __version__
from .desk import Desk, Icon

LARGEST_LOG, OLDER_LOGS = 500_000, 2  # bytes, files
MOST_TOLD = 3  # mishaps of one kind in a session are told; the rest is only logged

log = logging.getLogger("optiviz")


def log_file() -> Path:
    """Where mishaps are written down."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(folder) / "optiviz.log"


def open_log(path: Path) -> None:
    """Begins to write mishaps down. Where that is impossible there is no log, and nothing else is different."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=LARGEST_LOG, backupCount=OLDER_LOGS, encoding="utf-8", delay=True)
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.propagate = False


def details(error: BaseException) -> str:
    """What a developer needs: the traceback and the versions."""
    trace = "".join(traceback.format_exception(error))
    return (
        f"OptiViz {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}\n\n{trace}"
    )


class Mishaps(QObject):
    """Takes every exception that nobody caught, on any thread, until `close`."""

    happened = Signal(object)  # the exception; from any thread

    def __init__(self, keep: Callable[[], None], desk: Desk) -> None:
        """`keep` saves what there is to lose."""
        super().__init__(desk)
        self._keep = keep
        self.desk = desk
        self._told: dict[str, int] = {}
        self._box: QMessageBox | None = None
        self.happened.connect(self._tell)
        self._hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._uncaught
        threading.excepthook = lambda args: self._take(args.exc_value)
        sys.unraisablehook = lambda args: self._take(args.exc_value)

    def close(self) -> None:
        """Gives Python its own ways back."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, trace)
        else:
            self._take(error)

    def _take(self, error: BaseException | None) -> None:
        if error is not None:
            log.error("%s", details(error))
            self.happened.emit(error)

    def _tell(self, error: BaseException) -> None:
        self._keep()
        where = traceback.extract_tb(error.__traceback__)[-1:]
        kind = f"{type(error).__name__} {[(frame.filename, frame.lineno) for frame in where]}"
        self._told[kind] = self._told.get(kind, 0) + 1
        if self._box is not None or self._told[kind] > MOST_TOLD:
            return  # one question at a time: a mistake in a paint event comes back with every frame
        box = self.desk.box(
            "Something went wrong in OptiViz.",
            "Your scene is kept, and you can go on. If it happens again, please send the details to the authors; "
            f"they are also in {log_file()}.",
            icon=Icon.Warning,
        )
        box.setDetailedText(details(error))
        copy = box.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
        copy.clicked.disconnect()  # a message box closes for any button; this one only copies
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(box.detailedText()))
        box.addButton("Go on", QMessageBox.ButtonRole.AcceptRole)
        box.finished.connect(self._answered)
        self._box = box
        box.show()

    def _answered(self, _: int) -> None:
        self._box = None
