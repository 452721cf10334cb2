"""Presenting: the whole screen, large type, only the views and the lesson; and back to exactly the window before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPointF, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QCursor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from . import theme as themes
from .theme import px

if TYPE_CHECKING:
    from .window import Window

IDLE = 2.5  # seconds without the mouse after which the transport hides
WATCH_MS = 60
READABLE = (0.0012, 0.0021)  # type scale per pixel of the screen's width and height: 1.5 at 1280x720, 2.3 at 1920x1080
SMALLEST, LARGEST = 1.2, 4.0


class Veil(QWidget):
    """Lies over the window: black, or a ring around the mouse. Lets every click through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.black = False
        self.spot: QPointF | None = None
        self.color = QColor()
        self.hide()

    def show_state(self, *, black: bool, spot: QPointF | None, color: str) -> None:
        self.black, self.spot, self.color = black, spot, QColor(color)
        self.setVisible(black or spot is not None)
        if self.isVisible():
            self.setGeometry(self.parentWidget().rect())
            self.raise_()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.black:
            painter.fillRect(self.rect(), Qt.GlobalColor.black)
        elif self.spot is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            inside = QColor(self.color)
            inside.setAlpha(60)
            painter.setPen(QPen(self.color, px(2.5)))
            painter.setBrush(inside)
            painter.drawEllipse(self.spot, px(20), px(20))


class Presenter:
    """Presents a window. Blank screen and pointer work at any time, the rest while presenting."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.on = False
        self.blank = False
        self.pointer = False
        self.veil = Veil(window)
        self._geometry = QByteArray()
        self._mouse, self._moved = QCursor.pos(), time.monotonic()
        self._watch = QTimer(window, interval=WATCH_MS)
        self._watch.timeout.connect(self._look)

    @property
    def geometry(self) -> QByteArray | None:
        """The geometry of the window before, while presenting."""
        return self._geometry if self.on else None

    def fit_veil(self) -> None:
        """The window's size has changed."""
        self._show_veil()

    def close(self) -> None:
        """The window closes."""
        self._watch.stop()
        themes.set_scale(1.0)

    def toggle(self) -> None:
        if self.on:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        """Fills the screen with the views, in type that the last row can read."""
        window = self.window
        self._geometry = window.saveGeometry()
        self.on = True
        themes.set_scale(scale_for(window.screen().size()))
        window.show_presenting(True)
        window.showFullScreen()
        self._moved = time.monotonic()
        self._show_veil()

    def leave(self) -> None:
        """Back to the window as it was."""
        self.on = self.blank = self.pointer = False
        themes.set_scale(1.0)
        window = self.window
        window.show_presenting(False)
        window.showNormal()
        window.restoreGeometry(self._geometry)
        window.transport.show()
        self._show_veil()

    def escape(self) -> None:
        """What is most on top goes away."""
        if self.blank:
            self.toggle_blank()
        elif self.on:
            self.leave()

    def toggle_blank(self) -> None:
        """A black screen, so that all look at the speaker; and back."""
        self.blank = not self.blank
        self._show_veil()

    def toggle_pointer(self) -> None:
        """A ring around the mouse, so that all see where it is; and off."""
        self.pointer = not self.pointer
        self._show_veil()

    def _show_veil(self) -> None:
        actions = self.window.actions_by_name
        actions["present"].setChecked(self.on)
        actions["escape"].setEnabled(self.on or self.blank)  # else Escape belongs to the field that is being typed in
        spot = QPointF(self.window.mapFromGlobal(QCursor.pos())) if self.pointer else None
        self.veil.show_state(black=self.blank, spot=spot, color=self.window.theme.accent)
        if self.pointer or self.on:
            self._watch.start()
        else:
            self._watch.stop()

    def _look(self) -> None:
        """Follows the mouse, and hides the transport when it rests."""
        mouse = QCursor.pos()
        if mouse != self._mouse:
            self._mouse, self._moved = mouse, time.monotonic()
            if self.pointer:
                self._show_veil()
        if self.on:
            resting = time.monotonic() - self._moved > IDLE
            self.window.transport.setVisible(not resting or self._over_transport())

    def _over_transport(self) -> bool:
        transport = self.window.transport
        corner = transport.parentWidget().mapToGlobal(transport.pos())
        return transport.isVisible() and QRect(corner, transport.size()).contains(QCursor.pos())


def scale_for(screen: QSize) -> float:
    """How large type must be on a screen of that size (in Qt's pixels, which a dense screen has fewer of)."""
    return min(max(min(screen.width() * READABLE[0], screen.height() * READABLE[1]), SMALLEST), LARGEST)
