"""The window itself: it only puts together, and is still a window like any other."""

from __future__ import annotations

from PySide6.QtCore import QPoint, SignalInstance
from PySide6.QtWidgets import QMainWindow

from optiviz.app.window import Window

OVERRIDDEN = {"closeEvent", "resizeEvent"}  # which Qt calls


def test_it_can_be_moved(user):
    window = user.window
    for place in (QPoint(10, 20), QPoint(30, 40)):
        window.move(place)
        assert window.pos() == place
    window.move(10, 20)
    assert (window.x(), window.y()) == (10, 20)


def test_nothing_of_its_own_hides_what_a_window_can_do(window):
    theirs = {name for name in dir(QMainWindow) if not name.startswith("__")} - {"staticMetaObject"}
    assert {"move", "resize", "actions", "close"} <= theirs
    assert vars(Window).keys() & theirs == OVERRIDDEN
    own = {name for name, value in vars(window).items() if not isinstance(value, SignalInstance)}
    assert own & theirs == set()


def test_everything_that_can_be_done_is_an_action_of_it(window):
    assert {action.objectName() for action in window.actions()} == set(window.actions_by_name)
    assert all(action.text() and action.toolTip() for action in window.actions())


def test_watchers_are_told_of_the_look_before_what_is_dressed_in_it_and_of_the_layout_at_the_end(window):
    watchers = window.workspace.watchers
    parts = [window, window.panel, window.card, window.dashboard, window.transport, window.tools, window.status_line]
    ends = [window.menus, window.arrangement, window.presenter, window.closing, window.clock]
    assert watchers == [*parts, *ends]
