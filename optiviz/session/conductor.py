"""Conducts lessons: which there are, which of their scenes is shown, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from .. import assets
from ..files import lessons
from ..files.lessons import Lesson
from ..files.origin import Origin
from .workspace import Workspace


class Conductor:
    """The lessons of a workspace: the bundled ones, and the user's own, whose files `own()` names.

    `lesson` and `number` are where one is, also while another scene is shown. What cannot be read is in `problems`, in
    words; the others open.
    """

    def __init__(self, workspace: Workspace, own: Callable[[], Sequence[Path]] = list) -> None:
        self.workspace = workspace
        self.own = own
        self.all: list[Lesson] = []
        self.problems: list[str] = []
        self.lesson: Lesson | None = None
        self.number = 0
        workspace.document.subscribe(lambda old, new, opened: self._follow())

    def load(self) -> None:
        """Reads all lesson files again."""
        self.all, self.problems = lessons.read_lessons(assets.path("lessons"))
        for path in self.own():
            try:
                self.all.append(lessons.read_lesson(path))
            except (OSError, ValueError) as error:
                self.problems.append(str(error))

    def enter(self, lesson: Lesson, number: int) -> None:
        """Shows a scene of a lesson, and plays it if it wants that."""
        shown = lesson.scenes[number]
        self.workspace.open(shown.scene, Origin(lesson=(lesson, number)), f"scene “{shown.title}”")
        if shown.play:
            self.workspace.play_when_ready()

    def next(self) -> None:
        """The next scene, of the next lesson after the last one; the first of all if no lesson is open."""
        self._go(1)

    def previous(self) -> None:
        self._go(-1)

    def again(self) -> None:
        """The scene as it was when it was entered."""
        if self.lesson is not None:
            self.enter(self.lesson, self.number)

    def close(self) -> None:
        """Puts the lesson away; its scene stays."""
        self.lesson = None
        self.workspace.document.close_lesson()
        self.workspace.tell()

    def _follow(self) -> None:
        """Goes where an opening, or an undo of one, has led."""
        here = self.workspace.document.origin.lesson
        if here is not None:
            self.lesson, self.number = here

    def _go(self, by: int) -> None:
        if not self.all:
            self.load()
        places = [(lesson, number) for lesson in self.all for number in range(len(lesson.scenes))]
        here = next((i for i, (a, n) in enumerate(places) if self._is_open(a) and n == self.number), None)
        there = here + by if here is not None else 0 if by > 0 else -1
        if 0 <= there < len(places):
            self.enter(*places[there])
        else:
            self.workspace.say("That was the last scene." if by > 0 else "This is the first scene.")

    def _is_open(self, lesson: Lesson) -> bool:
        return self.lesson is not None and lesson.path == self.lesson.path
