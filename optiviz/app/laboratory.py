"""The decay laboratory: the lecture's pictures, live.

One decay at a time: its formula, the family of its curves α(t) for the lecture's grid of k with one free curve among
them, and the same family as paths of the selected run's method. The curves are the schedules' own rates, those that
drive the runs; nothing here knows a formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ..engine.optimizers import LR, OPTIMIZERS
from ..engine.params import Whole
from ..scene.comparisons import K_GRID, has_k, k_family
from ..scene.runner import Runner
from ..scene.scene import MOST_ROWS, STEPS, Run, Scene, free_label, suggest_lr
from . import theme as themes
from .contour_view import ContourView
from .dashboard import GAP, card
from .decay_list import DECAYS, PAD, DecayList, typeset
from .family_view import FREE_COLOR, FamilyView, KToggles, width_of
from .fields import Form, NumberField
from .polylines import Line
from .words import minus

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


class DecayLaboratory(QDialog):
    """A window of its own beside the program's. `scene_wanted` hands the family over as the runs of a scene."""

    scene_wanted = Signal(object)

    def __init__(self, scene: Scene, selected: int, theme: themes.Theme, parent: QWidget | None = None) -> None:
        most = most_epochs(scene)  # first: where it is impossible nothing is to be made
        super().__init__(parent)
        self.setWindowTitle("Decay laboratory")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        room = self.screen().availableSize().expandedTo(SIZE)
        self.setMinimumSize(QSize(900, 560))
        self.resize((QSizeF(SIZE) * themes.px(1)).toSize().boundedTo(room))  # large type wants a large window
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.scene = scene
        self.run = run_of(scene, selected)
        own = {} if self.run.schedule == "manual" else {self.run.schedule: dict(self.run.schedule_params)}
        self.free: dict[str, dict[str, Any]] = {
            decay.key: {p.name: p.default for p in decay.params} | dict(FREE.get(decay.key, {})) for decay in DECAYS
        } | own
        self.decay = self.run.decay if self.run.decay in DECAYS and has_k(self.run.decay) else DECAYS[1]
        self.epochs = min(EPOCHS.default, most)
        self.cursor = self.epochs
        self.log = False
        self.shown: Scene | None = None  # the scene with the family as runs
        self._over = False
        self._waited = 0  # frames
        self.runner = Runner()
        self.destroyed.connect(self.runner.close)  # if the parent takes it along without closing it
        self._frames = QTimer(self, interval=FRAME_MS)
        self._frames.timeout.connect(self._frame)
        self._arrange(EPOCHS.having(high=most))
        self._connect()
        self.dress(theme)
        self.list.setCurrentRow(DECAYS.index(self.decay))
        self._show_place()
        self._show_decay()

    # What it is made of

    def _arrange(self, epochs: Whole) -> None:
        self.curves = FamilyView()
        self.contours = ContourView()
        self.use = QPushButton("Use as scene", autoDefault=False)
        self.use.setObjectName("use")
        self.use.setToolTip("Makes these paths the runs of the scene in the program's window")
        close = QPushButton("Close", autoDefault=False, clicked=self.close)
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
        self.log_switch = self.curves.add_switch("log", "Logarithmic axis")
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
        self.place = QLabel()
        self.place.setObjectName("title")
        self.place.setContentsMargins(PAD - 1, 0, 8, 0)
        self.contours.bar.hide()  # the paths are the point here, and need the room
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 9, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.place)
        column.addWidget(self.contours, 1)
        return card(content)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._choose)
        self.form.edited.connect(self._edit_free)
        self.epochs_field.edited.connect(self._edit_epochs)
        self.log_switch.toggled.connect(self._switch_log)
        self.use.clicked.connect(self._hand_over)
        self.curves.plot.scrubbed.connect(self.show_cursor)
        self.contours.plot.start_dragged.connect(self._drag_start)
        self.contours.plot.hovered.connect(self.pointer.setText)
        self.toggles.changed.connect(self._show_family)

    def dress(self, theme: themes.Theme) -> None:
        """Puts the window into another theme."""
        self.theme = theme
        self.curves.dress(theme)
        self.contours.dress(theme)
        self.list.dress(theme)
        self.toggles.dress(theme)
        for frame in (self._list_card, self._settings_card):
            frame.setFixedWidth(round(themes.px(LEFT_WIDTH)))
        serif = f'font-family: "{themes.MATH}"; font-style: italic; color: {theme.text};'
        sizes = (("formula", 22), ("k", 16))
        rules = [f"QLabel#{name} {{ {serif} font-size: {round(themes.px(size))}px; }}" for name, size in sizes]
        self.setStyleSheet(" ".join([*rules, "QWidget#chips QToolButton { padding: 1px 1px; }"]))
        if self.shown is not None:
            self._show_curves()

    # What it shows

    @property
    def family(self) -> list[Run]:
        """The runs shown: those of the grid that are checked, and above them the free one."""
        base = self.run.replace(schedule=self.decay.key, visible=True, **self.free[self.decay.key])
        if not has_k(self.decay):
            return [base.replace(label=self.decay.name, color=FREE_COLOR)]
        grid = k_family(base, self.toggles.checked)
        name = free_label(f"k = {base.schedule_params['k']:g}", [run.label or "" for run in grid])
        return [*grid, base.replace(label=name, color=FREE_COLOR)]

    def _choose(self, row: int) -> None:
        if 0 <= row < len(DECAYS) and DECAYS[row] is not self.decay:
            self.decay = DECAYS[row]
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

    def show_scene(self, scene: Scene, selected: int) -> None:
        """Goes over to another scene and its selected run; the decay and its settings stay."""
        self.scene, self.run = scene, run_of(scene, selected)
        self._show_place()
        self._show_family()

    def _show_place(self) -> None:
        """Shows the surface, and says whose paths these are."""
        self.place.setText(f"{self.run.rule.name} on {self.scene.place.name}, α₀ = {minus(LR.format(self.run.lr))}")
        # What lies past the cursor stays in sight, faintly.
        self.contours.show_scene(self.scene.replace(view=self.scene.view.replace(rest=True)))

    def _show_family(self) -> None:
        """Shows the curves at once, and asks for the paths."""
        if self._over:  # a field that commits what was typed when it loses the focus to nothing
            return
        self.form.show_params(self.decay.params, self.free[self.decay.key])
        self.epochs_field.show_value(self.epochs)
        self.shown = self.scene.replace(steps=self.epochs * self.scene.steps_per_epoch, runs=self.family)
        self._show_curves()
        self.runner.request(self.shown)
        self._frames.start()

    def _show_curves(self) -> None:
        assert self.shown is not None
        runs = [run.replace(lr=1.0) for run in self.shown.runs]
        self.curves.show_family(self.shown.replace(steps=self.epochs, steps_per_epoch=1, runs=runs), log=self.log)
        self.curves.show_cursor(self.cursor)

    def _frame(self) -> None:
        """Takes what the runner has; stops when there is nothing more to come."""
        result = self.runner.take()
        if result is not None and result.scene.surface == self.scene.surface:
            self.contours.show_result(result)
            lines = [
                Line(trajectory.x, trajectory.y, (run.color or "",), width_of(run))
                for run, trajectory in zip(result.scene.runs, result.trajectories, strict=True)
            ]
            self.contours.plot.paths.show_lines(lines)
            self.contours.show_selected(len(lines) - 1)
            self._show_path_cursor()
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

    def show_cursor(self, epoch: int) -> None:
        """Draws curves and paths up to that epoch; what comes after stays faint."""
        self.cursor = epoch
        self.curves.show_cursor(epoch)
        self._show_path_cursor()

    def _show_path_cursor(self) -> None:
        self.contours.show_cursor(self.cursor * self.scene.steps_per_epoch)

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
        self.cursor = value if self.cursor == self.epochs else min(self.cursor, value)
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
        self._show_place()
        self._show_family()

    def _hand_over(self) -> None:
        """Gives the family to whoever wants it as a scene, and makes room for it."""
        assert self.shown is not None
        self.scene_wanted.emit(self.shown)
        self.close()

    # The end

    def _stop(self) -> None:
        self._over = True
        self._frames.stop()
        self.runner.close()

    def done(self, result: int) -> None:
        self._stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)


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
    return Run(rule.key, lr=suggest_lr(rule, scene.place))
