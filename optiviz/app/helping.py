"""The help's commands. Its window is imported when it is wanted: the start need not wait for it."""

from __future__ import annotations

from collections.abc import Iterator

from ..commands.command import Command
from ..desk.desk import Desk
from ..session.workspace import Workspace


def show_help(workspace: Workspace, desk: Desk) -> None:
    from . import help_window

    window = help_window.HelpWindow(desk.window, workspace)
    run = workspace.editor.run
    window.show()
    if run is not None:
        window.show_definition(help_window.anchor(run.rule))


def show_keys(workspace: Workspace, desk: Desk) -> None:
    from . import help_window

    desk.show_page("Keys", help_window.keys_text(desk.window.actions()))


def show_about(workspace: Workspace, desk: Desk) -> None:
    from . import help_window

    desk.show_page("About OptiViz", help_window.about_text())


def quitting() -> Iterator[Command]:
    yield Command("quit", "&Quit", lambda workspace, desk: desk.window.close(), "Ctrl+Q", menu="&File", group=3)


def commands() -> Iterator[Command]:
    menu = "&Help"
    yield Command("help", "&Optimizers, decays and surfaces", show_help, "F1", menu=menu)
    yield Command("keys", "&Keys", show_keys, menu=menu)
    yield Command("about", "&About OptiViz", show_about, menu=menu, group=2)
