"""Runs scenes: at once, or on a worker thread, newest scene first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.simulate import noise_stream
from ..engine.simulate import simulate as simulate_one
from ..engine.trajectory import Trajectory
from .scene import Run, Scene

PATIENCE = 0.25  # seconds


def rates(scene: Scene, run: Run) -> npt.NDArray[np.float64]:
    """α of every update of the run, and the one that would follow."""
    return run.decay.rates(
        np.arange(scene.steps + 1),
        run.lr,
        run.schedule_params,
        length=scene.steps,
        steps_per_epoch=scene.steps_per_epoch,
    )


def rate_at(scene: Scene, run: Run, step: int) -> float:
    """α of the update step → step + 1."""
    steps = np.array([step])
    rate = run.decay.rates(
        steps, run.lr, run.schedule_params, length=scene.steps, steps_per_epoch=scene.steps_per_epoch
    )
    return float(rate[0])


def simulate(
    scene: Scene,
    known: Mapping[Any, Trajectory] | None = None,
    report: Callable[[float], None] = lambda share: None,
) -> list[Trajectory]:
    """The trajectory of every run of the scene, in the scene's order.

    Trajectories in `known` (by `trajectory_key`) are taken from there. `report` is called now and then with the share
    that is done; what it raises ends the simulation.
    """
    noise = noise_stream(scene.noise, scene.seed, scene.steps) if scene.noise else None
    known = known or {}
    trajectories = []
    for index, run in enumerate(scene.runs):
        trajectory = known.get(trajectory_key(scene, run))
        if trajectory is None:

            def report_share(step: int, index: int = index) -> None:
                report((index + step / scene.steps) / len(scene.runs))

            trajectory = simulate_one(
                run.rule,
                run.params,
                scene.place,
                scene.surface_params,
                scene.start,
                rates(scene, run),
                steps_per_epoch=scene.steps_per_epoch,
                noise=noise,
                report=report_share,
            )
        trajectories.append(trajectory)
    return trajectories


def trajectory_key(scene: Scene, run: Run) -> tuple[Any, ...]:
    """All that a trajectory depends on, as a dictionary's key."""
    return (
        scene.surface,
        tuple(scene.surface_params.items()),
        scene.start,
        scene.steps,
        scene.steps_per_epoch,
        scene.noise,
        scene.seed if scene.noise else None,
        run.optimizer,
        run.lr,
        run.schedule,
        tuple(run.params.items()),
        tuple(run.schedule_params.items()),
    )


@dataclass(frozen=True)
class Result:
    """A scene and what its runs produced."""

    scene: Scene
    trajectories: list[Trajectory]


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
        """Whether a result is still to come or to be taken."""
        with self._changed:
            under_way = self._working and not self._cancelled
            return under_way or self._wanted is not None or self._result is not None or self._error is not None

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
                keys = (trajectory_key(scene, run) for run in scene.runs)
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
