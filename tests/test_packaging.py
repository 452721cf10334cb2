"""What a user installs: wheel and sdist are complete and work from any folder; packaging/dev.py does the rest."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / "packaging" / "dev.py"
LEFTOVERS = ("~", ".swp", ".pyc", ".DS_Store")
posix_only = pytest.mark.skipif(os.name != "posix", reason="POSIX only")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


def files_below(folder: str) -> set[str]:
    """The files of the checkout in that folder, as paths from the checkout's top."""
    found = {file.relative_to(ROOT).as_posix() for file in (ROOT / folder).rglob("*") if file.is_file()}
    return {name for name in found if not name.endswith(LEFTOVERS)}


def python(*arguments: str, cwd: Path) -> str:
    """What a Python without the user's settings prints; it must succeed and say nothing else."""
    command = [sys.executable, "-I", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


# Wheels as pip builds them, but without a network; of the sdist, which is unpacked first, another one.
BUILD = """
import json, sys, tarfile
from pathlib import Path
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

def wheel(source, folder, version="standard"):
    return next(WheelBuilder(str(source)).build(directory=str(target / folder), versions=[version]))

root, target = sys.argv[1], Path(sys.argv[2])
built = {"wheel": wheel(root, "wheel"), "editable": wheel(root, "editable", "editable")}
with tarfile.open(next(SdistBuilder(root).build(directory=str(target)))) as archive:
    options = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # from Python 3.11.4 on
    archive.extractall(target / "sdist", **options)
(built["sdist"],) = map(str, (target / "sdist").iterdir())
built["wheel of the sdist"] = wheel(built["sdist"], "again")
print(json.dumps(built))
"""


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheels, the editable one among them, and the sdist, unpacked."""
    folder = tmp_path_factory.mktemp("built")
    made = json.loads(python("-c", BUILD, str(ROOT), str(folder), cwd=folder))
    return {name: Path(path) for name, path in made.items()}


@pytest.fixture(scope="module")
def installed(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what pip would put into site-packages."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(built["wheel"]) as archive:
        archive.extractall(folder)
    return folder


# --- wheel and sdist ---


def test_the_wheel_holds_the_package_and_the_resources_and_nothing_else(built):
    expected = files_below("optiviz") | {f"optiviz/{name}" for name in files_below("resources")}
    assert files_below("resources")
    assert names_in(built["wheel"]) == expected


def test_the_sdist_holds_what_a_checkout_does(built):
    sdist = built["sdist"]
    held = {file.relative_to(sdist).as_posix() for file in sdist.rglob("*") if file.is_file()}
    wanted = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"}
    for folder in ("optiviz", "resources", "tests", "packaging"):
        wanted |= files_below(folder)
    assert wanted <= held


def test_the_sdist_builds_the_same_wheel(built):
    again = built["wheel of the sdist"]
    assert again.name == built["wheel"].name
    assert names_in(again) == names_in(built["wheel"])


def test_an_editable_install_points_to_the_checkout_and_copies_nothing(built):
    assert {Path(name).suffix for name in names_in(built["editable"])} == {".pth"}


def test_an_installed_program_passes_its_self_check_with_its_own_resources_from_any_folder(installed, tmp_path):
    code = (
        "import runpy, sys; sys.path.insert(0, sys.argv[1]); sys.argv = ['optiviz', '--self-check'];"
        "runpy.run_module('optiviz', run_name='__main__', alter_sys=True)"
    )
    said = python("-c", code, str(installed), cwd=tmp_path)
    assert f"found in {installed / 'optiviz' / 'resources'}\n" in said
    assert list(tmp_path.iterdir()) == []


def test_the_folder_packaging_is_no_package():
    assert not (ROOT / "packaging" / "__init__.py").exists(), "it would hide the library that pytest imports"


# --- packaging/dev.py ---


@pytest.fixture
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev_under_test", DEV)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def bare(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """dev.py on a Linux system that has apt-get and nothing that is asked for; the user is not root."""
    monkeypatch.setattr(dev, "loads", lambda library: False)
    monkeypatch.setattr(dev, "has_font", lambda: False)
    monkeypatch.setattr(dev, "has_ensurepip", lambda: False)
    monkeypatch.setattr(dev.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000, raising=False)
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    return dev


@pytest.fixture
def calls(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The programs that dev.py starts; none of them really runs. Its checkout is a folder of our own."""
    started: list[list[str]] = []

    def record(command, *rest, **options):
        started.append([str(word) for word in command])
        return 0

    monkeypatch.setattr(dev, "start", record)
    monkeypatch.setattr(dev, "quiet", record)
    monkeypatch.setattr(dev, "check", lambda name, command: True)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "STAMP", tmp_path / ".venv" / "stamp.json")
    monkeypatch.setattr(dev, "venv_works", lambda: True)
    for name in (".venv", "packaging"):
        (tmp_path / name).mkdir()
    (tmp_path / "pyproject.toml").write_text("one")
    (tmp_path / "packaging" / "build_hook.py").write_text("")
    return started


def test_dev_imports_the_standard_library_alone():
    tree = ast.parse(DEV.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= set(sys.stdlib_module_names)


def test_dev_help_says_both_commands(dev, capsys, tmp_path):
    said = python("-S", str(DEV), "--help", cwd=tmp_path)
    assert "dev.py run" in said
    assert "dev.py test" in said
    for arguments in (["-h"], [], ["run", "--help"], ["test", "-h"]):
        assert dev.main(arguments) == 0, arguments
        assert capsys.readouterr().out == said, arguments


def test_dev_refuses_an_unknown_command(dev, capsys):
    assert dev.main(["tests"]) == 2
    assert capsys.readouterr().err == "'tests' is not known; the commands are run and test (see --help).\n"


def test_dev_needs_nothing_on_a_complete_system(dev, monkeypatch):
    monkeypatch.setattr(dev, "loads", lambda library: True)
    monkeypatch.setattr(dev, "has_font", lambda: True)
    monkeypatch.setattr(dev, "has_ensurepip", lambda: True)
    monkeypatch.setattr(dev.shutil, "which", lambda name: name)
    assert dev.missing("test", {"DISPLAY": ":0"}) == {}


@pytest.mark.parametrize(
    ("command", "environ", "packages"),
    [
        ("run", {}, set()),
        ("run", {"DISPLAY": ":0"}, {"libxcb-cursor0", "libxkbcommon-x11-0"}),
        ("run", {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, {"libxcb-cursor0", "libxkbcommon-x11-0"}),
        ("run", {"WAYLAND_DISPLAY": "wayland-0"}, {"libwayland-client0"}),
        ("test", {}, {"libxcb-cursor0", "libxkbcommon-x11-0", "xvfb", "xauth"}),
    ],
)
def test_dev_asks_for_what_the_command_needs(bare, command, environ, packages):
    asked = set(bare.missing(command, environ).values())
    special = {"libxcb-cursor0", "libxkbcommon-x11-0", "libwayland-client0", "xvfb", "xauth"}
    venv = "python{}.{}-venv".format(*sys.version_info)
    assert asked & special == packages
    assert {"libgl1", "libegl1", "libglib2.0-0", "libfontconfig1", "fonts-dejavu-core", venv} <= asked


@linux_only
def test_dev_names_the_command_to_a_user_who_may_not_install(bare, capsys, calls):
    assert bare.main(["test"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("This system lacks libglib-2.0.so.0, ")
    assert said[1].startswith("sudo apt-get install --yes --no-install-recommends fonts-dejavu-core libdbus-1-3 ")
    assert len(said) == 2
    assert calls == []


@linux_only
def test_dev_names_the_libraries_where_there_is_no_apt(bare, monkeypatch, capsys):
    monkeypatch.setattr(bare.shutil, "which", lambda name: None)
    assert bare.main(["run"]) == 1
    said = capsys.readouterr().err
    assert "libEGL.so.1" in said
    assert "apt" not in said


@linux_only
def test_dev_installs_as_root(bare, monkeypatch, calls):
    monkeypatch.setattr(bare.os, "geteuid", lambda: 0)
    with pytest.raises(bare.SetupError, match="still lacks"):  # the recorder installs nothing
        bare.install_system("run")
    assert calls[0] == ["apt-get", "update"]
    assert calls[1][:4] == ["apt-get", "install", "--yes", "--no-install-recommends"]


def test_dev_sets_up_once_and_again_when_something_changed(dev, calls, tmp_path, monkeypatch):
    def steps(extra: str) -> list[str]:
        calls.clear()
        dev.prepare(extra)
        return ["venv" if "venv" in call else call[-1].removeprefix(str(tmp_path)) for call in calls]

    assert steps("") == ["venv", ""]
    assert steps("") == []
    assert steps("dev") == ["[dev]"]
    assert steps("") == []
    assert steps("dev") == []
    (tmp_path / "pyproject.toml").write_text("two")
    assert steps("") == ["[dev]"]
    assert steps("dev") == []
    monkeypatch.setattr(dev.platform, "python_version", lambda: "3.99.1")
    assert steps("") == ["venv", ""]
    monkeypatch.setattr(dev, "venv_works", lambda: False)
    assert steps("") == ["venv", ""]


def test_dev_installs_again_after_a_failure(dev, calls, monkeypatch):
    record = dev.quiet

    def fail(command, *rest, **options):
        record(command)
        if "pip" in command:
            raise dev.SetupError("no network")

    monkeypatch.setattr(dev, "quiet", fail)
    for _ in range(2):
        with pytest.raises(dev.SetupError):
            dev.prepare("dev")
    assert ["pip" in call for call in calls] == [False, True, True]


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("ERROR: ResolutionImpossible: for help visit", None),
        ("W: Failed to fetch ...  Temporary failure resolving 'host'", "the network does not answer"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: [Errno 13] Permission denied: 'x'", "a file may not be written"),
    ],
)
def test_dev_explains_a_failed_step(dev, output, reason):
    said = dev.explain("pip could not install the packages", f"one\n\n{output}\n")
    failure = "pip could not install the packages" + (f": {reason}" if reason else "")
    assert said.splitlines() == [f"{failure}.", "  one", f"  {output}"]
    assert dev.explain("It failed", "") == "It failed."


def test_dev_shows_nothing_of_a_step_that_succeeds(dev, capfd):
    dev.quiet([sys.executable, "-c", "print('much')"], "It failed")
    assert capfd.readouterr() == ("", "")
    with pytest.raises(dev.SetupError, match=r"It failed\.\n  much"):
        dev.quiet([sys.executable, "-c", "print('much'); raise SystemExit(3)"], "It failed")


@pytest.mark.parametrize(
    ("arguments", "window"),
    [([], True), (["runs.optiviz"], True), (["list"], False), (["run", "--csv", "-"], False), (["--version"], False)],
)
def test_dev_knows_what_opens_a_window(dev, arguments, window):
    assert dev.wants_window(arguments) is window


def test_dev_run_starts_the_program_where_there_is_a_display(dev, calls, monkeypatch):
    dev.prepare("")
    calls.clear()
    monkeypatch.setattr(dev, "display_answers", lambda environ: True)
    assert dev.run(["runs.optiviz"]) == 0
    assert calls == [[str(dev.PYTHON), "-m", "optiviz", "runs.optiviz"]]


@pytest.mark.parametrize("arguments", [[], ["runs.optiviz"]])
def test_dev_run_does_the_same_job_without_a_display(dev, calls, monkeypatch, tmp_path, capsys, arguments):
    dev.prepare("")
    calls.clear()
    capsys.readouterr()
    monkeypatch.setattr(dev, "display_answers", lambda environ: False)
    monkeypatch.chdir(tmp_path)
    assert dev.run(arguments) == 0
    picture, table = str(Path.cwd() / "optiviz.png"), str(Path.cwd() / "optiviz.csv")
    scene = ["--scene", *arguments] if arguments else []
    assert calls == [[str(dev.PYTHON), "-m", "optiviz", "run", *scene, "--png", picture, "--csv", table]]
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("There is no display")
    assert said[1:] == [f"The picture is in {picture}", f"The numbers are in {table}"]


@linux_only
def test_dev_sees_that_there_is_no_display(dev):
    assert dev.display_answers({}) is False
    assert dev.display_answers({"DISPLAY": ":4711"}) is False


@pytest.mark.parametrize(("failing", "tests", "status"), [("", 0, 0), ("mypy", 0, 1), ("", 3, 3), ("ruff check", 1, 1)])
def test_dev_test_fails_if_anything_fails(dev, calls, monkeypatch, capsys, failing, tests, status):
    checked = []

    def check(name, command):
        checked.append(name)
        return name != failing

    def start(command, **options):
        assert [str(word) for word in command[1:]] == ["-m", "pytest", "-k", "this"]
        assert checked == ["ruff check", "ruff format", "mypy", "lint-imports"]
        last = capsys.readouterr().out.splitlines()[-1]
        assert last == (f"Failed checks: {failing}." if failing else "All of them passed.")
        return tests

    monkeypatch.setattr(dev, "check", check)
    monkeypatch.setattr(dev, "start", start)
    assert dev.test(["-k", "this"]) == status
    assert capsys.readouterr().out == ""  # pytest's summary is the last line


def test_dev_shows_what_a_failed_check_said(dev, capsys):
    assert dev.check("good", [sys.executable, "-c", "print('fine')"])
    assert capsys.readouterr().out == ""
    assert not dev.check("bad", [sys.executable, "-c", "raise SystemExit('line 7')"])
    assert capsys.readouterr().out == "--- bad ---\nline 7\n\n"


def test_dev_returns_the_programs_status(dev):
    assert dev.start([sys.executable, "-c", "raise SystemExit(5)"]) == 5


@posix_only
def test_dev_returns_a_killed_programs_status_as_a_shell_does(dev):
    code = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    assert dev.start([sys.executable, "-c", code]) == 128 + signal.SIGTERM


@posix_only
def test_ci_calls_the_test_command():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().endswith("exec python3 packaging/dev.py test\n")
