"""Opening and saving scenes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from optiviz.files import scene_files
from optiviz.pictures import figure


@pytest.fixture
def answer(monkeypatch):
    """Answers the file dialogs with a path; gives what the dialogs proposed."""

    def answer(path):
        proposed = []
        for method in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(
                QFileDialog, method, lambda parent, title, start, kinds: proposed.append(start) or (str(path), kinds)
            )
        return proposed

    return answer


def test_saving_and_opening(user, answer, tmp_path, small):
    path = tmp_path / "lecture.optiviz"
    user.enter("beta1", "0.8")
    user.window.workspace.seek(17)
    proposed = answer(path)
    user.action("save").trigger()
    assert proposed[0].endswith("rosenbrock.optiviz")
    scene = user.window.workspace.as_shown()
    assert scene_files.read(path) == scene
    assert user.title == "lecture · OptiViz"
    assert "Saved lecture.optiviz" in user.status
    user.open(small(surface="booth", start=None))
    user.action("open").trigger()
    assert user.window.workspace.as_shown() == scene
    assert user.cursor == 17
    assert user.document.origin.path == path
    assert "Opened lecture.optiviz" in user.status
    user.settle()


def test_the_title_tells_changes(user, answer, tmp_path):
    path = tmp_path / "lecture.optiviz"
    answer(path)
    user.action("save").trigger()
    user.enter("beta1", "0.8")
    assert user.title == "lecture* · OptiViz"
    user.action("undo").trigger()
    assert user.title == "lecture · OptiViz"
    user.action("redo").trigger()
    answer("/nowhere/must not be asked")
    user.action("save").trigger()  # to the same file
    assert user.title == "lecture · OptiViz"
    assert scene_files.read(path) == user.window.workspace.as_shown()


def test_an_ending_is_added(user, answer, tmp_path):
    answer(tmp_path / "lecture")
    user.action("save_as").trigger()
    assert user.document.origin.path == tmp_path / "lecture.optiviz"
    assert user.document.origin.path.exists()


def test_a_dot_in_a_name_is_no_ending(user, answer, tmp_path):
    answer(tmp_path / "lecture 1.5")
    user.action("save_as").trigger()
    assert user.document.origin.path == tmp_path / "lecture 1.5.optiviz"


def test_opening_can_be_undone(user, answer, tmp_path, small):
    path = tmp_path / "other.optiviz"
    scene_files.write(small(surface="booth", start=None, runs=[]), path)
    before = user.scene
    answer(path)
    user.action("open").trigger()
    assert user.scene.surface == "booth"
    user.action("undo").trigger()
    assert user.scene == before
    assert user.document.origin.path is None
    user.settle()


def test_opening_a_picture(user, answer, tmp_path):
    path = tmp_path / "picture.png"
    user.enter("beta1", "0.8")
    scene = user.window.workspace.as_shown()
    image = QImage(20, 20, QImage.Format.Format_RGB32)
    path.write_bytes(figure.png(image, scene))
    user.action("undo").trigger()
    answer(path)
    user.action("open").trigger()
    assert user.window.workspace.as_shown() == scene
    assert user.document.origin.path is None  # a picture is no place to save a scene


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
def test_what_cannot_be_opened_is_told_and_changes_nothing(user, answer, tmp_path, content):
    path = tmp_path / "broken.optiviz"
    if content is None:
        QImage(4, 4, QImage.Format.Format_RGB32).save(str(path), "PNG")
    else:
        path.write_bytes(content)
    before = user.scene
    answer(path)
    user.action("open").trigger()
    message = user.message()
    assert "broken.optiviz cannot be opened" in message
    assert len(message) > 60  # it says why
    assert user.scene == before
    assert user.document.undo_name is None
    assert user.document.origin.path is None


@pytest.mark.parametrize("place", ["missing/x.optiviz", "folder.optiviz"])
def test_what_cannot_be_saved_is_told(user, answer, tmp_path, place):
    (tmp_path / "folder.optiviz").mkdir()
    before = sorted(tmp_path.rglob("*"))
    answer(tmp_path / place)
    user.action("save").trigger()
    message = user.message()
    assert "was not saved" in message
    assert "cannot be written" in message
    assert user.document.origin.path is None
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_is_no_html(user, tmp_path, small):
    path = tmp_path / "<b>loud.optiviz"
    scene_files.write(small(), path)
    user.window.files.open(path)
    assert user.status == "Opened <b>loud.optiviz."
    assert user.window.status_line.left.textFormat() == Qt.TextFormat.PlainText
    assert user.window.caption.textFormat() == Qt.TextFormat.PlainText
    user.settle()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are texts")
def test_a_name_that_is_no_text(user, tmp_path, small):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.optiviz"))
    scene_files.write(small(steps=33), path)
    user.window.files.open(path)
    assert user.value("steps") == 33
    user.enter("steps", "34")
    user.action("save").trigger()
    assert scene_files.read(path).steps == 34
    user.window.menuBar().actions()[0].menu().aboutToShow.emit()
    user.settle()


def test_a_file_that_is_gone_is_told(user, answer, tmp_path):
    answer(tmp_path / "gone.optiviz")
    user.action("open").trigger()
    assert "No such file" in user.message()
