"""The menus and the keys: one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from ..engine.optimizers import OPTIMIZERS
from ..scene.comparisons import COMPARISONS
from ..scene.view import OVERLAYS
from . import theme as themes
from .curves import THIRD
from .keyboard import leave_field
from .words import in_a_menu

if TYPE_CHECKING:
    from .window import Window

COLORS = {"slate": "Slate", "viridis": "Viridis", "cividis": "Cividis"}
OVERLAY_KEYS = {
    "show_gradient": "G",
    "show_velocity": "V",
    "show_step": "S",
    "show_split": "X",
    "show_squares": "Q",
    "show_ellipse": "E",
    "show_next": "N",
    "show_gap": "T",
}
COPY_KEY = "Ctrl+C"  # for a run or, while the arithmetic is shown, for a line of it
EXCHANGING = ("cut", "copy", "paste")  # meant for the text field that has the focus, if there is one
RUN_KEYS = 9  # the keys 1 to 9 hide and show the first runs


def build(window: Window) -> dict[str, QAction]:
    """Makes every action of the window, by name. Menus are filled by `fill_menus`."""
    actions: dict[str, QAction] = {}

    def add(
        name: str, text: str, keys: str, slot: Callable[[], object], tip: str = "", checkable: bool = False
    ) -> None:
        action = QAction(text, window)
        action.setShortcuts([QKeySequence(key) for key in keys.split()])
        action.setCheckable(checkable)
        spoken = " or ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
        words = tip or text.rstrip("…").replace("&", "")
        action.setToolTip(f"{words} ({spoken})" if spoken else words)
        if name not in EXCHANGING:
            action.triggered.connect(leave_field)  # what has been typed counts first
        action.triggered.connect(lambda *_: slot())
        window.addAction(action)
        actions[name] = action

    editor, player, attempt = window.editor, window.player, window.panel.attempt
    add("reset", "&New: the first scene", "Ctrl+N", window.file.reset, "Go back to the scene of the first start")
    add("open", "&Open…", "Ctrl+O", window.file.open_dialog)
    add("save", "&Save", "Ctrl+S", window.file.save)
    add("save_as", "Save &as…", "Ctrl+Shift+S", window.file.save_as)
    file = window.file
    add("export_picture", "Export &picture…", "Ctrl+E", file.export_picture, "Export a picture (PNG, SVG, PDF)")
    add("export_film", "Export &animation…", "Ctrl+Alt+E", file.export_film, "Export an animation (GIF, WebP, MP4)")
    add("export_table", "Export &table…", "Ctrl+Shift+E", file.export_table, "Export the numbers (CSV)")
    add("copy_picture", "&Copy picture", "Ctrl+Shift+C", file.copy_picture, "Copy the picture, as it was exported last")
    add("copy_summary", "Copy &summary", "", file.copy_summary, "Copy a line a run: settings, losses, outcome")
    add("quit", "&Quit", "Ctrl+Q", window.close)

    add("undo", "&Undo", "Ctrl+Z", window.document.undo)
    add("redo", "&Redo", "Ctrl+Shift+Z Ctrl+Y", window.document.redo)
    clipboard = window.clipboard
    add("cut", "Cu&t run", "Ctrl+X", clipboard.cut, "Take the selected run away, as text")
    add("copy", "&Copy run", COPY_KEY, clipboard.copy, "Copy the selected run as text")
    add("paste", "&Paste", "Ctrl+V", clipboard.paste, "Add copied runs, or open a copied scene or file")
    add("copy_scene", "Copy &scene as text", "Ctrl+Alt+C", clipboard.copy_scene, "Copy the scene as text, for a mail")
    add("duplicate", "&Duplicate run", "Ctrl+D", lambda: attempt(editor.duplicate_run))
    add("rename", "Re&name run", "F2", window.panel.runs_card.begin_rename)
    add("delete", "D&elete run", "Del", window.panel.runs_card.delete)

    add("play", "&Play", "Space", window.toggle_play, "Play or pause")
    add("back", "Step &back", "Left", lambda: window.move(-1), "One step back")
    add("forward", "Step &forward", "Right", lambda: window.move(1), "One step forward")
    add("first", "&Start", "Home", lambda: window.seek(0), "To the start")
    add("last", "&End", "End", lambda: window.seek(player.last), "To the end")
    add("faster", "F&aster", "Up", lambda: window.change_speed(1))
    add("slower", "S&lower", "Down", lambda: window.change_speed(-1))
    add("loop", "L&oop", "Ctrl+L", window.toggle_loop, "Start again at the end", checkable=True)
    add("halve", "α × 0.&5 from here", "D", lambda: window.decay(0.5), "Halve the selected run's rate from here on")
    add("tenth", "α × 0.&1 from here", "Shift+D", lambda: window.decay(0.1), "A tenth of the rate from here on")
    add(
        "take_back",
        "&Take the last change of α back",
        "Backspace",
        lambda: attempt(lambda: editor.take_back_rate(player.cursor)),
    )
    add("knots", "Turn the decay into &knots", "", lambda: attempt(editor.turn_into_knots))
    for number in range(1, RUN_KEYS + 1):
        add(f"run {number}", f"Hide or show run {number}", str(number), lambda n=number: editor.toggle_visible(n - 1))

    add("fit", "&Fit the surface", "F", window.fit, "Show the surface's whole window")
    add("zoom_in", "Zoom &in", "Ctrl++ Ctrl+=", lambda: window.zoom(0.8))
    add("zoom_out", "Zoom &out", "Ctrl+-", lambda: window.zoom(1.25))
    add("rest", "&Rest of the paths", "R", lambda: window.toggle_view("rest"), "Show paths past the cursor", True)
    add("loss_log", "&Logarithmic loss", "L", lambda: window.toggle_view("loss_log"), checkable=True)
    add("theme", "&Dark theme", "Ctrl+T", window.toggle_theme, "Light or dark", checkable=True)
    add("present", "&Present", "F11", window.presenter.toggle, "Full screen, large type, and back", True)
    add("blank", "&Black screen", "B", window.presenter.toggle_blank, "A black screen, and back")
    add("pointer", "Pointer &ring", "P", window.presenter.toggle_pointer, "A ring around the mouse, and off")
    add("escape", "Leave presenting", "Esc", window.presenter.escape)
    actions["escape"].setEnabled(False)
    add("arithmetic", "Step &arithmetic", "A", lambda: window.toggle_view("arithmetic"), "The update in numbers", True)
    add("next_line", "Next line", "Ctrl+Right", window.next_line, "The next line of the step's arithmetic")
    add("previous_line", "Line before", "Ctrl+Left", window.previous_line, "The line before in the step's arithmetic")
    add("copy_line", "Copy the line's value", COPY_KEY, window.dashboard.arithmetic.copy)
    for param in OVERLAYS:
        keys = OVERLAY_KEYS[param.name]
        add(param.name, param.symbol, keys, lambda n=param.name: window.toggle_view(n), param.help, True)
    add("overlay_all", "Overlays for &all runs", "O", lambda: window.toggle_view("overlay_all"), checkable=True)
    add("larger", "&Larger arrows", "+ =", lambda: window.scale_overlays(1.25), "Draw overlays larger")
    add("smaller", "&Smaller arrows", "-", lambda: window.scale_overlays(0.8), "Draw overlays smaller")
    add("true_size", "Arrows in &true size", "0", lambda: window.edit_view("overlay_scale", 1.0))
    for key, comparison in COMPARISONS.items():
        add(key, comparison.name, "", lambda c=comparison: window.comparing.compare(c), comparison.help)
    add(
        "best_rates",
        "&Best rate for each",
        "",
        window.comparing.find_best_rates,
        "Search each run's rate for the least final loss",
    )
    add("laboratory", "Decay &laboratory…", "Ctrl+K", window.comparing.show_laboratory, "All decays, and families of k")
    for curve in THIRD.values():
        add(f"third {curve.key}", curve.title, "", lambda k=curve.key: window.edit_view("third", k), "", True)
    for key, name in COLORS.items():
        add(f"colors {key}", name, "", lambda k=key: window.edit_view("colors", k), "", True)

    conductor = window.lessons
    add("next_scene", "&Next scene", "PgDown", conductor.next)
    add("previous_scene", "&Previous scene", "PgUp", conductor.previous)
    add("again", "This scene &again", "Ctrl+R", conductor.again, "This scene again, from its beginning")
    add("open_lesson", "&Open a lesson…", "", conductor.open_dialog)
    add("add_scene", "&Add this scene to a lesson…", "", conductor.add_scene)
    add("close_lesson", "&Close the lesson", "", conductor.close)

    add("help", "&Optimizers, decays and surfaces", "F1", window.show_help)
    add("keys", "&Keys", "", window.show_keys)
    add("about", "&About OptiViz", "", window.show_about)
    return actions


def fill_menus(window: Window, actions: dict[str, QAction]) -> None:
    """Puts the actions into the menu bar."""
    bar = window.menu_bar = window.menuBar()

    def menu(title: str, *names: str) -> QMenu:
        made = QMenu(title, bar)  # made here: of menus that Qt makes, PySide sometimes loses hold
        bar.addMenu(made)
        if "paste" not in names:  # it may be meant for the field
            made.aboutToShow.connect(leave_field)  # also for the entries that are not in the table
        for name in names:
            if name == "-":
                made.addSeparator()
            else:
                made.addAction(actions[name])
        return made

    exports = ("export_picture", "export_film", "export_table", "-", "copy_picture", "copy_summary")
    file = menu("&File", "reset", "open", "save", "save_as", "-", *exports, "-", "quit")
    file.insertMenu(actions["save"], window.file.recent.menu)
    file.aboutToShow.connect(window.file.recent.fill)
    edit = menu("&Edit", "undo", "redo", "-", *EXCHANGING, "copy_scene", "-", "duplicate", "rename", "delete")
    edit.aboutToShow.connect(window.clipboard.show_state)
    run = menu("&Run", "play", "back", "forward", "first", "last", "-", "faster", "slower", "loop", "-")
    adding = run.addMenu("&Add a run")
    for definition in OPTIMIZERS.values():
        adding.addAction(
            definition.name, lambda key=definition.key: window.panel.attempt(lambda: window.editor.add_run(key))
        )
    run.addMenu(decays(window, actions))
    hiding = run.addMenu("&Hide or show")
    hiding.addActions([actions[f"run {number}"] for number in range(1, RUN_KEYS + 1)])
    view = menu("&View", "fit", "zoom_in", "zoom_out", "-", "rest", "loss_log")
    view.addSeparator()
    view.addActions([actions["arithmetic"], actions["next_line"], actions["previous_line"], actions["copy_line"]])
    overlays = view.addMenu("&Overlays")
    overlays.addActions([actions[param.name] for param in OVERLAYS])
    overlays.addSeparator()
    overlays.addActions([actions[name] for name in ("overlay_all", "larger", "smaller", "true_size")])
    view.addSeparator()
    choice(view, "&Third curve", window, [actions[f"third {key}"] for key in THIRD])
    choice(view, "&Colours of the surface", window, [actions[f"colors {key}"] for key in COLORS])
    menu("&Compare", *COMPARISONS, "best_rates", "-", "laboratory")
    view.addSeparator()
    view.addActions([actions[name] for name in ("theme", "present", "blank", "pointer")])
    lessons = menu(
        "&Lessons", "-", "next_scene", "previous_scene", "again", "-", "open_lesson", "add_scene", "close_lesson"
    )
    lessons.aboutToShow.connect(lambda: window.lessons.fill_menu(lessons))
    menu("&Help", "help", "keys", "-", "about")


def show_state(window: Window) -> None:
    """Names, checks and enables the actions as the scene and the history have it."""
    by_name, document, view = window.actions_by_name, window.document, window.document.scene.view
    for name, word, what in (("undo", "Undo", document.undo_name), ("redo", "Redo", document.redo_name)):
        by_name[name].setText(f"&{word} {in_a_menu(what)}" if what else f"&{word}")
        by_name[name].setEnabled(what is not None)
    has_run, unread = window.editor.run is not None, window.panel.runs_card.runs.unread is not None
    for name in ("cut", "copy", "duplicate", "rename"):
        by_name[name].setEnabled(has_run and not unread)
    by_name["delete"].setEnabled(has_run or unread)
    by_name["halve"].setEnabled(has_run)
    for number in range(1, RUN_KEYS + 1):
        by_name[f"run {number}"].setEnabled(number <= len(document.scene.runs))
    for name in ("rest", "loss_log", "arithmetic", "overlay_all", *(param.name for param in OVERLAYS)):
        by_name[name].setChecked(getattr(view, name))
    for name in ("next_line", "previous_line", "copy_line"):
        by_name[name].setEnabled(view.arithmetic)
    # While the arithmetic is shown, what one wants to copy is a line.
    key = [QKeySequence(COPY_KEY)]
    by_name["copy_line"].setShortcuts(key if view.arithmetic else [])
    by_name["copy"].setShortcuts([] if view.arithmetic else key)
    window.tools.show_view(view)
    by_name[f"third {view.third}"].setChecked(True)
    by_name[f"colors {view.colors}"].setChecked(True)
    by_name["theme"].setChecked(window.theme is themes.DARK)
    by_name["loop"].setChecked(window.player.loop)


def decays(window: Window, actions: dict[str, QAction]) -> QMenu:
    """The menu of manual decay."""
    menu = QMenu("&Manual decay", window)
    menu.addActions([actions[name] for name in ("halve", "tenth", "take_back", "knots")])
    return menu


def choice(menu: QMenu, title: str, window: Window, actions: list[QAction]) -> None:
    """A submenu of which one entry is checked."""
    group = QActionGroup(window)
    for action in actions:
        group.addAction(action)
    menu.addMenu(title).addActions(actions)
