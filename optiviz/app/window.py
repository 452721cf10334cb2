"""The main window: puts the parts together and carries three messages between them.

The scene changed (the document says so), trajectories arrived (the runner, polled by the frame timer), the cursor moved
(the player, by the same timer or by the user).
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from .. import assets
from ..scene import files, table
from ..scene.document import Document
from ..scene.first import first_scene
from ..scene.player import Player
from ..scene.runner import Result, Runner
from ..scene.scene import Scene
from . import actions, help_window, render
from . import theme as themes
from .contour_view import round_to
from .dashboard import GAP, Dashboard
from .exports import ExportDialog
from .panel import Panel
from .settings import Settings
from .status_line import SHOW_PROGRESS_AFTER, StatusLine
from .transport import Transport
from .words import status

FRAME_MS = 16
PREVIEW_MS = 1500  # for so long after an edit the paths past the cursor are shown, so that one sees them bend
SCENE_FILTER = "OptiViz scene (*.optiviz);;Picture made by OptiViz (*.png)"
SIZES = (("1x", 1), ("2x", 2), ("4x", 4))


class Window(QMainWindow):
    """One document, its views, and the clock that plays it."""

    def __init__(self, scene: Scene, settings: Settings, path: Path | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.document = Document(scene, path)
        self.player = Player(scene.steps)
        self.runner = Runner()
        self.result: Result | None = None
        self.theme = themes.THEMES[settings.theme]
        themes.apply(self._app, self.theme)  # before any widget is made: fonts do not reach all of them later
        self._playing_wanted = False
        self._busy_since: float | None = None
        self._last_frame = time.perf_counter()
        self._frames = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._frame)
        self._preview = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._preview.timeout.connect(lambda: self.dashboard.contours.show_preview(False))

        self.panel = Panel(self.document)
        self.dashboard = Dashboard()
        self.actions_by_name = actions.build(self)
        actions.fill_menus(self, self.actions_by_name)
        self.transport = Transport(self.actions_by_name)
        self.status_line = StatusLine()
        self._arrange()
        self._connect()
        self._dress(self.theme)
        self._take_view(scene)
        self._scene_changed(scene, scene)

    @property
    def _app(self) -> QApplication:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        return app

    def _arrange(self) -> None:
        self.setWindowIcon(QIcon(str(assets.path("icons", "optiviz-256.png"))))
        self.setMinimumSize(QSize(900, 560))
        self.resize(1280, 720)
        self.caption = QLabel()
        self.caption.setObjectName("quiet")
        self.caption.setContentsMargins(0, 6, 12, 0)
        self.menuBar().setCornerWidget(self.caption)
        self.dashboard.column.addWidget(self.transport)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.panel)
        row.addWidget(self.dashboard, 1)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(GAP, 2, GAP, 2)
        column.setSpacing(2)
        column.addLayout(row, 1)
        column.addWidget(self.status_line)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        self.document.subscribe(self._scene_changed)
        self.panel.selection_changed.connect(self._selected)
        self.panel.refused.connect(self.status_line.say)
        self.dashboard.view_edited.connect(self.edit_view)
        self.dashboard.contours.plot.start_dragged.connect(self._drag_start)
        self.dashboard.contours.plot.hovered.connect(self.status_line.show_pointer)
        for view in self.dashboard.curve_views:
            view.plot.scrubbed.connect(self.seek)
        self.transport.seeked.connect(self.seek)
        self.transport.speed_chosen.connect(self._choose_speed)
        self.status_line.cancelled.connect(self._cancel)

    # The scene changed

    def _scene_changed(self, old: Scene, new: Scene) -> None:
        self.player.set_last(new.steps)
        self.panel.show_scene(new)
        self.dashboard.show_scene(new)
        if old is not new and old.replace(view=new.view) != new:
            self.dashboard.contours.show_preview(True)
            self._preview.start()
        self._show_actions()
        self.runner.request(new)
        self._start_frames()
        self._show_cursor()

    def _show_actions(self) -> None:
        """Names, checks and enables the actions as the scene and the history have it."""
        by_name, document, view = self.actions_by_name, self.document, self.document.scene.view
        for name, word, what in (("undo", "Undo", document.undo_name), ("redo", "Redo", document.redo_name)):
            by_name[name].setText(f"&{word} {what}" if what else f"&{word}")
            by_name[name].setEnabled(what is not None)
        has_run = self.panel.run is not None
        for name in ("duplicate", "rename", "delete"):
            by_name[name].setEnabled(has_run)
        for number in range(1, actions.RUN_KEYS + 1):
            by_name[f"run {number}"].setEnabled(number <= len(document.scene.runs))
        by_name["rest"].setChecked(view.rest)
        by_name["loss_log"].setChecked(view.loss_log)
        by_name[f"third {view.third}"].setChecked(True)
        by_name[f"colors {view.colors}"].setChecked(True)
        by_name["theme"].setChecked(self.theme is themes.DARK)
        by_name["loop"].setChecked(self.player.loop)
        name = document.path.stem if document.path else f"{document.scene.place.name} race"
        mark = "*" if document.changed and document.path else ""
        self.setWindowTitle(f"{name}{mark} · OptiViz")
        self.caption.setText(f"{name}{mark}")

    def _selected(self, run: int) -> None:
        self.dashboard.contours.show_selected(run)
        self._show_status()

    def edit_view(self, name: str, value: object) -> None:
        """Changes one of the view's settings."""
        scene = self.document.scene
        self.document.edit(scene.replace(view=scene.view.replace(**{name: value})), "change of the view")
        self._show_actions()

    def toggle_view(self, name: str) -> None:
        self.edit_view(name, not getattr(self.document.scene.view, name))

    def _drag_start(self, x: float, y: float, held: bool) -> None:
        try:
            scene = self.document.scene.replace(start=(x, y))
        except ValueError as error:
            self.status_line.say(str(error))
        else:
            self.document.edit(scene, "move of the start", gesture="start")
        if not held:
            self.document.seal()

    # Trajectories arrived

    def _frame(self) -> None:
        """Once a frame: takes what the runner has, moves the cursor on, and stops the clock when nothing moves."""
        now = time.perf_counter()
        seconds, self._last_frame = now - self._last_frame, now
        result = self.runner.take()
        if result is not None:
            self._show_result(result)
        self._show_progress(now)
        if self.player.playing and self.result is not None and self.player.advance(seconds):
            self._show_cursor()
        self.transport.show_player(self.player)
        if not self.player.playing and not self.runner.busy:
            self._frames.stop()

    def _start_frames(self) -> None:
        if not self._frames.isActive():
            self._last_frame = time.perf_counter()
            self._frames.start()

    def _show_result(self, result: Result) -> None:
        scene = self.document.scene
        if (result.scene.surface, result.scene.surface_params) != (scene.surface, scene.surface_params):
            return  # paths over another surface than theirs would be wrong; the right ones are under way
        self.result = result
        self.dashboard.show_result(result)
        self.panel.show_result(result)
        self._show_status()
        if self._playing_wanted:
            self._playing_wanted = False
            self.play()

    def _show_progress(self, now: float) -> None:
        if not self.runner.busy:
            if self._busy_since is not None:
                self.status_line.show_progress(None)
            self._busy_since = None
        elif self._busy_since is None:
            self._busy_since = now
        elif now - self._busy_since > SHOW_PROGRESS_AFTER:
            self.status_line.show_progress(self.runner.progress)

    def _cancel(self) -> None:
        """Gives up the computation, and the edit that asked for it."""
        self.runner.cancel()
        self.status_line.say("Cancelled.")
        self.document.undo()

    # The cursor moved

    def _show_cursor(self) -> None:
        self.dashboard.show_cursor(self.player.cursor)
        self.transport.show_player(self.player)
        self._show_status()

    def _show_status(self) -> None:
        run, result = self.panel.run, self.result
        if run is None:
            self.status_line.show_status("There is no run. Add one with “+ Add” on the left.")
        elif result is not None and self.panel.selected < len(result.trajectories):
            index = self.panel.selected
            self.status_line.show_status(
                status(result.scene, result.scene.runs[index], result.trajectories[index], self.player.cursor)
            )

    def play_when_ready(self) -> None:
        """Plays as soon as there is something to play."""
        self._playing_wanted = True

    def play(self) -> None:
        self.player.play()
        self._show_cursor()
        self._start_frames()

    def toggle_play(self) -> None:
        self.player.toggle()
        self._show_cursor()
        self._start_frames()

    def seek(self, step: int) -> None:
        self.player.seek(step)
        self._show_cursor()

    def move(self, by: int) -> None:
        """So many steps forward, or back; playing stops."""
        self.player.step(by)
        self._show_cursor()

    def change_speed(self, by: int) -> None:
        self.player.faster(by)
        self.transport.show_player(self.player)

    def _choose_speed(self, speed: str) -> None:
        self.player.speed = speed
        self.transport.show_player(self.player)

    def toggle_loop(self) -> None:
        self.player.loop = not self.player.loop
        self._show_actions()

    # View

    def fit(self) -> None:
        self.dashboard.contours.fit()

    def zoom(self, factor: float) -> None:
        self.dashboard.contours.zoom(factor)

    def _dress(self, theme: themes.Theme) -> None:
        for part in (self.panel, self.dashboard, self.transport):
            part.dress(theme)
        self.transport.show_player(self.player)

    def toggle_theme(self) -> None:
        """Puts the whole program into the other theme."""
        self.theme = themes.LIGHT if self.theme is themes.DARK else themes.DARK
        themes.apply(self._app, self.theme)
        self._dress(self.theme)
        self.settings.theme = self.theme.name
        self._show_actions()

    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _take_view(self, scene: Scene) -> None:
        """Takes over where the cursor was, and how fast it went, when the scene was saved."""
        view = scene.view
        self.player.speed, self.player.loop = view.speed, view.loop
        self.player.pause()
        self.player.set_last(scene.steps)
        self.player.seek(view.cursor)

    def current_scene(self) -> Scene:
        """The scene with the view as it is now, as files hold it."""
        scene, contours = self.document.scene, self.dashboard.contours
        window = None
        if not contours.fits(scene.window):
            x0, x1, y0, y1 = contours.window_shown()
            size = min(x1 - x0, y1 - y0) / 1000
            window = tuple(round_to(edge, size) for edge in (x0, x1, y0, y1))
        elif scene.view.window is not None:
            window = scene.view.window
        player = self.player
        view = scene.view.replace(cursor=player.cursor, speed=player.speed, loop=player.loop, window=window)
        return scene.replace(view=view)

    # Files

    def reset(self) -> None:
        """Back to the scene of the first start. Undo brings the present one back."""
        self._open(first_scene(), None, "reset")
        self.play_when_ready()

    def _open(self, scene: Scene, path: Path | None, name: str) -> None:
        self.panel.selected = 0
        self.document.open(scene, path, name)
        self._take_view(scene)
        self.dashboard.contours.show_window(scene.window)
        self._show_cursor()
        self._show_actions()

    def open_dialog(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Open a scene", str(self.settings.folder), SCENE_FILTER)
        if chosen:
            self.open(Path(chosen))

    def open(self, path: Path) -> None:
        """Opens a scene file, or a picture that carries one."""
        try:
            scene = files.read(path)
            picture = files.is_png(path)  # it brings a scene, but is no place to save one
            self._open(scene, None if picture else path, f"opening of {path.name}")
        except (OSError, ValueError) as error:
            self._warn(f"{path.name} cannot be opened.", str(error))
            return
        self.settings.folder = path.parent
        self.status_line.say(f"Opened {path.name}.")

    def save(self) -> None:
        if self.document.path is None:
            self.save_as()
        else:
            self._save_to(self.document.path)

    def save_as(self) -> None:
        proposal = self.document.path or self.settings.folder / f"{self.document.scene.surface}.optiviz"
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the scene", str(proposal), "OptiViz scene (*.optiviz)")
        if chosen:
            path = Path(chosen)
            self._save_to(path if path.suffix else path.with_suffix(".optiviz"))

    def _save_to(self, path: Path) -> None:
        try:
            files.write(self.current_scene(), path)
        except OSError as error:
            self._warn("The scene was not saved.", str(error))
            return
        self.document.saved(path)
        self.settings.folder = path.parent
        self._show_actions()
        self.status_line.say(f"Saved {path.name}.")

    def _warn(self, what: str, why: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "OptiViz", what, QMessageBox.StandardButton.Ok, self)
        box.setInformativeText(why)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    # Exports

    def export_picture(self) -> None:
        what = (("The contour view", "view"), ("The whole dashboard", "dashboard"))
        self._export("Export a picture", {"Picture": what, "Size": SIZES}, ".png", "PNG picture", self._write_picture)

    def _write_picture(self, chosen: dict[str, Any], path: Path) -> None:
        if self.result is None:
            raise ValueError("The runs are still being computed. Try again in a moment.")
        scene, scale = self.current_scene(), chosen["Size"]
        if chosen["Picture"] == "view":
            image = render.picture(self.dashboard.contours, scale)
        else:
            size = (1280 * scale, 720 * scale)
            image = render.dashboard_image(
                scene, self.result.trajectories, self.theme, size=size, cursor=self.player.cursor
            )
        data = render.png(image, scene)
        with files.replacing(path) as neighbour:
            neighbour.write_bytes(data)
        self._exported(path, f"{image.width()} × {image.height()} pixels")

    def export_table(self) -> None:
        if self.result is None:
            return
        labels = [run.label for run in self.result.scene.runs]
        runs = [("All runs", None), *((f"Only {label}", label) for label in labels)]
        self._export("Export a table", {"Runs": runs}, ".csv", "CSV table", self._write_table)

    def _write_table(self, chosen: dict[str, Any], path: Path) -> None:
        if self.result is None or self.result.scene.runs != self.document.scene.runs:
            raise ValueError("The runs are still being computed. Try again in a moment.")
        labels = None if chosen["Runs"] is None else [chosen["Runs"]]
        with (
            files.replacing(path) as neighbour,
            files.writing(path),
            neighbour.open("w", encoding="utf-8", newline="") as stream,
        ):
            table.write_csv(stream, self.result.scene, self.result.trajectories, labels)
        self._exported(path, "all runs" if labels is None else labels[0])

    def _export(self, title: str, choices: dict[str, Any], ending: str, kind: str, write: Any) -> None:
        proposal = self.settings.folder / (self.document.path or Path(self.document.scene.surface)).stem
        ExportDialog(self, title, choices, Path(f"{proposal}{ending}"), kind, write).open()

    def _exported(self, path: Path, what: str) -> None:
        self.settings.folder = path.resolve().parent
        self.status_line.say(f"Wrote {path} ({what}).")

    # Help

    def show_help(self) -> None:
        window = help_window.HelpWindow(self, self.theme)
        run = self.panel.run
        window.show()
        if run is not None:
            window.show_definition(help_window.anchor(run.rule))

    def show_keys(self) -> None:
        self._tell("Keys", help_window.keys_text(self.actions_by_name.values()))

    def show_about(self) -> None:
        self._tell("About OptiViz", help_window.about_text())

    def _tell(self, title: str, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, QMessageBox.StandardButton.Ok, self)
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    # The end

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remembers everything, so that the next start goes on from here."""
        self._frames.stop()
        self.runner.close()
        self.settings.geometry = self.saveGeometry()
        saved = self.document.path is not None and not self.document.changed
        self.settings.remember_scene(self.current_scene(), self.document.path, saved)
        self.settings.sync()
        event.accept()
