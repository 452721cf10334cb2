"""Undo and redo of what commands do, and the names that the menu gives them."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from workspaces import take, wait

from optiviz import Run
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.files import pasted, scene_files
from optiviz.laboratories.decay_laboratory import DecayLaboratory
from optiviz.scene.comparisons import COMPARISONS
from optiviz.scene.first import first_scene
from optiviz.scene.manual_decay import knots_of
from optiviz.scene.view import OVERLAYS
from optiviz.session.document import DEPTH

LION = Run("lion", lr=0.1)


def do(*names):
    return lambda clerk: clerk.do(*names)


def at_step(step, name):
    """A command with the cursor at a step."""

    def command(clerk):
        clerk.workspace.seek(step)
        clerk.do(name)

    return command


def paste(what):
    def command(clerk):
        QApplication.clipboard().setText(pasted.to_text(what))
        clerk.do("paste")

    return command


def laboratory(clerk):
    clerk.do("laboratory")
    (lab,) = clerk.widget.findChildren(DecayLaboratory)
    lab.use.click()


def best_rates(clerk):
    clerk.do("best_rates")

    def over():
        take(clerk.workspace)
        return not clerk.workspace.studying

    wait(over)


EDITS = {
    "duplication of Adam": do("duplicate"),
    "deletion of Adam": do("delete"),
    "hiding of Momentum": do("run 2"),
    "decay × 0.5 at step 30": at_step(30, "halve"),
    "decay × 0.1 at step 20": at_step(20, "tenth"),
    "turning of the decay into knots": do("knots"),
    "cut of Adam": do("cut"),
    "paste of Lion": paste(LION),
    "paste of 2 runs": paste([LION, Run("gd", lr=0.1)]),
    "paste of a scene": paste(first_scene()),
    "best rates": best_rates,
    "decay laboratory": laboratory,
    "reset": do("reset"),
    **{f"adding of {rule.name}": do(f"add {key}") for key, rule in OPTIMIZERS.items()},
    **{comparison.name: do(key) for key, comparison in COMPARISONS.items()},
    "change of the view: curve": do("third step_length"),
    "change of the view: log loss": do("loss_log"),
    "change of the view: rest of the path": do("rest"),
    "change of the view: Step arithmetic": do("arithmetic"),
    "change of the view: colours": do("colors viridis"),
    "change of the view: For all runs": do("overlay_all"),
    "change of the view: Size of overlays": do("larger"),
    **{f"change of the view: {overlay.flag.symbol}": do(overlay.flag.name) for overlay in OVERLAYS.values()},
}


@pytest.mark.parametrize("name", EDITS)
def test_every_command_can_be_undone_and_redone(clerk, name):
    before = clerk.scene
    EDITS[name](clerk)
    clerk.workspace.pause()
    after = clerk.workspace.as_shown()
    assert clerk.scene != before
    assert clerk.document.depth == 1
    assert clerk.document.undo_name == name
    assert clerk.text("undo") == f"&Undo {name}"
    clerk.settle()
    clerk.do("undo")
    assert clerk.scene == before
    assert not clerk.can("undo")
    assert clerk.text("undo") == "&Undo"
    assert clerk.text("redo") == f"&Redo {name}"
    clerk.settle()
    clerk.do("redo")
    assert clerk.scene.same_content(after)
    assert clerk.scene.view == after.view
    assert not clerk.can("redo")
    clerk.settle()


def test_an_ampersand_in_a_name_is_no_key(clerk):
    clerk.workspace.attempt(lambda: clerk.workspace.editor.rename(0, "R&D"))
    clerk.do("delete")
    assert clerk.text("undo") == "&Undo deletion of R&&D"
    clerk.settle()


def test_an_edit_after_undo_forgets_what_could_be_redone(clerk):
    clerk.set("beta1", 0.8)
    clerk.do("undo")
    assert clerk.can("redo")
    clerk.set("beta1", 0.7)
    assert not clerk.can("redo")


def test_two_hundred_edits_can_be_undone(clerk):
    first = clerk.scene
    for number in range(DEPTH):
        if number % 2:
            clerk.do("rest")
        else:
            clerk.set_up("seed", number + 1)
    last = clerk.scene
    for _ in range(DEPTH):
        clerk.do("undo")
    assert clerk.scene == first
    assert not clerk.can("undo")
    for _ in range(DEPTH):
        clerk.do("redo")
    assert clerk.scene == last
    assert not clerk.can("redo")
    clerk.settle()


def test_a_scene_is_found_as_it_was_left(clerk, small, tmp_path):
    """The wrong file was opened in the middle of a lecture: cursor, zoom and speed are no edits, and come back."""
    scene_files.write(small(steps=40), tmp_path / "wrong.optiviz")
    clerk.workspace.seek(37)
    clerk.do("zoom_in", "faster", "loop")
    shown = clerk.workspace.as_shown()
    assert shown.place.window is not None
    clerk.files.open(tmp_path / "wrong.optiviz")
    assert clerk.workspace.place == small().place
    clerk.workspace.seek(5)
    clerk.do("undo")
    assert clerk.workspace.as_shown() == shown
    clerk.do("redo")
    assert clerk.workspace.place == small().place.replace(cursor=5)
    clerk.settle()


def test_without_runs_there_is_nothing_to_be_done_with_one(clerk, small):
    clerk.open(small(runs=()))
    assert not any(clerk.can(name) for name in ("duplicate", "rename", "delete", "halve", "run 1"))
    assert clerk.can("add adam")
    before = clerk.scene
    clerk.do("tenth", "take_back", "knots")  # these are possible, and do nothing
    assert clerk.scene == before
    clerk.do("add lion")
    assert clerk.labels == ["Lion"]
    assert [clerk.can(f"run {number}") for number in (1, 2)] == [True, False]
    clerk.settle()


# Decay by hand


def test_the_rate_is_changed_from_the_cursor_on_and_back(clerk):
    clerk.workspace.select(1)  # whose rate is constant
    before = clerk.settle()[1].lr
    clerk.workspace.seek(20)
    clerk.do("halve")
    clerk.workspace.seek(40)
    clerk.do("tenth")
    assert [step for step, _ in knots_of(clerk.run)] == [20, 40]
    after = clerk.settle()[1].lr
    assert (after[:20] == before[:20]).all()
    assert (after[20:40] == before[20] / 2).all()
    assert after[40:] == pytest.approx(before[40:] / 20)
    clerk.workspace.seek(60)
    clerk.do("take_back")
    assert [step for step, _ in knots_of(clerk.run)] == [20]
    assert clerk.text("undo") == "&Undo deletion of a knot"
    clerk.workspace.seek(10)
    clerk.do("take_back")
    assert clerk.status == "Momentum has no knot up to step 10 that could be taken back"
    assert [step for step, _ in knots_of(clerk.run)] == [20]
    clerk.settle()


def test_halving_twice_is_two_steps_back(clerk):
    clerk.workspace.seek(20)
    clerk.do("halve", "halve")
    assert clerk.document.depth == 2
    clerk.do("undo")
    assert clerk.document.undo_name == "decay × 0.5 at step 20"
    clerk.settle()
