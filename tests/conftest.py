"""For all tests: no screen, nothing of the user's, no thread and no window left behind."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before anybody imports Qt. Tests that want a screen start one of their own.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

# What hypothesis draws: the same in every run of "ci", so that it fails for everybody or for nobody; with
# OPTIVIZ_EXAMPLES=thorough ten times as much, and something else every time. No example has a deadline: the machine may
# be busy with something else.
settings.register_profile(
    "ci",
    max_examples=100,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough", settings.get_profile("ci"), max_examples=1_000, derandomize=False, print_blob=True
)
settings.load_profile(os.environ.get("OPTIVIZ_EXAMPLES", "ci"))

pytest_plugins = ("workspaces", "windows", "clerks")

HERE = Path(__file__).parent
# The rooms that know Qt: their tests have folders of their own, and may leave neither windows nor timers behind.
QT_ROOMS = "widgets views panel pictures exports laboratories desk commands app".split()


def pytest_itemcollected(item: pytest.Item) -> None:
    if item.path.relative_to(HERE).parts[0] in QT_ROOMS and isinstance(item, pytest.Function):
        # Qt's offscreen platform says of all it cannot do that it cannot: raise windows, grab the keyboard.
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))
        item.fixturenames[:0] = [name for name in ("own_folders", "nothing_left") if name not in item.fixturenames]


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """A test that leaves a thread behind fails itself, and not some later one."""
    before = set(threading.enumerate())
    yield
    # The window that many tests share keeps its thread to the end.
    left = [t.name for t in threading.enumerate() if t not in before and not getattr(t, "shared", False)]
    assert not left, f"the test left threads behind: {', '.join(left)}"
