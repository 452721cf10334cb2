"""The self-check notices what a package lacks."""

from __future__ import annotations

import compileall
import shutil
import subprocess
import sys
from pathlib import Path

import optiviz

PACKAGE = Path(optiviz.__file__).parent


def test_a_program_without_the_sources_of_its_rules_fails_its_self_check(tmp_path):
    package = shutil.copytree(PACKAGE, tmp_path / "optiviz")
    resources = PACKAGE.parent / "resources"
    (tmp_path / "resources").symlink_to(resources if resources.exists() else PACKAGE / "resources")
    rules = package / "engine" / "optimizers"
    compileall.compile_dir(rules, quiet=2, legacy=True)
    for source in rules.glob("*.py"):
        source.unlink()
    command = [sys.executable, "-m", "optiviz", "--self-check"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=False)
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    assert done.returncode == 1, done.stderr
    assert len(failed) == 1
    assert failed[0].startswith("FAILED  explanation: ")
    assert "source" in failed[0]
