"""Runs and scenes as text, through the clipboard: cut, copied, pasted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtWidgets import QApplication, QLineEdit

from ..scene import pasted
from ..scene.scene import Run, Scene

if TYPE_CHECKING:
    from .window import Window

PAST = {"paste": "Pasted", "drop": "Dropped"}


class ClipboardCommands(QObject):
    """The commands of the Edit menu that exchange something with other programs, for one window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        QApplication.clipboard().dataChanged.connect(self.show_state)

    def show_state(self) -> None:
        """Enables Paste as long as there is something that could be tried."""
        mime = QApplication.clipboard().mimeData()
        usable = mime is not None and (mime.hasText() or mime.hasUrls())
        self.window.actions_by_name["paste"].setEnabled(usable)

    def cut(self) -> None:
        if (run := self._copy()) is not None:
            self.window.editor.delete_run("cut")
            self.window.status_line.say(f"Cut {run.label}.")

    def copy(self) -> None:
        if (run := self._copy()) is not None:
            self.window.status_line.say(f"Copied {run.label}.")

    def _copy(self) -> Run | None:
        run = self.window.editor.run
        if run is not None:
            QApplication.clipboard().setText(pasted.to_text(run))
        return run

    def copy_scene(self) -> None:
        """Puts the whole scene, as it is shown, into the clipboard."""
        scene = self.window.current_scene()
        QApplication.clipboard().setText(pasted.to_text(scene))
        self.window.status_line.say(f"Copied the scene with {count(scene.runs)} as text.")

    def paste(self) -> None:
        """Takes what is in the clipboard: runs, a scene, or files; a text, if a text is being typed."""
        field = QApplication.focusWidget()
        mime = QApplication.clipboard().mimeData()
        if isinstance(field, QLineEdit):
            field.paste()
        elif paths := local_files(mime):
            self.window.file.open_first(paths)
        elif mime.hasText():
            self.take_text(mime.text(), "paste")

    def take_text(self, text: str, how: str) -> None:
        """Adds the runs that a text holds, or opens its scene; `how` it came is one of PAST."""
        window = self.window
        try:
            found = pasted.from_text(text)
            if isinstance(found, Scene):
                window.open_scene(found, None, f"{how} of a scene")
                words = f"a scene with {count(found.runs)}"
            else:
                added = window.editor.insert_runs(found, how)
                words = " and ".join(run.label or "" for run in added) if len(added) < 3 else count(added)
        except ValueError as error:
            window.status_line.say(f"Nothing was {PAST[how].lower()}: {error}.")
            return
        window.status_line.say(f"{PAST[how]} {words}.")


def count(runs: Sequence[Run]) -> str:
    """How many runs: "1 run", "3 runs", "no runs"."""
    number = len(runs)
    return "1 run" if number == 1 else f"{number or 'no'} runs"


def local_files(mime: QMimeData) -> list[Path]:
    """The files on this computer that something dragged or copied stands for."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
