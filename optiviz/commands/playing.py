"""Moving through time."""

from __future__ import annotations

from collections.abc import Iterator

from ..desk.desk import Desk
from ..session.workspace import Workspace
from .command import Command


def go_to_start(workspace: Workspace, desk: Desk) -> None:
    workspace.seek(0)


def go_to_end(workspace: Workspace, desk: Desk) -> None:
    workspace.seek(workspace.player.last)


def commands() -> Iterator[Command]:
    run = "&Run"
    yield Command("play", "&Play", lambda w, d: w.toggle_play(), "Space", "Play or pause", run)
    yield Command("back", "Step &back", lambda w, d: w.step(-1), "Left", "One step back", run)
    yield Command("forward", "Step &forward", lambda w, d: w.step(1), "Right", "One step forward", run)
    yield Command("first", "&Start", go_to_start, "Home", "To the start", run)
    yield Command("last", "&End", go_to_end, "End", "To the end", run)
    yield Command("faster", "F&aster", lambda w, d: w.change_speed(1), "Up", menu=run, group=1)
    yield Command("slower", "S&lower", lambda w, d: w.change_speed(-1), "Down", menu=run, group=1)
    yield Command(
        "loop",
        "L&oop",
        lambda workspace, desk: workspace.toggle_loop(),
        "Ctrl+L",
        "Start again at the end",
        run,
        1,
        checked=lambda state: state.place.loop,
    )
