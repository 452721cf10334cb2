"""The contour view beside the three curves: what the window shows in its middle and a picture shows whole."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ..scene.manual_decay import knots_of
from ..scene.runner import Result
from ..scene.scene import Run, Scene
from . import curves
from .arithmetic_view import ArithmeticView
from .contour_view import ContourView
from .curve_view import LEAST_TITLE, CurveView
from .keyboard import by_tab
from .theme import Theme

GAP = 8
LEAST_SHARE = 1e-4  # of α₀: the least rate that a knot can be dragged to on a linear axis
CURVES_SHARE = 37  # hundredths of the width


def card(widget: QWidget) -> QFrame:
    """The widget on a card of its own."""
    frame = QFrame()
    frame.setObjectName("card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(1, 1, 1, 1)
    layout.addWidget(widget)
    return frame


class Dashboard(QWidget):
    """All views of a result, at one cursor.

    Further widgets may be put into `top`, over the contour view on its card, and into `column`, under that card.
    """

    view_edited = Signal(str, object)  # a field of the scene's View, and its new value
    knot_moved = Signal(int, int, float, bool)  # a knot of the selected run: to which step and rate; whether it is held
    knot_deleted = Signal(int)

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
        by_tab(self.chooser)
        self.chooser.setToolTip("Which quantity to show here")
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chooser.setMinimumWidth(LEAST_TITLE)
        for curve in curves.THIRD.values():
            self.chooser.addItem(curve.title, curve.key)
        self.chooser.activated.connect(lambda _: self.view_edited.emit("third", self.chooser.currentData()))
        self.third.title.hide()
        self.third.head.insertWidget(0, self.chooser)
        self.third.head.setContentsMargins(6, 0, 8, 0)

        self.column = QVBoxLayout()
        self.column.setSpacing(GAP)
        self.top = QVBoxLayout()
        self.top.setSpacing(0)
        self.top.addWidget(self.contours, 1)
        contour_card = QWidget()
        contour_card.setLayout(self.top)
        self.top.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(card(contour_card), 1)
        self.arithmetic = ArithmeticView()
        self._arithmetic_card = card(self.arithmetic)
        self._arithmetic_card.hide()
        self.arithmetic.line_changed.connect(self.contours.show_lit)
        self._curve_cards = [card(view) for view in self.curve_views]
        right = QVBoxLayout()
        right.setSpacing(GAP)
        right.addWidget(self._arithmetic_card, 1)
        for frame in self._curve_cards:
            right.addWidget(frame, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addLayout(self.column)
        layout.addLayout(right)
        self._row = layout
        self.share_width(CURVES_SHARE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.rate.plot.knot_dragged.connect(self._drag_knot)
        self.rate.plot.knot_deleted.connect(self.knot_deleted)
        self._selected, self._cursor = -1, 0
        self._scene: Scene | None = None
        self._result: Result | None = None

    def share_width(self, curves: int) -> None:
        """Gives the curves so many hundredths of the width."""
        self._row.setStretch(0, 100 - curves)
        self._row.setStretch(1, curves)

    @property
    def curve_views(self) -> tuple[CurveView, CurveView, CurveView]:
        return self.rate, self.loss, self.third

    def dress(self, theme: Theme) -> None:
        self.contours.dress(theme)
        self.arithmetic.dress(theme)
        for view in self.curve_views:
            view.dress(theme)

    def show_scene(self, scene: Scene) -> None:
        """Shows what needs no simulation, at once."""
        old, self._scene = self._scene, scene
        self.contours.show_scene(scene)
        for name, switch in self._switches.items():
            switch.setChecked(getattr(scene.view, name))
        self.chooser.setCurrentIndex(self.chooser.findData(scene.view.third))
        self._arithmetic_card.setVisible(scene.view.arithmetic)
        for frame in self._curve_cards:
            frame.setVisible(not scene.view.arithmetic)
        if old is not None and old.view != scene.view and self._result is not None:
            self._show_curves()
        self._show_knots()

    def show_selected(self, run: int) -> None:
        """Makes one run the one whose head is in front and whose knots can be dragged."""
        self._selected = run
        self.contours.show_selected(run)
        self._show_knots()
        self._show_arithmetic()

    def _show_arithmetic(self) -> None:
        """The update of the selected run at the cursor, line by line."""
        if self._result is not None and 0 <= self._selected < len(self._result.trajectories):
            scene, trajectories = self._result.scene, self._result.trajectories
            self.arithmetic.show_step(scene, scene.runs[self._selected], trajectories[self._selected], self._cursor)
        else:
            self.arithmetic.show_nothing()

    def _show_knots(self) -> None:
        """Shows the knots of the selected run where they lie on the rate's axis."""
        run = self._selected_run()
        knots = knots_of(run) if run is not None else ()
        points = [QPointF(step, self._height(rate)) for step, rate in knots]
        self.rate.plot.knots.show_knots(points, (run.color or "") if run is not None else "")

    def _selected_run(self) -> Run | None:
        runs = self._scene.runs if self._scene is not None else ()
        return runs[self._selected] if 0 <= self._selected < len(runs) else None

    def _height(self, rate: float) -> float:
        """Where a rate of the selected run lies on its axis."""
        run, view = self._selected_run(), self._scene.view
        shown = rate / run.lr if view.rate_relative and run is not None else rate
        return math.log10(shown) if view.rate_log and shown > 0 else shown

    def _drag_knot(self, index: int, step: int, height: float, held: bool) -> None:
        run, view = self._selected_run(), self._scene.view
        if run is None:
            return
        shown = 10.0 ** min(height, 300.0) if view.rate_log else height
        rate = shown * run.lr if view.rate_relative else shown
        if not view.rate_log:  # the mouse may go below 0, a rate may not
            rate = max(rate, run.lr * LEAST_SHARE)
        self.knot_moved.emit(index, step, float(f"{rate:.2e}"), held)  # three digits, as sliders give

    def show_result(self, result: Result) -> None:
        """Shows what the runs did."""
        self._result = result
        self.contours.show_result(result)
        self._show_curves()
        self._show_arithmetic()

    def forget_result(self) -> None:
        """Shows no paths until the next result."""
        self._result = None
        self.contours.forget_result()

    def show_cursor(self, cursor: int) -> None:
        self._cursor = cursor
        self.contours.show_cursor(cursor)
        self._show_arithmetic()
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
