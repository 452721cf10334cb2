"""What is looked at, and how: zoom, curves, overlays, colours, the step arithmetic, the theme."""

from __future__ import annotations

from collections.abc import Iterator

from ..desk.desk import Desk
from ..scene.curves import THIRD_CURVES
from ..scene.view import COLORS, OVERLAYS
from ..session.state import State
from ..session.workspace import Workspace
from .command import Command

COPY_KEY = "Ctrl+C"  # for a run or, while the arithmetic is shown, for a line of it


def fit(workspace: Workspace, desk: Desk) -> None:
    workspace.look_at(None)


def scale_overlays(workspace: Workspace, factor: float) -> None:
    """Draws overlays so many times as large."""
    workspace.edit_view("overlay_scale", float(f"{workspace.scene.view.overlay_scale * factor:.6g}"))


def copy_line(workspace: Workspace, desk: Desk) -> None:
    """Puts the current line's exact values, x and y, into the clipboard, as cells of a table."""
    line = workspace.state.current_line
    if line is not None:
        desk.copy("\t".join([line.x.exact] if line.shared else [line.x.exact, line.y.exact]))


def toggle_theme(workspace: Workspace, desk: Desk) -> None:
    """Puts the whole program into the other theme."""
    theme = "light" if workspace.state.appearance.theme == "dark" else "dark"
    desk.settings.theme = theme
    workspace.appear(theme=theme)


def reads(state: State) -> bool:
    """Whether the step arithmetic is shown."""
    return bool(state.scene.view.arithmetic)


def switch(name: str, text: str, keys: str, tip: str, menu: str, group: int) -> Command:
    """A command that turns one of the view's settings on and off."""
    return Command(
        name,
        text,
        lambda workspace, desk: workspace.toggle_view(name),
        keys,
        tip,
        menu,
        group,
        checked=lambda state: bool(getattr(state.scene.view, name)),
    )


def choice(name: str, setting: str, value: str, text: str, menu: str) -> Command:
    """A command that gives one of the view's settings a value."""
    return Command(
        name,
        text,
        lambda workspace, desk: workspace.edit_view(setting, value),
        menu=menu,
        checked=lambda state: getattr(state.scene.view, setting) == value,
        one_of=True,
    )


def commands() -> Iterator[Command]:
    view, overlays = "&View", "&View/&Overlays"
    yield Command("fit", "&Fit the surface", fit, "F", "Show the surface's whole window", view)
    yield Command("zoom_in", "Zoom &in", lambda w, d: w.zoom(0.8), "Ctrl++ Ctrl+=", menu=view)
    yield Command("zoom_out", "Zoom &out", lambda w, d: w.zoom(1.25), "Ctrl+-", menu=view)
    yield switch("rest", "&Rest of the paths", "R", "Show paths past the cursor", view, 1)
    yield switch("loss_log", "&Logarithmic loss", "L", "", view, 1)
    yield switch("arithmetic", "Step &arithmetic", "A", "The update in numbers", view, 2)
    tip = "The next line of the step's arithmetic"
    yield Command("next_line", "Next line", lambda w, d: w.next_line(), "Ctrl+Right", tip, view, 2, possible=reads)
    tip = "The line before in the step's arithmetic"
    yield Command(
        "previous_line", "Line before", lambda w, d: w.previous_line(), "Ctrl+Left", tip, view, 2, possible=reads
    )
    yield Command(
        "copy_line", "Copy the line's value", copy_line, COPY_KEY, menu=view, group=2, possible=reads, keyed=reads
    )
    for overlay in OVERLAYS.values():
        flag = overlay.flag
        yield switch(flag.name, flag.symbol, overlay.keys, flag.help, overlays, 0)
    yield switch("overlay_all", "Overlays for &all runs", "O", "", overlays, 1)
    yield Command(
        "larger", "&Larger arrows", lambda w, d: scale_overlays(w, 1.25), "+ =", "Draw overlays larger", overlays, 1
    )
    yield Command(
        "smaller", "&Smaller arrows", lambda w, d: scale_overlays(w, 0.8), "-", "Draw overlays smaller", overlays, 1
    )
    yield Command(
        "true_size",
        "Arrows in &true size",
        lambda workspace, desk: workspace.edit_view("overlay_scale", 1.0),
        "0",
        menu=overlays,
        group=1,
    )
    for curve in THIRD_CURVES.values():
        yield choice(f"third {curve.key}", "third", curve.key, curve.title, "&View/&Third curve")
    for key, name in COLORS.items():
        yield choice(f"colors {key}", "colors", key, name, "&View/&Colours of the surface")
    yield Command(
        "theme",
        "&Dark theme",
        toggle_theme,
        "Ctrl+T",
        "Light or dark",
        view,
        5,
        checked=lambda state: state.appearance.theme == "dark",
    )
