"""One of each, added from outside by the declarations of CONTRIBUTING: the rest of the program knows it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu

from optiviz import Scene
from optiviz.app.help_window import page
from optiviz.cli.main import main
from optiviz.commands.command import Command
from optiviz.commands.tables import TABLES
from optiviz.engine.params import Flag
from optiviz.files import scene_files
from optiviz.laboratories import LABORATORIES, Laboratory
from optiviz.laboratories.laboratory import LaboratoryWindow
from optiviz.scene.curves import THIRD_CURVES, Curve
from optiviz.scene.text import parse_view, view_text
from optiviz.scene.view import OVERLAYS, VIEW, View, overlay, setting
from optiviz.session.state import State
from optiviz.views.overlays.layout import SHAPES
from optiviz.views.showing import CARDS, Card, Showing
from optiviz.widgets.theme import LIGHT


@pytest.fixture
def adding() -> Iterator[Callable[[Callable[[], object]], None]]:
    """`adding(remove)` says how to take away again, after the test, what it has declared."""
    removals: list[Callable[[], object]] = []
    yield removals.append
    for remove in reversed(removals):
        remove()


def test_a_setting_of_the_view(adding, open_window, small, tmp_path):
    setting(Flag(name="fine", symbol="Fine grid", default=False, help="Whether the grid is fine."))
    adding(lambda: VIEW.pop("fine"))
    user = open_window(small())
    assert user.scene.view.fine is False  # also in scenes made before
    user.window.workspace.toggle_view("fine")
    assert user.scene.view.fine is True
    assert user.window.workspace.state.history.undo == "change of the view: Fine grid"
    path = tmp_path / "fine.optiviz"
    scene_files.write(user.scene, path)
    assert scene_files.read(path) == user.scene
    assert parse_view(view_text(View(fine=True), user.scene.place))[0] == View(fine=True)
    assert "Whether the grid is fine." in page(LIGHT)
    with pytest.raises(ValueError, match="fine must be true or false, not 7"):
        View(fine=7)
    user.window.workspace.undo()
    assert user.scene.view.fine is False


def test_an_overlay(adding, open_window, small):
    overlay("halo", "Halo", "A ring around the head.", keys="H", button="halo")
    SHAPES["halo"] = lambda layout: layout.result.extras.append(
        lambda painter: painter.drawEllipse(layout.head, 25.0, 25.0)
    )
    adding(lambda: VIEW.pop("show_halo"))
    adding(lambda: OVERLAYS.remove("halo"))
    adding(lambda: SHAPES.pop("halo"))
    user = open_window(small())
    user.window.workspace.seek(20)
    before = user.picture(user.contours)
    user.press(Qt.Key.Key_H)
    assert user.scene.view.show_halo
    assert user.window.tools.buttons["show_halo"].isChecked()
    assert (user.picture(user.contours) != before).any()
    menus = user.window.findChildren(QMenu)
    assert any(menu.title() == "&Overlays" and user.action("show_halo") in menu.actions() for menu in menus)
    user.press(Qt.Key.Key_H)
    assert np.array_equal(user.picture(user.contours), before)


def test_a_third_curve(adding, open_window, small, tmp_path, capsys):
    THIRD_CURVES.add(Curve("height", "Height  y", "The second coordinate.", lambda course: (course.trajectory.y,)))
    adding(lambda: THIRD_CURVES.remove("height"))
    user = open_window(small())
    third = user.window.dashboard.third
    user.action("third height").trigger()
    assert third.chooser.currentText() == "Height  y"
    assert user.action("third height").isChecked()
    trajectories = user.settle()
    assert [values[0].tolist() for _, _, values in third.values] == [t.y.tolist() for t in trajectories]
    path = tmp_path / "height.png"
    assert main(["run", "--png", str(path), "--view", "height", "--size", "320x240"]) == 0
    assert path.stat().st_size > 3_000
    with pytest.raises(ValueError, match=r"third must be one of .*height"):
        View(third="heigth")


def test_a_command(adding, open_window, small):
    def commands() -> Iterator[Command]:
        yield Command(
            "shout",
            "&Shout",
            lambda workspace, desk: desk.say(f"{workspace.scene.steps} steps!"),
            "Ctrl+Shift+Y",
            "Says how many steps there are",
            "&View",
            possible=lambda state: state.run is not None,
        )

    TABLES.append(commands)
    adding(lambda: TABLES.remove(commands))
    user = open_window(small(steps=37))
    user.shortcut("Ctrl+Shift+Y")
    assert user.status == "37 steps!"
    assert "Says how many steps there are" in user.action("shout").toolTip()
    user.shortcut("Ctrl+Shift+P")
    palette = user.dialog()
    user.write("shout", palette)
    user.press(Qt.Key.Key_Return, palette)
    assert user.status == "37 steps!"
    user.window.workspace.open(small(runs=()), user.document.origin, "test")
    assert not user.action("shout").isEnabled()


class Note(QLabel, Showing):
    """A card that says where the selected run is."""

    def show_state(self, old: State | None, new: State) -> None:
        self.setText(f"step {new.place.cursor} of {new.scene.steps}, {new.appearance.theme}")


def test_a_view(adding, open_window, small):
    CARDS.add(Card("note", Note))
    adding(lambda: CARDS.remove("note"))
    user = open_window(small())
    note = user.window.dashboard.cards["note"]
    assert isinstance(note, Note)
    assert note.isVisible()
    user.press(Qt.Key.Key_Right)
    assert note.text() == "step 1 of 60, light"
    user.shortcut("Ctrl+T")
    assert note.text() == "step 1 of 60, dark"
    user.press(Qt.Key.Key_A)
    assert not note.isVisible()


class Bench(LaboratoryWindow):
    """A laboratory that says which scene it looks at."""

    def show_state(self, old: State | None, new: State) -> None:
        self.setAccessibleName(f"{new.scene.surface} {new.appearance.theme}")


def test_a_laboratory(adding, open_window, small):
    LABORATORIES.add(
        Laboratory("bench", "My &bench…", "Look at it.", lambda w, d: Bench(w, d, "My bench").appear(), "Ctrl+Shift+K")
    )
    adding(lambda: LABORATORIES.remove("bench"))
    user = open_window(small())
    user.shortcut("Ctrl+Shift+K")
    bench = user.dialog(Bench)
    assert bench.accessibleName() == "rosenbrock light"
    user.window.workspace.open(Scene("booth", steps=5, runs=()), user.document.origin, "test")
    user.action("theme").trigger()
    assert bench.accessibleName() == "booth dark"
    bench.close()
    assert bench not in user.window.workspace.watchers
