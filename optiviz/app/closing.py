"""The end of a window: no change is lost without a question, and the next start goes on from what was kept."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox

from ..commands.opening import Files
from ..desk.desk import Desk, Role
from ..files import scene_files
from ..files.origin import Origin
from ..scene.first import first_scene
from ..scene.scene import Scene
from ..scene.words import in_a_line
from ..session.state import State
from ..session.workspace import Workspace
from ..widgets.keyboard import leave_field


class Closing(QObject):
    """Asks before changes are lost, and remembers the scene for the next start."""

    def __init__(self, window: QMainWindow, workspace: Workspace, desk: Desk, files: Files) -> None:
        super().__init__(window)
        self.window, self.workspace, self.desk, self.files = window, workspace, desk, files
        self.quiet = False  # nobody is there to answer: the scene is remembered as it is, saved or not
        self._session_ends = False
        self._thrown_away = False
        self._box: QMessageBox | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.commitDataRequest.connect(self.end_session)

    def end_session(self) -> None:
        """The system ends the session, and may end the program without another word."""
        leave_field()  # what has been typed counts
        self.quiet = self._session_ends = True
        self.remember()
        self.desk.settings.sync()

    def show_state(self, old: State | None, new: State) -> None:
        """If the session was about to end and the scene is edited, somebody has called that off."""
        if self._session_ends and old is not None and old.scene is not new.scene:
            self.quiet = self._session_ends = False

    def allowed(self) -> bool:
        """Whether the window may close at once. Otherwise asks, and closes it when the answer allows that."""
        if self.quiet or self._thrown_away or not self.workspace.document.changed:
            return True
        if self._box is None:
            self._ask()
        return False

    def _ask(self) -> None:
        path = self.workspace.document.origin.path
        name = in_a_line(path.name) if path is not None else f"{self.workspace.scene.landscape.name} race"
        save, discard = "&Save" if path is not None else "&Save…", "&Don't save"
        answers = {save: Role.AcceptRole, discard: Role.DestructiveRole, "Cancel": Role.RejectRole}

        def answered(answer: str) -> None:
            self._box = None
            self._thrown_away = answer == discard
            if self._thrown_away or (answer == save and self.files.save()):
                self.window.close()

        question = f"Save the changes to “{name}” before closing?"
        more = "Changes that are not saved are lost."
        self._box = self.desk.ask(question, more, answers, answered, title="Save changes?")
        if self.window.isMinimized():
            self.window.showNormal()  # else nobody would see the question
        self._box.open()

    def remember(self) -> None:
        """Keeps what the next start shows: the scene as it is or, if its changes were thrown away, as it was before."""
        document, settings = self.workspace.document, self.desk.settings
        if self._thrown_away:
            scene, origin = self._as_before()
            settings.remember_scene(scene, origin, saved=True)
        else:
            settings.remember_scene(self.workspace.as_shown(), document.origin, saved=not document.changed)

    def _as_before(self) -> tuple[Scene, Origin]:
        """The scene as it was opened or saved last."""
        path, held = self.workspace.document.origin.path, self.workspace.document.origin.held
        if held is None and path is not None:  # the program was ended with changes, and started again
            with suppress(OSError, ValueError):
                opened = scene_files.read_tolerant(path)
                held = opened.scene, opened.foreign
        return (held[0], Origin(path, held[1])) if held is not None else (first_scene(), Origin())
