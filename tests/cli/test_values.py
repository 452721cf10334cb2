"""Every value that the command line takes, through the real parser: what is no number is refused in words."""

import io
import os
import shlex
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from limits import files_of_at_most

from optiviz.engine.optimizers import LR, OPTIMIZERS
from optiviz.engine.params import Flag, Real, Whole
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.surfaces import SURFACES
from optiviz.files import scene_files, xml_text
from optiviz.files.pasted import to_text
from optiviz.scene.first import first_scene
from optiviz.scene.scene import NOISE, SEED, START_X, START_Y, STEPS, STEPS_PER_EPOCH

NEWER = Path(__file__).parent.parent / "data" / "scenes" / "newer.optiviz"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes and limits of POSIX")


def in_run(key, name):
    return lambda text: ("--run", f"{key} lr=0.1 {name}={shlex.quote(text)}")


def in_schedule(key, name):
    return lambda text: ("--run", f"gd lr=0.1 schedule={key} {name}={shlex.quote(text)}")


def in_surface(key, name):
    return lambda text: ("--surface", f"{key} {name}={shlex.quote(text)}")


def in_option(param):
    return lambda text: (f"--{param.name.replace('_', '-')}={text}",)


# What a value is called on the command line -> its declaration, and the words that hand it over.
VALUES = {
    **{f"{o.key} {p.name}": (p, in_run(o.key, p.name)) for o in OPTIMIZERS.values() for p in o.params},
    **{f"{s.key} {p.name}": (p, in_schedule(s.key, p.name)) for s in SCHEDULES.values() for p in s.params},
    **{f"{s.key} {p.name}": (p, in_surface(s.key, p.name)) for s in SURFACES.values() for p in s.params},
    **{p.name: (p, in_option(p)) for p in (STEPS, STEPS_PER_EPOCH, NOISE, SEED)},
    "lr": (LR, lambda text: ("--run", f"gd lr={shlex.quote(text)}")),
    "start x": (START_X, lambda text: (f"--start={text},1",)),
    "start y": (START_Y, lambda text: (f"--start=1,{text}",)),
}
NUMBERS = {name: value for name, value in VALUES.items() if isinstance(value[0], Real | Whole)}
# One of each kind on each way to a declaration.
WAYS = (
    *("adam beta1", "inverse_time k", "staircase period", "ellipse kappa", "rosenbrock a"),
    *("steps", "noise", "lr", "start x", "start y"),
)
NO_NUMBERS = [
    *("", " ", "-", "+", ".", "e5", "1e", "1e+", "--1", "+-1", "1.2.3", "1e5e5", "1e5.0", "1 2", "x", "None", "true"),
    *(
        "nan",
        "NaN",
        "-nan",
        "inf",
        "-inf",
        "Infinity",
        "1e400",
        "-1e400",
        "1e999999999",
        "9" * 5_000,
        "0." + "1" * 5_000,
    ),
    *(
        "0x10",
        "0b1",
        "0o7",
        "1_000",
        "1'000",
        "1j",
        "1d3",
        "1/2",
        "10%",
        "5 px",
        "0.1s",
        "$1",
        "=1",
        "α",
        "1\n2",
        "1\x002",
    ),
    *("١٢", "１２", "१२", "²", "½", "Ⅷ", "1\u00a0000", "1−2", "−", "–1", "1\u200b", "\ud8001", "0.1" * 100),
]


@pytest.mark.parametrize("name", WAYS)
def test_what_is_no_number_is_refused_by_name(refused, name):
    param, words = NUMBERS[name]
    for text in NO_NUMBERS:
        message = refused("run", *words(text))
        assert f"{param.name} must be {param.allowed}, not " in message, text
        assert len(message) < 500


@pytest.mark.parametrize("name", WAYS)
def test_numbers_as_people_write_and_paste_them(call, name):
    param, words = NUMBERS[name]
    if name in ("steps", "steps_per_epoch"):
        param = param.having(default=2)
    number = param.format(param.default)
    others = [f" {number} ", f"\t{number}\n", f"\u00a0{number}\u202f", f"00{number}"]
    others += [] if number.startswith("-") else [f"+{number}"]
    for text in others:
        status, out, err = call("run", *words(text), *(() if name == "steps" else ("--steps", "2")))
        assert (status, err) == (0, ""), text
        assert out.startswith("run ")
    for extreme in ("1e-400", "1" + "0" * 99):
        status, _, err = call("run", "--steps", "2", *words(extreme))
        assert status == 0 or err.count("\n") == 1, extreme


@pytest.mark.parametrize("name", [name for name, (param, _) in NUMBERS.items() if param.low < 0])
def test_a_typographic_minus_is_a_minus(call, name):
    _, words = NUMBERS[name]
    plain = call("run", "--steps", "2", *words("-1.25"))
    assert plain[0] == 0
    assert call("run", "--steps", "2", *words("−1.25")) == plain


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_is_asked_and_keeps_its_bounds(call, refused, name):
    param, words = NUMBERS[name]
    assert f"{param.name} must be {param.allowed}, not 'nan'" in refused("run", *words("nan"))
    whole = isinstance(param, Whole)
    for bound, beyond in ((param.low, -1 if whole else -1e-9), (param.high, 1 if whole else 1e-3)):
        if abs(bound) < 1e300:
            outside = param.format(bound + beyond if whole else bound + beyond * max(1.0, abs(bound)))
            assert f"{param.name} must be {param.allowed}, not " in refused("run", *words(outside))
    for extreme in ("1e308", "-1e308", "5e-324"):
        status, _, err = call("run", "--steps", "2", *words(extreme))
        assert status == 0 or err.count("\n") == 1, extreme  # a diverged run, or a refusal in a line


@pytest.mark.parametrize("name", [name for name, (param, _) in VALUES.items() if isinstance(param, Flag)])
def test_true_and_false(call, refused, name):
    param, words = VALUES[name]
    for text in ("true", "false", " true "):
        assert call("run", "--steps", "2", *words(text))[0] == 0
    for text in ("", "True", "TRUE", "yes", "1", "0", "on", "t", "ja", "true false", "\x00", "ｔｒｕｅ"):
        assert f"{param.name} must be true or false, not " in refused("run", *words(text))


def test_knots(call, refused):
    _, words = VALUES["manual knots"]
    for text in ("", "0:1", "7:0.5,13:0.25", " 7 : 0.5 , 13 : 0.25 ", "7:5e-1"):
        assert call("run", "--steps", "2", *words(text))[0] == 0
    bad = (
        "7",
        ":",
        "7:",
        ":7",
        "7:0",
        "7:-1",
        "7:nan",
        "7:1e400",
        "-1:1",
        "1.5:1",
        "7:1,7:1",
        "7:1,6:1",
        "7:1,",
        "٧:1",
    )
    for text in (*bad, "7=1", "7:1;8:1", "7:1:2", "[[7, 1]]", ",".join(["1:1"] * 20_000), "9" * 99 + ":1"):
        assert "knots must be pairs step:rate such as 7:0.5,13:0.25 " in refused("run", *words(text))


@pytest.mark.parametrize("size", ["", "1280", "1280X720", "1280×720", "1280 x 720", "١٢٨٠x720", "1e3x720", "99x720"])
def test_sizes(refused, size):
    message = refused("run", "--png", "a.png", f"--size={size}")
    assert message.startswith("size must be WIDTHxHEIGHT in pixels, each from 100 to 16384, such as 1280x720, ")


# --- standard input ---


def test_scene_from_standard_input(call, tmp_path):
    scene = first_scene().replace(steps=20, seed=3)
    for given in (
        scene_files.to_json(scene).encode(),
        textwrap.indent(scene_files.to_json(scene), "> ").encode("utf-8-sig"),
    ):
        assert call("run", "--scene", "-", "--save", "a.optiviz", given=given)[0] == 0
        assert scene_files.read(tmp_path / "a.optiviz") == scene
    svg = xml_text.embedded("<svg></svg>", scene_files.to_json(scene)).encode()
    assert call("run", "--scene=-", "--steps", "5", "--save", "a.optiviz", given=svg)[0] == 0
    assert scene_files.read(tmp_path / "a.optiviz") == scene.replace(steps=5)


def test_runs_from_standard_input(call, tmp_path):
    runs = first_scene().runs[2:]
    status, out, _ = call("run", "--scene", "-", "--save", "a.optiviz", given=to_text(runs).encode())
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["RMSprop", "Adam"]
    assert scene_files.read(tmp_path / "a.optiviz") == first_scene().replace(runs=runs)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (b"", "this text holds no scene and no run of OptiViz: they stand in braces"),
        (b"\xff{}", "this is not UTF-8: byte 0 is no part of a text"),
        (b"{}", "format must be 'optiviz.scene', and there is none"),
        (b"\x89PNG\r\n\x1a\n", "this picture carries no OptiViz scene"),
        (bytes(20_000_000), "a scene has at most 10 MB"),
    ],
    ids=lambda value: str(value[:20]),
)
def test_standard_input_without_a_scene(refused, given, reason):
    for words in (["run", "--scene", "-"], ["-"]):
        assert refused(*words, given=given) == f"standard input: {reason}"


def test_window_with_standard_input(call, monkeypatch):
    starts = []
    monkeypatch.setattr("optiviz.desk.display.problem", lambda: None)
    monkeypatch.setattr("optiviz.app.start.start", lambda opened, path: starts.append((opened, path)) or 0)
    assert call("-", given=scene_files.to_json(first_scene()).encode()) == (0, "", "")
    assert starts == [(scene_files.Opened(first_scene()), None)]


def test_window_with_a_file_of_a_newer_version(call, monkeypatch, tmp_path):
    starts = []
    monkeypatch.setattr("optiviz.desk.display.problem", lambda: None)
    monkeypatch.setattr("optiviz.app.start.start", lambda opened, path: starts.append((opened, path)) or 0)
    assert call(str(NEWER)) == (0, "", "")
    assert starts == [(scene_files.read_tolerant(NEWER), NEWER)]
    assert starts[0][0].foreign is not None


def test_closed_standard_input(refused):
    assert refused("run", "--scene", "-", given=None) == "standard input cannot be read: it is closed"


class Endless(io.RawIOBase):
    """Zeros, as from /dev/zero, for those who do not want all of them."""

    taken = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        self.taken += len(buffer)
        assert self.taken < 20_000_000, "it wants all of it"
        return len(buffer)


def test_endless_standard_input(refused):
    given = io.BufferedReader(Endless())
    assert refused("run", "--scene", "-", given=given) == "standard input: a scene has at most 10 MB"


# --- what is peculiar to POSIX ---


@pytest.fixture
def no_waiting():
    """Ends a test that would wait for ever."""
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it waits for ever"))
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@POSIX
@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("file", ["/dev/zero", "pipe", "."])
def test_what_is_no_file_does_not_hang(refused, tmp_path, file):
    os.mkfifo(tmp_path / "pipe")
    for words in (["run", "--scene"], []):
        assert f"{file} cannot be read: it is " in refused(*words, file)


def shell(command, folder, environ):
    """What a shell makes of a command in which `optiviz` is the program."""
    script = f'optiviz() {{ {shlex.quote(sys.executable)} -m optiviz "$@"; }}; {command}'
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout, done.stderr


@POSIX
def test_standard_input_by_the_name_of_its_device(tmp_path, environ):
    status, out, err = shell("true | optiviz run --scene /dev/stdin", tmp_path, environ)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "/dev/stdin cannot be read: it is " in err


@POSIX
def test_closed_standard_input_and_error(tmp_path, environ):
    assert shell("optiviz run --scene - <&- 2>&-", tmp_path, environ) == (2, "", "")


@POSIX
@pytest.mark.parametrize("option", ["--csv", "--save", "--png"])
def test_file_that_may_not_become_so_large(refused, tmp_path, option):
    old = tmp_path / "old"
    old.write_text("what it held before")
    with files_of_at_most(0):
        reason = refused("run", "--steps", "50", option, "old", status=1)
    assert reason == "old cannot be written: File too large; choose another folder"
    assert old.read_text() == "what it held before"
    assert list(tmp_path.iterdir()) == [old]
