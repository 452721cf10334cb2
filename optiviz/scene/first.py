"""The scene that a first start shows."""

from __future__ import annotations

from .run import Run
from .scene import Scene


def first_scene() -> Scene:
    """The lecture's four methods under a 1/t decay, from one start into different minima."""

    def decaying(optimizer: str, lr: float) -> Run:
        return Run(optimizer, lr=lr, schedule="inverse_time", k=0.02)

    return Scene(
        "himmelblau",
        start=(-0.2, -3.9),
        steps=200,
        runs=(decaying("momentum", 0.004), decaying("adagrad", 0.6), decaying("rmsprop", 0.08), decaying("adam", 0.35)),
    )
