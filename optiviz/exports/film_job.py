"""Animations are drawn by a second process, so that the window stays smooth: drawing in a thread would hold it up."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from .. import assets
from ..files import scene_files
from ..scene.scene import Scene
from ..widgets.buttons import push_button

WAIT_MS = 3000  # for a process that was told to end
MARGIN = 24  # pixels between the dialog and the window's edge
LEAST_FRAMES = 10  # before the time that is left is told


class Cancelled(Exception):
    """The animation is not wanted any more."""


def command() -> list[str]:
    """What starts this program, as a second process."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-P", "-m", "optiviz"]  # -P: not whatever is called so in the current folder


def environment() -> QProcessEnvironment:
    """Such that the second process runs the code that this one runs."""
    environment = QProcessEnvironment.systemEnvironment()
    paths = [str(assets.PACKAGE.parent), environment.value("PYTHONPATH")]
    environment.insert("PYTHONPATH", os.pathsep.join(path for path in paths if path))
    environment.insert("PYTHONIOENCODING", "utf-8")
    return environment


class FilmJob(QObject):
    """Writes one animation. What it draws lies in a folder of its own until it is whole; then it is put in place."""

    progressed = Signal(int, int)  # frames done, and of how many
    ended = Signal(str)  # why it failed; nothing if it did not

    def __init__(self, parent: QObject, scene: Scene, path: Path, kind: str, options: Sequence[str]) -> None:
        """`options` are those of `optiviz run`. Raises OSError in words if `path` cannot be written."""
        super().__init__(parent)
        self.path = path
        self._stack = ExitStack()
        try:
            folder = Path(
                self._stack.enter_context(TemporaryDirectory(prefix="optiviz-film-", ignore_cleanup_errors=True))
            )
            self._target = self._stack.enter_context(scene_files.replacing(path))
            self._drawn = folder / f"animation.{kind}"
            scene_files.write(scene, folder / "scene.optiviz")
        except BaseException:
            self._clear()
            raise
        self._output = b""
        self._process = QProcess(self)
        self._process.setProcessEnvironment(environment())
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)
        program, *words = command()
        words += ["run", f"--scene={folder / 'scene.optiviz'}", f"--{kind}={self._drawn}", "--progress", *options]
        self._process.start(program, words)

    @property
    def running(self) -> bool:
        return self._process.state() != QProcess.ProcessState.NotRunning

    def cancel(self) -> None:
        """Ends it, and leaves nothing behind."""
        self._process.blockSignals(True)
        self._process.kill()
        self._process.waitForFinished(WAIT_MS)
        self._clear()

    def _clear(self) -> None:
        """Removes what is not finished."""
        reason = Cancelled()
        self._stack.__exit__(Cancelled, reason, None)

    def _read(self) -> None:
        *lines, self._output = (self._output + bytes(self._process.readAllStandardOutput().data())).split(b"\n")
        for line in lines:
            match line.split():
                case [b"frame", done, b"of", count]:
                    self.progressed.emit(int(done), int(count))

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:  # everything else ends in `finished`
            self._end("the process that draws could not be started")

    def _finished(self, status: int, how: QProcess.ExitStatus) -> None:
        said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        if how == QProcess.ExitStatus.CrashExit:
            self._end("the process that draws has ended unexpectedly")
        elif status:
            said = said.removeprefix("optiviz: ").replace(str(self._drawn), str(self.path))
            self._end(said or f"the process that draws has ended with status {status}")
        else:
            self._end("")

    def _end(self, reason: str) -> None:
        if reason:
            self._clear()
        else:
            try:
                with scene_files.writing(self.path):
                    shutil.copyfile(self._drawn, self._target)
                self._stack.close()
            except OSError as error:
                reason = str(error)
                self._clear()
        self.ended.emit(reason)


class FilmProgress(QDialog):
    """How far an animation is, and a way to cancel it; the window behind it can be used."""

    def __init__(self, parent: QWidget, job: FilmJob) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Animation {job.path.name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # keys go on going to the window
        self.job = job
        job.setParent(self)
        self._began: tuple[float, int] | None = None
        self.words = QLabel("Beginning…")
        self.words.setWordWrap(True)
        self.words.setMinimumWidth(330)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.button = push_button("Cancel", self.reject)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space, meant for the window, must not press it; Esc does
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self.words)
        layout.addLayout(row)
        job.progressed.connect(self._progressed)
        job.ended.connect(self._ended)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.aboutToQuit.connect(self.stop)

    def appear(self) -> None:
        """Shows itself in the window's lower right corner, where it hides least."""
        self.adjustSize()
        parent = self.parentWidget()
        assert parent is not None
        corner = parent.window().frameGeometry().bottomRight()
        self.move(corner.x() - self.width() - MARGIN, corner.y() - self.height() - 2 * MARGIN)
        self.show()

    def _progressed(self, done: int, count: int) -> None:
        now = time.monotonic()
        if self._began is None:
            self._began = now, done
        self.bar.setRange(0, count)
        self.bar.setValue(done)
        words = f"Frame {done} of {count}"
        if done - self._began[1] >= LEAST_FRAMES and done < count:
            left = (now - self._began[0]) / (done - self._began[1]) * (count - done)
            words += f", {time_left(left)} left"
        self.words.setText(words)

    def _ended(self, reason: str) -> None:
        if not reason:
            self.accept()
            return
        self.words.setText(f"The animation was not written: {reason}.")
        self.bar.hide()
        self.button.setText("Close")
        self.adjustSize()

    def stop(self) -> None:
        """Ends what is still going on."""
        if self.job.running:
            self.job.cancel()

    def reject(self) -> None:
        self.stop()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stop()
        super().closeEvent(event)


def time_left(seconds: float) -> str:
    """A time in the words of somebody who waits."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"
