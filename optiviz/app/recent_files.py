"""The menu of the files that were opened or saved last."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QMenu

from .words import in_a_line, in_a_menu

if TYPE_CHECKING:
    from .window import Window

MOST = 10
MOST_KEYS = 9  # entries that a digit chooses
FOLDER_WIDTH = 240  # pixels


class RecentFiles:
    """The list, which the settings keep, and its menu. Of names for the same file only one is in it."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.menu = QMenu("Open &recent", window)
        self.menu.setToolTipsVisible(True)

    def add(self, path: Path) -> None:
        """Puts a file in front."""
        path = path.resolve()
        others = [other for other in self.window.settings.recent_files if other != path]
        self.window.settings.recent_files = [path, *others][:MOST]

    def forget(self, path: Path) -> bool:
        """Takes a file off the list; gives whether it was there."""
        path, listed = path.resolve(), self.window.settings.recent_files
        self.window.settings.recent_files = [other for other in listed if other != path]
        return path in listed

    def clear(self) -> None:
        self.window.settings.recent_files = []

    def fill(self) -> None:
        """Lists what there is now, in front of the entry that clears the list."""
        self.menu.clear()
        paths = self.window.settings.recent_files[:MOST]
        self.menu.menuAction().setEnabled(bool(paths))
        for number, path in enumerate(paths, 1):
            key = f"&{number}" if number <= MOST_KEYS else str(number)
            text = f"{key}  {in_a_menu(path.name)}  —  {in_a_menu(self._folder(path))}"
            action = self.menu.addAction(text, lambda path=path: self.window.file.open(path))
            action.setToolTip(in_a_line(str(path), 1000))
        self.menu.addSeparator()
        self.menu.addAction("&Clear list", self.clear).setToolTip("Forget these files; they stay where they are")

    def _folder(self, path: Path) -> str:
        """The file's folder, shortened in the middle."""
        folder = path.parent
        home = Path.home()
        text = str(Path("~") / folder.relative_to(home)) if folder.is_relative_to(home) else str(folder)
        return QFontMetrics(self.menu.font()).elidedText(text, Qt.TextElideMode.ElideMiddle, FOLDER_WIDTH)
