"""OptiViz shows how optimizers move.

The public API, on NumPy alone:

    from optiviz import Run, Scene, simulate

    scene = Scene(surface="rosenbrock", start=(-1.5, 2.0), steps=500,
                  runs=(Run("adam", lr=0.05, schedule="exponential", k=0.01), Run("momentum", lr=2e-4)))
    adam, momentum = simulate(scene)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .engine.trajectory import Trajectory
    from .scene.run import Run
    from .scene.scene import Scene
    from .scene.simulation import simulate

__all__ = ["Run", "Scene", "Trajectory", "__version__", "simulate"]

_PLACES = {
    "Run": "scene.run",
    "Scene": "scene.scene",
    "Trajectory": "engine.trajectory",
    "simulate": "scene.simulation",
}


def __getattr__(name: str) -> Any:
    """Imports a name of the API when it is asked for: the command line shows its help without waiting for NumPy."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_PLACES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
