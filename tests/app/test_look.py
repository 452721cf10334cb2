"""Themes, and what is remembered from one start to the next."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QScrollArea

from optiviz.desk.settings import Settings, store
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.files import scene_files
from optiviz.scene.first import first_scene
from optiviz.widgets import theme as themes


def brightness(picture):
    return picture.mean()


def shut(user):
    user.window.close_quietly()
    assert not user.window.isVisible()


def parts(window):
    return (window.panel, window.dashboard, window.transport, window.menuBar())


def test_the_theme_changes_everything_and_is_remembered(open_window, small):
    user = open_window(small())
    light = user.picture(user.window.panel)
    assert all(brightness(user.picture(part)) > 180 for part in parts(user.window))
    user.action("theme").trigger()
    assert user.window.workspace.state.appearance.theme == "dark"
    assert QApplication.palette().color(QPalette.ColorRole.Window).name() == themes.DARK.ground
    assert all(brightness(user.picture(part)) < 90 for part in parts(user.window))
    shut(user)
    again = open_window(small())
    assert again.window.workspace.state.appearance.theme == "dark"
    assert all(brightness(again.picture(part)) < 90 for part in parts(again.window))
    assert again.action("theme").isChecked()
    again.action("theme").trigger()
    assert brightness(again.picture(again.window.panel)) == pytest.approx(brightness(light), rel=0.02)
    shut(again)
    assert Settings().theme == "light"


def test_the_first_start_plays_by_itself_and_the_second_goes_on(open_window):
    user = open_window()
    assert user.scene == first_scene()
    user.until(lambda: user.cursor > 3)
    assert user.window.workspace.player.playing
    user.choose("surface", "booth")
    user.window.workspace.player.pause()
    user.window.workspace.seek(7)
    scene = user.window.workspace.as_shown()
    shut(user)
    again = open_window()
    assert again.window.workspace.as_shown() == scene
    assert again.cursor == 7
    assert not again.window.workspace.player.playing
    again.settle()


def test_file_zoom_size_and_folder_are_remembered(open_window, small, tmp_path):
    path = tmp_path / "lecture.optiviz"
    scene_files.write(small(), path)
    user = open_window(small(), path)
    assert user.title == "lecture · OptiViz"
    user.window.workspace.zoom(0.5)
    shown = user.window.workspace.as_shown().place.window
    user.window.resize(900, 640)  # the offscreen screen is no larger
    (tmp_path / "other").mkdir()
    user.window.desk.settings.folder = tmp_path / "other"
    shut(user)
    again = open_window()
    assert again.document.origin.path == path
    assert again.title == "lecture · OptiViz"
    assert again.window.workspace.as_shown().place.window == shown
    assert again.window.dashboard.contours.aim == pytest.approx(shown)
    assert (again.window.width(), again.window.height()) == (900, 640)
    assert again.window.desk.settings.folder == tmp_path / "other"
    again.enter("steps", "70")
    assert again.title == "lecture* · OptiViz"
    shut(again)
    third = open_window()
    assert third.document.origin.path == path
    assert third.title == "lecture* · OptiViz"


def test_the_documents_are_the_first_folder(own_folders):
    assert Settings().folder == own_folders / "Documents"


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        "",
        "not json at all",
        17,
        '{"format": "optiviz.scene", "version": 99}',
        '{"format": "optiviz.scene", "version": 1, "surface": {"key": "nowhere"}}',
    ],
)
def test_a_broken_remembered_scene_is_none(broken):
    kept = store()
    kept.setValue("scene/json", broken)
    kept.sync()
    assert Settings().last_scene() is None


def test_broken_settings_start_anew(open_window):
    kept = store()
    kept.setValue("scene/json", "{")
    kept.setValue("window/theme", ["dark", "light"])
    kept.setValue("window/geometry", "garbage")
    kept.setValue("files/folder", 17)
    kept.sync()
    user = open_window()
    assert user.scene == first_scene()
    assert user.window.workspace.state.appearance.theme == "light"


@pytest.mark.qt_log_ignore("QVariant::load")
def test_a_settings_file_full_of_rubbish_starts_anew(open_window, own_folders):
    path = own_folders / "config" / "OptiViz" / "OptiViz.ini"
    path.parent.mkdir()
    path.write_bytes(
        bytes(range(256)) * 50 + b"\n[scene]\njson=@Variant(\\0\\0\\0\\x7f\\xff)\n[window]\ngeometry=@ByteArray(x)"
    )
    user = open_window()
    assert user.scene == first_scene()


@pytest.mark.parametrize("size", [(1280, 720), (1024, 768), (900, 560), (2560, 1440)])
def test_the_window_fits_the_screens_it_must(user, size):
    window = user.window
    window.resize(*size)
    user.picture()
    assert (window.width(), window.height()) == size
    plot = window.dashboard.contours.plot
    assert min(plot.width(), plot.height()) >= 250
    assert all(view.plot.height() >= 60 for view in window.dashboard.curve_views)
    right = window.transport.loop.geometry().right()
    assert right <= window.transport.width()
    panel = window.findChild(QScrollArea)
    assert panel.widget().width() <= panel.viewport().width()
    window.resize(1280, 720)


def test_the_form_needs_no_scrolling_sideways_for_any_optimizer(user):
    panel = user.window.panel
    for key in OPTIMIZERS:
        user.choose("optimizer", key)
        QApplication.processEvents()
        assert panel.widget().minimumSizeHint().width() <= panel.viewport().width(), key
