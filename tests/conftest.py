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
    # The window that the tests of tests/app share keeps its thread to the end.
    left = [t.name for t in threading.enumerate() if t not in before and not getattr(t, "shared", False)]
    assert not left, f"the test left threads behind: {', '.join(left)}"
