"""What no function expects, for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Rude:
    """An object that answers nothing and cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no")

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("no")

    def __len__(self) -> int:
        raise RuntimeError("no")

    def __float__(self) -> float:
        raise RuntimeError("no")

    def __index__(self) -> int:
        raise RuntimeError("no")

    __hash__ = None  # type: ignore[assignment]
