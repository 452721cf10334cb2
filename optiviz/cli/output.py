"""Words out: on standard output, and one line of error on standard error."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    pass

DONE, CANNOT_WRITE, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
LONGEST_LINE = 1_999  # characters of an error; with its line end 2,000


class Failure(Exception):
    """What was asked for cannot be done on this computer; ends the program with this status and one line."""

    def __init__(self, reason: str, status: int = CANNOT_WRITE) -> None:
        super().__init__(reason)
        self.status = status


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Standard output, flushed at the end. A reader that stops reading (`| head`) ends the writing and is no error."""
    if sys.stdout is None:
        raise Failure("standard output cannot be written: it is closed")
    try:
        yield sys.stdout
        sys.stdout.flush()
    except OSError as error:
        abandon(sys.stdout)
        # Windows calls a broken pipe an invalid argument.
        if isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL):
            return
        raise Failure(f"standard output cannot be written: {error.strerror or error}") from None


def abandon(stream: TextIO) -> None:
    """Lets what is still in the stream's buffer go nowhere; else Python would try again at its end, and complain."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def reconfigure(stream: TextIO, **settings: str) -> None:
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(**settings)


def say(text: str) -> None:
    with standard_output() as stream:
        reconfigure(stream, errors="replace")  # a terminal that has no α still shows the rest
        stream.write(text.rstrip("\n") + "\n")


def complain(reason: str, status: int) -> int:
    """Says in one line on standard error what went wrong; gives the exit status."""
    line = "".join(char if char.isprintable() else " " if char.isspace() else "?" for char in f"optiviz: {reason}")
    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "utf-8"
        line = line.encode(encoding, "backslashreplace").decode(encoding)
        with suppress(OSError):
            print(line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 3] + "...", file=sys.stderr, flush=True)
    return status


@contextmanager
def qt(consequence: str) -> Iterator[None]:
    """Says in words that Qt, or a library of the system that it needs, is missing."""
    try:
        yield
    except ImportError as error:
        raise Failure(f"{consequence}: {error}") from None
