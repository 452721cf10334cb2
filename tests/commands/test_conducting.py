"""Lessons: through all of them with two keys, back, again, an index, and lessons of one's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QTextFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu

from optiviz import Run, assets
from optiviz.files.lessons import read_lesson, read_lessons
from optiviz.files.origin import Origin
from optiviz.scene.view import View
from optiviz.session.conductor import Conductor
from optiviz.widgets.theme import DARK, LIGHT, MATH, SANS

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
LESSONS, PROBLEMS = read_lessons(assets.path("lessons"))
PLACES = [(lesson, number) for lesson in LESSONS for number in range(len(lesson.scenes))]
MENU = "&Lessons"
WAITING = """# Waiting

## This one plays
Now.

```scene
surface booth
steps 50
run adam lr=0.1
```

## This one waits
Look first.

```scene
surface booth
start 3,3
steps 40
run gd lr=0.02
view cursor=7 speed=1/s loop=true
play false
```
"""


@pytest.fixture
def lecturer(clerk):
    """The clerk, who has read the lessons and opened none."""
    clerk.conductor.all = list(LESSONS)
    return clerk


@pytest.fixture
def teacher(user, monkeypatch):
    """The user with no lesson open, in a window where playing takes no time."""
    conductor = user.window.lessons.conductor
    conductor.all = []
    monkeypatch.setattr(user.window.workspace.player, "advance", lambda seconds: False)
    user.rest()
    yield user
    conductor.close()
    conductor.all = []


@pytest.fixture
def file(tmp_path):
    """Writes a file of one's own."""

    def file(text, name="mine.md"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return file


def letters(text):
    """A text without what Markdown makes of it: marks, line ends, numbers of lists."""
    return re.sub(r"[\s>*_`#\\-]+", "", text)


def entries(menu):
    """The Lessons menu: the entries' texts, as they are read, with those of their submenus."""
    inside = {sub.menuAction(): [read(action.text()) for action in sub.actions()] for sub in menu.findChildren(QMenu)}
    return {read(action.text()): inside.get(action, []) for action in menu.actions()}


def submenu(menu, title):
    """The menu of that title in another one."""
    listed = menu.actions()
    return next(sub for sub in menu.findChildren(QMenu) if sub.title() == title and sub.menuAction() in listed)


def lessons_menu(user):
    """The Lessons menu of a window, as it opens."""
    menu = submenu(user.window.menuBar(), MENU)
    menu.aboutToShow.emit()
    return menu


def read(text):
    """A menu entry's text without the marks of its keys."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def told(clerk):
    """The lesson that is open, and its scene; None if there is none."""
    return clerk.workspace.state.origin.lesson


def assert_open(clerk, lesson, number):
    """That scene is open, as its file has it, and computed."""
    clerk.settle()
    state, scene = clerk.workspace.state, lesson.scenes[number].scene
    assert told(clerk) == (lesson, number)
    assert (clerk.conductor.lesson, clerk.conductor.number) == (lesson, number)
    assert state.scene == scene
    assert state.result.scene == scene
    assert state.place == scene.place
    assert state.selected == 0
    assert not state.history.changed


def assert_shown(user, lesson, number):
    """The window shows that scene, as its file has it."""
    window, wanted = user.window, lesson.scenes[number]
    card, scene = window.card, wanted.scene
    assert card.isVisible()
    assert card.lesson_title.text() == lesson.title.upper()
    assert card.title.text() == wanted.title
    assert f"{number + 1} of {len(lesson.scenes)}" in card.index.text()
    assert letters(card.text.toPlainText()) == letters(wanted.text)
    assert user.scene == scene
    assert window.workspace.result.scene == scene
    assert user.cursor == window.transport.scrub.value() == scene.place.cursor
    assert window.workspace.player.speed == scene.place.speed == window.transport.speed.currentData()
    assert window.workspace.player.loop == scene.place.loop
    if not scene.view.arithmetic:  # else the curves are hidden, and learn of it when they come back
        assert window.dashboard.third.chooser.currentData() == scene.view.third
    assert window.dashboard.arithmetic.isVisible() == scene.view.arithmetic
    assert window.dashboard.loss.isVisible() == window.dashboard.third.isVisible() != scene.view.arithmetic
    assert window.dashboard.contours.plot.overlays.view == scene.view
    assert window.dashboard.contours.aim == scene.area


# Through the lessons


def test_all_scenes_of_all_lessons_come_in_their_order_and_back(lecturer):
    assert not PROBLEMS
    assert len(LESSONS) == 10
    for lesson, number in PLACES:
        lecturer.do("next_scene")
        assert_open(lecturer, lesson, number)
        assert lecturer.workspace.state.playing == lesson.scenes[number].play
    last = lecturer.scene
    lecturer.do("next_scene")
    assert lecturer.status == "That was the last scene."
    assert lecturer.scene == last
    assert told(lecturer) == PLACES[-1]
    for place in PLACES[-2::-1]:
        lecturer.do("previous_scene")
        assert told(lecturer) == place
        assert lecturer.scene == place[0].scenes[place[1]].scene
    first = lecturer.scene
    lecturer.do("previous_scene")
    assert lecturer.status == "This is the first scene."
    assert lecturer.scene == first
    lecturer.settle()


def test_page_down_leads_through_all_scenes_of_all_lessons(teacher):
    for lesson, number in PLACES:
        teacher.press(Key.Key_PageDown)
        teacher.until(lambda: (result := teacher.window.workspace.result) and result.scene == teacher.scene)
        assert_shown(teacher, lesson, number)
        if lesson.scenes[number].play:
            teacher.until(lambda: teacher.window.workspace.player.playing)
    teacher.press(Key.Key_PageDown)
    assert teacher.status == "That was the last scene."
    assert teacher.window.card.title.text() == PLACES[-1][0].scenes[-1].title
    lesson, number = PLACES[-2]
    teacher.press(Key.Key_PageUp)
    teacher.settle()
    assert_shown(teacher, lesson, number)


def test_page_up_opens_no_lesson(lecturer):
    before = lecturer.scene
    lecturer.do("previous_scene")
    assert lecturer.status == "This is the first scene."
    assert lecturer.scene == before
    assert told(lecturer) is None


def test_lessons_are_read_when_they_are_wanted(clerk):
    assert clerk.conductor.all == []
    clerk.do("next_scene")
    assert clerk.conductor.all == LESSONS
    assert_open(clerk, LESSONS[0], 0)


def test_a_scene_that_plays_moves(user):
    lesson = LESSONS[0]
    user.window.lessons.conductor.enter(lesson, 0)
    user.until(lambda: user.cursor > lesson.scenes[0].scene.place.cursor)
    user.press(Key.Key_Space)
    assert not user.window.workspace.player.playing
    user.window.lessons.conductor.close()


def test_a_scene_may_wait_at_a_step(lecturer, file):
    lesson = read_lesson(file(WAITING))
    lecturer.conductor.enter(lesson, 1)
    assert_open(lecturer, lesson, 1)
    assert lecturer.workspace.state.place.cursor == 7
    assert not lecturer.workspace.state.playing
    lecturer.do("play")
    assert lecturer.workspace.state.playing


def test_a_scene_that_waits_waits_also_after_one_that_was_left_before_it_played(lecturer, file):
    lesson = read_lesson(file(WAITING))
    lecturer.conductor.enter(lesson, 0)
    lecturer.conductor.enter(lesson, 1)  # before the first one was computed
    assert_open(lecturer, lesson, 1)
    assert not lecturer.workspace.state.playing


def test_what_is_opened_right_after_entering_a_scene_does_not_play(lecturer, file):
    lecturer.conductor.enter(read_lesson(file(WAITING)), 0)
    lecturer.open(lecturer.scene.replace(steps=41))
    assert not lecturer.workspace.state.playing


# Playing with a scene, and back


def test_again_brings_back_what_was_played_with(lecturer):
    lesson = LESSONS[1]
    lecturer.conductor.enter(lesson, 2)
    lecturer.settle()
    lecturer.set("lr", 0.001)
    lecturer.do("arithmetic")
    lecturer.workspace.seek(9)
    lecturer.do("faster")
    assert lecturer.scene != lesson.scenes[2].scene
    lecturer.do("again")
    assert_open(lecturer, lesson, 2)
    assert lecturer.workspace.state.playing


@pytest.mark.parametrize("how", ["key", "button"])
def test_again_by_key_and_by_button(teacher, how):
    lesson = LESSONS[1]
    teacher.window.lessons.conductor.enter(lesson, 2)
    teacher.settle()
    teacher.enter("lr", "0.001")
    if how == "key":
        teacher.shortcut("Ctrl+R")
    else:
        QTest.mouseClick(teacher.window.card.buttons["loop"], LEFT)
    teacher.settle()
    assert_shown(teacher, lesson, 2)
    teacher.until(lambda: teacher.window.workspace.player.playing)


def test_again_without_a_lesson_does_nothing(lecturer):
    before = lecturer.workspace.state
    lecturer.do("again")
    assert lecturer.workspace.state is before


def test_undo_after_entering_brings_the_scene_before(lecturer):
    lecturer.set("lr", 0.02)
    before = lecturer.scene
    lecturer.do("next_scene")
    assert lecturer.document.undo_name == f"scene “{LESSONS[0].scenes[0].title}”"
    lecturer.do("undo")
    assert lecturer.scene == before
    lecturer.settle()
    lecturer.do("redo")
    assert lecturer.scene == LESSONS[0].scenes[0].scene
    lecturer.settle()


def test_undo_and_redo_bring_the_lesson_that_belongs_to_the_scene(lecturer):
    seen = [told(lecturer)]
    for _ in range(3):
        lecturer.do("next_scene")
        seen.append(told(lecturer))
    assert seen == [None, *PLACES[:3]]
    for before in seen[-2::-1]:
        lecturer.do("undo")
        assert told(lecturer) == before
    for after in seen[1:]:
        lecturer.do("redo")
        assert told(lecturer) == after
    lecturer.do("undo")
    assert_open(lecturer, LESSONS[0], 1)
    lecturer.do("next_scene")  # goes on from where we are
    assert_open(lecturer, LESSONS[0], 2)


def test_undo_from_lesson_to_lesson(lecturer):
    lecturer.conductor.enter(LESSONS[2], 1)
    lecturer.conductor.enter(LESSONS[5], 0)
    lecturer.do("undo")
    assert_open(lecturer, LESSONS[2], 1)


def test_edits_and_their_undo_leave_the_lesson(lecturer):
    lecturer.do("next_scene")
    before = told(lecturer)
    lecturer.do("run 1", "rest", "undo", "undo")
    assert told(lecturer) == before
    lecturer.settle()


def test_the_lesson_goes_when_another_scene_is_opened_and_comes_back(lecturer):
    lecturer.conductor.enter(LESSONS[1], 2)
    lecturer.do("reset")
    assert told(lecturer) is None
    lecturer.do("undo")
    assert_open(lecturer, LESSONS[1], 2)
    lecturer.do("redo")
    assert told(lecturer) is None
    lecturer.do("next_scene")  # the lesson goes on after what was shown in between
    assert_open(lecturer, LESSONS[1], 3)


def test_a_lesson_that_was_closed_stays_closed(lecturer):
    lecturer.do("next_scene", "close_lesson", "run 1", "undo")
    assert told(lecturer) is None
    lecturer.do("reset", "undo")
    assert told(lecturer) is None
    lecturer.settle()


def test_after_closing_a_lesson_its_scene_stays_and_the_first_one_begins(lecturer):
    lecturer.conductor.enter(LESSONS[3], 1)
    lecturer.do("close_lesson")
    assert told(lecturer) is None
    assert lecturer.scene == LESSONS[3].scenes[1].scene
    lecturer.do("next_scene")
    assert_open(lecturer, LESSONS[0], 0)


# The card


def test_the_card_goes_and_comes_with_its_scene(teacher):
    card = teacher.window.card
    assert not card.isVisible()
    teacher.press(Key.Key_PageDown)
    teacher.action("reset").trigger()
    assert not card.isVisible()
    teacher.shortcut("Ctrl+Z")
    teacher.settle()
    assert_shown(teacher, LESSONS[0], 0)
    teacher.shortcut("Ctrl+Y")
    assert not card.isVisible()
    teacher.settle()


def test_the_buttons_of_the_card(teacher):
    teacher.press(Key.Key_PageDown)
    buttons = teacher.window.card.buttons
    QTest.mouseClick(buttons["forward"], LEFT)
    teacher.settle()
    assert_shown(teacher, LESSONS[0], 1)
    QTest.mouseClick(buttons["back"], LEFT)
    teacher.settle()
    assert_shown(teacher, LESSONS[0], 0)
    QTest.mouseClick(buttons["close"], LEFT)
    assert not teacher.window.card.isVisible()
    assert teacher.scene == LESSONS[0].scenes[0].scene  # it stays
    teacher.press(Key.Key_Space)  # no button has taken the keys
    assert not teacher.window.workspace.player.playing


def test_closing_gives_the_panel_its_room_back(teacher):
    panel = teacher.window.panel
    teacher.picture()
    before = panel.geometry()
    teacher.press(Key.Key_PageDown)
    teacher.picture()
    assert panel.geometry().top() > before.top()
    assert panel.height() > 150
    teacher.action("close_lesson").trigger()
    teacher.picture()
    assert panel.geometry() == before


def test_the_name_in_the_menu_bar_is_shown_in_full(teacher, small, tmp_path):
    caption = teacher.window.caption
    for name in ("short", "a-much-longer-name-for-the-lecture-of-tomorrow", "short"):
        teacher.window.workspace.open(small(), Origin(tmp_path / f"{name}.optiviz"), "test")
        teacher.settle()
        teacher.picture()
        assert caption.text() == name
        assert caption.width() >= caption.sizeHint().width()


# Menu and index


def test_the_menu_lists_all_lessons_and_scenes(lecturer):
    listed = entries(lecturer.listed(MENU))
    for lesson in LESSONS:
        assert listed[lesson.title] == [f"{n}  {scene.title}" for n, scene in enumerate(lesson.scenes, 1)]
    assert list(listed)[: len(LESSONS)] == [lesson.title for lesson in LESSONS]
    assert list(listed) == list(entries(lecturer.listed(MENU)))  # also when it opens once more


def test_opening_the_menu_again_and_again_leaves_nothing_behind(lecturer):
    before = len(lecturer.listed(MENU).findChildren(QMenu))
    for _ in range(3):
        lecturer.listed(MENU)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(lecturer.listed(MENU).findChildren(QMenu)) == before == len(LESSONS)


def test_a_scene_is_entered_from_the_menu(lecturer):
    submenu(lecturer.listed(MENU), LESSONS[4].title).actions()[2].trigger()
    assert_open(lecturer, LESSONS[4], 2)
    lecturer.do("next_scene")
    assert_open(lecturer, LESSONS[4], 3)


def test_the_windows_menu_has_the_lessons_in_front_of_its_own_entries(teacher):
    listed = list(entries(lessons_menu(teacher)))
    assert listed[: len(LESSONS)] == [lesson.title for lesson in LESSONS]
    own = "Next scene|Previous scene|This scene again|Open a lesson…|Add this scene to a lesson…|Close the lesson"
    assert [text for text in listed[len(LESSONS) :] if text] == own.split("|")
    submenu(lessons_menu(teacher), LESSONS[4].title).actions()[2].trigger()
    teacher.settle()
    assert_shown(teacher, LESSONS[4], 2)


def test_the_index_leads_to_any_scene(teacher):
    lesson = LESSONS[2]
    teacher.window.lessons.conductor.enter(lesson, 1)
    teacher.settle()
    QTest.mouseClick(teacher.window.card.index, LEFT)
    menu = teacher.menu()
    assert [read(action.text()) for action in menu.actions()] == [
        f"{n}  {scene.title}" for n, scene in enumerate(lesson.scenes, 1)
    ]
    assert [action.isChecked() for action in menu.actions()] == [n == 1 for n in range(len(lesson.scenes))]
    teacher.take(menu, f"4  {lesson.scenes[3].title}")
    teacher.settle()
    assert_shown(teacher, lesson, 3)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not teacher.window.card.findChildren(QMenu)  # a new one is made every time


# What the card looks like


@pytest.mark.parametrize("dark", [False, True])
def test_formulas_are_set_in_the_symbols_type(teacher, dark):
    card = teacher.window.card
    teacher.window.lessons.conductor.enter(LESSONS[0], 0)
    if dark:
        teacher.action("theme").trigger()
    try:
        faces = {line: (formula, font.family(), color) for line, formula, font, color in lines(card)}
        line = next(line for line in faces if "x ← x − α g" in line)
        assert faces[line] == (True, MATH, (DARK if dark else LIGHT).text)
        assert {family for formula, family, _ in faces.values() if not formula} == {SANS}
        sizes = {formula: font.pixelSize() for _, formula, font, _ in lines(card)}
        assert sizes[True] > sizes[False]
    finally:
        if dark:
            teacher.action("theme").trigger()


def lines(card):
    """Each line of the card's text: what it says, whether it is a formula, its font and its colour."""
    block = card.text.document().begin()
    while block.isValid():
        for fragment in (place.fragment() for place in block):
            form = fragment.charFormat()
            quoted = bool(block.blockFormat().property(QTextFormat.Property.BlockQuoteLevel))
            font = form.font() if form.fontFamilies() else card.text.document().defaultFont()
            yield block.text(), quoted, font, form.foreground().color().name()
        block = block.next()


def test_every_text_fits_the_card_or_can_be_scrolled(teacher):
    card = teacher.window.card
    for lesson, number in PLACES[:: len(PLACES) // 12]:
        teacher.window.lessons.conductor.enter(lesson, number)
        teacher.picture(card)
        bar = card.text.verticalScrollBar()
        text = card.text.document().size().height()
        assert bar.maximum() + card.text.viewport().height() >= text - 2
        assert card.text.horizontalScrollBar().maximum() == 0


# Lessons of one's own


def test_a_scene_added_to_a_lesson_opens_equal(lecturer, tmp_path, small):
    path = tmp_path / "my-lesson.md"
    lecturer.open(small(noise=0.25, seed=7, view=View(show_step=True, third="step_length")))
    lecturer.workspace.seek(12)
    wanted = lecturer.workspace.as_shown()
    lecturer.lessons.add_to(path, "Mine", "See **this**.\n\n> x ← x − α g")
    assert lecturer.status == "Added “Mine” to my-lesson.md."
    lecturer.open(small(surface="booth"))
    lecturer.lessons.add_to(path, "Second", "")
    listed = entries(lecturer.listed(MENU))
    assert listed["My lesson"] == ["1  Mine", "2  Second"]
    assert list(listed).index("My lesson") == len(LESSONS)
    submenu(lecturer.listed(MENU), "My lesson").actions()[0].trigger()
    assert lecturer.scene == wanted
    assert_open(lecturer, read_lesson(path), 0)
    lecturer.do("next_scene")
    assert told(lecturer)[0].scenes[told(lecturer)[1]].title == "Second"
    lecturer.do("next_scene")
    assert lecturer.status == "That was the last scene."


@pytest.fixture
def typed(monkeypatch):
    """Answers what is asked for when a scene is added, unless it is to `stop` there."""

    def typed(stop=""):
        monkeypatch.setattr(QInputDialog, "getText", lambda *args: ("A title", stop != "title"))
        monkeypatch.setattr(QInputDialog, "getMultiLineText", lambda *args: ("A text.", stop != "text"))

    return typed


def test_adding_a_scene_by_the_menu(lecturer, tmp_path, dialogs, typed):
    dialogs.chosen = tmp_path / "talk"
    typed()
    lecturer.do("add_scene")
    lesson = read_lesson(tmp_path / "talk.md")
    assert (lesson.title, lesson.scenes[0].title, lesson.scenes[0].text) == ("Talk", "A title", "A text.")
    assert lesson.scenes[0].scene.runs == lecturer.scene.runs
    assert "Talk" in entries(lecturer.listed(MENU))


@pytest.mark.parametrize("stop", ["file", "title", "text"])
def test_adding_a_scene_can_be_given_up(lecturer, tmp_path, dialogs, typed, stop):
    dialogs.chosen = "" if stop == "file" else tmp_path / "talk.md"
    typed(stop)
    lecturer.do("add_scene")
    assert not list(tmp_path.glob("*.md"))


@pytest.mark.parametrize(
    ("title", "text", "words"),
    [("Good", "<b>bad</b>", "line 1 of the text"), ("", "text", "title"), ("Good", "## no", "three #")],
)
def test_what_cannot_be_added_is_said(lecturer, tmp_path, title, text, words):
    path = tmp_path / "mine.md"
    lecturer.lessons.add_to(path, title, text)
    assert words in lecturer.message()
    assert not path.exists()
    assert list(entries(lecturer.listed(MENU)))[len(LESSONS)] == ""  # the separator: no lesson was added


def test_nothing_is_added_to_a_file_that_is_no_lesson(lecturer, file):
    path = file("Dear diary,\n")
    lecturer.lessons.add_to(path, "Mine", "Text.")
    message = lecturer.message()
    assert "mine.md, line 1" in message
    assert path.read_text() == "Dear diary,\n"


def test_opening_a_lesson_by_the_menu(lecturer, file, dialogs):
    path = dialogs.chosen = file(WAITING)
    lecturer.do("open_lesson")
    assert_open(lecturer, read_lesson(path), 0)
    assert entries(lecturer.listed(MENU))["Waiting"] == ["1  This one plays", "2  This one waits"]
    lecturer.lessons.open(path)  # once more
    lecturer.settle()
    assert list(entries(lecturer.listed(MENU))).count("Waiting") == 1
    assert lecturer.desk.settings.lesson_files == [path]


def test_a_broken_lesson_is_told_of_with_its_line(lecturer, file):
    before = lecturer.workspace.state
    lecturer.lessons.open(file(WAITING.replace("surface booth", "surface boot", 1)))
    message = lecturer.message()
    assert "mine.md, line 7" in message
    assert "booth" in message  # what was probably meant
    assert lecturer.workspace.state is before
    assert "Waiting" not in entries(lecturer.listed(MENU))


def test_a_lesson_that_broke_later_keeps_no_other_from_opening(lecturer, file):
    good, bad = file(WAITING, "good.md"), file(WAITING.replace("Waiting", "Bad"), "bad.md")
    for path in (bad, good):
        lecturer.lessons.open(path)
    lecturer.settle()
    bad.write_text(bad.read_text().replace("steps 40", "steps many"))
    listed = entries(lecturer.listed(MENU))
    assert set(listed).issuperset({lesson.title for lesson in LESSONS} | {"Waiting"})
    assert "Bad" not in listed
    warning = next(a for a in lecturer.menus[MENU].actions() if "⚠" in a.text())
    assert read(warning.text()) == "⚠ bad.md, line 18"
    warning.trigger()
    assert "bad.md, line 18: steps" in lecturer.message()
    bad.unlink()
    listed = entries(lecturer.listed(MENU))
    assert [entry for entry in listed if "⚠" in entry]
    assert "Waiting" in listed


def test_the_lessons_that_cannot_be_read_are_told_without_a_menu(workspace, file):
    good, bad = file(WAITING, "good.md"), file("Dear diary,\n", "bad.md")
    conductor = Conductor(workspace, lambda: [bad, good, Path("/nowhere/gone.md")])
    conductor.load()
    assert [lesson.title for lesson in conductor.all] == [*(lesson.title for lesson in LESSONS), "Waiting"]
    bad_one, gone = conductor.problems
    assert bad_one.startswith("bad.md, line 1:")
    assert "gone.md" in gone
    conductor.enter(conductor.all[-1], 1)
    conductor.previous()
    assert workspace.state.origin.lesson == (conductor.all[-1], 0)
    conductor.previous()
    assert workspace.state.origin.lesson == PLACES[-1]


def test_own_lessons_are_remembered(open_window, small, file):
    path = file(WAITING)
    first = open_window(small())
    first.window.lessons.open(path)
    first.settle()
    first.window.close()
    second = open_window()
    assert entries(lessons_menu(second))["Waiting"] == ["1  This one plays", "2  This one waits"]
    assert second.scene == read_lesson(path).scenes[0].scene.replace(place=second.scene.place)
    assert not second.window.card.isVisible()


def test_ampersands_are_no_keys_in_menus(teacher, file):
    text = WAITING.replace("# Waiting", "# Up & down").replace("## This one plays", "## Cause & effect")
    teacher.window.lessons.open(file(text))
    teacher.settle()
    assert entries(lessons_menu(teacher))["Up & down"][0] == "1  Cause & effect"
    QTest.mouseClick(teacher.window.card.index, LEFT)
    assert read(teacher.menu().actions()[0].text()) == "1  Cause & effect"


def test_a_title_is_no_html(teacher, file):
    teacher.window.lessons.open(file(WAITING.replace("## This one plays", "## <h1>Shout</h1> <img src='x'>")))
    if teacher.window.lessons.conductor.lesson is None:  # refused: as good
        assert "HTML" in teacher.message()
        return
    teacher.settle()
    title = teacher.window.card.title
    plain = title.textFormat() == Qt.TextFormat.PlainText
    assert plain or not Qt.mightBeRichText(title.text())


def test_a_lesson_may_have_many_runs_and_one_step(lecturer, file):
    runs = "\n".join(f"run gd lr=0.0{n}" for n in range(1, 10))
    text = WAITING.replace("run adam lr=0.1", runs).replace("steps 50", "steps 1")
    lecturer.lessons.open(file(text))
    lecturer.settle()
    assert len(lecturer.scene.runs) == 9
    last = lecturer.scene.runs[8]
    assert last == Run("gd", lr=0.09, label=last.label, color=last.color)
