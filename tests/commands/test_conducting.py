"""Lessons in the window: through all of them with two keys, back, again, an index, and lessons of one's own."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMenu

from optiviz import Run, assets
from optiviz.files.lessons import read_lesson, read_lessons
from optiviz.scene.view import View
from optiviz.widgets.theme import DARK, LIGHT, MATH, SANS

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
LESSONS, PROBLEMS = read_lessons(assets.path("lessons"))
PLACES = [(lesson, number) for lesson in LESSONS for number in range(len(lesson.scenes))]
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
def lecturer(user, monkeypatch):
    """The user with no lesson open, in a window where playing takes no time."""
    lessons = user.window.lessons
    lessons.all = []
    monkeypatch.setattr(user.window.workspace.player, "advance", lambda seconds: False)
    user.rest()
    yield user
    lessons.close()
    lessons.all = []


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


def entries(user):
    """The Lessons menu as it opens: the entries' texts, as they are read, with those of their submenus."""
    menu = lessons_menu(user)
    menu.aboutToShow.emit()
    inside = {sub.menuAction(): [read(action.text()) for action in sub.actions()] for sub in menu.findChildren(QMenu)}
    return {read(action.text()): inside.get(action, []) for action in menu.actions()}


def lessons_menu(user):
    return submenu(user.window.menuBar(), "&Lessons")


def submenu(menu, title):
    """The menu of that title in another one."""
    listed = menu.actions()
    return next(sub for sub in menu.findChildren(QMenu) if sub.title() == title and sub.menuAction() in listed)


def read(text):
    """A menu entry's text without the marks of its keys."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def assert_shown(user, lesson, number):
    """The window shows that scene, as its file has it."""
    window, wanted = user.window, lesson.scenes[number]
    card, scene = window.card, wanted.scene
    assert card.isVisible()
    assert card.lesson_title.text() == lesson.title.upper()
    assert card.title.text() == wanted.title
    assert f"{number + 1} of {len(lesson.scenes)}" in card.place.text()
    assert letters(card.text.toPlainText()) == letters(wanted.text)
    assert user.scene == scene
    assert window.workspace.result.scene == scene
    assert user.cursor == window.transport.scrub.value() == scene.place.cursor
    assert window.workspace.player.speed == scene.place.speed == window.transport.speed.currentData()
    assert window.workspace.player.loop == scene.place.loop
    assert window.dashboard.third.chooser.currentData() == scene.view.third
    assert window.dashboard.arithmetic.isVisible() == scene.view.arithmetic
    assert window.dashboard.loss.isVisible() != scene.view.arithmetic
    assert window.dashboard.contours.plot.overlays.view == scene.view
    assert window.dashboard.contours.aim == scene.window


def test_page_down_leads_through_all_scenes_of_all_lessons(lecturer):
    assert not PROBLEMS
    assert len(LESSONS) == 10
    for lesson, number in PLACES:
        lecturer.press(Key.Key_PageDown)
        lecturer.until(lambda: (result := lecturer.window.workspace.result) and result.scene == lecturer.scene)
        assert_shown(lecturer, lesson, number)
        if lesson.scenes[number].play:
            lecturer.until(lambda: lecturer.window.workspace.player.playing)
    last = lecturer.scene
    lecturer.press(Key.Key_PageDown)
    assert lecturer.status == "That was the last scene."
    assert lecturer.scene == last
    assert lecturer.window.card.title.text() == PLACES[-1][0].scenes[-1].title


def test_page_up_leads_back_to_the_first(lecturer):
    lecturer.window.lessons.conductor.enter(*PLACES[-1])
    lecturer.window.setUpdatesEnabled(False)  # what is painted is seen on the way forward
    for lesson, number in PLACES[-2::-1]:
        lecturer.press(Key.Key_PageUp)
        assert lecturer.window.card.title.text() == lesson.scenes[number].title
        assert lecturer.scene == lesson.scenes[number].scene
    lecturer.window.setUpdatesEnabled(True)
    first = lecturer.scene
    lecturer.press(Key.Key_PageUp)
    assert lecturer.status == "This is the first scene."
    assert lecturer.scene == first
    lecturer.settle()


def test_page_up_opens_no_lesson(lecturer):
    before = lecturer.scene
    lecturer.press(Key.Key_PageUp)
    assert lecturer.status == "This is the first scene."
    assert lecturer.scene == before
    assert not lecturer.window.card.isVisible()


def test_a_scene_that_plays_moves(user):
    lesson = LESSONS[0]
    user.window.lessons.conductor.enter(lesson, 0)
    user.until(lambda: user.cursor > lesson.scenes[0].scene.place.cursor)
    user.press(Key.Key_Space)
    assert not user.window.workspace.player.playing
    user.window.lessons.conductor.close()


def test_a_scene_may_wait_at_a_step(lecturer, file):
    lesson = read_lesson(file(WAITING))
    lecturer.window.lessons.conductor.enter(lesson, 1)
    lecturer.settle()
    assert_shown(lecturer, lesson, 1)
    assert not lecturer.window.workspace.player.playing
    lecturer.press(Key.Key_Space)
    assert lecturer.window.workspace.player.playing


def test_a_scene_that_waits_waits_also_after_one_that_was_left_before_it_played(lecturer, file):
    lesson = read_lesson(file(WAITING))
    lecturer.window.lessons.conductor.enter(lesson, 0)
    lecturer.window.lessons.conductor.enter(lesson, 1)  # before the first one was computed
    lecturer.settle()
    assert_shown(lecturer, lesson, 1)
    assert not lecturer.window.workspace.player.playing


def test_what_is_opened_right_after_entering_a_scene_does_not_play(lecturer, file):
    lecturer.window.lessons.conductor.enter(read_lesson(file(WAITING)), 0)
    lecturer.open(lecturer.scene.replace(steps=41))
    assert not lecturer.window.workspace.player.playing


# Playing with a scene, and back


@pytest.mark.parametrize("how", ["key", "button"])
def test_again_brings_back_what_was_played_with(lecturer, how):
    lesson = LESSONS[1]
    lecturer.window.lessons.conductor.enter(lesson, 2)
    lecturer.settle()
    lecturer.enter("lr", "0.001")
    lecturer.action("arithmetic").trigger()
    lecturer.window.workspace.seek(9)
    lecturer.press(Key.Key_Up)
    assert lecturer.scene != lesson.scenes[2].scene
    if how == "key":
        lecturer.shortcut("Ctrl+R")
    else:
        QTest.mouseClick(lecturer.window.card.buttons["loop"], LEFT)
    lecturer.settle()
    assert_shown(lecturer, lesson, 2)
    lecturer.until(lambda: lecturer.window.workspace.player.playing)


def test_again_without_a_lesson_does_nothing(lecturer):
    before = lecturer.scene
    lecturer.shortcut("Ctrl+R")
    assert lecturer.scene == before
    assert lecturer.document.undo_name is None


def test_undo_after_entering_brings_the_scene_before(lecturer):
    lecturer.enter("lr", "0.02")
    before = lecturer.scene
    lecturer.rest()
    lecturer.press(Key.Key_PageDown)
    assert lecturer.document.undo_name == f"scene “{LESSONS[0].scenes[0].title}”"
    lecturer.shortcut("Ctrl+Z")
    assert lecturer.scene == before
    lecturer.settle()
    lecturer.shortcut("Ctrl+Y")
    assert lecturer.scene == LESSONS[0].scenes[0].scene
    lecturer.settle()


def told(lecturer):
    """What the card tells of; nothing if it is not there."""
    card = lecturer.window.card
    return (card.lesson_title.text(), card.title.text(), card.place.text()) if card.isVisible() else None


def test_undo_and_redo_bring_the_card_that_belongs_to_the_scene(lecturer):
    seen = [told(lecturer)]
    for _ in range(3):
        lecturer.press(Key.Key_PageDown)
        seen.append(told(lecturer))
    assert seen[0] is None
    assert len(set(seen)) == 4
    for before in seen[-2::-1]:
        lecturer.shortcut("Ctrl+Z")
        assert told(lecturer) == before
    for after in seen[1:]:
        lecturer.shortcut("Ctrl+Y")
        assert told(lecturer) == after
    lecturer.shortcut("Ctrl+Z")
    lecturer.settle()
    assert_shown(lecturer, LESSONS[0], 1)
    lecturer.press(Key.Key_PageDown)  # goes on from where we are
    lecturer.settle()
    assert_shown(lecturer, LESSONS[0], 2)


def test_undo_from_lesson_to_lesson(lecturer):
    lecturer.window.lessons.conductor.enter(LESSONS[2], 1)
    lecturer.window.lessons.conductor.enter(LESSONS[5], 0)
    lecturer.shortcut("Ctrl+Z")
    lecturer.settle()
    assert_shown(lecturer, LESSONS[2], 1)


def test_edits_and_their_undo_leave_the_card(lecturer):
    lecturer.press(Key.Key_PageDown)
    before = told(lecturer)
    lecturer.press(Key.Key_1)
    lecturer.press(Key.Key_R)
    lecturer.shortcut("Ctrl+Z")
    lecturer.shortcut("Ctrl+Z")
    assert told(lecturer) == before
    lecturer.settle()


def test_the_card_goes_when_another_scene_is_opened_and_comes_back(lecturer):
    lecturer.window.lessons.conductor.enter(LESSONS[1], 2)
    lecturer.action("reset").trigger()
    assert told(lecturer) is None
    lecturer.shortcut("Ctrl+Z")
    lecturer.settle()
    assert_shown(lecturer, LESSONS[1], 2)
    lecturer.shortcut("Ctrl+Y")
    assert told(lecturer) is None
    lecturer.press(Key.Key_PageDown)  # the lesson goes on after what was shown in between
    lecturer.settle()
    assert_shown(lecturer, LESSONS[1], 3)


def test_a_lesson_that_was_closed_stays_closed(lecturer):
    lecturer.press(Key.Key_PageDown)
    lecturer.action("close_lesson").trigger()
    lecturer.press(Key.Key_1)
    lecturer.shortcut("Ctrl+Z")
    assert told(lecturer) is None
    lecturer.action("reset").trigger()
    lecturer.shortcut("Ctrl+Z")
    assert told(lecturer) is None
    lecturer.settle()


def test_the_buttons_of_the_card(lecturer):
    lecturer.press(Key.Key_PageDown)
    buttons = lecturer.window.card.buttons
    QTest.mouseClick(buttons["forward"], LEFT)
    lecturer.settle()
    assert_shown(lecturer, LESSONS[0], 1)
    QTest.mouseClick(buttons["back"], LEFT)
    lecturer.settle()
    assert_shown(lecturer, LESSONS[0], 0)
    QTest.mouseClick(buttons["close"], LEFT)
    assert not lecturer.window.card.isVisible()
    assert lecturer.scene == LESSONS[0].scenes[0].scene  # it stays
    lecturer.press(Key.Key_Space)  # no button has taken the keys
    assert not lecturer.window.workspace.player.playing


def test_after_closing_a_lesson_the_first_one_begins(lecturer):
    lecturer.window.lessons.conductor.enter(LESSONS[3], 1)
    lecturer.action("close_lesson").trigger()
    assert not lecturer.window.card.isVisible()
    lecturer.press(Key.Key_PageDown)
    lecturer.settle()
    assert_shown(lecturer, LESSONS[0], 0)


def test_closing_gives_the_panel_its_room_back(lecturer):
    panel = lecturer.window.panel
    lecturer.picture()
    before = panel.geometry()
    lecturer.press(Key.Key_PageDown)
    lecturer.picture()
    assert panel.geometry().top() > before.top()
    assert panel.height() > 150
    lecturer.action("close_lesson").trigger()
    lecturer.picture()
    assert panel.geometry() == before


def test_the_name_in_the_menu_bar_is_shown_in_full(lecturer, small, tmp_path):
    caption = lecturer.window.caption
    for name in ("short", "a-much-longer-name-for-the-lecture-of-tomorrow", "short"):
        lecturer.window.workspace.open_scene(small(), tmp_path / f"{name}.optiviz", "test")
        lecturer.settle()
        lecturer.picture()
        assert caption.text() == name
        assert caption.width() >= caption.sizeHint().width()


# Menu and index


def test_the_menu_lists_all_lessons_and_scenes(lecturer):
    listed = entries(lecturer)
    for lesson in LESSONS:
        assert listed[lesson.title] == [f"{n}  {scene.title}" for n, scene in enumerate(lesson.scenes, 1)]
    assert list(listed)[: len(LESSONS)] == [lesson.title for lesson in LESSONS]
    assert list(listed) == list(entries(lecturer))  # also when it opens once more


def test_opening_the_menu_again_and_again_leaves_nothing_behind(lecturer):
    entries(lecturer)
    before = len(lessons_menu(lecturer).findChildren(QMenu))
    for _ in range(3):
        entries(lecturer)
    lecturer.picture()
    assert len(lessons_menu(lecturer).findChildren(QMenu)) == before


def test_a_scene_is_entered_from_the_menu(lecturer):
    entries(lecturer)
    submenu(lessons_menu(lecturer), LESSONS[4].title).actions()[2].trigger()
    lecturer.settle()
    assert_shown(lecturer, LESSONS[4], 2)
    lecturer.press(Key.Key_PageDown)
    lecturer.settle()
    assert_shown(lecturer, LESSONS[4], 3)


def test_the_index_leads_to_any_scene(lecturer):
    lesson = LESSONS[2]
    lecturer.window.lessons.conductor.enter(lesson, 1)
    lecturer.settle()
    QTest.mouseClick(lecturer.window.card.place, LEFT)
    menu = lecturer.menu()
    assert [read(action.text()) for action in menu.actions()] == [
        f"{n}  {scene.title}" for n, scene in enumerate(lesson.scenes, 1)
    ]
    assert [action.isChecked() for action in menu.actions()] == [n == 1 for n in range(len(lesson.scenes))]
    lecturer.take(menu, f"4  {lesson.scenes[3].title}")
    lecturer.settle()
    assert_shown(lecturer, lesson, 3)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not lecturer.window.card.findChildren(QMenu)  # a new one is made every time


# What the card looks like


@pytest.mark.parametrize("dark", [False, True])
def test_formulas_are_set_in_the_symbols_type(lecturer, dark):
    card = lecturer.window.card
    lecturer.window.lessons.conductor.enter(LESSONS[0], 0)
    if dark:
        lecturer.action("theme").trigger()
    try:
        faces = {line: (formula, font.family(), color) for line, formula, font, color in lines(card)}
        line = next(line for line in faces if "x ← x − α g" in line)
        assert faces[line] == (True, MATH, (DARK if dark else LIGHT).text)
        assert {family for formula, family, _ in faces.values() if not formula} == {SANS}
        sizes = {formula: font.pixelSize() for _, formula, font, _ in lines(card)}
        assert sizes[True] > sizes[False]
    finally:
        if dark:
            lecturer.action("theme").trigger()


def lines(card):
    """Each line of the card's text: what it says, whether it is a formula, its font and its colour."""
    block = card.text.document().begin()
    while block.isValid():
        for fragment in (place.fragment() for place in block):
            form = fragment.charFormat()
            quoted = bool(block.blockFormat().property(0x1080))  # BlockQuoteLevel
            font = form.font() if form.fontFamilies() else card.text.document().defaultFont()
            yield block.text(), quoted, font, form.foreground().color().name()
        block = block.next()


def test_every_text_fits_the_card_or_can_be_scrolled(lecturer):
    card = lecturer.window.card
    for lesson, number in PLACES[:: len(PLACES) // 12]:
        lecturer.window.lessons.conductor.enter(lesson, number)
        lecturer.picture(card)
        bar = card.text.verticalScrollBar()
        text = card.text.document().size().height()
        assert bar.maximum() + card.text.viewport().height() >= text - 2
        assert card.text.horizontalScrollBar().maximum() == 0


# Lessons of one's own


def test_a_scene_added_to_a_lesson_opens_equal(lecturer, tmp_path, small):
    path = tmp_path / "my-lesson.md"
    lecturer.open(small(noise=0.25, seed=7, view=View(show_step=True, third="step_length")))
    lecturer.window.workspace.seek(12)
    wanted = lecturer.window.workspace.as_shown()
    lecturer.window.lessons.add_to(path, "Mine", "See **this**.\n\n> x ← x − α g")
    assert lecturer.status == "Added “Mine” to my-lesson.md."
    lecturer.open(small(surface="booth"))
    lecturer.window.lessons.add_to(path, "Second", "")
    listed = entries(lecturer)
    assert listed["My lesson"] == ["1  Mine", "2  Second"]
    assert list(listed).index("My lesson") == len(LESSONS)
    submenu(lessons_menu(lecturer), "My lesson").actions()[0].trigger()
    lecturer.settle()
    assert lecturer.scene == wanted
    assert_shown(lecturer, read_lesson(path), 0)
    lecturer.press(Key.Key_PageDown)
    assert lecturer.window.card.title.text() == "Second"
    lecturer.press(Key.Key_PageDown)
    assert lecturer.status == "That was the last scene."


def test_adding_a_scene_by_the_menu(lecturer, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args, **kwargs: (str(tmp_path / "talk"), ""))
    monkeypatch.setattr(QInputDialog, "getText", lambda *args: ("A title", True))
    monkeypatch.setattr(QInputDialog, "getMultiLineText", lambda *args: ("A text.", True))
    lecturer.action("add_scene").trigger()
    lesson = read_lesson(tmp_path / "talk.md")
    assert (lesson.title, lesson.scenes[0].title, lesson.scenes[0].text) == ("Talk", "A title", "A text.")
    assert lesson.scenes[0].scene.runs == lecturer.scene.runs
    assert "Talk" in entries(lecturer)


@pytest.mark.parametrize("stop", ["file", "title", "text"])
def test_adding_a_scene_can_be_given_up(lecturer, tmp_path, monkeypatch, stop):
    chosen = "" if stop == "file" else str(tmp_path / "talk.md")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args, **kwargs: (chosen, ""))
    monkeypatch.setattr(QInputDialog, "getText", lambda *args: ("A title", stop != "title"))
    monkeypatch.setattr(QInputDialog, "getMultiLineText", lambda *args: ("A text.", stop != "text"))
    lecturer.action("add_scene").trigger()
    assert not list(tmp_path.glob("*.md"))


@pytest.mark.parametrize(
    ("title", "text", "words"),
    [("Good", "<b>bad</b>", "line 1 of the text"), ("", "text", "title"), ("Good", "## no", "three #")],
)
def test_what_cannot_be_added_is_said(lecturer, tmp_path, title, text, words):
    path = tmp_path / "mine.md"
    lecturer.window.lessons.add_to(path, title, text)
    assert words in lecturer.message()
    assert not path.exists()
    assert list(entries(lecturer))[len(LESSONS)] == ""  # the separator: no lesson was added


def test_nothing_is_added_to_a_file_that_is_no_lesson(lecturer, file):
    path = file("Dear diary,\n")
    lecturer.window.lessons.add_to(path, "Mine", "Text.")
    message = lecturer.message()
    assert "mine.md, line 1" in message
    assert path.read_text() == "Dear diary,\n"


def test_opening_a_lesson_by_the_menu(lecturer, file, monkeypatch):
    path = file(WAITING)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (str(path), ""))
    lecturer.action("open_lesson").trigger()
    lecturer.settle()
    assert_shown(lecturer, read_lesson(path), 0)
    assert entries(lecturer)["Waiting"] == ["1  This one plays", "2  This one waits"]
    lecturer.window.lessons.open(path)  # once more
    lecturer.settle()
    assert list(entries(lecturer)).count("Waiting") == 1
    assert lecturer.window.desk.settings.lesson_files == [path]


def test_a_broken_lesson_is_told_of_with_its_line(lecturer, file):
    before = lecturer.scene
    lecturer.window.lessons.open(file(WAITING.replace("surface booth", "surface boot", 1)))
    message = lecturer.message()
    assert "mine.md, line 7" in message
    assert "booth" in message  # what was probably meant
    assert lecturer.scene == before
    assert not lecturer.window.card.isVisible()
    assert "Waiting" not in entries(lecturer)


def test_a_lesson_that_broke_later_keeps_no_other_from_opening(lecturer, file):
    good, bad = file(WAITING, "good.md"), file(WAITING.replace("Waiting", "Bad"), "bad.md")
    for path in (bad, good):
        lecturer.window.lessons.open(path)
    lecturer.settle()
    bad.write_text(bad.read_text().replace("steps 40", "steps many"))
    listed = entries(lecturer)
    assert set(listed).issuperset({lesson.title for lesson in LESSONS} | {"Waiting"})
    assert "Bad" not in listed
    warning = next(a for a in lessons_menu(lecturer).actions() if "⚠" in a.text())
    assert read(warning.text()) == "⚠ bad.md, line 18"
    warning.trigger()
    assert "bad.md, line 18: steps" in lecturer.message()
    bad.unlink()
    listed = entries(lecturer)
    assert [entry for entry in listed if "⚠" in entry]
    assert "Waiting" in listed


def test_own_lessons_are_remembered(open_window, small, file):
    path = file(WAITING)
    first = open_window(small())
    first.window.lessons.open(path)
    first.settle()
    first.window.close()
    second = open_window()
    assert entries(second)["Waiting"] == ["1  This one plays", "2  This one waits"]
    assert second.scene == read_lesson(path).scenes[0].scene.replace(view=second.scene.view)
    assert not second.window.card.isVisible()


def test_ampersands_are_no_keys_in_menus(lecturer, file):
    text = WAITING.replace("# Waiting", "# Up & down").replace("## This one plays", "## Cause & effect")
    lecturer.window.lessons.open(file(text))
    lecturer.settle()
    assert entries(lecturer)["Up & down"][0] == "1  Cause & effect"
    QTest.mouseClick(lecturer.window.card.place, LEFT)
    assert read(lecturer.menu().actions()[0].text()) == "1  Cause & effect"


def test_a_title_is_no_html(lecturer, file):
    lecturer.window.lessons.open(file(WAITING.replace("## This one plays", "## <h1>Shout</h1> <img src='x'>")))
    if lecturer.window.lessons.conductor.lesson is None:  # refused: as good
        assert "HTML" in lecturer.message()
        return
    lecturer.settle()
    title = lecturer.window.card.title
    plain = title.textFormat() == Qt.TextFormat.PlainText
    assert plain or not GuiQt.mightBeRichText(title.text())


def test_a_lesson_may_have_many_runs_and_one_step(lecturer, file):
    runs = "\n".join(f"run gd lr=0.0{n}" for n in range(1, 10))
    text = WAITING.replace("run adam lr=0.1", runs).replace("steps 50", "steps 1")
    lecturer.window.lessons.open(file(text))
    lecturer.settle()
    assert len(lecturer.scene.runs) == 9
    assert lecturer.scene.runs[8] == Run(
        "gd", lr=0.09, label=lecturer.scene.runs[8].label, color=lecturer.scene.runs[8].color
    )
