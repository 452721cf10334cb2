"""The dialog for tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import (
    QWidget,
)

from ..scene.summary import TOLERANCE
from .dialog import ExportDialog


class TableDialog(ExportDialog):
    """All steps of all runs, or of one, or a line a run."""

    def __init__(
        self,
        parent: QWidget,
        path: Path,
        kept: dict[str, str],
        labels: Sequence[str],
        write: Callable[[dict[str, str], Path], None],
    ) -> None:
        """`write(choices, path)` does the work; the label of the run is "" for all of them."""
        super().__init__(parent, "Export a table", path, kept)
        self._write = write
        self.add_choice("rows", (("Every step", "steps"), ("A summary, one line a run", "summary")), "Rows")
        self.add_choice("runs", (("All runs", ""), *((f"Only {label}", label) for label in labels)), "Runs")
        self.add_field("tolerance", TOLERANCE.format(TOLERANCE.default), TOLERANCE.help, "Tolerance")
        self.add_check("scene", "Save the scene beside it, so that the numbers can be made again")
        self.arrange()

    def outcome(self) -> str:
        summary = self.boxes["rows"].currentData() == "summary"
        self.form.setRowVisible(self.fields["tolerance"], summary)
        if not summary:
            return "Step, epoch, rate, point, loss, gradient and state, all digits."
        TOLERANCE.parse(self.fields["tolerance"].text())
        return "Settings, final and best loss, steps to the tolerance, distance to the minimum, outcome."

    def ending(self) -> str:
        return ".csv"

    def write(self, path: Path) -> None:
        self._write(self.chosen(), path)
