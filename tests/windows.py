"""Windows for the tests, and a user who clicks, drags and types in them."""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QImage, QKeyEvent, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QMenu,
    QMessageBox,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QWidget,
)
from workspaces import LIMIT, same_paths, small_scene, wait

from optiviz import Run, Scene, simulate
from optiviz.app.start import open_window as open_as_program
from optiviz.app.window import Window
from optiviz.desk.settings import Settings
from optiviz.files.origin import Origin
from optiviz.files.scene_files import Opened
from optiviz.session.document import Document

LEFT = Qt.MouseButton.LeftButton
W = TypeVar("W", bound=QWidget)

gc.collect()
gc.freeze()  # what the imports made stays: collections look at the tests' own objects, and take milliseconds
MANY = 3_000  # objects that have outlived a test are of imports that were late, or of pytest: they stay, too


def until(condition: Callable[[], object], limit: float = LIMIT) -> None:
    """Lets the program run until the condition holds, and not a moment longer."""
    wait(condition, limit, QApplication.processEvents)


class User:
    """What somebody in front of the window does and sees."""

    until = staticmethod(until)

    def __init__(self, window: Window) -> None:
        self.window = window

    @property
    def document(self) -> Document:
        return self.window.workspace.document

    @property
    def scene(self) -> Scene:
        return self.document.scene

    @property
    def runs(self) -> QListWidget:
        """The list of runs."""
        return self.window.findChild(QListWidget, "runs")

    @property
    def run(self) -> Run:
        """The selected run."""
        return self.scene.runs[self.runs.currentRow()]

    @property
    def cursor(self) -> int:
        return self.window.workspace.player.cursor

    # Looking

    def find(self, kind: type[W], name: str, within: QWidget | None = None) -> W:
        """The one widget of that kind and name that is not hidden."""
        root = within or self.window
        QApplication.processEvents()  # a form that has just changed shows its fields now
        found = [widget for widget in root.findChildren(kind, name) if widget.isVisibleTo(root)]
        assert len(found) == 1, f"{len(found)} {kind.__name__}s are called {name!r}"
        return found[0]

    def field(self, name: str) -> QLineEdit:
        return self.find(QLineEdit, name)

    def text(self, name: str) -> str:
        return self.field(name).text()

    def slider(self, name: str) -> QSlider:
        return self.find(QSlider, f"{name} slider")

    def error(self, name: str) -> str:
        """What stands beside the field of that name; nothing if its value is good."""
        holder = self.find(QWidget, f"field {name}")
        labels = [label for label in holder.findChildren(QLabel, "error") if label.isVisibleTo(self.window)]
        return " ".join(label.text() for label in labels)

    def value(self, name: str) -> Any:
        """The parameter's value in the scene, wherever it belongs."""
        scene = self.scene
        if name in ("start x", "start y"):
            return scene.start[name == "start y"]
        if name in ("steps", "steps_per_epoch", "noise", "seed"):
            return getattr(scene, name)
        if name == "lr":
            return self.run.lr
        for values in (self.run.params, self.run.schedule_params, scene.surface_params):
            if name in values:
                return values[name]
        raise KeyError(name)

    @property
    def status(self) -> str:
        return self.window.status_line.left.text()

    @property
    def pointer(self) -> str:
        return self.window.status_line.right.text()

    def dialog(self, kind: type[W] = QDialog) -> W:  # type: ignore[assignment]
        """The one dialog that is open."""
        until(lambda: [d for d in self.window.findChildren(kind) if d.isVisible()])
        found = [dialog for dialog in self.window.findChildren(kind) if dialog.isVisible()]
        assert len(found) == 1
        return found[0]

    @property
    def title(self) -> str:
        """What stands in the window's title bar."""
        return self.window.windowHandle().title()

    def answer(self, words: str) -> None:
        """Clicks that button of the message box that is open."""
        box = self.dialog(QMessageBox)
        button = next(b for b in box.buttons() if b.text().replace("&", "") == words)
        QTest.mouseClick(button, LEFT)
        QApplication.processEvents()

    @property
    def asked(self) -> str:
        """The question of the message box that is open; nothing if there is none."""
        QApplication.processEvents()
        return " ".join(box.text() for box in self.window.findChildren(QMessageBox) if box.isVisible())

    def message(self) -> str:
        """Reads the message box that is open, and closes it."""
        box = self.dialog(QMessageBox)
        text = f"{box.text()} {box.informativeText()}"
        self.press(Qt.Key.Key_Escape, box)
        until(lambda: not self.window.findChildren(QMessageBox) or not box.isVisible())
        return text

    def open(self, scene: Scene) -> Sequence[Any]:
        """Goes over to another scene, as opening a file does."""
        self.window.workspace.open(scene, Origin(), "test")
        return self.settle()

    def settle(self) -> Sequence[Any]:
        """Waits until the window shows what the scene's runs do, and proves it: the trajectories shown."""
        window = self.window

        def shown() -> bool:
            result = window.workspace.result
            current = result is not None and result.for_scene(self.scene) is result
            return current and not window.workspace.runner.busy

        until(shown)
        assert window.workspace.result is not None
        assert same_paths(window.workspace.result.trajectories, simulate(self.scene))
        assert window.dashboard.contours.plot.marks.result is window.workspace.result
        return window.workspace.result.trajectories

    def action(self, name: str) -> QAction:
        return self.window.actions_by_name[name]

    def picture(self, widget: QWidget | None = None) -> Any:
        """The widget's pixels as an array (height, width, 3)."""
        QApplication.processEvents()
        image = (widget or self.window).grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4)[:, :, 2::-1].copy()

    # Keys

    def press(self, key: Any, widget: QWidget | None = None, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
        """A key as it comes from the system: to the window, which passes it to whatever has the focus."""
        top = (widget or self.window).window()
        top.activateWindow()
        QTest.keyClick(top.windowHandle(), key, modifiers)
        QApplication.processEvents()

    def shortcut(self, keys: str) -> None:
        """A key sequence such as Ctrl+Shift+Z."""
        combination = QKeySequence(keys)[0]
        self.press(combination.key(), None, combination.keyboardModifiers())

    def write(self, text: str, widget: QWidget | None = None) -> None:
        """Types the text, character by character, wherever the focus is."""
        top = (widget or self.window).window()
        for char in text:
            if char.isascii() and char == char.lower():
                code = QKeySequence(char)[0].key() if char != " " else Qt.Key.Key_Space
                QTest.keyClick(top.windowHandle(), code)
            else:  # what QTest has no key for
                focus, none = QApplication.focusWidget(), Qt.KeyboardModifier.NoModifier
                QApplication.sendEvent(focus, QKeyEvent(QEvent.Type.KeyPress, 0, none, char))

    def rest(self) -> None:
        """Takes the focus away from all fields: keys go to the window."""
        focus = self.window.focusWidget()
        if focus is not None:
            focus.clearFocus()
        self.window.activateWindow()
        QApplication.processEvents()

    # Fields

    def fill(self, edit: QLineEdit, text: str) -> None:
        """Clicks into a field and types over what it holds, without leaving it."""
        edit.window().activateWindow()
        QTest.mouseClick(edit, LEFT)
        until(edit.hasFocus)
        QApplication.processEvents()
        edit.selectAll()
        if text:
            self.write(text, edit)
        else:
            self.press(Qt.Key.Key_Delete, edit)

    def enter(self, name: str, text: str) -> None:
        """Types a value into the field of that name, and Enter."""
        edit = self.field(name)
        self.fill(edit, text)
        self.press(Qt.Key.Key_Return, edit)

    def choose(self, box: str | QComboBox, data: str) -> None:
        """Opens a box of choices and takes one with Enter."""
        if isinstance(box, str):
            box = self.find(QComboBox, box)
        row = box.findData(data)
        assert row >= 0
        box.showPopup()
        view = box.view()
        view.setCurrentIndex(box.model().index(row, 0))
        QTest.keyClick(view, Qt.Key.Key_Return)
        until(lambda: not view.isVisible())

    # The mouse

    def mouse(self, widget: QWidget, kind: QEvent.Type, at: QPointF, held: Any = Qt.MouseButton.NoButton) -> None:
        button = LEFT if kind != QEvent.Type.MouseMove else Qt.MouseButton.NoButton
        event = QMouseEvent(kind, at, QPointF(widget.mapToGlobal(at)), button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(widget, event)
        QApplication.processEvents()

    def hover(self, widget: QWidget, at: QPointF) -> None:
        self.mouse(widget, QEvent.Type.MouseMove, at)

    def wheel(self, widget: QWidget, at: QPointF, amount: int) -> None:
        """Turns the wheel; a notch is 120."""
        none, begun = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        place, turn = QPointF(widget.mapToGlobal(at)), QPoint(0, amount)
        event = QWheelEvent(at, place, QPoint(), turn, none, Qt.KeyboardModifier.NoModifier, begun, False)
        QApplication.sendEvent(widget, event)
        QApplication.processEvents()

    def drag(
        self, widget: QWidget, places: Sequence[QPointF], each: Callable[[], object] = lambda: None, hold: bool = False
    ) -> None:
        """Presses at the first place and moves through the others, calling `each` after every move; then lets go."""
        self.mouse(widget, QEvent.Type.MouseButtonPress, places[0], LEFT)
        for place in places[1:]:
            self.mouse(widget, QEvent.Type.MouseMove, place, LEFT)
            each()
        if not hold:
            self.mouse(widget, QEvent.Type.MouseButtonRelease, places[-1])

    def handle(self, slider: QSlider) -> QPointF:
        """The middle of a slider's handle."""
        option = QStyleOptionSlider()
        slider.initStyleOption(option)
        style, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
        return QPointF(slider.style().subControlRect(style, option, part, slider).center())

    def slide(self, slider: str | QSlider, *shares: float, each: Callable[[], object] = lambda: None) -> None:
        """Drags a slider's handle to some shares of its width, one after the other."""
        if isinstance(slider, str):
            slider = self.slider(slider)
        start = self.handle(slider)
        margin = 8
        way = [QPointF(margin + share * (slider.width() - 2 * margin), start.y()) for share in shares]
        self.drag(slider, [start, *way], each)

    def place(self, x: float, y: float) -> QPointF:
        """Where a point of the plane is in the contour plot's viewport."""
        plot = self.window.dashboard.contours.plot
        return QPointF(plot.mapFromScene(plot.box.mapViewToScene(QPointF(x, y))))

    @property
    def contours(self) -> QWidget:
        """What takes the mouse in the contour view."""
        return self.window.dashboard.contours.plot.viewport()

    def moment(self, view: Any, step: float) -> QPointF:
        """Where a step is in a curve's viewport, half way up."""
        x = view.plot.mapFromScene(view.plot.box.mapViewToScene(QPointF(step, 0))).x()
        return QPointF(x, view.plot.viewport().height() / 2)

    def row(self, number: int) -> QPoint:
        """The middle of a run in the list of runs, counted from 0."""
        runs = self.window.panel.runs_card.runs
        return runs.visualItemRect(runs.item(number)).center()

    def click_run(self, number: int, where: str = "name") -> None:
        """Clicks a run's name, dot or eye."""
        runs = self.window.panel.runs_card.runs
        rect = runs.visualItemRect(runs.item(number))
        x = {"dot": rect.left() + 18, "name": rect.center().x(), "eye": rect.right() - 16}[where]
        QTest.mouseClick(runs.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, QPoint(x, rect.center().y()))
        QApplication.processEvents()

    def add(self, name: str) -> None:
        """Adds a run of the optimizer of that name, by the button over the list."""
        button = next(b for b in self.window.findChildren(QToolButton) if b.text() == "+ Add")
        button.menu().popup(button.mapToGlobal(QPoint(0, button.height())))
        self.take(button.menu(), name)

    def button(self, name: str) -> QToolButton:
        """The button of that name, for those who cannot see it."""
        return next(b for b in self.window.findChildren(QToolButton) if b.accessibleName() == name)

    def rename(self, number: int, label: str) -> None:
        """Types another name for a run over the old one."""
        self.click_run(number)
        self.rest()
        self.press(Qt.Key.Key_F2)
        editor = self.runs.findChild(QLineEdit)
        editor.selectAll()
        self.write(label, editor)
        self.press(Qt.Key.Key_Return, editor)

    def recolor(self, number: int, color: str) -> None:
        """Takes a colour of the palette for a run."""
        self.click_run(number, "dot")
        self.take(self.menu(), color)

    def move_down(self, number: int) -> None:
        """Moves a run down by its menu."""
        self.click_run(number)
        at = self.row(number)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, self.runs.viewport().mapToGlobal(at))
        QApplication.sendEvent(self.runs.viewport(), event)
        self.take(self.menu(), "Move down")

    def menu(self) -> QMenu:
        """The menu that has popped up."""
        until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu

    def take(self, menu: QMenu, words: str) -> None:
        """Clicks an entry of a menu that is open."""
        action = next(action for action in menu.actions() if action.text().replace("&", "") == words)
        QTest.mouseClick(menu, LEFT, Qt.KeyboardModifier.NoModifier, menu.actionGeometry(action).center())
        QApplication.processEvents()


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings and documents of the test's own: nothing of the user's is read or written."""
    home = tmp_path / "home"
    for folder in (home, home / "config", home / "Documents"):
        folder.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home / "config"))
    return home


@pytest.fixture
def nothing_left(qapp: QApplication, own_folders: Path, shared: Shared) -> Iterator[None]:
    """A test that leaves a window or a timer behind fails itself, and not the next one."""
    yield
    flush()
    # pyqtgraph's plots have hidden menus and forms that belong to nobody, and go with the last reference.
    kinds = (QMainWindow, QDialog)
    widgets = [w for w in qapp.topLevelWidgets() if (w.isVisible() or isinstance(w, kinds)) and not shared.owns(w)]
    for widget in widgets:
        widget.deleteLater()
    assert not widgets, f"the test left windows behind: {widgets}"
    alive = gc.get_objects()
    timers = [o for o in alive if isinstance(o, QTimer) and shiboken6.isValid(o) and o.isActive()]
    timers = [timer for timer in timers if not shared.owns(timer)]
    for timer in timers:
        timer.stop()
    assert not timers, f"the test left timers running: {timers}"
    if len(alive) > MANY:
        gc.freeze()


def flush() -> None:
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture
def open_window(qapp: QApplication, own_folders: Path) -> Iterator[Callable[..., User]]:
    """Opens windows as the program does, waits for their first result, and closes them after the test."""
    opened: list[Window] = []

    def open_window(what: Scene | Opened | None = None, path: Path | None = None, wait: bool = True) -> User:
        window = open_as_program(Settings(), Opened(what) if isinstance(what, Scene) else what, path)
        opened.append(window)
        window.activateWindow()
        if wait:
            until(lambda: window.workspace.result is not None and window.isActiveWindow())
            QApplication.processEvents()
        return User(window)

    yield open_window
    for window in opened:
        close(window)


def close(window: Window) -> None:
    """Closes a window without a question, and proves that nothing of it goes on."""
    if not shiboken6.isValid(window):
        return
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    for dialog in window.findChildren(QDialog):
        with contextlib.suppress(RuntimeError):
            dialog.close()
    if window.isVisible():
        window.close_quietly()
    going = [timer for timer in window.findChildren(QTimer) if timer.isActive() and not timer.isSingleShot()]
    window.deleteLater()
    assert not window.workspace.runner.alive
    assert not going, "a timer goes on after the window has been closed"


class Shared:
    """One window for all tests that do not care about its beginning and its end: making one takes 0.2 s."""

    def __init__(self) -> None:
        self.window: Window | None = None

    def owns(self, thing: Any) -> bool:
        while thing is not None and thing is not self.window:
            thing = thing.parent()
        return thing is not None

    def reset(self) -> Window:
        """The window with the small scene, wherever it is; made when it is wanted first."""
        if self.window is None:
            before = set(threading.enumerate())
            self.window = open_as_program(Settings(), Opened(small_scene()))
            for thread in set(threading.enumerate()) - before:
                thread.shared = True  # type: ignore[attr-defined]  # for tests/conftest.py
            gc.collect()
            gc.freeze()
        window = self.window
        window.workspace.open(small_scene(), Origin(), "test")
        User(window).document.forget_history()
        window.workspace.set_line(0)
        window.status_line.forget_message()
        window.desk.settings = Settings()
        window.workspace.end_preview()
        for view in (window.dashboard.contours, *window.dashboard.curve_views):
            view.plot.leaveEvent(None)  # as if the mouse had never been there
        focus = window.focusWidget()
        if focus is not None:
            focus.clearFocus()
        return window

    def fresh(self) -> Window:
        """The window with the small scene, as if it had just been opened."""
        if self.window is not None and self.window.presenter.on:
            self.window.presenter.leave()
        window = self.reset()
        window.resize(1280, 720)  # offscreen there is less room: back from the full screen it was cut
        window.show()
        if not window.on_screen:  # another test's windows may have covered it: what nobody sees does not play
            window.hide()
            window.show()
        window.activateWindow()
        until(lambda: window.on_screen)
        User(window).settle()
        until(window.isActiveWindow)
        QApplication.processEvents()
        return window

    @contextlib.contextmanager
    def lent(self, prepared: Callable[[], Window], session: pytest.Session) -> Iterator[User]:
        """Somebody in front of the window, prepared for a test, and tidied up after it."""
        failed = session.testsfailed
        try:
            user = User(prepared())
        except BaseException:
            self.end()
            raise
        yield user
        self.tidy()
        if session.testsfailed > failed:
            self.end()  # who knows in what state

    def tidy(self) -> None:
        """Closes what a test has opened."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        if self.window is not None:
            self.window.workspace.player.pause()
            for dialog in self.window.findChildren(QDialog):
                if shiboken6.isValid(dialog):
                    dialog.close()

    def end(self) -> None:
        if self.window is not None:
            gc.unfreeze()
            window, self.window = self.window, None
            close(window)
            del window
            flush()
            gc.freeze()


@pytest.fixture(scope="session")
def shared(qapp: QApplication) -> Iterator[Shared]:
    shared = Shared()
    yield shared
    shared.end()


@pytest.fixture
def user(shared: Shared, own_folders: Path, request: pytest.FixtureRequest) -> Iterator[User]:
    """Somebody in front of a window with a small scene."""
    with shared.lent(shared.fresh, request.session) as user:
        yield user


@pytest.fixture
def window(user: User) -> Window:
    """The window in front of the user."""
    return user.window
