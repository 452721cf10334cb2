"""Runs scenes: at once, or on a worker thread, newest scene first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from ..engine.trajectory import Trajectory
from ..scene.scene import Scene
from ..scene.simulation import Result, simulate

PATIENCE = 0.25  # seconds


class Superseded(Exception):
    """The simulation under way is not wanted any more."""


class Runner:
    """One worker thread: the newest scene in, trajectories out. It calls `notify` when there is a result to take.

    The newest scene always comes next. One that is overtaken is given up after PATIENCE seconds; before, it is finished
    and handed over, because under a drag, with a new scene every few milliseconds, nothing would ever be seen else.
    Results are arrays that nobody writes afterwards; runs whose inputs did not change are not computed again.
    """

    def __init__(self, notify: Callable[[], None] = lambda: None) -> None:
        self._notify = notify
        self._changed = threading.Condition()
        self._wanted: Scene | None = None
        self._result: Result | None = None
        self._error: BaseException | None = None
        self._working = self._cancelled = self._closed = False
        self.progress = 0.0
        self._thread = threading.Thread(target=self._work, name="simulation", daemon=True)
        self._thread.start()

    def request(self, scene: Scene) -> None:
        """Asks for the scene's trajectories, in place of whatever waits to be computed."""
        with self._changed:
            self._wanted = scene
            self._changed.notify()

    def cancel(self) -> None:
        """Gives up whatever waits or is being computed."""
        with self._changed:
            self._wanted, self._result, self._error, self._cancelled = None, None, None, self._working

    @property
    def busy(self) -> bool:
        """Whether a result is still to come or to be taken. After `close` none is."""
        with self._changed:
            under_way = self._working and not self._cancelled
            waiting = self._wanted is not None or self._result is not None or self._error is not None
            return not self._closed and (under_way or waiting)

    @property
    def alive(self) -> bool:
        """Whether its thread still runs."""
        return self._thread.is_alive()

    @property
    def working(self) -> bool:
        """Whether it computes at this moment."""
        return self._working

    @property
    def ready(self) -> bool:
        """Whether there is a result, or what a simulation raised, to take."""
        with self._changed:
            return self._result is not None or self._error is not None

    def take(self) -> Result | None:
        """The newest result, once; None while there is none. Raises what the simulation raised."""
        with self._changed:
            result, self._result = self._result, None
            error, self._error = self._error, None
        if error is not None:
            raise error
        return result

    def close(self) -> None:
        """Ends the thread, in the middle of a simulation too."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        known: dict[Any, Trajectory] = {}
        while (scene := self._next()) is not None:
            trajectories, error = None, None
            try:
                trajectories = simulate(scene, known, self._reporter())
            except Superseded:
                pass
            except BaseException as raised:  # handed over to the window's thread, which alone can tell the user
                error = raised
            if trajectories is not None:
                keys = map(scene.numbers_of, scene.runs)
                known = dict(zip(keys, trajectories, strict=True))
            with self._changed:
                self._working = False
                if not self._cancelled:
                    self._error = error
                    if trajectories is not None:
                        self._result = Result(scene, trajectories)
                ready = self._result is not None or self._error is not None
            if ready and not self._closed:
                self._notify()

    def _next(self) -> Scene | None:
        """Waits for a scene; None when it is time to end."""
        with self._changed:
            self._changed.wait_for(lambda: self._wanted is not None or self._closed)
            scene, self._wanted = self._wanted, None
            self._working, self._cancelled, self.progress = True, False, 0.0
            return None if self._closed else scene

    def _reporter(self) -> Callable[[float], None]:
        began = time.monotonic()

        def report(share: float) -> None:
            overtaken = self._wanted is not None and time.monotonic() - began > PATIENCE
            if self._closed or self._cancelled or overtaken:
                raise Superseded
            self.progress = share

        return report
