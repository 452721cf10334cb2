"""The Compare menu: one click, one undo step, played from the start; the search; the laboratory."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from workspaces import take, wait

from optiviz import Run
from optiviz.files.origin import Origin
from optiviz.laboratories.decay_laboratory import DecayLaboratory
from optiviz.scene.comparisons import COMPARISONS
from optiviz.studies.rate_search import best_rates

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def halfway(clerk):
    """The clerk with the cursor in the middle."""
    clerk.workspace.seek(30)
    return clerk


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
def test_a_comparison_is_one_edit_that_plays(halfway, key):
    before, workspace = halfway.scene, halfway.workspace
    halfway.do(key)
    halfway.settle()
    after = halfway.scene
    assert after != before
    assert len({run.label for run in after.runs}) == len(after.runs) >= 2
    assert all(run.visible for run in after.runs)
    assert workspace.state.selected == 0
    assert workspace.state.playing
    assert workspace.state.place.cursor == 0
    assert halfway.document.undo_name == COMPARISONS[key].name
    halfway.do("undo")
    assert halfway.scene == before
    assert halfway.document.undo_name is None
    halfway.settle()


@pytest.mark.parametrize("key", COMPARISONS)
def test_a_comparison_starts_from_the_selected_run(halfway, key):
    halfway.workspace.select(1)
    if key == "k_grid":
        halfway.workspace.editor.choose_schedule("inverse_time")
    expected = COMPARISONS[key].build(halfway.scene, 1)
    halfway.do(key)
    assert halfway.scene == expected
    halfway.settle()


@pytest.mark.parametrize("key", [key for key in COMPARISONS if key != "rotated_bowl"])  # which brings its own runs
def test_what_cannot_be_compared_is_said(halfway, small, key):
    halfway.open(small(runs=() if key != "k_grid" else [Run("gd", lr=1e-4)]))
    before = halfway.scene
    halfway.do(key)
    assert ("no k to vary" if key == "k_grid" else "add a run first") in halfway.status
    assert halfway.scene == before
    assert halfway.document.undo_name == "test"
    halfway.settle()
    assert not halfway.workspace.state.playing


@pytest.fixture
def asked_twice(halfway):
    """Who asks for the same rate where all have the same."""
    halfway.do("same_rate_for_all")
    halfway.settle()
    assert halfway.workspace.state.playing
    halfway.workspace.toggle_play()
    halfway.workspace.seek(30)
    halfway.do("same_rate_for_all")
    halfway.settle()
    return halfway


def test_a_comparison_that_changes_nothing_plays_all_the_same(asked_twice):
    assert asked_twice.workspace.state.place.cursor == 0
    assert asked_twice.workspace.state.playing


def test_after_a_comparison_that_changed_nothing_no_edit_starts_playing(asked_twice):
    asked_twice.workspace.pause()
    asked_twice.set("beta1", 0.8)
    asked_twice.settle()
    assert not asked_twice.workspace.state.playing


def test_comparisons_follow_each_other(halfway):
    scenes = []
    for key in COMPARISONS:
        scenes.append(halfway.scene)
        if key == "k_grid":
            halfway.workspace.select(2)
            assert halfway.run.schedule != "constant"
        halfway.do(key)
    for scene in reversed(scenes):
        halfway.do("undo")
        assert halfway.scene == scene
    halfway.settle()


def test_a_comparison_in_the_window(still):
    before = still.scene
    still.action("same_rate_for_all").trigger()
    still.settle()
    assert still.runs.currentRow() == 0
    still.until(lambda: still.window.workspace.player.playing)
    assert still.cursor == 0
    still.shortcut("Ctrl+Z")
    assert still.scene == before
    assert still.document.undo_name is None
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


def found(clerk):
    """Waits until the search has ended, and takes over what it has found."""

    def over():
        take(clerk.workspace)
        return not clerk.workspace.studying

    wait(over)
    assert not jobs()


def test_the_best_rates_are_searched_on_a_thread(clerk, small):
    clerk.open(small(steps=600))
    before = clerk.scene
    clerk.do("best_rates")
    assert len(jobs()) == 1
    assert clerk.workspace.studying
    found(clerk)
    expected = best_rates(before)
    assert clerk.scene == expected.scene
    assert clerk.status == expected.words
    assert clerk.status.startswith("Minimised: the loss after 600 steps")
    assert clerk.document.undo_name == "best rates"
    clerk.do("undo")
    assert clerk.scene == before
    clerk.settle()


def test_a_search_that_is_cancelled_changes_nothing(clerk, small):
    clerk.open(small(steps=20_000))
    before = clerk.scene
    clerk.do("best_rates")
    clerk.workspace.cancel()
    found(clerk)
    assert "Cancelled" in clerk.status
    assert clerk.scene == before
    assert clerk.document.undo_name == "test"


@pytest.mark.parametrize(
    ("changes", "words"), [({"runs": ()}, "add a run first"), ({"surface": "saddle", "start": None}, "has no minimum")]
)
def test_what_cannot_be_searched_is_said(clerk, small, changes, words):
    clerk.open(small(**changes))
    before = clerk.scene
    clerk.do("best_rates")
    found(clerk)
    assert words in clerk.status
    assert clerk.scene == before


def test_searching_again_ends_the_first_search(clerk, small):
    clerk.open(small(steps=1000))
    clerk.do("best_rates", "best_rates")
    assert len(jobs()) == 1
    found(clerk)
    assert clerk.document.undo_name == "best rates"
    clerk.settle()


def test_an_edit_during_the_search_is_not_lost(clerk, small):
    """The search brings rates; what else was changed meanwhile stays as the user wants it."""
    clerk.open(small(steps=1000))
    clerk.do("best_rates", "run 2")  # hides the second run
    found(clerk)
    assert [run.visible for run in clerk.scene.runs] == [True, False]
    assert "not taken over" in clerk.status
    assert clerk.document.undo_name == "hiding of Momentum"


def test_the_view_may_change_during_the_search(clerk, small):
    clerk.open(small(steps=1000))
    clerk.do("best_rates", "rest")
    clerk.workspace.zoom(0.5)
    area = clerk.workspace.place.window
    found(clerk)
    assert clerk.document.undo_name == "best rates"
    assert clerk.scene.view.rest
    assert clerk.workspace.place.window == area


def test_a_scene_opened_during_the_search_stays(clerk, small):
    clerk.open(small(steps=1000))
    clerk.do("best_rates")
    other = small(surface="booth")
    clerk.workspace.open(other, Origin(), "test")
    found(clerk)
    clerk.settle()
    assert clerk.scene == other


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


def test_the_window_takes_over_what_is_found(still):
    before = still.scene
    still.action("best_rates").trigger()
    still.until(lambda: still.scene != before)
    assert still.status.startswith("Minimised: the loss after 60 steps")
    assert not jobs()
    still.settle()
    still.until(lambda: not still.window.clock.running)


def test_closing_during_the_search_ends_quickly(open_window, small):
    user = open_window(small(steps=20_000))
    user.action("best_rates").trigger()
    began = time.monotonic()
    user.window.close()
    assert time.monotonic() - began < 5
    assert not jobs()


# The decay laboratory


def laboratories(parent):
    return [lab for lab in parent.findChildren(DecayLaboratory) if lab.isVisible()]


def laboratory(user):
    user.until(lambda: laboratories(user.window))
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
    still.until(lambda: not laboratories(still.window))
    still.settle()
    assert still.window.workspace.editor.selected < len(family.runs)
    still.shortcut("Ctrl+Z")
    assert still.scene == before
    still.settle()


def test_the_laboratory_changes_nothing_by_itself(clerk):
    before = clerk.scene
    clerk.do("laboratory")
    (lab,) = laboratories(clerk.widget)
    lab.reject()
    assert not laboratories(clerk.widget)
    assert clerk.scene == before
    assert clerk.document.undo_name is None


def test_the_laboratory_without_runs(clerk, small):
    clerk.open(small(runs=()))
    clerk.do("laboratory")
    (lab,) = laboratories(clerk.widget)
    assert lab.shown is not None
    lab.use.click()
    assert clerk.scene.runs
    clerk.settle()


def test_the_laboratory_closes_with_the_window(open_window, small):
    user = open_window(small())
    user.shortcut("Ctrl+K")
    runner = laboratory(user).runner
    assert runner.alive
    user.window.close()
    assert not runner.alive
    assert not laboratories(user.window)
