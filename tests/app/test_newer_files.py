"""Files of a newer OptiViz in the window: what is not understood is listed, told of, kept, and can be removed."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from optiviz.files import scene_files
from optiviz.panel.run_list import KEPT, UNREAD

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
ADAM = {"label": "Adam", "optimizer": "adam", "lr": 0.05}
MOMENTUM = {"label": "Momentum", "optimizer": "momentum", "lr": 2e-4}
SOPHIA = {"label": "Sophia <b>2</b>", "optimizer": "sophia", "lr": 0.05}
SHAMPOO = {"label": "Shampoo", "optimizer": "shampoo", "lr": 0.1, "blocks": [1, 2]}


@pytest.fixture
def newer(tmp_path):
    """Writes a file of a newer version; gives its path."""

    def newer(*runs, name="newer.optiviz", **fields):
        content = {"format": "optiviz.scene", "version": 2, "surface": {"key": "booth"}, "steps": 40, "runs": runs}
        path = tmp_path / name
        path.write_text(json.dumps(content | fields), "utf-8")
        return path

    return newer


@pytest.fixture
def reader(user, newer):
    """The user with a file open of which two runs are not understood."""
    user.window.files.open(newer(ADAM, SOPHIA, MOMENTUM, SHAMPOO))
    user.message()
    user.settle()
    return user


@pytest.fixture
def keeper(clerk, newer):
    """The clerk with the same file."""
    clerk.files.open(newer(ADAM, SOPHIA, MOMENTUM, SHAMPOO))
    clerk.message()
    clerk.settle()
    return clerk


def kept(clerk):
    """The names of the runs, and in brackets those of what is not understood."""
    return [*clerk.labels, *(f"({unread.label})" for unread in clerk.workspace.editor.unread)]


def rows(user):
    """What the list of runs shows: names of runs, and in brackets those of what is not understood."""
    shown = []
    for row in range(user.runs.count()):
        unread = user.runs.item(row).data(UNREAD)
        shown.append(user.scene.runs[row].label if unread is None else f"({unread.label})")
    return shown


def written(path):
    return [run["label"] for run in json.loads(path.read_text("utf-8"))["runs"]]


def choose(user, row):
    """Clicks a row of the list."""
    QTest.mouseClick(user.runs.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, user.row(row))
    QApplication.processEvents()


def popup(user, row):
    """The context menu of a row."""
    choose(user, row)
    at = user.row(row)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, user.runs.viewport().mapToGlobal(at))
    QApplication.sendEvent(user.runs.viewport(), event)
    return user.menu()


# Opening


def test_several_sentences_are_a_box(clerk, newer):
    clerk.files.open(newer(ADAM, SOPHIA, MOMENTUM, SHAMPOO, mood="bright"))
    assert clerk.status == "Opened newer.optiviz."
    (box,) = clerk.boxes
    assert box.textFormat() == Qt.TextFormat.PlainText  # what stands in a file is no HTML
    message = clerk.message()
    assert "made by a newer OptiViz (version 2 of the format; this one knows version 1)" in message
    assert "kept when the scene is saved" in message
    assert "• the field 'mood'" in message
    assert "• the run 'Sophia <b>2</b>': runs[1].optimizer 'sophia' is not known" in message
    assert clerk.labels == ["Adam", "Momentum"]
    assert not clerk.document.changed
    clerk.settle()


def test_one_sentence_is_in_the_status_line(clerk, newer):
    clerk.files.open(newer(ADAM))
    assert clerk.status.startswith("This was made by a newer OptiViz (version 2 of the format;")
    assert clerk.asked == ""
    assert kept(clerk) == ["Adam"]


def test_what_cannot_be_shown_at_all_is_refused(clerk, newer):
    before = clerk.workspace.state
    clerk.files.open(newer(ADAM, surface={"key": "landscape of tomorrow"}))
    message = clerk.message()
    assert "made by a newer OptiViz, and this one cannot show it" in message
    assert clerk.workspace.state is before


# The list of runs


def test_what_is_not_understood_stands_at_the_end(reader):
    assert rows(reader) == ["Adam", "Momentum", "(Sophia <b>2</b>)", "(Shampoo)"]
    tip = reader.runs.item(2).toolTip()
    assert "<b>Sophia &lt;b&gt;2&lt;/b&gt;</b>" in tip
    assert "runs[1].optimizer &#x27;sophia&#x27; is not known" in tip
    assert "kept when the scene is saved" in tip
    height = reader.runs.visualItemRect(reader.runs.item(0)).height()
    assert reader.runs.height() > 4 * height


def test_it_looks_disabled(reader):
    """No colour of a run, no eye: only grey on the card."""

    def most_colour(row):
        shown = reader.picture(reader.runs.viewport())
        rect = reader.runs.visualItemRect(reader.runs.item(row))
        part = shown[rect.top() : rect.bottom(), rect.left() : rect.right()].astype(int)
        return (part.max(axis=2) - part.min(axis=2)).max()

    reader.click_run(1)
    assert most_colour(0) > 100  # a dot of the palette
    assert max(most_colour(2), most_colour(3)) < 40
    assert KEPT == "not understood, kept in the file"


def test_only_unknown_runs_are_shown_too(user, newer):
    user.window.files.open(newer(SOPHIA))
    user.message()
    user.settle()
    assert user.runs.isVisible()
    assert rows(user) == ["(Sophia <b>2</b>)"]
    assert not user.action("delete").isEnabled()  # none is chosen
    choose(user, 0)
    user.rest()
    user.press(Key.Key_Delete)
    assert rows(user) == []


def test_they_are_chosen_but_nothing_else(reader):
    before = reader.scene
    choose(reader, 2)
    assert reader.window.workspace.editor.selected == 0  # the form shows what it showed
    assert not any(reader.action(name).isEnabled() for name in ("cut", "copy", "duplicate", "rename"))
    assert reader.action("delete").isEnabled()
    for x in (10, 18, reader.runs.width() - 16):  # where a run has its dot and its eye
        QTest.mouseClick(reader.runs.viewport(), LEFT, pos=QPoint(x, reader.row(2).y()))
    QTest.mouseDClick(reader.runs.viewport(), LEFT, pos=reader.row(3))
    reader.rest()
    reader.press(Key.Key_F2)
    assert reader.scene == before
    choose(reader, 0)
    assert all(reader.action(name).isEnabled() for name in ("cut", "copy", "duplicate", "rename"))


def test_a_run_that_is_moved_past_them_comes_last_of_the_runs(reader):
    model = reader.runs.model()
    assert model.moveRow(model.index(0, 0).parent(), 0, model.index(0, 0).parent(), 4)  # as a drag to the end does
    reader.settle()
    assert rows(reader) == ["Momentum", "Adam", "(Sophia <b>2</b>)", "(Shampoo)"]
    assert model.moveRow(model.index(0, 0).parent(), 1, model.index(0, 0).parent(), 3)
    assert rows(reader) == ["Momentum", "Adam", "(Sophia <b>2</b>)", "(Shampoo)"]
    reader.click_run(1, "eye")  # rows are what they look like
    assert [run.visible for run in reader.scene.runs] == [True, False]
    assert rows(reader)[2:] == ["(Sophia <b>2</b>)", "(Shampoo)"]
    reader.settle()


def test_edits_leave_them_alone(reader):
    reader.add("Lion")
    reader.settle()
    assert rows(reader) == ["Adam", "Momentum", "Lion", "(Sophia <b>2</b>)", "(Shampoo)"]
    reader.click_run(0)
    QTest.mouseClick(reader.button("delete run"), LEFT)
    reader.settle()
    assert rows(reader) == ["Momentum", "Lion", "(Sophia <b>2</b>)", "(Shampoo)"]


# Removing


@pytest.mark.parametrize("how", ["key", "menu", "button"])
def test_removing_one(reader, how):
    if how == "menu":
        reader.take(popup(reader, 2), "Remove from the file")
    else:
        choose(reader, 2)
        reader.rest()
        if how == "key":
            reader.press(Key.Key_Delete)
        else:
            QTest.mouseClick(reader.button("delete run"), LEFT)
    assert rows(reader) == ["Adam", "Momentum", "(Shampoo)"]
    assert reader.document.changed
    assert reader.title.startswith("newer*")
    assert reader.action("undo").text() == "&Undo removal of 'Sophia <b>2</b>'"
    reader.action("undo").trigger()
    assert rows(reader) == ["Adam", "Momentum", "(Sophia <b>2</b>)", "(Shampoo)"]
    assert not reader.document.changed
    reader.action("redo").trigger()
    assert rows(reader) == ["Adam", "Momentum", "(Shampoo)"]
    reader.action("save").trigger()
    assert written(reader.document.origin.path) == ["Adam", "Momentum", "Shampoo"]
    assert not reader.document.changed


def test_del_again_removes_the_next(keeper):
    keeper.workspace.attempt(lambda: keeper.workspace.editor.choose_unread(keeper.workspace.editor.unread[0]))
    keeper.do("delete")
    assert kept(keeper) == ["Adam", "Momentum", "(Shampoo)"]
    assert keeper.workspace.state.unread.label == "Shampoo"
    keeper.do("delete")
    assert kept(keeper) == ["Adam", "Momentum"]
    assert keeper.document.origin.foreign.runs == ()
    assert keeper.workspace.state.unread is None


def test_what_is_removed_by_undo_is_chosen_no_more(keeper):
    keeper.do("reset", "undo")
    chosen = keeper.workspace.editor.unread[1]
    keeper.workspace.attempt(lambda: keeper.workspace.editor.choose_unread(chosen))
    assert keeper.workspace.state.unread is chosen
    assert not any(keeper.can(name) for name in ("cut", "copy", "duplicate", "rename"))
    assert keeper.can("delete")
    keeper.do("undo")
    assert keeper.workspace.state.unread is None
    assert keeper.can("cut")


# Keeping


def test_saving_keeps_them_at_their_places(keeper):
    before = json.loads(keeper.path.read_text("utf-8"))
    keeper.set("lr", 0.1)
    keeper.do("save")
    after = json.loads(keeper.path.read_text("utf-8"))
    assert after["version"] == 2
    assert [run["label"] for run in after["runs"]] == ["Adam", "Sophia <b>2</b>", "Momentum", "Shampoo"]
    assert after["runs"][1::2] == before["runs"][1::2]
    assert after["runs"][0]["lr"] == 0.1
    assert not keeper.document.changed


def test_saving_elsewhere_keeps_them_too(keeper, dialogs, tmp_path):
    dialogs.chosen = tmp_path / "copy.optiviz"
    keeper.do("save_as")
    assert written(tmp_path / "copy.optiviz") == ["Adam", "Sophia <b>2</b>", "Momentum", "Shampoo"]


def test_they_belong_to_their_file(keeper):
    both = ["(Sophia <b>2</b>)", "(Shampoo)"]
    keeper.do("reset")
    assert kept(keeper) == keeper.labels
    keeper.do("undo")
    assert kept(keeper) == ["Adam", "Momentum", *both]
    assert keeper.path.name == "newer.optiviz"
    keeper.do("undo")
    assert kept(keeper) == ["Adam", "Momentum"]
    assert keeper.path is None
    keeper.do("redo")
    assert kept(keeper)[2:] == both
    keeper.settle()


def test_the_list_follows_its_file(reader):
    reader.action("reset").trigger()
    assert rows(reader) == [run.label for run in reader.scene.runs]
    reader.action("undo").trigger()
    assert rows(reader) == ["Adam", "Momentum", "(Sophia <b>2</b>)", "(Shampoo)"]
    reader.settle()


def test_a_name_that_the_file_keeps_is_taken(reader):
    reader.rename(0, "Shampoo")
    assert "label must be another one than 'Shampoo'" in reader.status
    assert reader.scene.runs[0].label == "Adam"


def test_the_next_start_has_them_too(open_window, newer):
    path = newer(ADAM, SOPHIA)
    user = open_window(scene_files.read_tolerant(path), path)  # as the command line does
    assert "• the run 'Sophia <b>2</b>'" in user.message()  # in the same words
    assert rows(user) == ["Adam", "(Sophia <b>2</b>)"]
    assert not user.document.changed
    user.enter("lr", "0.1")
    user.window.close_quietly()
    again = open_window()
    assert rows(again) == ["Adam", "(Sophia <b>2</b>)"]
    assert again.document.changed
    again.action("save").trigger()
    assert written(path) == ["Adam", "Sophia <b>2</b>"]
    choose(again, 1)
    again.rest()
    again.press(Key.Key_Delete)
    again.window.close()
    again.answer("Don't save")  # throws the removal away
    opened, *_ = again.window.desk.settings.last_scene()
    assert [run.label for run in opened.foreign.runs] == ["Sophia <b>2</b>"]
