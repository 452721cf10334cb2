"""Files and texts that are dragged onto the window: shown while they hover, opened when they are dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGraphicsView, QWidget

from ..commands import exchanging
from ..commands.exchanging import local_files
from ..commands.opening import Files
from ..desk.desk import Desk
from ..scene.words import in_a_line
from ..session.workspace import Workspace
from ..views.showing import theme_of
from ..widgets import theme as themes
from ..widgets.theme import px

MOST_FILES = 100  # that are looked into while they hover


class DropVeil(QWidget):
    """A frame around the window's content, and what a drop would do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.window_shown = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.theme = themes.LIGHT
        self.text = ""
        self.hide()

    def appear(self, text: str, theme: themes.Theme) -> None:
        self.text, self.theme = text, theme
        self.setGeometry(self.window_shown.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wash, accent = QColor(self.theme.ground), QColor(self.theme.accent)
        wash.setAlpha(90)
        inside = QRectF(self.rect()).adjusted(px(4), px(4), -px(4), -px(4))
        painter.setPen(QPen(accent, px(2)))
        painter.setBrush(wash)
        painter.drawRoundedRect(inside, px(10), px(10))
        font = themes.sans(16, QFont.Weight.DemiBold)
        painter.setFont(font)
        words = QRectF(painter.fontMetrics().boundingRect(self.text)).adjusted(-px(22), -px(10), px(22), px(10))
        words.moveCenter(inside.center())
        painter.setBrush(QColor(self.theme.card))
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.drawRoundedRect(words, px(8), px(8))
        painter.setPen(accent)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text)


class Drops(QObject):
    """Takes what is dropped anywhere on a window. What a text field can use it keeps: it is asked first."""

    def __init__(self, window: QWidget, workspace: Workspace, desk: Desk, files: Files) -> None:
        super().__init__(window)
        self.window, self.workspace, self.desk, self.files = window, workspace, desk, files
        self.veil = DropVeil(window)
        window.setAcceptDrops(True)
        for view in window.findChildren(QGraphicsView):  # these would take everything for their scene, which wants none
            view.setAcceptDrops(False)
            view.viewport().setAcceptDrops(False)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            self._enter(event)
        elif isinstance(event, QDragMoveEvent):
            accept(event)
        elif isinstance(event, QDropEvent):
            self._drop(event)
        elif event.type() == QEvent.Type.DragLeave:
            self.veil.hide()
        else:
            return False
        return True

    def _enter(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        own = event.source() is not None  # a run on its way to another row, a word out of a field
        if own or not event.possibleActions() & Qt.DropAction.CopyAction:
            event.ignore()
        elif reason := self._refusal(mime):
            event.ignore()
            self.desk.say(reason)
        else:
            accept(event)
            self.veil.appear("Drop to open" if mime.hasUrls() else "Drop to paste", theme_of(self.workspace.state))

    def _refusal(self, mime: QMimeData) -> str:
        """Why something cannot be opened, in words; nothing if it is worth trying."""
        if mime.hasUrls():
            paths = local_files(mime)
            if not paths:
                return "Only files on this computer can be opened."
            if any(self.files.can_open(path) for path in paths[:MOST_FILES]):
                return ""
            if len(paths) == 1:
                return f"{in_a_line(paths[0].name)} is no scene, no picture and no lesson."
            return f"None of these {len(paths)} files is a scene, a picture or a lesson."
        if mime.hasText() and "{" in mime.text():
            return ""
        return "This is no scene and no run of OptiViz."

    def _drop(self, event: QDropEvent) -> None:
        self.veil.hide()
        accept(event)
        paths, text = local_files(event.mimeData()), event.mimeData().text()
        # Later: the program from which it comes waits until this event has been handled.
        QTimer.singleShot(0, self, lambda: self._take(paths, text))

    def _take(self, paths: list[Path], text: str) -> None:
        self.window.activateWindow()
        if paths:
            self.files.open_first(paths)
        else:
            exchanging.take_text(self.workspace, self.desk, text, "drop")


def accept(event: QDropEvent) -> None:
    """Accepts a copy: whatever was proposed, what is dragged stays where it is."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
