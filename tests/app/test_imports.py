"""What is imported when: the engine and the command line must start without Qt."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import optiviz

ROOT = Path(optiviz.__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "code",
    [
        "import optiviz",
        "import optiviz; optiviz.simulate(optiviz.Scene('booth', steps=3, runs=[optiviz.Run('adam', lr=0.1)]))",
        "import optiviz.cli; optiviz.cli.main(['list'])",
        "import optiviz.app.display",
    ],
)
def test_no_qt_is_imported(code):
    loaded = "import sys; print([m for m in sys.modules if m.split('.')[0] in ('PySide6', 'shiboken6', 'pyqtgraph')])"
    words = [sys.executable, "-c", f"{code}; {loaded}"]
    environ = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, encoding="utf-8", check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"
    assert done.stderr == ""
