"""Every control of the panel changes what it should in the scene, and with it the trajectories shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QColorDialog,
    QComboBox,
    QLineEdit,
    QToolButton,
)

from optiviz import Run, Scene
from optiviz.engine.optimizers import LR, OPTIMIZERS
from optiviz.engine.params import Flag, Knots, Whole
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.surfaces import SURFACES
from optiviz.files import scene_files
from optiviz.scene.run import PALETTE, suggest_lr

LEFT = Qt.MouseButton.LeftButton


def another(param):
    """A value other than the default, inside the bounds and outside what the slider covers where that is possible."""
    low, high = param.slider
    for value in (high * 1.5, high + 1, low / 3, (low + high) / 3):
        try:
            value = param.check(round(value) if isinstance(param, Whole) else float(f"{value:.4g}"))
        except ValueError:
            continue
        if value != param.default:
            return value
    raise AssertionError(param)


def try_out(user, param):
    """Types into the field, moves the slider, clicks the flag: the scene has what was asked for, at once."""
    if isinstance(param, Flag):
        before = user.value(param.name)
        QTest.mouseClick(user.find(QCheckBox, param.name), LEFT, pos=QPoint(8, 10))
        assert user.value(param.name) is not before
    elif isinstance(param, Knots):
        user.enter(param.name, "7:0.5, 13:0.25")
        assert user.value(param.name) == ((7, 0.5), (13, 0.25))
        user.settle()
        user.enter(param.name, "")
        assert user.value(param.name) == ()
    else:
        value = another(param)
        user.enter(param.name, param.format(value))
        assert user.error(param.name) == ""
        assert user.value(param.name) == value
        assert user.text(param.name) == param.format(value)
        before = user.value(param.name)
        user.slide(param.name, 0.4, 0.6)
        low, high = param.slider
        assert low < user.value(param.name) < high
        assert user.value(param.name) != before
        assert user.text(param.name) == param.format(user.value(param.name))
    user.settle()


# The surface and the set-up


@pytest.mark.parametrize("family", sorted({surface.family for surface in SURFACES.values()}))
def test_surfaces_and_their_parameters(tuner, family):
    for key, surface in SURFACES.items():
        if surface.family != family:
            continue
        tuner.choose("surface", key)
        assert tuner.scene.surface == key
        assert tuner.scene.start == surface.start
        assert tuner.run.lr == 0.05  # a rate of the tuner's own stays
        tuner.settle()
        for param in surface.params:
            try_out(tuner, param)


def test_a_suggested_rate_follows_the_surface(tune):
    place, next_place = SURFACES["rosenbrock"], SURFACES["sphere"]
    rule = OPTIMIZERS["adam"]
    tuner = tune(Scene("rosenbrock", steps=20, runs=[Run("adam", lr=suggest_lr(rule, place))]))
    tuner.choose("surface", "sphere")
    assert tuner.run.lr == suggest_lr(rule, next_place)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("start x", "0.25", 0.25),
        ("start y", "-1.5", -1.5),
        ("start y", "−1.5", -1.5),
        ("steps", "25", 25),
        ("steps_per_epoch", "7", 7),
        ("noise", "0.5", 0.5),
    ],
)
def test_the_set_up(tuner, name, typed, value):
    before = tuner.settle()
    tuner.enter(name, typed)
    assert tuner.value(name) == value
    after = tuner.settle()
    assert [len(t) for t in after] != [len(t) for t in before] or any(
        (a.x != b.x).any() or (a.y != b.y).any() for a, b in zip(after, before, strict=True)
    )


def test_the_seed_chooses_the_noise(tuner):
    tuner.enter("noise", "2")
    before = tuner.settle()
    tuner.enter("seed", "42")
    assert tuner.scene.seed == 42
    assert (tuner.settle()[0].x != before[0].x).any()


def test_the_last_step_holds_a_cursor_beyond_it(tuner):
    tuner.window.workspace.seek(60)
    tuner.enter("steps", "25")
    assert tuner.cursor == 25


# The form of the selected run


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_optimizers_and_their_parameters(tuner, key):
    before = tuner.settle()
    if key == "adam":
        tuner.choose("optimizer", "gd")
    tuner.choose("optimizer", key)
    assert tuner.run.optimizer == key
    assert tuner.run.label == ("Momentum 2" if key == "momentum" else OPTIMIZERS[key].name)
    assert tuner.run.lr == suggest_lr(OPTIMIZERS[key], tuner.scene.landscape)
    after = tuner.settle()
    assert key == "adam" or (after[0].x[:10] != before[0].x[:10]).any()
    for param in (LR, *OPTIMIZERS[key].params):
        try_out(tuner, param)
    assert tuner.scene.runs[1] == Run("momentum", lr=2e-4, label="Momentum", color=tuner.scene.runs[1].color)


@pytest.mark.parametrize("key", SCHEDULES)
def test_schedules_and_their_parameters(tuner, key):
    tuner.choose("schedule", "constant")
    tuner.settle()
    tuner.choose("schedule", key)
    assert tuner.run.schedule == key
    tuner.settle()
    for param in SCHEDULES[key].params:
        try_out(tuner, param)


def test_the_form_shows_only_what_the_run_has(tuner):
    tuner.choose("optimizer", "gd")
    tuner.choose("schedule", "constant")
    QApplication.processEvents()
    edits = [edit for edit in tuner.window.panel.findChildren(QLineEdit) if edit.isVisible()]
    ours = {"start x", "start y", "steps", "steps_per_epoch", "noise", "seed", "a", "b"}
    assert {edit.objectName() for edit in edits} - ours == {"lr"}
    assert not [check for check in tuner.window.panel.findChildren(QCheckBox) if check.isVisible()]


def test_a_label_of_the_users_own_survives_another_optimizer(tune):
    tuner = tune(Scene("booth", steps=10, runs=[Run("adam", lr=0.1, label="mine")]))
    tuner.choose("optimizer", "lion")
    assert tuner.run.label == "mine"


def test_settings_that_mean_the_same_survive_another_optimizer(tuner):
    tuner.enter("beta1", "0.95")
    tuner.choose("optimizer", "adamax")
    assert tuner.value("beta1") == 0.95


# The list of runs


def test_adding_a_run(tuner):
    tuner.add("Lion")
    assert [run.optimizer for run in tuner.scene.runs] == ["adam", "momentum", "lion"]
    assert tuner.run.optimizer == "lion"
    assert tuner.run.lr == suggest_lr(OPTIMIZERS["lion"], tuner.scene.landscape)
    assert (tuner.run.schedule, dict(tuner.run.schedule_params)) == ("exponential", {"k": 0.01})
    assert tuner.run.color not in {run.color for run in tuner.scene.runs[:2]}
    assert len(tuner.settle()) == 3


def test_duplicating_and_deleting_runs_by_button(user):
    user.click_run(1)
    QTest.mouseClick(user.button("duplicate run"), LEFT)
    assert [run.label for run in user.scene.runs] == ["Adam", "Momentum", "Momentum 2"]
    assert user.run.label == "Momentum 2"
    assert user.scene.numbers_of(user.scene.runs[2]) == user.scene.numbers_of(user.scene.runs[1])
    assert user.scene.runs[2].color != user.scene.runs[1].color
    user.settle()
    QTest.mouseClick(user.button("delete run"), LEFT)
    assert [run.label for run in user.scene.runs] == ["Adam", "Momentum"]
    user.settle()


def test_a_scene_without_runs_can_get_one(user):
    for _ in range(2):
        QTest.mouseClick(user.button("delete run"), LEFT)
    assert user.scene.runs == ()
    assert user.settle() == []
    assert not user.runs.isVisible()
    assert not user.window.findChild(QComboBox, "optimizer").isVisible()
    assert "no run" in user.status
    assert not user.button("delete run").isEnabled()
    user.add("Lion")
    assert user.run.optimizer == "lion"
    assert user.find(QComboBox, "optimizer").currentData() == "lion"
    user.settle()


def test_selecting_a_run_shows_its_form(user):
    user.click_run(1)
    assert user.text("lr") == "0.0002"
    assert user.window.dashboard.contours.plot.marks.selected == 1
    assert user.status.startswith("Momentum:")


@pytest.mark.parametrize("way", ["double click", "F2"])
def test_renaming_a_run(user, way):
    runs = user.runs
    if way == "F2":
        user.click_run(1)
        user.rest()
        user.press(Qt.Key.Key_F2)
    else:
        QTest.mouseClick(runs.viewport(), LEFT, pos=user.row(1))
        QTest.mouseDClick(runs.viewport(), LEFT, pos=user.row(1))
    editor = runs.findChild(QLineEdit)
    assert editor.text() == "Momentum"
    assert editor.hasFocus()
    user.write("my 1st run", editor)  # a space and a digit, which the window would take as keys
    user.press(Qt.Key.Key_Return, editor)
    assert user.scene.runs[1].label == "my 1st run"
    assert user.scene.runs[1].visible
    assert not user.window.workspace.player.playing
    user.settle()


def test_the_name_is_opened_once(user):
    user.rest()
    user.press(Qt.Key.Key_F2)
    user.press(Qt.Key.Key_F2)
    assert len(user.runs.findChildren(QLineEdit)) == 1
    user.press(Qt.Key.Key_Escape)
    user.action("present").trigger()  # where the list is not shown
    user.press(Qt.Key.Key_F2)
    user.press(Qt.Key.Key_F2)
    assert not user.runs.findChildren(QLineEdit)
    user.action("present").trigger()


@pytest.mark.parametrize(("label", "why"), [("Adam", "unique"), ("   ", "1 to 100 characters")])
def test_an_impossible_name_is_refused_in_words(user, label, why):
    before = user.scene
    user.rename(1, label)
    assert user.scene == before
    assert why in user.status


def test_recolouring_a_run_from_the_palette(user):
    user.recolor(1, PALETTE[4])
    assert user.scene.runs[1].color == PALETTE[4]
    user.settle()
    assert user.window.dashboard.contours.plot.paths.lines[1].colors == (PALETTE[4],)


def test_recolouring_a_run_freely(user):
    user.click_run(1, "dot")
    user.take(user.menu(), "Another…")
    dialog = user.dialog(QColorDialog)
    dialog.setCurrentColor("#123456")
    dialog.accept()
    assert user.scene.runs[1].color == "#123456"
    user.settle()


def test_the_eye_hides_a_run_everywhere(user):
    user.click_run(1, "eye")
    assert [run.visible for run in user.scene.runs] == [True, False]
    user.settle()
    contours = user.window.dashboard.contours
    assert len(contours.plot.paths.lines) == 1
    assert [label for _, label, _ in contours.legend.rows()] == ["Adam"]
    assert all(len(view.values) == 1 for view in user.window.dashboard.curve_views)
    user.click_run(1, "eye")
    assert user.scene.runs[1].visible
    user.settle()
    assert len(contours.plot.paths.lines) == 2


def test_the_menu_of_a_run_moves_it(user):
    user.move_down(0)
    assert [run.label for run in user.scene.runs] == ["Momentum", "Adam"]
    assert user.run.label == "Adam"
    assert [t.step[-1] for t in user.settle()] == [60, 60]


def test_dragging_a_run_to_another_place_reorders(tune):
    tuner = tune(Scene("booth", steps=10, runs=[Run(key, lr=0.01) for key in ("gd", "adam", "lion")]))
    runs = tuner.runs
    model, root = runs.model(), runs.rootIndex()
    assert model.mimeData([model.index(0, 0)]).formats()  # what a drag begins with; tests/app/test_real_window.py drags
    assert model.moveRows(root, 0, 1, root, 3)  # what the list's own drag and drop does
    assert [run.optimizer for run in tuner.scene.runs] == ["adam", "lion", "gd"]
    assert tuner.run.optimizer == "gd"
    assert runs.currentRow() == 2
    tuner.settle()


# Numbers as they are written


EXACT = (
    ("beta2", "0.99", "0.99"),
    ("beta2", "0.999", "0.999"),
    ("eps", "1e-7", "1e-7"),
    ("eps", "1e-8", "1e-8"),
    ("eps", "0", "0"),
    ("beta1", "0", "0"),
    ("lr", "2e-3", "0.002"),
    ("lr", "1e-4", "0.0001"),
    ("lr", " 0.10 ", "0.1"),
    ("lr", "+.5", "0.5"),
    ("lr", "0.1234567890123456", "0.1234567890123456"),
    ("lr", "1234.5", "1234.5"),
    ("lr", "1e-300", "1e-300"),
)


def test_exact_numbers(tuner):
    for name, typed, shown in EXACT:
        tuner.enter(name, typed)
        assert tuner.value(name) == float(typed)
        assert tuner.text(name) == shown
        assert tuner.error(name) == ""
    tuner.settle()


def test_a_value_beyond_the_slider_leaves_the_slider_at_its_end(tuner):
    tuner.enter("lr", "50")
    assert tuner.run.lr == 50
    assert tuner.slider("lr").value() == tuner.slider("lr").maximum()
    tuner.click_run(1)
    tuner.click_run(0)
    assert tuner.run.lr == 50


def test_a_number_is_taken_when_its_field_is_left(tuner):
    tuner.fill(tuner.field("beta1"), "0.8")
    assert tuner.value("beta1") == 0.9
    tuner.press(Qt.Key.Key_Tab)
    assert tuner.value("beta1") == 0.8


def test_a_slider_that_is_held_while_its_field_goes_away_is_let_go(user, small):
    slider, handle = user.slider("k"), user.window.windowHandle()
    at = slider.mapTo(user.window, user.handle(slider).toPoint())
    QTest.mousePress(handle, LEFT, pos=at)
    QTest.mouseMove(handle, at + QPoint(9, 0))
    user.open(small(runs=[Run("gd", lr=0.01)]))  # PgDn with the other hand
    after = user.scene
    QTest.mouseMove(handle, at + QPoint(18, 0))
    QTest.mouseRelease(handle, LEFT, pos=at + QPoint(18, 0))
    assert user.scene == after


@pytest.mark.parametrize("name", ["rate", "knots"])
def test_what_is_half_typed_goes_with_its_field(user, small, name):
    user.choose("schedule", "manual")
    user.fill(user.field(name), "7:0.5" if name == "knots" else "0.5")
    user.open(small(runs=[Run("gd", lr=0.01)]))
    assert user.scene == small(runs=[Run("gd", lr=0.01)])


@pytest.mark.parametrize("way", ["key", "menu"])
def test_what_is_typed_counts_before_a_command_does(user, tmp_path, way):
    path = tmp_path / "mine.optiviz"
    user.document.saved(path)
    user.fill(user.field("lr"), "0.0123")  # without Enter
    if way == "key":
        user.shortcut("Ctrl+S")
    else:
        file = next(action for action in user.window.menuBar().actions() if action.text() == "&File")
        QTest.mouseClick(user.window.menuBar(), LEFT, pos=user.window.menuBar().actionGeometry(file).center())
        user.take(user.menu(), "Save")
    assert scene_files.read(path).runs[0].lr == 0.0123


def test_what_is_typed_counts_before_the_window_closes(open_window, small):
    user = open_window(small())
    user.fill(user.field("lr"), "0.0123")
    user.window.close()
    assert user.run.lr == 0.0123


def test_up_and_down_nudge_a_number(user):
    speed = user.window.workspace.player.speed
    user.fill(user.field("lr"), "0.05")
    user.press(Qt.Key.Key_Up)
    assert user.run.lr > 0.05
    user.press(Qt.Key.Key_Down)
    user.press(Qt.Key.Key_Down)
    assert user.run.lr < 0.05
    user.fill(user.field("steps"), "60")
    user.press(Qt.Key.Key_Up)
    assert user.scene.steps == 61
    assert user.window.workspace.player.speed == speed


BAD = {
    "abc": "abc",
    "nothing": "",
    "nan": "nan",
    "inf": "inf",
    "below": "-1",
    "too large": "1e400",
    "comma": "0,5",
    "arabic": "١",
    "underscore": "1_0",
}


def test_bad_values_are_refused_beside_the_field(tuner):
    for text in BAD.values():
        scene, shown, undo = tuner.scene, tuner.text("lr"), tuner.document.undo_name
        tuner.enter("lr", text)
        assert tuner.text("lr") == text
        assert tuner.error("lr").startswith("lr must be a finite number greater than 0, not "), text
        assert tuner.scene == scene
        assert tuner.document.undo_name == undo
        tuner.press(Qt.Key.Key_Escape)
        assert (tuner.text("lr"), tuner.error("lr")) == (shown, "")
        tuner.enter("lr", text)
        assert tuner.error("lr")
        tuner.enter("lr", "0.07")
        assert (tuner.run.lr, tuner.error("lr")) == (0.07, "")
        tuner.settle()
        tuner.window.workspace.undo()
        assert (tuner.scene, tuner.document.undo_name) == (scene, None)


IMPOSSIBLE = (
    ("beta1", "1", "at least 0 and less than 1"),
    ("steps", "0", "from 1 to 1,000,000"),
    ("steps", "1.5", "a whole number"),
    ("steps", "4000000", "from 1 to 1,000,000"),
    ("steps_per_epoch", "0", "a whole number"),
    ("noise", "-0.1", "at least 0"),
    ("seed", "-1", "from 0 to 2^63-1"),
    ("seed", "9223372036854775808", "from 0 to 2^63-1"),
    ("start x", "1e200", "finite"),
    ("k", "-1", "at least 0"),
)


def test_every_field_says_what_is_allowed(tuner):
    scene = tuner.scene
    for name, text, why in IMPOSSIBLE:
        tuner.enter(name, text)
        assert why in tuner.error(name)
        assert tuner.scene == scene


def test_more_rows_than_allowed_are_refused_beside_the_steps(tune):
    tuner = tune(Scene("sphere", steps=1, runs=[Run("gd", lr=0.1) for _ in range(6)]))
    tuner.enter("steps", "1000000")
    assert "steps times runs must be at most 5,000,000" in tuner.error("steps")
    assert tuner.scene.steps == 1


def test_bad_knots_are_refused_beside_the_field(tuner):
    tuner.choose("schedule", "manual")
    scene = tuner.scene
    for text in ("7", "7:0.5,7:0.2", "13:0.5,7:0.2", "7:-1", "a:b", "7:0.5,", "1.5:0.2"):
        tuner.enter("knots", text)
        assert "pairs step:rate" in tuner.error("knots")
        assert tuner.scene == scene
        tuner.press(Qt.Key.Key_Escape)
        assert tuner.error("knots") == ""


def test_buttons_say_what_they_do(window):
    for button in window.findChildren(QToolButton):
        if button.isVisibleTo(window) and not button.text().startswith("qt_"):
            assert button.toolTip() or button.objectName() == "qt_menubar_ext_button", button


def test_the_first_run_is_the_selected_one_everywhere_from_the_start(open_window, small):
    window = open_window(small()).window
    assert window.workspace.editor.selected == 0
    assert window.dashboard.contours.plot.marks.selected == 0
    assert "Adam" in window.status_line.left.text()
