"""The command palette: type a few letters, Enter."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QMenu, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ..desk.desk import Desk
from ..session.workspace import Workspace
from ..views.showing import theme_of
from ..widgets.theme import Theme, px
from .command import Command

NAME = "palette"
WIDTH, HEIGHT, TOP = 480, 360, 60  # pixels
MOVING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def plain(text: str) -> str:
    """The text of a menu's entry without the mark of the letter that chooses it."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def words_of(action: QAction) -> str:
    """What the action is called here: with its menu, if that is a menu's menu."""
    menu = next((menu for menu in action.associatedObjects() if isinstance(menu, QMenu)), None)
    inner = menu is not None and isinstance(menu.parent(), QMenu)
    return f"{plain(menu.title())}: {plain(action.text())}" if menu is not None and inner else plain(action.text())


def found(words: str, actions: list[QAction]) -> list[QAction]:
    """The actions whose words or tip have all of these words, those that begin with them first."""
    parts = words.lower().split()
    start = " ".join(parts)

    def rank(action: QAction) -> tuple[bool, bool, bool]:
        text = plain(action.text()).lower()
        return not text.startswith(start), start not in text, start not in words_of(action).lower()

    matching = [a for a in actions if all(part in f"{words_of(a)} {a.toolTip()}".lower() for part in parts)]
    return sorted(matching, key=rank)


class Palette(QDialog):
    """All that can be done now, to be found by typing."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setWindowTitle("Commands")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.possible = [a for a in parent.actions() if a.isEnabled() and a.text() and a.objectName() != NAME]
        self.field = QLineEdit()
        self.field.setObjectName("palette")
        self.field.setPlaceholderText("What do you want to do?")
        self.field.textChanged.connect(self._list)
        self.field.installEventFilter(self)
        self.list = QTreeWidget()
        self.list.setAccessibleName("Commands")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setColumnCount(2)  # what it does, and its keys
        self.list.setHeaderHidden(True)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.setRootIsDecorated(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        self.resize(round(px(WIDTH)), round(px(HEIGHT)))
        self.move(parent.mapToGlobal(QPoint((parent.width() - self.width()) // 2, round(px(TOP)))))
        self._list("")

    def _list(self, words: str) -> None:
        self.list.clear()
        for action in found(words, self.possible):
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            text = words_of(action)
            item = QTreeWidgetItem(self.list, [f"{text}  ✓" if action.isChecked() else text, keys])
            item.setData(0, Qt.ItemDataRole.UserRole, action.objectName())
            item.setToolTip(0, action.toolTip())
            item.setForeground(1, QColor(self.theme.quiet))
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight)
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)
        else:
            nothing = QTreeWidgetItem(self.list, ["Nothing of that name can be done now."])
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)

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

    def _take(self, item: QTreeWidgetItem, *_: object) -> None:
        """Does it, after the palette has gone: what is done may want the window's focus."""
        name = item.data(0, Qt.ItemDataRole.UserRole)
        action = next((action for action in self.possible if action.objectName() == name), None)
        if action is not None:  # the line that says that there is nothing has none
            self.accept()
            action.trigger()


def open_palette(workspace: Workspace, desk: Desk) -> None:
    palette = Palette(desk.window, theme_of(workspace.state))
    palette.show()
    palette.field.setFocus()


def commands() -> Iterator[Command]:
    tip = "Find a command by typing, and do it"
    yield Command(NAME, "&Commands…", open_palette, "Ctrl+Shift+P", tip, "&Help", 1)
