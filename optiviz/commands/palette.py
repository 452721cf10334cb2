"""The command palette: type a few letters, Enter."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ..desk.desk import Desk
from ..session.workspace import Workspace
from ..widgets.theme import px
from .command import Command

NAME = "palette"
WIDTH, HEIGHT, TOP = 480, 360, 60  # pixels
MOVING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def found(words: str, actions: list[QAction]) -> list[QAction]:
    """The actions whose text or tip has all of the words, those whose text begins with them first."""
    parts = words.lower().split()

    def text(action: QAction) -> str:
        return action.text().replace("&", "").lower()

    matching = [a for a in actions if all(part in f"{text(a)} {a.toolTip().lower()}" for part in parts)]
    start = " ".join(parts)
    return sorted(matching, key=lambda a: (not text(a).startswith(start), start not in text(a)))


class Palette(QDialog):
    """All that can be done now, to be found by typing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Commands")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.possible = [a for a in parent.actions() if a.isEnabled() and a.text() and a.objectName() != NAME]
        self.field = QLineEdit()
        self.field.setObjectName("palette")
        self.field.setPlaceholderText("What do you want to do?")
        self.field.textChanged.connect(self._list)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("Commands")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        self.resize(round(px(WIDTH)), round(px(HEIGHT)))
        self.move(parent.mapToGlobal(parent.rect().topLeft()).x() + (parent.width() - self.width()) // 2, TOP)
        self._list("")

    def _list(self, words: str) -> None:
        self.list.clear()
        for action in found(words, self.possible):
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            text = action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
            item = QListWidgetItem(f"{text}    {keys}" if keys else text)
            item.setData(Qt.ItemDataRole.UserRole, action.objectName())
            item.setToolTip(action.toolTip())
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field has the keys; those that move go to the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in MOVING:
                self.list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                item = self.list.currentItem()
                if item is not None:
                    self._take(item)
                return True
        return super().eventFilter(watched, event)

    def _take(self, item: QListWidgetItem) -> None:
        """Does it, after the palette has gone: what is done may want the window's focus."""
        name = item.data(Qt.ItemDataRole.UserRole)
        action = next(action for action in self.possible if action.objectName() == name)
        self.accept()
        action.trigger()


def open_palette(workspace: Workspace, desk: Desk) -> None:
    palette = Palette(desk.window)
    palette.show()
    palette.field.setFocus()


def commands() -> Iterator[Command]:
    tip = "Find a command by typing, and do it"
    yield Command(NAME, "&Commands…", open_palette, "Ctrl+Shift+P", tip, "&Help", 1)
