"""Animations that are a series of stills, each laid over the ones before: GIF, WebP and APNG.

Only what has changed is encoded, by Pillow, and written at once, so that the memory holds two frames however long the
animation is. (Pillow's own writers keep all frames; with a palette for each, GIFs take ten times the time and room.)
"""

from __future__ import annotations

import io
import struct
import zlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import GifImagePlugin, Image

Pixels = npt.NDArray[np.uint32]  # rows of 0xffRRGGBB, as QImage's Format_RGB32 has them
Mask = npt.NDArray[np.bool_]

COLORS = 255  # of a GIF's palette; the last place is transparent
TRANSPARENT = 255
SAMPLED = 40_000  # pixels of each sample, about, from which the palette is chosen
GIF_LOOPS_FOR_EVER = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
WEBP_HAS_ALPHA, WEBP_IS_ANIMATED = 0x10, 0x02
WEBP_IMAGE = (b"ALPH", b"VP8 ", b"VP8L")
PNG_BLENDS_OVER = 1


class Stills(ABC):
    """Takes one frame after the other, and writes those that differ from the one before."""

    grain = 1  # corners of stills lie on multiples of it

    def __init__(self, file: BinaryIO, width: int, height: int) -> None:
        self.file, self.width, self.height = file, width, height
        self._before: Pixels | None = None
        self._waiting: tuple[bytes, tuple[int, int, int, int]] | None = None  # until it is known how long it stays
        self._begun = self._now = Fraction(0)  # seconds

    def add(self, pixels: Pixels, seconds: Fraction) -> None:
        """The next frame, which stays so long. The array may be written over afterwards."""
        changed = pixels != self._before if self._before is not None else np.ones(pixels.shape, dtype=bool)
        box = self._box(changed)
        if box is not None:
            self._write_waiting()
            x, y, right, bottom = box
            part = pixels[y:bottom, x:right]
            self._waiting = self.encoded(part, changed[y:bottom, x:right]), box
            self._before = pixels.copy()
        self._now += seconds

    def finish(self) -> None:
        """Writes what is left."""
        self._write_waiting()

    def _write_waiting(self) -> None:
        if self._waiting is not None:
            content, box = self._waiting
            self.write(content, box, self._begun, self._now)
            self._begun = self._now

    def _box(self, changed: Mask) -> tuple[int, int, int, int] | None:
        """Left, top, right and bottom of what has changed; None if nothing has."""
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        if not len(rows):
            return None
        left, top = int(columns[0]) // self.grain * self.grain, int(rows[0]) // self.grain * self.grain
        return left, top, int(columns[-1]) + 1, int(rows[-1]) + 1

    @abstractmethod
    def encoded(self, pixels: Pixels, changed: Mask) -> bytes:
        """The part of a frame as a still in which what has not changed is transparent."""

    @abstractmethod
    def write(self, content: bytes, box: tuple[int, int, int, int], begin: Fraction, end: Fraction) -> None:
        """Writes a still that is shown from `begin` to `end`."""


def ticks(begin: Fraction, end: Fraction, to_a_second: int) -> int:
    """How many ticks of the format's clock lie between. Rounded so that the sum does not drift."""
    return round(end * to_a_second) - round(begin * to_a_second)


def image_of(pixels: Pixels, changed: Mask) -> Image.Image:
    """The pixels that have changed, the others transparent."""
    shown = np.where(changed, pixels, 0).astype("<u4")
    return Image.frombuffer("RGBA", (pixels.shape[1], pixels.shape[0]), shown.tobytes(), "raw", "BGRA", 0, 1)


class Gif(Stills):
    """One palette for all frames, chosen from a few of them."""

    def __init__(
        self, file: BinaryIO, width: int, height: int, samples: Sequence[Pixels], colors: Sequence[int]
    ) -> None:
        """`colors` (0xRRGGBB) are in the palette as they are, so that thin lines keep theirs."""
        super().__init__(file, width, height)
        palette = choose_palette(samples, colors)
        self._palette = palette.astype(np.int32)
        self._places = np.full(1 << 24, TRANSPARENT, dtype=np.uint8)  # colour → place in the palette, once known
        table = np.zeros((256, 3), dtype=np.uint8)
        table[: len(palette)] = palette
        file.write(b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF7, 0, 0) + table.tobytes() + GIF_LOOPS_FOR_EVER)

    def encoded(self, pixels: Pixels, changed: Mask) -> bytes:
        colors = pixels & 0xFFFFFF
        places = self._places[colors]
        unknown = np.unique(colors[changed & (places == TRANSPARENT)])
        if len(unknown):
            self._places[unknown] = nearest(unknown, self._palette)
            places = self._places[colors]
        return np.where(changed, places, TRANSPARENT).astype(np.uint8).tobytes()

    def write(self, content: bytes, box: tuple[int, int, int, int], begin: Fraction, end: Fraction) -> None:
        x, y, right, bottom = box
        image = Image.frombytes("P", (right - x, bottom - y), content)
        milliseconds = 10 * ticks(begin, end, 100)
        for block in GifImagePlugin.getdata(image, (x, y), duration=milliseconds, transparency=TRANSPARENT, disposal=1):
            self.file.write(block)

    def finish(self) -> None:
        super().finish()
        self.file.write(b";")


def choose_palette(samples: Sequence[Pixels], colors: Sequence[int]) -> npt.NDArray[np.uint8]:
    """At most COLORS colours (rows of red, green, blue) for the samples: the given ones and a choice by Pillow."""
    chosen = []
    for pixels in samples:
        flat = np.unique(pixels)  # a colour counts once, so that thin lines weigh as much as large grounds
        chosen += [flat, pixels.ravel()[:: max(1, pixels.size // SAMPLED)]]
    some = np.concatenate(chosen).astype(np.uint32)
    image = Image.frombuffer("RGB", (len(some), 1), some.astype("<u4").tobytes(), "raw", "BGRX", 0, 1)
    fixed = list(dict.fromkeys(colors))[: COLORS // 2]
    rest = image.quantize(COLORS - len(fixed), method=Image.Quantize.MEDIANCUT).getpalette() or []
    palette = [[(color >> 16) & 255, (color >> 8) & 255, color & 255] for color in fixed]
    palette += [rest[begin : begin + 3] for begin in range(0, len(rest), 3)]
    return np.array(palette[:COLORS], dtype=np.uint8)


def nearest(colors: Pixels, palette: npt.NDArray[np.int32]) -> npt.NDArray[np.uint8]:
    """For each colour the place in the palette of the one most like it."""
    channels = np.stack([(colors >> shift) & 255 for shift in (16, 8, 0)], axis=1).astype(np.int32)
    places = np.empty(len(colors), dtype=np.uint8)
    for first in range(0, len(colors), 4096):
        apart = channels[first : first + 4096, None, :] - palette[None, :, :]
        places[first : first + 4096] = (apart * apart).sum(axis=2).argmin(axis=1)
    return places


class WebP(Stills):
    """Lossless. The container's format is Google's "WebP Container Specification"."""

    grain = 2

    def __init__(self, file: BinaryIO, width: int, height: int) -> None:
        super().__init__(file, width, height)
        self._start = file.tell()
        file.write(b"RIFF\0\0\0\0WEBP")
        flags = struct.pack("<B3x", WEBP_HAS_ALPHA | WEBP_IS_ANIMATED)
        self._chunk(b"VP8X", flags + three_bytes(width - 1) + three_bytes(height - 1))
        self._chunk(b"ANIM", struct.pack("<IH", 0xFFFFFFFF, 0))  # white behind it; for ever

    def _chunk(self, kind: bytes, content: bytes) -> None:
        self.file.write(kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2))

    def encoded(self, pixels: Pixels, changed: Mask) -> bytes:
        still = io.BytesIO()
        image_of(pixels, changed).save(still, "WEBP", lossless=True, quality=50, method=1)
        return b"".join(
            kind + content for kind, content in riff_chunks(still.getvalue()) if kind in (b"ALPH", b"VP8 ", b"VP8L")
        )

    def write(self, content: bytes, box: tuple[int, int, int, int], begin: Fraction, end: Fraction) -> None:
        x, y, right, bottom = box
        head = b"".join(three_bytes(number) for number in (x // 2, y // 2, right - x - 1, bottom - y - 1))
        self._chunk(b"ANMF", head + three_bytes(ticks(begin, end, 1000)) + b"\0" + content)

    def finish(self) -> None:
        super().finish()
        end = self.file.tell()
        self.file.seek(self._start + 4)
        self.file.write(struct.pack("<I", end - self._start - 8))
        self.file.seek(end)


def three_bytes(number: int) -> bytes:
    return number.to_bytes(3, "little")


def riff_chunks(still: bytes) -> list[tuple[bytes, bytes]]:
    """Kind, and length with content and padding, of each chunk of a WebP file."""
    chunks, place = [], 12
    while place < len(still):
        (length,) = struct.unpack_from("<I", still, place + 4)
        end = place + 8 + length + length % 2
        chunks.append((still[place : place + 4], still[place + 4 : end]))
        place = end
    return chunks


class Apng(Stills):
    """Lossless, and a PNG for whoever does not know animations (PNG specification, third edition, section 11.3.4).

    `text` is a key and a text that the file carries.
    """

    def __init__(self, file: BinaryIO, width: int, height: int, text: tuple[str, str]) -> None:
        super().__init__(file, width, height)
        self._start, self._frames, self._number = file.tell(), 0, 0
        file.write(b"\x89PNG\r\n\x1a\n")
        self._chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
        self._count = file.tell()
        self._chunk(b"acTL", struct.pack(">II", 0, 0))  # the count is known at the end; for ever
        key, words = text
        self._chunk(b"iTXt", key.encode("latin-1") + b"\0\0\0\0\0" + words.encode("utf-8"))

    def _chunk(self, kind: bytes, content: bytes) -> None:
        self.file.write(struct.pack(">I", len(content)) + kind + content)
        self.file.write(struct.pack(">I", zlib.crc32(kind + content)))

    def _next(self) -> bytes:
        self._number += 1
        return struct.pack(">I", self._number - 1)

    def encoded(self, pixels: Pixels, changed: Mask) -> bytes:
        still = io.BytesIO()
        image_of(pixels, changed).save(still, "PNG", compress_level=6)
        return b"".join(png_data(still.getvalue()))

    def write(self, content: bytes, box: tuple[int, int, int, int], begin: Fraction, end: Fraction) -> None:
        x, y, right, bottom = box
        place = struct.pack(">IIII", right - x, bottom - y, x, y)
        delay = struct.pack(">HH", ticks(begin, end, 1000), 1000)
        self._chunk(b"fcTL", self._next() + place + delay + bytes((0, PNG_BLENDS_OVER)))
        if self._frames:
            self._chunk(b"fdAT", self._next() + content)
        else:
            self._chunk(b"IDAT", content)
        self._frames += 1

    def finish(self) -> None:
        super().finish()
        self._chunk(b"IEND", b"")
        end = self.file.tell()
        self.file.seek(self._count)
        self._chunk(b"acTL", struct.pack(">II", self._frames, 0))
        self.file.seek(end)


def png_data(still: bytes) -> list[bytes]:
    """What the image data chunks of a PNG file hold."""
    found, place = [], 8
    while place < len(still):
        length, kind = struct.unpack_from(">I4s", still, place)
        if kind == b"IDAT":
            found.append(still[place + 8 : place + 8 + length])
        place += length + 12
    return found
