"""Undo, and what is done with runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..desk.desk import Desk
from ..engine.optimizers import OPTIMIZERS
from ..panel.runs_card import RunsCard
from ..scene.words import in_a_menu
from ..session.state import State
from ..session.workspace import Workspace
from .command import Command, has_run

RUN_KEYS = 9  # the keys 1 to 9 hide and show the first runs


def duplicate_run(workspace: Workspace, desk: Desk) -> None:
    workspace.attempt(workspace.editor.duplicate_run)


def rename_run(workspace: Workspace, desk: Desk) -> None:
    """Opens the selected run's name for typing."""
    desk.find(RunsCard).begin_rename()


def delete_run(workspace: Workspace, desk: Desk) -> None:
    """Deletes the selected run, or makes the file forget the chosen one that is not understood."""
    unread = workspace.editor.chosen_unread is not None
    workspace.attempt(workspace.editor.remove_unread if unread else workspace.editor.delete_run)


def add_run(optimizer: str, workspace: Workspace, desk: Desk) -> None:
    workspace.attempt(lambda: workspace.editor.add_run(optimizer))


def toggle_run(row: int, workspace: Workspace, desk: Desk) -> None:
    workspace.attempt(lambda: workspace.editor.toggle_visible(row))


def multiply_rate(workspace: Workspace, factor: float) -> None:
    """Multiplies the selected run's rate from the cursor on, and records it as a knot."""
    workspace.attempt(lambda: workspace.editor.multiply_rate(workspace.player.cursor, factor))
    workspace.document.seal()


def take_rate_back(workspace: Workspace, desk: Desk) -> None:
    workspace.attempt(lambda: workspace.editor.take_back_rate(workspace.player.cursor))


def turn_into_knots(workspace: Workspace, desk: Desk) -> None:
    workspace.attempt(workspace.editor.turn_into_knots)


def named(word: str, what: str | None) -> str:
    return f"&{word} {in_a_menu(what)}" if what else f"&{word}"


def has_run_number(number: int, state: State) -> bool:
    return number <= len(state.scene.runs)


def commands() -> Iterator[Command]:
    edit, run, decay = "&Edit", "&Run", "&Run/&Manual decay"
    yield Command(
        "undo",
        "&Undo",
        lambda workspace, desk: workspace.undo(),
        "Ctrl+Z",
        menu=edit,
        possible=lambda state: state.history.undo is not None,
        wording=lambda state: named("Undo", state.history.undo),
    )
    yield Command(
        "redo",
        "&Redo",
        lambda workspace, desk: workspace.redo(),
        "Ctrl+Shift+Z Ctrl+Y",
        menu=edit,
        possible=lambda state: state.history.redo is not None,
        wording=lambda state: named("Redo", state.history.redo),
    )
    yield Command("duplicate", "&Duplicate run", duplicate_run, "Ctrl+D", menu=edit, group=2, possible=has_run)
    yield Command("rename", "Re&name run", rename_run, "F2", menu=edit, group=2, possible=has_run)
    yield Command(
        "delete",
        "D&elete run",
        delete_run,
        "Del",
        menu=edit,
        group=2,
        possible=lambda state: state.run is not None or state.unread is not None,
    )
    for definition in OPTIMIZERS.values():
        yield Command(
            f"add {definition.key}",
            definition.name,
            partial(add_run, definition.key),
            tip=f"Add a run of {definition.name}",
            menu="&Run/&Add a run",
        )
    tip = "Halve the selected run's rate from here on"
    yield Command(
        "halve", "α × 0.&5 from here", lambda w, d: multiply_rate(w, 0.5), "D", tip, decay, possible=has_any_run
    )
    tip = "A tenth of the rate from here on"
    yield Command("tenth", "α × 0.&1 from here", lambda w, d: multiply_rate(w, 0.1), "Shift+D", tip, decay)
    yield Command("take_back", "&Take the last change of α back", take_rate_back, "Backspace", menu=decay)
    yield Command("knots", "Turn the decay into &knots", turn_into_knots, menu=decay)
    for number in range(1, RUN_KEYS + 1):
        yield Command(
            f"run {number}",
            f"Hide or show run {number}",
            partial(toggle_run, number - 1),
            str(number),
            menu=f"{run}/&Hide or show",
            possible=partial(has_run_number, number),
        )


def has_any_run(state: State) -> bool:
    return state.run is not None
