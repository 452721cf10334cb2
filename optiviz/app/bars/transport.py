"""The transport under the contour view: play, step, scrub, speed, loop, as in a media player."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFont, QFontMetrics, QIcon, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QLayout, QSizePolicy, QToolButton

from ...scene.view import SPEEDS
from ...session.state import State, differ
from ...views.showing import theme_changed, theme_of
from ...widgets import theme as themes
from ...widgets.fields import Slider
from ...widgets.icons import icon
from ...widgets.keyboard import by_tab
from ...widgets.theme import LIGHT, Theme, px

HEIGHT = 54


def speed_words(speed: str) -> str:
    """1/s as "1 step/s", 1/frame as "1 step/frame"."""
    amount, unit = speed.split("/")
    return f"{amount} step{'' if amount == '1' else 's'}/{unit}"


class Transport(QFrame):
    """Shows where one is; its buttons are the window's actions."""

    seeked = Signal(int)
    speed_chosen = Signal(str)

    def __init__(self, actions: dict[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(7)
        self.buttons: dict[str, QToolButton] = {}
        for name in ("first", "back", "play", "forward", "last"):
            button = QToolButton()
            button.setDefaultAction(actions[name])
            by_tab(button)
            button.setObjectName("play" if name == "play" else "transport")
            self.buttons[name] = button
            row.addWidget(button)
        self.number = QLabel()
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.last = QLabel()
        for label in (self.number, self.last):
            label.setToolTip("The step shown, of all steps")
        places = QHBoxLayout()
        places.setSpacing(0)
        places.addWidget(self.number)
        places.addWidget(self.last)
        row.addLayout(places)
        self.scrub = Slider()
        self.scrub.setObjectName("scrub")
        self.scrub.setToolTip("Drag to move through time")
        self.scrub.setMinimumWidth(40)
        self.scrub.valueChanged.connect(self._scrubbed)
        row.addWidget(self.scrub, 1)
        self.speed = QComboBox()
        self.speed.setObjectName("speed")
        for speed in SPEEDS:
            self.speed.addItem(speed_words(speed), speed)
        self.speed.setToolTip("Speed (Up, Down). A step a frame is as fast as the screen shows each.")
        by_tab(self.speed)
        self.speed.activated.connect(lambda _: self.speed_chosen.emit(self.speed.currentData()))
        row.addWidget(self.speed)
        self.loop = QToolButton()
        self.loop.setObjectName("transport")
        self.loop.setDefaultAction(actions["loop"])
        by_tab(self.loop)
        row.addWidget(self.loop)
        self._showing = False
        self.theme: Theme = LIGHT

    def show_state(self, old: State | None, new: State) -> None:
        new_theme = theme_changed(old, new)
        if new_theme:
            self._set_theme(theme_of(new))
        if new_theme or differ(old, new, lambda state: (state.place.cursor, state.scene.steps)):
            self._show_step(new.place.cursor, new.scene.steps)
        if new_theme or differ(old, new, lambda state: (state.place.speed, state.playing)):
            self.speed.setCurrentIndex(SPEEDS.index(new.place.speed))
            name = "pause" if new.playing else "play"
            self._show_icon(self.buttons["play"], icon(name, self.theme.on_accent, round(px(18))))

    def _set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.setFixedHeight(round(px(HEIGHT)))
        for name, button in (*self.buttons.items(), ("loop", self.loop)):
            large = name == "play"
            size, picture = (round(px(length)) for length in ((36, 18) if large else (28, 14)))
            button.setFixedSize(size, size)
            button.setIconSize(QSize(picture, picture))
        self.speed.setFixedWidth(round(px(112)))
        self._widen_number(self.scrub.maximum())
        for name in ("first", "back", "forward", "last"):
            self._show_icon(self.buttons[name], icon(name, theme.text, round(px(14))))
        self._show_icon(self.loop, icon("loop", theme.text, round(px(14))))
        self._show_what_fits()

    def _show_icon(self, button: QToolButton, picture: QIcon) -> None:
        """Through its action: a button takes over its action's icon, also none, whenever the action changes."""
        button.defaultAction().setIcon(picture)
        button.defaultAction().setIconVisibleInMenu(False)

    def _show_step(self, step: int, last: int) -> None:
        self._showing = True
        if self.scrub.maximum() != last:
            self.scrub.setRange(0, last)
            self.scrub.setPageStep(max(1, last // 20))
            self._widen_number(last)
        if not self.scrub.isSliderDown():
            self.scrub.setValue(step)
        self._showing = False
        self.number.setText(f"{step:,}")

    def _widen_number(self, last: int) -> None:
        """Gives the step's number the room that it will need at the end."""
        bold = themes.sans(themes.TEXT_PX, QFont.Weight.Bold)
        self.number.setFont(bold)
        self.last.setText(f" / {last:,}")
        # Fixed both ways: a label that could grow has the whole window laid out anew at every step.
        metrics = QFontMetrics(bold)
        self.number.setFixedSize(metrics.horizontalAdvance(f"{last:,}") + round(px(10)), metrics.height())
        self.last.setFixedSize(metrics.horizontalAdvance(self.last.text()) + round(px(2)), metrics.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_what_fits()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, round(px(HEIGHT)))  # what has no room goes away: it must not widen its column

    def _show_what_fits(self) -> None:
        """Where there is little room, what keys do as well goes away first."""
        for least, controls in (
            (520, (self.buttons["first"], self.buttons["last"])),
            (450, (self.loop,)),
            (370, (self.speed,)),
        ):
            for control in controls:
                control.setVisible(self.width() >= px(least))

    def _scrubbed(self, step: int) -> None:
        if not self._showing:
            self.seeked.emit(step)
