"""Scene files: JSON, and pictures that carry it. What the rest of the program uses of the format stands here together.

A file is what its content says, whatever its name ends in. Raising is the same everywhere: OSError if a file cannot be
read or written, ValueError if it holds no scene; both in one sentence.
"""

from __future__ import annotations

import io
import stat
from pathlib import Path
from typing import BinaryIO

from ..engine.params import shown
from ..scene.run import Run
from ..scene.scene import Scene
from .json_text import LARGEST, check_size, within
from .newer import Foreign, Opened, check_labels, open_text, text_of
from .pasted import from_text
from .png_text import SIGNATURE, find_text, utf8
from .replacing import in_words, replacing, said, writing
from .scene_json import FORMAT, MOST_RUNS, from_json, to_json

__all__ = [
    "FORMAT",
    "LARGEST",
    "Foreign",
    "Opened",
    "encoded",
    "from_json",
    "in_words",
    "is_picture",
    "looks_like_scene",
    "open_text",
    "read",
    "read_stream",
    "read_tolerant",
    "replacing",
    "text_of",
    "to_json",
    "within",
    "write",
    "writing",
]

BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # Windows' Notepad may begin a file with it
TOO_LARGE = f"a scene has at most {LARGEST // 1_000_000} MB"


# --- reading ---


def read(path: Path) -> Scene:
    """The scene in a scene file of this version or an older one, or in a PNG or SVG that OptiViz wrote."""
    with within(f"{name_of(path)}: "):
        return from_json(scene_text(path))


def read_tolerant(path: Path) -> Opened:
    """The same; of a file that a newer OptiViz wrote, what can be understood, and what is to be kept of the rest."""
    with within(f"{name_of(path)}: "):
        return open_text(scene_text(path))


def read_stream(stream: BinaryIO) -> Scene | list[Run]:
    """The scene, or the runs, that come through a pipe: a file's content, or a text as it was pasted."""
    content = stream.read(LARGEST + 1)
    return from_text(text_in(io.BytesIO(content)))


def is_picture(path: Path) -> bool:
    """Whether `path` is a picture: it may bring a scene, but is no place to save one."""
    first = beginning(path)
    return first.startswith(SIGNATURE) or is_xml(first)


def looks_like_scene(path: Path) -> bool:
    """Whether `path` may hold a scene, as far as its first bytes tell."""
    first = beginning(path)
    return first.startswith(SIGNATURE) or first.removeprefix(BYTE_ORDER_MARK).lstrip()[:1] in (b"<", b"{")


def beginning(path: Path) -> bytes:
    """The first bytes of a file; none of what cannot be read."""
    try:
        with opened(path) as file:
            return file.read(1024)
    except (OSError, ValueError):
        return b""


def name_of(path: Path) -> str:
    return path.name if path.name.isprintable() else shown(path.name)


def scene_text(path: Path) -> str:
    """The text of the scene in a file."""
    try:
        with opened(path) as file:
            return text_in(file)
    except OSError as error:
        raise in_words(error, f"{said(path)} cannot be read") from None


def opened(path: Path) -> BinaryIO:
    """The file, open. What is no file is refused: a pipe may wait for ever, and a device may never end."""
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(f"{said(path)} cannot be read: it is a folder")
    if not stat.S_ISREG(mode):
        raise OSError(f"{said(path)} cannot be read: it is no file; from a pipe, - reads standard input")
    return path.open("rb")


def text_in(file: BinaryIO) -> str:
    """The text of the scene that a file holds or, if it is a picture, carries."""
    first = file.read(len(SIGNATURE))
    if first == SIGNATURE:
        return find_text(file, FORMAT, LARGEST)
    content = (first + file.read(LARGEST + 1 - len(first))).removeprefix(BYTE_ORDER_MARK)
    if is_xml(content):
        from . import xml_text  # a library that most starts can do without

        return xml_text.find_text(content, LARGEST)
    if len(content) > LARGEST:
        raise ValueError(TOO_LARGE)
    return utf8(content)


def is_xml(content: bytes) -> bool:
    return content.removeprefix(BYTE_ORDER_MARK).lstrip()[:1] == b"<"


# --- writing ---


def write(scene: Scene, path: Path, *, foreign: Foreign | None = None) -> None:
    """Saves the scene, with what is kept of the file it comes from. If that fails, the older file is as it was."""
    content = encoded(scene, foreign)
    with replacing(path) as file:
        file.write_bytes(content)


def encoded(scene: Scene, foreign: Foreign | None = None) -> bytes:
    """What `write` writes. Raises ValueError for what could not be read again."""
    if foreign is not None:
        check_labels(scene, foreign)
    if len(scene.runs) > MOST_RUNS:
        raise ValueError(f"a scene file has at most {MOST_RUNS:,} runs, not {len(scene.runs):,}")
    text = text_of(scene, foreign)
    with within("this scene is too large for a file: "):
        check_size(text)
    return text.encode("utf-8")
