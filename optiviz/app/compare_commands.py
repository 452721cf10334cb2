"""The commands that build comparisons: one-click scenes, the search for rates, the decay laboratory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..scene.comparisons import Comparison
from ..scene.jobs import Cancelled, Job
from ..scene.rate_search import Found, best_rates
from ..scene.scene import Scene
from .laboratory import DecayLaboratory

if TYPE_CHECKING:
    from .window import Window


class CompareCommands:
    """The commands of the Compare menu, for one window."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.search: Job[Found] | None = None
        self.searched: Scene | None = None

    def compare(self, comparison: Comparison) -> None:
        """Replaces the runs by those that the comparison builds from the selected one, and plays them."""
        window = self.window
        scene, selected = window.document.scene, window.editor.selected

        def build() -> None:
            window.document.edit(comparison.build(scene, selected), comparison.name)
            window.editor.select(0)
            window.seek(0)
            window.play_when_ready()

        window.panel.attempt(build)

    def find_best_rates(self) -> None:
        """Searches every run's rate on a thread of its own."""
        scene = self.searched = self.window.document.scene
        self.stop_search()
        self.search = Job(lambda report: best_rates(scene, report))
        self.window.start_frames()

    def take_best_rates(self) -> None:
        """Takes over what the search has found, if it has ended, and says what it minimised."""
        if self.search is None or not self.search.done:
            return
        search, self.search = self.search, None
        try:
            found = search.result()
        except (ValueError, Cancelled) as error:
            self.window.status_line.say(str(error) or "Cancelled.")
            return
        scene = self.window.document.scene
        if self.searched is None or self.searched.replace(view=scene.view) != scene:
            self.window.status_line.say("The scene has changed since the search began: its rates are not taken over.")
            return
        self.window.document.edit(found.scene.replace(view=scene.view), "best rates")
        self.window.status_line.say(found.words)

    def stop_search(self) -> None:
        """Gives the search up, if there is one."""
        if self.search is not None:
            self.search.cancel()

    def show_laboratory(self) -> None:
        """Opens the decay laboratory on the present scene."""
        window = self.window

        def show() -> None:
            laboratory = DecayLaboratory(window.document.scene, window.editor.selected, window.theme, window)
            laboratory.scene_wanted.connect(lambda scene: window.document.edit(scene, "decay laboratory"))
            laboratory.show()

        window.panel.attempt(show)

    def close(self) -> None:
        """Ends what is going on: the window closes."""
        self.stop_search()
        for laboratory in self.window.findChildren(DecayLaboratory):
            laboratory.close()
