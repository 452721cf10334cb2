"""What is drawn anew when something changes: what has changed, once, and nothing else; and what asks the worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from optiviz import Run
from optiviz.session.runner import Runner
from optiviz.views.contours.relief import Relief
from optiviz.views.curves.curve_view import CurveView
from optiviz.widgets.polylines import PolylineLayer

CURVES = ("rate", "loss", "third")
PLOTS = ("contours", *CURVES)


@dataclass
class Work(QObject):
    """Counts, by the names of plots, which lines have been drawn, which curves made, and which viewports painted."""

    lines: Counter[str] = field(default_factory=Counter)
    steps: set[tuple[int, int]] = field(default_factory=set)
    curves: Counter[str] = field(default_factory=Counter)
    reliefs: int = 0
    requests: int = 0
    painted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__init__()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.painted[watched.parentWidget().objectName()] += 1
        return False

    def draw_steps(self, layer: PolylineLayer, first: int, last: int) -> None:
        self.lines[layer.getViewWidget().objectName()] += 1
        self.steps.add((first, last))

    def show_curve(self, view: CurveView) -> None:
        self.curves[view.plot.objectName()] += 1

    def show_scene(self, relief: Relief) -> None:
        self.reliefs += 1

    def request(self, runner: Runner) -> None:
        self.requests += 1


@pytest.fixture
def looker(user, small):
    """The user in front of three runs, at step 20 of 60, with an overlay; all of it has been drawn."""
    runs = [Run("adam", lr=0.05), Run("momentum", lr=2e-4), Run("gd", lr=1e-3, schedule="exponential")]
    user.open(small(runs=runs))
    user.rest()
    user.action("show_step").trigger()
    user.window.workspace.seek(20)
    user.window.workspace.end_preview()
    draw()
    return user


@pytest.fixture
def work(looker, monkeypatch) -> Callable[[Callable[[], object]], Work]:
    """Does something in the window; gives what has been drawn for it."""
    viewports = [looker.window.dashboard.findChild(QWidget, name).viewport() for name in PLOTS]
    spied = ((PolylineLayer, "draw_steps"), (CurveView, "show_curve"), (Relief, "show_scene"), (Runner, "request"))

    def work(act: Callable[[], object]) -> Work:
        done = Work()
        with monkeypatch.context() as patch:
            for owner, name in spied:
                spy(patch, owner, name, done)
            for viewport in viewports:
                viewport.installEventFilter(done)
            act()
            draw()
            for viewport in viewports:
                viewport.removeEventFilter(done)
        return done

    return work


def spy(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, done: Work) -> None:
    """Counts the calls of a method."""
    method, count = getattr(owner, name), getattr(done, name)

    def counted(self, *args, **options):
        count(self, *(args[1:] if name == "draw_steps" else ()))
        return method(self, *args, **options)

    monkeypatch.setattr(owner, name, counted)


def draw() -> None:
    """Lets the window paint what it wants to."""
    for _ in range(5):
        QApplication.processEvents()


# What is only looked at


def test_the_size_of_overlays_draws_them_and_nothing_else(looker, work):
    done = work(lambda: looker.window.tools.slider.setValue(700))
    assert looker.scene.view.overlay_scale != 1
    assert (done.lines, done.curves, done.reliefs, done.requests) == ({}, {}, 0, 0)
    assert set(done.painted) == {"contours"}


def test_an_overlay_draws_itself_and_nothing_else(looker, work):
    for keys in ("G", "N", "O", "T"):
        done = work(lambda keys=keys: looker.shortcut(keys))
        assert (done.lines, done.curves, done.reliefs, done.requests) == ({}, {}, 0, 0), keys
        assert set(done.painted) == {"contours"}, keys


def test_the_rest_of_the_paths_draws_the_paths(looker, work):
    done = work(lambda: looker.shortcut("R"))
    assert looker.scene.view.rest
    assert set(done.lines) == {"contours"}
    assert done.steps == {(0, 20), (20, 60)}
    assert done.lines["contours"] == 2  # the paths, and their rest
    assert (done.curves, done.reliefs, done.requests) == ({}, 0, 0)
    assert set(done.painted) == {"contours"}


def test_a_setting_of_a_curve_draws_that_curve(looker, work):
    view = looker.scene.view
    for curve, name, value in (
        ("loss", "loss_log", not view.loss_log),
        ("rate", "rate_relative", not view.rate_relative),
        ("rate", "rate_log", not view.rate_log),
        ("third", "third_log", not view.third_log),
        ("third", "third", "step_length"),
    ):
        done = work(lambda name=name, value=value: looker.window.workspace.edit_view(name, value))
        assert done.curves == {curve: 1}, name
        assert done.lines == {curve: 2}, name  # up to the cursor, and the rest
        assert (done.reliefs, done.requests) == (0, 0)


def test_other_colours_draw_the_surface(looker, work):
    done = work(lambda: looker.action("colors viridis").trigger())
    assert (done.lines, done.curves, done.reliefs, done.requests) == ({}, {}, 1, 0)
    assert set(done.painted) == {"contours"}


def test_another_theme_draws_everything_once(looker, work):
    try:
        done = work(lambda: looker.shortcut("Ctrl+T"))
        assert done.requests == 0
        assert done.reliefs == 1
        assert set(done.painted) == set(PLOTS)
        assert max(done.curves.values()) <= 1
        assert done.lines["contours"] == 1
        assert all(done.lines[curve] <= 2 for curve in CURVES)
    finally:
        looker.shortcut("Ctrl+T")


def test_a_step_draws_what_is_new(looker, work):
    for keys, steps in (("Right", (20, 21)), ("End", (21, 60))):
        done = work(lambda keys=keys: looker.shortcut(keys))
        assert done.steps == {steps}
        assert done.lines == dict.fromkeys(PLOTS, 1)
        assert (done.curves, done.reliefs, done.requests) == ({}, 0, 0)


def test_another_selection_draws_marks(looker, work):
    done = work(lambda: looker.click_run(1))
    assert (done.lines, done.curves, done.reliefs, done.requests) == ({}, {}, 0, 0)


def test_a_zoom_draws_the_plane(looker, work):
    done = work(lambda: looker.window.workspace.zoom(0.8))
    assert set(done.lines) == {"contours"}
    assert (done.curves, done.reliefs, done.requests) == ({}, 1, 0)
    assert set(done.painted) == {"contours"}


# What changes the scene, but no number


def test_another_name_draws_no_line(looker, work):
    looker.shortcut("R")  # else the rest of the paths shows for a while, as after any edit
    done = work(lambda: looker.rename(1, "mine"))
    labels = ["Adam", "mine", "Gradient descent"]
    assert [label for _, label, _ in looker.window.dashboard.contours.legend.rows()] == labels
    for view in looker.window.dashboard.curve_views:
        assert [label for _, label, _ in view.values] == labels
    assert (done.lines, done.curves, done.reliefs, done.requests) == ({}, {}, 0, 0)


def test_another_colour_draws_the_lines_once(looker, work):
    done = work(lambda: looker.window.workspace.attempt(lambda: looker.window.workspace.editor.recolor(1, "#123456")))
    assert done.curves == dict.fromkeys(CURVES, 1)
    assert (done.reliefs, done.requests) == (0, 0)


def test_an_undo_of_the_view_asks_for_nothing(looker, work):
    for keys in ("R", "G", "L"):
        looker.shortcut(keys)
    draw()
    done = work(lambda: [looker.shortcut("Ctrl+Z") for _ in range(3)])
    assert not looker.scene.view.rest
    assert looker.scene.view.loss_log
    assert done.curves == {"loss": 1}
    assert (done.reliefs, done.requests) == (0, 0)


def test_a_number_asks_once(looker, work):
    done = work(lambda: (looker.enter("lr", "0.06"), looker.settle()))
    assert done.requests == 1
    assert done.curves == dict.fromkeys(CURVES, 1)
    assert done.reliefs == 0
