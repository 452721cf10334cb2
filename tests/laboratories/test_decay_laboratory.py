"""The decay laboratory: its curves are the schedules' own, its paths the engine's, and it leaves nothing behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from windows import until

from optiviz import Run, Scene, simulate
from optiviz.desk.desk import Desk
from optiviz.desk.settings import Settings
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.schedules import SCHEDULES
from optiviz.laboratories.decay_laboratory import DecayLaboratory
from optiviz.laboratories.decay_list import DECAYS, typeset
from optiviz.scene.comparisons import K_GRID
from optiviz.scene.run import suggest_lr
from optiviz.session.workspace import Workspace
from optiviz.widgets import style_sheet
from optiviz.widgets import theme as themes

LEFT = Qt.MouseButton.LeftButton
WITH_K = ("inverse_time", "inverse_sqrt", "exponential", "geometric", "staircase")


class Visitor:
    """Somebody in front of a laboratory."""

    def __init__(self, lab: DecayLaboratory) -> None:
        self.lab = lab
        self.workspace = lab.workspace

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
        until(lambda: not self.lab.computing)

    def curves(self) -> dict[str, tuple[np.ndarray, float]]:
        """The curves drawn, by their colour, with their width."""
        return {line.colors[0]: (line.y, line.width) for line in self.lab.curves.plot.lines.lines}

    def labels(self) -> list[str | None]:
        assert self.lab.shown is not None
        return [run.label for run in self.lab.shown.runs]


@pytest.fixture
def visit(qapp: QApplication, small: Callable[..., Scene]) -> Iterator[Callable[..., Visitor]]:
    """Opens laboratories on workspaces of their own, as the program does, and closes them after the test."""
    opened: list[Visitor] = []

    def visit(scene: Scene | None = None, selected: int = 1, wait: bool = True) -> Visitor:
        if not qapp.property(style_sheet.STYLED):
            style_sheet.apply(qapp, themes.LIGHT)
        workspace = Workspace(scene or small())
        workspace.select(selected)
        visitor = Visitor(DecayLaboratory(workspace, Desk(QWidget(), Settings())))
        opened.append(visitor)
        visitor.lab.appear()
        if wait:
            visitor.settle()
        return visitor

    yield visit
    for visitor in opened:
        lab = visitor.lab
        if shiboken6.isValid(lab):
            runner = lab.runner
            lab.close()
            assert not runner.alive
        visitor.workspace.close()
        assert lab not in visitor.workspace.watchers
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert not shiboken6.isValid(lab)


def rates_of(key: str, params: dict[str, Any], epochs: int) -> np.ndarray:
    return SCHEDULES[key].rates(np.arange(epochs + 1), 1.0, params, length=epochs, steps_per_epoch=1)


def test_curves_are_the_rates_of_the_schedule_and_paths_those_of_the_engine(visit):
    visitor = visit()
    lab = visitor.lab
    for decay in DECAYS:
        visitor.choose(decay.key)
        visitor.settle()
        assert lab.decay is decay
        runs = lab.shown.runs
        assert len(runs) == (len(K_GRID) + 1 if decay.key in WITH_K else 1)
        curves = visitor.curves()
        for run in runs:
            drawn, width = curves[run.color]
            assert np.array_equal(drawn, rates_of(decay.key, dict(run.schedule_params), 100)), decay.key
            assert (width > 2) == (run is runs[-1])
        shown = lab.contours.plot.marks.result
        assert shown.scene == lab.shown
        for drawn, computed in zip(shown.trajectories, simulate(lab.shown), strict=True):
            assert np.array_equal(drawn.x, computed.x), decay.key
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
    assert lab.epoch == 30
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
    assert lab.epochs == lab.epoch == 14
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
    assert visitor.lab.epoch == plot.marks.step
    assert visitor.lab.epoch in range(48, 53)
    assert visitor.lab.contours.plot.marks.step == 2 * visitor.lab.epoch


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
    assert visitor.workspace.scene == scene.replace(steps=100, runs=family)
    assert visitor.workspace.scene.view == scene.view
    assert visitor.workspace.document.undo_name == "decay laboratory"
    assert not visitor.lab.isVisible()


def test_it_says_when_there_is_something_to_wait_for(visit, small):
    visitor = visit(small(steps_per_epoch=5000), wait=False)
    until(lambda: "Computing the paths" in visitor.lab.pointer.text())
    assert visitor.lab.computing


@pytest.mark.parametrize("leave", ["escape", "close", "reject"])
def test_leaving_ends_the_thread_even_in_the_middle(visit, small, leave):
    visitor = visit(small(steps_per_epoch=5000), wait=False)
    lab, runner = visitor.lab, visitor.lab.runner
    until(lambda: runner.progress > 0.01)
    assert lab.computing
    if leave == "escape":
        QTest.keyClick(lab, Qt.Key.Key_Escape)
    else:
        getattr(lab, leave)()
    assert not lab.isVisible()
    assert not lab.computing
    assert not runner.alive


def test_a_parent_that_goes_takes_the_thread_along(qapp, workspace):
    parent = QWidget()
    runner = DecayLaboratory(workspace, Desk(parent, Settings())).runner
    shiboken6.delete(parent)
    assert not runner.alive


def test_a_scene_without_runs_has_gradient_descent(visit, small):
    lab = visit(small(runs=()), 0).lab
    assert {run.optimizer for run in lab.shown.runs} == {"gd"}
    assert lab.shown.runs[0].lr == suggest_lr(OPTIMIZERS["gd"], lab.scene.landscape)


def test_manual_runs_and_diverging_ones_are_welcome(visit, small):
    lab = visit(small(runs=[Run("momentum", lr=50.0, schedule="manual", knots=((5, 0.1),))]), 0).lab
    assert lab.decay.key == "inverse_time"
    assert any(trajectory.message for trajectory in lab.contours.plot.marks.result.trajectories)


def test_it_grows_with_the_type_of_a_hall(visit):
    visitor = visit(wait=False)
    rows = visitor.lab.list
    before = rows.visualItemRect(rows.item(0)).height()
    themes.set_scale(1.6)
    try:
        visitor.workspace.appear(scale=1.6)
        QApplication.processEvents()
        assert rows.visualItemRect(rows.item(0)).height() == pytest.approx(1.6 * before, abs=1)
    finally:
        themes.set_scale(1.0)


# Beside the program's window


@pytest.fixture
def beside(user):
    """The laboratory that the user has opened beside the window, with all its paths."""
    user.action("laboratory").trigger()
    visitor = Visitor(user.window.findChild(DecayLaboratory))
    visitor.settle()
    return visitor


def contrast(one, other):
    """How well two colours can be told apart, from 1 to 21, as WCAG 2 has it."""

    def luminance(color):
        share = np.asarray(color, float) / 255
        linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(picture):
    """The best contrast that a piece of a picture has with its own ground."""
    packed, counts = np.unique(picture.reshape(-1, 3) @ (65536, 256, 1), return_counts=True)
    colors = packed[:, None] >> (16, 8, 0) & 255
    return max(contrast(color, colors[counts.argmax()]) for color in colors)


def words_of(lab):
    """Everything on the laboratory that is words: what it is, and its rectangle."""
    kinds = (QLabel, QPushButton, QToolButton, QCheckBox, QLineEdit)
    for widget in (widget for kind in kinds for widget in lab.findChildren(kind)):
        if widget.isVisibleTo(lab) and widget.text().strip():
            yield widget.text(), widget.rect().translated(widget.mapTo(lab, QPoint(0, 0)))
    rows = lab.list.viewport()
    for row in range(lab.list.count()):
        rect = lab.list.visualItemRect(lab.list.item(row)) & rows.rect()
        upper, lower = rect.adjusted(8, 2, -2, -rect.height() // 2), rect.adjusted(8, rect.height() // 2, -2, -2)
        for part in (upper, lower):  # its name, and its formula
            if part.height() > 12:
                yield lab.list.item(row).text(), part.translated(rows.mapTo(lab, QPoint(0, 0)))


def unreadable(user, lab):
    """The words that do not stand out from their ground."""
    picture = user.picture(lab)
    found = []
    for words, rect in words_of(lab):
        piece = picture[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]
        if readable(piece) < 4.0:
            found.append(words)
    return found


def test_it_goes_over_to_the_other_theme(user, beside):
    lab = beside.lab
    lab.toggles.chips[0.9].toggle()
    lab.note.setText("a note")
    light = user.picture(lab)
    assert len(list(words_of(lab))) > 30
    assert unreadable(user, lab) == []
    user.shortcut("Ctrl+T")
    try:
        beside.settle()
        dark = user.picture(lab)
        assert unreadable(user, lab) == []
        for plot in (lab.curves.plot, lab.contours.plot):
            assert plot.grab().toImage().pixelColor(2, 2) == QColor(themes.DARK.card)
        assert (dark.max(axis=2) > 200).mean() < 0.02  # nothing stays white but letters
        lab.close()
        user.shortcut("Ctrl+K")
        fresh = Visitor(next(lab for lab in user.window.findChildren(DecayLaboratory) if lab.isVisible()))
        fresh.lab.toggles.chips[0.9].toggle()
        fresh.lab.note.setText("a note")
        fresh.settle()
        differing = np.abs(user.picture(fresh.lab).astype(int) - dark).max(axis=2) > 40
        assert differing.mean() < 1e-3  # it looks as if it had been opened in the dark
    finally:
        user.shortcut("Ctrl+T")
    fresh.settle()
    assert (np.abs(user.picture(fresh.lab).astype(int) - light).max(axis=2) > 40).mean() < 1e-3


def test_it_follows_what_is_chosen_in_the_window(user, beside, small):
    lab = beside.lab
    beside.enter("k", "0.25")
    user.choose("surface", "booth")
    assert lab.heading.text() == "Adam on Booth, α₀ = 0.05"
    assert lab.shown.surface == "booth"
    assert not lab.contours.plot.paths.lines or lab.contours.plot.marks.result.scene.surface == "booth"
    beside.settle()
    assert lab.contours.plot.marks.result.scene == lab.shown
    user.click_run(1)
    assert lab.heading.text() == "Momentum on Booth, α₀ = 0.0002"
    user.enter("lr", "0.01")
    assert {run.lr for run in lab.shown.runs} == {0.01}
    user.open(small(surface="matyas", start=(3, -2), runs=[Run("lion", lr=0.125)], steps_per_epoch=3))
    assert lab.heading.text() == "Lion on Matyas, α₀ = 0.125"
    assert lab.shown.start == (3, -2)
    assert lab.shown.steps == 300
    beside.settle()
    assert lab.contours.plot.marks.result.scene == lab.shown
    assert lab.contours.aim == lab.shown.landscape.window
    user.shortcut("Ctrl+Z")
    assert lab.heading.text().startswith("Adam on Booth")
    assert (lab.decay.key, beside.labels()[-1]) == ("exponential", "k = 0.25")  # its own settings stay
    beside.settle()


def test_looking_elsewhere_asks_for_nothing(user, beside):
    """What is only looked at in the window is not what the laboratory is about."""
    shown = beside.lab.shown
    user.action("rest").trigger()
    user.window.workspace.seek(10)
    user.window.workspace.zoom(0.5)
    assert not beside.lab.computing
    assert beside.lab.shown is shown


@pytest.mark.parametrize("at_once", [True, False])
def test_the_surface_that_has_been_chosen_is_never_put_back(user, beside, at_once):
    user.choose("surface", "himmelblau")
    user.action("rest").trigger()
    if not at_once:
        beside.settle()
    QTest.mouseClick(beside.lab.use, LEFT)
    assert user.scene.surface == "himmelblau"
    assert [run.label for run in user.scene.runs] == beside.labels()
    assert user.scene.view.rest  # nor how it is looked at
    assert {trajectory.x[0] for trajectory in user.settle()} == {user.scene.start[0]}
    user.shortcut("Ctrl+Z")
    assert user.scene.surface == "himmelblau"
    assert [run.label for run in user.scene.runs] == ["Adam", "Momentum"]
    user.settle()


@pytest.mark.parametrize(
    ("decay", "k", "field", "text", "why"),
    [
        ("exponential", "0.25", "steps_per_epoch", "800000", "steps / epoch must be at most 714,285"),
        ("inverse_sqrt", "10", "lr", "1.7e308", "lr must give a finite rate at the first step"),
    ],
)
def test_a_scene_that_it_cannot_show_is_not_replaced_by_the_one_before(user, beside, decay, k, field, text, why):
    beside.choose(decay)
    beside.enter("k", k)
    beside.settle()
    shown = beside.lab.shown
    user.enter(field, text)
    assert why in beside.lab.pointer.text()
    assert not beside.lab.use.isEnabled()
    assert beside.lab.shown is shown
    QTest.mouseClick(beside.lab.use, LEFT)
    assert user.value(field) == float(text)
    user.shortcut("Ctrl+Z")
    assert beside.lab.use.isEnabled()
    user.enter("start x", "0.5")
    assert beside.lab.shown.start[0] == 0.5
    beside.settle()
    user.settle()


def test_a_decay_that_the_rate_has_made_impossible_is_not_chosen(user, beside):
    beside.choose("inverse_sqrt")
    beside.enter("k", "10")
    beside.choose("exponential")
    user.enter("lr", "1.7e308")
    shown = beside.lab.shown
    beside.lab.list.setCurrentRow([decay.key for decay in DECAYS].index("inverse_sqrt"))
    assert "lr must give a finite rate at the first step" in beside.lab.pointer.text()
    assert beside.lab.decay.key == "exponential"
    assert DECAYS[beside.lab.list.currentRow()].key == "exponential"
    assert beside.lab.shown is shown
    beside.settle()
    user.settle()


# At rest


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
