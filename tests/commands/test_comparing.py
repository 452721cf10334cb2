"""The Compare menu in the window: one click, one undo step, played from the start; the search; the laboratory."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from optiviz import Run
from optiviz.laboratories.decay_laboratory import DecayLaboratory
from optiviz.scene.comparisons import COMPARISONS
from optiviz.studies.rate_search import best_rates

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def still(user, monkeypatch):
    """The user in front of a window in which playing takes no time, the cursor in the middle."""
    monkeypatch.setattr(user.window.workspace.player, "advance", lambda seconds: False)
    user.window.workspace.seek(30)
    user.rest()
    return user


def jobs():
    """The threads that search."""
    return [thread for thread in threading.enumerate() if thread.name == "job"]


# One click


@pytest.mark.parametrize("key", COMPARISONS)
def test_a_comparison_is_one_edit_that_plays(still, key):
    before = still.scene
    still.action(key).trigger()
    still.settle()
    after = still.scene
    assert after != before
    assert len({run.label for run in after.runs}) == len(after.runs) >= 2
    assert all(run.visible for run in after.runs)
    assert still.window.workspace.editor.selected == still.runs.currentRow() == 0
    still.until(lambda: still.window.workspace.player.playing)
    assert still.cursor == 0
    assert still.document.undo_name == COMPARISONS[key].name
    still.shortcut("Ctrl+Z")
    assert still.scene == before
    assert still.document.undo_name is None
    still.settle()


@pytest.mark.parametrize("key", COMPARISONS)
def test_a_comparison_starts_from_the_selected_run(still, key):
    still.window.workspace.editor.select(1)
    if key == "k_grid":
        still.window.workspace.editor.choose_schedule("inverse_time")
    expected = COMPARISONS[key].build(still.scene, 1)
    still.action(key).trigger()
    assert still.scene == expected
    still.settle()


@pytest.mark.parametrize("key", [key for key in COMPARISONS if key != "rotated_bowl"])  # which brings its own runs
def test_what_cannot_be_compared_is_said(still, small, key):
    still.open(small(runs=() if key != "k_grid" else [Run("gd", lr=1e-4)]))
    before = still.scene
    still.action(key).trigger()
    assert ("no k to vary" if key == "k_grid" else "add a run first") in still.status
    assert still.scene == before
    assert still.document.undo_name == "test"
    still.settle()
    assert not still.window.workspace.player.playing


@pytest.fixture
def asked_twice(still):
    """Who asks for the same rate where all have the same."""
    still.action("same_rate_for_all").trigger()
    still.until(lambda: still.window.workspace.player.playing)
    still.press(Key.Key_Space)
    still.window.workspace.seek(30)
    still.action("same_rate_for_all").trigger()
    still.settle()
    return still


def test_a_comparison_that_changes_nothing_plays_all_the_same(asked_twice):
    assert asked_twice.cursor == 0
    asked_twice.until(lambda: asked_twice.window.workspace.player.playing, 1.0)


def test_after_a_comparison_that_changed_nothing_no_edit_starts_playing(asked_twice):
    if asked_twice.window.workspace.player.playing:
        asked_twice.press(Key.Key_Space)
    asked_twice.enter("beta1", "0.8")
    asked_twice.settle()
    assert not asked_twice.window.workspace.player.playing


def test_comparisons_follow_each_other(still):
    scenes = []
    for key in COMPARISONS:
        scenes.append(still.scene)
        if key == "k_grid":
            still.window.workspace.editor.select(2)
            scenes[-1] = still.scene
            assert still.window.workspace.editor.run.schedule != "constant"
        still.action(key).trigger()
    for scene in reversed(scenes):
        still.shortcut("Ctrl+Z")
        assert still.scene == scene
    still.settle()


def test_the_twins_show_their_gap(still):
    still.action("bias_correction_twins").trigger()
    still.settle()
    assert still.window.dashboard.third.chooser.currentData() == "bias_factors"
    assert still.action("show_gap").isChecked()
    still.window.workspace.seek(10)
    still.press(Key.Key_Space)
    shown = still.picture(still.window.dashboard.contours.plot)
    still.press(Key.Key_T)
    assert (still.picture(still.window.dashboard.contours.plot) != shown).any()


# The best rate for each


def test_the_best_rates_are_searched_on_a_thread(still, small):
    still.open(small(steps=600))
    before = still.scene
    still.action("best_rates").trigger()
    assert len(jobs()) == 1
    still.until(lambda: still.scene != before)
    expected = best_rates(before)
    assert still.scene == expected.scene
    assert still.status == expected.words
    assert still.status.startswith("Minimised: the loss after 600 steps")
    assert still.document.undo_name == "best rates"
    assert not jobs()
    still.shortcut("Ctrl+Z")
    assert still.scene == before
    still.settle()


def test_the_window_lives_on_during_the_search_which_can_be_cancelled(still, small):
    still.open(small(steps=100_000))
    before, line = still.scene, still.window.status_line
    still.action("best_rates").trigger()
    still.until(line.bar.isVisible)
    still.press(Key.Key_Right)
    assert still.cursor == 1
    still.until(lambda: line.bar.value() > 0)
    QTest.mouseClick(line.cancel, LEFT)
    still.until(lambda: not line.bar.isVisible())
    assert "Cancelled" in still.status
    assert not jobs()
    assert still.scene == before
    assert still.document.undo_name == "test"


@pytest.mark.parametrize(
    ("changes", "words"), [({"runs": ()}, "add a run first"), ({"surface": "saddle", "start": None}, "has no minimum")]
)
def test_what_cannot_be_searched_is_said(still, small, changes, words):
    still.open(small(**changes))
    before = still.scene
    still.action("best_rates").trigger()
    still.until(lambda: words in still.status)
    assert still.scene == before
    assert not jobs()


def test_searching_again_ends_the_first_search(still, small):
    still.open(small(steps=1000))
    still.action("best_rates").trigger()
    still.action("best_rates").trigger()
    assert len(jobs()) == 1
    still.until(lambda: still.document.undo_name == "best rates")
    still.settle()


def test_closing_during_the_search_ends_quickly(open_window, small):
    user = open_window(small(steps=20_000))
    user.action("best_rates").trigger()
    began = time.monotonic()
    user.window.close()
    assert time.monotonic() - began < 5
    assert not jobs()


def wait_for_the_search(user):
    user.until(lambda: not jobs())
    user.until(lambda: not user.window.clock.running)


def test_an_edit_during_the_search_is_not_lost(still, small):
    """The search brings rates; what else was changed meanwhile stays as the user wants it."""
    still.open(small(steps=1000))
    still.action("best_rates").trigger()
    still.press(Key.Key_2)  # hides the second run
    wait_for_the_search(still)
    assert [run.visible for run in still.scene.runs] == [True, False]


def test_a_scene_opened_during_the_search_stays(still, small):
    still.open(small(steps=1000))
    still.action("best_rates").trigger()
    other = small(surface="booth")
    still.open(other)
    wait_for_the_search(still)
    assert still.scene == other


# The decay laboratory


def laboratory(user):
    user.until(lambda: [lab for lab in user.window.findChildren(DecayLaboratory) if lab.isVisible()])
    return user.dialog(DecayLaboratory)


def test_the_laboratorys_family_becomes_the_scene(still):
    before = still.scene
    still.shortcut("Ctrl+K")
    lab = laboratory(still)
    still.until(lambda: lab.shown is not None)
    family = lab.shown
    QTest.mouseClick(still.find(QPushButton, "use", lab), LEFT)
    assert still.scene == family
    assert {run.schedule for run in family.runs} == {"exponential"}  # the selected run's
    assert still.document.undo_name == "decay laboratory"
    still.until(lambda: not [d for d in still.window.findChildren(DecayLaboratory) if d.isVisible()])
    still.settle()
    assert still.window.workspace.editor.selected < len(family.runs)
    still.shortcut("Ctrl+Z")
    assert still.scene == before
    still.settle()


def test_the_laboratory_changes_nothing_by_itself(still):
    before = still.scene
    still.shortcut("Ctrl+K")
    still.press(Key.Key_Escape, laboratory(still))
    still.until(lambda: not [d for d in still.window.findChildren(DecayLaboratory) if d.isVisible()])
    assert still.scene == before
    assert still.document.undo_name is None


def test_the_laboratory_without_runs(still, small):
    still.open(small(runs=()))
    still.shortcut("Ctrl+K")
    lab = laboratory(still)
    still.until(lambda: lab.shown is not None)
    QTest.mouseClick(still.find(QPushButton, "use", lab), LEFT)
    assert still.scene.runs
    still.settle()


def test_the_laboratory_closes_with_the_window(open_window, small):
    user = open_window(small())
    user.shortcut("Ctrl+K")
    thread = laboratory(user).runner._thread
    assert thread.is_alive()
    user.window.close()
    assert not thread.is_alive()
    assert not [lab for lab in user.window.findChildren(DecayLaboratory) if lab.isVisible()]
