"""The row of buttons over the contour view."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider

from optiviz.app.bars.tool_row import overlay_buttons

LEFT = Qt.MouseButton.LeftButton


@pytest.mark.parametrize("name", [*overlay_buttons(), "arithmetic"])
def test_a_button_turns_on_and_off_and_shows_which(user, name):
    button = user.window.tools.buttons[name]
    for wanted in (True, False):
        QTest.mouseClick(button, LEFT) if button.isVisible() else user.action(name).trigger()
        assert getattr(user.scene.view, name) is wanted
        assert button.isChecked() is wanted
    user.settle()


def test_the_slider_scales_overlays_as_one_edit(user):
    user.action("show_step").trigger()
    slider = user.find(QSlider, "overlay_scale slider")
    before = user.scene
    for place in (600, 700, 800):
        slider.setSliderDown(True)
        slider.setValue(place)
    slider.setSliderDown(False)
    assert user.scene.view.overlay_scale > 1
    user.document.undo()
    assert user.scene == before
    user.settle()


def test_the_slider_follows_the_keys(user):
    user.action("show_step").trigger()
    slider = user.find(QSlider, "overlay_scale slider")
    before = slider.value()
    user.action("larger").trigger()
    assert slider.value() > before
    user.action("true_size").trigger()
    assert slider.value() == before
    user.settle()


def test_one_click_halves_the_rate(user):
    selected = user.window.workspace.editor.selected
    before = user.settle()[selected].lr
    user.window.workspace.seek(20)
    user.window.tools.buttons["halve"].click()
    after = user.settle()[selected].lr
    assert (after[:20] == before[:20]).all()
    assert after[20] == before[20] / 2
