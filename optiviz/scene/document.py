"""The current scene, what it was, and who wants to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..engine.params import shown
from .newer import Foreign, Unread
from .scene import Scene

DEPTH = 200  # edits that can be undone

Held = tuple[Scene, Foreign | None]  # what a file holds


@dataclass(frozen=True)
class Edit:
    """What an edit left: the scene and all that belongs to it; and what the edit was called."""

    scene: Scene
    foreign: Foreign | None
    path: Path | None
    held: Held | None
    lesson: object
    name: str
    opened: bool  # whether it went over to another scene, with a file of its own or none


class Document:
    """The scene being edited. Every edit makes a new scene; undo is the scene before.

    `edit` with the same `gesture` again and again (a slider that is dragged) is one edit, until `seal` or another edit
    ends it. Whoever called `subscribe` is told after every change of scene.

    Besides the scene it keeps what belongs to it: `path`, its file; `foreign`, what that file holds of a newer version;
    `held`, the scene as it was opened or saved last (None if that is not known); `lesson`, the place in a lesson that
    it comes from. Undoing an opening brings all of them back together.
    """

    def __init__(self, scene: Scene, path: Path | None = None, foreign: Foreign | None = None) -> None:
        self.scene = scene
        self.path = path
        self.foreign = foreign
        self.held: Held | None = (scene, foreign)
        self.lesson: object = None
        # Who shows the scene may say here how it is shown, when it is left for another one.
        self.as_shown: Callable[[], Scene] = lambda: self.scene
        self._undo: list[Edit] = []
        self._redo: list[Edit] = []
        self._gesture: object = None
        self._listeners: list[Callable[[Scene, Scene], None]] = []
        self._opened_listeners: list[Callable[[], None]] = []

    def subscribe(self, listener: Callable[[Scene, Scene], None]) -> None:
        """`listener(old, new)` is called after every change."""
        self._listeners.append(listener)

    def subscribe_opened(self, listener: Callable[[], None]) -> None:
        """`listener()` is called after another scene was gone over to: opened, or brought back by undo or redo."""
        self._opened_listeners.append(listener)

    def edit(self, scene: Scene, name: str, gesture: object = None) -> None:
        """Makes `scene` the current one. `name` says in the menu what undo would undo: "Undo change of α₀"."""
        if scene == self.scene:
            return
        if gesture is None or gesture != self._gesture:
            self._push(self._undo, name)
        elif scene == self._undo[-1].scene:  # a drag that came back: there is nothing to undo
            self._undo.pop()
            gesture = None
        self._redo.clear()
        self._gesture = gesture
        self._show(scene)

    def remove(self, run: Unread) -> None:
        """Makes the file no longer keep a run that is not understood."""
        if self.foreign is not None:
            self._push(self._undo, f"removal of {shown(run.label)}")
            self._redo.clear()
            self._gesture = None
            self.foreign = self.foreign.without(run)
            self._show(self.scene)

    def seal(self) -> None:
        """Ends the gesture: the next edit is one of its own."""
        self._gesture = None

    def undo(self) -> None:
        self._move(self._undo, self._redo)

    def redo(self) -> None:
        self._move(self._redo, self._undo)

    @property
    def undo_name(self) -> str | None:
        """What undo would undo; None if nothing."""
        return self._undo[-1].name if self._undo else None

    @property
    def undo_scene(self) -> Scene | None:
        """The scene that undo would bring back."""
        return self._undo[-1].scene if self._undo else None

    @property
    def redo_scene(self) -> Scene | None:
        return self._redo[-1].scene if self._redo else None

    @property
    def redo_name(self) -> str | None:
        return self._redo[-1].name if self._redo else None

    @property
    def changed(self) -> bool:
        """Whether the scene differs from what the file (or the start) holds. The view alone is no change."""
        if self.held is None:
            return True
        scene, foreign = self.held
        return self.scene.replace(view=scene.view) != scene or self.foreign != foreign

    def open(
        self,
        scene: Scene,
        path: Path | None,
        name: str,
        *,
        foreign: Foreign | None = None,
        lesson: object = None,
    ) -> None:
        """Goes over to another scene, read from `path` if that is not None. Undo comes back to this one's file."""
        self._push(self._undo, name, opened=True)
        self._redo.clear()
        self._gesture = None
        self.path, self.foreign, self.lesson = path, foreign, lesson
        self.held = (scene, foreign)
        self._file_holds(self.held)
        self._show(scene, opened=True)

    def forget_saved(self) -> None:
        """The scene differs from what its file holds, by edits that are not known any more."""
        self.held = None

    def saved(self, path: Path) -> None:
        """The current scene has been written to `path`."""
        self.path, self.held = path, (self.scene, self.foreign)
        self._file_holds(self.held)

    def _file_holds(self, held: Held) -> None:
        """What undo brings back of the same file must be compared with what the file holds now."""
        for edits in (self._undo, self._redo):
            edits[:] = [replace(e, held=held) if self.path and e.path == self.path else e for e in edits]

    def _push(self, edits: list[Edit], name: str, opened: bool = False) -> None:
        scene = self.as_shown() if opened else self.scene
        edits.append(Edit(scene, self.foreign, self.path, self.held, self.lesson, name, opened))
        del edits[:-DEPTH]

    def _move(self, source: list[Edit], target: list[Edit]) -> None:
        if source:
            edit = source.pop()
            self._push(target, edit.name, edit.opened)
            self._gesture = None
            self.foreign = edit.foreign
            if edit.opened:  # saving is no edit: undo keeps to the file that was written
                self.path, self.held, self.lesson = edit.path, edit.held, edit.lesson
            self._show(edit.scene, edit.opened)

    def _show(self, scene: Scene, opened: bool = False) -> None:
        before, self.scene = self.scene, scene
        for listener in self._listeners:
            listener(before, scene)
        if opened:
            for opened_listener in self._opened_listeners:
                opened_listener()
