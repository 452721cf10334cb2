"""The main window: puts the parts together and carries three messages between them.

The scene changed (the document says so), trajectories arrived (the runner says so), the cursor moved (the player, by
the frame timer or by the user).
"""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from .. import assets
from ..scene.document import Document
from ..scene.editor import Editor
from ..scene.newer import Foreign
from ..scene.player import Player
from ..scene.runner import Result, Runner
from ..scene.scene import Scene
from . import actions
from . import theme as themes
from .clipboard import ClipboardCommands
from .closing import Closing
from .compare_commands import CompareCommands
from .dashboard import CURVES_SHARE, GAP, Dashboard
from .dropping import Drops
from .file_commands import FileCommands
from .keyboard import FocusKeeper, leave_field
from .lessons import Lessons
from .panel import Panel
from .presenting import Presenter
from .settings import Settings
from .status_line import SHOW_PROGRESS_AFTER, StatusLine
from .tool_row import ToolRow
from .transport import Transport
from .words import in_a_line, status

FRAME_MS = 16
LESSON_SHARE = 0.25  # of the width, when presenting
CURVES_WHEN_PRESENTING, ARITHMETIC_WHEN_PRESENTING = 33, 47  # hundredths of the views' width
LESSON_HEIGHT = 0.6  # of the height, at most, over the panel
QWIDGETSIZE_MAX = (1 << 24) - 1  # Qt's own name for "no limit", which PySide6 lacks
STATUS_SECONDS = 0.1  # between two states of the sentence at the bottom while playing: faster, nobody can read it
PREVIEW_MS = 1500  # for so long after an edit the paths past the cursor are shown, so that one sees them bend


class Window(QMainWindow):
    """One document, its views, and the clock that plays it."""

    arrived = Signal()  # on the worker's thread; heard on the window's
    closed = Signal()  # it is over, after a question if there was something to lose

    def __init__(
        self, scene: Scene, settings: Settings, path: Path | None = None, foreign: Foreign | None = None
    ) -> None:
        super().__init__()
        self.settings = settings
        self.document = Document(scene, path, foreign)
        self.player = Player(scene.steps)
        self.runner = Runner(self.arrived.emit)
        self.result: Result | None = None
        self.theme = themes.THEMES[settings.theme]
        themes.apply(self._app, self.theme)  # before any widget is made: fonts do not reach all of them later
        self._playing_wanted = False
        self._behind = False  # whether the player has gone on since the views were drawn
        self._busy_since: float | None = None
        self._last_frame = self._status_shown = time.perf_counter()
        self._frames = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._frame)
        self._preview = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._preview.timeout.connect(lambda: self.dashboard.contours.show_preview(False))

        self.editor = Editor(self.document)
        self.panel = Panel(self.editor)
        self.lessons = Lessons(self)
        self.dashboard = Dashboard()
        self.file = FileCommands(self)
        self.clipboard = ClipboardCommands(self)
        self.comparing = CompareCommands(self)
        self.presenter = Presenter(self)
        self.closing = Closing(self)
        self.actions_by_name = actions.build(self)
        actions.fill_menus(self, self.actions_by_name)
        self.transport = Transport(self.actions_by_name)
        self.tools = ToolRow(self.actions_by_name)
        self.status_line = StatusLine()
        FocusKeeper(self._app, self)
        self._arrange()
        self.drops = Drops(self)
        self._connect()
        self._dress(self.theme)
        self._take_view(scene)
        self._scene_changed(scene, scene)
        self._selection_changed()

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
        self.caption.setTextFormat(Qt.TextFormat.PlainText)
        self.caption.setContentsMargins(0, 6, 12, 0)
        self.menuBar().setCornerWidget(self.caption)
        self.dashboard.column.addWidget(self.transport)
        self.dashboard.top.insertWidget(0, self.tools)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        self.left = QVBoxLayout()
        self.left.setSpacing(GAP)
        self.left.addWidget(self.lessons.card)
        self.left.addWidget(self.panel, 1)
        row.addLayout(self.left)
        row.addWidget(self.dashboard, 1)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(GAP, 2, GAP, 2)
        column.setSpacing(2)
        column.addLayout(row, 1)
        column.addWidget(self.status_line)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        self.arrived.connect(self._take_result)
        self.document.subscribe(self._scene_changed)
        self.document.subscribe_opened(self._scene_opened)
        self.document.as_shown = self.current_scene
        self.editor.subscribe(self._selection_changed)
        self.panel.runs_card.runs.chosen.connect(self.show_state)
        self.panel.runs_card.edit_actions = [self.actions_by_name[name] for name in ("cut", "copy", "paste")]
        self.panel.refused.connect(self.status_line.say)
        self.dashboard.view_edited.connect(self.edit_view)
        self.dashboard.arithmetic.step_wanted.connect(self.move)
        self.dashboard.knot_moved.connect(self._move_knot)
        self.dashboard.knot_deleted.connect(lambda index: self.panel.attempt(lambda: self.editor.delete_knot(index)))
        self.dashboard.contours.plot.start_dragged.connect(self._drag_start)
        self.dashboard.contours.resized.connect(self._float_transport)
        self.dashboard.contours.plot.hovered.connect(self.status_line.show_pointer)
        for view in self.dashboard.curve_views:
            view.plot.scrubbed.connect(self.seek)
        self.tools.scale_changed.connect(lambda scale: self.edit_view("overlay_scale", scale))
        self.tools.settled.connect(self.document.seal)
        self.transport.seeked.connect(self.seek)
        self.transport.speed_chosen.connect(self._choose_speed)
        self.status_line.cancelled.connect(self._cancel)

    # The scene changed

    def _scene_changed(self, old: Scene, new: Scene) -> None:
        self.player.set_last(new.steps)
        self.panel.show_scene(new)
        self._share_width()
        if old.surface != new.surface:  # paths of another surface would be wrong over this one
            self.result = None
            self.dashboard.forget_result()
        self.dashboard.show_scene(new)
        if old is not new and old.replace(view=new.view) != new:
            self.dashboard.contours.show_preview(True)
            self._preview.start()
        self.show_state()
        self.runner.request(new)
        self.start_frames()
        self._show_cursor()

    def show_state(self) -> None:
        """Shows in the menus and in the title what the scene and the history allow."""
        actions.show_state(self)
        changed = self.document.changed
        self.setWindowTitle(f"{self.name.replace('[*]', '[*][*]')}[*] · OptiViz")  # the system's mark stands there
        self.setWindowModified(changed)
        self.caption.setText(f"{self.name}{'*' * changed}")
        self.menuBar().setCornerWidget(self.caption)  # else it keeps the width of the name before

    @property
    def name(self) -> str:
        """What the scene is called: after its file or, without one, after its surface."""
        path = self.document.path
        return in_a_line(path.stem) if path else f"{self.document.scene.place.name} race"

    def _selection_changed(self) -> None:
        self.dashboard.show_selected(self.editor.selected)
        self._show_status()

    def edit_view(self, name: str, value: object) -> None:
        """Changes one of the view's settings."""
        self.panel.attempt(lambda: self.editor.set_view(name, value))
        self.show_state()  # a checkable action that changed nothing is unchecked again

    def toggle_view(self, name: str) -> None:
        self.edit_view(name, not getattr(self.document.scene.view, name))

    def _drag_start(self, x: float, y: float, held: bool) -> None:
        self.panel.attempt(lambda: self.editor.move_start(x, y))
        if not held:
            self.document.seal()

    def _move_knot(self, index: int, step: int, rate: float, held: bool) -> None:
        last = self.document.scene.steps
        self.panel.attempt(lambda: self.editor.move_knot(index, min(step, last), rate))
        if not held:
            self.document.seal()

    def decay(self, factor: float) -> None:
        """Multiplies the selected run's rate by `factor` from the cursor on, and records it as a knot."""
        self.panel.attempt(lambda: self.editor.multiply_rate(self.player.cursor, factor))
        self.document.seal()

    def scale_overlays(self, factor: float) -> None:
        """Draws overlays so many times as large."""
        self.edit_view("overlay_scale", float(f"{self.document.scene.view.overlay_scale * factor:.6g}"))

    def next_line(self) -> None:
        self.dashboard.arithmetic.next_line()

    def previous_line(self) -> None:
        self.dashboard.arithmetic.previous_line()

    # Trajectories arrived

    def _frame(self) -> None:
        """Once a frame: moves the cursor on, and stops the clock when nothing moves."""
        now = time.perf_counter()
        seconds, self._last_frame = now - self._last_frame, now
        self.comparing.take_best_rates()
        self._show_progress(now)
        if self.player.playing and self.result is not None and self.player.advance(seconds):
            self._behind = True
        if self.on_screen or not self.player.playing:  # else time goes on, and nothing is drawn
            if self._behind:
                self._show_cursor()
            self.transport.show_player(self.player)
        if not self.player.playing and not self.runner.busy and self.comparing.search is None:
            self._frames.stop()

    @property
    def on_screen(self) -> bool:
        """Whether anybody can see the window: not if it is hidden, minimised or on another desktop."""
        handle = self.windowHandle()
        return handle is not None and handle.isExposed() and not self.isMinimized()

    def start_frames(self) -> None:
        """Starts the clock, which stops by itself when nothing moves."""
        if not self._frames.isActive():
            self._last_frame = time.perf_counter()
            self._frames.start()

    def _take_result(self) -> None:
        result = self.runner.take()
        if result is not None:
            self._show_result(result)

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
        job = self.comparing.search or self.runner
        if self.comparing.search is None and not self.runner.busy:
            if self._busy_since is not None:
                self.status_line.show_progress(None)
            self._busy_since = None
        elif self._busy_since is None:
            self._busy_since = now
        elif now - self._busy_since > SHOW_PROGRESS_AFTER:
            self.status_line.show_progress(job.progress)

    def _cancel(self) -> None:
        """Gives up the search, or the computation and the edit that asked for it."""
        if self.comparing.search is not None:
            self.comparing.stop_search()
            return
        self.runner.cancel()
        self.status_line.say("Cancelled.")
        shown, redone = self.result, self.document.redo_scene
        if shown is not None and redone is not None and shown.scene.replace(view=redone.view) == redone:
            self.document.redo()  # it was an undo that asked for it
        else:
            self.document.undo()

    # The cursor moved

    def _show_cursor(self) -> None:
        self._behind = False
        self.dashboard.show_cursor(self.player.cursor)
        self.panel.show_cursor(self.player.cursor)
        self.transport.show_player(self.player)
        if not self.player.playing or time.perf_counter() - self._status_shown > STATUS_SECONDS:
            self._show_status()

    def _show_status(self) -> None:
        self._status_shown = time.perf_counter()
        run, result = self.editor.run, self.result
        if run is None:
            self.status_line.show_status("There is no run. Add one with “+ Add” on the left.")
        elif result is not None and self.editor.selected < len(result.trajectories):
            index = self.editor.selected
            self.status_line.show_status(
                status(result.scene, result.scene.runs[index], result.trajectories[index], self.player.cursor)
            )

    def play_when_ready(self) -> None:
        """Plays as soon as there is something to play."""
        self._playing_wanted = self.result is None or self.runner.busy
        if not self._playing_wanted:
            self.play()

    def play(self) -> None:
        self.player.play()
        self._show_cursor()
        self.start_frames()

    def toggle_play(self) -> None:
        self.player.toggle()
        self._show_cursor()
        self.start_frames()

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
        self.show_state()

    # View

    def fit(self) -> None:
        self.dashboard.contours.fit()

    def zoom(self, factor: float) -> None:
        self.dashboard.contours.zoom(factor)

    def _dress(self, theme: themes.Theme) -> None:
        for part in (self.panel, self.dashboard, self.transport, self.tools, self.lessons.card):
            part.dress(theme)
        self.transport.show_player(self.player)

    def toggle_theme(self) -> None:
        """Puts the whole program into the other theme."""
        self.theme = themes.LIGHT if self.theme is themes.DARK else themes.DARK
        themes.apply(self._app, self.theme)
        self._dress(self.theme)
        self.settings.theme = self.theme.name
        self.show_state()

    def show_presenting(self, on: bool) -> None:
        """Takes away, or brings back, all but the views and the lesson; the type's scale has changed with it."""
        for part in (self.panel, self.menuBar(), self.status_line, self.tools):
            part.setVisible(not on)
        self.dashboard.contours.bar.setVisible(not on)  # its room is worth more than its numbers
        if on:
            self.transport.setParent(self.centralWidget())
            self.dashboard.column.removeWidget(self.transport)
        else:
            self.dashboard.column.addWidget(self.transport)
        themes.apply(self._app, self.theme)
        self._dress(self.theme)
        self._share_width()
        self.transport.show()
        self.arrange_lesson()

    def _share_width(self) -> None:
        """Gives the right side what it needs: large type wants more for the arithmetic than for curves."""
        presenting = ARITHMETIC_WHEN_PRESENTING if self.document.scene.view.arithmetic else CURVES_WHEN_PRESENTING
        self.dashboard.share_width(presenting if self.presenter.on else CURVES_SHARE)

    def arrange_lesson(self) -> None:
        """Gives the lesson's card its room: over the panel, or all of the left side when presenting."""
        card, presenting = self.lessons.card, self.presenter.on
        card.setFixedWidth(round(self.width() * LESSON_SHARE) if presenting else self.panel.width())
        highest = self.centralWidget().height() * LESSON_HEIGHT
        card.setMaximumHeight(QWIDGETSIZE_MAX if presenting else round(min(card.text_height(), highest)))
        card.setMinimumHeight(0 if presenting else card.maximumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange_lesson()
        self.presenter.fit_veil()

    def _float_transport(self) -> None:
        """While presenting the transport lies over the contour view's lower edge."""
        if self.presenter.on:
            contours = self.dashboard.contours
            corner = contours.mapTo(self.centralWidget(), contours.rect().bottomLeft())
            self.transport.setGeometry(
                corner.x(), corner.y() - self.transport.height(), contours.width(), self.transport.height()
            )
            self.transport.raise_()

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
        window = None if contours.aim == scene.place.window else contours.aim
        player = self.player
        view = scene.view.replace(cursor=player.cursor, speed=player.speed, loop=player.loop, window=window)
        return scene.replace(view=view)

    def open_scene(
        self, scene: Scene, path: Path | None, name: str, *, foreign: Foreign | None = None, lesson: object = None
    ) -> None:
        """Goes over to another scene, as it was left. Undo, which calls it `name`, comes back."""
        self.editor.select(0)
        self.document.open(scene, path, name, foreign=foreign, lesson=lesson)

    def _scene_opened(self) -> None:
        """Another scene has been gone over to: it is shown as it was left."""
        scene = self.document.scene
        self._playing_wanted = False
        self._take_view(scene)
        self.dashboard.contours.show_window(scene.window)
        self._show_cursor()
        self.show_state()

    # Help, which is imported when it is wanted: the start need not wait for it

    def show_help(self) -> None:
        from . import help_window

        window = help_window.HelpWindow(self, self.theme)
        run = self.editor.run
        window.show()
        if run is not None:
            window.show_definition(help_window.anchor(run.rule))

    def show_keys(self) -> None:
        from . import help_window

        self._tell("Keys", help_window.keys_text(self.actions_by_name.values()))

    def show_about(self) -> None:
        from . import help_window

        self._tell("About OptiViz", help_window.about_text())

    def _tell(self, title: str, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, QMessageBox.StandardButton.Ok, self)
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setModal(False)  # the window can be closed meanwhile
        box.show()

    # The end

    def close_quietly(self) -> None:
        """Closes without a question: nobody is there to answer. The next start goes on from here, changes and all."""
        self.closing.quiet = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remembers everything, so that the next start goes on from here, unless changes want to be saved first."""
        leave_field()  # what has been typed counts
        if not self.closing.allowed():
            event.ignore()
            return
        self._frames.stop()
        self.comparing.close()
        self.presenter.close()
        self.runner.close()
        self.settings.geometry = self.presenter.geometry or self.saveGeometry()
        self.closing.remember()
        self.settings.sync()
        self.closed.emit()
        event.accept()
