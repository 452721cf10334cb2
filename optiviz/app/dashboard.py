"""The contour view beside the three curves: what the window shows in its middle and a picture shows whole."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ..scene.runner import Result
from ..scene.scene import Scene
from . import curves
from .contour_view import ContourView
from .curve_view import CurveView
from .theme import Theme

GAP = 8


def card(widget: QWidget) -> QFrame:
    """The widget on a card of its own."""
    frame = QFrame()
    frame.setObjectName("card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(1, 1, 1, 1)
    layout.addWidget(widget)
    return frame


class Dashboard(QWidget):
    """All views of a result, at one cursor. Further widgets may be put into `column`, under the contour view."""

    view_edited = Signal(str, object)  # a field of the scene's View, and its new value

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.contours = ContourView()
        self.rate, self.loss, self.third = CurveView("rate"), CurveView("loss"), CurveView("third")
        self._switches = {
            "rate_relative": self.rate.add_switch("÷ α₀", "Show rates as shares of α₀, so that decays can be compared"),
            "rate_log": self.rate.add_switch("log", "Logarithmic axis"),
            "loss_log": self.loss.add_switch("log", "Logarithmic axis (L)"),
            "third_log": self.third.add_switch("log", "Logarithmic axis"),
        }
        for name, switch in self._switches.items():
            switch.clicked.connect(lambda on, name=name: self.view_edited.emit(name, on))
        self.chooser = QComboBox()
        self.chooser.setObjectName("flat")
        self.chooser.setToolTip("Which quantity to show here")
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for curve in curves.THIRD.values():
            self.chooser.addItem(curve.title, curve.key)
        self.chooser.activated.connect(lambda _: self.view_edited.emit("third", self.chooser.currentData()))
        self.third.title.hide()
        self.third.head.insertWidget(0, self.chooser)
        self.third.head.setContentsMargins(6, 0, 8, 0)

        self.column = QVBoxLayout()
        self.column.setSpacing(GAP)
        self.column.addWidget(card(self.contours), 1)
        right = QVBoxLayout()
        right.setSpacing(GAP)
        for view in self.curve_views:
            right.addWidget(card(view), 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addLayout(self.column, 63)
        layout.addLayout(right, 37)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._scene: Scene | None = None
        self._result: Result | None = None

    @property
    def curve_views(self) -> tuple[CurveView, CurveView, CurveView]:
        return self.rate, self.loss, self.third

    def dress(self, theme: Theme) -> None:
        self.contours.dress(theme)
        for view in self.curve_views:
            view.dress(theme)

    def show_scene(self, scene: Scene) -> None:
        """Shows what needs no simulation, at once."""
        old, self._scene = self._scene, scene
        self.contours.show_scene(scene)
        for name, switch in self._switches.items():
            switch.setChecked(getattr(scene.view, name))
        self.chooser.setCurrentIndex(self.chooser.findData(scene.view.third))
        if old is not None and old.view != scene.view and self._result is not None:
            self._show_curves()

    def show_result(self, result: Result) -> None:
        """Shows what the runs did."""
        self._result = result
        self.contours.show_result(result)
        self._show_curves()

    def show_cursor(self, cursor: int) -> None:
        self.contours.show_cursor(cursor)
        for view in self.curve_views:
            view.show_cursor(cursor)

    def _show_curves(self) -> None:
        assert self._result is not None
        result = self._result
        # The newest view settings hold, also for a result that an older scene produced.
        scene = result.scene if self._scene is None else result.scene.replace(view=self._scene.view)
        result, view = Result(scene, result.trajectories), scene.view
        relative = curves.RELATIVE_RATE if view.rate_relative else curves.RATE
        self.rate.show_result(result, relative, log=view.rate_log)
        loss = curves.loss_curve(scene)
        # Without a lowest value there is nothing that a logarithm could count from.
        below = curves.lowest(scene) is None and any((t.loss <= 0).any() for t in result.trajectories)
        self._switches["loss_log"].setEnabled(not below)
        self._switches["loss_log"].setToolTip(
            "This surface has no lowest value to count from" if below else "Logarithmic axis (L)"
        )
        self.loss.show_result(result, loss, log=view.loss_log and not below)
        self.third.show_result(result, curves.THIRD[view.third], log=view.third_log)

    def hide_controls(self) -> None:
        """Leaves away what only makes sense on a screen."""
        for switch in self._switches.values():
            switch.hide()
        self.chooser.hide()
        self.third.title.show()
