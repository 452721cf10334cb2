"""The panel on the left: the surface, the runs, and the form of the selected run.

It shows the state and calls the editor; it keeps nothing itself.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from ..session.state import State
from ..session.workspace import Workspace
from ..views.showing import Showing
from .cards import WIDTH
from .run_card import RunCard
from .runs_card import RunsCard
from .surface_card import SurfaceCard


class Panel(QScrollArea, Showing):
    """Everything of the scene that can be set."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.surface_card = SurfaceCard(workspace)
        self.runs_card = RunsCard(workspace)
        self.run_card = RunCard(workspace)
        self.cards = (self.surface_card, self.runs_card, self.run_card)
        content = QWidget()
        content.setObjectName("bare")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for card in self.cards:
            column.addWidget(card)
        column.addStretch(1)
        self.setWidget(content)

    def show_state(self, old: State | None, new: State) -> None:
        for card in self.cards:
            card.show_state(old, new)
