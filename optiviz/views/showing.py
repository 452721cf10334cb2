"""What shows something: a mixin for widgets that are told of changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..engine.catalog import Catalog
from ..session.state import State, differ
from ..session.workspace import Workspace
from ..widgets.theme import PICTURE_THEMES, Theme


class Showing:
    """Shows a part of the state, and owns none of it but what is being typed, dragged or hovered."""

    def show_state(self, old: State | None, new: State) -> None:
        """Shows the new state; draws only what differs from the old one, which is shown. None: all is new."""

    def bind(self, workspace: Workspace) -> None:
        """Connects what a user does here with the workspace. Pictures do not."""


@dataclass(frozen=True)
class Card:
    """A view of the dashboard, on a card of its own in the right column: what makes it, and when it is shown."""

    key: str
    make: Callable[[], Showing]
    shown: Callable[[State], bool] = lambda state: not state.scene.view.arithmetic


CARDS: Catalog[Card] = Catalog("card")  # from the top down


def theme_of(state: State) -> Theme:
    """The theme that the state wants."""
    return PICTURE_THEMES[state.appearance.theme]


def theme_changed(old: State | None, new: State) -> bool:
    """Whether the theme, or the scale of all type, has changed."""
    return differ(old, new, lambda state: (state.appearance.theme, state.appearance.scale))
