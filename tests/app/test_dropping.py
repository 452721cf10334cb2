"""What is dragged onto the window: shown while it hovers, opened when it is dropped, refused in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QLineEdit

from optiviz import Run
from optiviz.files import pasted, scene_files, xml_text
from optiviz.pictures import figure

NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
COPY, MOVE = Qt.DropAction.CopyAction, Qt.DropAction.MoveAction
LESSON = """# Mine

## One
Look.

```scene
surface booth
steps 40
run gd lr=0.02
play false
```
"""


class Dragger:
    """Drags something over the window as the system does: through the window's handle, which finds the widget."""

    def __init__(self, user, what, text=None, actions=COPY | MOVE):
        self.user, self.actions, self.at, self.inside = user, actions, QPoint(), False
        self.mime = QMimeData()
        if isinstance(what, str):
            self.mime.setText(what)
        else:
            self.mime.setUrls([path if isinstance(path, QUrl) else QUrl.fromLocalFile(str(path)) for path in what])
        if text is not None:
            self.mime.setText(text)

    def enter(self, widget=None):
        """Drags it over a widget; gives whether it may be dropped there."""
        widget = widget or self.user.window
        self.at = widget.mapTo(self.user.window, widget.rect().center())
        if not self.inside:
            self.inside = True
            self._send(QDragEnterEvent)
        return self._send(QDragMoveEvent)

    def _send(self, kind):
        at = QPointF(self.at) if kind is QDropEvent else self.at
        event = kind(at, self.actions, self.mime, LEFT, NONE)
        QApplication.sendEvent(self.user.window.windowHandle(), event)
        if event.isAccepted():
            assert event.dropAction() == COPY  # what is dragged stays where it is
        return event.isAccepted()

    def leave(self):
        self.inside = False
        QApplication.sendEvent(self.user.window.windowHandle(), QDragLeaveEvent())

    def drop(self, widget=None):
        """Drags it over a widget and drops it there."""
        assert self.enter(widget)
        assert self._send(QDropEvent)
        QApplication.processEvents()
        QApplication.processEvents()


@pytest.fixture
def drag(user):
    return lambda what, **options: Dragger(user, what, **options)


@pytest.fixture
def scene_file(tmp_path, small):
    """A file with a scene of seventy steps."""
    path = tmp_path / "seventy.optiviz"
    scene_files.write(small(steps=70), path)
    return path


def hint(user):
    """What the window says while something hovers; nothing if nothing does."""
    veil = user.window.drops.veil
    return veil.text if veil.isVisible() else ""


# Where


def places(window):
    """Widgets all over the window."""
    card, views = window.panel.runs_card, window.dashboard
    return {
        "contours": views.contours.plot.viewport(),
        "legend": views.contours.legend,
        "rate": views.rate.plot.viewport(),
        "loss": views.loss.plot.viewport(),
        "third": views.third.plot,
        "runs": card.runs.viewport(),
        "panel": window.panel.viewport(),
        "field": next(edit for edit in window.findChildren(QLineEdit) if edit.isVisible()),
        "choice": window.panel.surface_card.box,
        "slider": window.transport.scrub,
        "menu bar": window.menuBar(),
        "status": window.status_line.left,
        "tools": window.tools,
        "edge": window,
    }


def test_a_file_can_be_dropped_anywhere(user, drag, scene_file, small):
    for name, widget in places(user.window).items():
        dragger = drag([scene_file], text=f"file://{scene_file}")  # file managers give its name as text, too
        assert dragger.enter(widget), name
        assert hint(user) == "Drop to open", name
        dragger.leave()
        assert hint(user) == "", name
        dragger.drop(widget)
        assert user.document.origin.path == scene_file, name
        assert hint(user) == "", name
        user.action("undo").trigger()
        assert user.scene == small(), name
    user.settle()


def test_over_a_lesson_and_while_presenting(user, drag, scene_file):
    user.window.lessons.conductor.next()
    user.action("present").trigger()
    for widget in (user.window.card.text.viewport(), user.window.dashboard.contours.plot.viewport()):
        assert drag([scene_file]).enter(widget)
        assert user.picture().shape[0] > 100  # it is drawn
    drag([scene_file]).drop(widget)
    user.action("present").trigger()
    assert user.document.origin.path == scene_file
    user.window.lessons.conductor.close()
    user.settle()


def test_the_hint_covers_the_window_and_is_seen(user, drag, scene_file):
    user.settle()
    before = user.picture()
    dragger = drag([scene_file])
    dragger.enter()
    assert user.window.drops.veil.size() == user.window.size()
    during = user.picture()
    assert (before != during).mean() > 0.2
    dragger.leave()
    assert (user.picture() == before).mean() > 0.999


def test_moving_from_place_to_place_keeps_the_hint(user, drag, scene_file):
    dragger = drag([scene_file])
    for widget in places(user.window).values():
        assert dragger.enter(widget)
        assert hint(user) == "Drop to open"
    dragger.leave()


# What


def test_a_scene_file(user, drag, scene_file):
    before = user.scene
    drag([scene_file]).drop()
    assert user.value("steps") == 70
    assert user.status == "Opened seventy.optiviz."
    assert user.document.undo_name == "opening of seventy.optiviz"
    assert user.window.desk.settings.recent_files == [scene_file]
    user.settle()
    user.action("undo").trigger()
    assert user.scene == before


def test_pictures_by_their_content(user, drag, tmp_path, small):
    png, svg = tmp_path / "a picture", tmp_path / "drawing.txt"
    png.write_bytes(figure.png(QImage(8, 8, QImage.Format.Format_RGB32), small(steps=71)))
    svg.write_text(xml_text.embedded("<svg></svg>", scene_files.to_json(small(steps=72))), "utf-8")
    for path, steps in ((png, 71), (svg, 72)):
        drag([path]).drop()
        assert user.value("steps") == steps
        assert user.document.origin.path is None  # a picture is no place to save a scene


def test_a_lesson(user, drag, tmp_path):
    path = tmp_path / "mine.md"
    path.write_text(LESSON, "utf-8")
    drag([path]).drop()
    assert user.window.card.title.text() == "One"
    assert user.scene.surface == "booth"
    assert user.window.desk.settings.lesson_files == [path]
    user.window.lessons.conductor.close()
    user.window.lessons.conductor.all = []


def test_a_broken_lesson_is_told(user, drag, tmp_path):
    path = tmp_path / "mine.md"
    path.write_text(LESSON.replace("booth", "boot"), "utf-8")
    drag([path]).drop()
    message = user.message()
    assert "mine.md cannot be opened." in message
    assert "mine.md, line 7" in message


def test_a_text_with_runs(user, drag):
    dragger = drag("Look: " + pasted.to_text(Run("lion", lr=0.1)))
    assert dragger.enter(user.contours)
    assert hint(user) == "Drop to paste"
    dragger.drop(user.contours)
    assert [run.label for run in user.scene.runs] == ["Adam", "Lion", "Momentum"]
    assert user.status == "Dropped Lion."
    assert user.document.undo_name == "drop of Lion"
    user.settle()


def test_a_text_with_a_scene(user, drag, small):
    drag(pasted.to_text(small(steps=70))).drop(user.runs.viewport())
    assert user.value("steps") == 70
    assert user.document.undo_name == "drop of a scene"


def test_several_files(user, drag, tmp_path, scene_file):
    (tmp_path / "broken.optiviz").write_text("{")
    drag([tmp_path / "notes.txt", tmp_path / "broken.optiviz", scene_file, scene_file]).drop()
    assert user.document.origin.path == scene_file
    assert user.status == "Opened seventy.optiviz alone: one scene of 4 files can be shown."


# Refused


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{}", "format must be 'optiviz.scene'"),
        (b"<svg></svg>", "carries no OptiViz scene"),
        (b"\x89PNG\r\n\x1a\n", "carries no OptiViz scene"),
    ],
)
def test_what_turns_out_to_be_no_scene_is_told(user, drag, tmp_path, content, reason):
    path = tmp_path / "file"
    path.write_bytes(content)
    before = user.scene
    drag([path]).drop()
    message = user.message()
    assert "file cannot be opened." in message
    assert reason in message
    assert user.scene == before


def test_several_files_of_which_none_can_be_opened(user, drag, tmp_path):
    for name in "ab":
        (tmp_path / name).write_text("{")
    drag([tmp_path / "a", tmp_path / "b"]).drop()
    message = user.message()
    assert "None of 2 files can be opened." in message
    assert "a: " in message
    assert "b: " in message


def test_what_cannot_be_opened_is_refused_before_it_is_dropped(user, drag, tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "folder").mkdir()
    for what, words in (
        ([tmp_path / "notes.txt"], "notes.txt is no scene, no picture and no lesson."),
        ([tmp_path / "folder"], "folder is no scene, no picture and no lesson."),
        ([tmp_path / "gone"], "gone is no scene, no picture and no lesson."),
        ([tmp_path / "notes.txt", tmp_path / "folder"], "None of these 2 files is a scene, a picture or a lesson."),
        ([QUrl("https://example.org/a.optiviz")], "Only files on this computer can be opened."),
        ("hello", "This is no scene and no run of OptiViz."),
    ):
        for widget in (user.contours, user.runs.viewport(), user.window):
            user.window.status_line.say("")
            assert not drag(what).enter(widget)
            assert user.status == words
            assert hint(user) == ""


def test_what_can_only_be_moved_is_not_taken(user, drag, scene_file):
    assert not drag([scene_file], actions=MOVE).enter()
    assert hint(user) == ""


# What is not the window's


def test_a_text_field_takes_text(user, drag):
    edit = user.field("beta1")
    user.fill(edit, "")
    dragger = drag("0.75")
    assert dragger.enter(edit)
    assert hint(user) == ""
    dragger.drop(edit)
    assert edit.text() == "0.75"
    user.press(Qt.Key.Key_Escape, edit)


def test_a_scene_dragged_over_a_field_and_on(user, drag):
    dragger = drag(pasted.to_text(Run("lion", lr=0.1)))
    assert dragger.enter(user.contours)
    assert dragger.enter(user.field("beta1"))
    assert hint(user) == ""  # the field would take it, as any text
    assert dragger.enter(user.contours)
    assert hint(user) == "Drop to paste"
    dragger.leave()


def test_an_own_drag_is_none_of_this(user, drag, monkeypatch):
    monkeypatch.setattr(QDragEnterEvent, "source", lambda event: user.runs)
    user.window.status_line.say("")
    assert not drag("hello").enter(user.contours)
    assert hint(user) == ""
    assert user.status == ""
