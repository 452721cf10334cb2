"""Clerks for the tests: somebody who does what the menus do, at a desk without a window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QMessageBox, QWidget
from workspaces import settle, small_scene

from optiviz import Run, Scene
from optiviz.commands import exchanging
from optiviz.commands.command import Command, Listing
from optiviz.commands.conducting import Lessons
from optiviz.commands.exporting import Exports
from optiviz.commands.opening import Files
from optiviz.commands.tables import TABLES
from optiviz.desk.desk import Desk
from optiviz.desk.settings import Settings
from optiviz.files.origin import Origin
from optiviz.session.document import Document
from optiviz.session.workspace import Workspace


class Clerk:
    """A workspace, a desk on a bare widget, and every command that needs no more. `said` holds what was said."""

    def __init__(self, scene: Scene, origin: Origin | None = None) -> None:
        self.widget = QWidget()
        self.desk = Desk(self.widget, Settings())
        self.said: list[str] = []
        self.desk.said.connect(self.said.append)
        self.workspace = Workspace(scene, origin, theme=self.desk.settings.theme, say=self.desk.say)
        self.lessons = Lessons(self.workspace, self.desk)
        self.conductor = self.lessons.conductor
        self.files = Files(self.workspace, self.desk, self.lessons)
        self.exports = Exports(self.workspace, self.desk)
        declared: list[Command | Listing] = [
            *(*self.files.commands(), *self.exports.commands(), *exchanging.commands(self.files)),
            *(*self.lessons.commands(), *(command for table in TABLES for command in table())),
        ]
        self.commands = {entry.name: entry for entry in declared if isinstance(entry, Command)}
        self.menus: dict[str, QMenu] = {}
        self.listings = {entry.menu: entry for entry in declared if isinstance(entry, Listing)}

    @property
    def document(self) -> Document:
        return self.workspace.document

    @property
    def scene(self) -> Scene:
        return self.workspace.scene

    @property
    def run(self) -> Run:
        """The selected run."""
        run = self.workspace.state.run
        assert run is not None
        return run

    @property
    def path(self) -> Path | None:
        """The scene's file."""
        return self.document.origin.path

    @property
    def status(self) -> str:
        """What was said last; nothing if nothing was."""
        return self.said[-1] if self.said else ""

    @property
    def labels(self) -> list[str | None]:
        return [run.label for run in self.scene.runs]

    def can(self, name: str) -> bool:
        """Whether the command of that name is possible now."""
        return self.commands[name].possible(self.workspace.state)

    def do(self, *names: str) -> None:
        """Gives commands, each of which must be possible."""
        for name in names:
            assert self.can(name), name
            self.commands[name].run(self.workspace, self.desk)

    def text(self, name: str) -> str:
        """How the command is named in the menu now."""
        command = self.commands[name]
        return command.text if command.wording is None else command.wording(self.workspace.state)

    def set(self, name: str, value: object) -> None:
        """Changes a parameter of the selected run, and ends the gesture."""
        self.workspace.attempt(lambda: self.workspace.editor.set_param(name, value))
        self.document.seal()

    def set_up(self, name: str, value: object) -> None:
        """Changes start x, start y, steps, steps_per_epoch, noise or seed, and ends the gesture."""
        self.workspace.attempt(lambda: self.workspace.editor.set_up(name, value))
        self.document.seal()

    def open(self, scene: Scene) -> Sequence[Any]:
        """Goes over to another scene, as opening a file does."""
        self.workspace.open(scene, Origin(), "test")
        return self.settle()

    def settle(self) -> Sequence[Any]:
        """Waits until the scene's runs and what else goes on have been computed: the trajectories."""
        return settle(self.workspace)

    def listed(self, title: str) -> QMenu:
        """The menu of that title whose entries are listed, as it opens."""
        menu = self.menus.get(title)
        if menu is None:
            menu = self.menus[title] = QMenu(title.rpartition("/")[2], self.widget)
            menu.addSeparator()  # the menu's own entries would follow
        self.listings[title].fill(menu, self.workspace, self.desk)
        return menu

    # Message boxes

    @property
    def boxes(self) -> list[QMessageBox]:
        """The message boxes that are open."""
        return [box for box in self.widget.findChildren(QMessageBox) if box.isVisible()]

    @property
    def asked(self) -> str:
        """The question of the message box that is open; nothing if there is none."""
        return " ".join(box.text() for box in self.boxes)

    def message(self) -> str:
        """Reads the message box that is open, and closes it."""
        (box,) = self.boxes
        text = f"{box.text()} {box.informativeText()}"
        box.close()
        return text

    def answer(self, words: str) -> None:
        """Clicks that button of the message box that is open."""
        (box,) = self.boxes
        next(button for button in box.buttons() if button.text().replace("&", "") == words).click()

    def close(self) -> None:
        """The end."""
        for dialog in self.widget.findChildren(QDialog):
            if shiboken6.isValid(dialog):  # it may have gone with another one
                dialog.close()
        self.widget.deleteLater()
        self.workspace.close()
        assert not self.workspace.runner.alive


class Dialogs:
    """Answers the file dialogs; "" gives them up. `proposed` holds what they proposed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.proposed: list[str] = []
        self.chosen: object = ""
        for method in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, method, self._answer)

    def _answer(self, parent: QWidget, title: str, start: str, kinds: str, **options: object) -> tuple[str, str]:
        self.proposed.append(start)
        return str(self.chosen), kinds


@pytest.fixture
def dialogs(monkeypatch: pytest.MonkeyPatch) -> Dialogs:
    """The file dialogs, which are given up unless `chosen` says what they answer."""
    return Dialogs(monkeypatch)


@pytest.fixture
def clerk(qapp: object, own_folders: Path) -> Iterator[Clerk]:
    """Somebody with the small scene, whose runs have been computed."""
    clerk = Clerk(small_scene())
    clerk.settle()
    yield clerk
    clerk.close()


@pytest.fixture
def employ(qapp: object, own_folders: Path) -> Iterator[Any]:
    """Makes more clerks: `employ(scene, origin)`."""
    clerks: list[Clerk] = []

    def employ(scene: Scene, origin: Origin | None = None) -> Clerk:
        clerks.append(Clerk(scene, origin))
        clerks[-1].settle()
        return clerks[-1]

    yield employ
    for clerk in clerks:
        clerk.close()
