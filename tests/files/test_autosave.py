"""Slots of unsaved scenes: what a killed program left is found, and programs that live are left alone."""

import json
import os
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import optiviz
from optiviz.files import scene_files
from optiviz.files.autosave import Autosave
from optiviz.files.origin import Origin
from optiviz.scene.first import first_scene

ROOT = Path(optiviz.__file__).resolve().parent.parent
NEWER = Path(__file__).parent.parent / "data" / "scenes" / "newer.optiviz"

PROGRAM = """
import sys, time
from pathlib import Path
from optiviz.files.autosave import Autosave
from optiviz.files.origin import Origin
from optiviz.scene.first import first_scene

slots = Autosave(Path(sys.argv[1]))
for seed in map(int, sys.argv[2:]):
    slots.save(first_scene().replace(seed=seed), Origin(Path(f"{seed}.optiviz")))
print("saved", flush=True)
"""


class Program:
    """Another program with a slot in the folder, which lives until it is killed."""

    def __init__(self, folder, *seeds, then=""):
        code = f"{PROGRAM}{textwrap.dedent(then)}\ntime.sleep(60)"
        command = [sys.executable, "-c", code, str(folder), *map(str, seeds)]
        self.process = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout.readline() == "saved\n"

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def start(tmp_path):
    programs = []

    def start(*seeds, then=""):
        programs.append(Program(tmp_path / "slots", *seeds, then=then))
        return programs[-1]

    yield start
    for program in programs:
        program.kill()


@pytest.fixture
def left(tmp_path):
    """Makes what a program leaves that ends with something unsaved: to a killed one the system does the same."""

    def left(*seeds):
        for seed in seeds:
            other = Autosave(tmp_path / "slots")
            other.save(first_scene().replace(seed=seed), Origin(Path(f"{seed}.optiviz")))
            other.close()

    return left


@pytest.fixture
def slots(tmp_path):
    slots = Autosave(tmp_path / "slots")
    yield slots
    slots.close()


def seeds(found):
    return [slot.scene.seed for slot in found]


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def endings(folder):
    return sorted(path.suffix for path in folder.iterdir())


def test_nothing_at_first(slots, tmp_path):
    assert slots.abandoned() == []
    slots.clear()
    slots.close()
    assert names_in(tmp_path) == []  # asking leaves no trace


def test_what_a_killed_program_left(slots, start, tmp_path):
    program = start(1, 2, 3)
    assert slots.abandoned() == []
    program.kill()
    (slot,) = slots.abandoned()
    assert slot.scene == first_scene().replace(seed=3)
    assert slot.origin == Origin(Path("3.optiviz"))
    assert abs(slot.when - datetime.now(UTC)) < timedelta(minutes=1)
    assert slots.abandoned() == [slot]  # until somebody takes it
    assert slots.take(slot)
    assert not slots.take(slot)
    assert slots.abandoned() == []
    assert endings(tmp_path / "slots") == [".lock", ".slot"]


def test_what_was_taken_is_safe_at_once(slots, start):
    start(1).kill()
    taker = start(then="(slot,) = slots.abandoned(); slots.take(slot); print('saved', flush=True)")
    assert taker.process.stdout.readline() == "saved\n"
    assert slots.abandoned() == []
    taker.kill()
    assert seeds(slots.abandoned()) == [1]


def test_only_one_program_takes_it(slots, left, tmp_path):
    left(1)
    (slot,) = slots.abandoned()
    other = Autosave(tmp_path / "slots")
    (same,) = other.abandoned()
    assert other.take(same)
    assert not slots.take(slot)
    slots.discard(slot)  # nor is it thrown away under the other's feet
    other.close()
    assert seeds(slots.abandoned()) == [1]


def test_programs_that_live_are_left_alone(slots, start, tmp_path):
    other, same = start(1), Autosave(tmp_path / "slots")
    same.save(first_scene().replace(seed=2), Origin())
    slots.save(first_scene(), Origin())
    assert slots.abandoned() == []
    before = {path: path.read_bytes() for path in (tmp_path / "slots").iterdir()}
    slots.save(first_scene().replace(seed=9), Origin())
    slots.clear()
    after = {path: path.read_bytes() for path in (tmp_path / "slots").iterdir()}
    assert len(after) == 5
    assert after.items() <= before.items()
    other.kill()
    assert seeds(slots.abandoned()) == [1]
    same.close()
    assert sorted(seeds(slots.abandoned())) == [1, 2]


def test_latest_first(slots, left, tmp_path):
    left(1, 2, 3)
    now = time.time()
    for slot in slots.abandoned():
        moment = now - 1000 * (slot.scene.seed % 3)
        os.utime(tmp_path / "slots" / f"{slot.name}.slot", (moment, moment))
    assert seeds(slots.abandoned()) == [3, 1, 2]


def test_discard(slots, left, tmp_path):
    left(1)
    slots.discard(*slots.abandoned())
    assert slots.abandoned() == []
    assert names_in(tmp_path / "slots") == []


def test_clean_end(slots, start, tmp_path):
    start(1, then="slots.clear(); sys.exit()").process.wait()
    assert slots.abandoned() == []
    slots.save(first_scene(), Origin())
    slots.clear()
    slots.close()
    assert all(name.endswith(".lock") for name in names_in(tmp_path / "slots"))


def test_closed_with_something_unsaved(slots, tmp_path):
    other = Autosave(tmp_path / "slots")
    other.save(first_scene(), Origin(Path("a.optiviz")))
    assert slots.abandoned() == []
    other.close()
    assert [slot.origin.path for slot in slots.abandoned()] == [Path("a.optiviz")]
    other.save(first_scene().replace(seed=5), Origin())  # in a new slot
    assert seeds(slots.abandoned()) == [0]
    other.close()
    assert len(slots.abandoned()) == 2


def test_kept_of_a_newer_file(slots, tmp_path):
    found = scene_files.read_tolerant(NEWER)
    other = Autosave(tmp_path / "slots")
    other.save(found.scene.replace(seed=4), Origin(NEWER, found.foreign))
    other.close()
    (slot,) = slots.abandoned()
    assert (slot.scene, slot.origin.path) == (found.scene.replace(seed=4), NEWER)
    assert slot.origin.foreign.runs == found.foreign.runs
    scene_files.write(slot.scene, tmp_path / "a.optiviz", foreign=slot.origin.foreign)
    written = (tmp_path / "a.optiviz").read_text(encoding="utf-8")
    assert json.loads(written) == json.loads(NEWER.read_text(encoding="utf-8")) | {"seed": 4}
    assert slots.take(slot)


@pytest.mark.skipif(sys.platform != "linux", reason="names of files that are no text")
def test_any_path(slots, tmp_path):
    path = Path(os.fsdecode(b"/home/\xff\xfe/a\nb.optiviz"))
    other = Autosave(tmp_path / "slots")
    other.save(first_scene(), Origin(path))
    other.close()
    assert [slot.origin.path for slot in slots.abandoned()] == [path]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"{}",
        b"{}\n{}",
        b"\xff\xfe",
        b"[]\n{}",
        b'{"path": 7}\nSCENE',
        b'{"path": ""}\nSCENE',
        b'{"path": null}\nSCENE}',
        b'{"path": null}\n' + b"[" * 100_000,
        b'{"path": null}\n' + bytes(20_000_000),
        b'{"path": null}\nSCEN',
    ],
    ids=lambda content: ascii(content[:20]),
)
def test_damaged_slots_are_put_aside(slots, left, tmp_path, content):
    left(1)
    folder = tmp_path / "slots"
    (path,) = folder.glob("*.slot")
    whole = path.read_bytes()
    damaged = folder / "0123456789abcdef.slot"
    damaged.write_bytes(content.replace(b"SCENE", whole.partition(b"\n")[2]))
    assert seeds(slots.abandoned()) == [1]
    assert not damaged.exists()
    assert endings(folder) == [".broken", ".lock", ".slot"]
    assert seeds(slots.abandoned()) == [1]


def test_what_a_kill_in_the_middle_of_writing_leaves(slots, left, tmp_path):
    folder = tmp_path / "slots"
    left(1)
    (path,) = folder.glob("*.slot")
    path.with_suffix(".new").write_bytes(b"half")  # the second time
    (folder / "0123456789abcdef.lock").touch()
    (folder / "0123456789abcdef.new").write_bytes(b"half")  # the first time
    assert seeds(slots.abandoned()) == [1]
    assert endings(folder) == [".lock", ".slot"]


def test_what_only_a_newer_program_can_show_is_left_for_it(slots, left, tmp_path):
    left(1)
    (path,) = (tmp_path / "slots").glob("*.slot")
    content = path.read_bytes().replace(b'"version": 1', b'"version": 2').replace(b'"himmelblau"', b'"moebius"')
    path.write_bytes(content)
    assert slots.abandoned() == []
    assert path.read_bytes() == content


def test_strange_files_do_no_harm(slots, left, tmp_path):
    left(1)
    folder = tmp_path / "slots"
    (folder / "folder.slot").mkdir()
    (folder / "folder2.lock").mkdir()
    (folder / "readme.txt").write_text("mine")
    (folder / "alone.lock").touch()
    assert seeds(slots.abandoned()) == [1]
    assert not (folder / "alone.lock").exists()
    assert (folder / "readme.txt").read_text() == "mine"


def test_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("old")
    slots = Autosave(tmp_path / "file" / "slots")
    assert slots.abandoned() == []
    with pytest.raises(OSError, match=r"slots cannot keep unsaved scenes: [A-Z]"):
        slots.save(first_scene(), Origin())
    slots.clear()
    slots.close()


def test_a_disk_without_locks_is_refused(slots, tmp_path, monkeypatch):
    monkeypatch.setattr("optiviz.files.autosave.hold", lambda file: False)
    with pytest.raises(OSError, match=r"slots cannot keep unsaved scenes: no file can be locked there$"):
        slots.save(first_scene(), Origin())
    assert names_in(tmp_path / "slots") == []


def test_many_programs_at_once(slots, tmp_path):
    """They start, save, look, clear and end in each other's way; nobody loses or steals anything."""
    busy = """
        for round in range(40):
            slots.save(first_scene().replace(seed=7), Origin())
            assert slots.abandoned() == [], "somebody's slot was taken for abandoned"
            slots.clear()
            slots.close()
            assert slots.abandoned() == []
        print("well", flush=True)
        sys.exit()
    """
    programs = [Program(tmp_path / "slots", then=busy) for _ in range(3)]
    assert [program.process.communicate(timeout=60)[0] for program in programs] == ["well\n"] * 3
    assert slots.abandoned() == []
    assert names_in(tmp_path / "slots") == []
