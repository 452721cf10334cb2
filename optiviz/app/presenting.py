"""Presenting: the whole screen, large type, only the views and the lesson; and back to exactly the window before."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import QByteArray, QPoint, QPointF, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QCursor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMainWindow, QWidget

from ..commands.command import Command
from ..session.state import Appearance, State, differ
from ..session.workspace import Workspace
from ..views.showing import theme_of
from ..widgets import theme as themes
from ..widgets.theme import px

IDLE = 2.5  # seconds without the mouse after which the transport hides
WATCH_MS = 60
READABLE = (0.0012, 0.0021)  # type scale per pixel of the screen's width and height: 1.5 at 1280x720, 2.3 at 1920x1080
SMALLEST, LARGEST = 1.2, 4.0


class Veil(QWidget):
    """Lies over the window: black, or a ring around the mouse. Lets every click through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.window_shown = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.black = False
        self.spot: QPointF | None = None
        self.color = QColor()
        self.hide()

    def show_veil(self, *, black: bool, spot: QPointF | None, color: str) -> None:
        self.black, self.spot, self.color = black, spot, QColor(color)
        self.setVisible(black or spot is not None)
        if self.isVisible():
            self.setGeometry(self.window_shown.rect())
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

    def __init__(self, window: QMainWindow, workspace: Workspace) -> None:
        self.window, self.workspace = window, workspace
        self.transport: QWidget | None = None  # what hides while the mouse rests
        self.veil = Veil(window)
        self._geometry = QByteArray()
        self._mouse, self._moved = QCursor.pos(), time.monotonic()
        self._watch = QTimer(window)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(self._look)

    @property
    def appearance(self) -> Appearance:
        return self.workspace.state.appearance

    @property
    def on(self) -> bool:
        """Whether the window is being presented."""
        return self.appearance.presenting

    @property
    def watching(self) -> bool:
        """Whether it follows the mouse."""
        return self._watch.isActive()

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
        self.workspace.appear(presenting=True, scale=scale_for(window.screen().size()))
        window.showFullScreen()
        self._moved = time.monotonic()
        self._show_veil()

    def leave(self) -> None:
        """Back to the window as it was."""
        window = self.window
        self.workspace.appear(presenting=False, blank=False, pointer=False, scale=1.0)
        window.showNormal()
        window.restoreGeometry(self._geometry)
        if self.transport is not None:
            self.transport.show()
        self._show_veil()

    def escape(self) -> None:
        """What is most on top goes away."""
        if self.appearance.blank:
            self.toggle_blank()
        elif self.on:
            self.leave()

    def toggle_blank(self) -> None:
        """A black screen, so that all look at the speaker; and back."""
        self.workspace.appear(blank=not self.appearance.blank)

    def toggle_pointer(self) -> None:
        """A ring around the mouse, so that all see where it is; and off."""
        self.workspace.appear(pointer=not self.appearance.pointer)

    def show_state(self, old: State | None, new: State) -> None:
        if differ(old, new, lambda state: state.appearance):
            self._show_veil()

    def _show_veil(self) -> None:
        look = self.appearance
        spot = QPointF(self.window.mapFromGlobal(QCursor.pos())) if look.pointer else None
        self.veil.show_veil(black=look.blank, spot=spot, color=theme_of(self.workspace.state).accent)
        if look.pointer or look.presenting:
            self._watch.start()
        else:
            self._watch.stop()

    def _look(self) -> None:
        """Follows the mouse, and hides the transport when it rests."""
        mouse = QCursor.pos()
        if mouse != self._mouse:
            self._mouse, self._moved = mouse, time.monotonic()
            if self.appearance.pointer:
                self._show_veil()
        if self.on and self.transport is not None:
            resting = time.monotonic() - self._moved > IDLE
            self.transport.setVisible(not resting or over(self.transport, mouse))

    def commands(self) -> Iterator[Command]:
        view = "&View"
        tip = "Full screen, large type, and back"
        yield Command(
            "present",
            "&Present",
            lambda workspace, desk: self.toggle(),
            "F11",
            tip,
            view,
            5,
            checked=lambda state: state.appearance.presenting,
        )
        tip = "A black screen, and back"
        yield Command("blank", "&Black screen", lambda w, d: self.toggle_blank(), "B", tip, view, 5)
        tip = "A ring around the mouse, and off"
        yield Command("pointer", "Pointer &ring", lambda w, d: self.toggle_pointer(), "P", tip, view, 5)
        # Where there is nothing to leave, Escape belongs to the field that is being typed in.
        yield Command(
            "escape",
            "Leave presenting",
            lambda workspace, desk: self.escape(),
            "Esc",
            possible=lambda state: state.appearance.presenting or state.appearance.blank,
        )


def over(widget: QWidget, mouse: QPoint) -> bool:
    """Whether the mouse is over a widget that is shown."""
    corner = widget.mapToGlobal(QPoint(0, 0))
    return widget.isVisible() and QRect(corner, widget.size()).contains(mouse)


def scale_for(screen: QSize) -> float:
    """How large type must be on a screen of that size (in Qt's pixels, which a dense screen has fewer of)."""
    return min(max(min(screen.width() * READABLE[0], screen.height() * READABLE[1]), SMALLEST), LARGEST)
