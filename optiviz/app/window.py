"""The main window: puts the rooms together."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QIcon, QResizeEvent, QWindow
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

from .. import assets
from ..commands import exchanging
from ..commands.command import Command, Listing
from ..commands.conducting import Lessons
from ..commands.exporting import Exports
from ..commands.menus import Menus
from ..commands.opening import Files
from ..commands.tables import TABLES
from ..desk.desk import Desk
from ..desk.settings import Settings
from ..files.origin import Origin
from ..laboratories.laboratory import LaboratoryWindow
from ..panel.panel import Panel
from ..scene.scene import Scene
from ..scene.words import in_a_line
from ..session.state import State, differ
from ..session.workspace import Workspace
from ..views.dashboard import Dashboard
from ..views.lesson_card import LessonCard
from ..views.showing import theme_changed, theme_of
from ..widgets import theme as themes
from ..widgets.keyboard import FocusKeeper, leave_field
from ..widgets.style_sheet import apply
from . import helping
from .arrangement import Arrangement, Parts
from .bars.status_line import StatusLine
from .bars.tool_row import ToolRow
from .bars.transport import Transport
from .clock import Clock
from .closing import Closing
from .dropping import Drops
from .presenting import Presenter


class Window(QMainWindow):
    """One workspace and all that shows it."""

    arrived = Signal()  # on the worker's thread; heard on the window's
    closed = Signal()  # it is over, after a question if there was something to lose

    def __init__(self, scene: Scene, settings: Settings, origin: Origin | None = None) -> None:
        super().__init__()
        self.desk = Desk(self, settings)
        self.workspace = Workspace(scene, origin, theme=settings.theme, notify=self.arrived.emit, say=self.desk.say)
        # Before any widget is made: fonts do not reach all of them later.
        apply(application(), theme_of(self.workspace.state))
        self.caption = QLabel()
        self._look()
        self.panel = Panel(self.workspace)
        self.card = LessonCard()
        self.dashboard = Dashboard()
        self.lessons = Lessons(self.workspace, self.desk)
        self.files = Files(self.workspace, self.desk, self.lessons)
        self.exports = Exports(self.workspace, self.desk)
        self.closing = Closing(self, self.workspace, self.desk, self.files)
        self.presenter = Presenter(self, self.workspace)
        self.menus = Menus(self, self.workspace, self.desk, self._commands())
        self.transport = Transport(self.actions_by_name)
        self.tools = ToolRow(self.actions_by_name)
        self.status_line = StatusLine()
        parts = Parts(self.panel, self.card, self.dashboard, self.transport, self.tools, self.status_line)
        self.arrangement = Arrangement(self, parts, self.caption)
        self.clock = Clock(self, self.workspace, self.status_line, lambda: self.on_screen)
        self.drops = Drops(self, self.workspace, self.desk, self.files)
        FocusKeeper(application(), self)
        self._connect()
        self._watch()
        self._take_result()  # what has been ready before anybody listened

    def _commands(self) -> list[Command | Listing]:
        """Every command, in the order of the help. The catalogs are read now: they may have grown."""
        tables: tuple[Iterable[Command | Listing], ...] = (
            *(self.files.commands(), self.exports.commands(), helping.quitting()),
            *(table() for table in TABLES),
            *(exchanging.commands(self.files), self.presenter.commands(), self.lessons.commands()),
            helping.commands(),
        )
        return [command for table in tables for command in table]

    def _look(self) -> None:
        self.setWindowIcon(QIcon(str(assets.path("icons", "optiviz-256.png"))))
        self.setMinimumSize(QSize(900, 560))
        self.resize(1280, 720)
        self.caption.setObjectName("quiet")
        self.caption.setTextFormat(Qt.TextFormat.PlainText)  # a file may have any name
        self.caption.setContentsMargins(0, 6, 12, 0)

    def _connect(self) -> None:
        """Hands over what happens to whoever it concerns."""
        workspace = self.workspace
        self.arrived.connect(self._take_result)
        self.desk.said.connect(self.status_line.say)
        self.dashboard.bind(workspace)
        self.dashboard.pointed.connect(self.status_line.show_pointer)
        self.tools.scale_changed.connect(lambda scale: workspace.edit_view("overlay_scale", scale))
        self.tools.settled.connect(workspace.document.seal)
        self.transport.seeked.connect(workspace.seek)
        self.presenter.transport = self.transport
        self.transport.speed_chosen.connect(workspace.set_speed)
        self.status_line.cancelled.connect(workspace.cancel)
        self.card.wanted.connect(lambda name: self.actions_by_name[name].trigger())
        self.card.index_wanted.connect(lambda: self.lessons.popup_index(self.card))
        application().clipboard().dataChanged.connect(self._look_into_clipboard)
        self._look_into_clipboard()

    def _watch(self) -> None:
        """Who is told of changes, in this order: the theme before what takes it over, the layout at the end."""
        for watcher in (
            *(self, self.panel, self.card, self.dashboard, self.transport, self.tools, self.status_line),
            *(self.menus, self.arrangement, self.presenter, self.closing, self.clock),
        ):
            self.workspace.watch(watcher)

    @property
    def actions_by_name(self) -> dict[str, QAction]:
        """Every command's action."""
        return self.menus.actions

    @property
    def name(self) -> str:
        """What the scene is called: after its file or, without one, after its surface."""
        path = self.workspace.document.origin.path
        return in_a_line(path.stem) if path else f"{self.workspace.scene.landscape.name} race"

    @property
    def on_screen(self) -> bool:
        """Whether anybody can see the window: not if it is hidden, minimised or on another desktop."""
        handle: QWindow | None = self.windowHandle()  # none before it has been shown
        return handle is not None and handle.isExposed() and not self.isMinimized()

    def show_state(self, old: State | None, new: State) -> None:
        """The look of the whole program, and the title."""
        if old is not None and theme_changed(old, new):
            themes.set_scale(new.appearance.scale)
            apply(application(), theme_of(new))
        if differ(old, new, lambda state: (state.origin.path, state.scene.surface, state.history.changed)):
            changed = new.history.changed
            self.setWindowTitle(f"{self.name.replace('[*]', '[*][*]')}[*] · OptiViz")  # the system's mark stands there
            self.setWindowModified(changed)
            self.caption.setText(f"{self.name}{'*' * changed}")
            self.menuBar().setCornerWidget(self.caption)  # else it keeps the width of the name before

    def _look_into_clipboard(self) -> None:
        self.workspace.set_pasteable(exchanging.pasteable())

    def _take_result(self) -> None:
        """On this thread, because it is a method of the window, which lives there."""
        self.workspace.take_result()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrangement.arrange_lesson()
        self.presenter.fit_veil()

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
        self.clock.stop()
        for laboratory in self.findChildren(LaboratoryWindow):
            laboratory.close()
        self.desk.settings.geometry = self.presenter.geometry or self.saveGeometry()
        self.closing.remember()
        self.closed.emit()
        self.presenter.close()
        self.workspace.close()
        self.desk.settings.sync()
        event.accept()


def application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
