"""A curve over the steps, for every run, with the cursor line that all curves share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ...engine.trajectory import Array, Outcome
from ...scene.curves import Curve
from ...scene.run import Run
from ...scene.words import brief
from ...session.state import State, differ
from ...session.workspace import Workspace
from ...widgets.buttons import tool_button
from ...widgets.keyboard import by_tab
from ...widgets.polylines import Stroke
from ...widgets.theme import Theme, px
from ..showing import Showing, theme_changed, theme_of
from .curve_plot import CurvePlot
from .reach import logarithm, merged, reach

LEAST_TITLE = 70  # pixels
MOST_READINGS = 10
# A run, the steps of its rows, whether it went well, and the values of its curve, or curves.
Drawn = tuple[Run, npt.NDArray[np.int64], bool, tuple[Array, ...]]


class CurveView(QWidget, Showing):
    """A curve with its title and its switches in the head. Further widgets may be put into `head`.

    Views of one curve say in `curve_of` which it is. `view_edited` carries a setting of the scene's view and its new
    value.
    """

    view_edited = Signal(str, object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name} view")
        self.plot = CurvePlot()
        self.plot.setObjectName(name)
        self.plot.hovered.connect(self._read)
        self.title = QLabel()
        self.title.setObjectName("title")
        self.title.setMinimumWidth(LEAST_TITLE)  # a long title must not widen the column
        self.head = QHBoxLayout()
        self.head.setContentsMargins(10, 0, 8, 0)
        self.head.setSpacing(4)
        self.head.addWidget(self.title)
        self.head.addStretch(1)
        self.empty = QLabel(self.plot)
        self.empty.setObjectName("quiet")
        self.empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 7, 6, 3)
        layout.setSpacing(2)
        layout.addLayout(self.head)
        layout.addWidget(self.plot, 1)
        self.switches: dict[str, QToolButton] = {}  # by the settings of the view that they turn on and off
        self._shown: object = None  # what the lines depend on
        self.values: list[
            tuple[str, str, tuple[Array, ...]]
        ] = []  # what is drawn: colour, label and values of each run

    def add_switch(self, setting: str, text: str, tip: str) -> QToolButton:
        """A small toggle in the head, for a setting of the scene's view."""
        switch = tool_button(text, tip, checkable=True, name="toggle")
        by_tab(switch)
        self.head.addWidget(switch)
        self.switches[setting] = switch
        switch.clicked.connect(lambda on: self.view_edited.emit(setting, on))
        return switch

    def hide_controls(self) -> None:
        """Leaves away what only makes sense on a screen."""
        for switch in self.switches.values():
            switch.hide()

    def bind(self, workspace: Workspace) -> None:
        self.view_edited.connect(workspace.edit_view)
        self.plot.scrubbed.connect(workspace.seek)

    # What is shown

    def curve_of(self, state: State) -> tuple[Curve, bool]:
        """The curve that the state wants, and whether its axis is logarithmic."""
        raise NotImplementedError

    def show_state(self, old: State | None, new: State) -> None:
        new_theme = theme_changed(old, new)
        if new_theme:
            self.set_theme(theme_of(new))
        if differ(old, new, lambda state: (state.scene.view, state.refusals)):
            for setting, switch in self.switches.items():
                switch.setChecked(getattr(new.scene.view, setting))
        if new.result is not None and (new_theme or differ(old, new, lambda state: (state.result, state.scene.view))):
            curve, log = self.curve_of(new)
            visible = new.result.visible
            lines = (curve, log, new.result.scene.steps, [(run.color, trajectory) for run, trajectory in visible])
            if not new_theme and lines == self._shown:  # only labels may have changed
                labels = [run.label or "" for run, _ in visible]
                self.values = [(color, label, v) for (color, _, v), label in zip(self.values, labels, strict=True)]
            else:
                self._shown = lines
                drawn = [
                    (run, trajectory.step, trajectory.outcome is Outcome.DONE, curve.values(course))
                    for (run, trajectory), course in zip(visible, new.result.courses, strict=True)
                ]
                self.show_curve(curve, drawn, new.result.scene.steps, log=log)
        self.show_cursor(new.place.cursor)

    def set_theme(self, theme: Theme) -> None:
        self.plot.set_theme(theme)
        self.plot.marks.theme = self.plot.knots.theme = theme
        self.plot.lines.show_style(halo=None, rest=True)
        self.plot.getAxis("left").setWidth(px(46))
        for axis in self.plot.sides:
            axis.setTickPen(QPen(QColor(theme.grid), 1))

    def show_curve(self, curve: Curve, drawn: Sequence[Drawn], steps: int, *, log: bool) -> None:
        """Draws the curve of some runs."""
        self.title.setText(curve.title)
        self.title.setToolTip(curve.help)
        lines: list[Stroke] = []
        sound: list[Array] = []
        wild: list[Array] = []
        self.values = []
        for run, step, well, values in drawn:
            self.values.append((run.color or "", run.label or "", values))
            for number, value in enumerate(values):
                shown = logarithm(value) if log else value
                lines.append(Stroke(step, shown, (run.color or "",), dashed=number == 1))
                (sound if well else wild).append(shown)
        low, high = reach(sound, wild, log, from_zero=curve.from_zero and not log)
        finite = any(np.isfinite(line.y).any() for line in lines)
        axis = self.plot.getAxis("left")
        if axis.logMode != (log and finite):  # setting it draws the axis anew
            axis.setLogMode(False, log and finite)
        margin = steps * 0.006  # keeps the first and the last tick inside
        self.plot.box.setRange(xRange=(-margin, steps + margin), yRange=(low, high), padding=0)
        self.plot.last_step = steps
        self.plot.lines.show_lines(merged(lines))
        self.empty.setText("" if finite or not lines else why_empty(curve, log))
        self.empty.setVisible(bool(self.empty.text()))
        self._read()

    def show_cursor(self, cursor: int) -> None:
        if cursor == self.plot.marks.step:
            return
        self.plot.marks.step = cursor
        self.plot.lines.show_cursor(cursor)
        self.plot.marks.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.empty.setGeometry(self.plot.rect().adjusted(56, 10, -10, -30))

    def sizeHint(self) -> QSize:
        return QSize(370, 200)

    def _read(self) -> None:
        step = self.plot.marks.hover
        readings = []
        if step is not None:
            for color, label, values in self.values[:MOST_READINGS]:
                at = [brief(float(value[step])) if step < len(value) else "diverged" for value in values]
                readings.append((color, label, ", ".join(dict.fromkeys(at))))
        self.plot.marks.readings = readings
        self.plot.marks.update()


def why_empty(curve: Curve, log: bool) -> str:
    if curve.key == "distance":
        return "This surface has no minimum."
    return "No value here is greater than 0: nothing to draw on a logarithmic axis." if log else "Nothing to draw."
