"""Opening and saving scenes, exporting pictures and tables.

What exports is imported when it is wanted: Pillow and the dialogs are 20 ms that the start need not wait for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from ..scene import files, summary, table
from ..scene.first import first_scene
from ..scene.pictures import SMALLEST_SIDE, Look
from ..scene.runner import Result
from .curves import THIRD
from .recent_files import RecentFiles

if TYPE_CHECKING:
    from .export_dialogs import FilmDialog, StillDialog, Subject
    from .window import Window

OPENED = "Scenes and pictures made by OptiViz (*.optiviz *.png *.svg);;All files (*)"
SAVED = "OptiViz scene (*.optiviz)"
ENDING, LESSON_ENDING = ".optiviz", ".md"
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
        """Asks for a picture of what the window shows now."""
        from .export_dialogs import StillDialog

        subject = self._subject_at(self.window.player.cursor)
        kept = self.window.settings.choices("picture")
        StillDialog(self.window, self._proposal(".png"), kept, subject, self._write_picture, self._copy).appear()

    def _write_picture(self, dialog: StillDialog, path: Path) -> None:
        from .export_files import save_picture

        look, subject = dialog.look(), dialog.subject()
        with files.replacing(path) as neighbour, files.writing(path):
            scene, step, selected = subject.scene, subject.step, subject.selected
            save_picture(neighbour, dialog.kind, scene, subject.trajectories, look, step=step, selected=selected)
        self.window.settings.remember_choices("picture", dialog.chosen())
        self._exported(path, str(replace(look.size, scale=None)))

    def _copy(self, dialog: StillDialog) -> None:
        self._put_into_clipboard(dialog.look(), dialog.subject())
        self.window.settings.remember_choices("picture", dialog.chosen())

    def copy_picture(self) -> None:
        """Puts a picture into the clipboard, as it was chosen last in the dialog."""
        from .export_dialogs import look_of

        try:
            subject = self._subject_at(self.window.player.cursor)()
            self._put_into_clipboard(look_of(self.window.settings.choices("picture"), subject), subject)
        except (ValueError, MemoryError) as error:
            self.window.status_line.say(str(error))

    def _put_into_clipboard(self, look: Look, subject: Subject) -> None:
        from .render import SCENE_KEY, figure

        with figure(subject.scene, subject.trajectories, look, selected=subject.selected) as made:
            made.show_step(subject.step)
            image = made.image()
        image.setText(SCENE_KEY, files.to_json(subject.scene))
        QApplication.clipboard().setImage(image)
        self.window.status_line.say(f"Copied the picture ({image.width()} × {image.height()} pixels).")

    def export_film(self) -> None:
        """Asks for an animation."""
        from .export_dialogs import FilmDialog

        subject, kept = self._subject_at(self.window.player.cursor), self.window.settings.choices("film")
        try:
            FilmDialog(self.window, self._proposal(".gif"), kept, subject, self._begin_film).appear()
        except ValueError as error:
            self.window.status_line.say(str(error))

    def _begin_film(self, dialog: FilmDialog, path: Path) -> None:
        from .export_job import FilmJob, FilmProgress

        look, film, subject = dialog.look(), dialog.film(), dialog.subject()
        width, height = look.size.pixels
        options = [f"--view={look.view}", f"--size={width}x{height}", f"--theme={look.theme}"]
        options += [f"--range={film.first}-{film.last}", f"--speed={film.speed!r}", f"--hold={film.hold!r}"]
        options += [f"--frames-per-second={film.frames_per_second}"]
        if look.size.scale is not None:
            options.append(f"--scale={look.size.scale!r}")
        if 0 <= subject.selected < len(subject.scene.runs):
            options.append(f"--select={subject.scene.runs[subject.selected].label}")
        job = FilmJob(self.window, subject.scene, path, dialog.kind, options)
        job.ended.connect(lambda reason: None if reason else self._exported(path, f"{film.count} frames"))
        FilmProgress(self.window, job).appear()
        self.window.settings.remember_choices("film", dialog.chosen())

    def export_table(self) -> None:
        from .exports import TableDialog

        labels = [run.label or "" for run in self.document.scene.runs]
        kept = self.window.settings.choices("table")
        TableDialog(self.window, self._proposal(".csv"), kept, labels, self._write_table).appear()

    def _write_table(self, chosen: dict[str, str], path: Path) -> None:
        result = self._result()
        labels = [chosen["runs"]] if chosen["runs"] else None
        scene_path = path.with_suffix(ENDING) if chosen["scene"] == "yes" else None
        if scene_path is not None and scene_path.exists() and scene_path != self.document.path:
            raise ValueError(f"{scene_path.name} exists already, and may be another scene: choose another name.")
        with ExitStack() as stack:  # both, or none
            neighbour = stack.enter_context(files.replacing(path))
            if scene_path is not None:
                files.write(self.window.current_scene(), stack.enter_context(files.replacing(scene_path)))
            stack.enter_context(files.writing(path))
            stream = stack.enter_context(neighbour.open("w", encoding="utf-8", newline=""))
            if chosen["rows"] == "summary":
                tolerance = summary.TOLERANCE.parse(chosen["tolerance"])
                rows = summary.summary(result.scene, result.trajectories, labels, tolerance)
                summary.write_csv(stream, rows, tolerance)
            else:
                table.write_csv(stream, result.scene, result.trajectories, labels)
        self.window.settings.remember_choices("table", chosen)
        self._exported(path, "all runs" if labels is None else labels[0])

    def copy_summary(self) -> None:
        """Puts a line a run into the clipboard, as an aligned table."""
        try:
            result = self._result()
        except ValueError as error:
            self.window.status_line.say(str(error))
            return
        QApplication.clipboard().setText(summary.text_table(summary.summary(result.scene, result.trajectories)) + "\n")
        self.window.status_line.say("Copied the summary, a line a run.")

    def _subject_at(self, step: int) -> Callable[[], Subject]:
        """What there is to export, once it has been computed; the window may play on meanwhile."""
        from .export_dialogs import Subject

        window = self.window

        def subject() -> Subject:
            result, dashboard = self._result(), window.dashboard
            scene = window.current_scene()
            curves = {"rate": dashboard.rate, "loss": dashboard.loss} | dict.fromkeys(THIRD, dashboard.third)
            views = {"dashboard": dashboard, "contours": dashboard.contours} | curves
            return Subject(
                scene=scene.replace(view=scene.view.replace(cursor=step)),
                trajectories=result.trajectories,
                step=step,
                selected=window.editor.selected,
                theme=window.theme.name,
                screen={
                    name: (max(view.width(), SMALLEST_SIDE), max(view.height(), SMALLEST_SIDE))
                    for name, view in views.items()
                },
                density=window.devicePixelRatioF(),
            )

        return subject

    def _proposal(self, ending: str) -> Path:
        stem = (self.document.path or Path(self.document.scene.surface)).stem
        return self.window.settings.folder / f"{stem}{ending}"

    def _result(self) -> Result:
        """What belongs to the present scene. Raises ValueError while that is still to come."""
        scene, result = self.document.scene, self.window.result
        if result is None or result.scene.replace(view=scene.view) != scene:
            raise ValueError(STILL_COMPUTING)
        return result

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
        box.setModal(False)  # the window can be closed meanwhile
        box.show()


def is_lesson(path: Path) -> bool:
    """Whether a file is a lesson: by its name, unless its content is a scene."""
    return path.suffix.lower() == LESSON_ENDING and path.is_file() and not files.looks_like_scene(path)


def place_to_save(path: Path | None) -> Path | None:
    """The file that a scene read from `path` is saved to. A picture brings a scene, but is to stay a picture."""
    return None if path is None or files.is_picture(path) else path.absolute()
