"""What survives a crash: every running program keeps its unsaved scene in a slot of its own.

A slot is a file with the scene and a lock file beside it, which the program holds locked while it lives; the system
lets go of the lock however the program ends. So a slot whose lock can be had belongs to nobody any more, and programs
that run at the same time never touch each other's. Names are drawn by lot and never used twice.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from ..engine.params import shown
from ..scene.scene import Scene
from .json_text import LARGEST, Members, parse
from .newer import Opened, TooNewError, open_text, text_of
from .origin import Origin
from .png_text import utf8
from .replacing import in_words, said, writing

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

CONTENT, NEW, LOCK, BROKEN = ".slot", ".new", ".lock", ".broken"
LONGEST_HEAD = 100_000  # bytes; a path fits in
ATTEMPTS = 5  # at a lock file that nobody else looks into at the same moment


@dataclass(frozen=True)
class Slot:
    """What a program left that ended without saving: the scene, where it came from, and when."""

    name: str
    scene: Scene
    origin: Origin
    when: datetime


class Autosave:
    """The slots in a folder, one of them this program's own. The folder is made when it is needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._name = ""
        self._lock: BinaryIO | None = None

    def save(self, scene: Scene, origin: Origin) -> None:
        """Keeps the scene, the file that it belongs to, and what that keeps. Raises OSError if that fails."""
        if self._lock is None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._name, self._lock = self._claim()
            except OSError as error:
                raise in_words(error, f"{said(self.folder)} cannot keep unsaved scenes") from None
        head = json.dumps(
            {"path": None if origin.path is None else str(origin.path)}
        )  # ASCII: a path may hold what is no text
        content = f"{head}\n{text_of(scene, origin.foreign)}".encode()
        path = self._content(self._name)
        with writing(path):  # not waiting for the disk: this happens every few seconds in the window's thread
            self._new(self._name).write_bytes(content)
            self._new(self._name).replace(path)

    def clear(self) -> None:
        """There is nothing unsaved any more."""
        if self._lock is not None:
            with suppress(OSError):
                self._content(self._name).unlink()

    def close(self) -> None:
        """Gives the slot up at the end of the program; what is still in it is there for the next one."""
        if self._lock is not None:
            self._let_go(self._name, self._lock)
            self._name, self._lock = "", None

    def abandoned(self) -> list[Slot]:
        """What programs left that ended without saving, the latest first. What is damaged is put aside."""
        slots = []
        for name in self._names():
            with self._taken(name) as taken:
                if taken and (slot := self._read(name)):
                    slots.append(slot)
        return sorted(slots, key=lambda slot: slot.when, reverse=True)

    def take(self, slot: Slot) -> bool:
        """Makes what is in an abandoned slot this program's own; False if another program was faster."""
        with self._taken(slot.name) as taken:
            if not taken or not self._content(slot.name).exists():
                return False
            self.save(slot.scene, slot.origin)
            self._content(slot.name).unlink()
        return True

    def discard(self, slot: Slot) -> None:
        """Throws an abandoned slot away."""
        with self._taken(slot.name) as taken:
            if taken:
                self._content(slot.name).unlink(missing_ok=True)

    def _content(self, name: str) -> Path:
        return self.folder / f"{name}{CONTENT}"

    def _new(self, name: str) -> Path:
        return self.folder / f"{name}{NEW}"

    def _lock_file(self, name: str) -> Path:
        return self.folder / f"{name}{LOCK}"

    def _claim(self) -> tuple[str, BinaryIO]:
        """The name of a new slot, and its lock, held."""
        for _ in range(ATTEMPTS):
            name = os.urandom(8).hex()
            path = self._lock_file(name)
            file = path.open("xb")
            # Another program may have looked in between, found the slot empty and removed its lock file.
            if hold(file) and path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return name, file
            self._let_go(name, file)
        raise OSError(f"{said(self.folder)} cannot keep unsaved scenes: no file can be locked there")

    @contextmanager
    def _taken(self, name: str) -> Iterator[bool]:
        """Tries to hold the lock of another program's slot meanwhile; gives whether that went well."""
        try:
            file = self._lock_file(name).open("ab")
        except OSError:
            yield False
            return
        if name == self._name or not hold(file):
            file.close()
            yield False
            return
        try:
            yield True
        finally:
            self._let_go(name, file)

    def _let_go(self, name: str, file: BinaryIO) -> None:
        """Unlocks a slot. If it is empty its lock file goes too, before anybody else can hold it."""
        with suppress(OSError):
            self._new(name).unlink(missing_ok=True)  # half of it: somebody was killed in the middle
        empty = not self._content(name).exists()
        if os.name == "nt":  # which removes no open file, be it ours or somebody else's
            file.close()
        if empty:
            with suppress(OSError):
                self._lock_file(name).unlink()
        file.close()

    def _names(self) -> list[str]:
        try:
            return sorted({path.stem for path in self.folder.iterdir() if path.suffix in (CONTENT, LOCK)})
        except OSError:
            return []

    def _read(self, name: str) -> Slot | None:
        """What is in a slot whose lock is held; None if it is empty, damaged, or a newer program's."""
        path = self._content(name)
        try:
            with path.open("rb") as file:
                when = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
                belongs_to, opened = contents_of(file.read(LONGEST_HEAD + LARGEST))
            return Slot(name, opened.scene, Origin(path=belongs_to, foreign=opened.foreign), when)
        except TooNewError:
            return None
        except ValueError:
            with suppress(OSError):
                path.replace(path.with_suffix(BROKEN))
            return None
        except OSError:
            return None


def contents_of(content: bytes) -> tuple[Path | None, Opened]:
    """What a slot holds: a line with the path of the scene's file, and the text of a scene file."""
    first, _, text = content.partition(b"\n")
    head = parse(utf8(first))
    path = head.get("path", "") if isinstance(head, Members) else ""
    if not isinstance(path, str | None) or path == "":
        raise ValueError(f"the first line must name the file, not {shown(head)}")
    return None if path is None else Path(path), open_text(utf8(text))


def hold(file: BinaryIO) -> bool:
    """Locks an open file until it is closed; False if somebody else holds it, or the disk knows no locks."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
