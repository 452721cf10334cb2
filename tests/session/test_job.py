"""Work on a thread: its result, its errors, its progress, and its end when it is not wanted any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NoReturn

import pytest

from optiviz.session.job import Cancelled, Job

Report = Callable[[float], None]
LIMIT = 10.0  # seconds that a test waits for what must come


class Steps:
    """Work that goes on to its next report when it is told to."""

    def __init__(self) -> None:
        self.go, self.came = threading.Semaphore(0), threading.Semaphore(0)
        self.reports = 0
        self.job = Job(self.work)

    def work(self, report: Report) -> str:
        for number in range(1, 5):
            assert self.go.acquire(timeout=LIMIT)
            report(number / 4)
            self.reports = number
            self.came.release()
        return "done"

    def advance(self) -> None:
        self.go.release()
        assert self.came.acquire(timeout=LIMIT)


def test_the_result_is_waited_for() -> None:
    job = Job(lambda report: 6 * 7)
    assert job.result() == 42
    assert job.done
    assert job.result() == 42  # again


def test_it_runs_on_a_thread_of_its_own() -> None:
    assert Job(lambda report: threading.current_thread()).result() is not threading.current_thread()


def test_progress_is_the_last_report() -> None:
    steps = Steps()
    assert steps.job.progress == 0
    for share in (0.25, 0.5, 0.75):
        steps.advance()
        assert steps.job.progress == share
        assert not steps.job.done
    steps.advance()
    assert steps.job.result() == "done"
    assert steps.job.done
    assert steps.job.progress == 1


@pytest.mark.parametrize("error", [ValueError("in words"), KeyError("x"), MemoryError(), SystemExit(3)])
def test_what_the_work_raises_is_handed_over(error: BaseException) -> None:
    def work(report: Report) -> NoReturn:
        raise error

    job: Job[None] = Job(work)
    for _ in range(2):
        with pytest.raises(type(error)) as caught:
            job.result()
        assert caught.value is error
    assert job.done


def test_cancelling_ends_the_work_at_its_next_report() -> None:
    steps = Steps()
    steps.advance()
    steps.go.release()  # it is on its way to the next report, or waits in it
    steps.go.release()
    steps.go.release()
    steps.job.cancel()
    assert steps.job.done
    if steps.reports < 4:
        with pytest.raises(Cancelled):
            steps.job.result()
    assert steps.reports <= 4


def test_nothing_is_reported_after_cancelling() -> None:
    inside, leave = threading.Event(), threading.Event()
    seen: list[str] = []

    def work(report: Report) -> str:
        inside.set()
        assert leave.wait(LIMIT)
        report(0.5)
        seen.append("went on")
        return "done"

    job = Job(work)
    assert inside.wait(LIMIT)
    canceller = threading.Thread(target=job.cancel)
    canceller.start()
    while not job.cancelled:
        pass
    assert not job.done  # cancelling waits for the work
    assert canceller.is_alive()
    leave.set()
    canceller.join(LIMIT)
    assert job.done
    assert job.progress == 0
    assert not seen
    with pytest.raises(Cancelled):
        job.result()


def test_cancelling_what_is_done_leaves_its_result() -> None:
    job = Job(lambda report: "done")
    job.result()
    job.cancel()
    job.cancel()
    assert job.result() == "done"


def test_work_may_give_nothing() -> None:
    job: Job[None] = Job(lambda report: None)
    assert job.result() is None  # type: ignore[func-returns-value]


def test_an_error_of_the_work_itself_is_not_taken_for_cancelling() -> None:
    inside = threading.Event()

    def work(report: Report) -> NoReturn:
        inside.set()
        raise ValueError("no minimum")

    job: Job[None] = Job(work)
    assert inside.wait(LIMIT)
    job.cancel()
    with pytest.raises(ValueError, match="no minimum"):
        job.result()
