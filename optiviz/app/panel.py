"""The panel on the left: the surface, the runs, and the form of the selected run.

It shows the editor's scene and calls the editor; it keeps nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPixmap
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
from ..scene.editor import SETUP, Editor
from ..scene.runner import Result, rate_at
from ..scene.scene import PALETTE, START_X, START_Y, Scene
from . import theme as themes
from .fields import Field, Form, NumberField
from .keyboard import by_tab
from .run_list import RunList

WIDTH = 258
PAD = 12
HEADING_WIDTH = 58

RATE_NOW = LR.having(name="rate", symbol="α", help="The rate at the cursor. Changing it makes a knot there.")

Attempt = Callable[..., None]


def fill_card(frame: QFrame, title: str) -> tuple[QVBoxLayout, QHBoxLayout]:
    """Makes the frame a card: gives the column for its content, and its heading's row for what belongs beside it."""
    frame.setObjectName("card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 8, 0, 9)
    column.setSpacing(6)
    row = heading(title)
    column.addLayout(row)
    return column, row


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
    by_tab(box)
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


class SurfaceCard(QFrame):
    """The surface with its parameters, the start, steps and noise."""

    def __init__(self, editor: Editor, attempt: Attempt) -> None:
        super().__init__()
        self.editor, self.attempt = editor, attempt
        column, head = fill_card(self, "Surface")
        self.box = catalog_box(SURFACES, "surface")
        head.addWidget(self.box)
        self.box.activated.connect(lambda _: attempt(lambda: editor.choose_surface(self.box.currentData())))
        self.form = Form()
        self.form.edited.connect(self._edit_param)
        self.form.settled.connect(editor.document.seal)
        grid = QGridLayout()
        grid.setContentsMargins(PAD, 0, PAD, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(5)
        self.setup = {name: NumberField(param, slider=False) for name, param in SETUP.items()}
        for place, (name, field) in enumerate(self.setup.items()):
            field.symbol.setMinimumWidth(16 if name.startswith("start") else 34)
            grid.addWidget(field, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
            field.edited.connect(self._edit_setup)
            field.settled.connect(editor.document.seal)
        self.setup["steps_per_epoch"].symbol.setText("/ epoch")
        column.addLayout(padded(self.form))
        column.addLayout(grid)

    def _edit_param(self, name: str, value: object) -> None:
        self.attempt(lambda: self.editor.set_surface_param(name, value), self.form.fields[name].refuse)

    def _edit_setup(self, name: str, value: object) -> None:
        self.attempt(lambda: self.editor.set_up(name, value), self.setup[name].refuse)

    def show_scene(self, scene: Scene) -> None:
        place = scene.place
        self.box.setCurrentIndex(self.box.findData(scene.surface))
        self.box.setToolTip(f"<b>{place.name}</b><br>{place.formula}<br><br>{place.note}")
        self.form.show_params(place.params, scene.surface_params)
        values = dict(zip((START_X.name, START_Y.name), scene.start, strict=True))
        for name, field in self.setup.items():
            field.show_value(values[name] if name in values else getattr(scene, name))


class RunsCard(QFrame):
    """The list of runs, and what can be done with them."""

    def __init__(self, editor: Editor, attempt: Attempt) -> None:
        super().__init__()
        self.editor, self.attempt = editor, attempt
        self.edit_actions: list[QAction] = []  # the window's, in a run's menu
        column, head = fill_card(self, "Runs")
        self.runs = RunList()
        self.runs.selected.connect(editor.select)
        self.runs.visibility_clicked.connect(lambda row: attempt(lambda: editor.toggle_visible(row)))
        self.runs.recolor_wanted.connect(self.choose_color)
        self.runs.renamed.connect(lambda row, label: attempt(lambda: editor.rename(row, label)))
        self.runs.moved.connect(lambda row, target: attempt(lambda: editor.move_run(row, target)))
        self.runs.menu_wanted.connect(self._popup)
        head.addStretch(1)
        self.buttons = {
            "duplicate": QToolButton(toolTip="Duplicate the selected run (Ctrl+D)"),
            "delete": QToolButton(toolTip="Delete the selected run (Del)"),
        }
        self.buttons["duplicate"].clicked.connect(lambda: attempt(editor.duplicate_run))
        self.buttons["delete"].clicked.connect(self.delete)
        for name, button in self.buttons.items():
            button.setObjectName("flat")
            by_tab(button)
            button.setAccessibleName(f"{name} run")
            head.addWidget(button)
        self.add_button = QToolButton(text="+ Add", toolTip="Add a run")
        self.add_button.setObjectName("flat")
        by_tab(self.add_button)
        self.add_button.setMenu(self._build_add_menu())
        self.add_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        head.addWidget(self.add_button)
        self.no_runs = QLabel("No runs yet. Add one to see it move.")
        self.no_runs.setObjectName("quiet")
        self.no_runs.setContentsMargins(PAD, 0, PAD, 0)
        column.addWidget(self.no_runs)
        column.addWidget(self.runs)

    def _build_add_menu(self) -> QMenu:
        menu = QMenu(self)
        for definition in OPTIMIZERS.values():
            action = menu.addAction(definition.name)
            action.triggered.connect(lambda _=False, key=definition.key: self.attempt(lambda: self.editor.add_run(key)))
        return menu

    def begin_rename(self) -> None:
        """Opens the selected run's name for typing."""
        if self.editor.run is not None and self.runs.can_rename():
            self.runs.editItem(self.runs.item(self.editor.selected))

    def delete(self) -> None:
        """Deletes the selected run, or makes the file forget the chosen one that is not understood."""
        unread, row = self.runs.unread, self.runs.currentRow()
        if unread is None:
            self.attempt(self.editor.delete_run)
        else:
            self.editor.document.remove(unread)
            self.runs.choose_unread(row)  # the next one, lest a second Del deletes a run

    def choose_color(self, row: int) -> None:
        """Offers the palette, and any other colour, for a run."""
        menu = self._menu()
        for color in PALETTE:
            swatch = QPixmap(14, 14)
            swatch.fill(QColor(color))
            menu.addAction(QIcon(swatch), color, lambda color=color: self.editor.recolor(row, color))
        menu.addSeparator()
        menu.addAction("Another…", lambda: self._ask_color(row))
        at = self.runs.visualItemRect(self.runs.item(row)).bottomLeft() + QPoint(8, 0)
        menu.popup(self.runs.viewport().mapToGlobal(at))

    def _ask_color(self, row: int) -> None:
        dialog = QColorDialog(QColor(self.editor.scene.runs[row].color or ""), self)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda color: self._recolor(row, color))
        dialog.show()

    def _recolor(self, row: int, color: QColor) -> None:
        if row < len(self.editor.scene.runs):  # it may have been deleted meanwhile
            self.editor.recolor(row, color.name())

    def _popup(self, at: QPoint) -> None:
        """The menu of the selected run."""
        editor, menu, row, run = self.editor, self._menu(), self.editor.selected, self.editor.run
        if self.runs.unread is not None:
            menu.addAction("Remove from the file", self.delete)
            menu.popup(at)
            return
        if run is None:
            return
        menu.addActions(self.edit_actions)
        menu.addSeparator()
        menu.addAction("Rename", self.begin_rename)
        menu.addAction("Duplicate", lambda: self.attempt(editor.duplicate_run))
        menu.addAction("Colour…", lambda: self.choose_color(row))
        menu.addAction("Hide" if run.visible else "Show", lambda: editor.toggle_visible(row))
        menu.addSeparator()
        menu.addAction("Move up", lambda: editor.move_run(row, row - 1)).setEnabled(row > 0)
        last = len(editor.scene.runs) - 1
        menu.addAction("Move down", lambda: editor.move_run(row, row + 1)).setEnabled(row < last)
        menu.addSeparator()
        menu.addAction("Delete", editor.delete_run)
        menu.popup(at)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def dress(self, theme: themes.Theme) -> None:
        self.runs.dress(theme)
        for name, button in self.buttons.items():
            button.setIcon(themes.icon(name, theme.quiet))

    def show_scene(self, scene: Scene) -> None:
        unread = self.editor.unread
        self.runs.show_scene(scene, self.editor.selected, unread)
        self.runs.setVisible(bool(scene.runs or unread))
        self.no_runs.setVisible(not scene.runs)
        for button in self.buttons.values():
            button.setEnabled(bool(scene.runs or unread))


class RunCard(QFrame):
    """The form of the selected run: optimizer, rate, parameters, decay."""

    def __init__(self, editor: Editor, attempt: Attempt) -> None:
        super().__init__()
        self.editor, self.attempt = editor, attempt
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
        self.cursor = 0
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
        self.attempt(lambda: self.editor.set_rate(self.cursor, value), self.rate_now.refuse)

    def show_cursor(self, cursor: int) -> None:
        """Shows the rate at the cursor, where the schedule is a manual one."""
        self.cursor = cursor
        run = self.editor.run
        if run is not None and run.schedule == "manual":
            self.rate_now.show_value(rate_at(self.editor.scene, run, cursor))

    def show_scene(self, scene: Scene) -> None:
        run = self.editor.run
        self.setVisible(run is not None)
        if run is None:
            return
        self.optimizer_box.setCurrentIndex(self.optimizer_box.findData(run.optimizer))
        self.optimizer_box.setToolTip("<br>".join(run.rule.formula))
        self.schedule_box.setCurrentIndex(self.schedule_box.findData(run.schedule))
        self.formula.setText(f"α = {run.decay.formula}")
        self.forms[0].show_params((LR, *run.rule.params), {"lr": run.lr, **run.params})
        self.forms[1].show_params(run.decay.params, run.schedule_params)
        self.rate_now.setVisible(run.schedule == "manual")
        self.show_cursor(self.cursor)


class Panel(QScrollArea):
    """Everything of the scene that can be set."""

    refused = Signal(str)

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self.editor = editor
        self.setFixedWidth(WIDTH)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.surface_card = SurfaceCard(editor, self.attempt)
        self.runs_card = RunsCard(editor, self.attempt)
        self.run_card = RunCard(editor, self.attempt)
        self.cards = (self.surface_card, self.runs_card, self.run_card)
        content = QWidget()
        content.setObjectName("bare")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for card in self.cards:
            column.addWidget(card)
        column.addStretch(1)
        self.setWidget(content)
        editor.subscribe(lambda: self.show_scene(editor.scene))

    def attempt(self, edit: Callable[[], None], refuse: Callable[[str], None] | None = None) -> None:
        """Makes an edit; an impossible one is refused in words, beside its field if it has one."""
        before = self.editor.scene
        try:
            edit()
        except ValueError as error:
            (refuse or self.refused.emit)(str(error))
            if refuse is not None:
                return  # what was typed stays, so that it can be mended
        if self.editor.scene is before:  # a number may have been typed in another way, a choice refused
            self.show_scene(before)

    def dress(self, theme: themes.Theme) -> None:
        self.runs_card.dress(theme)

    def show_scene(self, scene: Scene) -> None:
        for card in self.cards:
            card.show_scene(scene)

    def show_cursor(self, cursor: int) -> None:
        self.run_card.show_cursor(cursor)

    def show_result(self, result: Result) -> None:
        if result.scene.runs == self.editor.scene.runs:
            self.runs_card.runs.show_result(result)
