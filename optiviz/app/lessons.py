"""Conducts lessons: which one is open, which of its scenes is shown, and what comes next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QMessageBox

from .. import assets
from ..scene import lessons
from ..scene.lessons import Lesson
from .lesson_card import LessonCard

if TYPE_CHECKING:
    from .window import Window

FILTER = "OptiViz lesson (*.md)"


class Lessons:
    """The lessons of one window: the bundled ones, and those that the user has opened or written."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.card = LessonCard()
        self.card.hide()
        self.card.next_wanted.connect(self.next)
        self.card.previous_wanted.connect(self.previous)
        self.card.again_wanted.connect(self.again)
        self.card.close_wanted.connect(self.close)
        self.card.index_wanted.connect(self._popup_index)
        self.all: list[Lesson] = []
        self.problems: list[str] = []
        self.lesson: Lesson | None = None  # where we are, also while another scene is shown
        self.number = 0
        window.document.subscribe_opened(self._show_place)

    def load(self) -> None:
        """Reads all lesson files again. What cannot be read is in `problems`, in words; the others open."""
        self.all, self.problems = lessons.read_lessons(assets.path("lessons"))
        for path in self.window.settings.lesson_files:
            try:
                self.all.append(lessons.read_lesson(path))
            except (OSError, ValueError) as error:
                self.problems.append(str(error))

    def fill_menu(self, menu: QMenu) -> None:
        """Lists the lessons, as they are on disk now, in front of the menu's own entries."""
        self.load()
        for action in menu.actions():
            if action.property("lesson"):
                menu.removeAction(action)
                gone = action.menu() or action
                gone.setParent(None)
                gone.deleteLater()
        first = menu.actions()[0]
        for lesson in self.all:
            submenu = QMenu(plain(lesson.title), menu)
            for number, scene in enumerate(lesson.scenes):
                submenu.addAction(plain(f"{number + 1}  {scene.title}"), lambda at=(lesson, number): self.enter(*at))
            menu.insertMenu(first, submenu).setProperty("lesson", True)
        for problem in self.problems:
            action = menu.addAction(f"⚠ {problem.partition(':')[0]}", lambda text=problem: self._warn(text))
            action.setProperty("lesson", True)

    def enter(self, lesson: Lesson, number: int) -> None:
        """Shows a scene of a lesson, and plays it if it wants that."""
        shown = lesson.scenes[number]
        self.window.open_scene(shown.scene, None, f"scene “{shown.title}”", lesson=(lesson, number))
        if shown.play:
            self.window.play_when_ready()

    def _show_place(self) -> None:
        """Another scene is shown: the card shows the one of the lesson that it is, or goes away."""
        place = self.window.document.lesson
        if place is not None:
            self.lesson, self.number = place
            self.card.show_scene(*place)
        self.card.setVisible(place is not None)
        self.window.arrange_lesson()

    def next(self) -> None:
        """The next scene, of the next lesson after the last one; the first of all if no lesson is open."""
        self._go(1)

    def previous(self) -> None:
        self._go(-1)

    def again(self) -> None:
        """The scene as it was when it was entered."""
        if self.lesson is not None:
            self.enter(self.lesson, self.number)

    def _go(self, by: int) -> None:
        if not self.all:
            self.load()
        places = [(lesson, number) for lesson in self.all for number in range(len(lesson.scenes))]
        here = next((i for i, (a, n) in enumerate(places) if self._is_open(a) and n == self.number), None)
        there = here + by if here is not None else 0 if by > 0 else -1
        if 0 <= there < len(places):
            self.enter(*places[there])
        else:
            self.window.status_line.say("That was the last scene." if by > 0 else "This is the first scene.")

    def _is_open(self, lesson: Lesson) -> bool:
        return self.lesson is not None and lesson.path == self.lesson.path

    def close(self) -> None:
        """Puts the lesson away; its scene stays."""
        self.lesson = self.window.document.lesson = None
        self.card.hide()
        self.window.arrange_lesson()

    def _popup_index(self) -> None:
        if self.lesson is None:
            return
        menu = QMenu(self.card)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        lesson = self.lesson
        for number, scene in enumerate(lesson.scenes):
            action = menu.addAction(plain(f"{number + 1}  {scene.title}"), lambda n=number: self.enter(lesson, n))
            action.setCheckable(True)
            action.setChecked(number == self.number)
        menu.popup(QCursor.pos())

    def open_dialog(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self.window, "Open a lesson", str(self.window.settings.folder), FILTER)
        if chosen:
            self.open(Path(chosen))

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
        self.load()
        self.enter(lesson, 0)

    def add_scene(self) -> None:
        """Asks for a title, a text and a file, and adds the present scene to that lesson."""
        chosen, _ = QFileDialog.getSaveFileName(
            self.window,
            "Add this scene to a lesson (an existing file is added to)",
            str(self.window.settings.folder / "lesson.md"),
            FILTER,
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if not chosen:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(".md")
        title, done = QInputDialog.getText(self.window, "Add this scene to a lesson", "Title of the scene")
        if not done:
            return
        text, done = QInputDialog.getMultiLineText(
            self.window,
            "Add this scene to a lesson",
            "One to three short paragraphs; lines that begin with > are formulas",
        )
        if done:
            self.add_to(path, title, text)

    def add_to(self, path: Path, title: str, text: str) -> None:
        """Adds the present scene to the lesson file at `path`."""
        try:
            lessons.append_scene(path, title, text, self.window.current_scene())
        except (OSError, ValueError) as error:
            self._warn(str(error))
            return
        self._keep(path)
        self.load()
        self.window.status_line.say(f"Added “{title}” to {path.name}.")

    def _keep(self, path: Path) -> None:
        path = path.resolve()
        self.window.settings.folder = path.parent
        known = self.window.settings.lesson_files
        if path not in known and path.parent != assets.path("lessons").resolve():
            self.window.settings.lesson_files = [*known, path]

    def _warn(self, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "OptiViz", "This lesson cannot be used.", parent=self.window)
        box.setInformativeText(text)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setModal(False)  # the window can be closed meanwhile
        box.show()


def plain(text: str) -> str:
    """A text for a menu, where an ampersand alone would be a key."""
    return text.replace("&", "&&")
