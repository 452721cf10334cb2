"""Workspaces for the tests: a small scene, what its runs do, and nothing to be seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from optiviz import Run, Scene, simulate
from optiviz.session.state import State
from optiviz.session.workspace import Workspace

LIMIT = 15.0  # seconds that a test waits for what must come


def small_scene(**changes: Any) -> Scene:
    """Two runs of which one has momentum and the other a decay: computed in two milliseconds."""
    runs = (Run("adam", lr=0.05, schedule="exponential", k=0.01), Run("momentum", lr=2e-4))
    return Scene(**{"surface": "rosenbrock", "start": (-1.5, 2.0), "steps": 60, "runs": runs} | changes)


def wait(condition: Callable[[], object], limit: float = LIMIT, pause: Callable[[], object] = lambda: None) -> None:
    """Waits until the condition holds, and not a moment longer; `pause` is called meanwhile."""
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "it never came"
        pause()
        time.sleep(0.0005)


def same_paths(some: Sequence[Any], others: Sequence[Any]) -> bool:
    """Whether trajectories agree bit for bit."""
    columns = "step epoch lr x y loss grad_x grad_y".split()

    def same(one: Any, other: Any) -> bool:
        return (one.outcome, list(one.state)) == (other.outcome, list(other.state)) and all(
            np.array_equal(a, b)
            for a, b in (
                *((getattr(one, name), getattr(other, name)) for name in columns),
                *((one.state[name], other.state[name]) for name in one.state),
            )
        )

    return len(some) == len(others) and all(map(same, some, others))


def take(workspace: Workspace) -> None:
    """Takes over what the worker and a study have, as the window does when it hears of it."""
    if workspace.runner.ready:
        workspace.take_result()
    workspace.take_study()


def settle(workspace: Workspace) -> Sequence[Any]:
    """Waits until the workspace has what the scene's runs do, and proves it: their trajectories."""

    def computed() -> bool:
        take(workspace)
        result = workspace.result
        return not workspace.busy and result is not None and result.for_scene(workspace.scene) is result

    wait(computed)
    assert workspace.result is not None
    assert same_paths(workspace.result.trajectories, simulate(workspace.scene))
    assert workspace.state.result is workspace.result
    return workspace.result.trajectories


class Heard(Workspace):
    """A workspace that keeps in `said` what it says."""

    def __init__(self, scene: Scene) -> None:
        self.said: list[str] = []
        super().__init__(scene, say=self.said.append)


class Scenes:
    """A watcher that keeps every scene it is shown."""

    def __init__(self) -> None:
        self.seen: list[Scene] = []

    def show_state(self, old: State | None, new: State) -> None:
        if old is None or old.scene is not new.scene:
            self.seen.append(new.scene)


@contextmanager
def scenes_of(workspace: Workspace) -> Iterator[list[Scene]]:
    """The scene as it is now, and every one that it becomes meanwhile."""
    watcher = Scenes()
    workspace.watch(watcher)
    yield watcher.seen
    workspace.unwatch(watcher)


@pytest.fixture
def small() -> Callable[..., Scene]:
    """Makes small scenes; `small(surface="booth", steps=20)` is one with changes."""
    return small_scene


@pytest.fixture
def workspace() -> Iterator[Heard]:
    """A workspace with the small scene, whose runs have been computed."""
    made = Heard(small_scene())
    settle(made)
    yield made
    made.close()
    assert not made.runner.alive
