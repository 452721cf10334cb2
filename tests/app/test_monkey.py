"""A monkey at the window: seeded random clicks, keys, drags, texts, sizes and commands. Nothing it does may break it.

In the suite it is one short visit. By hand there are as many as one likes, as long as one likes:

    OPTIVIZ_MONKEY=1-3 pytest tests/app/test_monkey.py
    OPTIVIZ_MONKEY=1-200 OPTIVIZ_MONKEY_EVENTS=2000 pytest tests/app/test_monkey.py -x

plays the seeds 1 to 3, and many longer visits. A failure names its seed and its last events. Each event draws its own
lots from the seed and its number, so that others can be left out: OPTIVIZ_MONKEY_ONLY=0-30,417 plays these alone.
"""

from __future__ import annotations

import os
import random
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QEventLoop, QPoint, QRect, Qt, QTimer, QtMsgType
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QScrollBar,
    QSlider,
    QWidget,
)

from optiviz import Run, Scene
from optiviz.app.start import open_window as open_as_program
from optiviz.app.window import Window
from optiviz.desk.settings import Settings
from optiviz.files import scene_files
from optiviz.scene.view import SPEEDS
from optiviz.session.document import DEPTH

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
NOTHING = Qt.KeyboardModifier.NoModifier
Key = Qt.Key
NESTED_MS = 100  # after so long an event that has not returned has opened a loop of its own: a drag, a dialog
QUICK = 60_000  # rows that a check computes
SIZES = ((900, 560), (1024, 768), (1280, 720), (1280, 720), (1920, 1080), (901, 2000), (3840, 2160))
NONSENSE = (
    *("nan", "inf", "-inf", "1e400", "-1e400", "-1", "", " ", "0", "-0.0", "1e-400", "5e-324", "1e308", "-1e308"),
    *("1e300", "1e-300", "1e18", "12345678901234567890", "٣", "１２", "۰٫۵", "²", "½", "Ⅷ", "0x10", "1_000", "1,5"),
    *("1 000", "+1", "--1", "1e", "e", ".", "-", "−1", "True", "None", "∞", "9" * 400, "a" * 40_000, "1" + "0" * 5000),
    *("\u202eabc", "a\0b", "🙂🙂", "漢字", "é\u0301", "a\nb\tc", "50:0.1, 100:0.02", "7:nan", "1:1,1:2", "0:0.1", "%s"),
    *("{}", "<b>x</b>", "&amp;&", "../../x", "~/x", "/dev/full", "a" * 300, "'; --", "\\", '"', "x.png", "x.csv"),
)
SCENE = Scene("rosenbrock", steps=60, runs=[Run("adam", lr=0.05, schedule="exponential"), Run("momentum", lr=2e-4)])
LESSON = "# Own\n\n## One & two\nText.\n\n> x ← x − α g\n\n```scene\nsurface booth\nsteps 50\nrun adam lr=0.1\n```\n"


def chosen_seeds() -> list[int]:
    """The seeds to play: one in the suite, others by hand."""
    first, _, last = os.environ.get("OPTIVIZ_MONKEY", "1").partition("-")
    return list(range(int(first), int(last or first) + 1))


EVENTS = int(os.environ.get("OPTIVIZ_MONKEY_EVENTS", "300"))


def chosen_numbers() -> list[int]:
    """The numbers of the events to play."""
    text = os.environ.get("OPTIVIZ_MONKEY_ONLY", f"0-{EVENTS - 1}")
    ends = [part.partition("-") for part in text.split(",")]
    return [number for first, _, last in ends for number in range(int(first), int(last or first) + 1)]


class Broken(AssertionError):
    """The monkey has broken something."""


def open_dialog() -> QWidget | None:
    """The dialog that is open, if there is one: one that blocks the window, or else one that does not."""
    shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    return QApplication.activeModalWidget() or (shown[-1] if shown else None)


class Monkey:
    """Plays events with a window; `last` are the last of them in words."""

    def __init__(self, user: Any, folder: Path, seed: int, problems: Callable[[], str]) -> None:
        self.folder, self.seed, self.problems = folder, seed, problems
        self.last: deque[str] = deque(maxlen=25)
        self.user = user
        self.lots = random.Random(seed)
        self.numbers: Iterator[int] = iter(())
        self.failure: Broken | None = None
        self.closed: list[Window] = []  # windows that events under way may still belong to
        self.loop = QEventLoop()
        self.timer = QTimer(singleShot=True)
        self.timer.timeout.connect(self.step)

    @property
    def window(self) -> Window:
        return self.user.window

    # The visit

    def play(self, numbers: list[int]) -> None:
        """Plays the events with these numbers. Raises Broken where one breaks something."""
        self.numbers = iter(numbers)
        self.timer.start(0)
        self.loop.exec()
        self.unwind()
        self.forget()
        if self.failure is not None:
            raise self.failure

    def step(self) -> None:
        """One event. It may open an event loop of its own (a dialog): the timer then goes on in there."""
        number = next(self.numbers, None)
        if number is None or self.failure is not None:
            self.unwind()
            self.loop.quit()
            return
        self.lots = random.Random(f"{self.seed} {number}")
        if open_dialog() is None and QApplication.activePopupWidget() is None:
            self.window.activateWindow()  # as a window system does when what was in front of it has gone
        self.timer.start(NESTED_MS)
        try:
            event = self.lots.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            self.last.append(f"{number}: {event.__name__}")
            event(self)
        except Exception as error:  # the monkey's own: a window that it cannot handle is broken too
            self.fail("".join(traceback.format_exception(error)))
        if not self.window.isVisible():
            assert not self.window.workspace.runner.alive
            self.unwind()
            self.closed.append(self.window)
            self.start()
        if problem := self.problems():
            self.fail(problem)
        self.timer.start(self.lots.choice((0, 0, 0, 0, 2, 20)))

    def fail(self, what: str) -> None:
        if self.failure is None:
            events = "\n  ".join(self.last)
            self.failure = Broken(f"seed {self.seed}:\n{what}\nThe last events:\n  {events}")

    def say(self, words: str) -> None:
        """Adds to the words of the event under way."""
        self.last[-1] += f" {words}"

    def unwind(self) -> None:
        """Closes what is open over the window, and lets loops in it end."""
        QTest.mouseRelease(self.window.windowHandle(), LEFT, pos=QPoint(1, 1))  # ends a drag
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.reject()
        if self.window.presenter.on:
            self.window.presenter.leave()
        self.window.workspace.appear(blank=False)

    # What there is

    def one(self, things: Any) -> Any:
        """One of them, by lot; None if there is none."""
        things = list(things)
        return things[self.lots.randrange(len(things))] if things else None

    def tops(self) -> list[QWidget]:
        """The windows that can be seen: the program's own, dialogs, popups."""
        seen = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.windowHandle() is not None]
        popup = QApplication.activePopupWidget()
        if popup is not None and self.lots.random() < 0.9:
            return [popup]
        modal = open_dialog()
        if modal is not None and self.lots.random() < 0.9:
            return [modal]
        return seen

    def widgets(self, kind: type[QWidget] = QWidget) -> list[Any]:
        """The visible widgets of a kind, in one of the windows or in all."""
        return [w for top in self.tops() for w in (top, *top.findChildren(QWidget)) if self.seen(w, kind)]

    @staticmethod
    def seen(widget: QWidget, kind: type[QWidget]) -> bool:
        return isinstance(widget, kind) and widget.isVisible() and not widget.visibleRegion().isEmpty()

    def place_in(self, widget: QWidget) -> QPoint | None:
        """A point of the widget's visible part in its window; None if it has none."""
        top = widget.window()
        rect = QRect(widget.mapTo(top, QPoint()), widget.size()) & top.rect()
        if rect.isEmpty():
            return None
        return QPoint(self.lots.randint(rect.left(), rect.right()), self.lots.randint(rect.top(), rect.bottom()))

    def aim(self, kind: type[QWidget] = QWidget) -> tuple[Any, QPoint] | None:
        """The window system's window and the place in it of one of the widgets of that kind."""
        widget = self.one(self.widgets(kind))
        # Of widgets that Qt has made itself, PySide sometimes loses hold.
        place = self.place_in(widget) if widget is not None and shiboken6.isValid(widget) else None
        if place is None or widget.window().windowHandle() is None:
            return None
        text = getattr(widget, "text", "")
        name = widget.objectName() or (text() if callable(text) else "")
        self.say(f"{type(widget).__name__} {str(name)[:40]!r} at {place.toTuple()}")
        return widget.window().windowHandle(), place

    def modifiers(self) -> Any:
        kinds = Qt.KeyboardModifier
        plain = kinds.NoModifier
        return self.lots.choices((plain, kinds.ShiftModifier, kinds.ControlModifier, kinds.AltModifier), (12, 1, 1, 1))[
            0
        ]

    @staticmethod
    def there(handle: Any, place: QPoint) -> bool:
        """Whether the window system's window still exists, and is as large."""
        exists = any(handle is window for window in QGuiApplication.topLevelWindows())
        return exists and QRect(QPoint(), handle.size()).contains(place)

    def mouse(self, handle: Any, how: Any, place: QPoint, *button_and_modifiers: Any) -> None:
        if self.there(handle, place):
            how(handle, *button_and_modifiers, pos=place)

    def tap(self, handle: Any, place: QPoint, button: Any = LEFT, modifiers: Any = NOTHING) -> None:
        """A click. QTest's own releases on a window that the press has closed."""
        self.mouse(handle, QTest.mouseMove, place)
        self.mouse(handle, QTest.mousePress, place, button, modifiers)
        self.mouse(handle, QTest.mouseRelease, place, button, modifiers)

    def key(self, key: Any, modifiers: Any = NOTHING) -> None:
        """A key to wherever keys go, which its press may change."""
        if QApplication.activePopupWidget() is not None:
            modifiers = NOTHING  # the modifier alone may close a menu, and QTest would send the key to nowhere
        for how in (QTest.keyPress, QTest.keyRelease):
            handle = QGuiApplication.focusWindow()
            if handle is None or not handle.isVisible():
                # QTest sends the modifier and then the key to the same window: one that has been closed may be gone
                # by then.
                handle = self.window.windowHandle()
            how(handle, key, modifiers)

    # Events

    def click(self, kind: type[QWidget] = QWidget) -> None:
        if (aimed := self.aim(kind)) is None:
            return
        handle, place = aimed
        button = self.lots.choices((LEFT, RIGHT, MIDDLE), (17, 2, 1))[0]
        modifiers = self.modifiers()
        self.say(f"{button.name} {modifiers.name}")
        self.tap(handle, place, button, modifiers)
        if self.lots.random() < 0.07:
            self.mouse(handle, QTest.mouseDClick, place, button, modifiers)

    def hover(self) -> None:
        if (aimed := self.aim()) is not None:
            self.mouse(aimed[0], QTest.mouseMove, aimed[1])

    def drag(self) -> None:
        kinds = (QWidget, QSlider, QScrollBar)
        plots = self.window.dashboard
        kind = self.lots.choices(kinds, (1, 4, 1))[0]
        if self.lots.random() < 0.6:  # the plots and the list of runs
            views = (plots.contours, plots.contours, plots.rate, plots.loss)
            viewports = [view.plot.viewport() for view in views] + [self.window.panel.runs_card.runs.viewport()]
            widget = self.one(viewport for viewport in viewports if self.seen(viewport, QWidget))
            place = self.place_in(widget) if widget is not None else None
            aimed = None if place is None else (self.window.windowHandle(), place)
            start = plots.contours.plot.start_pixel()
            if widget is plots.contours.plot.viewport() and start is not None and self.lots.random() < 0.5:
                place = widget.mapTo(self.window, start.toPoint())
                aimed = (self.window.windowHandle(), place) if self.window.rect().contains(place) else aimed
            self.say(f"from {place.toTuple() if place else None}")
        else:
            aimed = self.aim(kind)
        if aimed is None:
            return
        handle, place = aimed
        self.mouse(handle, QTest.mousePress, place, LEFT, self.modifiers())
        far = self.lots.choice((4, 40, 400))
        for _ in range(self.lots.randint(1, 8)):
            place += QPoint(self.lots.randint(-far, far), self.lots.randint(-far, far))
            self.mouse(handle, QTest.mouseMove, place)
            if self.lots.random() < 0.05:
                self.press()
        if self.lots.random() < 0.95:  # else it is let go some time later
            self.mouse(handle, QTest.mouseRelease, place, LEFT)

    def wheel(self) -> None:
        if (aimed := self.aim()) is None:
            return
        turn = self.lots.choice((120, -120, 15, -1200, 1200, 40_000, -40_000))
        for _ in range(self.lots.randint(1, 4)):
            handle, place = aimed
            if self.there(handle, place):
                QTest.wheelEvent(handle, place, QPoint(0, turn), stateKey=self.modifiers())

    def press(self) -> None:
        """A key, of a shortcut or any."""
        if self.lots.random() < 0.5:
            action = self.one(a for a in self.window.actions_by_name.values() if a.shortcuts() and self.wanted(a))
            keys = self.one(action.shortcuts())[0]
            key, modifiers = keys.key(), keys.keyboardModifiers()
        else:
            names = "Tab Backtab Return Enter Escape Space Delete Backspace Up Down Left Right Home End PageUp PageDown"
            key = getattr(Key, f"Key_{self.lots.choice(names.split())}")
            modifiers = self.modifiers()
        self.say(f"{Key(key).name} {modifiers.name}")
        for _ in range(self.lots.choice((1, 1, 1, 5))):
            self.key(key, modifiers)

    def type(self) -> None:
        """Types or pastes something into one of the fields."""
        edits = [edit for edit in self.widgets(QLineEdit) if edit.isEnabled()]
        edit = self.one(edits)
        if edit is None:
            return
        text = self.text()
        self.say(f"{edit.objectName()!r} {text[:40]!r}")
        place = self.place_in(edit)
        if place is not None:
            self.tap(edit.window().windowHandle(), place)
        if not shiboken6.isValid(edit):
            return
        edit.selectAll()
        QApplication.clipboard().setText(text)
        if text:
            self.key(Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        else:
            self.key(Key.Key_Delete)
        end = self.lots.choice((Key.Key_Return, Key.Key_Return, Key.Key_Tab, Key.Key_Escape, Key.Key_Down, None))
        if end is not None:
            self.say(end.name)
            self.key(end)

    def text(self) -> str:
        lots = self.lots
        return lots.choice(
            (
                lots.choice(NONSENSE),
                lots.choice(NONSENSE),
                repr(lots.choice((1, 1, 1, -1)) * 10 ** lots.uniform(-8, 3)),
                str(lots.randint(0, 200)),
                str(int(10 ** lots.uniform(0, 6.1))),
            )
        )

    def choose(self) -> None:
        """Opens a box of choices and takes one by its keys."""
        box = self.one(self.widgets(QComboBox))
        if box is None or not box.isEnabled():
            return
        row = self.lots.randrange(box.count())
        self.say(f"{box.objectName()!r} {box.itemText(row)!r}")
        box.showPopup()
        box.view().setCurrentIndex(box.model().index(row, 0))
        QTest.keyClick(box.view(), self.lots.choice((Key.Key_Return, Key.Key_Return, Key.Key_Escape)))

    def command(self) -> None:
        """One of the menus' entries."""
        actions = self.everything()
        action = self.one(action for action in actions if self.wanted(action) and action.isEnabled())
        if action is None or open_dialog() or QApplication.activePopupWidget():
            return
        self.say(repr(action.text()))
        action.trigger()

    def everything(self) -> list[QAction]:
        """All actions of the window and of its menus; now and then the lessons' menu has just been opened."""
        bar = self.window.menuBar()
        if self.lots.random() < 0.3:
            lessons = next(menu for menu in bar.findChildren(QMenu) if "essons" in menu.title())
            lessons.aboutToShow.emit()
        actions = [*self.window.actions_by_name.values(), *bar.findChildren(QAction)]
        return [a for a in actions if shiboken6.isValid(a) and not a.isSeparator() and a.menu() is None]

    def wanted(self, action: QAction) -> bool:
        """Closing has an event of its own."""
        return action is not self.window.actions_by_name["quit"]

    def menu(self) -> None:
        """Opens a menu of the bar with the mouse; what follows meets it open."""
        bar = self.window.menuBar()
        action = self.one(bar.actions())
        place = bar.mapTo(self.window, bar.actionGeometry(action).center())
        if bar.isVisible():
            self.say(action.text())
            self.tap(self.window.windowHandle(), place)

    def resize(self) -> None:
        size = self.lots.choice(SIZES)
        self.say(f"{size}")
        self.window.resize(*size)

    def state(self) -> None:
        """Minimised, maximised, and back."""
        how = self.lots.choice(("showMinimized", "showMaximized", "showNormal", "showNormal"))
        self.say(how)
        getattr(self.window, how)()
        if how == "showMinimized":
            self.pause()
            self.window.showNormal()

    def undo(self) -> None:
        """Many steps back, some forward."""
        for _ in range(self.lots.choice((1, 3, 30))):
            self.window.actions_by_name[self.lots.choice(("undo", "undo", "redo"))].trigger()

    def speed(self) -> None:
        speed = self.lots.choice(SPEEDS)
        self.say(speed)
        self.window.workspace.player.speed = speed
        self.window.workspace.play()

    def pause(self) -> None:
        """Lets the program go on alone for a while."""
        loop = QEventLoop()
        QTimer.singleShot(self.lots.choice((5, 20, 60)), loop.quit)
        loop.exec()

    def export(self) -> None:
        """Exports a picture or a table into the folder, at a size that takes no seconds."""
        if open_dialog() is not None or QApplication.activePopupWidget() is not None:
            return
        self.window.resize(1000, 640)
        self.window.actions_by_name[self.lots.choice(("export_picture", "export_table"))].trigger()
        dialog = open_dialog()
        if dialog is None:
            return
        for box in dialog.findChildren(QComboBox):
            box.setCurrentIndex(self.lots.randrange(min(2, box.count())))
        dialog.path.setText(str(self.folder / self.lots.choice(("a.png", "b.csv", "nowhere/c.png", ".", "d"))))
        dialog.export.click()
        if shiboken6.isValid(dialog) and dialog.isVisible():
            dialog.export.click()  # replaces

    def answer(self) -> None:
        """Presses one of the buttons of the dialog that is open."""
        dialog = open_dialog()
        button = self.one(dialog.findChildren(QPushButton)) if dialog is not None else None
        if button is not None and button.isEnabled() and button.isVisible():
            self.say(button.text())
            button.click()

    def escape(self) -> None:
        """Escape goes to whatever is open, or a dialog is closed by its frame."""
        top = self.one(w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())
        if top is not None and self.lots.random() < 0.5:
            top.close()
        else:
            self.key(Key.Key_Escape)

    def reopen(self) -> None:
        """Closes the window as it is, and starts the program anew."""
        if open_dialog() is not None:
            return
        self.window.close()
        if self.window.isVisible():
            answer = self.one(self.question().buttons())
            self.say(f"answered {answer.text()}")
            answer.click()

    @staticmethod
    def question() -> QMessageBox:
        """The question whether to save, which keeps the window open."""
        box = open_dialog()
        assert isinstance(box, QMessageBox), f"the window does not close, and nothing is asked: {box}"
        return box

    def leave(self) -> None:
        """Closes the window at the end of the visit, and saves nothing."""
        self.unwind()
        self.window.close()
        if self.window.isVisible():
            box = self.question()
            next(b for b in box.buttons() if box.buttonRole(b) == QMessageBox.ButtonRole.DestructiveRole).click()
        assert not self.window.isVisible()
        assert not self.window.workspace.runner.alive
        self.closed.append(self.window)
        self.forget()

    def forget(self) -> None:
        """Deletes the windows that have been closed."""
        while self.closed:
            self.closed.pop().deleteLater()

    def start(self) -> None:
        """Opens a window as the program's start does."""
        self.last.append("the program starts")
        self.user = type(self.user)(open_as_program(Settings()))


WEIGHTS: dict[Callable[[Monkey], None], float] = {
    Monkey.click: 30,
    Monkey.hover: 4,
    Monkey.drag: 14,
    Monkey.wheel: 5,
    Monkey.press: 14,
    Monkey.type: 16,
    Monkey.choose: 6,
    Monkey.command: 12,
    Monkey.menu: 2,
    Monkey.resize: 1.5,
    Monkey.state: 0.5,
    Monkey.undo: 3,
    Monkey.speed: 2,
    Monkey.pause: 3,
    Monkey.export: 1,
    Monkey.answer: 4,
    Monkey.escape: 4,
    Monkey.reopen: 0.3,
}


@pytest.fixture
def visit(open_window, shared, tmp_path, monkeypatch, qtbot, qtlog) -> Iterator[Callable[[int], Monkey]]:
    """Lets a monkey in, and nobody else: it would play with their windows, too.

    Files that dialogs would ask for are in the test's own folder.
    """
    shared.end()
    folder = tmp_path / "files"
    folder.mkdir()
    scene = Scene("booth", steps=40, runs=[Run("gd", lr=0.02)])
    scene_files.write(scene, folder / "good.optiviz")
    (folder / "bad.optiviz").write_text('{"format": "optiviz.scene", "version": 1, "steps": NaN}')
    (folder / "empty.optiviz").touch()
    (folder / "own.md").write_text(LESSON, encoding="utf-8")
    (folder / "bad.md").write_text("# Only a title")
    names = "good.optiviz bad.optiviz empty.optiviz a.png own.md bad.md new.optiviz new.md none/a.md".split()
    monkeypatch.chdir(tmp_path)
    monkeys: list[Monkey] = []
    with qtbot.capture_exceptions() as exceptions:

        def problems() -> str:
            raised = ["".join(traceback.format_exception(*one)) for one in exceptions]
            records = (record for record in qtlog.records if not record.ignored)
            warned = [record.message for record in records if record.type != QtMsgType.QtDebugMsg]
            return "\n".join(raised + warned)

        def visit(seed: int) -> Monkey:
            monkey = Monkey(open_window(SCENE), folder, seed, problems)
            monkeys.append(monkey)

            def answer(*_: object, **__: object) -> tuple[str, Any]:
                return str(folder / monkey.lots.choice(names)) if monkey.lots.random() < 0.8 else "", ""

            def words(*_: object, **__: object) -> tuple[str, bool]:
                return monkey.lots.choice(("T & t", "", "a\nb")), monkey.lots.random() < 0.8

            for name in ("getOpenFileName", "getSaveFileName"):
                monkeypatch.setattr(QFileDialog, name, answer)
            for name in ("getText", "getMultiLineText"):
                monkeypatch.setattr(QInputDialog, name, words)
            return monkey

        yield visit
        for monkey in monkeys:
            monkey.leave()
        assert not problems()


def quicken(user) -> None:
    """Makes the scene one that is computed in a moment, as a user would."""
    if len(user.scene.runs) * user.scene.steps > QUICK:
        user.enter("steps", "50")
        assert user.scene.steps == 50, user.error("steps")


def check(user, folder: Path) -> None:
    """Nothing is dead: what is shown is true, what is saved reads back, controls work, undo goes back to the start."""
    window = user.window
    window.showNormal()
    window.resize(1280, 720)
    window.activateWindow()
    user.until(window.isActiveWindow)
    QApplication.processEvents()
    user.rest()
    quicken(user)
    user.settle()
    scene, path = window.workspace.as_shown(), folder / "saved.optiviz"
    scene_files.write(scene, path)
    assert scene_files.read(path) == scene
    user.enter("seed", "12345" if user.scene.seed != 12345 else "54321")
    assert user.scene.seed in (12345, 54321)
    user.settle()
    user.choose(window.transport.speed, "1/frame")
    window.workspace.seek(0)
    window.workspace.player.pause()
    QTest.mouseClick(window.transport.buttons["play"], LEFT)
    assert window.workspace.player.playing
    user.until(lambda: window.workspace.player.cursor > 0)
    window.workspace.player.pause()
    last, steps = user.scene, 0
    while window.actions_by_name["undo"].isEnabled():
        window.actions_by_name["undo"].trigger()
        steps += 1
    assert 0 < steps <= DEPTH
    for _ in range(steps):
        window.actions_by_name["redo"].trigger()
    assert user.scene == last
    assert not window.actions_by_name["redo"].isEnabled()
    for _ in range(steps):
        window.actions_by_name["undo"].trigger()
    quicken(user)
    user.settle()


@pytest.mark.parametrize("seed", chosen_seeds())
def test_nothing_breaks(visit, seed):
    monkey = visit(seed)
    monkey.play(chosen_numbers())
    check(monkey.user, monkey.folder)
