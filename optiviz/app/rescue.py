"""Keeps the unsaved scene every few seconds, and offers after a crash what was kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import QMessageBox

from ..scene.autosave import Autosave, Slot

if TYPE_CHECKING:
    from .window import Window

EVERY_MS = 4000


def unsaved_folder() -> Path:
    """Where running programs keep what is not saved yet."""
    data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(data) / "unsaved"


class Rescue(QObject):
    """The autosave of one window, in a slot of its own."""

    def __init__(self, window: Window, folder: Path) -> None:
        super().__init__(window)
        self.window = window
        self.autosave = Autosave(folder)
        self._kept: object = None  # what the slot holds
        self._failed = False
        self._clock = QTimer(self, interval=EVERY_MS)
        self._clock.timeout.connect(self.keep)
        window.document.subscribe(lambda old, new: self._start_clock())
        window.closed.connect(self.close)

    def _start_clock(self) -> None:
        """The clock runs while there is something unsaved, and not while nothing happens."""
        if not self._clock.isActive():
            self._clock.start()

    def keep(self) -> None:
        """Keeps the scene if it is unsaved and not kept yet. A failure is told once."""
        document = self.window.document
        state = (document.scene, document.path, document.foreign) if document.changed else None
        if state == self._kept:
            self._clock.stop()  # until the next change
            return
        try:
            if state is None:
                self.autosave.clear()
            else:
                self.autosave.save(self.window.current_scene(), document.path, document.foreign)
        except (OSError, ValueError) as error:
            if not self._failed:
                self.window.status_line.say(f"Unsaved changes cannot be kept for a crash: {error}.")
            self._failed = True
            return
        self._kept, self._failed = state, False

    def close(self) -> None:
        """The end: what was saved, or was not wanted, is forgotten; after a signal nobody was asked, and it is kept."""
        self._clock.stop()
        if self.window.closing.quiet:
            self.keep()
        else:
            self.autosave.clear()
        self.autosave.close()

    def offer(self) -> None:
        """Asks what is to become of the scenes that programs left which ended without saving, one by one.

        The one that this start goes on with anyway is taken over without a question.
        """
        document = self.window.document
        unknown = []
        for slot in self.autosave.abandoned():
            if (slot.scene, slot.path) == (self.window.current_scene(), document.path) and document.changed:
                self._take(slot)
            else:
                unknown.append(slot)
        self._offer_next(unknown)

    def _offer_next(self, slots: list[Slot]) -> None:
        if not slots:
            return
        slot, *others = slots
        name = slot.path.name if slot.path else f"{slot.scene.place.name} race"
        when = QLocale().toString(slot.when.astimezone(), QLocale.FormatType.ShortFormat)
        box = QMessageBox(self.window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("OptiViz")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Open the unsaved scene “{name}”?")
        box.setInformativeText(f"OptiViz ended on {when} before it was saved.")
        wanted = box.addButton("Open it", QMessageBox.ButtonRole.AcceptRole)
        unwanted = box.addButton("Throw it away", QMessageBox.ButtonRole.DestructiveRole)
        box.setEscapeButton(box.addButton("Not now", QMessageBox.ButtonRole.RejectRole))
        box.setDefaultButton(wanted)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def answered() -> None:
            if box.clickedButton() is wanted:
                self._open(slot)
            elif box.clickedButton() is unwanted:
                self.autosave.discard(slot)
                self._offer_next(others)

        box.finished.connect(answered)
        box.setModal(False)  # the window can be closed meanwhile
        box.show()

    def _take(self, slot: Slot) -> bool:
        """Makes the slot this window's; says why if that fails."""
        try:
            if self.autosave.take(slot):
                return True
            self.window.status_line.say("Another window has opened that scene already.")
        except OSError as error:
            self.window.status_line.say(f"The scene cannot be taken over: {error}.")
        return False

    def _open(self, slot: Slot) -> None:
        if not self._take(slot):
            return
        self.window.open_scene(slot.scene, slot.path, "recovery", foreign=slot.foreign)
        self.window.document.forget_saved()
        self.window.show_state()
