"""The card of the step arithmetic: the selected run's update at the cursor, and the buttons to walk through it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..engine.explaining.arithmetic import Line, Step
from ..session.reading import NO_RUN
from ..session.state import State, differ
from ..session.workspace import Workspace
from ..widgets import theme as themes
from ..widgets.buttons import tool_button
from ..widgets.theme import LIGHT, TEXT_PX, Theme, px
from .arithmetic_sheet import MARGIN, Sheet
from .showing import Showing, theme_changed, theme_of

LONGEST_LABEL = 26


class ArithmeticView(QWidget, Showing):
    """The update of one run at the cursor, line by line."""

    next_wanted = Signal()
    previous_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Step arithmetic")
        self.theme: Theme = LIGHT
        self.dot = QLabel()
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.number = QLabel()
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sheet = Sheet()
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self.sheet)
        self.area.viewport().setAutoFillBackground(False)
        self.sheet.setAutoFillBackground(False)
        self.back_button = walking_button("Back", "One line back")
        self.back_button.clicked.connect(self.previous_wanted)
        self.next_button = walking_button("Next", "The next line, and after the last one the next step")
        self.next_button.clicked.connect(self.next_wanted)
        self._color = ""
        self._build()

    def _build(self) -> None:
        self.head, self.foot = QHBoxLayout(), QHBoxLayout()
        self.head.addWidget(self.dot)
        self.head.addWidget(self.title, 1)
        self.foot.addWidget(self.back_button)
        self.foot.addWidget(self.number, 1)
        self.foot.addWidget(self.next_button)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addLayout(self.head)
        self.column.addWidget(self.area, 1)
        self.column.addLayout(self.foot)

    def bind(self, workspace: Workspace) -> None:
        self.next_wanted.connect(workspace.next_line)
        self.previous_wanted.connect(workspace.previous_line)
        self.sheet.picked.connect(workspace.set_line)

    def sizeHint(self) -> QSize:
        return QSize(390, 560)

    # What is shown

    def show_state(self, old: State | None, new: State) -> None:
        new_theme = theme_changed(old, new)
        if new_theme:
            self._set_theme(theme_of(new))
        step = NO_RUN if new.run is None else new.step
        if step is None:
            return  # nothing has been computed yet
        if new_theme or differ(old, new, lambda state: (state.step, state.run, state.result)):
            self._show_step(step, new)
        if new_theme or differ(old, new, lambda state: (state.step, state.line)):
            self._show_line(new)

    def _show_step(self, step: Step, state: State) -> None:
        run = state.shown[0] if state.shown is not None else None
        color = (run.color or "") if run is not None else ""
        if color != self._color:
            self._color = color
            self._color_labels()
        if run is None:
            self.title.setText("")
        else:
            label = run.label or run.rule.name
            label = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
            self.title.setText(f"{label}, step {step.step}" + (f" → {step.step + 1}" if step.lines else ""))
        self.sheet.show_step(step)

    def _show_line(self, state: State) -> None:
        """Shows which line is the current one, and brings it into view."""
        line, count = state.current_line, len(self.sheet.step.lines)
        self.sheet.current = min(state.line, max(count - 1, 0))
        self.sheet.update()
        self.number.setText(f"line {self.current + 1} of {count}" if count else "")
        self.setAccessibleDescription(spoken(line) if line is not None else self.sheet.step.note)
        if line is not None:
            ground = self.sheet.blocks[self.current].ground
            self.area.ensureVisible(0, round(ground.center().y()), 0, round(ground.height() / 2) + 4)

    @property
    def step(self) -> Step:
        """The step shown."""
        return self.sheet.step

    @property
    def current(self) -> int:
        """The number of the current line, from 0."""
        return self.sheet.current

    @property
    def line(self) -> Line | None:
        """The current line; None where there are no lines."""
        return self.step.lines[self.current] if self.step.lines else None

    def _set_theme(self, theme: Theme) -> None:
        self.theme = self.sheet.theme = theme
        scale = px(1)
        margin = round(MARGIN * scale)
        self.head.setContentsMargins(margin, round(9 * scale), margin, round(5 * scale))
        self.head.setSpacing(round(8 * scale))
        self.foot.setContentsMargins(round(10 * scale), round(6 * scale), round(10 * scale), round(8 * scale))
        for button in (self.back_button, self.next_button):
            button.setFont(themes.sans(TEXT_PX))
            button.setMinimumWidth(round(64 * scale))
        size = round(8 * scale)
        self.dot.setFixedSize(size, size)
        self._color_labels()
        # After the first style sheet of their own, which would take them back.
        self.title.setFont(themes.sans(TEXT_PX + 1, QFont.Weight.DemiBold))
        self.number.setFont(themes.sans(TEXT_PX - 1))
        self.sheet.rescale()

    def _color_labels(self) -> None:
        color = self._color or self.theme.card
        self.dot.setStyleSheet(f"background: {color}; border-radius: {self.dot.width() // 2}px;")
        self.title.setStyleSheet(f"color: {self.theme.text};")
        self.number.setStyleSheet(f"color: {self.theme.quiet};")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)


def walking_button(text: str, tip: str) -> QToolButton:
    button = tool_button(text, tip)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space goes on playing
    button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
    return button


def spoken(line: Line) -> str:
    """A line as plain text."""
    sides = {"": line.x} if line.shared else {"x": line.x, "y": line.y}
    rows = [f"{axis} {side.numbers} = {side.text}".strip() for axis, side in sides.items()]
    return "; ".join((line.text, *rows))
