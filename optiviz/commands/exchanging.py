"""Runs and scenes as text, through the clipboard: cut, copied, pasted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication, QLineEdit

from ..desk.desk import Desk
from ..files import pasted
from ..files.origin import Origin
from ..scene.run import Run
from ..scene.scene import Scene
from ..session.state import State
from ..session.workspace import Workspace
from .command import Command, has_run
from .opening import Files
from .viewing import COPY_KEY, reads

PAST = {"paste": "Pasted", "drop": "Dropped"}


def cut_run(workspace: Workspace, desk: Desk) -> None:
    if (run := put_run(workspace, desk)) is not None:
        workspace.attempt(lambda: workspace.editor.delete_run("cut"))
        desk.say(f"Cut {run.label}.")


def copy_run(workspace: Workspace, desk: Desk) -> None:
    if (run := put_run(workspace, desk)) is not None:
        desk.say(f"Copied {run.label}.")


def put_run(workspace: Workspace, desk: Desk) -> Run | None:
    """Puts the selected run into the clipboard, if there is one, and gives it."""
    run = workspace.editor.run
    if run is not None:
        desk.copy(pasted.to_text(run))
    return run


def copy_scene(workspace: Workspace, desk: Desk) -> None:
    """Puts the whole scene, as it is shown, into the clipboard."""
    scene = workspace.as_shown()
    desk.copy(pasted.to_text(scene))
    desk.say(f"Copied the scene with {count(scene.runs)} as text.")


def paste(workspace: Workspace, desk: Desk, files: Files) -> None:
    """Takes what is in the clipboard: runs, a scene, or files; a text, if a text is being typed."""
    field = QApplication.focusWidget()
    mime = QApplication.clipboard().mimeData()
    if isinstance(field, QLineEdit):
        field.paste()
    elif paths := local_files(mime):
        files.open_first(paths)
    elif mime.hasText():
        take_text(workspace, desk, mime.text(), "paste")


def take_text(workspace: Workspace, desk: Desk, text: str, how: str) -> None:
    """Adds the runs that a text holds, or opens its scene; `how` it came is one of PAST."""
    try:
        found = pasted.from_text(text)
        if isinstance(found, Scene):
            workspace.open(found, Origin(), f"{how} of a scene")
            words = f"a scene with {count(found.runs)}"
        else:
            with workspace.one_change():
                added = workspace.editor.insert_runs(found, how)
            words = " and ".join(run.label or "" for run in added) if len(added) < 3 else count(added)
    except ValueError as error:
        desk.say(f"Nothing was {PAST[how].lower()}: {error}.")
        return
    desk.say(f"{PAST[how]} {words}.")


def count(runs: Sequence[Run]) -> str:
    """How many runs: "1 run", "3 runs", "no runs"."""
    number = len(runs)
    return "1 run" if number == 1 else f"{number or 'no'} runs"


def local_files(mime: QMimeData) -> list[Path]:
    """The files on this computer that something dragged or copied stands for."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def pasteable() -> bool:
    """Whether the clipboard has something that could be tried."""
    mime: QMimeData | None = QApplication.clipboard().mimeData()  # none where there is no clipboard
    return mime is not None and (mime.hasText() or mime.hasUrls())


def not_reading(state: State) -> bool:
    """Whether Ctrl+C means a run: while the arithmetic is shown, what one wants to copy is a line."""
    return not reads(state)


def commands(files: Files) -> Iterator[Command]:
    menu = "&Edit"
    tip = "Take the selected run away, as text"
    yield Command("cut", "Cu&t run", cut_run, "Ctrl+X", tip, menu, 1, possible=has_run, of_fields=True)
    yield Command(
        "copy",
        "&Copy run",
        copy_run,
        COPY_KEY,
        "Copy the selected run as text",
        menu,
        1,
        possible=has_run,
        keyed=not_reading,
        of_fields=True,
    )
    yield Command(
        "paste",
        "&Paste",
        lambda workspace, desk: paste(workspace, desk, files),
        "Ctrl+V",
        "Add copied runs, or open a copied scene or file",
        menu,
        1,
        possible=lambda state: state.pasteable,
        of_fields=True,
    )
    tip = "Copy the scene as text, for a mail"
    yield Command("copy_scene", "Copy &scene as text", copy_scene, "Ctrl+Alt+C", tip, menu, 1)
