"""Exporting pictures, animations and tables.

What exports is imported when it is wanted: Pillow and the dialogs are 20 ms that the start need not wait for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from ..desk.desk import Desk
from ..files import scene_files
from ..pictures.look import SMALLEST_SIDE, Look
from ..pictures.look import VIEW as PICTURES
from ..scene import summary, table
from ..scene.curves import THIRD_CURVES
from ..session.workspace import Workspace
from .command import Command
from .opening import ENDING

if TYPE_CHECKING:
    from ..exports.picture_dialogs import FilmDialog, StillDialog, Subject


class Exports:
    """The exports of one window."""

    def __init__(self, workspace: Workspace, desk: Desk) -> None:
        self.workspace, self.desk = workspace, desk

    # Pictures

    def export_picture(self) -> None:
        """Asks for a picture of what the window shows now."""
        from ..exports.picture_dialogs import StillDialog

        subject, kept = self._subject(), self.desk.settings.choices("picture")
        proposal = self._proposal(".png")
        StillDialog(self.desk.window, proposal, kept, subject, self._write_picture, self._copy).appear()

    def _write_picture(self, dialog: StillDialog, path: Path) -> None:
        from ..pictures.writing import save_picture

        look, subject = dialog.look(), dialog.subject()
        with scene_files.replacing(path) as neighbour, scene_files.writing(path):
            scene, step, selected = subject.scene, subject.step, subject.selected
            save_picture(neighbour, dialog.kind, scene, subject.trajectories, look, step=step, selected=selected)
        self.desk.settings.remember_choices("picture", dialog.chosen())
        self._exported(path, str(replace(look.size, scale=None)))

    def _copy(self, dialog: StillDialog) -> None:
        self._put_into_clipboard(dialog.look(), dialog.subject())
        self.desk.settings.remember_choices("picture", dialog.chosen())

    def copy_picture(self) -> None:
        """Puts a picture into the clipboard, as it was chosen last in the dialog."""
        from ..exports.picture_dialogs import look_of

        try:
            subject = self._subject()()
            self._put_into_clipboard(look_of(self.desk.settings.choices("picture"), subject), subject)
        except (ValueError, MemoryError) as error:
            self.desk.say(str(error))

    def _put_into_clipboard(self, look: Look, subject: Subject) -> None:
        from ..pictures.figure import SCENE_KEY, figure

        with figure(subject.scene, subject.trajectories, look, selected=subject.selected) as made:
            made.show_step(subject.step)
            image = made.image()
        image.setText(SCENE_KEY, scene_files.to_json(subject.scene))
        QApplication.clipboard().setImage(image)
        self.desk.say(f"Copied the picture ({image.width()} × {image.height()} pixels).")

    def _subject(self) -> Callable[[], Subject]:
        """What there is to export at the present step, once it has been computed; the window may play on meanwhile."""
        from ..exports.picture_dialogs import Subject

        workspace, window, step = self.workspace, self.desk.window, self.workspace.player.cursor

        def subject() -> Subject:
            result, scene = workspace.result_now(), workspace.as_shown()
            return Subject(
                scene=scene.replace(place=scene.place.replace(cursor=step)),
                trajectories=result.trajectories,
                step=step,
                selected=workspace.editor.selected,
                theme=workspace.state.appearance.theme,
                screen={name: self._size_on_screen(name) for name in PICTURES.options},
                density=window.devicePixelRatioF(),
            )

        return subject

    def _size_on_screen(self, view: str) -> tuple[int, int]:
        """Width and height of a view as the window shows it, in Qt's pixels."""
        shown = self.desk.find(QWidget, f"{'third' if view in THIRD_CURVES else view} view")
        return max(shown.width(), SMALLEST_SIDE), max(shown.height(), SMALLEST_SIDE)

    # Animations

    def export_film(self) -> None:
        """Asks for an animation."""
        from ..exports.picture_dialogs import FilmDialog

        subject, kept = self._subject(), self.desk.settings.choices("film")
        try:
            FilmDialog(self.desk.window, self._proposal(".gif"), kept, subject, self._begin_film).appear()
        except ValueError as error:
            self.desk.say(str(error))

    def _begin_film(self, dialog: FilmDialog, path: Path) -> None:
        from ..exports.film_job import FilmJob, FilmProgress

        look, film, subject = dialog.look(), dialog.film(), dialog.subject()
        width, height = look.size.pixels
        options = [f"--view={look.view}", f"--size={width}x{height}", f"--theme={look.theme}"]
        options += [f"--range={film.first}-{film.last}", f"--speed={film.speed!r}", f"--hold={film.hold!r}"]
        options += [f"--frames-per-second={film.frames_per_second}"]
        if look.size.scale is not None:
            options.append(f"--scale={look.size.scale!r}")
        if 0 <= subject.selected < len(subject.scene.runs):
            options.append(f"--select={subject.scene.runs[subject.selected].label}")
        job = FilmJob(self.desk.window, subject.scene, path, dialog.kind, options)
        job.ended.connect(lambda reason: None if reason else self._exported(path, f"{film.count} frames"))
        FilmProgress(self.desk.window, job).appear()
        self.desk.settings.remember_choices("film", dialog.chosen())

    # Tables

    def export_table(self) -> None:
        from ..exports.table_dialog import TableDialog

        labels = [run.label or "" for run in self.workspace.scene.runs]
        kept = self.desk.settings.choices("table")
        TableDialog(self.desk.window, self._proposal(".csv"), kept, labels, self._write_table).appear()

    def _write_table(self, chosen: dict[str, str], path: Path) -> None:
        result = self.workspace.result_now()
        labels = [chosen["runs"]] if chosen["runs"] else None
        scene_path = path.with_suffix(ENDING) if chosen["scene"] == "yes" else None
        own = self.workspace.document.origin.path
        if scene_path is not None and scene_path.exists() and scene_path != own:
            raise ValueError(f"{scene_path.name} exists already, and may be another scene: choose another name.")
        with ExitStack() as stack:  # both, or none
            neighbour = stack.enter_context(scene_files.replacing(path))
            if scene_path is not None:
                scene_files.write(self.workspace.as_shown(), stack.enter_context(scene_files.replacing(scene_path)))
            stack.enter_context(scene_files.writing(path))
            stream = stack.enter_context(neighbour.open("w", encoding="utf-8", newline=""))
            if chosen["rows"] == "summary":
                tolerance = summary.TOLERANCE.parse(chosen["tolerance"])
                rows = summary.summary(result.scene, result.trajectories, labels, tolerance)
                summary.write_csv(stream, rows, tolerance)
            else:
                table.write_csv(stream, result.scene, result.trajectories, labels)
        self.desk.settings.remember_choices("table", chosen)
        self._exported(path, "all runs" if labels is None else labels[0])

    def copy_summary(self) -> None:
        """Puts a line a run into the clipboard, as an aligned table."""
        try:
            result = self.workspace.result_now()
        except ValueError as error:
            self.desk.say(str(error))
            return
        self.desk.copy(summary.text_table(summary.summary(result.scene, result.trajectories)) + "\n")
        self.desk.say("Copied the summary, a line a run.")

    def _proposal(self, ending: str) -> Path:
        document = self.workspace.document
        stem = (document.origin.path or Path(document.scene.surface)).stem
        return self.desk.settings.folder / f"{stem}{ending}"

    def _exported(self, path: Path, what: str) -> None:
        self.desk.settings.folder = path.resolve().parent
        self.desk.say(f"Wrote {path} ({what}).")

    def commands(self) -> Iterator[Command]:
        menu = "&File"
        yield Command(
            "export_picture",
            "Export &picture…",
            lambda workspace, desk: self.export_picture(),
            "Ctrl+E",
            "Export a picture (PNG, SVG, PDF)",
            menu,
            1,
        )
        yield Command(
            "export_film",
            "Export &animation…",
            lambda workspace, desk: self.export_film(),
            "Ctrl+Alt+E",
            "Export an animation (GIF, WebP, MP4)",
            menu,
            1,
        )
        yield Command(
            "export_table",
            "Export &table…",
            lambda workspace, desk: self.export_table(),
            "Ctrl+Shift+E",
            "Export the numbers (CSV)",
            menu,
            1,
        )
        tip = "Copy the picture, as it was exported last"
        yield Command("copy_picture", "&Copy picture", lambda w, d: self.copy_picture(), "Ctrl+Shift+C", tip, menu, 2)
        tip = "Copy a line a run: settings, losses, outcome"
        yield Command("copy_summary", "Copy &summary", lambda w, d: self.copy_summary(), "", tip, menu, 2)
