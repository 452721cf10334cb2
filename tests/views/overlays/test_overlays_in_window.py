"""Overlays in the window: a key each, for the selected run or all, larger and smaller, kept with the scene."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QFileDialog

from optiviz import Run
from optiviz.commands.viewing import scale_overlays
from optiviz.files import scene_files
from optiviz.scene.view import OVERLAYS

Key = Qt.Key
KEYS = {overlay.flag.name: overlay.keys for overlay in OVERLAYS.values()}
FLAGS = list(KEYS)


@pytest.fixture
def looker(user, small):
    """The user in front of two runs that part, at step 4, in which everything is large enough to be seen."""
    runs = [Run("adam", lr=0.5), Run("momentum", lr=0.02)]
    scene = small(surface="ellipse", surface_params={"kappa": 4}, start=(-4, 2), steps=40, runs=runs)
    user.open(scene)
    user.rest()
    user.window.workspace.seek(4)
    user.window.workspace.end_preview()
    return user


def plot(user):
    return user.picture(user.window.dashboard.contours.plot).astype(int)


def changed(one, other):
    """Which pixels differ; not by a trace, as smoothed lines that are drawn again may."""
    return abs(one - other).max(axis=2) > 40


def same(one, other):
    return not changed(one, other).any()


def test_every_overlay_has_a_key(looker):
    plain = plot(looker)
    for flag, key in KEYS.items():
        action = looker.action(flag)
        assert [shortcut.toString() for shortcut in action.shortcuts()] == [key]
        looker.shortcut(key)
        assert getattr(looker.scene.view, flag)
        assert [getattr(looker.scene.view, other) for other in FLAGS].count(True) == 1
        assert action.isChecked()
        if flag == "show_split":  # it needs an arrow to split
            looker.shortcut("S")
            split = plot(looker)
            looker.shortcut("X")
            assert not same(plot(looker), split)
            looker.shortcut("X")
            looker.shortcut("S")
        else:
            assert not same(plot(looker), plain), flag
        looker.shortcut(key)
        assert not getattr(looker.scene.view, flag)
        assert not action.isChecked()
        assert same(plot(looker), plain), flag


def test_the_keys_are_all_different():
    assert all(KEYS.values())
    assert len(set(KEYS.values())) == len(FLAGS)


def test_an_overlay_in_the_menu_can_be_undone(looker):
    for flag in FLAGS:
        looker.action(flag).trigger()
        assert getattr(looker.scene.view, flag), flag
        looker.shortcut("Ctrl+Z")
        assert not getattr(looker.scene.view, flag), flag
        assert not looker.action(flag).isChecked()


def test_for_the_selected_run_or_for_all(looker):
    looker.press(Key.Key_S)
    one = plot(looker)
    looker.press(Key.Key_O)
    assert looker.scene.view.overlay_all
    assert looker.action("overlay_all").isChecked()
    both = plot(looker)
    assert not same(both, one)
    looker.press(Key.Key_2)  # a hidden run has none
    looker.settle()
    assert looker.window.dashboard.contours.plot.overlays.runs_shown() == [0]
    looker.press(Key.Key_2)
    looker.settle()
    looker.press(Key.Key_O)
    looker.window.workspace.select(1)
    assert not same(plot(looker), one)


def test_larger_smaller_and_true_size(looker):
    looker.press(Key.Key_S)
    true = plot(looker)
    scales = [looker.scene.view.overlay_scale]
    for key in (Key.Key_Plus, Key.Key_Equal, Key.Key_Plus):
        looker.press(key)
        scales.append(looker.scene.view.overlay_scale)
    assert scales == sorted(set(scales))
    assert not same(plot(looker), true)
    for _ in range(6):
        looker.press(Key.Key_Minus)
    assert looker.scene.view.overlay_scale < 1
    looker.press(Key.Key_0)
    assert looker.scene.view.overlay_scale == 1
    assert same(plot(looker), true)


@pytest.mark.parametrize("key", [Key.Key_Plus, Key.Key_Minus])
def test_sizes_end_somewhere_without_harm(looker, key):
    looker.press(Key.Key_S)
    for _ in range(60):
        scale_overlays(looker.window.workspace, 1e6 if key == Key.Key_Plus else 1e-6)
    looker.press(key)
    plot(looker)
    assert 0 < looker.scene.view.overlay_scale < math.inf
    looker.press(Key.Key_0)
    assert looker.scene.view.overlay_scale == 1


def test_larger_and_smaller_undo_each_other(looker):
    looker.press(Key.Key_Plus)
    looker.press(Key.Key_Minus)
    assert looker.scene.view.overlay_scale == 1


def test_overlays_follow_the_cursor(looker):
    looker.press(Key.Key_G)
    before = plot(looker)
    looker.press(Key.Key_Right)
    assert not same(plot(looker), before)


def test_overlays_are_saved_with_the_scene(looker, small, tmp_path, monkeypatch):
    path = tmp_path / "mine.optiviz"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args, **options: (str(path), ""))
    for keys in ("G", "Q", "O", "+", "+"):
        looker.shortcut(keys)
    wanted = looker.scene.view
    shown = plot(looker)
    looker.shortcut("Ctrl+S")
    saved = scene_files.read(path).view
    names = [*FLAGS, "overlay_all", "overlay_scale"]
    assert [getattr(saved, name) for name in names] == [getattr(wanted, name) for name in names]
    looker.open(small())
    assert not any(looker.action(flag).isChecked() for flag in FLAGS)
    looker.window.files.open(path)
    looker.settle()
    looker.window.workspace.end_preview()
    assert [flag for flag in FLAGS if looker.action(flag).isChecked()] == ["show_gradient", "show_squares"]
    assert looker.action("overlay_all").isChecked()
    assert same(plot(looker), shown)


def test_an_overlay_is_no_change_of_the_file(looker, tmp_path, monkeypatch):
    path = tmp_path / "mine.optiviz"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args, **options: (str(path), ""))
    looker.shortcut("Ctrl+S")
    looker.press(Key.Key_G)
    assert not looker.document.changed
    assert "*" not in looker.title


# The gap of twins


def test_the_gap_is_drawn_between_the_first_two_runs_shown(looker):
    trajectories = looker.settle()
    looker.press(Key.Key_T)
    with_gap = plot(looker)
    looker.press(Key.Key_T)
    without = plot(looker)
    places = [looker.place(t.x[4], t.y[4]) for t in trajectories]
    middle = (places[0] + places[1]) / 2
    rows, columns = changed(with_gap, without).nonzero()
    assert abs(rows - middle.y()).min() < 12
    assert abs(columns - middle.x()).min() < 12
    spread = 90  # the label stands beside the line
    assert columns.min() > min(p.x() for p in places) - spread
    assert columns.max() < max(p.x() for p in places) + spread
    assert rows.min() > min(p.y() for p in places) - spread
    assert rows.max() < max(p.y() for p in places) + spread


def test_without_a_second_run_there_is_no_gap(looker):
    looker.press(Key.Key_2)
    looker.settle()
    plain = plot(looker)
    looker.press(Key.Key_T)
    assert same(plot(looker), plain)


def test_where_a_run_has_diverged_there_is_no_gap(looker, small):
    looker.open(small(runs=[Run("gd", lr=1.0), Run("adam", lr=0.05)]))
    looker.press(Key.Key_End)
    plain = plot(looker)
    looker.press(Key.Key_T)
    assert same(plot(looker), plain)


def test_labels_keep_off_the_legend(looker):
    contours = looker.window.dashboard.contours
    legend, shown = QRectF(contours.legend.geometry()), contours.plot.overlays
    at = contours.plot.at(legend.bottomLeft() + QPointF(12, 4))  # the head lies half under it
    looker.open(looker.scene.replace(start=(round(at.x(), 3), round(at.y(), 3))))
    looker.window.workspace.seek(0)
    for key in "SVG":
        looker.shortcut(key)
    transform = shown.deviceTransform(contours.plot.viewportTransform())
    labels = [
        label.rect
        for drawing in shown.lay_out(transform, transform.mapRect(shown.boundingRect()))
        for label in drawing.labels
    ]
    assert labels
    assert not any(rect.intersects(QRectF(contours.legend.geometry())) for rect in labels)
