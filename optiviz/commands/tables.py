"""The tables of commands that every window has, whatever is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from . import comparing, editing, palette, playing, viewing
from .command import Command

TABLES: list[Callable[[], Iterable[Command]]] = [
    editing.commands,
    playing.commands,
    viewing.commands,
    comparing.commands,
    palette.commands,
]
