"""Animations as videos, MP4 (H.264) and WebM (VP9), by PyAV, which is not always installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from .formats import FILMS
from .stills import Pixels

PACKAGE = "optiviz[video]"
# As good as type needs it, about as fast as the drawing, and no larger than what others make of such frames.
CODECS = {
    "mp4": ("libx264", {"crf": "25", "preset": "veryfast"}),
    "webm": ("libvpx-vp9", {"crf": "36", "b": "0", "deadline": "realtime", "cpu-used": "6", "row-mt": "1"}),
}
CONTAINERS = {"mp4": {"movflags": "+faststart"}, "webm": {}}
BT709 = 1  # the colours that players expect of larger videos, and their number in FFmpeg


def library(kind: str) -> Any:
    """The package PyAV. Raises OSError in words if it is not there."""
    try:
        import av
    except ImportError:
        raise OSError(f"{FILMS[kind]} needs the package av: pip install {PACKAGE}") from None
    return av


@contextmanager
def plain_errors() -> Iterator[None]:
    """FFmpeg's errors have classes of their own, which those who catch an OSError need not know."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror) from None


class Video:
    """Takes one frame after the other and writes them as they come."""

    def __init__(self, path: Path, kind: str, width: int, height: int, frames_per_second: int) -> None:
        self._av = library(kind)
        codec, options = CODECS[kind]
        self._rate, self._count = frames_per_second, 0
        with plain_errors():
            self._container = self._av.open(str(path), "w", format=kind, container_options=CONTAINERS[kind])
        self._stream = self._container.add_stream(codec, rate=frames_per_second, options=dict(options))
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
        context = self._stream.codec_context
        context.colorspace = context.color_primaries = context.color_trc = BT709

    def add(self, pixels: Pixels, seconds: Fraction) -> None:
        """The next frame, which stays so long."""
        height, width = pixels.shape
        picture = pixels.view(np.uint8).reshape(height, width, 4)
        frame = self._av.VideoFrame.from_ndarray(picture, format="bgra")
        frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709")
        frame.time_base = Fraction(1, self._rate)
        for _ in range(round(seconds * self._rate)):
            frame.pts = self._count
            self._count += 1
            self._write(frame)

    def finish(self) -> None:
        """Writes what the encoder still holds."""
        self._write(None)
        with plain_errors():
            self._container.close()

    def _write(self, frame: Any) -> None:
        with plain_errors():
            self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Lets go of the file, whatever has happened; what has gone wrong was said before."""
        with suppress(OSError):
            self._container.close()
