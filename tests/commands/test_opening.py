"""Opening and saving scenes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from optiviz.files import scene_files
from optiviz.pictures import figure
from optiviz.scene.first import first_scene


def test_saving_and_opening(clerk, dialogs, tmp_path, small):
    path = tmp_path / "lecture.optiviz"
    clerk.set("beta1", 0.8)
    clerk.workspace.seek(17)
    dialogs.chosen = path
    clerk.do("save")
    assert dialogs.proposed[0].endswith("rosenbrock.optiviz")
    scene = clerk.workspace.as_shown()
    assert scene_files.read(path) == scene
    assert clerk.status == "Saved lecture.optiviz."
    assert clerk.desk.settings.folder == tmp_path
    clerk.open(small(surface="booth", start=None))
    clerk.do("open")
    assert clerk.workspace.as_shown() == scene
    assert clerk.workspace.player.cursor == 17
    assert clerk.path == path
    assert not clerk.document.changed
    assert clerk.status == "Opened lecture.optiviz."
    clerk.settle()


def test_what_is_saved_is_told_and_asked_for_once(clerk, dialogs, tmp_path):
    path = dialogs.chosen = tmp_path / "lecture.optiviz"
    clerk.do("save")
    clerk.set("beta1", 0.8)
    assert clerk.workspace.state.history.changed
    clerk.do("undo")
    assert not clerk.workspace.state.history.changed
    clerk.do("redo")
    dialogs.chosen = "/nowhere/must not be asked"
    clerk.do("save")  # to the same file
    assert not clerk.workspace.state.history.changed
    assert scene_files.read(path) == clerk.workspace.as_shown()
    assert len(dialogs.proposed) == 1


def test_the_title_tells_changes(user, dialogs, tmp_path):
    dialogs.chosen = tmp_path / "lecture.optiviz"
    user.enter("steps", "70")
    assert user.title == "Rosenbrock race* · OptiViz"
    assert user.window.caption.text() == "Rosenbrock race*"
    user.action("save").trigger()
    assert user.title == "lecture · OptiViz"
    assert "Saved lecture.optiviz" in user.status
    user.enter("beta1", "0.8")
    assert user.title == "lecture* · OptiViz"
    user.action("undo").trigger()
    assert user.title == "lecture · OptiViz"
    user.action("redo").trigger()
    user.action("save").trigger()
    assert user.title == "lecture · OptiViz"


@pytest.mark.parametrize(("name", "saved"), [("lecture", "lecture.optiviz"), ("lecture 1.5", "lecture 1.5.optiviz")])
def test_an_ending_is_added_and_a_dot_in_a_name_is_none(clerk, dialogs, tmp_path, name, saved):
    dialogs.chosen = tmp_path / name
    clerk.do("save_as")
    assert clerk.path == tmp_path / saved
    assert clerk.path.exists()


@pytest.mark.parametrize("command", ["open", "save", "save_as"])
def test_giving_a_dialog_up_changes_nothing(clerk, dialogs, tmp_path, command):
    before = clerk.workspace.state
    clerk.do(command)
    assert len(dialogs.proposed) == 1
    assert clerk.workspace.state is before
    assert (clerk.said, clerk.boxes) == ([], [])


def test_opening_can_be_undone(clerk, dialogs, tmp_path, small):
    path = dialogs.chosen = tmp_path / "other.optiviz"
    scene_files.write(small(surface="booth", start=None, runs=[]), path)
    before = clerk.scene
    clerk.do("open")
    assert clerk.scene.surface == "booth"
    assert clerk.text("undo") == "&Undo opening of other.optiviz"
    clerk.do("undo")
    assert clerk.scene == before
    assert clerk.path is None
    clerk.settle()


def test_opening_a_picture(clerk, dialogs, tmp_path):
    path = dialogs.chosen = tmp_path / "picture.png"
    clerk.set("beta1", 0.8)
    scene = clerk.workspace.as_shown()
    path.write_bytes(figure.png(QImage(20, 20, QImage.Format.Format_RGB32), scene))
    clerk.do("undo", "open")
    assert clerk.workspace.as_shown() == scene
    assert clerk.path is None  # a picture is no place to save a scene


def test_the_first_of_some_files_that_can_be_opened_is(clerk, tmp_path, small):
    broken, other = tmp_path / "broken.optiviz", tmp_path / "other.optiviz"
    broken.write_text("{")
    scene_files.write(small(steps=33), other)
    clerk.files.open_first([broken, other])
    assert clerk.scene.steps == 33
    assert clerk.status == "Opened other.optiviz alone: one scene of 2 files can be shown."
    clerk.files.open_first([broken, tmp_path / "gone.optiviz"])
    message = clerk.message()
    assert message.startswith("None of 2 files can be opened. ")
    assert "broken.optiviz" in message
    assert "gone.optiviz" in message
    assert clerk.scene.steps == 33


def test_the_first_scene_comes_back_and_plays(clerk):
    before = clerk.scene
    clerk.do("reset")
    assert clerk.scene == first_scene()
    assert not clerk.workspace.player.playing  # there is nothing to play yet
    clerk.settle()
    assert clerk.workspace.state.playing
    clerk.do("undo")
    assert clerk.scene == before
    assert not clerk.workspace.state.playing


BROKEN = {
    "empty": b"",
    "no scene": b"{}",
    "text": b"hello",
    "not UTF-8": b"\xff\xfe\x00",
    "picture without a scene": None,
    "half a file": b'{"format": "optiviz.scene", "version": 1,',
    "of the future": b'{"format": "optiviz.scene", "version": 99}',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_opened_is_told_and_changes_nothing(clerk, dialogs, tmp_path, content):
    path = dialogs.chosen = tmp_path / "broken.optiviz"
    if content is None:
        QImage(4, 4, QImage.Format.Format_RGB32).save(str(path), "PNG")
    else:
        path.write_bytes(content)
    before = clerk.workspace.state
    clerk.do("open")
    message = clerk.message()
    assert "broken.optiviz cannot be opened" in message
    assert len(message) > 60  # it says why
    assert clerk.workspace.state is before
    assert clerk.document.undo_name is None


@pytest.mark.parametrize("place", ["missing/x.optiviz", "folder.optiviz"])
def test_what_cannot_be_saved_is_told(clerk, dialogs, tmp_path, place):
    (tmp_path / "folder.optiviz").mkdir()
    before = sorted(tmp_path.rglob("*"))
    dialogs.chosen = tmp_path / place
    clerk.do("save")
    message = clerk.message()
    assert "was not saved" in message
    assert "cannot be written" in message
    assert clerk.path is None
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_that_is_gone_is_told(clerk, dialogs, tmp_path):
    dialogs.chosen = tmp_path / "gone.optiviz"
    clerk.do("open")
    assert "No such file" in clerk.message()


def test_a_name_is_no_html(user, tmp_path, small):
    path = tmp_path / "<b>loud.optiviz"
    scene_files.write(small(), path)
    user.window.files.open(path)
    assert user.status == "Opened <b>loud.optiviz."
    assert user.window.status_line.left.textFormat() == Qt.TextFormat.PlainText
    assert user.window.caption.textFormat() == Qt.TextFormat.PlainText
    assert user.title == "<b>loud · OptiViz"
    user.settle()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are texts")
def test_a_name_that_is_no_text(clerk, tmp_path, small):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.optiviz"))
    scene_files.write(small(steps=33), path)
    clerk.files.open(path)
    assert clerk.scene.steps == 33
    clerk.set_up("steps", 34)
    clerk.do("save")
    assert scene_files.read(path).steps == 34
    assert clerk.listed("&File/Open &recent").actions()[0].text().startswith("&1  ")
    clerk.settle()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are texts")
def test_a_window_shows_a_name_that_is_no_text(user, tmp_path, small):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.optiviz"))
    scene_files.write(small(steps=33), path)
    user.window.files.open(path)
    user.window.menuBar().actions()[0].menu().aboutToShow.emit()
    user.picture()
    assert user.value("steps") == 33
    user.settle()
