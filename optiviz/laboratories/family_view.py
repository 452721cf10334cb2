"""The family of a decay: its curves α(t), the free one thick, and the toggles for the k of the grid."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from ..scene.comparisons import K_COLORS, K_GRID
from ..scene.curves import Curve
from ..scene.run import Run
from ..scene.scene import Scene
from ..scene.simulation import rates
from ..views.curves.curve_view import CurveView, Drawn
from ..views.curves.reach import logarithm, merged
from ..widgets.buttons import tool_button
from ..widgets.polylines import Stroke
from ..widgets.theme import Theme, px

DECADES = 6.0  # what a logarithmic axis shows at most: e^(−0.99 t) falls by 43 in 100 epochs
FREE_COLOR = "#7f6fd0"
DOT = 10


def nothing(course: object) -> tuple[()]:
    """Rates are drawn that no run has used: there is no course to ask."""
    return ()


RATE = Curve("rate", "α(t) with α₀ = 1", "The rates of the schedule itself, by the epoch.", nothing, from_zero=True)


def width_of(run: Run) -> float:
    """How wide the run's curve and its path are drawn: the free one's are thick."""
    return 4.5 if run.color == FREE_COLOR else 2.0


class FamilyView(CurveView):
    """The curves of a family, the free one thick, by the epoch."""

    def __init__(self) -> None:
        super().__init__("family")
        self.plot.marks.unit = "epoch"

    def show_family(self, scene: Scene, *, log: bool) -> None:
        """Draws the rates of all runs of a scene that has a step for each epoch."""
        epochs = np.arange(scene.steps + 1)
        drawn: list[Drawn] = [(run, epochs, True, (rates(scene, run),)) for run in scene.runs]
        self.show_curve(RATE, drawn, scene.steps, log=log)
        lines = []
        for run, _, _, (values,) in drawn:
            shown = logarithm(values) if log else values
            lines.append(Stroke(epochs, shown, (run.color or "",), width_of(run)))
        self.plot.lines.show_lines(merged(lines))
        if log:
            heights = np.concatenate([line.y[np.isfinite(line.y)] for line in lines])
            top = heights.max(initial=-DECADES)
            if top - heights.min(initial=top) > DECADES:
                self.plot.box.setRange(yRange=(top - DECADES, top + DECADES * 0.04), padding=0)


class KToggles(QWidget):
    """A row of toggles, one for each k of the grid: they choose the curves, and are their legend."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("chips")
        self.chips = {k: chip(k) for k in K_GRID}
        self.row = QHBoxLayout(self)
        self.row.setSpacing(3)
        symbol = QLabel("k =")
        symbol.setObjectName("k")
        self.row.addWidget(symbol)
        for button in self.chips.values():
            self.row.addWidget(button)
            button.toggled.connect(lambda _: self.changed.emit())
        self.row.addStretch(1)

    @property
    def checked(self) -> list[float]:
        """The k whose curves are shown."""
        return [k for k, button in self.chips.items() if button.isChecked()]

    def set_theme(self, theme: Theme) -> None:
        size = round(px(DOT))
        for button, color in zip(self.chips.values(), K_COLORS, strict=True):
            button.setIconSize(QSize(size, size))
            button.setIcon(dot(color, theme, size))


def chip(k: float) -> QToolButton:
    """A toggle for one k of the grid, which is its entry in the legend too."""
    button = tool_button(f"{k:g}", f"Show the curve and the path of k = {k:g}", checkable=True, name="toggle")
    button.setChecked(True)
    button.setAccessibleName(f"k = {k:g}")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


def dot(color: str, theme: Theme, size: int) -> QIcon:
    """A dot in a curve's colour while the curve is shown, a ring while it is not."""
    result = QIcon()
    for state in (QIcon.State.On, QIcon.State.Off):
        picture = QPixmap(2 * size, 2 * size)
        picture.setDevicePixelRatio(2)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(color), px(1.5)))
        painter.setBrush(QColor(color if state == QIcon.State.On else theme.card))
        painter.drawEllipse(QPointF(size / 2, size / 2), px(4), px(4))
        painter.end()
        result.addPixmap(picture, QIcon.Mode.Normal, state)
    return result
