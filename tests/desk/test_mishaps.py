"""A mistake of the program is logged and told, and the user goes on."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from windows import until

from optiviz.desk import mishaps as mishap
from optiviz.desk.mishaps import Mishaps, open_log

ROOT = Path(__file__).parents[2]


@pytest.fixture
def care(tmp_path):
    """Takes care of mishaps at a desk; `kept` counts how often what there is to lose was saved."""
    opened = []
    handlers = list(mishap.log.handlers)
    open_log(tmp_path / "log" / "optiviz.log")

    def care(desk):
        kept = []
        made = Mishaps(lambda: kept.append(True), desk)
        made.kept = kept
        opened.append(made)
        return made

    yield care
    for made in opened:
        made.close()
    for handler in set(mishap.log.handlers) - set(handlers):
        mishap.log.removeHandler(handler)
        handler.close()


def fail(text="a mistake"):
    raise RuntimeError(text)


def uncaught(text="a mistake"):
    """As PySide does with what a slot raises."""
    try:
        fail(text)
    except RuntimeError:
        sys.excepthook(*sys.exc_info())


def logged(tmp_path):
    return (tmp_path / "log" / "optiviz.log").read_text("utf-8")


def test_it_is_told_logged_and_survived(clerk, care, tmp_path):
    mishaps = care(clerk.desk)
    uncaught()
    (box,) = clerk.boxes
    assert "Something went wrong" in box.text()
    assert "Your scene is kept" in box.informativeText()
    assert "RuntimeError: a mistake" in box.detailedText()
    clerk.answer("Copy details")
    assert "RuntimeError: a mistake" in QGuiApplication.clipboard().text()
    assert box.isVisible()
    clerk.answer("Go on")
    assert clerk.boxes == []
    assert mishaps.kept == [True]
    assert "RuntimeError: a mistake" in logged(tmp_path)
    assert "in fail" in logged(tmp_path)
    clerk.set("lr", 0.2)
    assert clerk.run.lr == 0.2
    clerk.settle()


def test_the_user_of_a_window_goes_on(user, care):
    mishaps = care(user.window.desk)
    uncaught()
    user.answer("Go on")
    assert user.asked == ""
    user.enter("lr", "0.2")
    assert user.scene.runs[0].lr == 0.2
    mishaps.deleteLater()


def test_one_box_at_a_time_and_not_for_ever(clerk, care, tmp_path):
    care(clerk.desk)
    for _ in range(5):
        uncaught()
    clerk.answer("Go on")
    for _ in range(5):
        uncaught()
    assert clerk.boxes == []
    assert logged(tmp_path).count("RuntimeError: a mistake") == 10


def test_a_thread_is_heard_too(clerk, care):
    care(clerk.desk)
    thread = threading.Thread(target=fail, args=("elsewhere",))
    thread.start()
    thread.join()
    until(lambda: clerk.boxes)
    assert "elsewhere" in clerk.boxes[0].detailedText()
    clerk.answer("Go on")


def test_the_log_is_turned_over(tmp_path, monkeypatch):
    monkeypatch.setattr(mishap, "LARGEST_LOG", 2000)
    before = list(mishap.log.handlers)
    folder = tmp_path / "log"
    open_log(folder / "optiviz.log")
    for number in range(100):
        mishap.log.error("mistake %d %s", number, "x" * 100)
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["optiviz.log", "optiviz.log.1", "optiviz.log.2"]
    assert all(path.stat().st_size <= 2100 for path in folder.iterdir())
    for handler in set(mishap.log.handlers) - set(before):
        mishap.log.removeHandler(handler)
        handler.close()


def test_without_a_folder_there_is_no_log_and_nothing_else_is_different(tmp_path):
    (tmp_path / "file").write_text("")
    before = list(mishap.log.handlers)
    open_log(tmp_path / "file" / "optiviz.log")
    assert mishap.log.handlers == before
    logging.getLogger("optiviz")


def test_a_mistake_in_a_slot_of_the_real_program(tmp_path):
    """The whole way: Qt, PySide, the hook, the log; the program ends well afterwards."""
    program = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox
from optiviz.app import start
original = start.open_window
def opened(*args, **options):
    window = original(*args, **options)
    def mistake():
        raise RuntimeError("a mistake in a slot")
    QTimer.singleShot(100, mistake)
    def answer():
        box = window.findChild(QMessageBox)
        print(box.text(), flush=True)
        box.close()
        window.close()
    QTimer.singleShot(600, answer)
    return window
start.open_window = opened
sys.exit(start.start())
"""
    environ = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    tmp_path.chmod(0o700)
    done = subprocess.run(
        [sys.executable, "-c", program], env=environ, capture_output=True, text=True, timeout=20, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stdout) == (0, "Something went wrong in OptiViz.\n"), done.stderr
    (log,) = tmp_path.rglob("optiviz.log")
    assert "a mistake in a slot" in log.read_text("utf-8")
