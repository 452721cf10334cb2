"""Comparisons in one click, the search for rates, and the laboratories."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..desk.desk import Desk
from ..laboratories import LABORATORIES, Laboratory
from ..scene.comparisons import COMPARISONS, Comparison
from ..session.workspace import Workspace
from ..studies.rate_search import Found, best_rates
from .command import Command


def compare(comparison: Comparison, workspace: Workspace, desk: Desk) -> None:
    """Replaces the runs by those that the comparison builds from the selected one, and plays them."""

    def build() -> None:
        scene = comparison.build(workspace.scene, workspace.editor.selected)
        workspace.document.edit(scene, comparison.name)
        workspace.editor.select(0)
        workspace.seek(0)
        workspace.play_when_ready()

    workspace.attempt(build)


def find_best_rates(workspace: Workspace, desk: Desk) -> None:
    """Searches every run's rate on a thread of its own, and says what it minimised."""
    searched = workspace.scene

    def take(found: Found) -> None:
        scene = workspace.scene
        if not scene.same_content(searched):
            desk.say("The scene has changed since the search began: its rates are not taken over.")
            return
        workspace.document.edit(found.scene.replace(view=scene.view, place=scene.place), "best rates")
        desk.say(found.words)

    workspace.study(lambda report: best_rates(searched, report), take)


def open_laboratory(laboratory: Laboratory, workspace: Workspace, desk: Desk) -> None:
    """Opens a laboratory on the present scene."""
    workspace.attempt(lambda: laboratory.open(workspace, desk))


def commands() -> Iterator[Command]:
    menu = "&Compare"
    for comparison in COMPARISONS.values():
        yield Command(
            comparison.key,
            comparison.name,
            partial(compare, comparison),
            tip=comparison.help,
            menu=menu,
        )
    tip = "Search each run's rate for the least final loss"
    yield Command("best_rates", "&Best rate for each", find_best_rates, tip=tip, menu=menu)
    for laboratory in LABORATORIES.values():
        yield Command(
            laboratory.key,
            laboratory.name,
            partial(open_laboratory, laboratory),
            laboratory.keys,
            laboratory.help,
            menu,
            1,
        )
