"""How the program starts and rests: what a signal does, what a window does that nobody sees."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject

import optiviz
from optiviz.desk import display

ROOT = Path(optiviz.__file__).resolve().parent.parent
LIMIT = 30.0  # seconds that anything may take on a busy machine

# The program, which says when it waits for events and nothing moves any more.
RESTING = """
import sys
from PySide6.QtCore import QTimer
from optiviz.app import start
from optiviz.cli.main import main
begin = start.open_window
def open_window(*given):
    window = begin(*given)
    def look():
        if window.workspace.player.playing:
            window.workspace.toggle_play()
        if window.workspace.result is None or window.clock.running:
            QTimer.singleShot(20, look)
        else:
            print("resting", flush=True)
    look()
    return window
start.open_window = open_window
sys.exit(main([]))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no signals from other processes")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_as_its_button_does(number, own_folders):
    environ = os.environ | {"PYTHONPATH": str(ROOT), "QT_LOGGING_RULES": "*=false"}
    with subprocess.Popen(
        [sys.executable, "-c", RESTING], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout.readline() == "resting\n"
        program.send_signal(number)
        out, err = program.communicate(timeout=LIMIT)
    assert (program.returncode, out, err) == (0, "", "")
    assert (own_folders / "config" / "OptiViz" / "OptiViz.ini").exists()  # what was shown is remembered


class Paints(QObject):
    """Counts what is painted in the whole program."""

    number = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.number += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def paints(qapp):
    paints = Paints()
    qapp.installEventFilter(paints)
    yield paints
    qapp.removeEventFilter(paints)


@pytest.mark.parametrize(("go", "come_back"), [("hide", "show"), ("showMinimized", "showNormal")])
def test_time_goes_on_in_a_window_that_nobody_sees_and_nothing_is_drawn(open_window, small, paints, go, come_back):
    user = open_window(small())
    window = user.window
    window.workspace.player.loop, window.workspace.player.speed = True, "30/s"
    window.workspace.play()
    getattr(window, go)()

    def drawn() -> int:
        before, began = paints.number, user.cursor
        user.until(lambda: abs(user.cursor - began) > 3)
        return paints.number - before

    user.until(lambda: drawn() == 0)  # what was to be drawn before is drawn
    unseen = user.cursor
    getattr(window, come_back)()
    user.until(lambda: window.transport.scrub.value() == user.cursor != unseen)
    assert drawn() > 0
    assert window.dashboard.contours.plot.marks.step == user.cursor


def test_what_ended_unseen_is_there_when_the_window_comes_back(open_window, small):
    user = open_window(small())
    window = user.window
    window.workspace.player.speed = "20/frame"
    window.workspace.play()
    window.hide()
    user.until(lambda: not window.workspace.player.playing and not window.clock.running)
    window.show()
    assert window.transport.scrub.value() == window.dashboard.contours.plot.marks.step == 60


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Qt needs none of them")
def test_a_missing_library_is_named_by_its_package(monkeypatch):
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.setattr(display, "XCB_LIBRARIES", {"libc.so.6": "libc6", "libxcb-nothing.so.7": "libxcb-nothing7"})
    assert "apt-get install libxcb-nothing7)" in (display.problem() or "")
    monkeypatch.setattr(display, "XCB_LIBRARIES", {"libc.so.6": "libc6"})
    assert display.problem() == "the display :4711 does not answer"
