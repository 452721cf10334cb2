"""The menu of the files that were opened or saved last."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QMenu

from ..desk.desk import Desk
from ..scene.words import in_a_line, in_a_menu

MOST = 10
MOST_KEYS = 9  # entries that a digit chooses
FOLDER_WIDTH = 240  # pixels


class RecentFiles:
    """The list, which the settings keep. Of names for the same file only one is in it."""

    def __init__(self, desk: Desk, open_file: Callable[[Path], None]) -> None:
        self.desk = desk
        self.open_file = open_file

    def add(self, path: Path) -> None:
        """Puts a file in front."""
        path = path.resolve()
        others = [other for other in self.desk.settings.recent_files if other != path]
        self.desk.settings.recent_files = [path, *others][:MOST]

    def forget(self, path: Path) -> bool:
        """Takes a file off the list; gives whether it was there."""
        path, listed = path.resolve(), self.desk.settings.recent_files
        self.desk.settings.recent_files = [other for other in listed if other != path]
        return path in listed

    def clear(self) -> None:
        self.desk.settings.recent_files = []

    def fill(self, menu: QMenu) -> None:
        """Lists in the menu what there is now, and the entry that clears the list."""
        menu.clear()
        menu.setToolTipsVisible(True)
        paths = self.desk.settings.recent_files[:MOST]
        menu.menuAction().setEnabled(bool(paths))
        for number, path in enumerate(paths, 1):
            key = f"&{number}" if number <= MOST_KEYS else str(number)
            text = f"{key}  {in_a_menu(path.name)}  —  {in_a_menu(folder_of(path, menu))}"
            action = menu.addAction(text)
            action.triggered.connect(lambda _=False, path=path: self.open_file(path))
            action.setToolTip(in_a_line(str(path), 1000))
        menu.addSeparator()
        clear = menu.addAction("&Clear list")
        clear.triggered.connect(lambda _=False: self.clear())
        clear.setToolTip("Forget these files; they stay where they are")


def folder_of(path: Path, menu: QMenu) -> str:
    """The file's folder, shortened in the middle."""
    folder = path.parent
    home = Path.home()
    text = str(Path("~") / folder.relative_to(home)) if folder.is_relative_to(home) else str(folder)
    return QFontMetrics(menu.font()).elidedText(text, Qt.TextElideMode.ElideMiddle, FOLDER_WIDTH)
