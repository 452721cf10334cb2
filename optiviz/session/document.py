"""The current scene, what it was, and who wants to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..engine.params import shown
from ..files.newer import Unread
from ..files.origin import Origin
from ..scene.scene import Scene

DEPTH = 200  # edits that can be undone


@dataclass(frozen=True)
class Edit:
    """What an edit left: the scene and where it came from; and what the edit was called."""

    scene: Scene
    origin: Origin
    name: str
    opened: bool  # whether it went over to another scene, with an origin of its own


class Document:
    """The scene being edited. Every edit makes a new scene; undo is the scene before.

    `edit` with the same `gesture` again and again (a slider that is dragged) is one edit, until `seal` or another edit
    ends it. Whoever called `subscribe` is told after every change. Undoing an opening brings back the scene together
    with its origin. Where a scene is left for another one, `left` is the scene as it was looked at.
    """

    def __init__(self, scene: Scene, origin: Origin | None = None) -> None:
        self.scene = scene
        self.origin = Origin().holding(scene) if origin is None else origin
        self._undo: list[Edit] = []
        self._redo: list[Edit] = []
        self._gesture: object = None
        self._listeners: list[Callable[[Scene, Scene, bool], None]] = []

    def subscribe(self, listener: Callable[[Scene, Scene, bool], None]) -> None:
        """`listener(old, new, opened)` is called after every change; `opened` says that another scene was gone to."""
        self._listeners.append(listener)

    def edit(self, scene: Scene, name: str, gesture: object = None) -> None:
        """Makes `scene` the current one. `name` says in the menu what undo would undo: "Undo change of α₀"."""
        if scene == self.scene:
            return
        if gesture is None or gesture != self._gesture:
            self._push(self._undo, self.scene, name)
        elif scene == self._undo[-1].scene:  # a drag that came back: there is nothing to undo
            self._undo.pop()
            gesture = None
        self._redo.clear()
        self._gesture = gesture
        self._show(scene)

    def remove(self, run: Unread) -> None:
        """Makes the file no longer keep a run that is not understood."""
        if self.origin.foreign is not None:
            self._push(self._undo, self.scene, f"removal of {shown(run.label)}")
            self._redo.clear()
            self._gesture = None
            self.origin = replace(self.origin, foreign=self.origin.foreign.without(run))
            self._show(self.scene)

    def seal(self) -> None:
        """Ends the gesture: the next edit is one of its own."""
        self._gesture = None

    def undo(self, left: Scene | None = None) -> None:
        self._move(self._undo, self._redo, left)

    def redo(self, left: Scene | None = None) -> None:
        self._move(self._redo, self._undo, left)

    @property
    def undo_name(self) -> str | None:
        """What undo would undo; None if nothing."""
        return self._undo[-1].name if self._undo else None

    @property
    def redo_scene(self) -> Scene | None:
        return self._redo[-1].scene if self._redo else None

    @property
    def redo_name(self) -> str | None:
        return self._redo[-1].name if self._redo else None

    @property
    def depth(self) -> int:
        """How many edits can be undone."""
        return len(self._undo)

    def forget_history(self) -> None:
        """Nothing can be undone any more."""
        self._undo.clear()
        self._redo.clear()

    @property
    def changed(self) -> bool:
        """Whether the scene differs from what the file (or the start) holds. The view alone is no change."""
        return self.origin.changed(self.scene)

    def open(self, scene: Scene, origin: Origin, name: str, *, left: Scene | None = None) -> None:
        """Goes over to another scene, which its origin holds as it is. Undo comes back to this one and its origin."""
        self._push(self._undo, self.scene if left is None else left, name, opened=True)
        self._redo.clear()
        self._gesture = None
        self.origin = origin.holding(scene)
        self._file_holds()
        self._show(scene, opened=True)

    def close_lesson(self) -> None:
        """The scene no longer belongs to a lesson."""
        self.origin = replace(self.origin, lesson=None)

    def forget_saved(self) -> None:
        """The scene differs from what its file holds, by edits that are not known any more."""
        self.origin = replace(self.origin, held=None)

    def saved(self, path: Path) -> None:
        """The current scene has been written to `path`."""
        self.origin = replace(self.origin, path=path).holding(self.scene)
        self._file_holds()

    def _file_holds(self) -> None:
        """What undo brings back of the same file must be compared with what the file holds now."""
        path, held = self.origin.path, self.origin.held

        def now(edit: Edit) -> Edit:
            same_file = path is not None and edit.origin.path == path
            return replace(edit, origin=replace(edit.origin, held=held)) if same_file else edit

        for edits in (self._undo, self._redo):
            edits[:] = map(now, edits)

    def _push(self, edits: list[Edit], scene: Scene, name: str, opened: bool = False) -> None:
        edits.append(Edit(scene, self.origin, name, opened))
        del edits[:-DEPTH]

    def _move(self, source: list[Edit], target: list[Edit], left: Scene | None) -> None:
        if source:
            edit = source.pop()
            self._push(target, left if edit.opened and left is not None else self.scene, edit.name, edit.opened)
            self._gesture = None
            # Saving is no edit: undo keeps to the file that was written.
            kept = edit.origin if edit.opened else replace(self.origin, foreign=edit.origin.foreign)
            self.origin = kept if kept != self.origin else self.origin
            self._show(edit.scene, edit.opened)

    def _show(self, scene: Scene, opened: bool = False) -> None:
        before, self.scene = self.scene, scene
        for listener in self._listeners:
            listener(before, scene, opened)
