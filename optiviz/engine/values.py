"""The values of parameters by name, as plain data."""

from __future__ import annotations

import reprlib
from collections.abc import Iterator, Mapping
from typing import Any


class Values(Mapping[str, Any]):
    """The values of parameters by name, in order: frozen, a key by content, and good for another process.

    It is made as a dict is, equal to any mapping with the same items, and `|` makes a dict of it. Its hash is that of
    its items: TypeError if a value has none.
    """

    __slots__ = ("_values",)

    def __init__(self, *items: Any, **values: Any) -> None:
        self._values: dict[str, Any] = dict(*items, **values)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return self._values == (other._values if isinstance(other, Values) else other)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))  # the order does not matter to ==

    def __or__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**self, **other}

    def __ror__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**other, **self}

    def __repr__(self) -> str:
        return f"Values({', '.join(f'{name}={reprlib.repr(value)}' for name, value in self.items())})"
