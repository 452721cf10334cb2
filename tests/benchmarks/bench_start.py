"""From the command to the first picture, beside a bare pyqtgraph plot; the command line, beside NumPy; and rest."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from table import Row, at_least, at_most, benchmark

CHILD = Path(__file__).with_name("child.py")
ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 15
IDLE_SECONDS = 12.0
PLAYING_SECONDS = 4.0


def environment(home: str) -> dict[str, str]:
    """That of a user who starts the program for the first time. Byte code is kept, as an installation keeps it."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    folders = {f"XDG_{name}_HOME": f"{home}/{name.lower()}" for name in ("CONFIG", "DATA")}
    return environ | folders | {"HOME": home, "PYTHONPATH": str(ROOT)}


def run(words: Sequence[str], home: str) -> tuple[float, str]:
    """Runs Python with these words to its end: when it was started, and what it printed."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *words], env=environment(home), cwd=home, stdout=subprocess.PIPE, text=True, check=True
    )
    return began, done.stdout


def child(*words: str, home: str) -> dict[str, Any]:
    """What the child found, with its times in milliseconds from just before it was started."""
    began, printed = run([str(CHILD), *words], home)
    found = json.loads(printed.splitlines()[-1])
    return found | {name: (found[name] - began) * 1e3 for name in ("painted", "drawn") if name in found}


def take_turns(jobs: dict[str, Callable[[], dict[str, float]]], rounds: int = ROUNDS) -> dict[str, dict[str, float]]:
    """The median of every figure of every job; the jobs take turns, so that a busy moment hits all of them."""
    for job in jobs.values():
        job()
    found = [{name: job() for name, job in jobs.items()} for _ in range(rounds)]
    return {
        name: {key: statistics.median(each[name][key] for each in found) for key in found[0][name]} for name in jobs
    }


@benchmark("start")
def start() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as home:
        found = take_turns({name: lambda name=name: child(name, home=home) for name in ("plot", "window")})
    bare, ours = found["plot"], found["window"]
    yield Row("a bare PlotWidget with one curve, until it is painted", f"{bare['painted']:.0f} ms")
    for what, key in (("the window, until it is painted", "painted"), ("... with the first scene's paths", "drawn")):
        yield at_most(f"{what}: {ours[key]:.0f} ms, as multiple of the plot", ours[key] / bare["painted"], 1.5, "x")
    if "VmRSS" in ours:
        what = f"memory then: {ours['VmRSS']:.0f} MB, the plot's {bare['VmRSS']:.0f} MB"
        yield at_most(what, ours["VmRSS"] / bare["VmRSS"], 1.5, "x")
        yield Row("... at most until then", f"{ours['VmHWM']:.0f} MB, the plot's {bare['VmHWM']:.0f} MB")


@benchmark("commands")
def commands() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as home:
        table = str(Path(home) / "table.csv")
        words = {
            "python -c 'import numpy'": ["-c", "import numpy"],
            "optiviz --help": ["-m", "optiviz", "--help"],
            "optiviz list": ["-m", "optiviz", "list"],
            "optiviz run --csv FILE, 500 steps": ["-m", "optiviz", "run", "--steps", "500", "--csv", table],
        }

        def timed(words: Sequence[str]) -> dict[str, float]:
            began, _ = run(words, home)
            return {"ms": (time.perf_counter() - began) * 1e3}

        found = take_turns({name: lambda w=w: timed(w) for name, w in words.items()})
    numpy, *others = ((name, figures["ms"]) for name, figures in found.items())
    yield Row(numpy[0], f"{numpy[1]:.0f} ms")
    for name, ms in others:
        yield at_most(f"{name}: {ms:.0f} ms, as multiple of that", ms / numpy[1], 2.5, "x")


@benchmark("idle")
def idle() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as home:
        still = child("idle", str(IDLE_SECONDS), home=home)
    yield at_most(f"CPU of the paused window, over {IDLE_SECONDS:g} s", still["cpu"], 1.0, "% of a core")
    yield Row("... it wakes up", f"{still['wakes']:.2g} times a second")
    timer = Row("... its fastest timer", "none", "≥ 250 ms", True)
    yield at_least("... its fastest timer", still["timer"], 250, "ms") if still["timer"] else timer
    with tempfile.TemporaryDirectory() as home:
        found = child("playing", str(PLAYING_SECONDS), home=home)
    shown = found.pop("shown")
    yield Row("CPU of the window that plays", f"{shown['cpu']:.1f} %, {shown['paints']} paint events")
    for name, figures in found.items():
        yield at_most(f"paint events of the window that plays {name}", figures["paints"], 0, "")
        yield Row("... CPU", f"{figures['cpu']:.1f} %")
        yield Row("... goes on in time", "yes" if figures["moved"] else "no", "yes", figures["moved"])
