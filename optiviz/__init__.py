"""OptiViz shows how optimizers move.

The public API, on NumPy alone:

    from optiviz import Run, Scene, simulate

    scene = Scene(surface="rosenbrock", start=(-1.5, 2.0), steps=500,
                  runs=(Run("adam", lr=0.05, schedule="exponential", k=0.01), Run("momentum", lr=2e-4)))
    adam, momentum = simulate(scene)
"""

from .engine.trajectory import Trajectory
from .scene.runner import simulate
from .scene.scene import Run, Scene

__version__ = "0.1.0"
__all__ = ["Run", "Scene", "Trajectory", "__version__", "simulate"]
