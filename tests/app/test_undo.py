"""Undo and redo of every kind of edit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from optiviz.scene.first import first_scene

LEFT = Qt.MouseButton.LeftButton


def knots(user):
    user.choose("schedule", "manual")
    user.document._undo.clear()
    user.enter("knots", "7:0.5")


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
    "change of the view": lambda u: u.choose(u.window.dashboard.chooser, "step_length"),
    "reset": lambda u: u.action("reset").trigger(),
}


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_can_be_undone_and_redone(user, name):
    document = user.document
    seen = []
    document.subscribe(lambda old, new: seen.append(old))
    EDITS[name](user)
    document._listeners.pop()
    before = seen[-1] if name == "change of knots" else seen[0]
    after = user.scene
    assert after != before
    assert document.undo_name == name
    assert user.action("undo").text() == f"&Undo {name}"
    user.settle()
    user.action("undo").trigger()
    assert user.scene == before
    assert not user.action("undo").isEnabled()
    assert user.action("redo").text() == f"&Redo {name}"
    user.settle()
    user.action("redo").trigger()
    assert user.scene == after
    assert not user.action("redo").isEnabled()
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


def test_an_edit_after_undo_forgets_what_could_be_redone(user):
    user.enter("beta1", "0.8")
    user.action("undo").trigger()
    user.enter("beta1", "0.7")
    assert not user.action("redo").isEnabled()


def test_a_value_that_stays_the_same_is_no_edit(user):
    user.enter("beta1", "0.90")
    assert user.text("beta1") == "0.9"
    user.click_run(0)
    user.drag(user.contours, [QPointF(200, 200), QPointF(230, 240)])  # pans
    assert user.document.undo_name is None


def test_reset_brings_the_first_scene_and_plays_it(user):
    user.action("reset").trigger()
    assert user.scene == first_scene()
    user.settle()
    assert user.window.player.playing
