"""The command line, called in this process or started as a program."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

import optiviz
from optiviz.cli.main import main

ROOT = Path(optiviz.__file__).resolve().parent.parent


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Runs the command line in this process, in an empty folder: status, standard output, standard error.

    `given` is what comes through standard input: bytes, a stream of them, or None where it is closed.
    """
    monkeypatch.chdir(tmp_path)

    def call(*words, given=b""):
        stream = io.BytesIO(given) if isinstance(given, bytes) else given
        monkeypatch.setattr(sys, "stdin", stream and io.TextIOWrapper(stream))
        status = main(words)
        return status, *capsys.readouterr()

    return call


@pytest.fixture
def call_into(call):
    """The same with a standard output of its own: status and standard error."""

    def call_into(stream, *words):
        with redirect_stdout(stream):
            status, out, err = call(*words)
            stream.close()  # as Python does at its end; fails if something in it cannot be written
        assert out == ""
        return status, err

    return call_into


@pytest.fixture
def refused(call, tmp_path):
    """Expects a refusal: its one line, after the status and the folder have been looked at."""

    def files():
        return {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def refused(*words, status=2, given=b""):
        before = files()
        found, out, err = call(*words, given=given)
        assert (found, out) == (status, ""), words
        assert err.startswith("optiviz: ")
        assert err.endswith("\n")
        assert err[:-1].isprintable()
        assert len(err) <= 2_000
        assert "usage" not in err
        assert files() == before
        return err.removeprefix("optiviz: ")[:-1]

    return refused


@pytest.fixture
def environ():
    """What the program finds in its environment: no display, and whatever it says stands in UTF-8."""
    inherited = {name: os.environ[name] for name in os.environ.keys() - {"DISPLAY", "WAYLAND_DISPLAY"}}
    inherited.pop("QT_QPA_PLATFORM", None)
    return inherited | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"}


@pytest.fixture
def program(environ, tmp_path):
    """Runs the real program, in an empty folder."""

    def program(*words, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 60, "encoding": "utf-8"} | options
        return subprocess.run(
            [sys.executable, "-m", "optiviz", *words], cwd=tmp_path, env=environ, check=False, **options
        )

    return program
