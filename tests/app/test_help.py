"""Help, keys and about."""

from __future__ import annotations

import platform

import numpy as np
import pyqtgraph
import PySide6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QTextBrowser

import optiviz
from optiviz.app.help_window import HelpWindow
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.surfaces import SURFACES
from optiviz.widgets.theme import DARK, LIGHT


def test_help_has_every_definition(user):
    user.press(Qt.Key.Key_F1)
    dialog = user.dialog(HelpWindow)
    text = dialog.findChild(QTextBrowser).toPlainText()
    entries = [dialog.index.item(row).text().strip() for row in range(dialog.index.count())]
    for catalog in (OPTIMIZERS, SCHEDULES, SURFACES):
        for definition in catalog.values():
            assert definition.name in entries
            assert definition.key in text
            assert definition.source in text
            for param in definition.params:
                assert param.name in text
                assert param.help in text
    assert "<" not in text.replace("<", "", text.count(" < "))  # no tags shown as text


def test_the_index_of_the_help_scrolls_to_its_entries(user):
    user.action("help").trigger()
    dialog = user.dialog(HelpWindow)
    bar = dialog.findChild(QTextBrowser).verticalScrollBar()
    places = []
    for name in ("Gradient descent", "Cosine decay", "Easom"):
        item = dialog.index.findItems(name, Qt.MatchFlag.MatchContains)[0]
        dialog.index.setCurrentItem(item)
        places.append(bar.value())
    assert places[0] < places[1] < places[2]


def test_the_help_has_the_file_format(user):
    user.action("help").trigger()
    dialog = user.dialog(HelpWindow)
    text = dialog.findChild(QTextBrowser)
    assert "A scene file (.optiviz) is a text in JSON" in text.toPlainText()
    (item,) = dialog.index.findItems("The file format", Qt.MatchFlag.MatchContains)
    dialog.index.setCurrentItem(item)
    place = text.verticalScrollBar().value()
    assert place > 0
    (item,) = dialog.index.findItems("Easom", Qt.MatchFlag.MatchContains)
    dialog.index.setCurrentItem(item)
    assert text.verticalScrollBar().value() < place


def test_the_help_opens_at_the_selected_run(user):
    user.choose("optimizer", "lion")
    user.action("help").trigger()
    bar = user.dialog(HelpWindow).findChild(QTextBrowser).verticalScrollBar()
    assert bar.value() > 0


def colors(text):
    """The colours of the words in a text that have one of their own."""
    block, found = text.document().begin(), set()
    while block.isValid():
        formats = [place.fragment().charFormat() for place in block]
        found |= {
            form.foreground().color().name() for form in formats if form.foreground().style() != Qt.BrushStyle.NoBrush
        }
        block = block.next()
    return found


def test_the_open_help_goes_over_to_another_theme_where_it_was_read(user):
    user.action("help").trigger()
    dialog = user.dialog(HelpWindow)
    text = dialog.findChild(QTextBrowser)
    (item,) = dialog.index.findItems("Easom", Qt.MatchFlag.MatchContains)
    dialog.index.setCurrentItem(item)
    place = text.verticalScrollBar().value()
    assert colors(text) == {LIGHT.quiet}
    light = user.picture(text).mean()
    user.shortcut("Ctrl+T")
    assert colors(text) == {DARK.quiet}
    assert text.verticalScrollBar().value() == place > 0
    assert user.picture(text).mean() < 90 < 180 < light
    user.shortcut("Ctrl+T")
    assert colors(text) == {LIGHT.quiet}
    dialog.close()
    assert dialog not in user.window.workspace.watchers


def test_about_tells_the_versions(user):
    user.action("about").trigger()
    text = user.message()
    for version in (
        optiviz.__version__,
        platform.python_version(),
        PySide6.__version__,
        pyqtgraph.__version__,
        np.__version__,
    ):
        assert version in text


def test_the_keys_are_listed(user):
    user.action("keys").trigger()
    text = user.message()
    for key in (
        *("Space", "Left", "Right", "Home", "End", "Up", "Down", "F11", "F1", "F2", "1", "9"),
        *("Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+O", "Ctrl+S", "Ctrl+E", "Ctrl+Shift+E"),
    ):
        assert f"<b>{key}</b>" in text or f"<b>{key} or " in text or f" or {key}</b>" in text, key


def test_no_two_commands_share_a_key(window):
    taken = {}
    for name, action in window.actions_by_name.items():
        for key in action.shortcuts():
            assert key.toString() not in taken, (name, taken.get(key.toString()))
            taken[key.toString()] = name


def test_every_command_is_in_a_menu(window):
    def entries(menu):
        for action in menu.actions():
            yield action
            if action.menu() is not None:
                yield from entries(action.menu())

    shown = {action for top in window.menuBar().actions() for action in entries(top.menu())}
    assert all(isinstance(action.menu(), QMenu) for action in window.menuBar().actions())
    hidden = {name for name, action in window.actions_by_name.items() if action not in shown}
    assert hidden <= {"escape"}
