"""The editor: every edit by its name, the selection after it, and what cannot be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from optiviz import Run, Scene
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.surfaces import SURFACES
from optiviz.files.newer import Foreign, Unread
from optiviz.files.origin import Origin
from optiviz.scene.manual_decay import knots_of
from optiviz.scene.run import LONGEST_LABEL, PALETTE, suggest_lr
from optiviz.session.document import Document
from optiviz.session.editor import Editor

Edit = Callable[[Editor], None]
KNOTS = ((10, 0.02), (30, 0.004))


def scene() -> Scene:
    runs = [
        Run("adam", lr=0.05, schedule="exponential", k=0.01),
        Run("gd", lr=1e-4, schedule="manual", knots=KNOTS),
        Run("momentum", lr=2e-4),
    ]
    return Scene("rosenbrock", start=(-1.5, 2.0), steps=60, runs=runs)


@pytest.fixture
def editor() -> Editor:
    return Editor(Document(scene()))


EDITS: dict[str, tuple[int, str, Edit]] = {
    "choose_surface": (0, "choice of Booth", lambda e: e.choose_surface("booth")),
    "set_surface_param": (0, "change of b", lambda e: e.set_surface_param("b", 50.0)),
    "set_up start x": (0, "change of x₀", lambda e: e.set_up("start x", 1.0)),
    "set_up start y": (0, "change of y₀", lambda e: e.set_up("start y", 1.0)),
    "set_up steps": (0, "change of steps", lambda e: e.set_up("steps", 70)),
    "set_up steps_per_epoch": (0, "change of steps / epoch", lambda e: e.set_up("steps_per_epoch", 5)),
    "set_up noise": (0, "change of noise", lambda e: e.set_up("noise", 0.5)),
    "set_up seed": (0, "change of seed", lambda e: e.set_up("seed", 9)),
    "move_start": (0, "move of the start", lambda e: e.move_start(0.5, 1.0)),
    "set_view": (0, "change of the view: Step arithmetic", lambda e: e.set_view("arithmetic", True)),
    "add_run": (0, "adding of RMSprop", lambda e: e.add_run("rmsprop")),
    "duplicate_run": (1, "duplication of Gradient descent", lambda e: e.duplicate_run()),
    "delete_run": (1, "deletion of Gradient descent", lambda e: e.delete_run()),
    "delete the last run": (2, "deletion of Momentum", lambda e: e.delete_run()),
    "move_run": (0, "change of order", lambda e: e.move_run(0, 2)),
    "rename": (0, "renaming", lambda e: e.rename(1, " mine ")),
    "recolor": (0, "change of colour", lambda e: e.recolor(1, "#123456")),
    "hide": (0, "hiding of Momentum", lambda e: e.toggle_visible(2)),
    "choose_optimizer": (0, "choice of NAdam", lambda e: e.choose_optimizer("nadam")),
    "choose_schedule": (0, "choice of Cosine decay", lambda e: e.choose_schedule("cosine")),
    "set_param of the rule": (0, "change of β₁", lambda e: e.set_param("beta1", 0.8)),
    "set_param lr": (0, "change of α₀", lambda e: e.set_param("lr", 0.1)),
    "set_param of the decay": (0, "change of k", lambda e: e.set_param("k", 0.1)),
    "multiply_rate": (0, "decay × 0.5 at step 20", lambda e: e.multiply_rate(20, 0.5)),
    "set_rate": (1, "rate at step 20", lambda e: e.set_rate(20, 0.01)),
    "take_back_rate": (1, "deletion of a knot", lambda e: e.take_back_rate(20)),
    "turn_into_knots": (0, "turning of the decay into knots", lambda e: e.turn_into_knots()),
    "move_knot": (1, "move of a knot", lambda e: e.move_knot(0, 12, 0.03)),
    "delete_knot": (1, "deletion of a knot", lambda e: e.delete_knot(1)),
    "replace_run": (0, "anything", lambda e: e.replace_run(Run("gd", lr=1e-4, label="new"), "anything")),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_is_one_step_to_be_undone_by_its_name(editor: Editor, what: str) -> None:
    selected, name, edit = EDITS[what]
    editor.select(selected)
    document, before = editor.document, editor.scene
    edit(editor)
    after = editor.scene
    assert after != before
    assert document.undo_name == name
    assert 0 <= editor.selected < len(after.runs)
    assert editor.run == after.runs[editor.selected]
    document.undo()
    assert editor.scene == before
    assert document.undo_name is None
    assert 0 <= editor.selected < len(before.runs)
    document.redo()
    assert editor.scene == after


@pytest.mark.parametrize("what", EDITS)
def test_without_runs_an_edit_of_a_run_does_nothing(what: str) -> None:
    editor = Editor(Document(scene().replace(runs=())))
    assert editor.run is None
    if what in ("move_run", "rename", "recolor", "replace_run"):
        return  # about a row that there must be
    EDITS[what][2](editor)
    assert editor.selected == 0
    assert len(editor.scene.runs) == (1 if what == "add_run" else 0)


GESTURES: dict[str, tuple[int, Callable[[Editor, float], None]]] = {
    "set_surface_param": (0, lambda e, v: e.set_surface_param("b", 50 + v)),
    "set_up": (0, lambda e, v: e.set_up("noise", v)),
    "move_start": (0, lambda e, v: e.move_start(v, v)),
    "set_view": (0, lambda e, v: e.set_view("overlay_scale", v)),
    "set_param": (0, lambda e, v: e.set_param("beta1", v)),
    "set_rate": (1, lambda e, v: e.set_rate(20, v)),
    "move_knot": (1, lambda e, v: e.move_knot(0, 12, v)),
}


@pytest.mark.parametrize("what", GESTURES)
def test_a_gesture_is_one_step_until_it_is_sealed(editor: Editor, what: str) -> None:
    selected, change = GESTURES[what]
    editor.select(selected)
    before = editor.scene
    for value in (0.3, 0.5, 0.7):
        change(editor, value)
    one = editor.scene
    editor.document.seal()
    change(editor, 0.8)
    assert editor.scene != one
    editor.document.undo()
    assert editor.scene == one
    editor.document.undo()
    assert editor.scene == before


def test_the_same_gesture_on_another_run_is_another_step(editor: Editor) -> None:
    editor.set_param("lr", 0.1)
    one = editor.scene
    editor.select(2)
    editor.set_param("lr", 0.1)
    editor.document.undo()
    assert editor.scene == one


IMPOSSIBLE: dict[str, tuple[int, str, Edit]] = {
    "unknown surface": (0, "did you mean 'booth'", lambda e: e.choose_surface("boothe")),
    "surface parameter": (0, "b must be", lambda e: e.set_surface_param("b", float("nan"))),
    "no steps": (0, "steps must be", lambda e: e.set_up("steps", 0)),
    "start nowhere": (0, "x", lambda e: e.set_up("start x", float("inf"))),
    "negative noise": (0, "noise must be", lambda e: e.set_up("noise", -1.0)),
    "start far away": (0, "must be", lambda e: e.move_start(float("nan"), 0.0)),
    "unknown third curve": (0, "third must be", lambda e: e.set_view("third", "fourth")),
    "no size": (0, "overlay_scale must be", lambda e: e.set_view("overlay_scale", 0.0)),
    "unknown optimizer": (0, "did you mean 'adam'", lambda e: e.add_run("adm")),
    "unknown choice of optimizer": (0, "is not known", lambda e: e.choose_optimizer("nothing")),
    "unknown schedule": (0, "is not known", lambda e: e.choose_schedule("nothing")),
    "empty name": (0, "label must be", lambda e: e.rename(0, "  ")),
    "taken name": (0, "label must be unique", lambda e: e.rename(0, "Momentum")),
    "no colour": (0, "color must be", lambda e: e.recolor(0, "red")),
    "rate of zero": (0, "lr must be", lambda e: e.set_param("lr", 0.0)),
    "beta above one": (0, "beta1 must be", lambda e: e.set_param("beta1", 1.5)),
    "factor of zero": (0, "factor must be", lambda e: e.multiply_rate(20, 0.0)),
    "step beyond the end": (0, "step must be", lambda e: e.multiply_rate(61, 0.5)),
    "knot of no rate": (1, "rate", lambda e: e.set_rate(20, 0.0)),
    "nothing to take back": (0, "Adam has no knot up to step 5", lambda e: e.take_back_rate(5)),
    "nothing so early": (1, "Gradient descent has no knot up to step 5", lambda e: e.take_back_rate(5)),
    "knot of a run without": (0, "Adam has no knots", lambda e: e.move_knot(0, 5, 0.1)),
    "third knot of two": (1, "knot must be", lambda e: e.delete_knot(2)),
    "knot at no rate": (1, "rate", lambda e: e.move_knot(0, 12, -1.0)),
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_what_cannot_be_is_said_and_changes_nothing(editor: Editor, what: str) -> None:
    selected, words, edit = IMPOSSIBLE[what]
    editor.select(selected)
    before = editor.scene
    with pytest.raises(ValueError, match=words):
        edit(editor)
    assert editor.scene == before
    assert editor.selected == selected
    assert editor.document.undo_name is None


@pytest.mark.parametrize(
    "edit",
    [
        lambda e: e.choose_surface("rosenbrock"),
        lambda e: e.choose_optimizer("adam"),
        lambda e: e.choose_schedule("exponential"),
        lambda e: e.set_param("beta1", 0.9),
        lambda e: e.move_start(-1.5, 2.0),
        lambda e: e.move_run(1, 1),
        lambda e: e.toggle_visible(7),
    ],
)
def test_what_changes_nothing_is_no_edit(editor: Editor, edit: Edit) -> None:
    edit(editor)
    assert editor.scene == scene()
    assert editor.document.undo_name is None


# The selection


def test_the_selection_is_always_a_row_that_there_is(editor: Editor) -> None:
    for row, expected in ((1, 1), (-5, 0), (99, 2), (2, 2)):
        editor.select(row)
        assert editor.selected == expected
    for left in (2, 1):
        editor.delete_run()
        assert (len(editor.scene.runs), editor.selected) == (left, left - 1)
    editor.delete_run()
    assert (editor.run, editor.selected) == (None, 0)
    for _ in range(3):
        editor.document.undo()
    assert editor.run == editor.scene.runs[0]


def test_the_selection_follows_what_was_made_and_moved(editor: Editor) -> None:
    editor.add_run("lion")
    assert editor.run is not None
    assert editor.run.optimizer == "lion"
    editor.move_run(3, 0)
    assert (editor.run.optimizer, editor.selected) == ("lion", 0)
    editor.duplicate_run()
    assert (editor.run.label, editor.selected) == ("Lion 2", 1)


def test_undo_of_a_new_run_moves_a_selection_that_is_gone(editor: Editor) -> None:
    editor.add_run("lion")
    heard = [editor.selected]
    editor.document.undo()
    heard.append(editor.selected)
    assert editor.selected == 2
    assert heard == [3, 2]


# What edits bring along


def test_suggested_rates_follow_the_surface_and_others_stay() -> None:
    rosenbrock, booth = SURFACES["rosenbrock"], SURFACES["booth"]
    adam = OPTIMIZERS["adam"]
    runs = [Run("adam", lr=suggest_lr(adam, rosenbrock)), Run("gd", lr=0.00123)]
    editor = Editor(Document(Scene("rosenbrock", steps=10, runs=runs)))
    editor.choose_surface("booth")
    assert [run.lr for run in editor.scene.runs] == [suggest_lr(adam, booth), 0.00123]


def test_a_new_run_takes_the_selected_runs_decay(editor: Editor) -> None:
    editor.add_run("gd")
    assert editor.run is not None
    assert (editor.run.schedule, editor.run.schedule_params["k"]) == ("exponential", 0.01)
    assert editor.run.label == "Gradient descent 2"


def test_a_copy_is_the_same_run_by_another_name_and_colour(editor: Editor) -> None:
    original = editor.scene.runs[1]
    editor.select(1)
    editor.duplicate_run()
    copy = editor.scene.runs[2]
    assert (copy.label, knots_of(copy)) == ("Gradient descent 2", KNOTS)
    assert copy.color != original.color
    assert copy.replace(label=original.label, color=original.color) == original


@pytest.mark.parametrize(("label", "after"), [("Adam", "NAdam"), ("Adam 3", "NAdam"), ("mine", "mine")])
def test_a_label_that_names_the_rule_follows_it(editor: Editor, label: str, after: str) -> None:
    editor.rename(0, label)
    editor.choose_optimizer("nadam")
    assert editor.scene.runs[0].label == after


@pytest.mark.parametrize(("row", "target"), [(0, -1), (0, 99)])
def test_a_run_is_moved_to_a_row_that_there_is(editor: Editor, row: int, target: int) -> None:
    """Whatever row is asked for, the run that was moved is the selected one."""
    moved = editor.scene.runs[row]
    editor.move_run(row, target)
    assert editor.run == moved


# Runs that come from elsewhere


def test_runs_come_after_the_selected_one_in_one_edit(editor: Editor) -> None:
    added = editor.insert_runs([Run("lion", lr=0.1, label="a"), Run("gd", lr=0.2, label="b")], "paste")
    assert [run.label for run in editor.scene.runs] == ["Adam", "a", "b", "Gradient descent", "Momentum"]
    assert tuple(added) == editor.scene.runs[1:3]
    assert editor.run == added[0]
    assert editor.document.undo_name == "paste of 2 runs"
    editor.document.undo()
    assert editor.scene == scene()


def test_runs_come_first_where_there_are_none() -> None:
    editor = Editor(Document(scene().replace(runs=())))
    editor.insert_runs([Run("gd", lr=0.1)], "drop")
    assert [run.label for run in editor.scene.runs] == ["Gradient descent"]
    assert editor.document.undo_name == "drop of Gradient descent"


def test_labels_and_colours_that_are_taken_make_room(editor: Editor) -> None:
    old = editor.scene.runs
    given = [old[0], old[0].replace(label="Adam 2"), Run("lion", lr=1.0, color="#123456"), old[2]]
    added = editor.insert_runs(given, "paste")
    assert [run.label for run in added] == ["Adam 2", "Adam 2 2", "Lion", "Momentum 2"]
    assert added[2].color == "#123456"
    assert len({run.color for run in editor.scene.runs}) == 7
    assert {run.color for run in added} <= {*PALETTE, "#123456"}
    assert all(one.numbers == other.numbers for one, other in zip(given, added, strict=True))


def test_what_was_cut_comes_back_as_it_was(editor: Editor) -> None:
    cut = editor.scene.runs[0]
    editor.delete_run("cut")
    assert editor.document.undo_name == "cut of Adam"
    (added,) = editor.insert_runs([cut], "paste")
    assert added == cut


def test_too_many_runs_are_refused(editor: Editor) -> None:
    editor.set_up("steps", 1_000_000)
    with pytest.raises(ValueError, match="steps times runs must be at most 5,000,000"):
        editor.insert_runs([Run("gd", lr=0.1)] * 3, "paste")
    assert len(editor.scene.runs) == 3


def test_a_name_as_long_as_a_name_can_be_finds_a_free_one(editor: Editor) -> None:
    longest = "x" * LONGEST_LABEL
    editor.rename(0, longest)
    for _ in range(10):
        editor.duplicate_run()
    labels = [run.label or "" for run in editor.scene.runs]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) == LONGEST_LABEL
    assert "x" * (LONGEST_LABEL - 3) + " 10" in labels


def test_names_that_the_file_keeps_are_taken() -> None:
    kept = Foreign(2, "{}", scene(), (), (Unread(0, 0, "Lion", "why"), Unread(1, 0, "Adam 2", "why")))
    editor = Editor(Document(scene(), Origin(foreign=kept)))
    editor.add_run("lion")
    assert editor.run is not None
    assert editor.run.label == "Lion 2"
    editor.select(0)
    editor.duplicate_run()
    assert editor.run.label == "Adam 3"
    with pytest.raises(ValueError, match="label must be another one than 'Lion', which a run has that the file keeps"):
        editor.rename(0, " Lion ")
    editor.rename(0, "Leo")
    assert editor.scene.runs[0].label == "Leo"
