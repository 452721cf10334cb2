"""The command line's contract: what it prints, what it writes, what it refuses, and what it leaves alone."""

import csv
import io
import json
import os
import stat
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest

import optiviz
from optiviz import Run, Scene, simulate
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.surfaces import SURFACES
from optiviz.files import scene_files
from optiviz.files.png_text import SIGNATURE
from optiviz.scene.alignment import width
from optiviz.scene.first import first_scene

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="shells and devices of POSIX")
DEV_FULL = Path("/dev/full")  # some containers have none, and whoever writes to it there makes a file of that name
FULL = pytest.mark.skipif(
    not DEV_FULL.exists() or not stat.S_ISCHR(DEV_FULL.stat().st_mode), reason="/dev/full is no device"
)


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


# --- answers ---


def test_version(call):
    assert call("--version") == (0, f"optiviz {optiviz.__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--help"], ["--version", "--self-check", "optiviz run", "optiviz list", "FILE"]),
        (["-h"], ["--version"]),
        (["run", "--help"], [f"--{name}" for name in "scene surface start steps steps-per-epoch noise seed".split()]),
        (["run", "--help"], [f"--{name}" for name in "run csv png size save".split()]),
        (["run", "--steps", "0", "--help", "nonsense"], ["--scene"]),
        (["list", "--help"], ["--json", "surfaces", "optimizers", "schedules"]),
    ],
)
def test_help(call, words, names):
    status, out, err = call(*words)
    assert (status, err) == (0, "")
    assert out.startswith("usage: optiviz")
    assert "examples:" in out
    assert all(name in out for name in names)


@pytest.mark.parametrize("kind", ["surfaces", "optimizers", "schedules"])
def test_list(call, kind):
    catalog = {"surfaces": SURFACES, "optimizers": OPTIMIZERS, "schedules": SCHEDULES}[kind]
    status, out, err = call("list", kind)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == kind
    assert [line.split()[0] for line in lines[2:]] == list(catalog)
    assert out in call("list")[1] + "\n"


def test_list_shows_defaults(call):
    adam = next(line for line in call("list")[1].splitlines() if line.split()[:1] == ["adam"])
    assert adam.split()[2:] == "beta1=0.9 beta2=0.999 eps=1e-8 eps_inside=true bias_correction=true".split()


def test_list_json(call):
    def strict(constant):
        pytest.fail(f"{constant} is no JSON")

    status, out, err = call("list", "--json")
    assert (status, err) == (0, "")
    content = json.loads(out, parse_constant=strict)
    assert list(content) == ["surfaces", "optimizers", "schedules"]
    for kind, catalog in {"surfaces": SURFACES, "optimizers": OPTIMIZERS, "schedules": SCHEDULES}.items():
        assert [entry["key"] for entry in content[kind]] == list(catalog)
        for entry, definition in zip(content[kind], catalog.values(), strict=True):
            assert entry["name"] == definition.name
            assert [param["name"] for param in entry["params"]] == [param.name for param in definition.params]
            assert all({"name", "symbol", "default", "bounds", "help"} <= set(param) for param in entry["params"])
            assert entry["formula"]
            assert entry["source"]
        assert json.loads(call("list", kind, "--json")[1]) == {kind: content[kind]}
    adam = next(entry for entry in content["optimizers"] if entry["key"] == "adam")
    assert adam["state"] == ["v", "s"]
    assert (
        adam["params"][0] | {"name": "beta1", "symbol": "β₁", "default": 0.9, "bounds": [0.0, 1.0]} == adam["params"][0]
    )
    himmelblau = next(entry for entry in content["surfaces"] if entry["key"] == "himmelblau")
    assert len(himmelblau["minima"]) == 4
    assert all(len(point) == 2 for point in himmelblau["minima"])


# --- run ---


def test_run_prints_a_table(call):
    status, out, err = call("run")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == "run final loss best loss distance to minimum outcome".split()
    assert [line.split()[0] for line in lines[1:]] == ["Momentum", "Adagrad", "RMSprop", "Adam"]
    assert all(line.endswith("done") for line in lines[1:])
    assert [float(word) for word in lines[1].split()[1:4]]


def test_table_is_aligned(call):
    runs = ["gd lr=1e-3 label='梯度下降 ß'", f"gd lr=1e-3 label={'x' * 100}", "gd lr=10", "gd lr=1e-3 label='e\u0301'"]
    words = [word for run in runs for word in ("--run", run)]
    out = call("run", "--surface", "saddle", *words)[1]
    ends = {width(line[: line.index(" done" if " done" in line else " diverged")]) for line in out.splitlines()[1:]}
    assert len(ends) == 1
    assert all(line.split()[-2] == "-" for line in out.splitlines()[1:] if line.endswith("done"))


def test_csv_of_the_contract_example(call):
    status, out, err = call(
        *("run", "--surface", "rosenbrock", "--start", "-1.5,2.0", "--steps", "50", "--csv", "-"),
        *("--run", "adam lr=0.05 schedule=exponential k=0.01 beta1=0.9", "--run", "momentum lr=2e-4 label='my run'"),
    )
    assert (status, err) == (0, "")
    scene = Scene(
        surface="rosenbrock",
        start=(-1.5, 2.0),
        steps=50,
        runs=(
            Run("adam", lr=0.05, schedule="exponential", k=0.01, beta1=0.9),
            Run("momentum", lr=2e-4, label="my run"),
        ),
    )
    rows = rows_of(out)
    assert list(rows[0])[:10] == "run,optimizer,step,epoch,lr,x,y,loss,grad_x,grad_y".split(",")
    assert list(rows[0])[10:] == ["v_x", "v_y", "s_x", "s_y"]
    for label, trajectory in zip(["Adam", "my run"], simulate(scene), strict=True):
        mine = [float(row["loss"]) for row in rows if row["run"] == label]
        assert np.array(mine).tobytes() == trajectory.loss.tobytes()


def test_all_options_reach_the_scene(call):
    status, _, err = call(
        *("run", "--surface", "ellipse kappa=25 angle=30", "--start=1,-2e0", "--steps", "30", "--steps-per-epoch", "5"),
        *("--noise", "0.5", "--seed", "9223372036854775807", "--save", "a.optiviz"),
        *("--run", "gd lr=0.01 schedule=manual knots=7:0.5,13:0.25 color=#A0B0C0 visible=false"),
        *("--run", 'adam lr=.1 eps_inside=false schedule="staircase" period=3 label=\'my "own" run\''),
    )
    assert (status, err) == (0, "")
    assert scene_files.read(Path("a.optiviz")) == Scene(
        "ellipse",
        surface_params={"kappa": 25.0, "angle": 30.0},
        start=(1.0, -2.0),
        steps=30,
        steps_per_epoch=5,
        noise=0.5,
        seed=2**63 - 1,
        runs=(
            Run("gd", lr=0.01, schedule="manual", knots=((7, 0.5), (13, 0.25)), color="#a0b0c0", visible=False),
            Run("adam", lr=0.1, eps_inside=False, schedule="staircase", period=3, label='my "own" run'),
        ),
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], lambda scene: scene),
        (["--steps", "7"], lambda scene: scene.replace(steps=7)),
        (["--surface", "rosenbrock b=5"], lambda scene: scene.replace(surface_params={"a": 2.0, "b": 5.0})),
        (["--surface", "beale"], lambda scene: scene.replace(surface="beale", start=SURFACES["beale"].start)),
        (["--surface", "beale", "--start", "1,1"], lambda scene: scene.replace(surface="beale", start=(1.0, 1.0))),
        (["--run", "gd lr=0.001"], lambda scene: scene.replace(runs=(Run("gd", lr=0.001),))),
    ],
)
def test_options_override_the_file(call, words, expected):
    scene = Scene(
        "rosenbrock",
        surface_params={"a": 2.0, "b": 50.0},
        start=(0.5, 0.5),
        steps=20,
        noise=0.1,
        runs=[Run("lion", lr=0.1)],
    )
    scene_files.write(scene, Path("a.optiviz"))
    assert call("run", "--scene", "a.optiviz", "--save", "b.optiviz", *words)[0] == 0
    assert scene_files.read(Path("b.optiviz")) == expected(scene)


def test_without_scene(call):
    assert call("run", "--save", "a", "--seed", "0")[0] == 0
    assert scene_files.read(Path("a")) == first_scene()
    for key in ("himmelblau", "booth"):  # the first scene's own surface has no special right
        assert call("run", "--save", "a", "--surface", key)[0] == 0
        scene = scene_files.read(Path("a"))
        assert (scene.surface, scene.start, scene.runs) == (key, SURFACES[key].start, first_scene().runs)


def test_diverged_run_is_an_outcome(call):
    status, out, err = call("run", "--surface", "rosenbrock", "--run", "gd lr=1")
    assert (status, err) == (0, "")
    assert "diverged at step" in out


# --- refusals ---


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["foo"], "'foo' is neither a command (run, list) nor a file"),
        ([""], "'' is neither a command (run, list) nor a file"),
        (["lisst"], "'lisst' is neither a command (run, list) nor a file; did you mean 'list'?"),
        (["help"], "did you mean '--help'?"),
        (["a\nb\x1b[31m"], r"'a\nb\x1b[31m' is neither"),
        (["."], "cannot be read"),
        (["--verison"], "no option '--verison'; did you mean '--version'?"),
        (["--vers"], "no option '--vers'"),
        (["--version=1"], "--version takes no value"),
        (["--csv", "x"], "no option '--csv'; 'optiviz run' has it"),
        (["--json"], "no option '--json'; 'optiviz list' has it"),
        (["--version", "--version"], "--version is given twice"),
        (["list", "optimisers"], "'optimisers' is no catalog; did you mean 'optimizers'?"),
        (["list", "x"], "there are surfaces, optimizers, schedules"),
        (["list", "surfaces", "optimizers"], "'optimizers' is a word too many"),
        (["list", "--jsn"], "no option '--jsn'; did you mean '--json'?"),
        (["run", "x"], "'x' is a word too many"),
        (["run", "csv"], "did you mean '--csv'?"),
        (["run", "--step", "3"], "no option '--step'; did you mean '--steps'?"),
        (["run", "--steps"], "--steps needs a value"),
        (["run", "--csv", "--png", "x"], "--csv needs a value"),
        (["run", "--steps", "1", "--steps", "2"], "--steps is given twice"),
        (["run", "--steps", "0"], "steps must be a whole number from 1 to 1,000,000, not 0"),
        (["run", "--steps", "1e3"], "steps must be a whole number"),
        (["run", "--steps", "1_000"], "steps must be a whole number"),
        (["run", "--steps", "٣"], "steps must be a whole number"),
        (["run", "--steps", "9" * 5000], "steps must be a whole number"),
        (["run", "--steps", "-5"], "steps must be a whole number"),
        (["run", "--steps-per-epoch", "0"], "steps_per_epoch must be a whole number"),
        (["run", "--noise", "-1"], "noise must be a finite number at least 0"),
        (["run", "--noise", "1e400"], "noise must be a finite number at least 0"),
        (["run", "--seed", str(2**63)], "seed must be a whole number from 0 to 2^63-1"),
        (["run", "--start", "1"], "start must be two numbers X,Y such as -1.5,2.0, not '1'"),
        (["run", "--start", "1,2,3"], "start must be two numbers X,Y"),
        (["run", "--start", "-1,x"], "start y must be a finite number, not 'x'"),
        (["run", "--start", "nan,0"], "start x must be a finite number, not 'nan'"),
        (["run", "--start", "1e200,1e200"], "start must be a point where Himmelblau and its gradient are finite"),
        (["run", "--steps", "1000000", *["--run", "gd lr=1"] * 6], "steps times runs must be at most 5,000,000"),
        (["run", "--surface", "rosenbrok"], "'rosenbrok' is not known; did you mean 'rosenbrock'?"),
        (["run", "--surface", ""], "it must begin with a key"),
        (["run", "--surface", "rosenbrock c=1"], "Rosenbrock has no parameter 'c'; it takes a, b"),
        (["run", "--surface", "sphere a=1"], "Sphere has no parameter 'a'; it has none"),
        (["run", "--surface", "rosenbrock a=1 a=1"], "a is given twice"),
        (["run", "--surface", "rosenbrock 'a=1"], "a quotation mark is not closed"),
        (["run", "--run", "gd lr=1 \\"], "nothing follows the last backslash"),
        (["run", "--run", ""], "it must begin with a key"),
        (["run", "--run", "lr=1 gd"], "it must begin with a key"),
        (["run", "--run", "gd"], "the learning rate is missing: write lr=..., as in 'gd lr="),
        (["run", "--run", "gd 0.1"], "'0.1' must be written name=value"),
        (["run", "--run", "admm lr=1"], "optimizer 'admm' is not known; did you mean 'adam'?"),
        (["run", "--run", "adam lr=0"], "lr must be a finite number greater than 0, not 0"),
        (["run", "--run", "adam lr=nan"], "lr must be a finite number greater than 0, not 'nan'"),
        (["run", "--run", "adam lr=1 lr=2"], "lr is given twice"),
        (["run", "--run", "adam lr=1 beta1=1"], "beta1 must be a finite number at least 0 and less than 1, not 1"),
        (["run", "--run", "adam lr=1 bta1=0"], "did you mean 'beta1'?"),
        (["run", "--run", "adam lr=1 labl=x"], "did you mean 'label'?"),
        (["run", "--run", "adam lr=1 k=1"], "no parameter 'k'; schedule=inverse_time or"),
        (["run", "--run", "adam lr=1 schedule=exponental"], "did you mean 'exponential'?"),
        (["run", "--run", "adam lr=1 schedule=cosine schedule=cosine"], "schedule is given twice"),
        (["run", "--run", "adam lr=1 eps_inside=True"], "eps_inside must be true or false, not 'True'"),
        (["run", "--run", "adam lr=1 visible=1"], "visible must be true or false, not '1'"),
        (["run", "--run", "adam lr=1 color=red"], "color must be written #rrggbb"),
        (["run", "--run", "adam lr=1 label="], "label must be a text of 1 to 100 characters"),
        (["run", "--run", "adam lr=1 label='a\nb'"], "label must be a text"),
        (["run", "--run", "gd lr=1 label=a", "--run", "gd lr=1 label=a"], "label must be unique in the scene"),
        (["run", "--run", "gd lr=1 schedule=manual knots=7:0.5,7:0.1"], "knots must be pairs step:rate"),
        (["run", "--run", "gd lr=1 schedule=staircase period=1.5"], "period must be a whole number"),
        (["run", "--run", "gd " + "x" * 10_000], "must be written name=value"),
        (["run", "--size", "300x300"], "--size is the picture's: it needs --png"),
        (["run", "--png", "a.png", "--size", "99x300"], "size must be WIDTHxHEIGHT in pixels, each from 100 to 16384"),
        (["run", "--png", "a.png", "--size", "300x16385"], "size must be WIDTHxHEIGHT"),
        (["run", "--png", "a.png", "--size", "300"], "size must be WIDTHxHEIGHT"),
        (["run", "--png", "a.png", "--size", "-300x300"], "size must be WIDTHxHEIGHT"),
        (["run", "--png", ""], "--png needs the name of a file"),
        (["run", "--csv", "a", "--png", "./a"], "--csv and --png name the same file"),
        (["run", "--save", "a", "--csv", "sub/../a"], "--csv and --save name the same file"),
        (["run", "--scene", "none"], "none cannot be read: No such file or directory"),
        (["run", "--scene", "bad"], "bad: runs[0].lr must be a finite number greater than 0, not True"),
    ],
    ids=lambda value: ascii(" ".join(value))[:50] if isinstance(value, list) else "",
)
def test_refusals(refused, tmp_path, words, message):
    (tmp_path / "sub").mkdir()
    bad = scene_files.to_json(first_scene()).replace('"lr": 0.004', '"lr": true')
    (tmp_path / "bad").write_text(bad, encoding="utf-8")
    assert message in refused(*words)


def test_what_cannot_be_written(refused, tmp_path):
    (tmp_path / "old.csv").write_text("old")
    (tmp_path / "folder").mkdir()
    good = ["--save", "good.optiviz", "--csv", "old.csv"]
    assert refused("run", *good[:2], "--csv", "none/a.csv", status=1).startswith("none/a.csv cannot be written: there")
    assert refused("run", *good[:2], "--csv", "folder", status=1) == "folder cannot be written: it is a folder"
    assert refused("run", *good[2:], "--save", "folder", status=1) == "folder cannot be written: it is a folder"
    assert refused("run", *good, "--png", "old.csv/a.png", status=1).startswith("old.csv/a.png cannot be written: ")


def test_writers_that_fail_half_way(refused, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    (tmp_path / "old.csv").write_text("old")
    monkeypatch.setattr("optiviz.scene.table.write_csv", fail)
    words = ("run", "--csv", "old.csv", "--save", "new.optiviz")
    reason = "old.csv cannot be written: No space left on device; free some space there, or choose another folder"
    assert refused(*words, status=1) == reason


def test_simulation_comes_after_all_checks(refused, monkeypatch):
    monkeypatch.setattr("optiviz.scene.simulation.simulate", lambda scene: pytest.fail("simulated in vain"))
    refused("run", "--csv", "none/a.csv", status=1)
    refused("run", "--csv", "a.csv", "--png", "a.csv")


def test_interrupt_is_quiet(call, tmp_path, monkeypatch):
    def interrupt(scene):
        raise KeyboardInterrupt

    monkeypatch.setattr("optiviz.scene.simulation.simulate", interrupt)
    assert call("run", "--csv", "a.csv") == (130, "", "")
    assert not names_in(tmp_path)


# --- pictures and windows ---


def test_picture_carries_its_scene(call, tmp_path):
    words = ("run", "--steps", "20", "--png", "a.png", "--size", "640x400", "--csv", "a.csv", "--save", "a.optiviz")
    status, out, err = call(*words)
    assert (status, err) == (0, "")
    assert names_in(tmp_path) == ["a.csv", "a.optiviz", "a.png"]
    picture = (tmp_path / "a.png").read_bytes()
    assert picture.startswith(SIGNATURE)
    assert (int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")) == (640, 400)
    assert call("run", "--scene", "a.png", "--save", "b.optiviz") == (0, out, "")
    assert (tmp_path / "b.optiviz").read_bytes() == (tmp_path / "a.optiviz").read_bytes()


def test_png_without_a_scene(refused, tmp_path):
    (tmp_path / "a.png").write_bytes(SIGNATURE + b"nothing")
    assert refused("run", "--scene", "a.png").startswith("a.png: ")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_no_display(program):
    done = program()
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "'optiviz run'" in done.stderr


def test_a_bad_file_is_refused_before_a_display_is_asked_for(refused, tmp_path, monkeypatch):
    monkeypatch.setattr("optiviz.desk.display.problem", lambda: pytest.fail("asked in vain"))
    (tmp_path / "bad").write_text("{}")
    assert "format must be" in refused("bad")


def test_window_gets_scene_and_path(call, tmp_path, monkeypatch):
    starts = []
    monkeypatch.setattr("optiviz.desk.display.problem", lambda: None)
    monkeypatch.setattr("optiviz.app.start.start", lambda opened, path: starts.append((opened, path)) or 0)
    scene_files.write(first_scene(), tmp_path / "run")
    assert call() == (0, "", "")
    assert call("--", "run") == (0, "", "")
    assert call("./run") == (0, "", "")
    opened = scene_files.Opened(first_scene())
    assert starts == [(None, None), (opened, Path("run")), (opened, Path("run"))]


# --- the real program ---

IMPORTS = """
import json, sys
from optiviz.cli.main import main
for words in json.loads(sys.argv[1]):
    status = main(words)
    heavy = [name for name in sys.modules if name.startswith(("PySide6", "shiboken6", "pyqtgraph", "optiviz.app."))]
    print(json.dumps([words, status, heavy]), file=sys.stderr)
"""


def test_no_qt_where_no_picture_is_asked_for(tmp_path, environ):
    calls = {
        "--help": 0,
        "--version": 0,
        "list": 0,
        "run --csv - --save a.optiviz": 0,
        "run --steps 0": 2,
    }
    words = json.dumps([call.split() for call in calls])
    command = [sys.executable, "-c", IMPORTS, words]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, encoding="utf-8", check=False)
    found = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("[")]
    assert found == [[call.split(), status, []] for call, status in calls.items()]


def test_program_and_csv_bytes(program):
    done = program("run", "--steps", "3", "--run", "gd lr=1e-3 label=αβ", "--csv", "-", encoding=None)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\r" not in done.stdout
    assert done.stdout.decode("utf-8").splitlines()[1].startswith("αβ,gd,0,0,0.001,")


def test_csv_is_utf8_whatever_the_terminal(call):
    words = ("run", "--steps", "3", "--run", "gd lr=1e-3 label=αβ")

    def said(*more):
        with redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="ascii")) as stream:
            assert call(*words, *more) == (0, "", "")
        return stream.detach().getvalue()

    assert b"\n??" in said().replace(b"\r", b"")
    assert "\nαβ,gd,0" in said("--csv", "-").decode("utf-8")


def test_program_refuses(program, tmp_path):
    done = program("run", "--run", "adam", "--csv", "a.csv")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert not names_in(tmp_path)


FULL_OUTPUT = "optiviz: standard output cannot be written: No space left on device\n"


@FULL
@pytest.mark.parametrize("words", ["list", "--help", "run", "run --csv - --save a"])
def test_full_standard_output(call_into, tmp_path, words):
    assert call_into(DEV_FULL.open("w"), *words.split()) == (1, FULL_OUTPUT)
    assert not names_in(tmp_path)


@FULL
def test_full_standard_output_of_the_program(program, tmp_path):
    with DEV_FULL.open("w") as full:
        done = program("run", "--csv", "-", "--save", "a", stdout=full)
    assert (done.returncode, done.stderr) == (1, FULL_OUTPUT)
    assert not names_in(tmp_path)


@POSIX
@pytest.mark.parametrize("words", ["list", "list --json", "--help", "--version", "run", "run --csv -"])
def test_reader_that_does_not_read(call_into, words):
    reader, writer = os.pipe()
    os.close(reader)
    assert call_into(os.fdopen(writer, "w", encoding="utf-8"), *words.split()) == (0, "")


@POSIX
def test_reader_that_stops_reading(tmp_path, environ):
    command = f'"{sys.executable}" -m optiviz run --steps 20000 --csv - | head -n 1'
    done = subprocess.run(command, shell=True, cwd=tmp_path, env=environ, capture_output=True, check=False)
    assert done.stdout.startswith(b"run,optimizer,step")
    assert done.stderr == b""


@POSIX
def test_closed_standard_output(tmp_path, environ):
    command = f'"{sys.executable}" -m optiviz run --csv a.csv >&-'
    done = subprocess.run(command, shell=True, cwd=tmp_path, env=environ, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"optiviz: standard output cannot be written: it is closed\n")
    assert not names_in(tmp_path)


def test_self_check(call, tmp_path):
    """That of the installed program is in tests/test_packaging.py."""
    status, out, err = call("--self-check")
    assert (status, err) == (0, ""), out
    lines = out.splitlines()
    assert len(lines) == 7
    assert all(line.startswith("ok ") for line in lines)
    assert not names_in(tmp_path)


def test_self_check_that_fails(call, monkeypatch):
    def broken(folder):
        raise RuntimeError("no\npaint")

    monkeypatch.setattr("optiviz.cli.selfcheck.CHECKS", {"picture": broken, "other": lambda folder: "fine"})
    assert call("--self-check") == (1, "FAILED  picture: no paint\nok      other: fine\n", "")
