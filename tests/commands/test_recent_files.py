"""File → Open recent."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from optiviz.desk.settings import Settings
from optiviz.files import scene_files
from optiviz.pictures import figure


@pytest.fixture
def made(tmp_path, small):
    """Makes scene files, each with so many steps as its number says; gives their paths."""

    def made(*numbers, folder=tmp_path):
        folder.mkdir(exist_ok=True)
        paths = [folder / f"scene{number}.optiviz" for number in numbers]
        for path, number in zip(paths, numbers, strict=True):
            scene_files.write(small(steps=number), path)
        return paths

    return made


def menu(user):
    """The menu of recent files, as it opens."""
    bar = user.window.menuBar()
    bar.actions()[0].menu().aboutToShow.emit()
    return user.window.files.recent.menu


def entries(user):
    """What the menu lists, as it is read, without the command at its end."""
    return [action.text() for action in menu(user).actions() if not action.isSeparator()][:-1]


def names(user):
    return [text.split("  ")[1] for text in entries(user)]


def test_at_first_there_are_none(user):
    assert not menu(user).menuAction().isEnabled()
    assert menu(user).menuAction() in user.window.menuBar().actions()[0].menu().actions()


def test_the_newest_comes_first_and_each_once(user, made):
    first, second = made(11, 12)
    for path in (first, second, first):
        user.window.files.open(path)
    assert names(user) == ["scene11.optiviz", "scene12.optiviz"]
    assert menu(user).menuAction().isEnabled()
    assert Settings().recent_files == [first, second]


def test_a_file_by_another_name_is_the_same(user, made, tmp_path, monkeypatch):
    (path,) = made(11)
    user.window.files.open(path)
    (tmp_path / "link").symlink_to(tmp_path)
    user.window.files.open(tmp_path / "link" / path.name)
    monkeypatch.chdir(tmp_path)
    user.window.files.open(type(path)(path.name))
    assert names(user) == [path.name]
    assert user.document.origin.path == path


def test_there_are_ten_and_nine_have_keys(user, made):
    paths = made(*range(10, 22))
    for path in paths:
        user.window.files.open(path)
    assert names(user) == [path.name for path in paths[:1:-1]]
    listed = menu(user).actions()
    assert [action.text()[:2] for action in listed[:10]] == [f"&{n}" for n in range(1, 10)] + ["10"]
    assert [action.toolTip() for action in listed[:10]] == [str(path) for path in paths[:1:-1]]
    assert menu(user).toolTipsVisible()


def test_saving_adds(user, monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(tmp_path / "new"), ""))
    user.action("save").trigger()
    assert names(user) == ["new.optiviz"]
    user.window.files.recent.clear()
    user.action("save").trigger()
    assert names(user) == ["new.optiviz"]


def test_a_picture_is_listed_too(user, tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(figure.png(QImage(8, 8, QImage.Format.Format_RGB32), user.scene))
    user.window.files.open(path)
    assert names(user) == ["picture.png"]


def test_what_cannot_be_opened_is_not_listed(user, tmp_path):
    (tmp_path / "broken.optiviz").write_text("{")
    user.window.files.open(tmp_path / "broken.optiviz")
    user.message()
    assert names(user) == []


def test_a_file_from_the_command_line_is_listed(open_window, small, made):
    (path,) = made(60)
    user = open_window(small(), path)
    assert names(user) == [path.name]
    assert user.window.desk.settings.folder == path.parent


def test_it_opens_by_mouse_and_by_key(user, made):
    for path in made(11, 12, 13):
        user.window.files.open(path)
    file = user.window.menuBar().actions()[0].menu()
    file.popup(user.window.mapToGlobal(user.window.rect().topLeft()))
    user.press(Qt.Key.Key_R, user.menu())
    assert user.menu() is user.window.files.recent.menu
    user.press(Qt.Key.Key_2, user.menu())
    assert user.value("steps") == 12
    user.take(menu(user), entries(user)[2].replace("&", ""))
    assert user.value("steps") == 11


def test_opening_a_recent_file_can_be_undone(user, made):
    before = user.scene
    (path,) = made(11)
    user.window.files.open(path)
    assert user.document.undo_name == "opening of scene11.optiviz"
    user.action("undo").trigger()
    assert user.scene == before


def test_a_file_that_is_gone_says_so_and_leaves_the_list(user, made):
    gone, there = made(11, 12)
    for path in (gone, there):
        user.window.files.open(path)
    before = user.scene
    gone.unlink()
    menu(user).actions()[1].trigger()
    message = user.message()
    assert "scene11.optiviz cannot be opened." in message
    assert "No such file" in message
    assert "It has left the list of recent files." in message
    assert names(user) == ["scene12.optiviz"]
    assert user.scene == before


def test_a_file_that_is_broken_by_now_stays(user, made):
    (path,) = made(11)
    user.window.files.open(path)
    path.write_text("{")
    menu(user).actions()[0].trigger()
    assert "list of recent files" not in user.message()
    assert names(user) == [path.name]


def test_clearing(user, made, open_window):
    (path,) = made(11)
    user.window.files.open(path)
    user.take(menu(user), "Clear list")
    assert names(user) == []
    assert not menu(user).menuAction().isEnabled()
    assert path.exists()
    assert Settings().recent_files == []


def test_names_are_shown_as_they_are_and_long_folders_shortened(user, made, tmp_path, own_folders):
    far = tmp_path / ("a" * 60)
    for folder in ("b" * 60, "c" * 60):
        far.mkdir(exist_ok=True)
        far /= folder
    (path,) = made(11, folder=far)
    path = path.rename(far / "Q&A\tnew\n.optiviz")
    user.window.files.open(path)
    text, near = entries(user)[0], own_folders / "Documents"
    assert text.startswith("&1  Q&&A new .optiviz  —  ")
    assert "…" in text
    assert len(text) < 100
    assert text.endswith("cc")
    user.window.files.open(path.rename(near / "near.optiviz"))
    assert entries(user)[0] == f"&1  near.optiviz  —  {Path('~/Documents')}"


def test_the_next_window_has_the_list(open_window, small, made):
    user = open_window(small())
    for path in made(11, 12):
        user.window.files.open(path)
    user.window.close_quietly()
    assert names(open_window()) == ["scene12.optiviz", "scene11.optiviz"]
