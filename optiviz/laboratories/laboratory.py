"""What a laboratory is: a window of its own for one question, and the catalog of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog

from ..desk.desk import Desk
from ..engine.catalog import Catalog
from ..session.workspace import Workspace
from ..views.showing import Showing


@dataclass(frozen=True)
class Laboratory:
    """A laboratory as the Compare menu lists it. `open` shows its window; ValueError says why that cannot be."""

    key: str
    name: str
    help: str
    open: Callable[[Workspace, Desk], object]
    keys: str = ""


LABORATORIES: Catalog[Laboratory] = Catalog("laboratory")


class LaboratoryWindow(QDialog, Showing):
    """The window of a laboratory: told of all changes of the workspace while it is open."""

    def __init__(self, workspace: Workspace, desk: Desk, title: str) -> None:
        super().__init__(desk.window)
        self.workspace, self.desk = workspace, desk
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)

    def appear(self) -> None:
        """Shows itself, as the state is."""
        self.workspace.watch(self)
        self.show()

    def stop(self) -> None:
        """Ends what is going on: the window closes."""
        self.workspace.unwatch(self)

    def done(self, result: int) -> None:
        self.stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stop()
        super().closeEvent(event)
