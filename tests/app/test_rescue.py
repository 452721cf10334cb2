"""What survives a crash: the unsaved scene is kept every few seconds and offered at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from windows import until

from optiviz.app import rescue as rescues
from optiviz.app.rescue import Rescue
from optiviz.files.autosave import Autosave
from optiviz.files.origin import Origin

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "unsaved"


@pytest.fixture
def begin(clerk, folder, monkeypatch):
    """Begins to keep what the clerk has not saved."""
    monkeypatch.setattr(rescues, "EVERY_MS", 30)
    begun = []

    def begin(folder=folder):
        begun.append(Rescue(clerk.workspace, clerk.desk, folder))
        return begun[-1]

    yield begin
    for rescue in begun:
        rescue.close(quietly=False)


def slots(folder):
    return list(folder.glob("*.slot"))


def left_behind(folder):
    """What the next start would find, after this program is gone."""
    return Autosave(folder).abandoned()


def left_by_another(folder, scene, path=None):
    """Another program was ended before it saved that scene."""
    other = Autosave(folder)
    other.save(scene, Origin(path))
    other.close()


def crash(rescue):
    """The program is gone: nobody clears up, and the system lets go of its lock."""
    rescue.autosave.close()


def test_an_unsaved_scene_is_kept_by_itself(clerk, begin, folder):
    rescue = begin()
    clerk.set("lr", 0.123)
    until(lambda: slots(folder))
    crash(rescue)
    (slot,) = left_behind(folder)
    assert slot.scene.runs[0].lr == 0.123
    assert slot.origin.path is None


def test_nothing_happens_while_nothing_changes(clerk, begin):
    rescue = begin()
    assert not rescue.watching
    clerk.set("lr", 0.123)
    assert rescue.watching
    until(lambda: not rescue.watching)
    clerk.workspace.seek(3)
    assert not rescue.watching
    clerk.set("lr", 0.2)
    assert rescue.watching


def test_what_is_undone_or_saved_is_not_kept(clerk, begin, folder, dialogs, tmp_path):
    begin()
    clerk.set("lr", 0.123)
    until(lambda: slots(folder))
    clerk.do("undo")
    until(lambda: not slots(folder))
    clerk.do("redo")
    until(lambda: slots(folder))
    dialogs.chosen = tmp_path / "mine.optiviz"
    clerk.do("save")
    until(lambda: not slots(folder))


def test_the_next_start_offers_it(clerk, begin, folder, tmp_path, small):
    scene, path = small(surface="booth", start=None), tmp_path / "mine.optiviz"
    left_by_another(folder, scene, path)
    rescue = begin()
    rescue.offer()
    assert clerk.asked == "Open the unsaved scene “mine.optiviz”?"
    clerk.answer("Open it")
    assert clerk.scene == scene
    assert clerk.path == path
    assert clerk.document.changed
    assert clerk.workspace.state.history.changed
    assert left_behind(folder) == []  # it is this program's now
    crash(rescue)
    assert [slot.scene for slot in left_behind(folder)] == [scene]


@pytest.mark.parametrize(("answer", "left"), [("Throw it away", 0), ("Not now", 1)])
def test_it_can_be_refused(clerk, begin, folder, small, answer, left):
    left_by_another(folder, small(surface="booth", start=None))
    before = clerk.scene
    begin().offer()
    assert clerk.asked == "Open the unsaved scene “Booth race”?"
    clerk.answer(answer)
    assert clerk.scene == before
    assert len(left_behind(folder)) == left
    assert clerk.asked == ""


def test_several_are_offered_one_by_one(clerk, begin, folder, small):
    for key in ("booth", "sphere"):
        left_by_another(folder, small(surface=key, start=None))
    begin().offer()
    first = clerk.asked
    clerk.answer("Throw it away")
    assert {first, clerk.asked} == {"Open the unsaved scene “Booth race”?", "Open the unsaved scene “Sphere race”?"}
    clerk.answer("Not now")
    assert len(left_behind(folder)) == 1


def test_what_this_start_goes_on_with_is_taken_over_without_a_question(clerk, begin, folder):
    left_by_another(folder, clerk.workspace.as_shown())
    clerk.document.forget_saved()
    rescue = begin()
    rescue.offer()
    assert clerk.asked == ""
    assert left_behind(folder) == []
    crash(rescue)
    assert [slot.scene for slot in left_behind(folder)] == [clerk.scene]


def test_at_the_end_what_nobody_was_asked_about_is_kept(clerk, folder):
    for quietly in (False, True):
        rescue = Rescue(clerk.workspace, clerk.desk, folder)
        clerk.set("lr", 0.123 + quietly)
        rescue.keep()
        rescue.close(quietly=quietly)
        assert len(left_behind(folder)) == quietly


def test_a_folder_that_cannot_be_written_is_told_once(clerk, begin, tmp_path):
    (tmp_path / "file").write_text("")
    rescue = begin(tmp_path / "file" / "unsaved")
    clerk.set("lr", 0.123)
    rescue.keep()
    assert "cannot be kept" in clerk.status
    clerk.desk.say("other")
    rescue.keep()
    assert clerk.status == "other"


PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from optiviz.app import rescue, start
rescue.EVERY_MS = 50
original = start.open_window
def opened(*args, **options):
    window = original(*args, **options)
    QTimer.singleShot(100, lambda: window.workspace.attempt(lambda: window.workspace.editor.set_param("lr", 0.0123)))
    QTimer.singleShot(700, lambda: print("ready", flush=True))
    return window
start.open_window = opened
sys.exit(start.start())
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
