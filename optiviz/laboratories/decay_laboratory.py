"""The decay laboratory: the lecture's pictures, live.

One decay at a time: its formula, the family of its curves α(t) for the lecture's grid of k with one free curve among
them, and the same family as paths of the selected run's method. The curves are the schedules' own rates, those that
drive the runs; nothing here knows a formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, QSizeF, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ..desk.desk import Desk
from ..engine.optimizers import LR, OPTIMIZERS
from ..engine.params import Whole
from ..scene.comparisons import K_GRID, has_k, k_family
from ..scene.run import Run, free_label, suggest_lr
from ..scene.scene import MOST_ROWS, STEPS, Scene
from ..scene.simulation import Result
from ..scene.words import minus
from ..session.runner import Runner
from ..session.state import State
from ..session.workspace import Workspace
from ..views.contours.contour_view import ContourView
from ..views.dashboard import GAP, card
from ..views.showing import theme_changed, theme_of
from ..widgets.buttons import push_button, tool_button
from ..widgets.fields import Form, NumberField
from ..widgets.keyboard import by_tab
from ..widgets.theme import MATH, Theme, px
from .decay_list import DECAYS, PAD, DecayList, typeset
from .family_view import FREE_COLOR, FamilyView, KToggles, width_of
from .laboratory import LABORATORIES, Laboratory, LaboratoryWindow

FRAME_MS = 16
PATIENCE = 20  # frames without a result after which one is told that it is computing
LEFT_WIDTH = 236
SIZE = QSize(1200, 700)
EPOCHS = Whole(
    name="epochs", symbol="epochs", default=100, low=1, high=10_000, help="How many epochs the curves and paths show."
)
# Where the free curve begins: between the grid's, or where the lecture's picture of that decay has it.
FREE: Mapping[str, Mapping[str, Any]] = {
    "inverse_time": {"k": 0.03},
    "inverse_sqrt": {"k": 0.7},
    "exponential": {"k": 0.03},
    "geometric": {"k": 0.98},
    "staircase": {"k": 0.7, "period": 10},
}


class DecayLaboratory(LaboratoryWindow):
    """A window of its own beside the program's. It follows the program's scene and its selected run."""

    def __init__(self, workspace: Workspace, desk: Desk) -> None:
        scene, selected = workspace.scene, workspace.editor.selected
        most = most_epochs(scene)  # first: where it is impossible nothing is to be made
        super().__init__(workspace, desk, "Decay laboratory")
        room = self.screen().availableSize().expandedTo(SIZE)
        self.setMinimumSize(QSize(900, 560))
        self.resize((QSizeF(SIZE) * px(1)).toSize().boundedTo(room))  # large type wants a large window
        self.scene = scene
        self.run = run_of(scene, selected)
        own = {} if self.run.schedule == "manual" else {self.run.schedule: dict(self.run.schedule_params)}
        self.free: dict[str, dict[str, Any]] = {
            decay.key: {p.name: p.default for p in decay.params} | dict(FREE.get(decay.key, {})) for decay in DECAYS
        } | own
        self.decay = self.run.decay if self.run.decay in DECAYS and has_k(self.run.decay) else DECAYS[1]
        self.epochs = min(EPOCHS.default, most)
        self.epoch = self.epochs  # the cursor's
        self.log = False
        self.shown: Scene | None = None  # the scene with the family as runs
        self.appearance = workspace.state.appearance
        self._paths: State | None = None  # what the contour view shows
        self._result: Result | None = None
        self._over = False
        self._waited = 0  # frames
        self.runner = Runner()
        self.destroyed.connect(self.runner.close)  # if the parent takes it along without closing it
        self._frames = QTimer(self)
        self._frames.setInterval(FRAME_MS)
        self._frames.timeout.connect(self._frame)
        self._arrange(EPOCHS.having(high=most))
        self._connect()
        self.list.setCurrentRow(DECAYS.index(self.decay))

    def show_state(self, old: State | None, new: State) -> None:
        """Follows the theme, and goes over to another scene or another run; the decay and its settings stay."""
        if theme_changed(old, new):
            self.appearance = new.appearance
            self._set_theme(theme_of(new))
        if old is None:
            self._show_decay()
        elif not new.scene.same_content(old.scene) or new.selected != old.selected:
            self._go_over_to(new.scene, new.selected)

    def _go_over_to(self, scene: Scene, selected: int) -> None:
        run = run_of(scene, selected)
        try:
            most = most_epochs(scene)
            self.family_of(run)
        except ValueError as error:  # it stays with the scene before, which must not take the new one's place
            self.pointer.setText(str(error))
            self.use.setEnabled(False)
            return
        self.use.setEnabled(True)
        if scene.surface != self.scene.surface:
            self._result = None
        self.scene, self.run = scene, run
        self.epochs_field.set_param(EPOCHS.having(high=most))
        self.epochs = min(self.epochs, most)
        self.epoch = min(self.epoch, self.epochs)
        self._show_family()

    @property
    def computing(self) -> bool:
        """Whether paths are still to come."""
        return self._frames.isActive()

    # What it is made of

    def _arrange(self, epochs: Whole) -> None:
        self.curves = FamilyView()
        self.contours = ContourView()
        self.use = push_button("Use as scene", self._hand_over)
        self.use.setObjectName("use")
        self.use.setToolTip("Makes these paths the runs of the scene in the program's window")
        close = push_button("Close", self.close)
        self.pointer = QLabel()
        self.pointer.setObjectName("quiet")
        left = QVBoxLayout()
        left.setSpacing(GAP)
        left.addWidget(self._build_list(), 1)
        left.addWidget(self._build_settings(epochs))
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addLayout(left)
        row.addWidget(self._build_curves(), 10)
        row.addWidget(self._build_paths(), 11)
        below = QHBoxLayout()
        below.setContentsMargins(4, 0, 0, 0)
        below.addWidget(self.pointer, 1)
        below.addWidget(self.use)
        below.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addLayout(row, 1)
        column.addLayout(below)

    def _build_list(self) -> QFrame:
        self.list = DecayList()
        self._list_card = card(self.list)
        layout = self._list_card.layout()
        assert layout is not None
        layout.setContentsMargins(1, 5, 1, 5)
        return self._list_card

    def _build_settings(self, epochs: Whole) -> QFrame:
        self.form = Form()
        self.epochs_field = NumberField(epochs, slider=False)
        self.free_head = QLabel()
        self.free_head.setTextFormat(Qt.TextFormat.RichText)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(PAD, 7, PAD, 9)
        column.setSpacing(6)
        for widget in (self.free_head, self.form, self.epochs_field):
            column.addWidget(widget)
        self._settings_card = card(content)
        self._settings_card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        return self._settings_card

    def _build_curves(self) -> QFrame:
        self.formula = QLabel()
        self.formula.setObjectName("formula")
        self.formula.setWordWrap(True)
        self.note = QLabel()
        self.note.setObjectName("quiet")
        self.note.setWordWrap(True)
        self.toggles = KToggles()
        self.toggles.row.setContentsMargins(PAD - 2, 0, 8, 0)
        self.log_switch = tool_button("log", "Logarithmic axis", checkable=True, name="toggle")
        by_tab(self.log_switch)
        self.curves.head.addWidget(self.log_switch)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 9, 0, 2)
        column.setSpacing(3)
        for label in (self.formula, self.note):
            label.setContentsMargins(PAD - 1, 0, 8, 0)
            column.addWidget(label)
        column.addWidget(self.curves, 1)
        column.addWidget(self.toggles)
        column.addSpacing(4)
        return card(content)

    def _build_paths(self) -> QFrame:
        self.heading = QLabel()
        self.heading.setObjectName("title")
        self.heading.setContentsMargins(PAD - 1, 0, 8, 0)
        self.contours.width_of = width_of
        self.contours.bar.hide()  # the paths are the point here, and need the room
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 9, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(self.contours, 1)
        return card(content)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._choose)
        self.form.edited.connect(self._edit_free)
        self.epochs_field.edited.connect(self._edit_epochs)
        self.log_switch.toggled.connect(self._switch_log)
        self.curves.plot.scrubbed.connect(self.show_epoch)
        self.contours.plot.start_dragged.connect(self._drag_start)
        self.contours.plot.hovered.connect(self.pointer.setText)
        self.toggles.changed.connect(self._show_family)

    def _set_theme(self, theme: Theme) -> None:
        self.curves.set_theme(theme)
        self.list.set_theme(theme)
        self.toggles.set_theme(theme)
        for frame in (self._list_card, self._settings_card):
            frame.setFixedWidth(round(px(LEFT_WIDTH)))
        serif = f'font-family: "{MATH}"; font-style: italic; color: {theme.text};'
        sizes = (("formula", 22), ("k", 16))
        rules = [f"QLabel#{name} {{ {serif} font-size: {round(px(size))}px; }}" for name, size in sizes]
        self.setStyleSheet(" ".join([*rules, "QWidget#chips QToolButton { padding: 1px 1px; }"]))
        if self.shown is not None:
            self._show_curves()
            self._show_paths()

    # What it shows

    def family_of(self, run: Run) -> list[Run]:
        """The runs shown for that one: those of the grid that are checked, and above them the free one.

        Raises ValueError if with such a rate there is none.
        """
        base = run.replace(schedule=self.decay.key, visible=True, **self.free[self.decay.key])
        if not has_k(self.decay):
            return [base.replace(label=self.decay.name, color=FREE_COLOR)]
        grid = k_family(base, self.toggles.checked)
        name = free_label(f"k = {base.schedule_params['k']:g}", [run.label or "" for run in grid])
        return [*grid, base.replace(label=name, color=FREE_COLOR)]

    def _choose(self, row: int) -> None:
        if 0 <= row < len(DECAYS) and DECAYS[row] is not self.decay:
            before, self.decay = self.decay, DECAYS[row]
            try:
                self.family_of(self.run)
            except ValueError as error:  # the rate in the window has grown since this decay's k was chosen
                self.decay = before
                self.list.setCurrentRow(DECAYS.index(before))
                self.pointer.setText(str(error))
            else:
                self._show_decay()

    def _show_decay(self) -> None:
        """Shows another decay: its formula, its parameters, its family."""
        self.formula.setText(typeset(self.decay.formula))
        self.note.setText(self.decay.note)
        self.note.setVisible(bool(self.decay.note))
        family = has_k(self.decay)
        self.toggles.setVisible(family)
        self.free_head.setText(f'<span style="color:{FREE_COLOR}">●</span>&nbsp; {"Free curve" if family else "Curve"}')
        self._show_family()

    def _show_family(self) -> None:
        """Shows the curves at once, and asks for the paths."""
        if self._over:  # a field that commits what was typed when it loses the focus to nothing
            return
        self.form.show_params(self.decay.params, self.free[self.decay.key])
        self.epochs_field.show_value(self.epochs)
        about = f"{self.run.rule.name} on {self.scene.landscape.name}, α₀ = {minus(LR.format(self.run.lr))}"
        self.heading.setText(about)  # whose paths these are
        self.shown = self.scene.replace(steps=self.epochs * self.scene.steps_per_epoch, runs=self.family_of(self.run))
        self._show_curves()
        self._show_paths()
        self.runner.request(self.shown)
        self._frames.start()

    def _show_curves(self) -> None:
        assert self.shown is not None
        runs = [run.replace(lr=1.0) for run in self.shown.runs]
        self.curves.show_family(self.shown.replace(steps=self.epochs, steps_per_epoch=1, runs=runs), log=self.log)
        self.curves.show_cursor(self.epoch)

    def _show_paths(self) -> None:
        """Shows the surface at once, and the paths that there are; what lies past the cursor stays faintly in sight."""
        scene = self.scene.replace(view=self.scene.view.replace(rest=True, arithmetic=False))
        place = scene.place.replace(cursor=min(self.epoch * scene.steps_per_epoch, STEPS.high))
        selected = len(self._result.trajectories) - 1 if self._result is not None else -1
        new = State(scene, self._result, place, selected=selected, appearance=self.appearance)
        self.contours.show_state(self._paths, new)
        self._paths = new

    def _frame(self) -> None:
        """Takes what the runner has; stops when there is nothing more to come."""
        result = self.runner.take()
        if result is not None and result.on_surface_of(self.scene):
            self._result = result
            self._show_paths()
        self._show_progress()
        if not self.runner.busy:
            self._frames.stop()

    def _show_progress(self) -> None:
        """Says that it is computing, if it takes long."""
        if self.runner.busy:
            self._waited += 1
            if self._waited > PATIENCE:
                self.pointer.setText(f"Computing the paths … {self.runner.progress:.0%}")
        else:
            if self._waited > PATIENCE:
                self.pointer.clear()
            self._waited = 0

    def show_epoch(self, epoch: int) -> None:
        """Draws curves and paths up to that epoch; what comes after stays faint."""
        self.epoch = epoch
        self.curves.show_cursor(epoch)
        self._show_paths()

    # What can be done

    def _edit_free(self, name: str, value: object) -> None:
        before = self.free[self.decay.key]
        self.free[self.decay.key] = {**before, name: value}
        try:
            self._show_family()
        except ValueError as error:  # a k so large that the first rate is no number
            self.free[self.decay.key] = before
            self.form.fields[name].refuse(str(error))

    def _edit_epochs(self, name: str, value: int) -> None:
        self.epoch = value if self.epoch == self.epochs else min(self.epoch, value)
        self.epochs = value
        self._show_family()

    def _switch_log(self, on: bool) -> None:
        self.log = on
        self._show_curves()

    def _drag_start(self, x: float, y: float, held: bool) -> None:
        try:
            self.scene = self.scene.replace(start=(x, y))
        except ValueError as error:
            self.pointer.setText(str(error))
            return
        self._show_family()

    def _hand_over(self) -> None:
        """Makes the family the runs of the program's scene, looked at as that is, and makes room for it."""
        assert self.shown is not None
        now = self.workspace.scene
        shown = self.shown.replace(view=now.view, place=now.place)
        self.close()
        self.workspace.attempt(lambda: self.workspace.document.edit(shown, "decay laboratory"))

    def stop(self) -> None:
        super().stop()
        self._over = True
        self._frames.stop()
        self.runner.close()


def most_epochs(scene: Scene) -> int:
    """For how many epochs all runs of a family can be simulated. Raises ValueError if for not even one."""
    longest = min(STEPS.high, MOST_ROWS // (len(K_GRID) + 1))
    if scene.steps_per_epoch > longest:
        raise ValueError(
            f"steps / epoch must be at most {longest:,} for the decay laboratory, not {scene.steps_per_epoch:,}"
        )
    return min(EPOCHS.high, longest // scene.steps_per_epoch)


def run_of(scene: Scene, selected: int) -> Run:
    """The selected run; of a scene that has none, plain gradient descent."""
    if 0 <= selected < len(scene.runs):
        return scene.runs[selected]
    rule = OPTIMIZERS["gd"]
    return Run(rule.key, lr=suggest_lr(rule, scene.landscape))


LABORATORIES.add(
    Laboratory(
        "laboratory",
        "Decay &laboratory…",
        "All decays, and families of k",
        lambda workspace, desk: DecayLaboratory(workspace, desk).appear(),
        "Ctrl+K",
    )
)
