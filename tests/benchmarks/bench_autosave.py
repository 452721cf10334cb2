"""Keeping an unsaved scene, which the window does while somebody works in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from table import Row, at_most, benchmark, medians

from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.files import scene_files
from optiviz.files.autosave import Autosave
from optiviz.scene.run import Run
from optiviz.scene.scene import Scene

RUNS = [Run(key, lr=0.01, schedule="exponential") for key in OPTIMIZERS][:10]


@benchmark("autosave")
def autosave() -> Iterator[Row]:
    scene = Scene("rosenbrock", steps=500, runs=RUNS)
    with TemporaryDirectory() as folder:
        slots, path = Autosave(Path(folder, "slots")), Path(folder, "a.optiviz")
        slot, file = medians(lambda: slots.save(scene, path), lambda: scene_files.write(scene, path), rounds=50)
        slots.close()
        found = medians(lambda: Autosave(Path(folder, "slots")).abandoned())[0]
    yield at_most("an unsaved scene of 10 runs kept", slot, 5.0)
    yield at_most("the same saved in its file", file, 20.0)
    yield at_most("the same found after a crash", found, 20.0)
