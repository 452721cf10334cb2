"""The menus: made of declared commands, in one order, and kept as the state has it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit, QMainWindow
from windows import until

from optiviz.commands.command import Command, Listing, has_run
from optiviz.commands.menus import Menus


class Stage:
    """A bare window whose menus are made of the commands given; `done` are those that were given."""

    def __init__(self, clerk, *declared):
        self.clerk, self.done = clerk, []
        self.window = QMainWindow(clerk.widget)
        self.menus = Menus(self.window, clerk.workspace, clerk.desk, declared)
        clerk.workspace.watch(self.menus)

    def __getitem__(self, name):
        return self.menus.actions[name]

    def tree(self, menu=None):
        """The menus as they are read, with "-" for a line between parts."""
        found = []
        for action in (menu or self.window.menuBar()).actions():
            if action.isSeparator():
                found.append("-")
            elif action.menu() is not None:
                found.append((action.text(), self.tree(action.menu())))
            else:
                found.append(action.text())
        return found

    def menu(self, *titles):
        """The menu of these titles, one in the other."""
        menu = self.window.menuBar()
        for title in titles:
            menu = next(action for action in menu.actions() if action.text() == title).menu()
        return menu


@pytest.fixture
def stage(clerk):
    return lambda *declared: Stage(clerk, *declared)


def noted(into, name, **options):
    """A command that notes that it was given, and with what."""
    return Command(name, f"&{name}", lambda workspace, desk: into.append((name, workspace, desk)), **options)


def nothing(workspace, desk):
    pass


def test_menus_stand_in_the_programs_order_and_their_parts_apart(stage):
    made = stage(
        Command("z", "z", nothing, menu="&Help"),
        Command("a", "a", nothing, menu="&File", group=1),
        Command("b", "b", nothing, menu="&File"),
        Command("c", "c", nothing, menu="&File/&More"),
        Command("d", "d", nothing, menu="&File", group=1),
        Command("hidden", "hidden", nothing),
    )
    assert [title for title, _ in made.tree()] == ["&File", "&Edit", "&Run", "&View", "&Compare", "&Lessons", "&Help"]
    file = ["b", ("&More", ["c"]), "-", "a", "d"]
    assert made.tree()[0] == ("&File", file)
    assert made.tree()[-1] == ("&Help", ["z"])
    assert set(made.menus.actions) == {*"abcdz", "hidden"}
    assert set(made.window.actions()) == set(made.menus.actions.values())  # whose keys are the window's


def test_an_action_says_what_it_does_and_by_which_keys(stage):
    made = stage(
        Command("a", "&Open…", nothing, "Ctrl+O", menu="&File"),
        Command("b", "&Zoom", nothing, "+ =", "Look closer", "&View"),
        Command("c", "R&&D", nothing),
    )
    assert made["a"].toolTip() == "Open (Ctrl+O)"
    assert made["b"].toolTip() == "Look closer (+ or =)"
    assert [key.toString() for key in made["b"].shortcuts()] == ["+", "="]
    assert made["a"].objectName() == "a"
    assert not made["a"].isCheckable()


def test_a_command_is_given_the_workspace_and_the_desk(stage, clerk):
    done = []
    made = stage(noted(done, "go"))
    made["go"].trigger()
    assert done == [("go", clerk.workspace, clerk.desk)]


def test_names_checks_and_what_is_possible_follow_the_state(stage, clerk, small):
    made = stage(
        Command("rest", "Rest", nothing, checked=lambda state: state.scene.view.rest),
        Command("run", "Run", nothing, possible=has_run),
        Command("named", "?", nothing, wording=lambda state: f"{len(state.scene.runs)} runs"),
        Command("keys", "Keys", nothing, "K", keyed=lambda state: not state.scene.view.arithmetic),
    )
    assert (made["rest"].isChecked(), made["run"].isEnabled(), made["named"].text()) == (False, True, "2 runs")
    clerk.do("rest", "arithmetic")
    assert made["rest"].isChecked()
    assert made["keys"].shortcuts() == []
    clerk.do("arithmetic")
    assert [key.toString() for key in made["keys"].shortcuts()] == ["K"]
    clerk.open(small(runs=()))
    assert (made["rest"].isChecked(), made["run"].isEnabled(), made["named"].text()) == (False, False, "0 runs")


def test_a_switch_that_changed_nothing_shows_again_what_holds(stage, clerk):
    made = stage(
        Command(
            "rest",
            "Rest",
            lambda workspace, desk: workspace.attempt(lambda: workspace.editor.set_view("rest", "nonsense")),
            checked=lambda state: state.scene.view.rest,
        )
    )
    made["rest"].trigger()  # Qt has checked it by now
    assert "rest must be" in clerk.status
    assert not made["rest"].isChecked()


def test_of_switches_that_are_one_of_several_one_is_on(stage, clerk):
    def choice(key):
        return Command(
            key,
            key,
            lambda workspace, desk: workspace.edit_view("third", key),
            menu="&View/Third",
            checked=lambda state: state.scene.view.third == key,
            one_of=True,
        )

    made = stage(choice("distance"), choice("step_length"))
    assert (made["distance"].isChecked(), made["step_length"].isChecked()) == (True, False)
    made["step_length"].trigger()
    assert (made["distance"].isChecked(), made["step_length"].isChecked()) == (False, True)
    made["step_length"].trigger()  # again: it stays
    assert made["step_length"].isChecked()
    assert made["distance"].actionGroup() is made["step_length"].actionGroup()


def test_while_playing_nothing_in_the_menus_is_touched(stage, clerk):
    asked = []
    stage(Command("a", "a", nothing, wording=lambda state: asked.append(state) or "a"))
    asked.clear()
    clerk.workspace.play()
    clerk.workspace.seek(7)
    clerk.workspace.step(1)
    assert asked == []
    clerk.do("rest")
    assert len(asked) == 1


@pytest.mark.parametrize("title", ["&File", "&File/&Recent"])
def test_a_listing_is_filled_when_its_menu_is_about_to_be_seen(stage, clerk, title):
    filled = []

    def fill(menu, workspace, desk):
        filled.append((menu.title(), workspace, desk))
        menu.addAction("listed")

    made = stage(Listing(title, fill), Command("a", "a", nothing, menu="&File"))
    assert filled == []
    made.menu("&File").aboutToShow.emit()  # so that also the entry of a menu in it is up to date
    assert filled == [(title.rpartition("/")[2], clerk.workspace, clerk.desk)]
    assert made.menu(*title.split("/")).actions()[-1].text() == "listed"


@pytest.mark.parametrize("of_fields", [False, True])
def test_what_is_typed_counts_before_a_command_unless_that_is_the_fields_too(stage, clerk, of_fields):
    seen = []
    made = stage(Command("go", "go", lambda workspace, desk: seen.append(field.hasFocus()), of_fields=of_fields))
    field = QLineEdit(made.window)
    made.window.show()
    made.window.activateWindow()
    field.setFocus()
    until(field.hasFocus)
    made["go"].trigger()
    assert seen == [of_fields]
    made.window.close()
