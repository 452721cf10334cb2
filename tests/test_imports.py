"""What is imported when: the engine and the command line must start without Qt, the help without NumPy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import optiviz

ROOT = Path(optiviz.__file__).resolve().parent.parent


def loaded(code: str, *names: str) -> list[str]:
    """Which modules of these packages a new Python has after that code."""
    tell = f"import sys; print(*[m for m in sys.modules if m.split('.')[0] in {names}])"
    words = [sys.executable, "-c", f"{code}; {tell}"]
    environ = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, encoding="utf-8", check=True, timeout=60)
    assert done.stderr == ""
    return done.stdout.splitlines()[-1].split()


@pytest.mark.parametrize(
    "code",
    [
        "import optiviz",
        "import optiviz; optiviz.simulate(optiviz.Scene('booth', steps=3, runs=[optiviz.Run('adam', lr=0.1)]))",
        "import optiviz.cli.main; optiviz.cli.main.main(['list'])",
        "import optiviz.desk.display",
    ],
)
def test_no_qt_is_imported(code):
    assert loaded(code, "PySide6", "shiboken6", "pyqtgraph") == []


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_not_even_numpy_is_imported(word):
    assert loaded(f"import optiviz.cli.main; optiviz.cli.main.main([{word!r}])", "numpy") == []


def test_names_of_the_api():
    assert set(optiviz.__all__) <= set(dir(optiviz))
    assert all(hasattr(optiviz, name) for name in optiviz.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Runs'"):
        _ = optiviz.Runs
