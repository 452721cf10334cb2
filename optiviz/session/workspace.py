"""The workspace: what commands and laboratories act on. No Qt.

It holds what is open (a document, the editor of its scene, the player, the worker), and tells its watchers of changes:
an event changes the state; every watcher is shown the old one and the new one, and draws what differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from ..files.origin import Origin
from ..scene.scene import Scene
from ..scene.simulation import Result
from ..scene.view import Place
from .document import Document
from .editor import Editor
from .job import Study
from .player import Player
from .reading import Reader
from .runner import Runner
from .state import Appearance, History, State
from .watching import Watched

STILL_COMPUTING = "The runs are still being computed. Try again in a moment."
CLOSEST, FARTHEST = 1e-9, 1e9  # areas that can be looked at, in the surface's own; beyond, floats run out of digits
Answer = TypeVar("Answer")


class Workspace(Watched):
    """One document and what is alive around it. All of it belongs to one thread; `notify` is called from the worker's.

    `watchers` are told in their order. `say` takes sentences for the user.
    """

    def __init__(
        self,
        scene: Scene,
        origin: Origin | None = None,
        *,
        theme: str = "light",
        notify: Callable[[], None] = lambda: None,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.document = Document(scene, origin)
        self.editor = Editor(self.document)
        self.player = Player(scene.steps)
        self.runner = Runner(notify)
        self.say = say
        self._area = scene.place.window
        self._result: Result | None = None
        self._requested: Scene | None = None
        self._wants_to_play = False
        self._study = Study(say)
        self._reader = Reader()
        self._extra: dict[str, Any] = {"appearance": Appearance(theme=theme)}
        self.document.subscribe(self._scene_changed)
        self._take_place(scene.place)
        self._request(scene)
        super().__init__(self._now(None))

    # What is, and who is told

    @property
    def scene(self) -> Scene:
        return self.document.scene

    @property
    def place(self) -> Place:
        """What is looked at now."""
        player = self.player
        return Place(player.cursor, player.speed, player.loop, self._area)

    @property
    def result(self) -> Result | None:
        """The newest result that may be shown; None while there is none."""
        return self._result

    def result_now(self) -> Result:
        """What belongs to the present scene. Raises ValueError, in words, while that is still to come."""
        found = None if self._result is None else self._result.for_scene(self.scene)
        if found is None:
            raise ValueError(STILL_COMPUTING)
        return found

    def as_shown(self) -> Scene:
        """The scene with the place as it is now, as files hold it."""
        return self.scene.replace(place=self.place)

    def _now(self, before: State | None) -> State:
        place, selected = self.place, self.editor.selected
        step = None
        if self.scene.view.arithmetic and self._result is not None:
            step = self._reader.step(self._result, selected, place.cursor)
        document = self.document
        parts: dict[str, Any] = {
            "scene": self.scene,
            "result": self._result,
            "place": place,
            "playing": self.player.playing,
            "selected": selected,
            "unread": self.editor.chosen_unread,
            "origin": document.origin,
            "step": step,
            "studying": self.studying,
            **self._extra,
        }
        if before is None:
            return State(**parts, history=self._history())
        same_document = parts["scene"] is before.scene and parts["origin"] is before.origin
        if not same_document or (document.undo_name, document.redo_name) != (before.history.undo, before.history.redo):
            parts["history"] = self._history()
        changes = {
            name: value
            for name, value in parts.items()
            if value is not getattr(before, name) and (name == "result" or value != getattr(before, name))
        }
        return replace(before, **changes) if changes else before

    def _history(self) -> History:
        document = self.document
        return History(document.undo_name, document.redo_name, document.changed)

    def _set(self, **changes: Any) -> None:
        """Changes parts of the state that nothing else holds."""
        self._extra |= changes
        self.tell()

    # Edits

    def attempt(self, edit: Callable[[], object], refuse: Callable[[str], None] | None = None) -> bool:
        """Makes an edit; an impossible one is refused in words, by `refuse` if given. Gives whether it was made."""
        before, done = self.scene, True
        with self.one_change():
            try:
                edit()
            except ValueError as error:
                done = False
                (refuse or self.say)(str(error))
                if refuse is not None:
                    return done  # what was typed stays, so that it can be mended
            if self.scene is before:  # a number may have been typed in another way, a choice refused
                self._extra["refusals"] = self.state.refusals + 1
        return done

    def edit_view(self, name: str, value: object) -> None:
        """Changes one of the view's settings."""
        self.attempt(lambda: self.editor.set_view(name, value))

    def toggle_view(self, name: str) -> None:
        self.edit_view(name, not getattr(self.scene.view, name))

    def drag(self, edit: Callable[[], object], *, held: bool) -> None:
        """One of many edits that make one undo step, until it is not held any more."""
        self.attempt(edit)
        if not held:
            self.document.seal()

    def select(self, row: int) -> None:
        """Makes the run in that row the selected one."""
        self.editor.select(row)
        self.tell()

    def undo(self) -> None:
        with self.one_change():
            self.document.undo(self.as_shown())

    def redo(self) -> None:
        with self.one_change():
            self.document.redo(self.as_shown())

    def open(self, scene: Scene, origin: Origin, name: str) -> None:
        """Goes over to another scene, as it was left. Undo, which calls it `name`, comes back."""
        with self.one_change():
            left = self.as_shown()
            self.editor.select(0)
            self.document.open(scene, origin, name, left=left)

    def _scene_changed(self, old: Scene, new: Scene, opened: bool) -> None:
        with self.one_change():
            self.player.set_last(new.steps)
            if old.surface != new.surface:  # paths of another surface would be wrong over this one
                self._result = None
                self._area = None
            elif self._result is not None and old is not new:
                self._result = self._result.for_scene(new) or self._result
            if not new.same_numbers(old):
                self._extra["preview"] = True
            if opened:
                self._wants_to_play = False
                self._take_place(new.place)
            elif old.surface == new.surface and new.place.window != old.place.window:
                self._area = new.place.window
            self._request(new)

    def _take_place(self, place: Place) -> None:
        """Goes to where a scene was left."""
        self.player.speed, self.player.loop = place.speed, place.loop
        self.player.pause()
        self.player.set_last(self.scene.steps)
        self.player.seek(place.cursor)
        self._area = place.window

    def end_preview(self) -> None:
        """Shows no more of the paths than up to the cursor."""
        self._set(preview=False)

    # What the worker computes

    def _request(self, scene: Scene) -> None:
        """Asks the worker for the scene's trajectories, unless they are known or on their way."""
        known = self._result is not None and self._result.for_scene(scene) is not None
        if known:
            if self.runner.busy:  # with another scene, which is not wanted any more
                self.runner.cancel()
            self._requested = None
        elif self._requested is None or not scene.same_numbers(self._requested):
            self._requested = scene
            self.runner.request(scene)

    def take_result(self) -> None:
        """Takes over what the worker has, if it may be shown, and plays it if that was wanted."""
        try:
            result = self.runner.take()
        except BaseException:
            self._requested = None
            raise
        if result is None or not result.on_surface_of(self.scene):
            return  # paths over another surface than theirs would be wrong; the right ones are under way
        with self.one_change():
            self._result = result.for_scene(self.scene) or result
            if self._requested is not None and result.scene.same_numbers(self._requested):
                self._requested = None
            if self._wants_to_play:
                self._wants_to_play = False
                self.player.play()

    @property
    def studying(self) -> bool:
        """Whether long work is being done."""
        return self._study.running

    @property
    def busy(self) -> bool:
        """Whether something is being computed."""
        return self._study.running or self.runner.busy

    @property
    def progress(self) -> float:
        """How far the computation is, from 0 to 1."""
        return self._study.progress if self._study.running else self.runner.progress

    def study(self, work: Callable[[Callable[[float], None]], Answer], then: Callable[[Answer], None]) -> None:
        """Does long work on a thread of its own (see `Job`), and hands what it gives to `then`, on this thread."""
        self._study.begin(work, then)
        self.tell()

    def take_study(self) -> None:
        """Takes over what the long work has given, if it has ended."""
        if self._study.running:
            with self.one_change():
                self._study.take()

    def cancel(self) -> None:
        """Gives up the long work, or the computation and the edit that asked for it."""
        if self._study.running:
            self._study.stop()
            return
        self.runner.cancel()
        self._requested = None
        self.say("Cancelled.")
        shown, redone = self._result, self.document.redo_scene
        if shown is not None and redone is not None and shown.scene.same_content(redone):
            self.redo()  # it was an undo that asked for it
        else:
            self.undo()

    # Time

    def advance(self, seconds: float) -> bool:
        """A frame has passed. Moves the cursor on, without telling; gives whether it moved."""
        return self.player.playing and self._result is not None and self.player.advance(seconds)

    def play_when_ready(self) -> None:
        """Plays as soon as there is something to play."""
        self._wants_to_play = self._result is None or self.runner.busy
        if not self._wants_to_play:
            self.play()

    def play(self) -> None:
        self.player.play()
        self.tell()

    def pause(self) -> None:
        self.player.pause()
        self.tell()

    def toggle_play(self) -> None:
        self.player.toggle()
        self.tell()

    def seek(self, step: int) -> None:
        self.player.seek(step)
        self.tell()

    def step(self, by: int) -> None:
        """So many steps forward, or back; playing stops."""
        self.player.step(by)
        self.tell()

    def change_speed(self, by: int) -> None:
        self.player.faster(by)
        self.tell()

    def set_speed(self, speed: str) -> None:
        self.player.speed = speed
        self.tell()

    def toggle_loop(self) -> None:
        self.player.loop = not self.player.loop
        self.tell()

    # What is looked at

    def look_at(self, window: tuple[float, float, float, float] | None) -> None:
        """Brings that part of the plane into view; None is the surface's own."""
        self._area = None if window == self.scene.landscape.window else window
        self.tell()

    def zoom(self, factor: float) -> None:
        """Shows `factor` times as much of the plane around the middle."""
        least, greatest, *_ = self.scene.area
        x0, x1, y0, y1 = self._area or self.scene.landscape.window
        usual = (greatest - least) / (x1 - x0)
        factor = min(max(factor, CLOSEST * usual), FARTHEST * usual)
        middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
        half_x, half_y = (x1 - x0) / 2 * factor, (y1 - y0) / 2 * factor
        window = (middle_x - half_x, middle_x + half_x, middle_y - half_y, middle_y + half_y)
        if window[0] < window[1] and window[2] < window[3]:
            self.look_at(window)

    def appear(self, **changes: Any) -> None:
        """Changes how the whole program looks: see `Appearance`."""
        self._set(appearance=replace(self._extra["appearance"], **changes))

    def set_pasteable(self, pasteable: bool) -> None:
        """Says whether there is something that could be pasted."""
        self._set(pasteable=pasteable)

    # The lines of the step arithmetic

    def set_line(self, number: int) -> None:
        """Makes that line the current one."""
        self._set(line=max(number, 0))

    def next_line(self) -> None:
        """Goes to the next line, from the last one to the first of the next step."""
        step = self.state.step
        if step is None:
            return
        if self.state.line + 1 < len(step.lines):
            self.set_line(self.state.line + 1)
        else:
            self._go_to_step(1, first=True)

    def previous_line(self) -> None:
        """Goes to the line before, from the first one to the last of the step before."""
        step = self.state.step
        if step is None:
            return
        if self.state.line > 0 and step.lines:
            self.set_line(min(self.state.line, len(step.lines) - 1) - 1)
        else:
            self._go_to_step(-1, first=False)

    def _go_to_step(self, by: int, *, first: bool) -> None:
        if self.player.cursor + by < 0:
            return
        before = self.player.cursor
        with self.one_change():
            self.player.step(by)
            if self._result is not None and self.player.cursor != before:
                lines = self._reader.step(self._result, self.editor.selected, self.player.cursor).lines
                self._extra["line"] = 0 if first else max(len(lines) - 1, 0)

    # The end

    def close(self) -> None:
        """Ends what is going on."""
        self._study.stop()
        self.runner.close()
