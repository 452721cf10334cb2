"""The window's layout: where its parts are, on a desk and while presenting."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QVBoxLayout, QWidget

from ..panel.panel import Panel
from ..session.state import State, differ
from ..views.dashboard import CURVES_SHARE, GAP, Dashboard
from ..views.lesson_card import LessonCard
from .bars.status_line import StatusLine
from .bars.tool_row import ToolRow
from .bars.transport import Transport

LESSON_SHARE = 0.25  # of the width, when presenting
CURVES_WHEN_PRESENTING, ARITHMETIC_WHEN_PRESENTING = 33, 47  # hundredths of the views' width
LESSON_HEIGHT = 0.6  # of the height, at most, over the panel
QWIDGETSIZE_MAX = (1 << 24) - 1  # Qt's own name for "no limit", which PySide6 lacks


@dataclass(frozen=True)
class Parts:
    """What the window consists of."""

    panel: Panel
    card: LessonCard
    dashboard: Dashboard
    transport: Transport
    tools: ToolRow
    status_line: StatusLine


class Arrangement:
    """Puts the parts into the window, and gives each the room that it needs."""

    def __init__(self, window: QMainWindow, parts: Parts, caption: QLabel) -> None:
        self.window, self.parts = window, parts
        self._presenting = False
        window.menuBar().setCornerWidget(caption)
        parts.dashboard.column.addWidget(parts.transport)
        parts.dashboard.top.insertWidget(0, parts.tools)
        left = QVBoxLayout()
        left.setSpacing(GAP)
        left.addWidget(parts.card)
        left.addWidget(parts.panel, 1)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addLayout(left)
        row.addWidget(parts.dashboard, 1)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(GAP, 2, GAP, 2)
        column.setSpacing(2)
        column.addLayout(row, 1)
        column.addWidget(parts.status_line)
        window.setCentralWidget(centre)
        parts.dashboard.contours.resized.connect(self.float_transport)

    def show_state(self, old: State | None, new: State) -> None:
        presenting = new.appearance.presenting
        if presenting != self._presenting:
            self._presenting = presenting
            self._present(presenting)
        if differ(old, new, lambda state: (state.appearance, state.scene.view.arithmetic)):
            # Large type wants more for the arithmetic than for curves.
            share = ARITHMETIC_WHEN_PRESENTING if new.scene.view.arithmetic else CURVES_WHEN_PRESENTING
            self.parts.dashboard.share_width(share if presenting else CURVES_SHARE)
        if differ(old, new, lambda state: (state.appearance, state.origin.lesson)):
            self.arrange_lesson()

    def _present(self, on: bool) -> None:
        """Takes away, or brings back, all but the views and the lesson."""
        parts = self.parts
        for part in (parts.panel, self.window.menuBar(), parts.status_line, parts.tools):
            part.setVisible(not on)
        parts.dashboard.contours.bar.setVisible(not on)  # its room is worth more than its numbers
        if on:
            parts.transport.setParent(self.window.centralWidget())
            parts.dashboard.column.removeWidget(parts.transport)
        else:
            parts.dashboard.column.addWidget(parts.transport)
        parts.transport.show()

    def arrange_lesson(self) -> None:
        """Gives the lesson's card its room: over the panel, or all of the left side when presenting."""
        card, presenting = self.parts.card, self._presenting
        card.setFixedWidth(round(self.window.width() * LESSON_SHARE) if presenting else self.parts.panel.width())
        highest = self.window.centralWidget().height() * LESSON_HEIGHT
        card.setMaximumHeight(QWIDGETSIZE_MAX if presenting else round(min(card.text_height(), highest)))
        card.setMinimumHeight(0 if presenting else card.maximumHeight())

    def float_transport(self) -> None:
        """While presenting the transport lies over the contour view's lower edge."""
        if self._presenting:
            contours, transport = self.parts.dashboard.contours, self.parts.transport
            corner = contours.mapTo(self.window.centralWidget(), contours.rect().bottomLeft())
            height = transport.height()
            transport.setGeometry(corner.x(), corner.y() - height, contours.width(), height)
            transport.raise_()
