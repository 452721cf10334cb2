"""The order of runs: dragged in the list, moved by the menu."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QComboBox

from optiviz import Run, Scene


@pytest.fixture
def three(open_window):
    return open_window(Scene("booth", steps=10, runs=[Run(key, lr=0.01) for key in ("gd", "adam", "lion")]))


@pytest.mark.parametrize(
    ("row", "before", "order"),
    [
        (0, 2, ["adam", "gd", "lion"]),
        (0, 3, ["adam", "lion", "gd"]),
        (1, 3, ["gd", "lion", "adam"]),
        (2, 0, ["lion", "gd", "adam"]),
        (2, 1, ["gd", "lion", "adam"]),
    ],
)
def test_a_dragged_run_lands_where_it_was_let_go(three, row, before, order):
    model, root = three.runs.model(), three.runs.rootIndex()
    assert model.moveRows(root, row, 1, root, before)  # what the list's own drag and drop does
    assert [run.optimizer for run in three.scene.runs] == order
    three.settle()


@pytest.mark.parametrize(("number", "up", "down"), [(0, False, True), (1, True, True), (2, True, False)])
def test_the_menu_moves_a_run_only_where_there_is_room(three, number, up, down):
    three.click_run(number)
    at = three.row(number)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, three.runs.viewport().mapToGlobal(at))
    QApplication.sendEvent(three.runs.viewport(), event)
    menu = three.menu()
    possible = {action.text(): action.isEnabled() for action in menu.actions()}
    assert (possible["Move up"], possible["Move down"]) == (up, down)
    menu.close()


@pytest.mark.parametrize(
    ("number", "entry", "selected"),
    [
        (1, "Move up", "adam"),
        (1, "Move down", "adam"),
        (1, "Delete", "lion"),
        (2, "Delete", "adam"),
        (1, "Duplicate", "adam"),
        (1, "Hide", "adam"),
    ],
)
def test_what_the_menu_does_leaves_a_run_selected_that_all_agree_on(three, number, entry, selected):
    three.click_run(number)
    at = three.row(number)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, three.runs.viewport().mapToGlobal(at))
    QApplication.sendEvent(three.runs.viewport(), event)
    menu = three.menu()
    next(action for action in menu.actions() if action.text() == entry).trigger()  # no event may come in between
    workspace = three.window.workspace
    assert workspace.state.selected == workspace.editor.selected == three.runs.currentRow()
    assert workspace.state.run == workspace.editor.run
    assert workspace.state.run.optimizer == selected
    assert three.find(QComboBox, "optimizer").currentData() == selected
    menu.close()
    three.settle()
