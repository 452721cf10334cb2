"""Long computations: progress, Cancel, and a window that lives on meanwhile."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from optiviz import Run

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def three_runs(small):
    return small(runs=[Run(key, lr=0.001) for key in ("adam", "momentum", "rmsprop")])


def test_progress_and_cancel(user, three_runs):
    user.open(three_runs)
    before = user.scene
    line, shown = user.window.status_line, user.window.workspace.result
    began = time.monotonic()
    user.enter("steps", "400000")
    user.until(line.bar.isVisible)
    assert time.monotonic() - began < 5
    assert line.cancel.isVisible()
    user.until(lambda: line.bar.value() > 0)
    assert user.window.workspace.result is shown
    QTest.mouseClick(line.cancel, LEFT)
    assert user.scene == before
    assert user.text("steps") == "60"
    assert "Cancelled" in user.status
    user.until(lambda: not line.bar.isVisible() and not line.cancel.isVisible())
    user.settle()


def test_the_window_lives_on_during_a_computation(user, three_runs):
    user.open(three_runs)
    user.enter("steps", "400000")
    user.until(user.window.status_line.bar.isVisible)
    user.rest()
    user.press(Qt.Key.Key_End)  # the cursor still moves
    user.enter("steps", "50")  # the newest request wins
    began = time.monotonic()
    user.settle()
    assert time.monotonic() - began < 5
    user.until(lambda: not user.window.status_line.bar.isVisible())


def test_closing_in_the_middle_ends_quickly(open_window, three_runs):
    user = open_window(three_runs)
    user.enter("steps", "1000000")
    user.until(lambda: user.window.workspace.runner.progress > 0)
    began = time.monotonic()
    user.window.close_quietly()
    assert time.monotonic() - began < 5
    assert not user.window.isVisible()


def test_short_computations_show_no_progress(user):
    user.enter("lr", "0.02")
    user.settle()
    assert not user.window.status_line.bar.isVisible()
    assert not user.window.status_line.cancel.isVisible()
