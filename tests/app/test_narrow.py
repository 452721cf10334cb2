"""The narrowest window: what cannot be done without is there, and nothing overlaps."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtWidgets import QWidget


@pytest.fixture
def narrow(user):
    user.window.resize(user.window.minimumSize())
    user.picture()
    return user


def test_speed_and_the_overlays_size_can_be_chosen(narrow):
    assert narrow.window.transport.speed.isVisible()
    assert narrow.window.tools.slider.isVisible()
    assert narrow.window.transport.buttons["play"].isVisible()


@pytest.mark.parametrize("row", ["transport", "tools"])
def test_controls_lie_in_their_row_beside_each_other(narrow, row):
    row = getattr(narrow.window, row)
    parts = [part for part in row.findChildren(QWidget) if part.isVisible() and part.parentWidget() is row]
    parts.sort(key=lambda part: part.x())
    assert parts[0].x() >= 0
    assert parts[-1].geometry().right() <= row.width()
    for left, right in pairwise(parts):
        assert left.geometry().right() < right.x(), (left.accessibleName(), right.accessibleName())
