"""Opening and saving scenes, exporting pictures and tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from ..scene import files, table
from ..scene.first import first_scene
from ..scene.runner import Result
from . import render
from .exports import ExportDialog

if TYPE_CHECKING:
    from .window import Window

OPENED = "OptiViz scene (*.optiviz);;Picture made by OptiViz (*.png)"
SAVED = "OptiViz scene (*.optiviz)"
ENDING = ".optiviz"
SIZES = (("1x", 1), ("2x", 2), ("4x", 4))
DASHBOARD = (1280, 720)  # pixels at 1x
STILL_COMPUTING = "The runs are still being computed. Try again in a moment."


class FileCommands:
    """The commands of the File menu, for one window."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.document = window.document

    def reset(self) -> None:
        """Back to the scene of the first start. Undo brings the present one back."""
        self.window.open_scene(first_scene(), None, "reset")
        self.window.play_when_ready()

    def open_dialog(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self.window, "Open a scene", str(self.window.settings.folder), OPENED)
        if chosen:
            self.open(Path(chosen))

    def open(self, path: Path) -> None:
        """Opens a scene file, or a picture that carries one."""
        try:
            scene = files.read(path)
            picture = files.is_picture(path)  # it brings a scene, but is no place to save one
        except (OSError, ValueError) as error:
            self._warn(f"{path.name} cannot be opened.", str(error))
            return
        self.window.open_scene(scene, None if picture else path, f"opening of {path.name}")
        self.window.settings.folder = path.parent
        self.window.status_line.say(f"Opened {path.name}.")

    def save(self) -> None:
        if self.document.path is None:
            self.save_as()
        else:
            self._save_to(self.document.path)

    def save_as(self) -> None:
        proposal = self.document.path or self.window.settings.folder / f"{self.document.scene.surface}.optiviz"
        chosen, _ = QFileDialog.getSaveFileName(self.window, "Save the scene", str(proposal), SAVED)
        if chosen:
            path = Path(chosen)
            self._save_to(path if path.suffix == ENDING else path.with_name(path.name + ENDING))

    def _save_to(self, path: Path) -> None:
        try:
            files.write(self.window.current_scene(), path)
        except (OSError, ValueError) as error:
            self._warn("The scene was not saved.", str(error))
            return
        self.document.saved(path)
        self.window.settings.folder = path.parent
        self.window.show_state()
        self.window.status_line.say(f"Saved {path.name}.")

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
        box = QMessageBox(QMessageBox.Icon.Warning, "OptiViz", what, QMessageBox.StandardButton.Ok, self.window)
        box.setInformativeText(why)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
