"""What a command is: one frozen declaration, from which menus, keys, buttons, the help and the palette follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QMenu

from ..desk.desk import Desk
from ..session.state import State
from ..session.workspace import Workspace


def always(state: State) -> bool:
    return True


def has_run(state: State) -> bool:
    """Whether a run is selected, and not one that is not understood."""
    return state.run is not None and state.unread is None


@dataclass(frozen=True)
class Command:
    """Something that can be done, from a menu, by keys, by a button or from the palette.

    `name` is for code, `text` for the menu (with & before the letter that chooses it), `keys` are key sequences parted
    by blanks, `tip` is what it does in a few words (without one, the text). `menu` is where it stands, as in
    "&View/&Overlays", `group` among which of the menu's parts. `run` does it. `checked` makes it a switch, and says
    whether it is on; switches of which exactly one is on are `one_of` several. `possible` says when it can be done.
    `wording` gives a text that changes, `keyed` says when the keys are its own. What is typed in a field counts
    before a command, unless it is one `of_fields` too, such as pasting.
    """

    name: str
    text: str
    run: Callable[[Workspace, Desk], object]
    keys: str = ""
    tip: str = ""
    menu: str = ""
    group: int = 0
    checked: Callable[[State], bool] | None = None
    one_of: bool = False
    possible: Callable[[State], bool] = always
    wording: Callable[[State], str] | None = None
    keyed: Callable[[State], bool] = always
    of_fields: bool = False

    @property
    def words(self) -> str:
        """What it does, for people."""
        return self.tip or self.text.rstrip("…").replace("&", "")


@dataclass(frozen=True)
class Listing:
    """A menu whose entries are listed when it is opened, by `fill`, perhaps beside those of commands."""

    menu: str
    fill: Callable[[QMenu, Workspace, Desk], object]
