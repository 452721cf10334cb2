"""The row over the contour view: overlays, their size, the arithmetic and decay by hand, each a click away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QToolButton, QWidget

from ..scene.view import OVERLAY_SCALE, View
from . import theme as themes
from .fields import TICKS, Slider, tip
from .keyboard import by_tab
from .scales import from_share, to_share
from .theme import px

# What stands on the buttons: short, as the arrows are labelled in the plot. Whole names are in the menu and the tips.
OVERLAYS = {
    "show_gradient": "−α g",
    "show_velocity": "β₁ v",
    "show_step": "step",
    "show_next": "next",
    "show_split": "x | y",
    "show_squares": "s",
    "show_ellipse": "rates",
    "overlay_all": "all",
}
COMMANDS = {"arithmetic": "In numbers", "halve": "α × ½"}
FIRST_TO_GO = ("overlay_all", "show_split", "show_next", "halve")  # where there is little room
WIDE, NARROW = 560, 376  # pixels that all buttons want, and that the slider wants


class ToolRow(QWidget):
    """Buttons for the window's actions, and the slider for the overlays' size."""

    scale_changed = Signal(float)
    settled = Signal()

    def __init__(self, actions: dict[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("bare")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        row.setContentsMargins(8, 6, 8, 0)
        row.setSpacing(4)
        self.buttons: dict[str, QToolButton] = {}
        for name, text in OVERLAYS.items():
            row.addWidget(self._button(actions[name], name, text))
        self.slider = Slider()
        self.slider.setObjectName("overlay_scale slider")
        self.slider.setToolTip(tip(OVERLAY_SCALE))
        self.slider.setMinimumWidth(40)
        self.slider.setMaximumWidth(110)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self.settled)
        row.addWidget(self.slider, 1)
        row.addStretch(1)
        for name, text in COMMANDS.items():
            row.addWidget(self._button(actions[name], name, text))
        self._showing = False

    def _button(self, action: QAction, name: str, text: str) -> QToolButton:
        """A small button that does what the action does, and is checked when it is."""
        button = QToolButton(text=text, toolTip=action.toolTip(), checkable=action.isCheckable())
        button.setObjectName("toggle")
        button.setAccessibleName(action.text().replace("&", ""))
        button.clicked.connect(action.trigger)
        by_tab(button)
        self.buttons[name] = button
        return button

    def show_view(self, view: View) -> None:
        """Checks what is shown, and puts the slider where the size is."""
        for name, button in self.buttons.items():
            if button.isCheckable():
                button.setChecked(getattr(view, name))
        any_shown = any(getattr(view, name) for name in OVERLAYS if name != "overlay_all")
        self.slider.setEnabled(any_shown)
        if not self.slider.isSliderDown():
            self._showing = True
            self.slider.setValue(round(to_share(OVERLAY_SCALE, view.overlay_scale) * TICKS))
            self._showing = False

    def dress(self, theme: themes.Theme) -> None:
        self.setFixedHeight(round(px(30)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < px(WIDE)
        for name in FIRST_TO_GO:
            self.buttons[name].setVisible(not narrow)
        self.slider.setVisible(self.width() >= px(NARROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, round(px(30)))  # what has no room goes away: the row must not widen its column

    def _slid(self, place: int) -> None:
        if not self._showing:
            self.scale_changed.emit(float(from_share(OVERLAY_SCALE, place / TICKS)))
