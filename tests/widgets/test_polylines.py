"""Lines that grow with the cursor: growing ends where drawing at once does, and only what is new is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from optiviz.widgets import polylines
from optiviz.widgets.plot import Plot
from optiviz.widgets.polylines import PolylineLayer, Stroke
from optiviz.widgets.theme import LIGHT


@pytest.fixture
def layer(qtbot, monkeypatch):
    """A plot with nothing but a layer in it, and a function that draws it."""
    monkeypatch.setattr(polylines, "AFFORDABLE", 60.0)  # on a busy machine nothing may be put off

    def make():
        plot = Plot()
        qtbot.addWidget(plot)
        plot.resize(300, 220)
        plot.set_theme(LIGHT)
        plot.getAxis("left").setWidth(40)  # whatever their labels need: else a zoom changes the lines' room
        plot.getAxis("bottom").setHeight(24)
        plot.box.setRange(QRectF(0, 0, 100, 100), padding=0)
        item = PolylineLayer()
        plot.addItem(item, ignoreBounds=True)
        plot.grab()

        def draw():
            image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
            rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
            return rows[:, :, :3].astype(int)

        return item, draw

    return make


def wild_lines():
    t = np.linspace(0, 100, 300)
    gap = 50 + 40 * np.sin(t / 3)
    gap[100:110] = np.nan
    far = np.where(t > 60, 1e300, t)
    return [
        Stroke(t, 50 + 40 * np.cos(t / 7), ("#cc0000",)),
        Stroke(t, gap, ("#00aa00",), dashed=True),
        Stroke(t, far, ("#0000cc", "#cc00cc")),
        Stroke(t[:40], t[:40] * 2, ("#888800",)),
    ]


@pytest.mark.parametrize("rest", [True, False])
def test_growing_ends_where_drawing_at_once_does(layer, rest):
    pictures = []
    for stops in ([299], [3, 4, 50, 51, 120, 299], [299, 40, 299]):
        item, draw = layer()
        item.show_style(halo="#ffffff", rest=rest)
        item.show_lines(wild_lines())
        for cursor in stops:
            item.show_cursor(cursor)
            picture = draw()
        pictures.append(picture)
    assert (pictures[0] != pictures[0][0, 0]).any()
    for picture in pictures[1:]:
        # Seams between pieces and the faint rest may differ a little; nothing may be missing or too much.
        assert (np.abs(picture - pictures[0]).max(axis=2) > 120).mean() < 0.003


def test_only_new_segments_are_drawn(layer, monkeypatch):
    item, draw = layer()
    item.show_lines(wild_lines())
    item.show_cursor(100)
    draw()
    drawn = []
    draw_steps = PolylineLayer.draw_steps
    monkeypatch.setattr(
        PolylineLayer, "draw_steps", lambda self, *args: (drawn.append(args[1:]), draw_steps(self, *args))[1]
    )
    item.show_cursor(103)
    draw()
    assert drawn == [(100, 103)]
    drawn.clear()
    draw()
    assert drawn == []
    item.show_cursor(20)
    draw()
    assert drawn == [(0, 20)]


def test_nothing_is_drawn_past_the_cursor_and_the_rest_is_faint(layer):
    t = np.linspace(0, 100, 101)
    item, draw = layer()
    item.show_lines([Stroke(t, np.full(101, 50.0), ("#cc0000",))])
    item.show_cursor(0)
    ground = draw()
    item.show_cursor(50)
    half = draw()
    changed = np.flatnonzero((half != ground).any(axis=(0, 2)))
    item.show_style(halo=None, rest=True)
    faint = draw()
    item.show_cursor(100)
    whole = draw()
    right = np.flatnonzero((whole != ground).any(axis=(0, 2)))
    assert changed[-1] == pytest.approx((right[0] + right[-1]) / 2, abs=3)
    column = right[-1] - 10
    contrast = [np.abs(picture[:, column] - ground[:, column]).max() for picture in (half, faint, whole)]
    assert contrast[0] == 0
    assert 0 < contrast[1] < 0.6 * contrast[2]


def test_the_rest_goes_to_the_last_point(layer):
    item, draw = layer()
    item.show_lines([Stroke(np.array([10.0, 50.0, 90.0]), np.array([50.0, 50.0, 50.0]), ("#cc0000",))])
    item.show_cursor(1)
    half = draw()
    item.show_style(halo=None, rest=True)
    added = np.flatnonzero((draw() != half).any(axis=(0, 2)))
    item.show_cursor(2)
    assert added[-1] == pytest.approx(np.flatnonzero((draw() != half).any(axis=(0, 2)))[-1], abs=3)


def test_a_million_points_are_drawn(layer):
    t = np.linspace(0, 100, 1_000_000)
    item, draw = layer()
    item.show_lines([Stroke(t, 50 + 40 * np.sin(t), ("#cc0000",))])
    item.show_cursor(len(t))
    red = QColor("#cc0000")
    assert (draw() == (red.blue(), red.green(), red.red())).all(axis=2).any()


def test_what_takes_long_is_stretched_while_the_view_moves(layer, monkeypatch, qtbot):
    t = np.linspace(0, 100, 101)
    item, draw = layer()
    item.show_lines([Stroke(t, 50 + 40 * np.sin(t / 5), ("#cc0000",))])
    item.show_cursor(100)
    draw()
    QApplication.processEvents()  # the axes take the room that their labels need
    draw()
    monkeypatch.setattr(polylines, "AFFORDABLE", 0.0)
    drawn = []
    draw_steps = PolylineLayer.draw_steps
    monkeypatch.setattr(
        PolylineLayer, "draw_steps", lambda self, *args: (drawn.append(args[1:]), draw_steps(self, *args))[1]
    )
    item.getViewBox().setRange(QRectF(25, 25, 50, 50), padding=0)  # halves: no rounding grows the images' box
    moving = draw()
    assert drawn == []
    qtbot.waitUntil(lambda: bool(drawn) or draw() is None, timeout=3000)
    rested = draw()
    qtbot.waitUntil(lambda: not item.moving, timeout=3000)
    assert drawn == [(0, 100)]
    red = (rested == (0, 0, 0xCC)).all(axis=2)
    assert red.any()
    # The stretched picture had the line in the same place, if less sharp.
    near = (np.abs(moving - (0, 0, 0xCC)).max(axis=2) < 120)[red]
    assert near.mean() > 0.6
