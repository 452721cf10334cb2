"""The clock: plays, takes what has been computed, and stops when nothing moves."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from ..session.state import State
from ..session.workspace import Workspace
from .bars.status_line import SHOW_PROGRESS_AFTER, StatusLine

FRAME_MS = 16
PREVIEW_MS = 1500  # for so long after an edit the paths past the cursor are shown, so that one sees them bend


class Clock(QObject):
    """Ticks once a frame while something moves. What nobody sees is not told: time goes on, and nothing is drawn."""

    def __init__(
        self, parent: QObject, workspace: Workspace, status_line: StatusLine, on_screen: Callable[[], bool]
    ) -> None:
        super().__init__(parent)
        self.workspace, self.status_line, self.on_screen = workspace, status_line, on_screen
        self._busy_since: float | None = None
        self._last_frame = time.perf_counter()
        self._frames = QTimer(self)
        self._frames.setInterval(FRAME_MS)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._tick)
        self.preview = QTimer(self)
        self.preview.setInterval(PREVIEW_MS)
        self.preview.setSingleShot(True)
        self.preview.timeout.connect(workspace.end_preview)

    @property
    def running(self) -> bool:
        """Whether it ticks."""
        return self._frames.isActive()

    def show_state(self, old: State | None, new: State) -> None:
        if new.preview and (old is None or old.scene is not new.scene):
            self.preview.start()
        if new.playing or self.workspace.busy:
            self.start()

    def start(self) -> None:
        if not self._frames.isActive():
            self._last_frame = time.perf_counter()
            self._frames.start()

    def stop(self) -> None:
        self._frames.stop()
        self.preview.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        seconds, self._last_frame = now - self._last_frame, now
        workspace = self.workspace
        workspace.take_study()
        self._show_progress(now)
        workspace.advance(seconds)
        if self.on_screen() or not workspace.player.playing:
            workspace.tell()
        if not workspace.player.playing and not workspace.busy:
            self._frames.stop()

    def _show_progress(self, now: float) -> None:
        """Shows how far a computation is that takes long."""
        if not self.workspace.busy:
            if self._busy_since is not None:
                self.status_line.show_progress(None)
            self._busy_since = None
        elif self._busy_since is None:
            self._busy_since = now
        elif now - self._busy_since > SHOW_PROGRESS_AFTER:
            self.status_line.show_progress(self.workspace.progress)
