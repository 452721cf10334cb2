"""Who gets a key: the window's own keys must work while a lecturer uses the mouse, and controls must work by keyboard.

So a click gives no control the focus, except to what is typed into: Space still plays after a slider was dragged. Who
comes to a control with Tab has its keys: arrows move the slider, Space toggles the box.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QComboBox, QLineEdit, QListView, QWidget

Key = Qt.Key
MOVING = {Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_PageUp, Key.Key_PageDown}
OWN_KEYS = {
    QAbstractSlider: MOVING | {Key.Key_Home, Key.Key_End},
    QComboBox: {Key.Key_Up, Key.Key_Down, Key.Key_Space},
    QAbstractButton: {Key.Key_Space},
    QListView: {Key.Key_Up, Key.Key_Down},
}


class KeysFirst(QObject):
    """Lets a control that has the focus have its keys before the window's actions get them."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            own = next((keys for kind, keys in OWN_KEYS.items() if isinstance(watched, kind)), set())
            if plain and event.key() in own:
                event.accept()
                return True
        elif event.type() == QEvent.Type.MouseButtonPress:
            leave_field()
        return False


class FocusKeeper(QObject):
    """Lets no control get the focus because the one that had it went away: Space would press what nobody chose."""

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        app.focusChanged.connect(self._changed)

    def _changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if old is not None and now is not None and isinstance(now, tuple(OWN_KEYS)):
            control: QWidget = now
            QTimer.singleShot(0, self, lambda: self._check(old, control))  # when it is known whether the old one went

    def _check(self, old: QWidget, now: QWidget) -> None:
        gone = not shiboken6.isValid(old) or not old.isVisible()
        if gone and shiboken6.isValid(now) and now.hasFocus():
            now.clearFocus()


def by_tab(control: QWidget) -> None:
    """Makes a control take the focus from Tab only, and have its own keys then."""
    control.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    control.installEventFilter(KeysFirst(control))


def leave_field() -> None:
    """Takes the focus from a field that is typed into: what was typed is committed, keys go to the window again."""
    field = QApplication.focusWidget()
    if isinstance(field, QLineEdit):
        field.clearFocus()
