"""From a scene to the trajectories of its runs, at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.stepping.noise import noise_stream
from ..engine.stepping.planar import simulate as simulate_one
from ..engine.trajectory import Trajectory
from .curves import Course
from .run import Run
from .scene import Scene


def rates(scene: Scene, run: Run, steps: npt.NDArray[np.int64] | None = None) -> npt.NDArray[np.float64]:
    """α of the updates from these `steps`, shape (n,); without any, of every update and the one that would follow."""
    steps = np.arange(scene.steps + 1) if steps is None else steps
    return run.decay.rates(
        steps, run.lr, run.schedule_params, length=scene.steps, steps_per_epoch=scene.steps_per_epoch
    )


def rate_at(scene: Scene, run: Run, step: int) -> float:
    """α of the update step → step + 1."""
    return float(rates(scene, run, np.array([step]))[0])


def simulate(
    scene: Scene,
    known: Mapping[Any, Trajectory] | None = None,
    report: Callable[[float], None] = lambda share: None,
) -> list[Trajectory]:
    """The trajectory of every run of the scene, in the scene's order.

    Trajectories in `known` (by `Scene.numbers_of`) are taken from there. `report` is called now and then with the share
    that is done; what it raises ends the simulation.
    """
    noise = noise_stream(scene.noise, scene.seed, scene.steps) if scene.noise else None
    known = known or {}
    trajectories = []
    for index, run in enumerate(scene.runs):
        trajectory = known.get(scene.numbers_of(run))
        if trajectory is None:

            def report_share(step: int, index: int = index) -> None:
                report((index + step / scene.steps) / len(scene.runs))

            trajectory = simulate_one(
                run.rule,
                run.params,
                scene.landscape,
                scene.surface_params,
                scene.start,
                rates(scene, run),
                steps_per_epoch=scene.steps_per_epoch,
                noise=noise,
                report=report_share,
            )
        trajectories.append(trajectory)
    return trajectories


@dataclass(frozen=True, eq=False)
class Result:
    """A scene and what its runs produced: a trajectory for each, in the scene's order."""

    scene: Scene
    trajectories: Sequence[Trajectory]

    def for_scene(self, scene: Scene) -> Result | None:
        """The same for a scene with the same numbers, whatever else it looks like; None for any other.

        It is this very object unless the runs have other labels or colours, or others of them are shown.
        """
        if not scene.same_numbers(self.scene):
            return None
        return self if scene.runs == self.scene.runs else Result(scene, self.trajectories)

    def on_surface_of(self, scene: Scene) -> bool:
        """Whether the paths may be shown over the scene's surface."""
        return (self.scene.surface, self.scene.surface_params) == (scene.surface, scene.surface_params)

    @cached_property
    def visible(self) -> tuple[tuple[Run, Trajectory], ...]:
        """The runs that are shown, with their trajectories."""
        pairs = zip(self.scene.runs, self.trajectories, strict=True)
        return tuple((run, trajectory) for run, trajectory in pairs if run.visible)

    @cached_property
    def courses(self) -> tuple[Course, ...]:
        """What the curves of the visible runs are made of, in the order of `visible`."""
        bottom, minima = lowest(self.scene), self.scene.minima
        first = self.visible[0][1] if self.visible else None
        return tuple(
            Course(trajectory, run.rule, run.params, run.lr, minima, bottom, first if number else None)
            for number, (run, trajectory) in enumerate(self.visible)
        )


def lowest(scene: Scene) -> float | None:
    """The loss at the lowest known minimum; None where there is none."""
    return min((scene.loss_at(x, y) for x, y in scene.minima), default=None)
