"""The panel on the left: the surface, the runs, and the form of the selected run.

It shows the document's scene and edits it; it keeps nothing but which run is selected.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QColorDialog,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..engine.catalog import Catalog
from ..engine.optimizers import LR, OPTIMIZERS
from ..engine.schedules import SCHEDULES
from ..engine.surfaces import SURFACES
from ..scene.document import Document
from ..scene.runner import Result
from ..scene.scene import (
    NOISE,
    PALETTE,
    SEED,
    START_X,
    START_Y,
    STEPS,
    STEPS_PER_EPOCH,
    Run,
    Scene,
    free_label,
    suggest_lr,
)
from . import theme as themes
from .fields import Form, NumberField
from .run_list import RunList

WIDTH = 258
PAD = 12
HEADING_WIDTH = 58


def card(title: str) -> tuple[QFrame, QVBoxLayout, QHBoxLayout]:
    """A card: the frame, the column for its content, and its heading's row, for what belongs beside it."""
    frame = QFrame()
    frame.setObjectName("card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 8, 0, 9)
    column.setSpacing(6)
    row = heading(title)
    column.addLayout(row)
    return frame, column, row


def heading(title: str) -> QHBoxLayout:
    """A row that begins with a heading."""
    row = QHBoxLayout()
    row.setContentsMargins(PAD, 0, PAD, 0)
    row.setSpacing(4)
    label = QLabel(title.upper())
    label.setObjectName("heading")
    label.setMinimumWidth(HEADING_WIDTH)
    row.addWidget(label)
    return row


def padded(*widgets: QWidget) -> QVBoxLayout:
    """Widgets in a column with the card's margins."""
    column = QVBoxLayout()
    column.setContentsMargins(PAD, 0, PAD, 0)
    column.setSpacing(6)
    for widget in widgets:
        column.addWidget(widget)
    return column


def catalog_box(catalog: Catalog[Any], name: str) -> QComboBox:
    """A choice among the catalog's definitions, under the headings of their families."""
    box = QComboBox()
    box.setObjectName(name)
    box.setMaxVisibleItems(30)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setMinimumContentsLength(8)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    family = None
    for definition in catalog.values():
        if getattr(definition, "family", family) != family:
            if family is not None:
                box.insertSeparator(box.count())
            family = definition.family
        box.addItem(definition.name, definition.key)
        tip = f"<b>{definition.name}</b><br>{'<br>'.join(lines(definition.formula))}"
        box.setItemData(
            box.count() - 1,
            tip + (f"<br><br>{definition.note}" if definition.note else ""),
            Qt.ItemDataRole.ToolTipRole,
        )
    return box


def lines(formula: str | tuple[str, ...]) -> tuple[str, ...]:
    return (formula,) if isinstance(formula, str) else formula


class Panel(QScrollArea):
    """Everything of the scene that can be set."""

    selection_changed = Signal(int)
    refused = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.selected = 0
        self.setFixedWidth(WIDTH)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        content.setObjectName("bare")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._build_surface())
        column.addWidget(self._build_runs())
        column.addWidget(self._build_form())
        column.addStretch(1)
        self.setWidget(content)

    # Surface

    def _build_surface(self) -> QWidget:
        frame, column, head = card("Surface")
        self.surface_box = catalog_box(SURFACES, "surface")
        head.addWidget(self.surface_box)
        self.surface_box.activated.connect(self._choose_surface)
        self.surface_form = Form()
        self.surface_form.edited.connect(self._edit_surface)
        self.surface_form.settled.connect(self.document.seal)
        grid = QGridLayout()
        grid.setContentsMargins(PAD, 0, PAD, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(5)
        self.setup = {
            param.name: NumberField(param, slider=False)
            for param in (START_X, START_Y, STEPS, STEPS_PER_EPOCH, NOISE, SEED)
        }
        for place, (name, field) in enumerate(self.setup.items()):
            field.symbol.setMinimumWidth(16 if name.startswith("start") else 34)
            grid.addWidget(field, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
            field.edited.connect(self._edit_setup)
            field.settled.connect(self.document.seal)
        self.setup["steps_per_epoch"].symbol.setText("/ epoch")
        column.addLayout(padded(self.surface_form))
        column.addLayout(grid)
        return frame

    def _choose_surface(self) -> None:
        """Another surface; rates that are still the suggested ones follow it."""
        scene, key = self.document.scene, self.surface_box.currentData()
        if key == scene.surface:
            return
        old, new = scene.place, SURFACES[key]
        runs = [
            run.replace(lr=suggest_lr(run.rule, new)) if run.lr == suggest_lr(run.rule, old) else run
            for run in scene.runs
        ]
        self._edit(lambda: scene.replace(surface=key, runs=runs), f"choice of {new.name}")

    def _edit_surface(self, name: str, value: object) -> None:
        scene = self.document.scene
        field = self.surface_form.fields[name]
        params = {**scene.surface_params, name: value}
        self._edit(
            lambda: scene.replace(surface_params=params),
            f"change of {field.param.symbol}",
            gesture=("surface", name),
            refuse=field.refuse,
        )

    def _edit_setup(self, name: str, value: object) -> None:
        scene, field = self.document.scene, self.setup[name]
        if name.startswith("start"):
            x, y = scene.start
            changes = {"start": (value, y) if name == "start x" else (x, value)}
        else:
            changes = {name: value}
        self._edit(
            lambda: scene.replace(**changes), f"change of {field.param.symbol}", gesture=name, refuse=field.refuse
        )

    # Runs

    def _build_runs(self) -> QWidget:
        frame, column, head = card("Runs")
        self.runs = RunList()
        self.runs.selected.connect(self.select)
        self.runs.visibility_clicked.connect(self.toggle_visible)
        self.runs.recolor_wanted.connect(self.choose_color)
        self.runs.renamed.connect(self.rename)
        self.runs.moved.connect(self.move_run)
        self.runs.menu_wanted.connect(self._run_menu)
        self.duplicate_button = QToolButton(toolTip="Duplicate the selected run (Ctrl+D)", clicked=self.duplicate_run)
        self.delete_button = QToolButton(toolTip="Delete the selected run (Del)", clicked=self.delete_run)
        self.add_button = QToolButton(text="+ Add", toolTip="Add a run")
        self.add_button.setObjectName("flat")
        self.add_menu = QMenu(self)
        for definition in OPTIMIZERS.values():
            action = self.add_menu.addAction(definition.name)
            action.setToolTip(definition.note)
            action.triggered.connect(lambda _=False, key=definition.key: self.add_run(key))
        self.add_button.setMenu(self.add_menu)
        self.add_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        head.addStretch(1)
        for button, name in ((self.duplicate_button, "duplicate"), (self.delete_button, "delete")):
            button.setObjectName("flat")
            button.setAccessibleName(f"{name} run")
            head.addWidget(button)
        head.addWidget(self.add_button)
        self.no_runs = QLabel("No runs yet. Add one to see it move.")
        self.no_runs.setObjectName("quiet")
        self.no_runs.setContentsMargins(PAD, 0, PAD, 0)
        column.addWidget(self.no_runs)
        column.addWidget(self.runs)
        return frame

    @property
    def run(self) -> Run | None:
        """The selected run."""
        runs = self.document.scene.runs
        return runs[self.selected] if 0 <= self.selected < len(runs) else None

    def select(self, row: int) -> None:
        """Shows the form of another run."""
        self.selected = row
        self.show_scene(self.document.scene)
        self.selection_changed.emit(row)

    def add_run(self, optimizer: str) -> None:
        """A new run of that optimizer at a rate that suits the surface, under the selected run's decay."""
        scene, rule = self.document.scene, OPTIMIZERS[optimizer]
        run = Run(optimizer, lr=suggest_lr(rule, scene.place))
        if self.run is not None:
            run = run.replace(schedule=self.run.schedule, **self.run.schedule_params)
        self._insert(run, len(scene.runs), f"adding of {rule.name}")

    def duplicate_run(self) -> None:
        if self.run is not None:
            labels = {run.label or "" for run in self.document.scene.runs}
            copy = self.run.replace(label=free_label(self.run.label or "", labels), color=None)
            self._insert(copy, self.selected + 1, f"duplication of {self.run.label}")

    def _insert(self, run: Run, row: int, name: str) -> None:
        runs = list(self.document.scene.runs)
        runs.insert(row, run)
        selected, self.selected = self.selected, row
        if self._edit(lambda: self.document.scene.replace(runs=runs), name):
            self.selection_changed.emit(row)
        else:
            self.selected = selected

    def delete_run(self) -> None:
        if self.run is not None:
            runs = [run for i, run in enumerate(self.document.scene.runs) if i != self.selected]
            self._edit(lambda: self.document.scene.replace(runs=runs), f"deletion of {self.run.label}")

    def rename(self, row: int, label: str) -> None:
        self._edit_run(row, {"label": label.strip()}, "renaming")

    def begin_rename(self) -> None:
        """Opens the selected run's name for typing."""
        if self.run is not None:
            self.runs.editItem(self.runs.item(self.selected))

    def choose_color(self, row: int) -> None:
        """Offers the palette, and any other colour, for a run."""
        menu = QMenu(self)
        for color in PALETTE:
            swatch = QPixmap(14, 14)
            swatch.fill(QColor(color))
            action = menu.addAction(QIcon(swatch), color)
            action.triggered.connect(lambda _=False, color=color: self.recolor(row, color))
        menu.addSeparator()
        menu.addAction("Another…", lambda: self._ask_color(row))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        at = self.runs.visualItemRect(self.runs.item(row)).bottomLeft() + QPoint(8, 0)
        menu.popup(self.runs.viewport().mapToGlobal(at))

    def _ask_color(self, row: int) -> None:
        run = self.document.scene.runs[row]
        dialog = QColorDialog(QColor(run.color or ""), self)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda color: self.recolor(row, color.name()))
        dialog.open()

    def recolor(self, row: int, color: str) -> None:
        self._edit_run(row, {"color": color}, "change of colour")

    def toggle_visible(self, row: int) -> None:
        if row < len(self.document.scene.runs):
            run = self.document.scene.runs[row]
            word = "hiding" if run.visible else "showing"
            self._edit_run(row, {"visible": not run.visible}, f"{word} of {run.label}")

    def move_run(self, source: int, target: int) -> None:
        runs = list(self.document.scene.runs)
        runs.insert(target, runs.pop(source))
        self.selected = target
        self._edit(lambda: self.document.scene.replace(runs=runs), "change of order")
        self.selection_changed.emit(target)

    def _run_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = self.selected
        menu.addAction("Rename", self.begin_rename)
        menu.addAction("Duplicate", self.duplicate_run)
        menu.addAction("Colour…", lambda: self.choose_color(row))
        menu.addAction("Hide" if self.run and self.run.visible else "Show", lambda: self.toggle_visible(row))
        menu.addSeparator()
        up = menu.addAction("Move up", lambda: self.move_run(row, row - 1))
        down = menu.addAction("Move down", lambda: self.move_run(row, row + 1))
        up.setEnabled(row > 0)
        down.setEnabled(row < len(self.document.scene.runs) - 1)
        menu.addSeparator()
        menu.addAction("Delete", self.delete_run)
        menu.popup(at)

    # Form of the selected run

    def _build_form(self) -> QWidget:
        self.form_card, column, head = card("Run")
        self.optimizer_box = catalog_box(OPTIMIZERS, "optimizer")
        head.addWidget(self.optimizer_box)
        self.optimizer_box.activated.connect(self._choose_optimizer)
        self.run_form = Form()
        self.run_form.edited.connect(self._edit_param)
        self.run_form.settled.connect(self.document.seal)
        decay = heading("Decay")
        self.schedule_box = catalog_box(SCHEDULES, "schedule")
        self.schedule_box.activated.connect(self._choose_schedule)
        self.formula = QLabel()
        self.formula.setObjectName("formula")
        self.formula.setWordWrap(True)
        self.formula.setStyleSheet(f'font-family: "{themes.MATH}"; font-style: italic; font-size: 14px;')
        self.schedule_form = Form()
        self.schedule_form.edited.connect(self._edit_param)
        self.schedule_form.settled.connect(self.document.seal)
        decay.addWidget(self.schedule_box)
        column.addLayout(padded(self.run_form))
        column.addLayout(decay)
        column.addLayout(padded(self.formula, self.schedule_form))
        return self.form_card

    def _choose_optimizer(self) -> None:
        run, key = self.run, self.optimizer_box.currentData()
        if run is None or key == run.optimizer:
            return
        place, rule = self.document.scene.place, OPTIMIZERS[key]
        changes: dict[str, Any] = {"optimizer": key, "lr": suggest_lr(rule, place)}
        labels = {other.label or "" for other in self.document.scene.runs} - {run.label or ""}
        if (run.label or "").rstrip(" 0123456789") == run.rule.name.rstrip(" 0123456789"):
            changes["label"] = free_label(rule.name, labels)  # the name was the old method's
        self._edit_run(self.selected, changes, f"choice of {rule.name}")

    def _choose_schedule(self) -> None:
        key = self.schedule_box.currentData()
        if self.run is not None and key != self.run.schedule:
            self._edit_run(self.selected, {"schedule": key}, f"choice of {SCHEDULES[key].name}")

    def _edit_param(self, name: str, value: object) -> None:
        field = self.run_form.fields.get(name) or self.schedule_form.fields[name]
        self._edit_run(
            self.selected,
            {name: value},
            f"change of {field.param.symbol}",
            gesture=("run", self.selected, name),
            refuse=field.refuse,
        )

    # All edits go through here

    def _edit_run(
        self, row: int, changes: dict[str, Any], name: str, gesture: object = None, refuse: Any = None
    ) -> None:
        scene = self.document.scene
        runs = list(scene.runs)

        def edited() -> Scene:
            runs[row] = runs[row].replace(**changes)
            return scene.replace(runs=runs)

        self._edit(edited, name, gesture, refuse)

    def _edit(self, make: Any, name: str, gesture: object = None, refuse: Any = None) -> bool:
        """Makes the edited scene the document's; an impossible one is refused in words, and the last good one stays."""
        try:
            scene = make()
        except ValueError as error:
            (refuse or self.refused.emit)(str(error))
            if refuse is None:
                self.show_scene(self.document.scene)
            return False
        self.document.edit(scene, name, gesture)
        self.show_scene(self.document.scene)  # also where nothing changed: a field may have been typed otherwise
        return True

    # Showing

    def dress(self, theme: themes.Theme) -> None:
        self.runs.dress(theme)
        for button, name in ((self.duplicate_button, "duplicate"), (self.delete_button, "delete")):
            button.setIcon(themes.icon(name, theme.quiet))

    def show_scene(self, scene: Scene) -> None:
        self.surface_box.setCurrentIndex(self.surface_box.findData(scene.surface))
        self.surface_box.setToolTip(f"<b>{scene.place.name}</b><br>{scene.place.formula}<br><br>{scene.place.note}")
        self.surface_form.show_params(scene.place.params, scene.surface_params)
        x, y = scene.start
        for name, field in self.setup.items():
            field.show_value(
                {"start x": x, "start y": y}.get(name) if name.startswith("start") else getattr(scene, name)
            )
        self.selected = max(0, min(self.selected, len(scene.runs) - 1))
        self.runs.show_scene(scene, self.selected)
        self.no_runs.setVisible(not scene.runs)
        self.runs.setVisible(bool(scene.runs))
        run = self.run
        self.form_card.setVisible(run is not None)
        self.duplicate_button.setEnabled(run is not None)
        self.delete_button.setEnabled(run is not None)
        if run is not None:
            self.optimizer_box.setCurrentIndex(self.optimizer_box.findData(run.optimizer))
            self.optimizer_box.setToolTip("<br>".join(run.rule.formula))
            self.run_form.show_params((LR, *run.rule.params), {"lr": run.lr, **run.params})
            self.schedule_box.setCurrentIndex(self.schedule_box.findData(run.schedule))
            self.formula.setText(f"α = {run.decay.formula}")
            self.schedule_form.show_params(run.decay.params, run.schedule_params)

    def show_result(self, result: Result) -> None:
        if result.scene.runs == self.document.scene.runs:
            self.runs.show_result(result)
