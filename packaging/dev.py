#!/usr/bin/env python3
"""Sets up, runs and tests OptiViz from a checkout. Needs Python 3.11 or newer and nothing else.

    python3 packaging/dev.py run [ARGUMENTS]     OptiViz, as the command `optiviz ARGUMENTS`
    python3 packaging/dev.py test [ARGUMENTS]    all checks, then `pytest ARGUMENTS`; without any, on two cores

Both do what is still missing first, and nothing more: the system's libraries on Linux (with apt-get where it may, by
naming the command where it may not), the folder .venv with the Python packages, and OptiViz itself in it. Without a
display, `run` does the same job without a window: it prints the table and writes optiviz.png and optiviz.csv into the
current folder.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import io
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "optiviz-setup.json"
WINDOWS = sys.platform == "win32"
LINUX = sys.platform.startswith("linux")
SCRIPTS = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")

# What Qt loads, and the Debian package that has it.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
}
X_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
X_SERVER = {"Xvfb": "xvfb", "xauth": "xauth"}
FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")

# What a failed step's output means, told from words in it.
REASONS = {
    "the network does not answer": "(failed to|could not|failure|name) resol|could not connect|failed to fetch"
    "|ConnectionError|ConnectTimeout|ReadTimeout|ProxyError",
    "the disk is full": "No space left on device|enough free space",
    "a file may not be written": "Permission denied|Read-only file system",
}

say = partial(print, flush=True)  # in order with what the child processes print


class SetupError(Exception):
    """The set-up cannot go on; the text says why, and what helps."""


# --- the system ---


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font() -> bool:
    folders = (Path(folder).expanduser() for folder in FONTS)
    return any(file.suffix in (".ttf", ".otf", ".ttc", ".pfb") for folder in folders for file in folder.rglob("*"))


def has_ensurepip() -> bool:
    """Debian packs the part of Python that puts pip into a new environment separately."""
    importlib.invalidate_caches()  # apt-get may just have brought it
    return importlib.util.find_spec("ensurepip") is not None


def missing(command: str, environ: Mapping[str, str]) -> dict[str, str]:
    """What the command needs of a Linux system and does not find there, with the Debian package that has it."""
    libraries = dict(QT_LIBRARIES)
    if command == "test" or environ.get("DISPLAY"):
        libraries.update(X_LIBRARIES)
    elif environ.get("WAYLAND_DISPLAY"):
        libraries.update(WAYLAND_LIBRARIES)
    lacking = {library: package for library, package in libraries.items() if not loads(library)}
    if command == "test":
        lacking.update({program: package for program, package in X_SERVER.items() if not shutil.which(program)})
    if not has_ensurepip():
        lacking["Python's ensurepip"] = "python{}.{}-venv".format(*sys.version_info)
    if not has_font():
        lacking["a font"] = "fonts-dejavu-core"
    return lacking


def install_system(command: str) -> None:
    if not (lacking := missing(command, os.environ)):
        return
    names = ", ".join(lacking)
    if not shutil.which("apt-get"):
        raise SetupError(f"This system lacks {names}. Install them with its package manager, then try again.")
    packages = sorted(set(lacking.values()))
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        raise SetupError(f"This system lacks {names}. Install them, then try again:\nsudo {' '.join(install)}")
    say(f"Installing {len(packages)} system packages with apt-get: {' '.join(packages)} ...")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet(["apt-get", "update"], "apt-get could not read the package lists", env=environ)
    quiet(install, "apt-get could not install the system packages", env=environ)
    if still := missing(command, os.environ):
        raise SetupError(f"After the installation this system still lacks {', '.join(still)}.")


def display_answers(environ: Mapping[str, str]) -> bool:
    """Is there a screen for a window? An X server is asked itself: Qt aborts the process if none answers."""
    if not LINUX or environ.get("WAYLAND_DISPLAY"):
        return True
    if not environ.get("DISPLAY") or not loads("libxcb.so.1"):
        return False
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p  # never null: a failed connection has an error
    connection = xcb.xcb_connect(environ["DISPLAY"].encode(), None)
    error: int = xcb.xcb_connection_has_error(ctypes.c_void_p(connection))
    return error == 0


# --- processes ---


def captured(command: Sequence[object], **options: Any) -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [str(word) for word in command],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        **options,
    )
    return done


def quiet(command: Sequence[object], failure: str, **options: Any) -> None:
    """Runs a step of the set-up and shows nothing of it; if it fails, says so in words, with its last lines."""
    done = captured(command, **options)
    if done.returncode:
        raise SetupError(explain(failure, done.stdout))


def explain(failure: str, output: str) -> str:
    """The text of a failed step: what failed, the likely reason, and the end of what the step printed."""
    for reason, signs in REASONS.items():
        if re.search(signs, output, re.IGNORECASE):
            failure += f": {reason}"
            break
    lines = [f"  {line}" for line in output.splitlines() if line.strip()]
    return "\n".join([f"{failure}.", *lines[-8:]])


def start(command: Sequence[object], **options: Any) -> int:
    """Runs a program in the foreground. Ctrl+C reaches it as well; it decides, and this waits for it."""
    with subprocess.Popen([str(word) for word in command], **options) as process:
        while True:
            try:
                status: int = process.wait()
            except KeyboardInterrupt:
                continue
            return 128 - status if status < 0 else status


# --- the Python environment ---


def read_stamp() -> dict[str, Any]:
    """What is known of .venv: for which Python and checkout it was made, and what was installed into it."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def venv_works() -> bool:
    try:
        return captured([PYTHON, "-Ic", "import pip"]).returncode == 0
    except OSError:
        return False


def prepare(extra: str) -> None:
    """Makes .venv and installs OptiViz and what it needs, as far as that has not been done."""
    made_for = {"python": platform.python_version().rpartition(".")[0], "checkout": str(ROOT)}
    sources = [ROOT / "pyproject.toml", ROOT / "packaging" / "build_hook.py"]
    wanted = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    stamp = read_stamp()
    if not (made_for.items() <= stamp.items() and venv_works()):
        say(f"Making the Python environment {VENV} ...")
        stamp = dict(made_for)
        interpreter = getattr(sys, "_base_executable", sys.executable)  # not that of the .venv which is replaced
        quiet([interpreter, "-m", "venv", "--clear", VENV], "The Python environment could not be made")
        STAMP.write_text(json.dumps(stamp), encoding="utf-8")
    extra = extra or stamp.get("extra", "")  # what is there stays there
    if (stamp.get("pyproject"), stamp.get("extra")) == (wanted, extra):
        return
    say("Installing OptiViz's Python packages (a few minutes the first time) ...")
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    pip = [PYTHON, "-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check"]
    quiet([*pip, "install", "--editable", target], "pip could not install the packages")
    STAMP.write_text(json.dumps({**made_for, "pyproject": wanted, "extra": extra}), encoding="utf-8")
    say("Set-up done.")


# --- the commands ---


TWO_CORES = ("-n", "2", "--dist", "loadfile")  # of pytest; the tests of a file may share a window
WORDS = ("run", "list")  # of the command line of `optiviz`


def wants_window(arguments: Sequence[str]) -> bool:
    """`optiviz` and `optiviz FILE` open a window; the other commands and the options do not."""
    return not arguments or (len(arguments) == 1 and not arguments[0].startswith("-") and arguments[0] not in WORDS)


def run(arguments: Sequence[str]) -> int:
    prepare("")
    optiviz = [PYTHON, "-m", "optiviz"]
    if not wants_window(arguments) or display_answers(os.environ):
        return start([*optiviz, *arguments])
    say("There is no display here, so OptiViz works without its window.")
    picture, table = Path.cwd() / "optiviz.png", Path.cwd() / "optiviz.csv"
    scene = ["--scene", arguments[0]] if arguments else []
    status = start([*optiviz, "run", *scene, "--png", picture, "--csv", table])
    if status == 0:
        say(f"The picture is in {picture}\nThe numbers are in {table}")
    return status


def test(arguments: Sequence[str]) -> int:
    prepare("dev")
    checks = {
        "ruff check": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "."],
        "mypy": [PYTHON, "-m", "mypy", "--no-error-summary"],
        "lint-imports": [SCRIPTS / ("lint-imports.exe" if WINDOWS else "lint-imports"), "--no-logo"],
    }
    say(f"Checking: {', '.join(checks)} ...")
    failed = [name for name, command in checks.items() if not check(name, command)]
    say(f"Failed checks: {', '.join(failed)}." if failed else "All of them passed.")
    chosen = arguments or TWO_CORES
    status = start([PYTHON, "-m", "pytest", *chosen], cwd=ROOT)  # last, so that its summary is the last line
    return status or int(bool(failed))


def check(name: str, command: Sequence[object]) -> bool:
    """Runs one check, and shows what it said only if it failed."""
    done = captured(command, cwd=ROOT)
    if done.returncode:
        say(f"--- {name} ---\n{done.stdout.rstrip()}\n")
    return done.returncode == 0


def main(argv: Sequence[str]) -> int:
    commands = {"run": run, "test": test}
    command, arguments = (argv[0], argv[1:]) if argv else ("--help", [])
    if command in ("-h", "--help") or list(arguments) in (["-h"], ["--help"]):
        say(__doc__.strip())
        return 0
    if command not in commands:
        say(f"'{command}' is not known; the commands are {' and '.join(commands)} (see --help).", file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036  whoever starts this file may have an older one
        say(f"OptiViz needs Python 3.11 or newer; this is {platform.python_version()}.", file=sys.stderr)
        return 1
    try:
        if LINUX:
            install_system(command)
        return commands[command](arguments)
    except (SetupError, OSError) as reason:
        say(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
