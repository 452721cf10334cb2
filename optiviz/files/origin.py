"""Where a scene comes from: its file, what that keeps of a newer version, and its place in a lesson."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ..scene.scene import Scene
from .lessons import Lesson
from .newer import Foreign

Held = tuple[Scene, Foreign | None]  # what a file holds


@dataclass(frozen=True)
class Origin:
    """What belongs to a scene that is open, and comes back with it when its opening is undone.

    `path` is its file, if it has one; `foreign` what that file holds of a newer version; `held` the scene as it was
    opened or saved last (None if that is not known: then it counts as changed); `lesson` the lesson, and the number of
    its scene, that it comes from.
    """

    path: Path | None = None
    foreign: Foreign | None = None
    held: Held | None = None
    lesson: tuple[Lesson, int] | None = None

    def holding(self, scene: Scene) -> Origin:
        """The same for a scene that has just been opened or saved as it is."""
        return replace(self, held=(scene, self.foreign))

    def changed(self, scene: Scene) -> bool:
        """Whether the scene differs from what the file (or the start) holds. How it is looked at is no change."""
        if self.held is None:
            return True
        held, foreign = self.held
        return self.foreign != foreign or not scene.same_content(held)
