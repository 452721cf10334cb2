"""The current scene, what it was, and who wants to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .scene import Scene

DEPTH = 200  # edits that can be undone


@dataclass(frozen=True)
class Edit:
    """The scene that an edit left, with its file, and what the edit was called."""

    scene: Scene
    path: Path | None
    saved: Scene | None
    name: str
    opened: bool  # whether it went over to another scene, with a file of its own or none


class Document:
    """The scene being edited. Every edit makes a new scene; undo is the scene before.

    `edit` with the same `gesture` again and again (a slider that is dragged) is one edit, until `seal` or another edit
    ends it. Whoever called `subscribe` is told after every change of scene.
    """

    def __init__(self, scene: Scene, path: Path | None = None) -> None:
        self.scene = scene
        self.path = path
        self._saved: Scene | None = scene
        self._undo: list[Edit] = []
        self._redo: list[Edit] = []
        self._gesture: object = None
        self._listeners: list[Callable[[Scene, Scene], None]] = []

    def subscribe(self, listener: Callable[[Scene, Scene], None]) -> None:
        """`listener(old, new)` is called after every change."""
        self._listeners.append(listener)

    def edit(self, scene: Scene, name: str, gesture: object = None) -> None:
        """Makes `scene` the current one. `name` says in the menu what undo would undo: "Undo change of α₀"."""
        if scene == self.scene:
            return
        if gesture is None or gesture != self._gesture:
            self._push(self._undo, name)
        self._redo.clear()
        self._gesture = gesture
        self._show(scene)

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
        return self._saved is None or self.scene.replace(view=self._saved.view) != self._saved

    def open(self, scene: Scene, path: Path | None, name: str) -> None:
        """Goes over to another scene, read from `path` if that is not None. Undo comes back to this one's file."""
        self._push(self._undo, name, opened=True)
        self._redo.clear()
        self._gesture = None
        self.path, self._saved = path, scene
        self._show(scene)

    def forget_saved(self) -> None:
        """The scene differs from what its file holds, by edits that are not known any more."""
        self._saved = None

    def saved(self, path: Path) -> None:
        """The current scene has been written to `path`."""
        self.path, self._saved = path, self.scene

    def _push(self, edits: list[Edit], name: str, opened: bool = False) -> None:
        edits.append(Edit(self.scene, self.path, self._saved, name, opened))
        del edits[:-DEPTH]

    def _move(self, source: list[Edit], target: list[Edit]) -> None:
        if source:
            edit = source.pop()
            self._push(target, edit.name, edit.opened)
            self._gesture = None
            if edit.opened:  # saving is no edit: undo keeps to the file that was written
                self.path, self._saved = edit.path, edit.saved
            self._show(edit.scene)

    def _show(self, scene: Scene) -> None:
        before, self.scene = self.scene, scene
        for listener in self._listeners:
            listener(before, scene)
