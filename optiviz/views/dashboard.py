"""The contour view beside the cards: what the window shows in its middle and a picture shows whole."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ..session.state import State
from ..session.workspace import Workspace
from .arithmetic_view import ArithmeticView
from .contours.contour_view import ContourView
from .curves.curve_view import CurveView
from .curves.loss_view import LossView
from .curves.rate_view import RateView
from .curves.third_view import ThirdView
from .showing import CARDS, Card, Showing

Kind = TypeVar("Kind")

GAP = 8
CURVES_SHARE = 37  # hundredths of the width

CARDS.add(Card("arithmetic", ArithmeticView, lambda state: bool(state.scene.view.arithmetic)))
CARDS.add(Card("rate", RateView))
CARDS.add(Card("loss", LossView))
CARDS.add(Card("third", ThirdView))


def card(widget: QWidget) -> QFrame:
    """The widget on a card of its own."""
    frame = QFrame()
    frame.setObjectName("card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(1, 1, 1, 1)
    layout.addWidget(widget)
    return frame


class Dashboard(QWidget, Showing):
    """All views of a result, at one cursor: the contour view, and beside it the cards of CARDS.

    Further widgets may be put into `top`, over the contour view on its card, and into `column`, under that card.
    """

    pointed = Signal(str)  # what the mouse is on, in words

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dashboard view")
        self.contours = ContourView()
        self.contours.plot.hovered.connect(self.pointed)
        self.column = QVBoxLayout()
        self.column.setSpacing(GAP)
        self.top = QVBoxLayout()
        self.top.setSpacing(0)
        self.top.addWidget(self.contours, 1)
        contour_card = QWidget()
        contour_card.setLayout(self.top)
        self.top.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(card(contour_card), 1)
        right = QVBoxLayout()
        right.setSpacing(GAP)
        self.cards: dict[str, Showing] = {}
        self.frames: dict[str, QFrame] = {}
        for key, declared in CARDS.items():
            view = self.cards[key] = declared.make()
            assert isinstance(view, QWidget)
            self.frames[key] = card(view)
            self.frames[key].setVisible(False)
            right.addWidget(self.frames[key], 1)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._row.addLayout(self.column)
        self._row.addLayout(right)
        self.share_width(CURVES_SHARE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def share_width(self, cards: int) -> None:
        """Gives the cards so many hundredths of the width."""
        self._row.setStretch(0, 100 - cards)
        self._row.setStretch(1, cards)

    @property
    def arithmetic(self) -> ArithmeticView:
        return self._card(ArithmeticView)

    @property
    def rate(self) -> RateView:
        return self._card(RateView)

    @property
    def loss(self) -> LossView:
        return self._card(LossView)

    @property
    def third(self) -> ThirdView:
        return self._card(ThirdView)

    @property
    def curve_views(self) -> tuple[CurveView, ...]:
        return tuple(view for view in self.cards.values() if isinstance(view, CurveView))

    def _card(self, kind: type[Kind]) -> Kind:
        return next(view for view in self.cards.values() if isinstance(view, kind))

    def bind(self, workspace: Workspace) -> None:
        for view in (self.contours, *self.cards.values()):
            view.bind(workspace)

    def show_state(self, old: State | None, new: State) -> None:
        self.contours.show_state(old, new)
        for key, view in self.cards.items():
            shown = CARDS[key].shown(new)
            appears = old is None or CARDS[key].shown(old) != shown
            if appears:
                self.frames[key].setVisible(shown)
            if shown:  # what is hidden is told when it is shown again
                view.show_state(None if appears else old, new)

    def hide_controls(self) -> None:
        """Leaves away what only makes sense on a screen."""
        for view in self.curve_views:
            view.hide_controls()
