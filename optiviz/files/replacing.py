"""Files that are written whole or not at all: to a neighbour first, which then takes the place of the older file."""

from __future__ import annotations

import errno
import os
import stat
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..engine.params import shown

FORGOTTEN = 3600  # seconds after which a neighbour that nobody wrote to is one that a killed program left behind
ELSEWHERE = "choose another folder"
ADVICE = {
    errno.ENOSPC: "free some space there, or choose another folder",
    errno.EDQUOT: "free some space there, or choose another folder",
    errno.EFBIG: ELSEWHERE,
    errno.EROFS: ELSEWHERE,
    errno.EACCES: ELSEWHERE,
    errno.EPERM: ELSEWHERE,
    errno.EIO: ELSEWHERE,
    errno.ENAMETOOLONG: "choose a shorter name",
}


def said(path: Path) -> str:
    """A path as a message shows it: in one line."""
    return str(path) if str(path).isprintable() else shown(str(path))


def in_words(error: OSError, what: str) -> OSError:
    """`error` as a sentence that begins with `what`; one that is in words already stays as it is."""
    if error.errno is None:
        return error
    reason = os.strerror(error.errno)
    if isinstance(error, PermissionError) and os.name == "nt":
        reason += " (is it open in another program?)"
    return type(error)(f"{what}: {reason}")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Says of an OSError, in words, that it was `path` that could not be written, and what can be done."""
    try:
        yield
    except OSError as error:
        what = f"{said(path)} cannot be written"
        if error.errno in (errno.ENOENT, errno.ENOTDIR) and not (folder := folder_of(path)).is_dir():
            raise FileNotFoundError(f"{what}: there is no folder {said(folder)}") from None
        worded = in_words(error, what)
        advice = ADVICE.get(error.errno or 0)
        raise type(worded)(f"{worded}; {advice}") if advice else worded from None


def folder_of(path: Path) -> Path:
    """The folder that a file of this name is in, or would be in; a link stands for what it points to."""
    try:
        return path.resolve().parent
    except OSError:  # the current folder itself may have been removed
        return path.parent


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives the path of a new file to be written, which takes the place of `path` if all goes well.

    On an exception the new file is removed, and the older one is as it was; so several files can be written all or
    none in one ExitStack. Raises OSError in words, before anything is written if `path` cannot be a file. What is no
    regular file (a device, a pipe) is given as it is and written directly.
    """
    with writing(path):
        older = found(path)
        if older is not None and not stat.S_ISREG(older.st_mode):
            yield path
            return
        target = path.resolve()  # a link stays a link
        # The same ending, for those who write; not the same name, which may be as long as a name can be.
        neighbour = target.with_name(f"{family(target)}{os.urandom(6).hex()}{target.suffix[:20]}")
        neighbour.touch(mode=0o666, exist_ok=False)  # what the umask leaves of it, as for any new file
        try:
            if older is not None:
                adopt(neighbour, older)
            yield neighbour
            to_disk(neighbour)
            neighbour.replace(target)
        except BaseException:
            with suppress(OSError):
                neighbour.unlink(missing_ok=True)
            raise
        sweep(target)


def family(target: Path) -> str:
    """How the names of all neighbours of a file begin."""
    return f".optiviz-{zlib.crc32(os.fsencode(target.name)):08x}-"


def sweep(target: Path) -> None:
    """Removes the neighbours of this file that programs left behind when they were killed."""
    with suppress(OSError):
        for left in target.parent.glob(f"{family(target)}*"):
            if time.time() - left.lstat().st_mtime > FORGOTTEN:
                left.unlink()


def found(path: Path) -> os.stat_result | None:
    """What is there under this name; None if a new file can be made. Raises OSError if it cannot."""
    try:
        older = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        if not folder_of(path).is_dir():
            raise
        return None
    if stat.S_ISDIR(older.st_mode):
        raise IsADirectoryError(f"{said(path)} cannot be written: it is a folder")
    if not os.access(path, os.W_OK):
        raise PermissionError(f"{said(path)} cannot be written: it is read-only; choose another name or folder")
    return older


def adopt(path: Path, older: os.stat_result) -> None:
    """Gives a new file the owner, as far as that is allowed, and the permissions of the one that it replaces."""
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(path, older.st_uid, older.st_gid)
    path.chmod(stat.S_IMODE(older.st_mode))


def to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
