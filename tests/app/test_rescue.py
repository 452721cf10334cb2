"""What survives a crash: the unsaved scene is kept every few seconds and offered at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from optiviz.app import rescue as rescues
from optiviz.app.rescue import Rescue
from optiviz.files.autosave import Autosave

ROOT = Path(__file__).parents[2]


def answer_box(box, words):
    """Clicks the button with these words."""
    (button,) = [button for button in box.buttons() if button.text().replace("&", "") == words]
    button.click()


@pytest.fixture
def user(open_window, small):
    """A window of its own: what listens to it leaves with it."""
    return open_window(small())


@pytest.fixture
def rescue(user, tmp_path, monkeypatch):
    monkeypatch.setattr(rescues, "EVERY_MS", 30)
    made = Rescue(user.window, tmp_path / "unsaved")
    yield made
    made.close()


def left_behind(folder):
    """What the next start would find, after this program is gone."""
    return Autosave(folder).abandoned()


def crash(rescue):
    """The program is gone: nobody clears up, and the system lets go of its lock."""
    rescue._clock.stop()
    rescue.autosave.close()


def test_an_unsaved_scene_is_kept_by_itself(user, rescue, tmp_path):
    user.enter("lr", "0.123")
    user.until(lambda: list((tmp_path / "unsaved").glob("*.slot")))
    crash(rescue)
    (slot,) = left_behind(tmp_path / "unsaved")
    assert slot.scene.runs[0].lr == 0.123
    assert slot.path is None


def test_nothing_happens_while_nothing_changes(user, rescue):
    user.enter("lr", "0.123")
    user.until(lambda: not rescue._clock.isActive())
    user.enter("lr", "0.2")
    assert rescue._clock.isActive()


def test_what_is_undone_or_saved_is_not_kept(user, rescue, tmp_path):
    folder = tmp_path / "unsaved"
    user.enter("lr", "0.123")
    user.until(lambda: list(folder.glob("*.slot")))
    user.window.workspace.document.undo()
    user.until(lambda: not list(folder.glob("*.slot")))


def test_the_next_start_offers_it(user, tmp_path, small, monkeypatch):
    folder = tmp_path / "unsaved"
    other = Autosave(folder)
    scene = small(surface="booth", start=None)
    other.save(scene, tmp_path / "mine.optiviz")
    other.close()
    rescue = Rescue(user.window, folder)
    rescue.offer()
    box = user.dialog(QMessageBox)
    assert "mine.optiviz" in box.text()
    answer_box(box, "Open it")
    assert user.scene == scene
    assert user.window.workspace.document.origin.path == tmp_path / "mine.optiviz"
    assert user.window.workspace.document.changed
    assert left_behind(folder) == []  # it is this program's now
    crash(rescue)
    assert [slot.scene for slot in left_behind(folder)] == [scene]
    rescue.close()


@pytest.mark.parametrize(("answer", "left"), [("Throw it away", 0), ("Not now", 1)])
def test_it_can_be_refused(user, tmp_path, small, answer, left):
    folder = tmp_path / "unsaved"
    other = Autosave(folder)
    other.save(small(surface="booth", start=None))
    other.close()
    before = user.scene
    rescue = Rescue(user.window, folder)
    rescue.offer()
    answer_box(user.dialog(QMessageBox), answer)
    assert user.scene == before
    assert len(left_behind(folder)) == left
    rescue.close()


def test_a_folder_that_cannot_be_written_is_told_once(user, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    rescue = Rescue(user.window, tmp_path / "file" / "unsaved")
    user.enter("lr", "0.123")
    rescue.keep()
    assert "cannot be kept" in user.window.status_line.left.text()
    user.window.status_line.say("other")
    rescue.keep()
    assert user.window.status_line.left.text() == "other"
    rescue.close()


PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from optiviz.app import rescue, main
rescue.EVERY_MS = 50
original = main.open_window
def opened(*args, **options):
    window = original(*args, **options)
    QTimer.singleShot(100, lambda: window.workspace.attempt(lambda: window.workspace.editor.set_param("lr", 0.0123)))
    QTimer.singleShot(700, lambda: print("ready", flush=True))
    return window
main.open_window = opened
sys.exit(main.start())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_real_program_leaves_its_scene(tmp_path, number):
    environ = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    tmp_path.chmod(0o700)
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    program.send_signal(number)
    _, errors = program.communicate(timeout=10)
    assert program.returncode == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    if number != signal.SIGKILL:
        assert [line for line in errors.splitlines() if "plugin does not support" not in line] == []
    (folder,) = {path.parent for path in (tmp_path / "data").rglob("*.slot")}
    (slot,) = left_behind(folder)
    assert slot.scene.runs[0].lr == 0.0123
