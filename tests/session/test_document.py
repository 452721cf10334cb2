"""The document: edits, gestures, undo, redo, what is told to whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from optiviz import Run, Scene
from optiviz.files.lessons import Lesson
from optiviz.files.newer import Foreign, Unread
from optiviz.files.origin import Origin
from optiviz.scene.view import Place, View
from optiviz.session.document import DEPTH, Document


def scene(steps: int = 1) -> Scene:
    return Scene("sphere", steps=steps, runs=[Run("gd", lr=0.1)])


def foreign(*labels: str) -> Foreign:
    """What is kept of a newer file in which runs of these names are not understood."""
    runs = tuple(Unread(place, 0, label, "why") for place, label in enumerate(labels))
    return Foreign(2, "{}", scene(1), (), runs)


@pytest.fixture
def document() -> Document:
    return Document(scene(1))


def test_a_new_document_has_nothing_to_undo(document: Document) -> None:
    document.undo()
    document.redo()
    assert document.scene == scene(1)
    assert document.undo_name is None
    assert document.redo_name is None
    assert not document.changed
    assert document.origin.path is None


def test_undo_and_redo_go_through_all_edits(document: Document) -> None:
    for steps in (2, 3, 4):
        document.edit(scene(steps), f"to {steps}")
    seen = []
    while document.undo_name:
        seen.append((document.undo_name, document.scene.steps))
        document.undo()
    assert seen == [("to 4", 4), ("to 3", 3), ("to 2", 2)]
    assert document.scene.steps == 1
    back = []
    while document.redo_name:
        back.append(document.redo_name)
        document.redo()
    assert back == ["to 2", "to 3", "to 4"]
    assert document.scene.steps == 4
    assert document.undo_name == "to 4"


def test_an_edit_that_changes_nothing_is_none(document: Document) -> None:
    document.edit(scene(2), "two")
    document.undo()
    document.edit(scene(1), "nothing")
    assert document.undo_name is None
    assert document.redo_name == "two"  # and what could be redone still can


def test_an_edit_after_undo_ends_the_redo(document: Document) -> None:
    document.edit(scene(2), "two")
    document.undo()
    document.edit(scene(3), "three")
    assert document.redo_name is None
    document.redo()
    assert document.scene.steps == 3
    document.undo()
    assert document.scene.steps == 1


# Gestures


def test_a_gesture_is_one_edit(document: Document) -> None:
    for steps in range(2, 50):
        document.edit(scene(steps), "drag", gesture="slider")
    assert document.scene.steps == 49
    document.undo()
    assert document.scene.steps == 1
    assert document.undo_name is None
    document.redo()
    assert document.scene.steps == 49


def test_a_gesture_that_comes_back_leaves_nothing_to_undo(document: Document) -> None:
    document.edit(scene(2), "two")
    for steps in (3, 4, 2):
        document.edit(scene(steps), "drag", gesture="slider")
    assert document.undo_name == "two"
    for steps in (3, 4):
        document.edit(scene(steps), "drag", gesture="slider")
    document.undo()
    assert document.scene.steps == 2
    assert document.undo_name == "two"


@pytest.mark.parametrize("between", ["seal", "other gesture", "plain edit", "undo and redo", "open"])
def test_what_ends_a_gesture(document: Document, between: str) -> None:
    document.edit(scene(2), "drag", gesture="slider")
    if between == "seal":
        document.seal()
    elif between == "other gesture":
        document.edit(scene(3), "other", gesture="another")
    elif between == "plain edit":
        document.edit(scene(3), "plain")
    elif between == "undo and redo":
        document.undo()
        document.redo()
    else:
        document.open(scene(2), Origin(), "open")
    before = document.scene
    document.edit(scene(9), "drag again", gesture="slider")
    assert document.undo_name == "drag again"
    document.undo()
    assert document.scene == before


def test_plain_edits_never_merge(document: Document) -> None:
    document.edit(scene(2), "a")
    document.edit(scene(3), "a")
    document.undo()
    assert document.scene.steps == 2


def test_a_gesture_drops_the_redo(document: Document) -> None:
    document.edit(scene(2), "two")
    document.undo()
    document.edit(scene(3), "drag", gesture="slider")
    document.edit(scene(4), "drag", gesture="slider")
    assert document.redo_name is None


def test_only_so_many_edits_can_be_undone(document: Document) -> None:
    assert DEPTH == 200
    for steps in range(2, 302):
        document.edit(scene(steps), str(steps))
    undone = 0
    while document.undo_name:
        document.undo()
        undone += 1
    assert undone == 200
    assert document.scene.steps == 301 - 200
    while document.redo_name:
        document.redo()
    assert document.scene.steps == 301


# Files


def test_changed_says_whether_there_is_something_to_save(document: Document) -> None:
    document.edit(scene(2), "two")
    assert document.changed
    document.undo()
    assert not document.changed
    document.redo()
    document.saved(Path("a.optiviz"))
    assert not document.changed
    assert document.origin.path == Path("a.optiviz")
    document.undo()
    assert document.changed
    assert document.origin.path == Path("a.optiviz")  # saving is no edit: the file stays the document's


def test_saving_keeps_the_undo(document: Document) -> None:
    document.edit(scene(2), "two")
    document.saved(Path("a.optiviz"))
    assert document.undo_name == "two"


def test_the_view_alone_is_no_change(document: Document) -> None:
    document.edit(document.scene.replace(view=View(rest=True)), "look")
    document.edit(document.scene.replace(place=Place(cursor=1)), "go")
    assert not document.changed
    document.undo()
    document.undo()
    assert (document.scene.view.rest, document.scene.place.cursor) == (False, 0)


def test_opening_is_an_edit_that_brings_its_file(document: Document) -> None:
    document.saved(Path("a.optiviz"))
    document.edit(scene(2), "two")
    document.open(scene(7), Origin(Path("b.optiviz")), "open b")
    assert (document.scene.steps, document.origin.path, document.changed) == (7, Path("b.optiviz"), False)
    assert (document.undo_name, document.redo_name) == ("open b", None)
    document.undo()
    assert (document.scene.steps, document.origin.path, document.changed) == (2, Path("a.optiviz"), True)
    document.undo()
    assert (document.scene.steps, document.origin.path, document.changed) == (1, Path("a.optiviz"), False)
    document.redo()
    document.redo()
    assert (document.scene.steps, document.origin.path, document.changed) == (7, Path("b.optiviz"), False)


def test_a_reset_can_be_undone_without_a_file(document: Document) -> None:
    document.open(scene(7), Origin(), "reset")
    assert not document.changed
    document.undo()
    assert (document.scene.steps, document.origin.path, document.changed) == (1, None, False)


def test_a_scene_whose_saved_state_is_forgotten_has_changed(document: Document) -> None:
    document.forget_saved()
    assert document.changed
    document.saved(Path("a.optiviz"))
    assert not document.changed


def test_what_the_file_keeps_of_a_newer_version_goes_with_the_file(document: Document) -> None:
    kept = foreign("Sophia")
    document.open(scene(7), Origin(Path("b.optiviz"), kept), "open b")
    assert document.origin.foreign is kept
    assert not document.changed
    document.edit(scene(8), "eight")
    document.open(scene(9), Origin(), "reset")
    assert document.origin.foreign is None
    document.undo()
    assert (document.scene.steps, document.origin.path, document.origin.foreign) == (8, Path("b.optiviz"), kept)
    document.undo()
    document.undo()
    assert (document.scene.steps, document.origin.path, document.origin.foreign) == (1, None, None)
    document.redo()
    assert (document.scene.steps, document.origin.path, document.origin.foreign) == (7, Path("b.optiviz"), kept)
    assert not document.changed


def test_a_removal_from_what_the_file_keeps_is_an_edit(document: Document) -> None:
    document.open(scene(7), Origin(Path("b.optiviz"), foreign("Sophia", "Shampoo")), "open b")
    assert document.origin.foreign is not None
    heard = []
    document.subscribe(lambda old, new, opened: heard.append((old, new)))
    document.remove(document.origin.foreign.runs[0])
    assert [run.label for run in document.origin.foreign.runs] == ["Shampoo"]
    assert heard == [(scene(7), scene(7))]
    assert document.changed
    assert document.undo_name == "removal of 'Sophia'"
    document.undo()
    assert [run.label for run in document.origin.foreign.runs] == ["Sophia", "Shampoo"]
    assert not document.changed
    document.redo()
    assert [run.label for run in document.origin.foreign.runs] == ["Shampoo"]
    document.saved(Path("b.optiviz"))
    assert not document.changed
    document.undo()
    assert document.changed


def test_a_removal_ends_a_gesture_and_the_redo(document: Document) -> None:
    document.open(scene(1), Origin(foreign=foreign("Sophia")), "open")
    document.edit(scene(2), "drag", gesture="slider")
    document.undo()
    document.edit(scene(3), "drag", gesture="slider")
    assert document.origin.foreign is not None
    document.remove(document.origin.foreign.runs[0])
    document.edit(scene(4), "drag", gesture="slider")
    document.undo()
    assert document.scene.steps == 3
    document.undo()
    assert document.origin.foreign.runs
    assert document.undo_name == "drag"


def test_the_lesson_goes_with_its_scene(document: Document) -> None:
    one, two = (Lesson(title, "", (), Path(f"{title}.md")) for title in ("one", "two"))
    document.open(scene(2), Origin(lesson=(one, 0)), "first")
    document.edit(scene(3), "three")
    document.open(scene(4), Origin(lesson=(two, 0)), "second")
    seen = []
    while document.undo_name:
        document.undo()
        seen.append((document.scene.steps, document.origin.lesson))
    assert seen == [(3, (one, 0)), (2, (one, 0)), (1, None)]
    while document.redo_name:
        document.redo()
    assert (document.scene.steps, document.origin.lesson) == (4, (two, 0))
    document.close_lesson()
    assert document.origin == Origin(held=(scene(4), None))


def test_what_was_written_since_is_what_an_older_scene_of_the_file_is_compared_with(document: Document) -> None:
    path = Path("a.optiviz")
    document.saved(path)
    document.open(scene(5), Origin(path), "once more")  # somebody else has written the file
    document.edit(scene(6), "six")
    document.saved(path)
    document.undo()
    document.undo()
    assert (document.scene.steps, document.origin.path) == (1, path)
    assert document.changed  # the file holds six steps by now


def test_a_scene_is_left_as_it_is_shown(document: Document) -> None:
    """The cursor moves without an edit: coming back to a scene finds it where it was."""

    def shown() -> Scene:
        return document.scene.replace(place=Place(cursor=document.scene.steps))

    document.edit(scene(2), "two")
    document.undo(shown())
    document.redo(shown())
    assert document.scene == scene(2)
    document.undo()
    assert document.scene == scene(1)  # within one scene nothing jumps
    document.redo()
    document.open(scene(9), Origin(), "open", left=shown())
    document.undo(shown())
    assert document.scene.place.cursor == 2
    document.redo(shown())
    assert document.scene.place.cursor == 9


# Listeners


def test_listeners_hear_of_every_change_with_old_and_new(document: Document) -> None:
    heard: list[tuple[str, int, int]] = []
    document.subscribe(lambda old, new, opened: heard.append(("first", old.steps, new.steps)))
    document.subscribe(lambda old, new, opened: heard.append(("second", old.steps, new.steps)))
    document.edit(scene(2), "two")
    document.edit(scene(2), "two")  # no change, no news
    document.edit(scene(3), "drag", gesture=1)
    document.edit(scene(4), "drag", gesture=1)
    document.undo()
    document.undo()
    document.undo()
    document.redo()
    document.open(scene(9), Origin(), "open")
    moves = [(1, 2), (2, 3), (3, 4), (4, 2), (2, 1), (1, 2), (2, 9)]
    assert heard == [(who, old, new) for old, new in moves for who in ("first", "second")]


def test_a_listener_finds_the_document_as_it_is_now(document: Document) -> None:
    seen: list[tuple[int, str | None, str | None]] = []

    def look(old: Scene, new: Scene, opened: bool) -> None:
        seen.append((document.scene.steps, document.undo_name, document.redo_name))

    document.subscribe(look)
    document.edit(scene(2), "two")
    document.undo()
    document.redo()
    assert seen == [(2, "two", None), (1, None, "two"), (2, "two", None)]


def test_who_shows_another_scene_is_told_of_going_over_to_one(document: Document) -> None:
    heard: list[int] = []
    document.subscribe(lambda old, new, opened: heard.append(new.steps) if opened else None)
    document.edit(scene(2), "two")
    document.open(scene(7), Origin(), "open")
    document.edit(scene(8), "eight")
    document.undo()
    assert heard == [7]
    document.undo()
    document.undo()
    document.redo()
    document.redo()
    assert heard == [7, 2, 7]
