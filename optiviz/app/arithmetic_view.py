"""The card of the step arithmetic: the selected run's update at the cursor, and the buttons to walk through it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QHideEvent, QKeyEvent, QKeySequence, QMouseEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..engine.arithmetic import Arithmetic, Line, Step
from ..engine.simulate import noise_stream
from ..engine.trajectory import Array, Trajectory
from ..scene.scene import Run, Scene
from . import theme as themes
from .arithmetic_sheet import MARGIN, Sheet
from .theme import LIGHT, TEXT_PX, Theme

LONGEST_LABEL = 26


class ArithmeticView(QWidget):
    """The update of one run at the cursor. It owns nothing but which line is the current one.

    `line_changed` names the overlays that belong to the current line, separated by blanks ("step ellipse next"), or
    is empty. `step_wanted` asks for the next (+1) or the previous (-1) step.
    """

    step_wanted = Signal(int)
    line_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Step arithmetic")
        self.theme: Theme = LIGHT
        self.dot = QLabel()
        self.title = QLabel()
        self.place = QLabel()
        self.place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sheet = Sheet()
        self.sheet.picked.connect(self.set_line)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self.sheet)
        self.area.viewport().setAutoFillBackground(False)
        self.sheet.setAutoFillBackground(False)
        self.back_button = self._button("Back", "One line back", self.previous_line)
        self.next_button = self._button("Next", "The next line, and after the last one the next step", self.next_line)
        self._build()
        self._shown: tuple[Scene, Run, Trajectory, int] | None = None
        self._arithmetic: Arithmetic | None = None
        self._noise: tuple[tuple[float, int, int], Array] | None = None
        self._landing: tuple[int, int] | None = None  # a step that has been asked for, and the line to begin with
        self._marks = ""
        self._rescale()

    def _button(self, text: str, tip: str, slot: object) -> QToolButton:
        button = QToolButton(text=text, toolTip=tip, clicked=slot)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space goes on playing
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        return button

    def _build(self) -> None:
        self.head, self.foot = QHBoxLayout(), QHBoxLayout()
        self.head.addWidget(self.dot)
        self.head.addWidget(self.title, 1)
        self.foot.addWidget(self.back_button)
        self.foot.addWidget(self.place, 1)
        self.foot.addWidget(self.next_button)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addLayout(self.head)
        self.column.addWidget(self.area, 1)
        self.column.addLayout(self.foot)

    def sizeHint(self) -> QSize:
        return QSize(390, 560)

    def dress(self, theme: Theme) -> None:
        """Puts on the theme's colours."""
        self.theme = self.sheet.theme = theme
        self._rescale()
        self.sheet.update()

    def _rescale(self) -> None:
        """Takes over the theme's scale."""
        scale = themes.px(1)
        self.title.setFont(themes.sans(TEXT_PX + 1, QFont.Weight.DemiBold))
        self.place.setFont(themes.sans(TEXT_PX - 1))
        margin = round(MARGIN * scale)
        self.head.setContentsMargins(margin, round(9 * scale), margin, round(5 * scale))
        self.head.setSpacing(round(8 * scale))
        self.foot.setContentsMargins(round(10 * scale), round(6 * scale), round(10 * scale), round(8 * scale))
        for button in (self.back_button, self.next_button):
            button.setFont(themes.sans(TEXT_PX))
            button.setMinimumWidth(round(64 * scale))
        size = round(8 * scale)
        self.dot.setFixedSize(size, size)
        self._dress_labels()
        self.sheet.rescale()

    def _dress_labels(self) -> None:
        color = self._shown[1].color if self._shown else self.theme.card
        self.dot.setStyleSheet(f"background: {color}; border-radius: {self.dot.width() // 2}px;")
        self.title.setStyleSheet(f"color: {self.theme.text};")
        self.place.setStyleSheet(f"color: {self.theme.quiet};")

    # What is shown

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

    def show_step(self, scene: Scene, run: Run, trajectory: Trajectory, cursor: int) -> None:
        """Shows the run's update at the cursor; while hidden, only remembers to do so."""
        before, self._shown = self._shown, (scene, run, trajectory, cursor)
        if before is None or before[1].color != run.color:
            self._dress_labels()
        if self.isVisible():
            self._render()

    def show_nothing(self) -> None:
        """There is no run whose update could be shown."""
        if self._shown is None and not self.step.lines:
            return
        self._shown = self._arithmetic = self._landing = None
        self.title.setText("")
        self.sheet.show_step(Step(0, (), "There is no run. Add one to see its arithmetic."))
        self._dress_labels()
        self._set_current(0)

    def _render(self) -> None:
        if self._shown is None:
            return
        scene, run, trajectory, cursor = self._shown
        if self._arithmetic is None or self._arithmetic.trajectory is not trajectory:
            self._arithmetic = self._arithmetic_of(scene, run, trajectory)
        step = self._arithmetic.explain(cursor)
        label = run.label or run.rule.name
        label = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
        self.title.setText(f"{label}, step {cursor}" + (f" → {cursor + 1}" if step.lines else ""))
        self.sheet.show_step(step)
        line = self.current
        if self._landing is not None:
            wanted, landing = self._landing
            line = landing if wanted == cursor else line
            self._landing = None
        self._set_current(line)

    def _arithmetic_of(self, scene: Scene, run: Run, trajectory: Trajectory) -> Arithmetic:
        return Arithmetic(
            run.rule,
            run.params,
            scene.place,
            scene.surface_params,
            trajectory,
            noise=self._noise_of(scene),
            schedule=run.decay,
            lr=run.lr,
            schedule_params=run.schedule_params,
            steps=scene.steps,
            steps_per_epoch=scene.steps_per_epoch,
        )

    def _noise_of(self, scene: Scene) -> Array | None:
        """The scene's noise, drawn once: a long scene's takes a while."""
        if not scene.noise:
            return None
        key = (scene.noise, scene.seed, scene.steps)
        if self._noise is None or self._noise[0] != key:
            self._noise = (key, noise_stream(*key))
        return self._noise[1]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._render()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._say("")

    # The current line

    def next_line(self) -> None:
        """Goes to the next line; from the last one asks for the next step, to begin with its first line."""
        if self.current + 1 < len(self.step.lines):
            self.set_line(self.current + 1)
        else:
            self._want(1, 0)

    def previous_line(self) -> None:
        """Goes to the line before; from the first one asks for the step before, to begin with its last line."""
        if self.current > 0 and self.step.lines:
            self.set_line(self.current - 1)
        else:
            self._want(-1, -1)

    def set_line(self, number: int) -> None:
        """Makes that line the current one."""
        self._set_current(number)

    def _want(self, by: int, line: int) -> None:
        if self._shown is not None and self._shown[3] + by >= 0:
            self._landing = (self._shown[3] + by, line)
            self.step_wanted.emit(by)

    def _set_current(self, number: int) -> None:
        """Makes that line the current one, counted from the end if it is negative, the nearest one there is."""
        count = len(self.step.lines)
        number = number + count if number < 0 else number
        # Where there are no lines, remembers the place for the next step that has some.
        self.sheet.current = max(min(number, count - 1), 0) if count else max(number, 0)
        self.sheet.update()
        self.place.setText(f"line {self.current + 1} of {count}" if count else "")
        line = self.line
        self.setAccessibleDescription(self.spoken(line) if line else self.step.note)
        if line is not None:
            ground = self.sheet.blocks[self.current].ground
            self.area.ensureVisible(0, round(ground.center().y()), 0, round(ground.height() / 2) + 4)
        self._say(" ".join(line.marks) if line else "")

    def _say(self, marks: str) -> None:
        if marks != self._marks:
            self._marks = marks
            self.line_changed.emit(marks)

    def spoken(self, line: Line) -> str:
        """A line as plain text."""
        sides = {"": line.x} if line.shared else {"x": line.x, "y": line.y}
        rows = [f"{axis} {side.numbers} = {side.text}".strip() for axis, side in sides.items()]
        return "; ".join((line.text, *rows))

    # Copying

    def copy(self) -> None:
        """Puts the current line's exact values, x and y, on the clipboard, as cells of a table."""
        line = self.line
        if line is not None:
            values = [line.x.exact] if line.shared else [line.x.exact, line.y.exact]
            QApplication.clipboard().setText("\t".join(values))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
