"""Catalogs: key -> definition, with a suggestion for a near miss."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeVar


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


Definition = TypeVar("Definition", bound=Keyed)


def near_miss(word: object, known: Iterable[str]) -> str:
    """ "did you mean 'adam'?", or nothing if no known word is near."""
    if not isinstance(word, str):
        return ""
    near = difflib.get_close_matches(word[:100].lower(), list(known), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""


class Catalog(Mapping[str, Definition]):
    """The definitions of one sort, in the order in which they were added."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._definitions: dict[str, Definition] = {}

    def add(self, definition: Definition) -> None:
        if definition.key in self._definitions:
            raise ValueError(f"{self.noun} '{definition.key}' is declared twice")
        self._definitions[definition.key] = definition

    def find(self, key: object) -> Definition:
        """The definition called `key`. Raises ValueError that names the key and suggests the near miss."""
        if isinstance(key, str) and key in self._definitions:
            return self._definitions[key]
        text = repr(key[:60]) if isinstance(key, str) else f"of type {type(key).__name__}"
        hint = near_miss(key, self) or f"known are {', '.join(self)}"
        raise ValueError(f"{self.noun} {text} is not known; {hint}")

    def __getitem__(self, key: str) -> Definition:
        return self._definitions[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._definitions)

    def __len__(self) -> int:
        return len(self._definitions)
