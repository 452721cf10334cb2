"""Catalogs: key -> definition, with a suggestion for a near miss."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from pickle import PicklingError
from typing import Any, ClassVar, Protocol, TypeVar


class Keyed(Protocol):
    """Whatever has a key, and so may stand in a catalog."""

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
    """The definitions of one sort, in the order in which they were added.

    A catalog lives as long as the program and may grow: so it is equal to itself alone, whatever it holds, and can be
    a key or the options of a `params.Choice`.
    """

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._definitions: dict[str, Definition] = {}

    def add(self, definition: Definition) -> None:
        """Adds a definition at the end. Raises ValueError if its key is taken."""
        if definition.key in self._definitions:
            raise ValueError(f"{self.noun} '{definition.key}' is declared twice")
        self._definitions[definition.key] = definition

    def remove(self, key: str) -> None:
        """Takes a definition away again, as a test must that has added one. Raises ValueError as `find` does."""
        del self._definitions[self.find(key).key]

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

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


class Declared:
    """A definition that is pickled as its key: in every process it is the one that the catalog has there.

    So is a copy: there is one alone. Raises PicklingError for one that the catalog does not have, and on the way back
    ValueError where the catalog does not know the key.
    """

    catalog: ClassVar[Catalog[Any]]
    key: str

    def __reduce__(self) -> tuple[Any, ...]:
        if self.catalog.get(self.key) is not self:
            raise PicklingError(f"{self.catalog.noun} '{self.key}' is not the one in the catalog")
        return look_up, (type(self), self.key)


def look_up(kind: type[Declared], key: str) -> Declared:
    """The definition of that kind called `key`. Raises ValueError as `Catalog.find` does."""
    found: Declared = kind.catalog.find(key)
    return found
