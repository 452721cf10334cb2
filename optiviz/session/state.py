"""All that can be seen of a program that is open, as one frozen value.

An event makes a new state; every watcher is shown the old one and the new one, and draws what differs. Parts that have
not changed are the same objects, so that to compare them costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from ..engine.explaining.arithmetic import Line, Step
from ..engine.trajectory import Trajectory
from ..files.newer import Unread
from ..files.origin import Origin
from ..scene.run import Run
from ..scene.scene import Scene
from ..scene.simulation import Result
from ..scene.view import Place


@dataclass(frozen=True)
class Appearance:
    """How the whole program looks: the theme's name, how many times as large as on a desk type is, and presenting.

    `blank` is a black screen, `pointer` a ring around the mouse.
    """

    theme: str = "light"
    scale: float = 1.0
    presenting: bool = False
    blank: bool = False
    pointer: bool = False


@dataclass(frozen=True)
class History:
    """What undo and redo would do, in words (None for nothing), and whether there are changes to be saved."""

    undo: str | None = None
    redo: str | None = None
    changed: bool = False


@dataclass(frozen=True, eq=False)
class State:
    """All that can be seen.

    `result` is that of `scene` or, while that is computed, of the one before on the same surface; None without any.
    `unread` is the run of a newer version's file that is chosen in place of a run. `preview` shows the paths past the
    cursor for the time of a change. `step` are the lines of the step arithmetic, None while it is not shown, `line`
    the number of the current one. `studying` says that long work is being done. `refusals` counts edits that came to
    nothing: fields then show again what holds.
    """

    scene: Scene
    result: Result | None = None
    place: Place = field(default_factory=Place)
    playing: bool = False
    selected: int = 0
    unread: Unread | None = None
    origin: Origin = field(default_factory=Origin)
    history: History = field(default_factory=History)
    preview: bool = False
    step: Step | None = None
    line: int = 0
    studying: bool = False
    refusals: int = 0
    pasteable: bool = True
    appearance: Appearance = field(default_factory=Appearance)

    @property
    def run(self) -> Run | None:
        """The selected run; None where there are no runs."""
        runs = self.scene.runs
        return runs[self.selected] if 0 <= self.selected < len(runs) else None

    @property
    def shown(self) -> tuple[Run, Trajectory] | None:
        """The selected run as it was computed, with its trajectory; None while there is none."""
        if self.result is None or not 0 <= self.selected < len(self.result.trajectories):
            return None
        return self.result.scene.runs[self.selected], self.result.trajectories[self.selected]

    @property
    def current_line(self) -> Line | None:
        """The current line of the step arithmetic."""
        if self.step is None or not self.step.lines:
            return None
        return self.step.lines[min(self.line, len(self.step.lines) - 1)]

    @property
    def lit(self) -> frozenset[str]:
        """The overlays that belong to the current line of the arithmetic."""
        line = self.current_line
        return frozenset(line.marks) if line is not None else frozenset()

    @property
    def at_rest(self) -> tuple[object, ...]:
        """All but what moves while playing: what does not follow the cursor needs to look only when this differs."""
        return (
            *(self.scene, self.result, self.selected, self.unread, self.origin, self.history, self.preview),
            *(self.place.loop, self.place.speed, self.refusals, self.pasteable, self.appearance),
        )


class Watcher(Protocol):
    """Whoever is told of changes. `old` is None the first time: then everything is new."""

    def show_state(self, old: State | None, new: State) -> None: ...


def differ(old: State | None, new: State, parts: Callable[[State], object]) -> bool:
    """Whether these parts of the two states differ; always the first time."""
    return old is None or (old is not new and parts(old) != parts(new))
