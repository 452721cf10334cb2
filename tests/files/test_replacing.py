"""Files are replaced whole or not at all, whatever goes wrong in the middle, and messages say what to do."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from limits import files_of_at_most

import optiviz
from optiviz.files import scene_files
from optiviz.scene.first import first_scene

ROOT = Path(optiviz.__file__).resolve().parent.parent
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions, links, signals and devices of POSIX")
DEV_FULL = Path("/dev/full")  # some containers have none, and whoever writes to it there makes a file of that name
FULL = pytest.mark.skipif(
    not DEV_FULL.exists() or not stat.S_ISCHR(DEV_FULL.stat().st_mode), reason="/dev/full is no device"
)
LINUX_ROOT = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="mounting wants Linux and its administrator"
)


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def content_of(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_replacing_leaves_only_the_new_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")
    with scene_files.replacing(path) as new:
        assert (new.parent, new.suffix) == (tmp_path, ".csv")
        new.write_text("new")
        assert path.read_text() == "old"
    assert content_of(tmp_path) == {"a.csv": "new"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError])
def test_exception_leaves_the_old_file(tmp_path, error):
    path = tmp_path / "a.csv"
    path.write_text("old")

    def fail():
        with scene_files.replacing(path) as new:
            new.write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert content_of(tmp_path) == {"a.csv": "old"}


def test_all_or_none(tmp_path):
    (tmp_path / "a").write_text("old")

    def write_all(fail):
        with ExitStack() as stack:
            for name in "abc":
                stack.enter_context(scene_files.replacing(tmp_path / name)).write_text("new")
            if fail:
                raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        write_all(fail=True)
    assert content_of(tmp_path) == {"a": "old"}
    write_all(fail=False)
    assert content_of(tmp_path) == {"a": "new", "b": "new", "c": "new"}


def test_failing_writer_is_named_in_words(tmp_path):
    def fail():
        with scene_files.replacing(tmp_path / "b.csv"), scene_files.replacing(tmp_path / "a.csv"):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match=r"a\.csv cannot be written: No space left on device; free some space "):
        fail()
    assert not names_in(tmp_path)


def test_targets_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("old")
    for path, reason in {
        tmp_path: "it is a folder",
        tmp_path / "none" / "a.csv": "there is no folder .*none",
        tmp_path / "file" / "a.csv": "there is no folder .*file",
        tmp_path / ("x" * 300): "[A-Z]",
    }.items():
        with pytest.raises(OSError, match=f" cannot be written: {reason}"), scene_files.replacing(path):
            pytest.fail("there is nothing to write to")
    assert content_of(tmp_path) == {"file": "old"}


def test_read_only_file_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("old")
    path.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write to anything
    with (
        pytest.raises(
            PermissionError, match=r"a\.csv cannot be written: it is read-only; choose another name or folder$"
        ),
        scene_files.replacing(path),
    ):
        pytest.fail("there is nothing to write to")
    assert names_in(tmp_path) == ["a.csv"]


@POSIX
class TestPosix:
    def test_permissions_are_kept(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text("old")
        for mode in (0o600, 0o664, 0o755):
            path.chmod(mode)
            with scene_files.replacing(path) as new:
                assert stat.S_IMODE(new.stat().st_mode) == mode  # never more open than the file will be
            assert stat.S_IMODE(path.stat().st_mode) == mode

    def test_new_file_gets_what_the_umask_leaves(self, tmp_path):
        old = os.umask(0o027)
        try:
            with scene_files.replacing(tmp_path / "a.csv"):
                pass
        finally:
            os.umask(old)
        assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o640

    def test_links_stay_links(self, tmp_path):
        target, link = tmp_path / "target", tmp_path / "link"
        target.write_text("old")
        link.symlink_to("target")
        (tmp_path / "dangling").symlink_to("fresh")
        for path in (link, tmp_path / "dangling"):
            with scene_files.replacing(path) as new:
                new.write_text("new")
            assert path.is_symlink()
        assert target.read_text() == (tmp_path / "fresh").read_text() == "new"

    def test_loop_of_links(self, tmp_path):
        (tmp_path / "a").symlink_to("b")
        (tmp_path / "b").symlink_to("a")
        with pytest.raises(OSError, match="cannot be written: "), scene_files.replacing(tmp_path / "a"):
            pytest.fail("there is nothing to write to")

    def test_devices_are_written_directly(self):
        with scene_files.replacing(Path("/dev/null")) as new:
            assert new == Path("/dev/null")
            new.write_text("gone")
        assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)

    @FULL
    def test_full_device(self):
        with pytest.raises(OSError, match=r"^/dev/full cannot be written: No space left on device; free "):
            scene_files.write(first_scene(), DEV_FULL)

    def test_longest_name(self, tmp_path):
        with scene_files.replacing(tmp_path / ("x" * 251 + ".csv")) as new:
            new.write_text("new")
        assert names_in(tmp_path) == ["x" * 251 + ".csv"]


# --- what goes wrong in the middle ---

OLDER = "what the file held before"


def child(code, *words):
    """A Python that runs `code`, with some words, and ends by itself or is killed by the test."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, words)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def said_by(process):
    """What a child that ends by itself prints; it must not complain."""
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    return out.rstrip("\n")


@contextmanager
def mounted(folder, *options):
    """A small disk of its own, if this computer lets a test have one."""
    command = ["mount", "-t", "tmpfs", "-o", ",".join(["size=64k", *options]), "optiviz-test", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@LINUX_ROOT
def test_full_disk(tmp_path):
    with mounted(tmp_path):
        path = tmp_path / "a.optiviz"
        path.write_text(OLDER)
        with suppress(OSError):
            (tmp_path / "large").write_bytes(bytes(100_000))
        with pytest.raises(OSError, match=r"a\.optiviz cannot be written: No space left on device; free some space"):
            scene_files.write(first_scene(), path)
        assert path.read_text() == OLDER
        assert not [name for name in names_in(tmp_path) if name.startswith(".")]
        (tmp_path / "large").unlink()
        scene_files.write(first_scene(), path)
        assert scene_files.read(path) == first_scene()


@LINUX_ROOT
def test_read_only_disk(tmp_path):
    with mounted(tmp_path):
        path = tmp_path / "a.optiviz"
        path.write_text(OLDER)
        subprocess.run(["mount", "-o", "remount,ro", str(tmp_path)], check=True)
        for target in (path, tmp_path / "new.optiviz"):
            with pytest.raises(
                OSError, match=r"optiviz cannot be written: (it is read-only; ch|Read-only file system; ch)"
            ):
                scene_files.write(first_scene(), target)
        assert path.read_text() == OLDER
        assert names_in(tmp_path) == ["a.optiviz"]


@POSIX
def test_file_that_may_not_become_so_large(tmp_path):
    path = tmp_path / "a.optiviz"
    path.write_text(OLDER)
    with (
        pytest.raises(OSError, match=r"a\.optiviz cannot be written: File too large; choose another folder$"),
        files_of_at_most(500),
    ):
        scene_files.write(first_scene(), path)
    assert path.read_text() == OLDER
    assert names_in(tmp_path) == ["a.optiviz"]


WRITE_AS_NOBODY = """
    import os, sys
    from pathlib import Path
    from optiviz.files import scene_files
    from optiviz.scene.first import first_scene

    os.getuid() or os.setuid(65534)
    try:
        scene_files.write(first_scene(), Path(sys.argv[1]))
    except OSError as error:
        print(error)
"""


@POSIX
def test_read_only_folder():
    # Not in pytest's own folder, which nobody else may enter; root may write anywhere, so it must be somebody else.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "a.optiviz"
        path.write_text(OLDER)
        path.chmod(0o666)
        folder.chmod(0o555)
        said = said_by(child(WRITE_AS_NOBODY, path))
        folder.chmod(0o755)
        assert said == f"{path} cannot be written: Permission denied; choose another folder"
        assert path.read_text() == OLDER
        assert names_in(folder) == ["a.optiviz"]


@pytest.mark.parametrize("when", ["before", "while"])
def test_folder_that_vanished(tmp_path, when):
    folder = tmp_path / "folder"
    folder.mkdir()

    def write():
        with scene_files.replacing(folder / "a.csv") as new:
            if when == "before":
                shutil.rmtree(folder)
            new.write_text("new")
            shutil.rmtree(folder)

    with pytest.raises(FileNotFoundError, match=r"folder.a\.csv cannot be written: there is no folder .*folder$"):
        write()


@POSIX
def test_current_folder_that_vanished(tmp_path, monkeypatch):
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    with pytest.raises(OSError, match=r"^a\.optiviz cannot be written: "):
        scene_files.write(first_scene(), Path("a.optiviz"))


HALF = """
    import sys, time
    from pathlib import Path
    from optiviz.files import scene_files

    with scene_files.replacing(Path(sys.argv[1])) as new, new.open("w") as file:
        file.write("half")
        file.flush()
        print("written", flush=True)
        time.sleep(60)
"""


def test_kill_leaves_the_older_file_and_later_no_trace(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(OLDER)
    with child(HALF, path) as process:
        assert process.stdout.readline() == "written\n"
        assert path.read_text() == OLDER
        process.kill()
    assert path.read_text() == OLDER
    (left,) = (name for name in names_in(tmp_path) if name != "a.csv")
    assert left.startswith(".optiviz-")
    left = tmp_path / left

    def write(name):
        with scene_files.replacing(tmp_path / name) as new:
            new.write_text("new")

    write("a.csv")
    assert left.exists()  # somebody may still be writing it
    long_ago = time.time() - 7200
    os.utime(left, (long_ago, long_ago))
    write("b.csv")
    assert left.exists()  # not its file
    write("a.csv")
    assert content_of(tmp_path) == {"a.csv": "new", "b.csv": "new"}


def test_failure_leaves_the_neighbours_of_others_alone(tmp_path):
    with scene_files.replacing(tmp_path / "a.csv") as first:
        first.write_text("first")
        with scene_files.replacing(tmp_path / "a.csv") as second:
            second.write_text("second")
        assert first.read_text() == "first"
    assert content_of(tmp_path) == {"a.csv": "first"}
