"""Undo and redo of what is done by hand in the window; of commands see tests/commands/test_editing.py."""

from __future__ import annotations

import json
import random

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox
from workspaces import scenes_of

from optiviz import Run
from optiviz.files import pasted, scene_files
from optiviz.scene.first import first_scene
from optiviz.scene.manual_decay import knots_of
from optiviz.scene.view import Place

LEFT = Qt.MouseButton.LeftButton
LION = Run("lion", lr=0.1)


def knots(user):
    user.choose("schedule", "manual")
    user.document.forget_history()
    user.enter("knots", "7:0.5")


def drop(user, what):
    """Drops a run, a scene or a file into the contour view."""
    mime, none = QMimeData(), Qt.KeyboardModifier.NoModifier
    if isinstance(what, Run):
        mime.setText(pasted.to_text(what))
    else:
        mime.setUrls([QUrl.fromLocalFile(str(what))])
    at, copy = QPoint(600, 300), Qt.DropAction.CopyAction
    for event in (QDragEnterEvent(at, copy, mime, LEFT, none), QDropEvent(QPointF(at), copy, mime, LEFT, none)):
        QApplication.sendEvent(user.window.windowHandle(), event)
    QApplication.processEvents()


EDITS = {
    "choice of Booth": lambda u: u.choose("surface", "booth"),
    "change of b": lambda u: u.enter("b", "50"),
    "change of x₀": lambda u: u.enter("start x", "0.5"),
    "change of steps": lambda u: u.enter("steps", "70"),
    "change of steps / epoch": lambda u: u.enter("steps_per_epoch", "5"),
    "change of noise": lambda u: u.enter("noise", "0.5"),
    "change of seed": lambda u: u.enter("seed", "7"),
    "move of the start": lambda u: u.drag(u.contours, [u.place(*u.scene.start), u.place(0, 0), u.place(0.5, 1)]),
    "adding of Lion": lambda u: u.add("Lion"),
    "duplication of Adam": lambda u: QTest.mouseClick(u.button("duplicate run"), LEFT),
    "deletion of Adam": lambda u: QTest.mouseClick(u.button("delete run"), LEFT),
    "renaming": lambda u: u.rename(0, "mine"),
    "change of colour": lambda u: u.recolor(0, "#d55e00"),
    "hiding of Momentum": lambda u: u.click_run(1, "eye"),
    "change of order": lambda u: u.move_down(0),
    "choice of NAdam": lambda u: u.choose("optimizer", "nadam"),
    "choice of Cosine decay": lambda u: u.choose("schedule", "cosine"),
    "change of α₀": lambda u: u.slide("lr", 0.2, 0.3, 0.4),
    "change of k": lambda u: u.slide("k", 0.8, 0.9),
    "change of knots": knots,
    "change of ε inside √": lambda u: QTest.mouseClick(u.find(QCheckBox, "eps_inside"), LEFT, pos=QPoint(8, 10)),
    "drop of Lion": lambda u: drop(u, LION),
    "change of the view: curve": lambda u: u.choose(u.window.dashboard.third.chooser, "step_length"),
    "change of the view: α(t) / α₀": lambda u: QTest.mouseClick(
        u.window.dashboard.rate.switches["rate_relative"], LEFT
    ),
    "change of the view: log rate": lambda u: QTest.mouseClick(u.window.dashboard.rate.switches["rate_log"], LEFT),
    "change of the view: log curve": lambda u: QTest.mouseClick(u.window.dashboard.third.switches["third_log"], LEFT),
    "change of the view: log loss": lambda u: QTest.mouseClick(u.window.dashboard.loss.switches["loss_log"], LEFT),
    "change of the view: Step arithmetic": lambda u: QTest.mouseClick(u.window.tools.buttons["arithmetic"], LEFT),
}


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_by_hand_can_be_undone_and_redone(user, name):
    with scenes_of(user.window.workspace) as scenes:
        EDITS[name](user)
    before = scenes[1] if name == "change of knots" else scenes[0]  # where there are none yet
    after = user.scene
    assert after != before
    assert user.document.undo_name == name
    assert user.action("undo").text() == f"&Undo {name}"
    user.action("undo").trigger()
    assert user.scene == before
    assert not user.action("undo").isEnabled()
    assert user.action("redo").text() == f"&Redo {name}"
    user.settle()
    user.action("redo").trigger()
    assert user.scene == after
    assert not user.action("redo").isEnabled()
    user.settle()


def test_an_ampersand_in_a_name_is_no_key(user):
    user.rename(0, "R&D")
    user.action("delete").trigger()
    assert user.action("undo").text() == "&Undo deletion of R&&D"
    user.settle()


def test_a_slider_drag_is_one_step(user):
    before, seen = user.scene, []
    user.slide("beta1", 0.2, 0.4, 0.6, 0.8, each=lambda: seen.append(user.value("beta1")))
    assert len(set(seen)) == 4
    user.slide("beta1", 0.5, 0.3)
    user.action("undo").trigger()
    assert user.value("beta1") == seen[-1]
    user.action("undo").trigger()
    assert user.scene == before
    assert user.text("beta1") == "0.9"


def test_two_typed_values_are_two_steps(user):
    user.enter("beta1", "0.8")
    user.enter("beta1", "0.7")
    user.action("undo").trigger()
    assert user.value("beta1") == 0.8


def test_two_drags_of_the_start_are_two_steps(user):
    places = [user.place(*user.scene.start), user.place(0, 0), user.place(0.5, 1)]
    user.drag(user.contours, places)
    first = user.scene
    user.drag(user.contours, [user.place(*first.start), user.place(1, 1.5), user.place(1.5, 2)])
    user.action("undo").trigger()
    assert user.scene == first


def test_turns_of_the_wheel_are_one_step(user):
    before, slider = user.scene, user.slider("beta1")
    user.wheel(slider, user.handle(slider), -120)
    assert user.scene == before  # without the focus it is the panel's
    slider.setFocus()
    for _ in range(3):
        user.wheel(slider, user.handle(slider), -120)
    assert user.value("beta1") < 0.9
    user.action("undo").trigger()
    assert user.scene == before


def test_a_value_that_stays_the_same_is_no_edit(user):
    user.enter("beta1", "0.90")
    assert user.text("beta1") == "0.9"
    user.click_run(0)
    user.drag(user.contours, [QPointF(200, 200), QPointF(230, 240)])  # pans
    assert user.document.undo_name is None


# A whole afternoon


@pytest.fixture
def shelf(tmp_path, small):
    """A folder with a scene file and one of a newer version, in which a run is not understood."""
    scene_files.write(small(steps=33), tmp_path / "lecture.optiviz")
    newer = json.loads(scene_files.to_json(small(steps=34))) | {"version": 2}
    newer["runs"].append({"label": "Sophia", "optimizer": "sophia", "lr": 0.1})
    (tmp_path / "newer.optiviz").write_text(json.dumps(newer), "utf-8")
    return tmp_path


def open_newer(user, path):
    user.window.files.open(path)
    user.message()


def forget_unread(user):
    QTest.mouseClick(user.runs.viewport(), LEFT, pos=user.row(user.runs.count() - 1))
    user.rest()
    user.press(Qt.Key.Key_Delete)


def paste(user, what):
    QApplication.clipboard().setText(pasted.to_text(what))
    user.rest()
    user.shortcut("Ctrl+V")


def at_step_30(user, keys):
    user.window.workspace.seek(30)
    user.rest()
    user.shortcut(keys)


def afternoon(user, shelf):
    """Edits of all kinds, in an order in which each is possible."""
    window = user.window
    return [
        *(EDITS[name] for name in ("choice of Booth", "change of steps", "change of seed", "adding of Lion")),
        lambda u: window.files.open(shelf / "lecture.optiviz"),
        EDITS["change of x₀"],
        lambda u: u.action("cut").trigger(),
        lambda u: paste(u, LION),
        *(EDITS[name] for name in ("renaming", "change of α₀")),
        lambda u: window.lessons.conductor.next(),
        EDITS["move of the start"],
        lambda u: at_step_30(u, "R"),
        lambda u: window.lessons.conductor.next(),
        lambda u: open_newer(u, shelf / "newer.optiviz"),
        *(EDITS[name] for name in ("duplication of Adam", "change of order", "drop of Lion")),
        forget_unread,
        lambda u: at_step_30(u, "D"),
        EDITS["change of colour"],
        lambda u: paste(u, first_scene()),
        lambda u: drop(u, shelf / "lecture.optiviz"),
        lambda u: u.action("rotated_bowl").trigger(),
        lambda u: at_step_30(u, "A"),
        lambda u: u.action("reset").trigger(),
        lambda u: window.files.open(shelf / "lecture.optiviz"),
    ]


def plain(scene):
    """A scene without what playing moves: that is no edit."""
    return scene.replace(place=Place())


def state(user):
    """All that undo must bring back."""
    document, card = user.document, user.window.card
    told = card.title.text() if card.isVisible() else ""
    runs = [run.label for run in document.origin.foreign.runs] if document.origin.foreign else []
    return plain(document.scene), document.origin.path, document.changed, runs, told


def test_an_afternoon_can_be_undone_and_redone(user, shelf, monkeypatch):
    monkeypatch.setattr(user.window.workspace.player, "advance", lambda seconds: False)
    states, names = [state(user)], []
    for edit in afternoon(user, shelf):
        edit(user)
        assert user.document.undo_name is not None
        names.append(user.document.undo_name)
        states.append(state(user))
    assert user.document.depth == len(names)  # each of them was one step
    for name, before in zip(reversed(names), reversed(states[:-1]), strict=True):
        assert user.action("undo").text() == f"&Undo {name}".replace(" & ", " && ")
        user.shortcut("Ctrl+Z")
        assert state(user) == before, name
    assert not user.action("undo").isEnabled()
    user.window.setUpdatesEnabled(False)  # all of it has been painted by now, twice
    for name, after in zip(names, states[1:], strict=True):
        assert user.action("redo").text() == f"&Redo {name}"
        user.shortcut("Ctrl+Y")
        assert state(user) == after, name
    assert not user.action("redo").isEnabled()
    user.settle()
    dice = random.Random(4)
    place = len(names)
    for _ in range(60):
        by = dice.choice((-1, 1))
        if 0 <= place + by <= len(names):
            user.action("undo" if by < 0 else "redo").trigger()
            place += by
            assert state(user) == states[place]
    user.window.setUpdatesEnabled(True)
    user.settle()
    user.window.lessons.conductor.close()


# Drags


def knot(user, lower=0):
    """The place of the run's knot on the curve of rates, which shows shares of α₀, or so many pixels under it."""
    plot, (step, rate) = user.window.dashboard.rate.plot, knots_of(user.run)[0]
    place = plot.box.mapViewToScene(QPointF(step, rate / user.run.lr))
    return QPointF(plot.mapFromScene(place)) + QPointF(0, lower)


DRAGS = {
    "a slider": lambda u: u.slide("k", 0.2, 0.4, 0.6),
    "the start": lambda u: u.drag(u.contours, [u.place(*u.scene.start), u.place(0, 0), u.place(0.5, 1), u.place(1, 1)]),
    "the overlays' size": lambda u: u.slide(u.window.tools.slider, 0.6, 0.7, 0.8),
    "a knot": lambda u: u.drag(u.window.dashboard.rate.plot.viewport(), [knot(u, by) for by in (0, 5, 10, 15)]),
}


@pytest.mark.parametrize("what", DRAGS)
def test_a_drag_is_one_step(user, small, what):
    knot = Run("adam", lr=0.05, schedule="manual", knots=((30, 0.02),))
    user.open(small(runs=[knot]) if what == "a knot" else small())
    if what == "the overlays' size":
        user.action("show_step").trigger()
    user.document.forget_history()
    with scenes_of(user.window.workspace) as scenes:
        DRAGS[what](user)
    assert len(scenes) > 3  # it followed the mouse
    assert user.document.depth == 1
    user.settle()
    user.action("undo").trigger()
    assert user.scene == scenes[0]
    user.settle()


def test_a_drag_that_comes_back_is_none(user):
    user.slide("k", 0.5)
    first = user.scene
    user.slide("k", 0.7, 0.5)
    assert user.scene == first
    assert user.document.depth == 1
    user.settle()


# How a scene was left


def test_a_scene_is_found_as_it_was_left(user, small, tmp_path):
    """The wrong file was opened in the middle of a lecture: cursor, zoom and speed are no edits, and come back."""
    scene_files.write(small(steps=40), tmp_path / "wrong.optiviz")
    user.window.workspace.seek(37)
    user.window.workspace.zoom(0.5)
    user.action("faster").trigger()
    shown = user.window.workspace.as_shown()
    user.window.files.open(tmp_path / "wrong.optiviz")
    assert user.cursor == 0
    user.window.workspace.seek(5)
    user.shortcut("Ctrl+Z")
    assert user.window.workspace.as_shown() == shown
    assert user.cursor == 37
    assert user.window.dashboard.contours.aim == shown.place.window
    user.shortcut("Ctrl+Y")
    assert user.cursor == 5
    assert user.window.dashboard.contours.aim == user.scene.landscape.window
    user.settle()
