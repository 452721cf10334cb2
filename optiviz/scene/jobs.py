"""A long piece of work on a thread of its own, with progress and cancelling."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Cancelled(Exception):
    """The work is not wanted any more."""


class Job(Generic[Answer]):
    """Runs `work(report)`; `report(share)` says how far it is. To be polled: `done`, then `result`."""

    def __init__(self, work: Callable[[Callable[[float], None]], Answer]) -> None:
        self.progress = 0.0
        self._work = work
        self._answers: list[Answer] = []
        self._error: BaseException | None = None
        self._cancelled = False
        self._thread = threading.Thread(target=self._run, name="job", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def result(self) -> Answer:
        """What the work gave. Raises what it raised; Cancelled after `cancel`."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._answers[0]

    def cancel(self) -> None:
        """Ends the work at its next report, and waits for that."""
        self._cancelled = True
        self._thread.join()

    def _report(self, share: float) -> None:
        if self._cancelled:
            raise Cancelled
        self.progress = share

    def _run(self) -> None:
        try:
            self._answers.append(self._work(self._report))
        except BaseException as error:  # for the thread that asks, which alone can tell the user
            self._error = error
