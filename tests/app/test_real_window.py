"""The real program in a real X window: played, stepped, changed, exported from, and closed the user's way."""

from __future__ import annotations

import csv
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

import optiviz
from optiviz import simulate
from optiviz.exports.dialog import ExportDialog
from optiviz.files import scene_files
from optiviz.scene.first import first_scene

pytestmark = [
    pytest.mark.xwindow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X windows are Linux's"),
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed"),
]

ROOT = Path(optiviz.__file__).resolve().parent.parent
LIMIT = 30.0  # seconds that anything may take on a busy machine
PAUSE = 0.12  # seconds between two looks at a screen: two steps at the speed of the first start


def wait(condition: Callable[[], Any], what: str, limit: float = LIMIT) -> Any:
    """What the condition gives as soon as that is something."""
    end = time.monotonic() + limit
    while not (result := condition()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.02)
    return result


@pytest.fixture
def screen() -> Iterator[str]:
    """The name of a display of our own."""
    read, write = os.pipe()
    words = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        number = b""
        while not number.endswith(b"\n"):
            assert select.select([read], [], [], LIMIT)[0], "Xvfb did not start"
            part = os.read(read, 16)
            assert part, "Xvfb did not start"
            number += part
        yield f":{int(number)}"
    finally:
        os.close(read)
        server.terminate()
        server.wait(LIMIT)


class Hands:
    """Eyes and hands in front of a display that has no window manager."""

    def __init__(self, screen: str) -> None:
        from Xlib import XK, X, display
        from Xlib.ext import xtest
        from Xlib.protocol import event

        self.X, self.XK, self.xtest, self.event = X, XK, xtest, event
        self.display = display.Display(screen)
        self.root = self.display.screen().root

    def window(self, title: str) -> Any:
        """The window on screen whose title has these words; None if there is none."""
        for window in self.root.query_tree().children:
            try:
                name = window.get_full_text_property(self.display.intern_atom("_NET_WM_NAME")) or ""
                shown = window.get_attributes().map_state == self.X.IsViewable
            except Exception:  # it has gone while we were looking
                continue
            if title in name and shown:
                return window
        return None

    def focus(self, title: str) -> Any:
        """The window of that title, once it is there, with the keys going to it."""
        window = wait(lambda: self.window(title), title)
        window.set_input_focus(self.X.RevertToParent, self.X.CurrentTime)
        wait(lambda: getattr(self.display.get_input_focus().focus, "id", None) == window.id, f"the focus on {title}")
        return window

    def picture(self, window: Any) -> bytes:
        size = window.get_geometry()
        return bytes(window.get_image(0, 0, size.width, size.height, self.X.ZPixmap, 0xFFFFFFFF).data)

    def moves(self, window: Any) -> bool:
        """Whether the window's picture changes by itself."""
        before = self.picture(window)
        time.sleep(PAUSE)
        return self.picture(window) != before

    def rests(self, window: Any) -> bool:
        return not any(self.moves(window) for _ in range(3))

    def press(self, *names: str) -> None:
        """Keys together, by their X names."""
        codes = [self.display.keysym_to_keycode(self.XK.string_to_keysym(name)) for name in names]
        for code in codes:
            self.xtest.fake_input(self.display, self.X.KeyPress, code)
        for code in reversed(codes):
            self.xtest.fake_input(self.display, self.X.KeyRelease, code)
        self.display.sync()

    def write(self, text: str) -> None:
        """Types small letters and dots."""
        for char in text:
            self.press({".": "period"}.get(char, char))

    def drag(self, window: Any, *places: QPointF) -> None:
        """Presses the mouse at the first place and lets go at the last."""
        corner = self.root.translate_coords(window, 0, 0)
        for index, place in enumerate(places):
            x, y = corner.x + round(place.x()), corner.y + round(place.y())
            self.xtest.fake_input(self.display, self.X.MotionNotify, x=x, y=y)
            if index == 0:
                self.xtest.fake_input(self.display, self.X.ButtonPress, 1)
            self.display.sync()
            time.sleep(0.03)  # a hand takes its time; the program would else see the last place only
        self.xtest.fake_input(self.display, self.X.ButtonRelease, 1)
        self.display.sync()

    def close(self, window: Any) -> None:
        """What a window manager sends when somebody clicks the cross."""
        atom = self.display.intern_atom
        message = self.event.ClientMessage(
            window=window,
            client_type=atom("WM_PROTOCOLS"),
            data=(32, [atom("WM_DELETE_WINDOW"), self.X.CurrentTime, 0, 0, 0]),
        )
        window.send_event(message)
        self.display.sync()


@pytest.fixture
def hands(screen: str) -> Iterator[Hands]:
    pytest.importorskip("Xlib")
    hands = Hands(screen)
    yield hands
    hands.display.close()


@pytest.fixture
def program(screen: str, tmp_path: Path, own_folders: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program, started for the first time by somebody whose home is empty, in the folder `tmp_path`."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "WAYLAND_"))}
    environ |= {"DISPLAY": screen, "PYTHONPATH": str(ROOT)}
    with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
        words = [sys.executable, "-m", "optiviz"]
        program = subprocess.Popen(words, cwd=tmp_path, env=environ, stdout=out, stderr=err)
    yield program
    if program.poll() is None:
        program.kill()
        program.wait(LIMIT)


@pytest.fixture
def places(open_window: Callable[..., Any]) -> dict[str, QPointF]:
    """Where things are in a window as the first start opens it: looked up in one that needs no screen."""
    user = open_window()
    slider = user.slider("lr")
    found = {"handle": QPointF(slider.mapTo(user.window, user.handle(slider).toPoint()))}
    found["left"] = QPointF(slider.mapTo(user.window, slider.rect().center())) - QPointF(slider.width() / 4, 0)
    runs = user.runs
    rows = [runs.visualItemRect(runs.item(row)).center() for row in range(runs.count())]
    found |= {f"run {row}": QPointF(runs.viewport().mapTo(user.window, at)) for row, at in enumerate(rows)}
    for command in ("export_picture", "export_table"):
        user.action(command).trigger()
        dialog = user.dialog(ExportDialog)
        found[command] = QPointF(dialog.path.mapTo(dialog, dialog.path.rect().center()))
        dialog.reject()
        user.until(lambda: not user.window.findChildren(ExportDialog))
    return found


def test_a_first_lesson(places, program, hands, tmp_path, own_folders):
    window = hands.focus("OptiViz")
    wait(lambda: hands.moves(window), "the first scene to play")
    hands.press("space")
    wait(lambda: hands.rests(window), "the pause")
    hands.press("space")
    wait(lambda: hands.moves(window), "playing to go on")
    hands.press("Right")  # pauses too
    hands.press("Home")
    for _ in range(3):
        hands.press("Right")
    wait(lambda: hands.rests(window), "the pause")
    before = hands.picture(window)
    hands.drag(window, places["handle"], (places["handle"] + places["left"]) / 2, places["left"])
    wait(lambda: hands.picture(window) != before and hands.rests(window), "the new paths")
    before = hands.picture(window)
    below = places["run 1"] + (places["run 1"] - places["run 0"]) * 0.3
    hands.drag(window, places["run 0"], (places["run 0"] + below) / 2, below, below)  # only here Qt really drags rows
    wait(lambda: hands.picture(window) != before and hands.rests(window), "the new order")

    for keys, title, command, name in (
        (("Control_L", "e"), "Export a picture", "export_picture", "picture.png"),
        (("Control_L", "Shift_L", "e"), "Export a table", "export_table", "table.csv"),
    ):
        hands.focus("race* · OptiViz")
        hands.press(*keys)
        dialog = hands.focus(title)
        hands.drag(dialog, places[command])
        hands.press("Control_L", "a")
        hands.write(name)
        hands.press("Return")
        wait(lambda title=title: hands.window(title) is None, f"{title} to end")
        assert (tmp_path / name).exists()

    hands.close(window)  # there are changes: it asks
    hands.focus("Save changes?")
    hands.press("Escape")
    wait(lambda: hands.window("Save changes?") is None, "the question to go")
    assert program.poll() is None
    hands.close(window)
    hands.focus("Save changes?")
    hands.press("Alt_L", "d")
    assert program.wait(LIMIT) == 0
    assert (tmp_path / "err").read_text() == ""
    assert (tmp_path / "out").read_text() == ""

    image = QImage(str(tmp_path / "picture.png"))
    assert image.width() > 400
    scene, first = scene_files.read(tmp_path / "picture.png"), first_scene()
    assert scene.place.cursor == 3
    assert scene.runs[0] == first.runs[1]
    assert 0 < scene.runs[1].lr < first.runs[0].lr
    assert scene.runs[2:] == first.runs[2:]
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    trajectories = simulate(scene)
    assert [float(row["x"]) for row in rows] == [x for t in trajectories for x in t.x.tolist()]
    assert (own_folders / "config" / "OptiViz" / "OptiViz.ini").exists()
