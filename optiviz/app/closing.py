"""The end of a window: no change is lost without a question, and the next start goes on from what was kept."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from ..scene import files
from ..scene.first import first_scene
from ..scene.scene import Scene
from .keyboard import leave_field
from .words import in_a_line

if TYPE_CHECKING:
    from .window import Window

Answer = QMessageBox.StandardButton


class Closing(QObject):
    """Asks before changes are lost, and remembers the scene for the next start."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self.quiet = False  # nobody is there to answer: the scene is remembered as it is, saved or not
        self._session_ends = False
        self._thrown_away = False
        self._box: QMessageBox | None = None
        QApplication.instance().commitDataRequest.connect(self.end_session)
        window.document.subscribe(lambda old, new: self._go_on())

    def end_session(self) -> None:
        """The system ends the session, and may end the program without another word."""
        leave_field()  # what has been typed counts
        self.quiet = self._session_ends = True
        self.remember()
        self.window.settings.sync()

    def _go_on(self) -> None:
        """The scene is edited: if the session was about to end, somebody has called that off."""
        if self._session_ends:
            self.quiet = self._session_ends = False

    def allowed(self) -> bool:
        """Whether the window may close at once. Otherwise asks, and closes it when the answer allows that."""
        if self.quiet or self._thrown_away or not self.window.document.changed:
            return True
        if self._box is None:
            self._ask()
        return False

    def _ask(self) -> None:
        path = self.window.document.path
        name = in_a_line(path.name) if path is not None else self.window.name
        box = self._box = QMessageBox(
            QMessageBox.Icon.Question,
            "Save changes?",
            f"Save the changes to “{name}” before closing?",
            Answer.Save | Answer.Discard | Answer.Cancel,
            self.window,
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText("Changes that are not saved are lost.")
        box.button(Answer.Save).setText("&Save" if path is not None else "&Save…")
        box.button(Answer.Discard).setText("&Don't save")
        box.setDefaultButton(Answer.Save)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._answered)
        if self.window.isMinimized():
            self.window.showNormal()  # else nobody would see the question
        box.open()

    def _answered(self, result: int) -> None:
        self._box = None
        self._thrown_away = result == Answer.Discard
        if self._thrown_away or (result == Answer.Save and self.window.file.save()):
            self.window.close()

    def remember(self) -> None:
        """Keeps what the next start shows: the scene as it is or, if its changes were thrown away, as it was before."""
        document = self.window.document
        if self._thrown_away:
            scene, path, foreign = self._as_before()
            self.window.settings.remember_scene(scene, path, True, foreign)
        else:
            scene, saved = self.window.current_scene(), not document.changed
            self.window.settings.remember_scene(scene, document.path, saved, document.foreign)

    def _as_before(self) -> tuple[Scene, Path | None, files.Foreign | None]:
        """The scene as it was opened or saved last."""
        path, held = self.window.document.path, self.window.document.held
        if held is None and path is not None:  # the program was ended with changes, and started again
            with suppress(OSError, ValueError):
                opened = files.read_tolerant(path)
                held = opened.scene, opened.foreign
        return (held[0], path, held[1]) if held is not None else (first_scene(), None, None)
