"""Keeps the unsaved scene every few seconds, and offers after a crash what was kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject, QStandardPaths, QTimer

from ..desk.desk import Desk, Role
from ..files.autosave import Autosave, Slot
from ..session.state import State
from ..session.workspace import Workspace

EVERY_MS = 4000


def unsaved_folder() -> Path:
    """Where running programs keep what is not saved yet."""
    data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(data) / "unsaved"


class Rescue(QObject):
    """The autosave of one workspace, in a slot of its own."""

    def __init__(self, workspace: Workspace, desk: Desk, folder: Path) -> None:
        super().__init__(desk.window)
        self.workspace, self.desk = workspace, desk
        self.autosave = Autosave(folder)
        self._kept: object = None  # what the slot holds
        self._failed = False
        self._clock = QTimer(self)
        self._clock.setInterval(EVERY_MS)
        self._clock.timeout.connect(self.keep)
        workspace.watch(self)

    def show_state(self, old: State | None, new: State) -> None:
        """The clock runs while there is something unsaved, and not while nothing happens."""
        if old is not None and old.scene is not new.scene and not self._clock.isActive():
            self._clock.start()

    @property
    def watching(self) -> bool:
        """Whether something may have to be kept soon."""
        return self._clock.isActive()

    def keep(self) -> None:
        """Keeps the scene if it is unsaved and not kept yet. A failure is told once."""
        document = self.workspace.document
        state = (document.scene, document.origin.path, document.origin.foreign) if document.changed else None
        if state == self._kept:
            self._clock.stop()  # until the next change
            return
        try:
            if state is None:
                self.autosave.clear()
            else:
                self.autosave.save(self.workspace.as_shown(), document.origin)
        except (OSError, ValueError) as error:
            if not self._failed:
                self.desk.say(f"Unsaved changes cannot be kept for a crash: {error}.")
            self._failed = True
            return
        self._kept, self._failed = state, False

    def close(self, *, quietly: bool) -> None:
        """The end: what was saved, or was not wanted, is forgotten; if nobody was asked (`quietly`) it is kept."""
        self._clock.stop()
        if quietly:
            self.keep()
        else:
            self.autosave.clear()
        self.autosave.close()

    def offer(self) -> None:
        """Asks what is to become of the scenes that programs left which ended without saving, one by one.

        The one that this start goes on with anyway is taken over without a question.
        """
        document = self.workspace.document
        unknown = []
        for slot in self.autosave.abandoned():
            known = (slot.scene, slot.origin.path) == (self.workspace.as_shown(), document.origin.path)
            if known and document.changed:
                self._take(slot)
            else:
                unknown.append(slot)
        self._offer_next(unknown)

    def _offer_next(self, slots: list[Slot]) -> None:
        if not slots:
            return
        slot, *others = slots
        path = slot.origin.path
        name = path.name if path else f"{slot.scene.landscape.name} race"
        moment = QDateTime.fromSecsSinceEpoch(round(slot.when.timestamp()))
        when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        answers = {
            "Open it": Role.AcceptRole,
            "Throw it away": Role.DestructiveRole,
            "Not now": Role.RejectRole,
        }

        def answered(answer: str) -> None:
            if answer == "Open it":
                self._open(slot)
            elif answer == "Throw it away":
                self.autosave.discard(slot)
                self._offer_next(others)

        question = f"Open the unsaved scene “{name}”?"
        self.desk.ask(question, f"OptiViz ended on {when} before it was saved.", answers, answered).show()

    def _take(self, slot: Slot) -> bool:
        """Makes the slot this window's; says why if that fails."""
        try:
            if self.autosave.take(slot):
                return True
            self.desk.say("Another window has opened that scene already.")
        except OSError as error:
            self.desk.say(f"The scene cannot be taken over: {error}.")
        return False

    def _open(self, slot: Slot) -> None:
        if not self._take(slot):
            return
        with self.workspace.one_change():
            self.workspace.open(slot.scene, slot.origin, "recovery")
            self.workspace.document.forget_saved()
