"""The row over the contour view: overlays, their size, the arithmetic and decay by hand, each a click away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QToolButton, QWidget

from ...scene.view import OVERLAY_SCALE, OVERLAYS
from ...session.state import State, differ
from ...widgets.buttons import tool_button
from ...widgets.fields import TICKS, Slider, tip
from ...widgets.keyboard import by_tab
from ...widgets.scales import from_share, to_share
from ...widgets.theme import px

# What stands on the buttons is short, as the arrows are labelled in the plot. Whole names are in the menu and the tips.
COMMANDS = {"arithmetic": "In numbers", "halve": "α × ½"}
FIRST = ("gradient", "velocity", "step", "next")  # of the overlays
FIRST_TO_GO = ("overlay_all", "show_split", "show_next", "halve")  # where there is little room
WIDE, NARROW = 560, 376  # pixels that all buttons want, and that the slider wants
HEIGHT = 30


def overlay_buttons() -> dict[str, str]:
    """What stands on the button of each overlay's action."""
    keys = sorted(OVERLAYS, key=lambda key: FIRST.index(key) if key in FIRST else len(FIRST))
    shown = [OVERLAYS[key] for key in keys if OVERLAYS[key].button]
    return {overlay.flag.name: overlay.button for overlay in shown} | {"overlay_all": "all"}


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
        self.overlays = overlay_buttons()
        for name, text in self.overlays.items():
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
        button = tool_button(text, action.toolTip(), checkable=action.isCheckable(), name="toggle")
        button.setAccessibleName(action.text().replace("&", ""))
        button.clicked.connect(action.trigger)
        by_tab(button)
        self.buttons[name] = button
        return button

    def show_state(self, old: State | None, new: State) -> None:
        """Checks what is shown, and puts the slider where the size is."""
        if differ(old, new, lambda state: state.appearance):
            self.setFixedHeight(round(px(HEIGHT)))
        if not differ(old, new, lambda state: (state.scene.view, state.refusals)):
            return
        view = new.scene.view
        for name, button in self.buttons.items():
            if button.isCheckable():
                button.setChecked(getattr(view, name))
        self.slider.setEnabled(any(getattr(view, name) for name in self.overlays if name != "overlay_all"))
        if not self.slider.isSliderDown():
            self._showing = True
            self.slider.setValue(round(to_share(OVERLAY_SCALE, view.overlay_scale) * TICKS))
            self._showing = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < px(WIDE)
        for name in FIRST_TO_GO:
            self.buttons[name].setVisible(not narrow)
        self.slider.setVisible(self.width() >= px(NARROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, round(px(HEIGHT)))  # what has no room goes away: the row must not widen its column

    def _slid(self, place: int) -> None:
        if not self._showing:
            self.scale_changed.emit(float(from_share(OVERLAY_SCALE, place / TICKS)))
