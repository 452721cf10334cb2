"""The workspace: what an event changes, who is told of it, and what reaches the worker."""

from __future__ import annotations

import threading
from dataclasses import fields
from typing import Any

import pytest
from workspaces import Heard, scenes_of, settle, small_scene, take, wait

from optiviz import Run, Scene
from optiviz.files.origin import Origin
from optiviz.scene.view import SPEEDS, Place, View
from optiviz.session.runner import Runner
from optiviz.session.state import State, differ
from optiviz.session.workspace import CLOSEST, FARTHEST, STILL_COMPUTING, Workspace

PARTS = [field.name for field in fields(State)]


class Log:
    """A watcher that keeps what it is shown: its name, and the parts that differ."""

    def __init__(self, name: str = "", told: list[tuple[str, set[str]]] | None = None) -> None:
        self.name = name
        self.told = [] if told is None else told
        self.states: list[tuple[State | None, State]] = []

    def show_state(self, old: State | None, new: State) -> None:
        self.states.append((old, new))
        changed = PARTS if old is None else [n for n in PARTS if getattr(old, n) is not getattr(new, n)]
        self.told.append((self.name, set(changed)))


@pytest.fixture
def log(workspace: Heard) -> Log:
    """A watcher of a workspace at rest, who has forgotten how it began."""
    made = Log()
    workspace.watch(made)
    made.told.clear()
    made.states.clear()
    return made


@pytest.fixture
def requests(workspace: Heard, monkeypatch: pytest.MonkeyPatch) -> list[Scene]:
    """The scenes that reach the worker from now on."""
    seen: list[Scene] = []
    request = workspace.runner.request

    def asked(scene: Scene) -> None:
        seen.append(scene)
        request(scene)

    monkeypatch.setattr(workspace.runner, "request", asked)
    return seen


# What is told


def test_a_watcher_is_shown_the_state_at_once_and_what_follows_as_old_and_new(workspace: Heard) -> None:
    log, before = Log(), workspace.state
    workspace.watch(log)
    assert log.states == [(None, before)]
    workspace.seek(7)
    assert log.states[1:] == [(before, workspace.state)]
    assert (before.place.cursor, workspace.state.place.cursor) == (0, 7)
    workspace.unwatch(log)
    workspace.unwatch(log)  # twice does no harm
    workspace.seek(8)
    assert len(log.states) == 2


CHANGES: dict[str, tuple[Any, set[str]]] = {
    "a step": (lambda w: w.step(1), {"place"}),
    "the speed": (lambda w: w.set_speed("5/s"), {"place"}),
    "faster": (lambda w: w.change_speed(1), {"place"}),
    "looping": (lambda w: w.toggle_loop(), {"place"}),
    "a zoom": (lambda w: w.zoom(0.5), {"place"}),
    "playing": (lambda w: w.toggle_play(), {"playing"}),
    "another run": (lambda w: w.select(1), {"selected"}),
    "the theme": (lambda w: w.appear(theme="dark"), {"appearance"}),
    "the clipboard": (lambda w: w.set_pasteable(False), {"pasteable"}),
    "a line": (lambda w: w.set_line(3), {"line"}),
    "an edit": (lambda w: w.attempt(lambda: w.editor.set_up("steps", 70)), {"scene", "history", "preview"}),
    "a label": (lambda w: w.attempt(lambda: w.editor.rename(0, "mine")), {"scene", "history", "result"}),
    "the view": (lambda w: w.toggle_view("rest"), {"scene", "history"}),
    "the arithmetic": (lambda w: w.toggle_view("arithmetic"), {"scene", "history", "step"}),
    "a refusal": (lambda w: w.attempt(lambda: w.editor.set_up("steps", 0)), {"refusals"}),
    "an edit that is none": (lambda w: w.attempt(lambda: w.editor.set_up("steps", 60)), {"refusals"}),
    "a long work": (lambda w: w.study(lambda report: 1, lambda answer: None), {"studying"}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_told_once_and_all_that_has_not_changed_is_the_same_object(
    workspace: Heard, log: Log, what: str
) -> None:
    change, parts = CHANGES[what]
    change(workspace)
    assert log.told == [("", parts)]
    assert log.states[0][1] is workspace.state


def test_nothing_is_told_when_nothing_changes(workspace: Heard, log: Log) -> None:
    before = workspace.state
    for nothing in (
        lambda: workspace.seek(0),
        lambda: workspace.step(-1),
        lambda: workspace.select(0),
        lambda: workspace.look_at(None),
        lambda: workspace.look_at(workspace.scene.landscape.window),
        lambda: workspace.appear(theme="light"),
        workspace.end_preview,
        workspace.undo,
        workspace.redo,
        workspace.tell,
    ):
        nothing()
        assert workspace.state is before
    assert log.told == []


def test_watchers_are_told_in_their_order(workspace: Heard) -> None:
    told: list[tuple[str, set[str]]] = []
    for name in "abc":
        workspace.watch(Log(name, told))
    told.clear()
    workspace.seek(7)
    workspace.toggle_loop()
    assert [name for name, _ in told] == [*"abcabc"]


def test_changes_that_are_made_together_are_told_as_one(workspace: Heard, log: Log) -> None:
    with workspace.one_change():
        workspace.seek(7)
        with workspace.one_change():
            workspace.toggle_loop()
            workspace.attempt(lambda: workspace.editor.set_view("rest", True))
        assert log.told == []
    assert log.told == [("", {"place", "scene", "history"})]


def test_what_comes_to_nothing_is_not_told(workspace: Heard, log: Log) -> None:
    with workspace.one_change():
        workspace.seek(7)
        workspace.seek(0)
    assert log.told == []


def test_an_error_in_a_change_leaves_a_workspace_that_tells(workspace: Heard, log: Log) -> None:
    def fail() -> None:
        with workspace.one_change():
            workspace.seek(7)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert log.told == [("", {"place"})]
    workspace.seek(8)
    assert len(log.told) == 2


def test_a_watcher_that_fails_keeps_no_other_from_hearing(workspace: Heard, log: Log) -> None:
    class Broken:
        def show_state(self, old: State | None, new: State) -> None:
            if new.place.cursor == 7:
                raise ZeroDivisionError

    workspace.watch(Broken())
    last = Log()
    workspace.watch(last)
    with pytest.raises(ZeroDivisionError):
        workspace.seek(7)
    workspace.seek(8)
    assert [new.place.cursor for _, new in log.states] == [7, 8]
    assert [new.place.cursor for _, new in last.states] == [0, 7, 8]


def test_a_watcher_may_change_something_which_all_are_told_afterwards(workspace: Heard) -> None:
    class Stopper:
        """Stops at the end, as a view might."""

        def show_state(self, old: State | None, new: State) -> None:
            if new.place.cursor == 60 and not new.place.loop:
                workspace.toggle_loop()

    first, last = Log(), Log()
    for watcher in (first, Stopper(), last):
        workspace.watch(watcher)
    workspace.seek(60)
    assert first.states == last.states
    assert [(new.place.cursor, new.place.loop) for _, new in last.states[1:]] == [(60, False), (60, True)]
    assert all(old is before for (_, before), (old, _) in zip(last.states, last.states[1:], strict=False))


def test_a_watcher_that_goes_while_it_is_told_keeps_no_other_from_hearing(workspace: Heard, log: Log) -> None:
    class Leaving:
        def show_state(self, old: State | None, new: State) -> None:
            if old is not None:
                workspace.unwatch(self)

    workspace.watch(Leaving())
    last = Log()
    workspace.watch(last)
    workspace.seek(7)
    assert len(last.states) == 2


def test_time_that_passes_is_told_when_somebody_asks(workspace: Heard, log: Log) -> None:
    workspace.play()
    log.told.clear()
    assert workspace.advance(0.2)
    assert log.told == []
    assert workspace.player.cursor == 6
    workspace.tell()
    assert log.told == [("", {"place"})]


def test_parts_are_compared_by_what_they_say() -> None:
    one = State(small_scene())
    other = State(small_scene(), place=Place(cursor=7))

    def scene(state: State) -> object:
        return state.scene

    assert differ(None, one, scene)
    assert not differ(one, one, scene)
    assert not differ(one, other, scene)
    assert differ(one, other, lambda state: state.place)


# What a state says


def test_the_selected_run_and_its_trajectory(workspace: Heard) -> None:
    adam, momentum = workspace.scene.runs
    assert workspace.state.run == adam
    workspace.select(1)
    assert workspace.state.run == momentum
    assert workspace.result is not None
    assert workspace.state.shown == (momentum, workspace.result.trajectories[1])
    workspace.attempt(workspace.editor.duplicate_run)
    assert workspace.state.run == workspace.scene.runs[2]
    assert workspace.state.shown is None  # its trajectory is to come
    settle(workspace)
    assert workspace.state.shown is not None
    workspace.open(small_scene(runs=()), Origin(), "test")
    assert workspace.state.run is None
    settle(workspace)
    assert workspace.state.shown is None


def test_what_can_be_undone_and_whether_there_is_something_to_save(workspace: Heard) -> None:
    assert workspace.state.history.undo is None
    workspace.attempt(lambda: workspace.editor.set_up("steps", 70))
    history = workspace.state.history
    assert (history.undo, history.redo, history.changed) == ("change of steps", None, True)
    workspace.undo()
    history = workspace.state.history
    assert (history.undo, history.redo, history.changed) == (None, "change of steps", False)
    workspace.redo()
    workspace.open(small_scene(steps=33), Origin(), "test")
    assert (workspace.state.history.undo, workspace.state.history.changed) == ("test", False)


def test_two_edits_of_one_name_are_two_changes_of_the_state(workspace: Heard) -> None:
    for steps in (70, 80):
        workspace.attempt(lambda steps=steps: workspace.editor.set_up("steps", steps))
        workspace.document.seal()
    workspace.undo()
    assert workspace.state.history.undo == "change of steps"
    workspace.undo()
    assert not workspace.state.history.changed


# Edits


def test_a_refused_edit_shows_again_what_holds(workspace: Heard, log: Log) -> None:
    before = workspace.state
    assert not workspace.attempt(lambda: workspace.editor.set_up("steps", 0))
    (said,) = workspace.said
    assert "steps must be" in said
    assert workspace.scene is before.scene
    assert workspace.state.refusals == before.refusals + 1
    assert not workspace.attempt(lambda: workspace.editor.set_up("steps", 0))
    assert workspace.state.refusals == before.refusals + 2


def test_a_value_typed_in_another_way_is_shown_as_it_is_kept(workspace: Heard) -> None:
    before = workspace.state
    assert workspace.attempt(lambda: workspace.editor.set_param("beta1", 0.9))
    assert workspace.state.scene is before.scene
    assert workspace.state.refusals == before.refusals + 1


def test_who_mends_a_refused_text_keeps_it(workspace: Heard, log: Log) -> None:
    refused: list[str] = []
    assert not workspace.attempt(lambda: workspace.editor.set_up("steps", 0), refused.append)
    assert "steps must be" in refused[0]
    assert workspace.said == []
    assert log.told == []


def test_errors_that_are_no_refusals_are_not_hidden(workspace: Heard) -> None:
    with pytest.raises(ZeroDivisionError):
        workspace.attempt(lambda: 1 // 0)


def test_a_drag_is_one_step_until_it_is_let_go(workspace: Heard) -> None:
    before = workspace.scene
    with scenes_of(workspace) as scenes:
        for x in (0.1, 0.2, 0.3, 0.4):
            workspace.drag(lambda x=x: workspace.editor.move_start(x, 1.0), held=x < 0.4)
    assert len(scenes) == 5
    workspace.drag(lambda: workspace.editor.move_start(0.5, 1.0), held=True)
    assert workspace.document.depth == 2
    workspace.undo()
    workspace.undo()
    assert workspace.scene == before
    settle(workspace)


def test_the_paths_past_the_cursor_are_shown_after_a_change_of_numbers(workspace: Heard) -> None:
    workspace.toggle_view("loss_log")
    workspace.attempt(lambda: workspace.editor.rename(0, "mine"))
    assert not workspace.state.preview
    workspace.attempt(lambda: workspace.editor.set_param("lr", 0.1))
    assert workspace.state.preview
    workspace.end_preview()
    assert not workspace.state.preview


# What is looked at


def test_as_shown_holds_the_place_as_it_is_now(workspace: Heard) -> None:
    workspace.seek(17)
    workspace.set_speed("2/frame")
    workspace.toggle_loop()
    workspace.look_at((0.0, 1.0, 2.0, 3.0))
    place = Place(17, "2/frame", True, (0.0, 1.0, 2.0, 3.0))
    assert workspace.as_shown() == workspace.scene.replace(place=place)
    assert workspace.place == workspace.state.place == place
    assert workspace.scene.place == Place()  # this is where it was opened


def test_a_scene_is_opened_at_its_place_and_found_where_it_was_left(workspace: Heard) -> None:
    workspace.seek(17)
    workspace.zoom(0.5)
    workspace.select(1)
    left = workspace.as_shown()
    place = Place(5, "1/s", True, (0.0, 1.0, 2.0, 3.0))
    workspace.open(small_scene(steps=40, place=place), Origin(), "test")
    assert workspace.place == place
    assert workspace.state.selected == 0
    assert not workspace.state.playing
    workspace.seek(6)
    workspace.undo()
    assert workspace.as_shown() == left
    workspace.redo()
    assert workspace.place == place.replace(cursor=6)


def test_within_a_scene_undo_moves_nothing(workspace: Heard) -> None:
    workspace.attempt(lambda: workspace.editor.set_param("lr", 0.1))
    workspace.seek(17)
    workspace.zoom(0.5)
    place = workspace.place
    workspace.undo()
    assert workspace.place == place
    workspace.redo()
    assert workspace.place == place


def test_fewer_steps_bring_the_cursor_back_to_the_last(workspace: Heard) -> None:
    workspace.seek(60)
    workspace.attempt(lambda: workspace.editor.set_up("steps", 40))
    assert workspace.state.place.cursor == 40
    workspace.undo()
    assert workspace.state.place.cursor == 40
    settle(workspace)


def test_another_surface_is_looked_at_whole(workspace: Heard) -> None:
    workspace.zoom(0.5)
    assert workspace.place.window is not None
    workspace.attempt(lambda: workspace.editor.choose_surface("booth"))
    assert workspace.place.window is None
    settle(workspace)


def test_zooming_keeps_the_middle_and_ends_where_floats_do(workspace: Heard) -> None:
    x0, x1, y0, y1 = workspace.scene.landscape.window
    workspace.zoom(0.5)
    area = workspace.place.window
    width, height = (x1 - x0) / 4, (y1 - y0) / 4
    assert area == pytest.approx((x0 + width, x1 - width, y0 + height, y1 - height))
    workspace.zoom(2.0)
    assert workspace.place.window in (None, (x0, x1, y0, y1))
    for factor, limit in ((0.01, CLOSEST), (100.0, FARTHEST)):
        for _ in range(20):
            workspace.zoom(factor)
        left, right, *_ = workspace.place.window or (0.0, 0.0)
        assert limit / 2 < (right - left) / (x1 - x0) < limit * 2
    workspace.look_at(None)
    assert workspace.place.window is None


# The worker


@pytest.mark.parametrize(
    "change",
    [
        lambda w: w.toggle_view("rest"),
        lambda w: w.edit_view("overlay_scale", 2.0),
        lambda w: w.edit_view("third", "step_length"),
        lambda w: w.zoom(0.5),
        lambda w: w.seek(7),
        lambda w: w.select(1),
        lambda w: w.attempt(lambda: w.editor.rename(0, "mine")),
        lambda w: w.attempt(lambda: w.editor.recolor(0, "#123456")),
        lambda w: w.attempt(lambda: w.editor.toggle_visible(0)),
        lambda w: w.attempt(lambda: w.editor.set_up("seed", 7)),  # without noise
    ],
)
def test_what_changes_no_number_does_not_reach_the_worker(workspace: Heard, requests: list[Scene], change: Any) -> None:
    before = workspace.result
    change(workspace)
    assert requests == []
    assert not workspace.runner.busy
    assert workspace.result is not None
    assert before is not None
    assert workspace.result.trajectories is before.trajectories
    assert workspace.result_now() is workspace.result
    workspace.undo()
    assert requests == []
    settle(workspace)


def test_a_number_reaches_the_worker_once(workspace: Heard, requests: list[Scene]) -> None:
    workspace.attempt(lambda: workspace.editor.set_param("lr", 0.1))
    workspace.toggle_view("rest")  # while it is computed
    workspace.seek(3)
    assert len(requests) == 1
    settle(workspace)
    assert len(requests) == 1


def test_what_was_asked_for_and_taken_back_is_not_waited_for(workspace: Heard, requests: list[Scene]) -> None:
    before = workspace.result
    workspace.attempt(lambda: workspace.editor.set_up("steps", 400_000))
    workspace.undo()
    assert workspace.result is before
    assert workspace.result_now() is before
    assert not workspace.runner.busy
    workspace.redo()
    assert len(requests) == 2
    workspace.cancel()


def test_until_it_is_computed_the_result_before_is_shown(workspace: Heard) -> None:
    before = workspace.result
    workspace.attempt(lambda: workspace.editor.set_param("lr", 0.1))
    assert workspace.state.result is before
    with pytest.raises(ValueError, match=STILL_COMPUTING):
        workspace.result_now()
    settle(workspace)
    assert workspace.result_now() is workspace.state.result
    assert workspace.state.result is not before


def test_paths_over_another_surface_are_never_shown(workspace: Heard) -> None:
    workspace.attempt(lambda: workspace.editor.set_param("lr", 0.1))
    wait(lambda: workspace.runner.ready)  # it lies there, and is overtaken
    workspace.attempt(lambda: workspace.editor.choose_surface("booth"))
    assert workspace.state.result is None
    workspace.take_result()
    assert workspace.state.result is None or workspace.state.result.scene.surface == "booth"
    settle(workspace)
    workspace.undo()
    settle(workspace)
    workspace.attempt(lambda: workspace.editor.set_param("lr", 0.2))
    wait(lambda: workspace.runner.ready)
    before = workspace.result
    workspace.attempt(lambda: workspace.editor.set_surface_param("b", 50.0))
    workspace.take_result()
    assert workspace.state.result is before or workspace.state.result is workspace.result_now()
    settle(workspace)


def test_a_result_is_told_and_its_labels_are_the_scenes(workspace: Heard, log: Log) -> None:
    workspace.attempt(lambda: workspace.editor.set_param("lr", 0.1))
    workspace.attempt(lambda: workspace.editor.rename(0, "mine"))
    log.told.clear()
    settle(workspace)
    assert log.told == [("", {"result"})]
    assert workspace.result is not None
    assert [run.label for run in workspace.result.scene.runs] == ["mine", "Momentum"]


def test_what_the_simulation_raises_is_raised_here_and_can_be_asked_for_again(
    workspace: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise MemoryError("too long")

    workspace.attempt(lambda: workspace.editor.set_param("lr", 0.1))
    wait(lambda: workspace.runner.ready)
    with monkeypatch.context() as patch:
        patch.setattr(workspace.runner, "take", fail)
        with pytest.raises(MemoryError, match="too long"):
            workspace.take_result()
    workspace.attempt(lambda: workspace.editor.set_param("lr", 0.2))
    settle(workspace)


def test_the_workspace_hears_of_a_result_from_the_workers_thread() -> None:
    heard: list[str] = []
    workspace = Workspace(small_scene(), notify=lambda: heard.append(threading.current_thread().name))
    wait(lambda: heard)
    assert heard == ["simulation"]
    settle(workspace)
    workspace.close()


@pytest.fixture
def computing(workspace: Heard) -> Heard:
    """A workspace that computes something long."""
    workspace.attempt(lambda: workspace.editor.set_up("steps", 400_000))
    wait(lambda: workspace.runner.working and 0 < workspace.progress < 0.4)
    return workspace


def test_cancelling_takes_the_edit_back_that_asked_for_it(computing: Heard) -> None:
    assert computing.busy
    assert 0 < computing.progress < 1
    computing.cancel()
    assert computing.scene == small_scene()
    assert computing.said == ["Cancelled."]
    assert not computing.busy
    settle(computing)


def test_cancelling_an_undo_redoes_it(workspace: Heard) -> None:
    workspace.open(small_scene(steps=400_000), Origin(), "long")
    workspace.open(small_scene(), Origin(), "short")
    settle(workspace)
    workspace.undo()
    wait(lambda: workspace.runner.progress > 0)
    workspace.cancel()
    assert workspace.scene == small_scene()
    settle(workspace)


def test_after_closing_nothing_goes_on(computing: Heard) -> None:
    report = threading.Event()

    def work(tell: Any) -> None:
        while True:
            tell(0.5)
            report.set()

    computing.study(work, lambda answer: None)
    assert report.wait(10.0)
    computing.close()
    assert not computing.runner.alive
    assert not computing.runner.busy
    assert [thread for thread in threading.enumerate() if thread.name == "job"] == []


# Long work


def test_long_work_hands_over_what_it_gives(workspace: Heard, log: Log) -> None:
    go, answers = threading.Event(), []

    def work(report: Any) -> int:
        report(0.25)
        assert go.wait(10.0)
        return 42

    def keep(answer: int) -> None:
        answers.append((answer, threading.current_thread()))
        workspace.seek(answer)

    workspace.study(work, keep)
    assert workspace.state.studying
    wait(lambda: workspace.progress == 0.25)
    take(workspace)
    assert answers == []
    go.set()
    wait(lambda: (take(workspace), answers)[1])
    assert answers == [(42, threading.current_thread())]
    assert not workspace.state.studying
    assert log.told == [("", {"studying"}), ("", {"studying", "place"})]


def test_long_work_that_cannot_be_done_says_why(workspace: Heard) -> None:
    def work(report: Any) -> None:
        raise ValueError("no minimum")

    workspace.study(work, lambda answer: pytest.fail("there is none"))
    wait(lambda: (take(workspace), not workspace.studying)[1])
    assert workspace.said == ["no minimum"]
    assert not workspace.state.studying


def test_other_long_work_takes_the_place_of_what_was_going_on(workspace: Heard) -> None:
    answers: list[str] = []

    def endless(report: Any) -> str:
        while True:
            report(0.1)

    workspace.study(endless, answers.append)
    workspace.study(lambda report: "second", answers.append)
    wait(lambda: (take(workspace), answers)[1])
    assert answers == ["second"]
    workspace.study(endless, answers.append)
    workspace.cancel()  # gives up the work, and no edit
    wait(lambda: (take(workspace), not workspace.studying)[1])
    assert answers == ["second"]
    assert workspace.said == ["Cancelled."]
    assert workspace.state.history.undo is None


# Playing


def test_playing_to_the_end_and_from_the_start_again(workspace: Heard) -> None:
    workspace.set_speed("20/frame")
    workspace.toggle_play()
    cursors = []
    while workspace.player.playing:
        workspace.advance(0.016)
        workspace.tell()
        cursors.append(workspace.state.place.cursor)
    assert cursors == [20, 40, 60]
    assert not workspace.state.playing
    assert not workspace.advance(0.016)
    workspace.toggle_play()
    assert workspace.state.place.cursor == 0
    assert workspace.state.playing
    workspace.pause()
    assert not workspace.state.playing


def test_looping(workspace: Heard) -> None:
    workspace.set_speed("20/frame")
    workspace.toggle_loop()
    workspace.play()
    cursors = []
    for _ in range(5):
        workspace.advance(0.016)
        cursors.append(workspace.place.cursor)
    assert cursors == [20, 40, 60, 0, 20]
    assert workspace.state.playing


@pytest.mark.parametrize("by", [-1, 1])
def test_a_step_pauses(workspace: Heard, by: int) -> None:
    workspace.seek(30)
    workspace.play()
    workspace.step(by)
    assert workspace.state.place.cursor == 30 + by
    assert not workspace.state.playing


def test_playing_goes_on_from_where_one_seeks(workspace: Heard) -> None:
    workspace.play()
    workspace.seek(40)
    assert workspace.state.playing
    assert workspace.state.place.cursor == 40
    workspace.seek(999)
    assert workspace.state.place.cursor == 60


def test_speeds_end_at_the_fastest_and_the_slowest(workspace: Heard) -> None:
    for by, last in ((1, SPEEDS[-1]), (-1, SPEEDS[0])):
        for _ in SPEEDS:
            workspace.change_speed(by)
        assert workspace.state.place.speed == last
        assert workspace.as_shown().place.speed == last


def test_what_is_to_be_played_waits_for_its_result(workspace: Heard) -> None:
    workspace.open(small_scene(steps=61), Origin(), "test")
    workspace.play_when_ready()
    assert not workspace.state.playing
    assert not workspace.advance(1.0)
    settle(workspace)
    assert workspace.state.playing
    workspace.pause()
    workspace.play_when_ready()  # it is there already
    assert workspace.state.playing


def test_what_was_to_be_played_and_left_does_not_play(workspace: Heard) -> None:
    workspace.open(small_scene(steps=61), Origin(), "test")
    workspace.play_when_ready()
    workspace.open(small_scene(steps=62), Origin(), "another")
    settle(workspace)
    assert not workspace.state.playing


def test_nothing_plays_over_a_surface_whose_paths_are_to_come(workspace: Heard) -> None:
    workspace.play()
    workspace.attempt(lambda: workspace.editor.choose_surface("booth"))
    assert workspace.state.result is None
    assert not workspace.advance(1.0)
    settle(workspace)
    assert workspace.advance(0.2)


# The lines of the step arithmetic


@pytest.fixture
def reading(workspace: Heard) -> Heard:
    """A workspace that shows the arithmetic of the step after the tenth."""
    workspace.seek(10)
    workspace.toggle_view("arithmetic")
    return workspace


def test_the_lines_are_those_of_the_selected_runs_update(reading: Heard) -> None:
    step = reading.state.step
    assert step is not None
    assert len(step.lines) > 3
    assert reading.state.current_line is step.lines[0]
    reading.select(1)
    assert reading.state.step is not None
    assert reading.state.step.lines != step.lines
    reading.toggle_view("arithmetic")
    assert reading.state.step is None
    assert reading.state.current_line is None
    assert reading.state.lit == frozenset()


def test_the_next_line_leads_from_step_to_step_and_back(reading: Heard) -> None:
    assert reading.state.step is not None
    last = len(reading.state.step.lines) - 1
    for number in range(1, last + 1):
        reading.next_line()
        assert (reading.state.line, reading.state.place.cursor) == (number, 10)
    reading.next_line()
    assert (reading.state.line, reading.state.place.cursor) == (0, 11)
    reading.previous_line()
    assert (reading.state.line, reading.state.place.cursor) == (last, 10)
    reading.previous_line()
    assert (reading.state.line, reading.state.place.cursor) == (last - 1, 10)


def test_there_is_no_line_before_the_first_and_none_without_arithmetic(reading: Heard) -> None:
    reading.seek(0)
    reading.set_line(0)
    before = reading.state
    reading.previous_line()
    assert reading.state is before
    reading.toggle_view("arithmetic")
    reading.next_line()
    reading.previous_line()
    assert (reading.state.line, reading.state.place.cursor) == (0, 0)


def test_a_line_lights_its_overlays(reading: Heard) -> None:
    lit = set()
    assert reading.state.step is not None
    for number in range(len(reading.state.step.lines)):
        reading.set_line(number)
        assert reading.state.current_line is reading.state.step.lines[number]
        lit |= reading.state.lit
    assert "gradient" in lit
    reading.set_line(99)  # the next step may have fewer lines
    assert reading.state.current_line is reading.state.step.lines[-1]


def test_without_runs_the_arithmetic_says_so(reading: Heard) -> None:
    reading.open(small_scene(runs=(), view=View(arithmetic=True)), Origin(), "test")
    settle(reading)
    assert reading.state.step is not None
    assert "no run" in reading.state.step.note
    reading.next_line()
    assert reading.state.current_line is None


def test_the_arithmetic_is_read_of_what_was_computed_until_the_rest_is(reading: Heard) -> None:
    """While new numbers are computed, the lines are those of the paths that are seen."""
    assert reading.state.step is not None
    before = reading.state.step.lines
    reading.attempt(lambda: reading.editor.set_param("lr", 0.1))
    assert reading.state.step.lines == before
    settle(reading)
    assert reading.state.step.lines != before


def test_a_run_of_noise_is_read_too(workspace: Heard) -> None:
    workspace.open(small_scene(noise=0.5, seed=3, view=View(arithmetic=True)), Origin(), "test")
    settle(workspace)
    assert workspace.state.step is not None
    assert workspace.state.step.lines


# Beginning


def test_a_workspace_begins_where_its_scene_was_left() -> None:
    place = Place(7, "5/s", True, (0.0, 1.0, 2.0, 3.0))
    workspace = Workspace(small_scene(place=place), theme="dark")
    assert workspace.state.place == place
    assert workspace.state.appearance.theme == "dark"
    assert not workspace.state.playing
    assert workspace.state.result is None
    assert workspace.busy
    settle(workspace)
    assert not workspace.busy
    workspace.close()


def test_a_workspace_is_alive_only_between_its_beginning_and_its_end(workspace: Heard) -> None:
    runner = workspace.runner
    assert isinstance(runner, Runner)
    assert runner.alive
    workspace.close()
    assert not runner.alive
    workspace.seek(7)  # what is left of it does no harm
    assert workspace.state.place.cursor == 7


def test_runs_that_are_unchanged_keep_their_trajectories(workspace: Heard) -> None:
    assert workspace.result is not None
    adam, momentum = workspace.result.trajectories
    workspace.attempt(lambda: workspace.editor.insert_runs([Run("gd", lr=1e-4)], "paste"))
    settle(workspace)
    assert workspace.result.trajectories[0] is adam
    assert workspace.result.trajectories[2] is momentum


def test_a_selection_that_an_edit_or_its_undo_moves_is_told_with_it(workspace: Heard) -> None:
    heard: list[tuple[int, int]] = []

    class Watcher:
        def show_state(self, old: State | None, new: State) -> None:
            if old is not None and old.selected != new.selected:
                heard.append((len(new.scene.runs), new.selected))

    workspace.watch(Watcher())
    workspace.attempt(lambda: workspace.editor.add_run("lion"))
    workspace.undo()
    assert workspace.editor.selected == 1
    workspace.attempt(lambda: workspace.editor.move_run(1, 0))
    assert heard == [(3, 2), (2, 1), (2, 0)]
    settle(workspace)
