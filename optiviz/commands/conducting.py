"""Lessons: opening, going through, and writing them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QWidget

from .. import assets
from ..desk.desk import Desk
from ..files import lessons
from ..session.conductor import Conductor
from ..session.workspace import Workspace
from .command import Command, Listing

FILTER = "OptiViz lesson (*.md)"
MENU = "&Lessons"


class Lessons:
    """The commands of the Lessons menu, for one window."""

    def __init__(self, workspace: Workspace, desk: Desk) -> None:
        self.workspace, self.desk = workspace, desk
        self.conductor = Conductor(workspace, lambda: desk.settings.lesson_files)

    def open_dialog(self) -> None:
        chosen = self.desk.choose_file("Open a lesson", FILTER)
        if chosen is not None:
            self.open(chosen)

    def open(self, path: Path) -> None:
        """Opens a lesson file of the user's, which the menu lists from now on."""
        try:
            self.take(path)
        except (OSError, ValueError) as error:
            self._warn(str(error))

    def take(self, path: Path) -> None:
        """The same; raises OSError or ValueError, in words, if that is no lesson."""
        lesson = lessons.read_lesson(path)
        self._keep(path)
        self.conductor.load()
        self.conductor.enter(lesson, 0)

    def add_scene(self) -> None:
        """Asks for a title, a text and a file, and adds the present scene to that lesson."""
        words = "Add this scene to a lesson"
        proposal = self.desk.settings.folder / "lesson.md"
        path = self.desk.name_file(f"{words} (an existing file is added to)", proposal, FILTER, replaces=False)
        if path is None:
            return
        path = path if path.suffix else path.with_suffix(".md")
        title = self.desk.ask_text(words, "Title of the scene")
        if title is None:
            return
        label = "One to three short paragraphs; lines that begin with > are formulas"
        text = self.desk.ask_text(words, label, lines=True)
        if text is not None:
            self.add_to(path, title, text)

    def add_to(self, path: Path, title: str, text: str) -> None:
        """Adds the present scene to the lesson file at `path`."""
        try:
            lessons.append_scene(path, title, text, self.workspace.as_shown())
        except (OSError, ValueError) as error:
            self._warn(str(error))
            return
        self._keep(path)
        self.conductor.load()
        self.desk.say(f"Added “{title}” to {path.name}.")

    def fill_menu(self, menu: QMenu) -> None:
        """Lists the lessons, as they are on disk now, in front of the menu's own entries."""
        self.conductor.load()
        for action in menu.actions():
            if action.property("lesson"):
                menu.removeAction(action)
                submenu: QObject | None = action.menu()
                gone: QObject = action if submenu is None else submenu
                gone.setParent(None)
                gone.deleteLater()
        first = menu.actions()[0]
        for lesson in self.conductor.all:
            listed = QMenu(plain(lesson.title), menu)
            for number, scene in enumerate(lesson.scenes):
                action = listed.addAction(plain(f"{number + 1}  {scene.title}"))
                action.triggered.connect(lambda _=False, at=(lesson, number): self.conductor.enter(*at))
            menu.insertMenu(first, listed).setProperty("lesson", True)
        for problem in self.conductor.problems:
            action = menu.addAction(f"⚠ {plain(problem.partition(':')[0])}")
            action.triggered.connect(lambda _=False, text=problem: self._warn(text))
            action.setProperty("lesson", True)

    def popup_index(self, parent: QWidget) -> None:
        """Shows the scenes of the lesson that is open, to be chosen."""
        lesson = self.conductor.lesson
        if lesson is None:
            return
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, scene in enumerate(lesson.scenes):
            action = menu.addAction(plain(f"{number + 1}  {scene.title}"))
            action.triggered.connect(lambda _=False, n=number: self.conductor.enter(lesson, n))
            action.setCheckable(True)
            action.setChecked(number == self.conductor.number)
        menu.popup(QCursor.pos())

    def _keep(self, path: Path) -> None:
        path = path.resolve()
        settings = self.desk.settings
        settings.folder = path.parent
        if path not in settings.lesson_files and path.parent != assets.path("lessons").resolve():
            settings.lesson_files = [*settings.lesson_files, path]

    def _warn(self, text: str) -> None:
        self.desk.warn("This lesson cannot be used.", text)

    def commands(self) -> Iterator[Command | Listing]:
        conductor = self.conductor
        yield Listing(MENU, lambda menu, workspace, desk: self.fill_menu(menu))
        yield Command("next_scene", "&Next scene", lambda w, d: conductor.next(), "PgDown", menu=MENU, group=1)
        yield Command(
            "previous_scene", "&Previous scene", lambda w, d: conductor.previous(), "PgUp", menu=MENU, group=1
        )
        tip = "This scene again, from its beginning"
        yield Command("again", "This scene &again", lambda w, d: conductor.again(), "Ctrl+R", tip, MENU, 1)
        yield Command("open_lesson", "&Open a lesson…", lambda w, d: self.open_dialog(), menu=MENU, group=2)
        yield Command("add_scene", "&Add this scene to a lesson…", lambda w, d: self.add_scene(), menu=MENU, group=2)
        yield Command("close_lesson", "&Close the lesson", lambda w, d: conductor.close(), menu=MENU, group=2)


def plain(text: str) -> str:
    """A text for a menu, where an ampersand alone would be a key."""
    return text.replace("&", "&&")
