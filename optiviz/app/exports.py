"""The dialogs that export a picture or a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)


class ExportDialog(QDialog):
    """Asks what to export, how, and where to; stays open, and says why, when it could not be written."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        choices: dict[str, Sequence[tuple[str, object]]],
        path: Path,
        kind: str,
        write: Callable[[dict[str, object], Path], None],
    ) -> None:
        """`choices` are named lists of (words, value); `write(chosen values by name, path)` does the work."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._kind, self._write = kind, write
        self._replacing = ""  # the name of the file that may be replaced
        self.boxes: dict[str, QComboBox] = {}
        form = QFormLayout()
        form.setSpacing(8)
        for name, options in choices.items():
            box = QComboBox()
            for words, value in options:
                box.addItem(words, value)
            self.boxes[name] = box
            form.addRow(name, box)
        self.path = QLineEdit(str(path))
        self.path.setMinimumWidth(360)
        self.path.setCursorPosition(len(str(path)))
        browse = QPushButton("Browse…", clicked=self._browse, autoDefault=False)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(browse)
        form.addRow("File", row)
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.error.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export = buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self.export.setDefault(True)
        buttons.accepted.connect(self._export)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addLayout(form)
        layout.addWidget(self.error)
        layout.addWidget(buttons)

    def _browse(self) -> None:
        ending = f"*{Path(self.path.text()).suffix or '*'}"
        chosen, _ = QFileDialog.getSaveFileName(self, self.windowTitle(), self.path.text(), f"{self._kind} ({ending})")
        if chosen:
            self.path.setText(chosen)
            self._replacing = chosen  # the file dialog has asked already

    def _ask_to_replace(self, text: str) -> None:
        """A file of that name exists: only a second click replaces it."""
        self._replacing = text
        self.export.setText("Replace")
        self.error.setText("A file of that name exists already. “Replace” writes over it.")
        self.error.show()

    def _export(self) -> None:
        text = self.path.text().strip()
        path = Path(text).expanduser()
        if path.is_file() and text != self._replacing:
            self._ask_to_replace(text)
            return
        try:
            if not text:
                raise OSError("Where to? Give the file a name.")
            self.setCursor(Qt.CursorShape.WaitCursor)
            self._write({name: box.currentData() for name, box in self.boxes.items()}, path)
        except (OSError, MemoryError, ValueError) as error:
            self.error.setText(str(error))
            self.error.show()
            return
        finally:
            self.unsetCursor()
        self.accept()
