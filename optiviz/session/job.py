"""A long piece of work on a thread of its own, with progress and cancelling."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")


class Cancelled(Exception):
    """The work is not wanted any more."""


class Job(Generic[Answer]):
    """Runs `work(report)`; `report(share)` says how far it is. To be polled: `done`, then `result`.

    `cancelled` says that it ends, or has ended, at its next report.
    """

    def __init__(self, work: Callable[[Callable[[float], None]], Answer]) -> None:
        self.progress = 0.0
        self._work = work
        self._answers: list[Answer] = []
        self._error: BaseException | None = None
        self.cancelled = False
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
        self.cancelled = True
        self._thread.join()

    def _report(self, share: float) -> None:
        if self.cancelled:
            raise Cancelled
        self.progress = share

    def _run(self) -> None:
        try:
            self._answers.append(self._work(self._report))
        except BaseException as error:  # for the thread that asks, which alone can tell the user
            self._error = error


class Study:
    """At most one job at a time, whose answer somebody waits for. `say` takes sentences for the user."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._job: Job[Any] | None = None
        self._then: Callable[[Any], None] = lambda answer: None

    @property
    def running(self) -> bool:
        """Whether there is a job, or its answer to be taken."""
        return self._job is not None

    @property
    def progress(self) -> float:
        return self._job.progress if self._job is not None else 0.0

    def begin(self, work: Callable[[Callable[[float], None]], Answer], then: Callable[[Answer], None]) -> None:
        """Does the work (see `Job`) in place of any other, and keeps in mind who wants its answer."""
        self.stop()
        self._job, self._then = Job(work), then

    def take(self) -> None:
        """Hands the answer over, on this thread, if the job has ended; says why there is none."""
        if self._job is None or not self._job.done:
            return
        job, self._job = self._job, None
        try:
            answer = job.result()
        except (ValueError, Cancelled) as error:
            self._say(str(error) or "Cancelled.")
            return
        self._then(answer)

    def stop(self) -> None:
        """Gives the job up, if there is one; `take` says so."""
        if self._job is not None:
            self._job.cancel()
