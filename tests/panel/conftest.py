"""The panel alone, in a window of its own, and somebody who uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QMainWindow
from windows import User
from workspaces import settle, small_scene

from optiviz import Scene
from optiviz.panel.panel import Panel
from optiviz.session.workspace import Workspace
from optiviz.widgets import style_sheet
from optiviz.widgets.theme import LIGHT


class Stand(QMainWindow):
    """A window with the panel and nothing else: what is tried out there often need not draw plots."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self.workspace = Workspace(scene)
        self.panel = Panel(self.workspace)
        self.setCentralWidget(self.panel)
        self.workspace.watch(self.panel)
        self.resize(340, 720)
        self.show()


class Tuner(User):
    """Somebody in front of the panel alone."""

    window: Any

    def settle(self) -> Sequence[Any]:
        return settle(self.window.workspace)


@pytest.fixture
def tune(qapp: QApplication) -> Iterator[Callable[..., Tuner]]:
    """Opens panels, and closes them after the test."""
    opened: list[Stand] = []

    def tune(scene: Scene | None = None) -> Tuner:
        if not qapp.property(style_sheet.STYLED):
            style_sheet.apply(qapp, LIGHT)
        stand = Stand(scene or small_scene())
        opened.append(stand)
        stand.activateWindow()
        tuner = Tuner(stand)
        tuner.until(stand.isActiveWindow)
        tuner.settle()
        return tuner

    yield tune
    for stand in opened:
        stand.workspace.close()
        stand.close()
        stand.deleteLater()


@pytest.fixture
def tuner(tune: Callable[..., Tuner]) -> Tuner:
    """Somebody in front of the panel of the small scene."""
    return tune()
