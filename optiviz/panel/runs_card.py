"""The card of the runs: the list, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QColorDialog,
    QFrame,
    QLabel,
    QMenu,
    QToolButton,
)

from ..engine.optimizers import OPTIMIZERS
from ..scene.run import PALETTE, Run
from ..scene.simulation import Result
from ..session.state import State, differ
from ..session.workspace import Workspace
from ..views.showing import Showing, theme_changed, theme_of
from ..widgets.buttons import tool_button
from ..widgets.icons import icon
from ..widgets.keyboard import by_tab
from .cards import PAD, fill_card
from .run_list import RunList


class RunsCard(QFrame, Showing):
    """The list of runs, and what can be done with them."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        editor = self.editor = workspace.editor
        attempt = self.attempt = workspace.attempt
        column, head = fill_card(self, "Runs")
        self.runs = RunList()
        self.runs.selected.connect(workspace.select)
        self.runs.unread_chosen.connect(lambda unread: attempt(lambda: editor.choose_unread(unread)))
        self.runs.visibility_clicked.connect(lambda row: attempt(lambda: editor.toggle_visible(row)))
        self.runs.recolor_wanted.connect(self.choose_color)
        self.runs.renamed.connect(lambda row, label: attempt(lambda: editor.rename(row, label)))
        self.runs.moved.connect(lambda row, target: attempt(lambda: editor.move_run(row, target)))
        self.runs.menu_wanted.connect(self._popup)
        head.addStretch(1)
        self.buttons = {
            "duplicate": tool_button(tip="Duplicate the selected run (Ctrl+D)", name="flat"),
            "delete": tool_button(tip="Delete the selected run (Del)", name="flat"),
        }
        self.buttons["duplicate"].clicked.connect(lambda: attempt(editor.duplicate_run))
        self.buttons["delete"].clicked.connect(lambda: self._do("delete"))
        for name, button in self.buttons.items():
            by_tab(button)
            button.setAccessibleName(f"{name} run")
            head.addWidget(button)
        self.add_button = tool_button("+ Add", "Add a run", name="flat")
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

    def choose_color(self, row: int) -> None:
        """Offers the palette, and any other colour, for a run."""
        menu = self._menu()
        for color in PALETTE:
            swatch = QPixmap(14, 14)
            swatch.fill(QColor(color))
            menu.addAction(QIcon(swatch), color, lambda color=color: self._recolor(row, color))
        menu.addSeparator()
        menu.addAction("Another…", lambda: self._ask_color(row))
        at = self.runs.visualItemRect(self.runs.item(row)).bottomLeft() + QPoint(8, 0)
        menu.popup(self.runs.viewport().mapToGlobal(at))

    def _ask_color(self, row: int) -> None:
        dialog = QColorDialog(QColor(self.editor.scene.runs[row].color or ""), self)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(lambda color: self._recolor(row, color.name()))
        dialog.show()

    def _recolor(self, row: int, color: str) -> None:
        if row < len(self.editor.scene.runs):  # it may have been deleted meanwhile
            self.attempt(lambda: self.editor.recolor(row, color))

    def _popup(self, at: QPoint) -> None:
        """The menu of the selected run."""
        editor, menu, row, run = self.editor, self._menu(), self.editor.selected, self.editor.run
        attempt = self.attempt
        if editor.chosen_unread is not None:
            menu.addAction("Remove from the file", lambda: self._do("delete"))
            menu.popup(at)
            return
        if run is None:
            return
        menu.addActions([self._action(name) for name in ("cut", "copy", "paste")])
        menu.addSeparator()
        menu.addAction("Rename", self.begin_rename)
        menu.addAction("Duplicate", lambda: attempt(editor.duplicate_run))
        menu.addAction("Colour…", lambda: self.choose_color(row))
        menu.addAction("Hide" if run.visible else "Show", lambda: attempt(lambda: editor.toggle_visible(row)))
        menu.addSeparator()
        up, down = (partial(editor.move_run, row, row + by) for by in (-1, 1))
        menu.addAction("Move up", lambda: attempt(up)).setEnabled(row > 0)
        last = len(editor.scene.runs) - 1
        menu.addAction("Move down", lambda: attempt(down)).setEnabled(row < last)
        menu.addSeparator()
        menu.addAction("Delete", lambda: attempt(editor.delete_run))
        menu.popup(at)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _action(self, name: str) -> QAction:
        """The window's action of that name."""
        return next(action for action in self.window().actions() if action.objectName() == name)

    def _do(self, name: str) -> None:
        self._action(name).trigger()

    def show_state(self, old: State | None, new: State) -> None:
        if theme_changed(old, new):
            theme = theme_of(new)
            self.runs.set_theme(theme)
            for name, button in self.buttons.items():
                button.setIcon(icon(name, theme.quiet))
        if differ(old, new, seen):
            scene, unread = new.scene, self.editor.unread
            self.runs.show_scene(scene, new.selected, unread, new.unread)
            self.runs.setVisible(bool(scene.runs or unread))
            self.no_runs.setVisible(not scene.runs)
            for button in self.buttons.values():
                button.setEnabled(bool(scene.runs or unread))
        result = new.result
        if result is not None and differ(old, new, lambda state: (state.result, state.scene.runs)):
            self._show_outcomes(result, new.scene.runs)

    def _show_outcomes(self, result: Result, runs: Sequence[Run]) -> None:
        """Says which runs diverged, if the result is theirs."""
        if result.scene.runs == runs:
            self.runs.show_result(result)


def seen(state: State) -> tuple[object, ...]:
    """What of a state the list shows."""
    return (state.scene.runs, state.selected, state.unread, state.origin.foreign, state.refusals)
