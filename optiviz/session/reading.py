"""What the step arithmetic says of the selected run's update at the cursor. Nothing is read that is not shown."""

from __future__ import annotations

from ..engine.explaining.arithmetic import Arithmetic, Step
from ..engine.schedules import Rate
from ..engine.stepping.noise import noise_stream
from ..engine.trajectory import Array
from ..scene.run import Run
from ..scene.scene import Scene
from ..scene.simulation import Result

NO_RUN = Step(0, (), "There is no run. Add one to see its arithmetic.")


class Reader:
    """Explains updates; keeps what the steps of one trajectory have in common."""

    def __init__(self) -> None:
        self._arithmetic: Arithmetic | None = None
        self._noise: tuple[tuple[float, int, int], Array] | None = None

    def step(self, result: Result, index: int, cursor: int) -> Step:
        """The update of the run number `index` at the cursor, line by line, or why there is none."""
        if not 0 <= index < len(result.trajectories):
            return NO_RUN
        trajectory = result.trajectories[index]
        if self._arithmetic is None or self._arithmetic.trajectory is not trajectory:
            self._arithmetic = self._arithmetic_of(result.scene, result.scene.runs[index], result, index)
        return self._arithmetic.explain(cursor)

    def _arithmetic_of(self, scene: Scene, run: Run, result: Result, index: int) -> Arithmetic:
        return Arithmetic(
            run.rule,
            run.params,
            scene.landscape.slope_with(scene.surface_params),
            result.trajectories[index],
            noise=self._noise_of(scene),
            rate=Rate(run.decay, run.lr, run.schedule_params, scene.steps, scene.steps_per_epoch),
        )

    def _noise_of(self, scene: Scene) -> Array | None:
        """The scene's noise, drawn once: a long scene's takes a while."""
        if not scene.noise:
            return None
        key = (scene.noise, scene.seed, scene.steps)
        if self._noise is None or self._noise[0] != key:
            self._noise = (key, noise_stream(*key))
        return self._noise[1]
