"""The menus: made of the commands, in one order, and kept as the state has it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar

from ..desk.desk import Desk
from ..session.state import State, differ
from ..session.workspace import Workspace
from ..widgets.keyboard import leave_field
from .command import Command, Listing

ORDER = ("&File", "&Edit", "&Run", "&View", "&Compare", "&Lessons", "&Help")
# Among which of their menu's parts submenus stand; those that are not named stand behind what comes before them.
PARTS = {
    "&Run/&Add a run": 2,
    "&Run/&Manual decay": 2,
    "&Run/&Hide or show": 2,
    "&View/&Overlays": 3,
    "&View/&Third curve": 4,
    "&View/&Colours of the surface": 4,
}


class Menus:
    """Every command as an action of the window, by name, and the menu bar that they stand in."""

    def __init__(
        self, window: QMainWindow, workspace: Workspace, desk: Desk, declared: Iterable[Command | Listing]
    ) -> None:
        self.window, self.workspace, self.desk = window, workspace, desk
        declared = list(declared)
        self.commands = {entry.name: entry for entry in declared if isinstance(entry, Command)}
        self.actions = {name: self._action(command) for name, command in self.commands.items()}
        self._menus: dict[str, QMenu] = {}
        self._fill(declared)
        self._choices()

    def _action(self, command: Command) -> QAction:
        action = QAction(command.text, self.window)
        action.setObjectName(command.name)
        action.setShortcuts(keys_of(command))
        action.setCheckable(command.checked is not None)
        spoken = " or ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
        action.setToolTip(f"{command.words} ({spoken})" if spoken else command.words)
        if not command.of_fields:
            action.triggered.connect(leave_field)  # what has been typed counts first
        action.triggered.connect(partial(self._run, command))
        self.window.addAction(action)
        return action

    def _run(self, command: Command, *_: object) -> None:
        command.run(self.workspace, self.desk)

    # The menu bar

    def _fill(self, declared: list[Command | Listing]) -> None:
        """Puts every entry into its menu, the menus into the bar, a line between a menu's parts."""
        entries: dict[str, list[tuple[int, Command | str]]] = {title: [] for title in ORDER}
        for entry in declared:
            path = entry.menu
            if not path:
                continue
            if path not in entries:
                entries[path] = []
                parent = path.rpartition("/")[0]
                if parent:
                    entries[parent].append((PARTS.get(path, last_part(entries[parent])), path))
            if isinstance(entry, Command):
                entries[path].append((entry.group, entry))
        bar = self.window.menuBar()
        for title in entries:
            if "/" not in title:
                bar.addMenu(self._menu(title, entries, bar))
        for entry in declared:
            if isinstance(entry, Listing):
                self._list(entry)

    def _menu(self, path: str, entries: dict[str, list[tuple[int, Command | str]]], parent: QMenu | QMenuBar) -> QMenu:
        made = QMenu(path.rpartition("/")[2], parent)  # made here: of menus that Qt makes, PySide sometimes loses hold
        self._menus[path] = made
        commands = [entry for _, entry in entries[path] if isinstance(entry, Command)]
        if not any(command.of_fields for command in commands):  # they may be meant for the field
            made.aboutToShow.connect(leave_field)  # also for the entries that are no commands
        before = None
        for part, entry in sorted(entries[path], key=lambda pair: pair[0]):
            if before is not None and part != before:
                made.addSeparator()
            before = part
            if isinstance(entry, Command):
                made.addAction(self.actions[entry.name])
            else:
                made.addMenu(self._menu(entry, entries, made))
        return made

    def _list(self, listing: Listing) -> None:
        """Lists the entries of a menu when it, or the menu that it is in, is opened."""
        menu = self._menus[listing.menu]
        opened = self._menus.get(listing.menu.rpartition("/")[0], menu)
        opened.aboutToShow.connect(lambda: listing.fill(menu, self.workspace, self.desk))

    def _choices(self) -> None:
        """Shows switches of which one is on as a choice."""
        groups: dict[str, QActionGroup] = {}
        for name, command in self.commands.items():
            if command.one_of:
                group = groups.setdefault(command.menu, QActionGroup(self.window))
                group.addAction(self.actions[name])

    # The state

    def show_state(self, old: State | None, new: State) -> None:
        """Names, checks and enables the actions as the state has it."""
        if not differ(old, new, lambda state: state.at_rest):
            return
        for name, command in self.commands.items():
            action = self.actions[name]
            if command.wording is not None:
                action.setText(command.wording(new))
            if command.checked is not None:
                action.setChecked(command.checked(new))
            action.setEnabled(command.possible(new))
            if old is None or command.keyed(old) != command.keyed(new):
                action.setShortcuts(keys_of(command) if command.keyed(new) else [])


def last_part(entries: list[tuple[int, Command | str]]) -> int:
    return entries[-1][0] if entries else 0


def keys_of(command: Command) -> list[QKeySequence]:
    return [QKeySequence(key) for key in command.keys.split()]
