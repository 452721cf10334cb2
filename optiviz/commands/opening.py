"""Opening and saving scenes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..desk.desk import Desk
from ..files import scene_files
from ..files.origin import Origin
from ..scene.first import first_scene
from ..session.workspace import Workspace
from .command import Command, Listing
from .conducting import Lessons
from .recent_files import RecentFiles

OPENED = "Scenes and pictures made by OptiViz (*.optiviz *.png *.svg);;All files (*)"
SAVED = "OptiViz scene (*.optiviz)"
ENDING, LESSON_ENDING = ".optiviz", ".md"
MOST_PROBLEMS = 5  # that are told of files that cannot be opened


class Files:
    """The scene files of one window: opened, saved, and remembered."""

    def __init__(self, workspace: Workspace, desk: Desk, lessons: Lessons) -> None:
        self.workspace, self.desk, self.lessons = workspace, desk, lessons
        self.recent = RecentFiles(desk, self.open)

    def reset(self) -> None:
        """Back to the scene of the first start. Undo brings the present one back."""
        self.workspace.open(first_scene(), Origin(), "reset")
        self.workspace.play_when_ready()

    def open_dialog(self) -> None:
        chosen = self.desk.choose_file("Open a scene", OPENED)
        if chosen is not None:
            self.open(chosen)

    def can_open(self, path: Path) -> bool:
        """Whether a file is worth trying to open."""
        return scene_files.looks_like_scene(path) or is_lesson(path)

    def open(self, path: Path) -> None:
        """Opens a scene file, a picture that carries a scene, or a lesson."""
        self.open_first([path])

    def open_first(self, paths: Sequence[Path]) -> None:
        """Opens the first of some files that can be opened. If none can, says why."""
        problems = []
        for path in paths:
            try:
                self._open(path)
            except (OSError, ValueError) as error:
                gone = isinstance(error, FileNotFoundError) and self.recent.forget(path)
                problems.append(f"{error}\nIt has left the list of recent files." if gone else str(error))
                continue
            if len(paths) > 1:
                self.desk.say(f"Opened {path.name} alone: one scene of {len(paths)} files can be shown.")
            return
        what = f"{paths[0].name} cannot be opened." if len(paths) == 1 else f"None of {len(paths)} files can be opened."
        self.desk.warn(what, "\n".join(problems[:MOST_PROBLEMS]))

    def _open(self, path: Path) -> None:
        if is_lesson(path):
            self.lessons.take(path)
            return
        opened = scene_files.read_tolerant(path)
        origin = Origin(path=place_to_save(path), foreign=opened.foreign)
        self.workspace.open(opened.scene, origin, f"opening of {path.name}")
        self.opened(path, opened.messages)

    def opened(self, path: Path, messages: Sequence[str]) -> None:
        """A file has been opened: it is remembered, and what there is to say is said."""
        self.desk.settings.folder = path.absolute().parent
        self.recent.add(path)
        self.desk.say(messages[0] if len(messages) == 1 else f"Opened {path.name}.")
        if len(messages) > 1:
            self.desk.tell(messages[0], "\n".join(f"• {line}" for line in messages[1:]))

    def save(self) -> bool:
        """Writes the scene to its file, which is asked for if there is none; gives whether it is saved."""
        path = self.workspace.document.origin.path
        return self.save_as() if path is None else self._save_to(path)

    def save_as(self) -> bool:
        document = self.workspace.document
        proposal = document.origin.path or self.desk.settings.folder / f"{document.scene.surface}{ENDING}"
        path = self.desk.name_file("Save the scene", proposal, SAVED)
        if path is None:
            return False
        return self._save_to(path if path.suffix == ENDING else path.with_name(path.name + ENDING))

    def _save_to(self, path: Path) -> bool:
        document = self.workspace.document
        try:
            scene_files.write(self.workspace.as_shown(), path, foreign=document.origin.foreign)
        except (OSError, ValueError) as error:
            self.desk.warn("The scene was not saved.", str(error))
            return False
        document.saved(path)
        self.desk.settings.folder = path.parent
        self.recent.add(path)
        self.workspace.tell()
        self.desk.say(f"Saved {path.name}.")
        return True

    def commands(self) -> Iterator[Command | Listing]:
        menu = "&File"
        tip = "Go back to the scene of the first start"
        yield Command("reset", "&New: the first scene", lambda w, d: self.reset(), "Ctrl+N", tip, menu)
        yield Command("open", "&Open…", lambda w, d: self.open_dialog(), "Ctrl+O", menu=menu)
        yield Listing(f"{menu}/Open &recent", lambda menu, workspace, desk: self.recent.fill(menu))
        yield Command("save", "&Save", lambda w, d: self.save(), "Ctrl+S", menu=menu)
        yield Command("save_as", "Save &as…", lambda w, d: self.save_as(), "Ctrl+Shift+S", menu=menu)


def is_lesson(path: Path) -> bool:
    """Whether a file is a lesson: by its name, unless its content is a scene."""
    return path.suffix.lower() == LESSON_ENDING and path.is_file() and not scene_files.looks_like_scene(path)


def place_to_save(path: Path | None) -> Path | None:
    """The file that a scene read from `path` is saved to. A picture brings a scene, but is to stay a picture."""
    return None if path is None or scene_files.is_picture(path) else path.absolute()
