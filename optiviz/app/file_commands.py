"""Opening and saving scenes, exporting pictures and tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from ..scene import files, table
from ..scene.first import first_scene
from ..scene.runner import Result
from . import render
from .exports import ExportDialog
from .recent_files import RecentFiles

if TYPE_CHECKING:
    from .window import Window

OPENED = "Scenes and pictures made by OptiViz (*.optiviz *.png *.svg);;All files (*)"
SAVED = "OptiViz scene (*.optiviz)"
ENDING, LESSON_ENDING = ".optiviz", ".md"
SIZES = (("1x", 1), ("2x", 2), ("4x", 4))
DASHBOARD = (1280, 720)  # pixels at 1x
MOST_PROBLEMS = 5  # that are told of files that cannot be opened
STILL_COMPUTING = "The runs are still being computed. Try again in a moment."


class FileCommands:
    """The commands of the File menu, for one window."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.document = window.document
        self.recent = RecentFiles(window)

    def reset(self) -> None:
        """Back to the scene of the first start. Undo brings the present one back."""
        self.window.open_scene(first_scene(), None, "reset")
        self.window.play_when_ready()

    def open_dialog(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self.window, "Open a scene", str(self.window.settings.folder), OPENED)
        if chosen:
            self.open(Path(chosen))

    def can_open(self, path: Path) -> bool:
        """Whether a file is worth trying to open."""
        return files.looks_like_scene(path) or is_lesson(path)

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
                self.window.status_line.say(f"Opened {path.name} alone: one scene of {len(paths)} files can be shown.")
            return
        what = f"{paths[0].name} cannot be opened." if len(paths) == 1 else f"None of {len(paths)} files can be opened."
        self._warn(what, "\n".join(problems[:MOST_PROBLEMS]))

    def _open(self, path: Path) -> None:
        if is_lesson(path):
            self.window.lessons.take(path)
            return
        opened = files.read_tolerant(path)
        name = f"opening of {path.name}"
        self.window.open_scene(opened.scene, place_to_save(path), name, foreign=opened.foreign)
        self.opened(path, opened.messages)

    def opened(self, path: Path, messages: Sequence[str]) -> None:
        """A file has been opened: it is remembered, and what there is to say is said."""
        self.window.settings.folder = path.absolute().parent
        self.recent.add(path)
        self.window.status_line.say(messages[0] if len(messages) == 1 else f"Opened {path.name}.")
        if len(messages) > 1:
            self._tell(QMessageBox.Icon.Information, messages[0], "\n".join(f"• {line}" for line in messages[1:]))

    def save(self) -> bool:
        """Writes the scene to its file, which is asked for if there is none; gives whether it is saved."""
        return self.save_as() if self.document.path is None else self._save_to(self.document.path)

    def save_as(self) -> bool:
        proposal = self.document.path or self.window.settings.folder / f"{self.document.scene.surface}.optiviz"
        chosen, _ = QFileDialog.getSaveFileName(self.window, "Save the scene", str(proposal), SAVED)
        if not chosen:
            return False
        path = Path(chosen)
        return self._save_to(path if path.suffix == ENDING else path.with_name(path.name + ENDING))

    def _save_to(self, path: Path) -> bool:
        try:
            files.write(self.window.current_scene(), path, foreign=self.document.foreign)
        except (OSError, ValueError) as error:
            self._warn("The scene was not saved.", str(error))
            return False
        self.document.saved(path)
        self.window.settings.folder = path.parent
        self.recent.add(path)
        self.window.show_state()
        self.window.status_line.say(f"Saved {path.name}.")
        return True

    def export_picture(self) -> None:
        what = (("The contour view", "view"), ("The whole dashboard", "dashboard"))
        self._export("Export a picture", {"Picture": what, "Size": SIZES}, ".png", "PNG picture", self._write_picture)

    def _write_picture(self, chosen: dict[str, Any], path: Path) -> None:
        window, result = self.window, self._result()
        scene, scale = window.current_scene(), chosen["Size"]
        if chosen["Picture"] == "view":
            image = render.picture(window.dashboard.contours, scale)
        else:
            size = (DASHBOARD[0] * scale, DASHBOARD[1] * scale)
            image = render.dashboard_image(
                scene,
                result.trajectories,
                window.theme,
                size=size,
                cursor=window.player.cursor,
                selected=window.editor.selected,
            )
        with files.replacing(path) as neighbour:
            neighbour.write_bytes(render.png(image, scene))
        self._exported(path, f"{image.width()} × {image.height()} pixels")

    def export_table(self) -> None:
        labels = [run.label for run in self.document.scene.runs]
        runs = [("All runs", None), *((f"Only {label}", label) for label in labels)]
        self._export("Export a table", {"Runs": runs}, ".csv", "CSV table", self._write_table)

    def _write_table(self, chosen: dict[str, Any], path: Path) -> None:
        result = self._result()
        labels = None if chosen["Runs"] is None else [chosen["Runs"]]
        with (
            files.replacing(path) as neighbour,
            files.writing(path),
            neighbour.open("w", encoding="utf-8", newline="") as stream,
        ):
            table.write_csv(stream, result.scene, result.trajectories, labels)
        self._exported(path, "all runs" if labels is None else labels[0])

    def _result(self) -> Result:
        """What belongs to the present scene. Raises ValueError while that is still to come."""
        scene, result = self.document.scene, self.window.result
        if result is None or result.scene.replace(view=scene.view) != scene:
            raise ValueError(STILL_COMPUTING)
        return result

    def _export(self, title: str, choices: dict[str, Any], ending: str, kind: str, write: Any) -> None:
        stem = (self.document.path or Path(self.document.scene.surface)).stem
        ExportDialog(self.window, title, choices, self.window.settings.folder / f"{stem}{ending}", kind, write).open()

    def _exported(self, path: Path, what: str) -> None:
        self.window.settings.folder = path.resolve().parent
        self.window.status_line.say(f"Wrote {path} ({what}).")

    def _warn(self, what: str, why: str) -> None:
        self._tell(QMessageBox.Icon.Warning, what, why)

    def _tell(self, icon: QMessageBox.Icon, what: str, more: str) -> None:
        box = QMessageBox(icon, "OptiViz", what, QMessageBox.StandardButton.Ok, self.window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(more)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


def is_lesson(path: Path) -> bool:
    """Whether a file is a lesson: by its name, unless its content is a scene."""
    return path.suffix.lower() == LESSON_ENDING and path.is_file() and not files.looks_like_scene(path)


def place_to_save(path: Path | None) -> Path | None:
    """The file that a scene read from `path` is saved to. A picture brings a scene, but is to stay a picture."""
    return None if path is None or files.is_picture(path) else path.absolute()
