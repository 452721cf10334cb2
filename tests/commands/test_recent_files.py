"""File → Open recent."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu

from optiviz.desk.settings import Settings
from optiviz.files import scene_files
from optiviz.pictures import figure

RECENT = "&File/Open &recent"


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


def menu(clerk):
    """The menu of recent files, as it opens."""
    return clerk.listed(RECENT)


def entries(menu):
    """What the menu lists, as it is read, without the command at its end."""
    return [action.text() for action in menu.actions() if not action.isSeparator()][:-1]


def names(clerk):
    return [text.split("  ")[1] for text in entries(menu(clerk))]


def menu_of(window):
    """The menu of recent files in a window's File menu, as that opens."""
    file = window.menuBar().actions()[0].menu()
    file.aboutToShow.emit()
    return next(sub for sub in file.findChildren(QMenu) if sub.title() == "Open &recent")


def test_at_first_there_are_none(clerk):
    assert names(clerk) == []
    assert not menu(clerk).menuAction().isEnabled()


def test_the_newest_comes_first_and_each_once(clerk, made):
    first, second = made(11, 12)
    for path in (first, second, first):
        clerk.files.open(path)
    assert names(clerk) == ["scene11.optiviz", "scene12.optiviz"]
    assert menu(clerk).menuAction().isEnabled()
    assert Settings().recent_files == [first, second]


def test_a_file_by_another_name_is_the_same(clerk, made, tmp_path, monkeypatch):
    (path,) = made(11)
    clerk.files.open(path)
    (tmp_path / "link").symlink_to(tmp_path)
    clerk.files.open(tmp_path / "link" / path.name)
    monkeypatch.chdir(tmp_path)
    clerk.files.open(type(path)(path.name))
    assert names(clerk) == [path.name]
    assert clerk.path == path


def test_there_are_ten_and_nine_have_keys(clerk, made):
    paths = made(*range(10, 22))
    for path in paths:
        clerk.files.open(path)
    assert names(clerk) == [path.name for path in paths[:1:-1]]
    listed = menu(clerk).actions()
    assert [action.text()[:2] for action in listed[:10]] == [f"&{n}" for n in range(1, 10)] + ["10"]
    assert [action.toolTip() for action in listed[:10]] == [str(path) for path in paths[:1:-1]]
    assert menu(clerk).toolTipsVisible()


def test_saving_adds(clerk, dialogs, tmp_path):
    dialogs.chosen = tmp_path / "new"
    clerk.do("save")
    assert names(clerk) == ["new.optiviz"]
    clerk.files.recent.clear()
    clerk.do("save")
    assert names(clerk) == ["new.optiviz"]


def test_a_picture_is_listed_too(clerk, tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(figure.png(QImage(8, 8, QImage.Format.Format_RGB32), clerk.scene))
    clerk.files.open(path)
    assert names(clerk) == ["picture.png"]


def test_what_cannot_be_opened_is_not_listed(clerk, tmp_path):
    (tmp_path / "broken.optiviz").write_text("{")
    clerk.files.open(tmp_path / "broken.optiviz")
    clerk.message()
    assert names(clerk) == []


def test_opening_a_recent_file_can_be_undone(clerk, made):
    before = clerk.scene
    for path in made(11, 12):
        clerk.files.open(path)
    menu(clerk).actions()[1].trigger()
    assert clerk.document.undo_name == "opening of scene11.optiviz"
    clerk.do("undo", "undo", "undo")
    assert clerk.scene == before


def test_a_file_that_is_gone_says_so_and_leaves_the_list(clerk, made):
    gone, there = made(11, 12)
    for path in (gone, there):
        clerk.files.open(path)
    before = clerk.scene
    gone.unlink()
    menu(clerk).actions()[1].trigger()
    message = clerk.message()
    assert "scene11.optiviz cannot be opened." in message
    assert "No such file" in message
    assert "It has left the list of recent files." in message
    assert names(clerk) == ["scene12.optiviz"]
    assert clerk.scene == before


def test_a_file_that_is_broken_by_now_stays(clerk, made):
    (path,) = made(11)
    clerk.files.open(path)
    path.write_text("{")
    menu(clerk).actions()[0].trigger()
    assert "list of recent files" not in clerk.message()
    assert names(clerk) == [path.name]


def test_clearing(clerk, made):
    (path,) = made(11)
    clerk.files.open(path)
    clear = menu(clerk).actions()[-1]
    assert clear.text() == "&Clear list"
    clear.trigger()
    assert names(clerk) == []
    assert not menu(clerk).menuAction().isEnabled()
    assert path.exists()
    assert Settings().recent_files == []


def test_names_are_shown_as_they_are_and_long_folders_shortened(clerk, made, tmp_path, own_folders):
    far = tmp_path / ("a" * 60)
    for folder in ("b" * 60, "c" * 60):
        far.mkdir(exist_ok=True)
        far /= folder
    (path,) = made(11, folder=far)
    path = path.rename(far / "Q&A\tnew\n.optiviz")
    clerk.files.open(path)
    text, near = entries(menu(clerk))[0], own_folders / "Documents"
    assert text.startswith("&1  Q&&A new .optiviz  —  ")
    assert "…" in text
    assert len(text) < 100
    assert text.endswith("cc")
    clerk.files.open(path.rename(near / "near.optiviz"))
    assert entries(menu(clerk))[0] == f"&1  near.optiviz  —  {Path('~/Documents')}"


# In the window


def test_it_opens_by_mouse_and_by_key(user, made):
    window = user.window
    assert not menu_of(window).menuAction().isEnabled()
    for path in made(11, 12, 13):
        window.files.open(path)
    file = window.menuBar().actions()[0].menu()
    file.popup(window.mapToGlobal(window.rect().topLeft()))
    user.press(Qt.Key.Key_R, user.menu())
    assert user.menu() is menu_of(window)
    user.press(Qt.Key.Key_2, user.menu())
    assert user.value("steps") == 12
    user.take(menu_of(window), entries(menu_of(window))[2].replace("&", ""))
    assert user.value("steps") == 11
    user.take(menu_of(window), "Clear list")
    assert entries(menu_of(window)) == []


def test_a_file_from_the_command_line_is_listed(open_window, small, made):
    (path,) = made(60)
    window = open_window(small(), path).window
    assert window.desk.settings.recent_files == [path]
    assert window.desk.settings.folder == path.parent


def test_the_next_window_has_the_list(open_window, small, made):
    window = open_window(small()).window
    for path in made(11, 12):
        window.files.open(path)
    window.close_quietly()
    listed = entries(menu_of(open_window().window))
    assert [text.split("  ")[1] for text in listed] == ["scene12.optiviz", "scene11.optiviz"]
