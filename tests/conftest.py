"""For all tests: no screen, nothing of the user's, no thread left behind."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

# Before anybody imports Qt. Tests that want a screen start one of their own.
os.environ["QT_QPA_PLATFORM"] = "offscreen"


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """A test that leaves a thread behind fails itself, and not some later one."""
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert not left, f"the test left threads behind: {', '.join(left)}"
