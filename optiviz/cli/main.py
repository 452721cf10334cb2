"""The command line: `optiviz [FILE]`, `optiviz run`, `optiviz list`, `--version`, `--self-check`.

Qt is imported only where a window or a picture is asked for, and NumPy only where something is looked up or computed.
Whatever goes wrong ends as one line on standard error and an exit status: 2 for bad input, 1 for what cannot be
written.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..engine.catalog import near_miss
from ..engine.params import shown
from .listing import list_catalogs
from .options import COMMANDS, Answer, main_parser
from .output import BAD_INPUT, CANNOT_WRITE, DONE, INTERRUPTED, Failure, complain, qt, say
from .running import from_standard_input, run

if TYPE_CHECKING:
    from ..files.scene_files import Opened


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the words of the command line say (`sys.argv`'s by default); gives the exit status."""
    # Before NumPy comes: nothing here multiplies large matrices, and the threads for that would spin for 0.1 s.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        return obey(sys.argv[1:] if argv is None else argv)
    except Failure as failure:
        return complain(str(failure), failure.status)
    except ValueError as error:
        return complain(str(error), BAD_INPUT)
    except OSError as error:
        return complain(str(error), CANNOT_WRITE)
    except MemoryError:
        return complain("there is not enough memory for so many steps or so large a picture", CANNOT_WRITE)
    except KeyboardInterrupt:
        return INTERRUPTED


def obey(words: Sequence[str]) -> int:
    try:
        if words and words[0] == "run":
            return run(words[1:])
        if words and words[0] == "list":
            return list_catalogs(words[1:])
        return start(words)
    except Answer as answer:
        say(str(answer))
        return DONE


# --- words out ---


# --- optiviz [FILE] ---


def start(words: Sequence[str]) -> int:
    """`optiviz`, `optiviz FILE`, `optiviz --version`, `optiviz --self-check`."""
    options = main_parser().read(words)
    if options.version:
        from ..version import __version__

        say(f"optiviz {__version__}")
        return DONE
    if options.self_check:
        return self_check()
    return show(options.file)


def self_check() -> int:
    from .selfcheck import results

    status = DONE
    for name, well, text in results():
        say(f"{'ok' if well else 'FAILED':6}  {name}: {text}")
        status = status if well else CANNOT_WRITE
    return status


def show(word: str | None) -> int:
    """Opens the window, with the scene in the file `word` or as it was left."""
    path = opened = None
    if word is not None:
        if word != "-" and not (word and os.path.lexists(word)):
            hint = near_miss(word, (*COMMANDS, "--help", "--version", "--self-check")) or "see 'optiviz --help'"
            raise ValueError(f"{shown(word)} is neither a command ({', '.join(COMMANDS)}) nor a file; {hint}")
        opened = load_tolerant(word)
        path = None if word == "-" else Path(word)
    from ..desk.display import problem

    if reason := problem():
        raise Failure(f"{reason.rstrip('.')}; 'optiviz run' works without a window", BAD_INPUT)
    gc.disable()  # until the window is shown: nothing of what a start makes is garbage, and searching it takes 50 ms
    try:
        with qt("the window cannot be opened"):
            from ..app.start import start as open_window
        return open_window(opened, path)
    finally:
        gc.enable()


def load_tolerant(word: str) -> Opened:
    """The same as `load`; of a file that a newer OptiViz wrote, what the window can show."""
    from ..files import scene_files

    try:
        return scene_files.Opened(from_standard_input()) if word == "-" else scene_files.read_tolerant(Path(word))
    except OSError as error:
        raise ValueError(str(error)) from None


# --- optiviz run ---


# --- optiviz list ---
