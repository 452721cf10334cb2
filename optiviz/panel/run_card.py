"""The card of the selected run: optimizer, rate, parameters, decay."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QFrame,
    QLabel,
)

from ..engine.optimizers import LR, OPTIMIZERS
from ..engine.schedules import SCHEDULES
from ..scene.run import Run
from ..scene.simulation import rate_at
from ..session.state import State, differ
from ..session.workspace import Workspace
from ..views.showing import Showing
from ..widgets.fields import Field, Form, NumberField
from .cards import catalog_box, fill_card, heading, padded

RATE_NOW = LR.having(name="rate", symbol="α", help="The rate at the cursor. Changing it makes a knot there.")


class RunCard(QFrame, Showing):
    """The form of the selected run: optimizer, rate, parameters, decay."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        editor = self.editor = workspace.editor
        attempt = self.attempt = workspace.attempt
        column, head = fill_card(self, "Run")
        self.optimizer_box = catalog_box(OPTIMIZERS, "optimizer")
        head.addWidget(self.optimizer_box)
        self.optimizer_box.activated.connect(
            lambda _: attempt(lambda: editor.choose_optimizer(self.optimizer_box.currentData()))
        )
        decay = heading("Decay")
        self.schedule_box = catalog_box(SCHEDULES, "schedule")
        decay.addWidget(self.schedule_box)
        self.schedule_box.activated.connect(
            lambda _: attempt(lambda: editor.choose_schedule(self.schedule_box.currentData()))
        )
        self.rate_now = NumberField(RATE_NOW)
        self.rate_now.edited.connect(self._edit_rate)
        self.rate_now.settled.connect(editor.document.seal)
        self._step = 0  # the cursor's
        self.formula = QLabel()
        self.formula.setObjectName("formula")
        self.formula.setWordWrap(True)
        self.forms = (Form(), Form())
        for form in self.forms:
            form.edited.connect(self._edit_param)
            form.settled.connect(editor.document.seal)
        column.addLayout(padded(self.forms[0]))
        column.addLayout(decay)
        column.addLayout(padded(self.formula, self.rate_now, self.forms[1]))

    def field(self, name: str) -> Field:
        """The field of a parameter that the form has."""
        return next(form.fields[name] for form in self.forms if name in form.fields)

    def _edit_param(self, name: str, value: object) -> None:
        self.attempt(lambda: self.editor.set_param(name, value), self.field(name).refuse)

    def _edit_rate(self, name: str, value: float) -> None:
        self.attempt(lambda: self.editor.set_rate(self._step, value), self.rate_now.refuse)

    def show_state(self, old: State | None, new: State) -> None:
        run = new.run
        if differ(old, new, lambda state: (state.run, state.refusals)):
            self.setVisible(run is not None)
            if run is not None:
                self._show_run(run)
        self._step = new.place.cursor
        manual = run is not None and run.schedule == "manual"
        if (
            manual
            and run is not None
            and differ(old, new, lambda state: (state.run, state.place.cursor, state.refusals))
        ):
            self.rate_now.show_value(rate_at(new.scene, run, self._step))

    def _show_run(self, run: Run) -> None:
        self.optimizer_box.setCurrentIndex(self.optimizer_box.findData(run.optimizer))
        self.optimizer_box.setToolTip("<br>".join(run.rule.formula))
        self.schedule_box.setCurrentIndex(self.schedule_box.findData(run.schedule))
        self.formula.setText(f"α = {run.decay.formula}")
        self.forms[0].show_params((LR, *run.rule.params), {"lr": run.lr, **run.params})
        self.forms[1].show_params(run.decay.params, run.schedule_params)
        self.rate_now.setVisible(run.schedule == "manual")
