"""One more curve, to be chosen."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from ...scene.curves import THIRD_CURVES, Curve
from ...session.state import State, differ
from ...widgets.keyboard import by_tab
from .curve_view import LEAST_TITLE, CurveView


class ThirdView(CurveView):
    """The curve that the view's `third` names."""

    def __init__(self) -> None:
        super().__init__("third")
        self.chooser = QComboBox()
        self.chooser.setObjectName("flat")
        by_tab(self.chooser)
        self.chooser.setToolTip("Which quantity to show here")
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chooser.setMinimumWidth(LEAST_TITLE)
        for curve in THIRD_CURVES.values():
            self.chooser.addItem(curve.title, curve.key)
        self.chooser.activated.connect(lambda _: self.view_edited.emit("third", self.chooser.currentData()))
        self.title.hide()
        self.head.insertWidget(0, self.chooser)
        self.head.setContentsMargins(6, 0, 8, 0)
        self.add_switch("third_log", "log", "Logarithmic axis")

    def hide_controls(self) -> None:
        super().hide_controls()
        self.chooser.hide()
        self.title.show()

    def curve_of(self, state: State) -> tuple[Curve, bool]:
        return THIRD_CURVES[state.scene.view.third], bool(state.scene.view.third_log)

    def show_state(self, old: State | None, new: State) -> None:
        if differ(old, new, lambda state: (state.scene.view, state.refusals)):
            self.chooser.setCurrentIndex(self.chooser.findData(new.scene.view.third))
        super().show_state(old, new)
