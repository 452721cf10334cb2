"""The texts that a PNG file carries beside its picture, read without a library of pictures.

Qt would do it too. It would bring its libraries with it, though, decide about a display before the program has done so,
and let libpng write about a broken file on standard error. PNG specification (third edition), section 11.3.3.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEAD = struct.Struct(">I4s")
CHECKSUM = struct.Struct(">I")
TEXTS = (b"tEXt", b"zTXt", b"iTXt")
MOST_CHUNKS = 200_000  # a picture of 16384 x 16384 pixels in pieces of 8 kB has half of them


def find_text(file: BinaryIO, key: str, longest: int) -> str:
    """The text called `key` in a PNG whose signature has just been read.

    Raises ValueError if there is none, if it is longer than `longest` bytes, or if the file is damaged before it.
    """
    start = key.encode("latin-1") + b"\0"
    for kind, content in text_chunks(file, start, longest):
        return decoded(kind, content.removeprefix(start), longest)
    raise ValueError("this picture carries no OptiViz scene")


def text_chunks(file: BinaryIO, start: bytes, longest: int) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of the chunks that hold a text and begin with `start`; nothing else is read in."""
    for _ in range(MOST_CHUNKS):
        head = file.read(HEAD.size)
        if len(head) < HEAD.size:
            return
        length, kind = HEAD.unpack(head)
        first = file.read(min(length, len(start))) if kind in TEXTS else b""
        if first != start:
            file.seek(length - len(first) + CHECKSUM.size, 1)
            continue
        if length > longest:
            raise ValueError("this picture carries a text that is too long for a scene")
        content, checksum = first + file.read(length - len(first)), file.read(CHECKSUM.size)
        if checksum != CHECKSUM.pack(zlib.crc32(kind + content)):
            raise ValueError("this picture is damaged")
        yield kind, content


def decoded(kind: bytes, content: bytes, longest: int) -> str:
    """What stands behind the name in a chunk, as text."""
    if kind == b"tEXt":
        return content.decode("latin-1")
    if kind == b"zTXt":
        return inflated(content[1:], longest).decode("latin-1")
    compressed = content[:1] == b"\1"
    _language, _, rest = content[2:].partition(b"\0")
    _translated_name, _, text = rest.partition(b"\0")
    return utf8(inflated(text, longest) if compressed else text)


def inflated(content: bytes, longest: int) -> bytes:
    """The content unpacked, without ever making more than `longest` bytes of it."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(content, longest + 1)
    except zlib.error:
        raise ValueError("this picture is damaged") from None
    if len(text) > longest:
        raise ValueError("this picture carries a text that is too long for a scene")
    return text


def utf8(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"this is not UTF-8: byte {error.start:,} is no part of a text") from None
