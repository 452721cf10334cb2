"""The panel of the step arithmetic: what it shows, how one walks through it, what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from workspaces import settle

from optiviz import Run, Scene, Trajectory, simulate
from optiviz.commands.viewing import copy_line
from optiviz.desk.desk import Desk
from optiviz.desk.settings import Settings
from optiviz.engine.explaining.arithmetic import Arithmetic, Step
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.files.origin import Origin
from optiviz.scene.simulation import Result
from optiviz.scene.view import View
from optiviz.session.reading import Reader
from optiviz.session.state import State
from optiviz.session.workspace import Workspace
from optiviz.views.arithmetic_sheet import MARGIN, Faces, Typesetter, outer_parts
from optiviz.views.arithmetic_view import ArithmeticView
from optiviz.widgets import theme as themes

Shown = Callable[..., Trajectory]
SHOWN = View(arithmetic=True)


@pytest.fixture
def view(qapp: QApplication, workspace: Workspace) -> Iterator[ArithmeticView]:
    themes.load_fonts()
    workspace.edit_view("arithmetic", True)
    view = ArithmeticView()
    view.bind(workspace)
    workspace.watch(view)
    view.resize(390, 620)
    view.show()
    yield view
    workspace.unwatch(view)
    if shiboken6.isValid(view):
        view.hide()
        view.deleteLater()


@pytest.fixture
def show(view: ArithmeticView, workspace: Workspace) -> Shown:
    """Shows one run's update; `show("adam", 12)`."""

    def show(key: str = "adam", cursor: int = 12, lr: float = 0.01, **changes: Any) -> Trajectory:
        settings: dict[str, Any] = {"surface": "rosenbrock", "start": (-1.5, 2.0), "steps": 40, "view": SHOWN}
        workspace.open(Scene(**settings | changes, runs=(Run(key, lr=lr),)), Origin(), "test")
        (trajectory,) = settle(workspace)
        workspace.seek(cursor)
        return trajectory

    return show


class Trail:
    """The steps at which the cursor has been."""

    def __init__(self, workspace: Workspace) -> None:
        self.steps: list[int] = []
        workspace.watch(self)

    def show_state(self, old: State | None, new: State) -> None:
        if old is None or old.place.cursor != new.place.cursor:
            self.steps.append(new.place.cursor)


def texts(view: ArithmeticView) -> list[str]:
    return [piece.text for block in view.sheet.blocks for piece in block.pieces]


# What it shows


def test_shows_the_lines_of_the_step(view: ArithmeticView, show: Shown) -> None:
    trajectory = show("momentum", 3, lr=1e-4)
    assert view.title.text() == "Momentum, step 3 → 4"
    assert [line.text for line in view.step.lines][-2:] == ["v ← β₁ v − α g", "x ← x + v"]
    assert view.step.lines[-1].x.value == trajectory.x[4]
    shown = texts(view)
    assert "x ← x + v" in shown
    assert view.step.lines[-1].y.numbers in shown
    assert view.step.lines[-1].y.text in shown


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_the_last_line_is_the_next_row_for_every_method(
    view: ArithmeticView, workspace: Workspace, small: Callable[..., Scene], noise: float
) -> None:
    runs = [Run(key, lr=1e-3, schedule="inverse_time") for key in OPTIMIZERS]
    workspace.open(small(runs=runs, noise=noise, seed=5, steps=40, view=SHOWN), Origin(), "test")
    trajectories = settle(workspace)
    for cursor in (0, 1, 17, 39):
        workspace.seek(cursor)
        for row, (run, trajectory) in enumerate(zip(workspace.scene.runs, trajectories, strict=True)):
            workspace.select(row)
            last = view.step.lines[-1]
            there = (trajectory.x[cursor + 1], trajectory.y[cursor + 1])
            assert (last.x.value, last.y.value) == there, (run.label, cursor)
            assert view.title.text() == f"{run.label}, step {cursor} → {cursor + 1}"


def test_says_where_a_run_ends(view: ArithmeticView, show: Shown, copied: Callable[[], str]) -> None:
    show("adam", 40)
    assert view.title.text() == "Adam, step 40"
    assert not view.sheet.blocks
    assert "last row" in view.step.note
    assert view.line is None
    QApplication.clipboard().setText("as before")
    assert copied() == "as before"
    view.grab()
    show("gd", 30, lr=1.0)
    assert "diverged" in view.step.note


TypeScale = Callable[[float], None]


@pytest.fixture
def type_scale() -> Iterator[TypeScale]:
    yield themes.set_scale
    themes.set_scale(1.0)


def test_a_long_label_is_cut(view: ArithmeticView, workspace: Workspace) -> None:
    runs = (Run("gd", lr=0.1, label="a" * 90),)
    workspace.open(Scene("sphere", steps=3, runs=runs, view=SHOWN), Origin(), "test")
    settle(workspace)
    workspace.seek(1)
    assert view.title.text() == "a" * 25 + "…, step 1 → 2"


@cache
def noisy_step(key: str) -> Step:
    """An update with numbers as long as they come."""
    scene = Scene("rosenbrock", steps=30, noise=0.5, runs=(Run(key, lr=1.2345e-4, schedule="inverse_time"),))
    return Reader().step(Result(scene, simulate(scene)), 0, 17)


@pytest.mark.parametrize("width", [330, 372, 420, 800, 1200])
@pytest.mark.parametrize("scale", [1.0, 1.7])
def test_nothing_runs_out_of_its_place(qapp: QApplication, type_scale: TypeScale, width: int, scale: float) -> None:
    """No text leaves the sheet, and none runs into another of its row."""
    themes.load_fonts()
    type_scale(scale)
    faces = Faces()
    for key in OPTIMIZERS:
        for block in Typesetter(faces, width).set(noisy_step(key).lines):
            rows: dict[float, list[tuple[float, float]]] = {}
            for piece in block.pieces:
                end = piece.x + QFontMetricsF(getattr(faces, piece.face)).horizontalAdvance(piece.text)
                assert piece.x >= MARGIN * scale - 1
                assert end <= width - MARGIN * scale + 1, (key, piece)
                assert block.ground.top() <= piece.y <= block.ground.bottom()
                rows.setdefault(round(piece.y / (9 * scale)), []).append((piece.x, end))
            for row in rows.values():
                row.sort()
                assert all(one[1] <= next_[0] + 0.5 for one, next_ in pairwise(row)), (key, row)


def test_long_lines_break_outside_parentheses() -> None:
    assert outer_parts("1 − 0.1·4 / √(2 + 1e−8)") == ["1", "− 0.1·4", "/ √(2 + 1e−8)"]
    assert outer_parts("√(2 + 3) / (1 − (2 + 1)) · 5") == ["√(2 + 3)", "/ (1 − (2 + 1))", "· 5"]
    assert outer_parts("0.5") == ["0.5"]


def test_both_themes_and_all_sizes_can_be_painted(
    view: ArithmeticView, show: Shown, workspace: Workspace, type_scale: TypeScale
) -> None:
    show("nadam")
    for name, theme in themes.THEMES.items():
        for scale in (0.8, 1.0, 2.0):
            type_scale(scale)
            workspace.appear(theme=name, scale=scale)
            image = view.grab().toImage()
            block = view.sheet.blocks[view.current].ground
            corner = view.sheet.mapTo(view, block.topRight().toPoint())
            assert image.pixelColor(corner.x() - round(14 * scale), corner.y() + 6).name() == theme.selection


# Walking through it


def test_next_and_back_walk_line_by_line(view: ArithmeticView, show: Shown, workspace: Workspace) -> None:
    show("gd", 5, lr=1e-4)
    assert (view.current, view.line and view.line.name) == (0, "x")
    lit = []
    for _ in range(3):
        view.next_button.click()
        lit.append(workspace.state.lit)
    assert (view.current, view.line and view.line.name) == (3, "x")
    assert lit == [{"gradient"}, set(), {"step", "next"}]
    view.back_button.click()
    assert view.current == 2
    assert view.number.text() == "line 3 of 4"


def test_past_the_ends_it_goes_to_another_step(view: ArithmeticView, show: Shown, workspace: Workspace) -> None:
    show("gd", 5, lr=1e-4)
    trail = Trail(workspace)
    for _ in range(4):
        view.next_button.click()
    assert trail.steps == [5, 6]
    assert (view.step.step, view.current) == (6, 0)
    view.back_button.click()
    assert trail.steps == [5, 6, 5]
    assert (view.step.step, view.current) == (5, 3)


def test_to_the_end_of_the_run_and_back_to_its_beginning(
    view: ArithmeticView, show: Shown, workspace: Workspace
) -> None:
    show("gd", 38, lr=1e-4)
    trail = Trail(workspace)
    for _ in range(8):
        view.next_button.click()
    assert view.step.step == 40
    assert view.step.note
    view.next_button.click()  # there is nothing after it
    assert view.step.step == 40
    view.back_button.click()
    assert (view.step.step, view.current) == (39, 3)
    workspace.seek(0)
    workspace.set_line(0)
    view.back_button.click()
    assert (view.step.step, view.current) == (0, 0)
    assert trail.steps == [38, 39, 40, 39, 0]


def test_another_step_keeps_the_line(view: ArithmeticView, show: Shown, workspace: Workspace) -> None:
    show("adam", 5)
    workspace.set_line(4)
    workspace.seek(9)
    assert (view.step.step, view.current) == (9, 4)
    show("gd", 5, lr=1e-4)
    assert view.current == 3  # the last one there is


def test_a_click_chooses_a_line(view: ArithmeticView, show: Shown) -> None:
    show("adam", 5)
    ground = view.sheet.blocks[3].ground
    QTest.mouseClick(view.sheet, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, ground.center().toPoint())
    assert view.current == 3


def test_the_current_line_is_scrolled_into_sight(view: ArithmeticView, show: Shown, workspace: Workspace) -> None:
    view.resize(390, 300)
    show("nadam", 5)
    QApplication.processEvents()
    workspace.set_line(10)
    port = view.area.viewport()
    bottom = view.sheet.mapTo(port, view.sheet.blocks[10].ground.bottomLeft().toPoint())
    assert bottom.y() <= port.height()
    workspace.set_line(0)
    assert view.sheet.mapTo(port, view.sheet.blocks[0].ground.topLeft().toPoint()).y() >= 0


# Exact values


def test_exact_values_on_hover(view: ArithmeticView, show: Shown) -> None:
    trajectory = show("adam", 5)
    (row_x, _), (row_y, _) = view.sheet.blocks[-1].values
    assert view.sheet.tip_at(row_x.center()) == repr(float(trajectory.x[6]))
    assert view.sheet.tip_at(row_y.center()) == repr(float(trajectory.y[6]))
    formula = view.sheet.blocks[-1].ground.topLeft() + QPointF(20, 8)
    assert view.sheet.tip_at(formula) == f"x {float(trajectory.x[6])!r}\ny {float(trajectory.y[6])!r}"
    assert view.sheet.tip_at(view.sheet.blocks[2].ground.center()) == "0.01"
    assert view.sheet.tip_at(QPointF(5, 5000)) == ""


@pytest.fixture
def copied(view: ArithmeticView, workspace: Workspace) -> Callable[[], str]:
    """Copies the current line; gives what is in the clipboard then."""
    desk = Desk(view, Settings())

    def copied() -> str:
        copy_line(workspace, desk)
        return QApplication.clipboard().text()

    return copied


def test_copies_exact_values(show: Shown, workspace: Workspace, copied: Callable[[], str]) -> None:
    trajectory = show("adam", 5)
    workspace.set_line(7)
    assert list(map(float, copied().split("\t"))) == [trajectory.x[6], trajectory.y[6]]
    workspace.set_line(2)
    assert copied() == "0.01"


# Costs


def test_does_nothing_while_hidden(
    view: ArithmeticView, show: Shown, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    show("gd", 5, lr=1e-4)
    workspace.set_line(1)
    assert workspace.state.lit == {"gradient"}
    workspace.edit_view("arithmetic", False)
    assert workspace.state.lit == frozenset()  # the overlay goes out
    with monkeypatch.context() as patch:
        patch.setattr(Arithmetic, "explain", lambda *_: pytest.fail("it worked while it was hidden"))
        workspace.seek(7)
    workspace.edit_view("arithmetic", True)
    assert view.step.step == 7
    assert workspace.state.lit == {"gradient"}


def test_a_step_is_shown_at_once(show: Shown, workspace: Workspace) -> None:
    show("nadam", 40, noise=0.5)
    times = []
    for cursor in range(30):
        begun = time.thread_time()
        workspace.seek(cursor)
        times.append(time.thread_time() - begun)
    assert sorted(times)[len(times) // 2] < 0.05  # 0.002 on an idle machine
