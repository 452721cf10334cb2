"""Whether a window can be opened here. Imports no Qt, which aborts the process where none can."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress

WITHOUT_SCREEN = ("offscreen", "minimal", "vnc", "linuxfb")
# What Qt's xcb plugin loads beside Qt itself, and the Debian package that has it.
XCB_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}


def problem() -> str | None:
    """In a sentence, why no window can be opened; None if one can."""
    if sys.platform in ("win32", "darwin"):
        return None
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in WITHOUT_SCREEN:
        return None
    if os.environ.get("WAYLAND_DISPLAY") and not os.environ.get("DISPLAY"):
        return None
    if not os.environ.get("DISPLAY"):
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    missing = [package for name, package in XCB_LIBRARIES.items() if library(name) is None]
    if missing:
        return f"Qt's window libraries are missing (on Debian: apt-get install {' '.join(missing)})"
    if not answers():
        return f"the display {os.environ['DISPLAY']} does not answer"
    return None


def library(name: str) -> ctypes.CDLL | None:
    """The library, loaded, if there is one. (To ask ctypes.util whether there is takes longer: it runs a program.)"""
    with suppress(OSError):
        return ctypes.CDLL(name)
    return None


def answers() -> bool:
    """Whether the X server that DISPLAY names lets us in."""
    xcb = library("libxcb.so.1")
    if xcb is None:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    try:
        error: int = xcb.xcb_connection_has_error(connection)
        return error == 0
    finally:
        xcb.xcb_disconnect(connection)
