"""The decay laboratory: its curves are the schedules' own, its paths the engine's, and it leaves nothing behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from optiviz import Run, Scene, simulate
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.schedules import SCHEDULES
from optiviz.laboratories.decay_laboratory import DecayLaboratory
from optiviz.laboratories.decay_list import DECAYS, typeset
from optiviz.scene.comparisons import K_GRID
from optiviz.scene.run import suggest_lr
from optiviz.widgets import style_sheet
from optiviz.widgets import theme as themes

LEFT = Qt.MouseButton.LeftButton
WITH_K = ("inverse_time", "inverse_sqrt", "exponential", "geometric", "staircase")


class Visitor:
    """Somebody in front of the laboratory."""

    def __init__(self, lab: DecayLaboratory) -> None:
        self.lab = lab
        self.handed: list[Scene] = []
        lab.scene_wanted.connect(self.handed.append)

    def choose(self, key: str) -> None:
        row = next(i for i, decay in enumerate(DECAYS) if decay.key == key)
        rect = self.lab.list.visualItemRect(self.lab.list.item(row))
        QTest.mouseClick(self.lab.list.viewport(), LEFT, pos=rect.center())

    def enter(self, name: str, text: str) -> None:
        fields = self.lab.form.fields | {"epochs": self.lab.epochs_field}
        edit = fields[name].edit
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)

    def error(self, name: str) -> str:
        fields = self.lab.form.fields | {"epochs": self.lab.epochs_field}
        return fields[name].error.text()

    def settle(self) -> None:
        """Waits for the paths of what is shown."""
        end = 500
        while self.lab.computing:
            QTest.qWait(10)
            end -= 1
            assert end, "it never came"

    def curves(self) -> dict[str, tuple[np.ndarray, float]]:
        """The curves drawn, by their colour, with their width."""
        return {line.colors[0]: (line.y, line.width) for line in self.lab.curves.plot.lines.lines}

    def labels(self) -> list[str | None]:
        assert self.lab.shown is not None
        return [run.label for run in self.lab.shown.runs]


@pytest.fixture
def visit(qapp: QApplication, small: Callable[..., Scene]) -> Iterator[Callable[..., Visitor]]:
    """Opens laboratories as the program does, and closes them after the test."""
    opened: list[DecayLaboratory] = []

    def visit(scene: Scene | None = None, selected: int = 1, wait: bool = True) -> Visitor:
        style_sheet.apply(qapp, themes.LIGHT)
        lab = DecayLaboratory(scene or small(), selected, themes.LIGHT)
        opened.append(lab)
        lab.show()
        visitor = Visitor(lab)
        if wait:
            visitor.settle()
        return visitor

    yield visit
    for lab in opened:
        if shiboken6.isValid(lab):
            runner = lab.runner
            lab.close()
            assert not runner.alive
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert not shiboken6.isValid(lab)


def rates_of(key: str, params: dict[str, Any], epochs: int) -> np.ndarray:
    return SCHEDULES[key].rates(np.arange(epochs + 1), 1.0, params, length=epochs, steps_per_epoch=1)


@pytest.mark.parametrize("key", [decay.key for decay in DECAYS])
def test_curves_are_the_rates_of_the_schedule_and_paths_those_of_the_engine(visit, key):
    visitor = visit()
    visitor.choose(key)
    visitor.settle()
    lab = visitor.lab
    assert lab.decay.key == key
    runs = lab.shown.runs
    assert len(runs) == (len(K_GRID) + 1 if key in WITH_K else 1)
    curves = visitor.curves()
    for run in runs:
        drawn, width = curves[run.color]
        assert np.array_equal(drawn, rates_of(key, dict(run.schedule_params), 100))
        assert (width > 2) == (run is runs[-1])
    shown = lab.contours.plot.marks.result
    assert shown.scene == lab.shown
    for drawn, computed in zip(shown.trajectories, simulate(lab.shown), strict=True):
        assert np.array_equal(drawn.x, computed.x)
    assert {(run.optimizer, run.lr) for run in runs} == {("momentum", 2e-4)}


def test_the_laboratory_begins_with_the_selected_runs_decay(visit):
    lab = visit(selected=0).lab
    assert lab.decay.key == "exponential"
    assert lab.free["exponential"] == {"k": 0.01}
    assert lab.list.currentRow() == DECAYS.index(lab.decay)


def test_the_free_k_moves_the_thick_curve_and_nothing_else(visit):
    visitor = visit()
    before = visitor.curves()
    visitor.enter("k", "0.25")
    after = visitor.curves()
    changed = [color for color in before if not np.array_equal(before[color][0], after[color][0])]
    assert changed == [visitor.lab.shown.runs[-1].color]
    assert visitor.labels()[-1] == "k = 0.25"
    visitor.enter("k", "-1")
    assert "k must be" in visitor.error("k")
    assert visitor.labels()[-1] == "k = 0.25"


def test_the_free_k_may_be_one_of_the_grid(visit):
    visitor = visit()
    visitor.enter("k", "0.5")
    assert visitor.labels()[-1] == "k = 0.5 2"
    visitor.settle()


def test_the_period_belongs_to_the_whole_family(visit):
    visitor = visit()
    visitor.choose("staircase")
    visitor.enter("period", "25")
    assert {run.schedule_params["period"] for run in visitor.lab.shown.runs} == {25}


def test_every_decay_remembers_its_settings(visit):
    visitor = visit()
    visitor.enter("k", "0.25")
    visitor.choose("cosine")
    visitor.enter("end", "0.5")
    visitor.choose("inverse_time")
    assert visitor.lab.form.fields["k"].edit.text() == "0.25"
    visitor.choose("cosine")
    assert visitor.lab.form.fields["end"].edit.text() == "0.5"


def test_curves_of_the_grid_go_and_come(visit):
    visitor = visit()
    QTest.mouseClick(visitor.lab.toggles.chips[0.9], LEFT)
    assert "k = 0.9" not in visitor.labels()
    assert len(visitor.curves()) == len(K_GRID)
    QTest.mouseClick(visitor.lab.toggles.chips[0.9], LEFT)
    assert visitor.labels()[:-1] == [f"k = {k:g}" for k in K_GRID]
    visitor.choose("cosine")
    assert not visitor.lab.toggles.isVisible()


def test_epochs(visit, small):
    visitor = visit(small(steps_per_epoch=4))
    visitor.enter("epochs", "30")
    visitor.settle()
    lab = visitor.lab
    assert lab.shown.steps == 120
    assert len(visitor.curves()[lab.shown.runs[-1].color][0]) == 31
    assert lab.cursor == 30
    assert lab.contours.plot.marks.step == 120
    visitor.enter("epochs", "0")
    assert "epochs must be a whole number from 1" in visitor.error("epochs")
    assert lab.epochs == 30


def test_more_steps_than_a_scene_may_have_are_refused_in_words(visit, small):
    visitor = visit(small(steps_per_epoch=1000), wait=False)
    visitor.enter("epochs", "5000")
    assert "epochs must be a whole number from 1 to 714" in visitor.error("epochs")
    assert (visitor.lab.epochs, visitor.lab.shown.steps) == (100, 100_000)


def test_where_epochs_are_long_it_begins_with_few(visit, small):
    lab = visit(small(steps_per_epoch=50_000), wait=False).lab
    assert lab.epochs == lab.cursor == 14
    assert lab.shown.steps == 700_000


def test_an_epoch_too_long_is_refused_in_words(user):
    threads = threading.active_count()
    user.enter("steps_per_epoch", "800000")
    user.action("laboratory").trigger()
    assert user.status == "steps / epoch must be at most 714,285 for the decay laboratory, not 800,000"
    assert not user.window.findChildren(DecayLaboratory)
    assert threading.active_count() == threads


def test_a_logarithmic_axis_shows_a_few_decades(visit):
    visitor = visit()
    visitor.choose("exponential")
    QTest.mouseClick(visitor.lab.log_switch, LEFT)
    low, high = visitor.lab.curves.plot.box.viewRange()[1]
    assert low == pytest.approx(-6)
    assert 0 < high < 0.5
    free = visitor.curves()[visitor.lab.shown.runs[-1].color][0]
    assert np.allclose(np.diff(free, 2), 0, atol=1e-9)  # a straight line
    QTest.mouseClick(visitor.lab.log_switch, LEFT)
    assert visitor.lab.curves.plot.box.viewRange()[1][0] < 0.1


def test_curves_are_read_and_scrubbed_with_the_mouse(visit, small):
    visitor = visit(small(steps_per_epoch=2))
    plot = visitor.lab.curves.plot
    rect = plot.box.sceneBoundingRect()
    middle = QPoint(round(rect.center().x()), round(rect.center().y()))
    none = Qt.MouseButton.NoButton
    there, on_screen = QPointF(middle), QPointF(plot.viewport().mapToGlobal(middle))
    move = QMouseEvent(QEvent.Type.MouseMove, there, on_screen, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(plot.viewport(), move)
    assert plot.marks.hover in range(48, 53)
    assert [name for _, name, _ in plot.marks.readings] == visitor.labels()
    QTest.mouseClick(plot.viewport(), LEFT, pos=middle)
    assert visitor.lab.cursor == plot.marks.step
    assert visitor.lab.cursor in range(48, 53)
    assert visitor.lab.contours.plot.marks.step == 2 * visitor.lab.cursor


def test_the_start_moves(visit):
    visitor = visit()
    plot = visitor.lab.contours.plot
    rect = plot.box.sceneBoundingRect()
    QTest.mouseClick(plot.viewport(), LEFT, pos=QPoint(round(rect.center().x()), round(rect.center().y())))
    visitor.settle()
    assert visitor.lab.shown.start == pytest.approx((0, 1), abs=0.1)
    assert plot.marks.result.trajectories[0].x[0] == visitor.lab.shown.start[0]


def test_the_family_is_handed_over_as_a_scene(visit, small):
    scene = small(noise=0.1, seed=5)
    visitor = visit(scene)
    visitor.choose("geometric")
    family = visitor.lab.shown.runs
    QTest.mouseClick(visitor.lab.findChild(QPushButton, "use"), LEFT)
    assert visitor.handed == [scene.replace(steps=100, runs=family)]
    assert visitor.handed[0].view == scene.view
    assert not visitor.lab.isVisible()


@pytest.mark.parametrize("leave", ["escape", "close", "reject"])
def test_leaving_ends_the_thread_even_in_the_middle(visit, small, leave):
    visitor = visit(small(steps_per_epoch=5000), wait=False)
    lab, runner = visitor.lab, visitor.lab.runner
    end = 500
    while "Computing" not in lab.pointer.text():  # it says so when there is something to wait for
        QTest.qWait(10)
        end -= 1
        assert end
    assert lab.computing
    if leave == "escape":
        QTest.keyClick(lab, Qt.Key.Key_Escape)
    else:
        getattr(lab, leave)()
    assert not lab.isVisible()
    assert not lab.computing
    assert not runner.alive


def test_a_parent_that_goes_takes_the_thread_along(qapp, small):
    from PySide6.QtWidgets import QWidget

    style_sheet.apply(qapp, themes.LIGHT)
    parent = QWidget()
    runner = DecayLaboratory(small(), 0, themes.LIGHT, parent).runner
    shiboken6.delete(parent)
    assert not runner.alive


def test_a_scene_without_runs_has_gradient_descent(visit, small):
    lab = visit(small(runs=()), 0).lab
    assert {run.optimizer for run in lab.shown.runs} == {"gd"}
    assert lab.shown.runs[0].lr == suggest_lr(OPTIMIZERS["gd"], lab.scene.place)


def test_manual_runs_and_diverging_ones_are_welcome(visit, small):
    lab = visit(small(runs=[Run("momentum", lr=50.0, schedule="manual", knots=((5, 0.1),))]), 0).lab
    assert lab.decay.key == "inverse_time"
    assert any(trajectory.message for trajectory in lab.contours.plot.marks.result.trajectories)


def test_another_scene_and_another_theme(visit, small):
    visitor = visit()
    visitor.lab.show_scene(small(surface="booth", start=(-8, 7)), 0)
    visitor.lab.dress(themes.DARK)
    visitor.settle()
    assert visitor.lab.contours.plot.marks.result.scene.surface == "booth"
    assert visitor.lab.place.text() == "Adam on Booth, α₀ = 0.05"
    assert visitor.lab.decay.key == "inverse_time"


def test_at_rest_nothing_goes_on(visit):
    visitor = visit()
    assert not visitor.lab.computing
    assert not visitor.lab.runner.busy


def test_it_fits_a_small_screen(visit):
    lab = visit().lab
    for row in range(len(DECAYS)):
        lab.list.setCurrentRow(row)
        QApplication.processEvents()
        size = lab.minimumSizeHint()
        assert size.width() <= 1024
        assert size.height() <= 700


def test_formulas_are_typeset():
    assert typeset(SCHEDULES["exponential"].formula) == "α(t) = α₀ e<sup>−k t</sup>"
    assert typeset(SCHEDULES["staircase"].formula) == "α(t) = α₀ k<sup>⌊t / period⌋</sup>"
    assert typeset(SCHEDULES["geometric"].formula) == "α(t) = kᵗ α₀"
    assert typeset(SCHEDULES["one_cycle"].formula) == SCHEDULES["one_cycle"].formula
