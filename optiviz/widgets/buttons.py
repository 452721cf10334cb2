"""Buttons made in one line. (Qt's types do not know the properties that PySide's constructors take.)"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QToolButton


def tool_button(text: str = "", tip: str = "", *, checkable: bool = False, name: str = "") -> QToolButton:
    """A small button; `name` is the one by which the style sheet knows it: flat, toggle, play."""
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setToolTip(tip)
    button.setCheckable(checkable)
    return button


def push_button(text: str, clicked: Callable[[], object]) -> QPushButton:
    """A dialog's button and what it does; Enter does not press it."""
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(clicked)
    return button
