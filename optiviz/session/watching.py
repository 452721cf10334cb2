"""How changes are told: an event changes the state; every watcher is shown the old one and the new one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from .state import State, Watcher


class Watched(ABC):
    """Something whose state is watched: `_now` says what it is, and watchers are told of changes in their order."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.watchers: list[Watcher] = []

    _depth = 0  # of changes that are made together
    _telling = False

    def watch(self, watcher: Watcher) -> None:
        """Tells the watcher of the state, and of every change from now on."""
        self.watchers.append(watcher)
        watcher.show_state(None, self.state)

    def unwatch(self, watcher: Watcher) -> None:
        if watcher in self.watchers:
            self.watchers.remove(watcher)

    @contextmanager
    def one_change(self) -> Iterator[None]:
        """What happens inside is told as one change, at its end."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            self.tell()

    def tell(self) -> None:
        """Tells the watchers, if anything differs from what they were told last. One that fails keeps none from it."""
        if self._depth or self._telling:
            return  # whoever is at it will see it
        self._telling = True
        failed: Exception | None = None
        try:
            while (new := self._now(self.state)) is not self.state:
                old, self.state = self.state, new
                for watcher in list(self.watchers):
                    try:
                        watcher.show_state(old, new)
                    except Exception as error:  # the others would never hear of what differs now
                        failed = failed or error
        finally:
            self._telling = False
        if failed is not None:
            raise failed

    @abstractmethod
    def _now(self, before: State | None) -> State:
        """The state at this moment; the one before if nothing differs."""
