"""What is drawn at random, once for all runs of a scene."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .planar import AXES


def noise_stream(noise: float, seed: int, steps: int) -> npt.NDArray[np.float64]:
    """What is added to the gradient at each step, shape (steps + 1, 2), with the standard deviation `noise`.

    It is the same for every run of a scene; a longer run sees the same numbers first.
    """
    return noise * np.random.default_rng(seed).standard_normal((steps + 1, len(AXES)))
