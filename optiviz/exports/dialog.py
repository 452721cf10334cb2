"""The dialogs that export: what all of them have, and the one for tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ..files import scene_files
from ..widgets.buttons import push_button

NARROW = 110  # pixels: a field for a number
Options = Sequence[tuple[str, str]]  # words, and the value that they stand for


class ExportDialog(QDialog):
    """Asks what to export, how, and where to; stays open, and says why, when it could not be written.

    Dialogs for one purpose add their rows, say in `outcome` what would come of them, and do the work in `write`. The
    choices are remembered by the name of their row.
    """

    changed = Signal()

    def __init__(self, parent: QWidget, title: str, path: Path, kept: dict[str, str]) -> None:
        """`kept` is what was chosen last."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._kept = kept
        self._replacing = ""  # the name of the file that may be replaced
        self.boxes: dict[str, QComboBox] = {}
        self.fields: dict[str, QLineEdit] = {}
        self.checks: dict[str, QCheckBox] = {}
        self.form = QFormLayout()
        self.form.setSpacing(8)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.path = QLineEdit(str(path))
        self.path.setObjectName("path")
        self.path.setMinimumWidth(360)
        self.path.setCursorPosition(len(str(path)))
        self._browse_button = push_button("Browse…", self._browse)
        self.note = QLabel()
        self.note.setObjectName("quiet")
        self.note.setWordWrap(True)
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.error.hide()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self.export.setDefault(True)
        self.buttons.accepted.connect(self._export)
        self.buttons.rejected.connect(self.reject)

    def appear(self) -> None:
        """Shows itself, in place of another one of its kind. The window stays usable, and can be closed."""
        window = self.parentWidget()
        assert window is not None
        for other in window.findChildren(type(self)):
            if other is not self:
                other.close()
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.changed.emit()  # the scene may be another one now

    # Rows

    def add_choice(self, name: str, options: Options, label: str | None = None) -> QComboBox:
        """A row with one of a few choices."""
        box = QComboBox()
        box.setObjectName(name)
        for words, value in options:
            box.addItem(words, value)
        box.setCurrentIndex(max(box.findData(self._kept.get(name)), 0))
        box.currentIndexChanged.connect(self._edited)
        self.boxes[name] = box
        if label is not None:
            self.form.addRow(label, box)
        return box

    def add_field(self, name: str, text: str, tip: str = "", label: str | None = None) -> QLineEdit:
        """A row to type into."""
        field = QLineEdit(self._kept.get(name, text))
        field.setObjectName(name)
        field.setToolTip(tip)
        field.setFixedWidth(NARROW)
        field.textEdited.connect(self._edited)
        self.fields[name] = field
        if label is not None:
            self.form.addRow(label, field)
        return field

    def add_check(self, name: str, words: str) -> QCheckBox:
        check = QCheckBox(words)
        check.setObjectName(name)
        check.setChecked(self._kept.get(name) == "yes")
        check.toggled.connect(self._edited)
        self.checks[name] = check
        self.form.addRow("", check)
        return check

    def arrange(self, beside: QWidget | None = None) -> None:
        """Puts the rows into the dialog, above the file and the buttons, perhaps something beside them."""
        where = QHBoxLayout()
        where.addWidget(self.path, 1)
        where.addWidget(self._browse_button)
        row = QFormLayout()
        row.addRow("File", where)
        upper = QHBoxLayout()
        upper.setSpacing(18)
        upper.addLayout(self.form, 1)
        if beside is not None:
            upper.addWidget(beside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addLayout(upper)
        layout.addWidget(self.note)
        layout.addLayout(row)
        layout.addWidget(self.error)
        layout.addWidget(self.buttons)
        self._edited()

    def chosen(self) -> dict[str, str]:
        """The choices, by name."""
        chosen = {name: box.currentData() for name, box in self.boxes.items()}
        chosen |= {name: field.text().strip() for name, field in self.fields.items()}
        return chosen | {name: "yes" if check.isChecked() else "no" for name, check in self.checks.items()}

    # What dialogs for one purpose say

    def outcome(self) -> str:
        """What the file will be, in a few words. Raises ValueError, or OSError, if these choices cannot be."""
        return ""

    def ending(self) -> str:
        """The ending that suits the choices, with its dot."""
        raise NotImplementedError

    def write(self, path: Path) -> None:
        """Writes the file, or begins to. Raises OSError, ValueError or MemoryError in words."""
        raise NotImplementedError

    # What happens

    def _edited(self) -> None:
        path = Path(self.path.text())
        if path.suffix and path.suffix != self.ending() and self.path.text():
            self.path.setText(str(path.with_suffix(self.ending())))
        try:
            self._complain("")
            self.note.setText(self.outcome())
        except (OSError, ValueError) as error:
            self.note.setText("")
            self._complain(str(error))
        if self.isVisible():  # rows come and go
            self.resize(self.width(), max(self.height(), self.sizeHint().height()))
        self.changed.emit()

    def _complain(self, reason: str) -> None:
        self.error.setText(reason)
        self.error.setVisible(bool(reason))
        self.export.setText("Export")

    def _browse(self) -> None:
        kinds = f"{self.ending()[1:].upper()} file (*{self.ending()})"
        chosen, _ = QFileDialog.getSaveFileName(self, self.windowTitle(), self.path.text(), kinds)
        if chosen:
            self.path.setText(chosen)
            self._replacing = chosen  # the file dialog has asked already

    def _ask_to_replace(self, text: str) -> None:
        """A file of that name exists: only a second click replaces it."""
        self._replacing = text
        self._complain("A file of that name exists already. “Replace” writes over it.")
        self.export.setText("Replace")

    def _export(self) -> None:
        text = self.path.text().strip()
        path = path_of(text)
        try:
            if not text:
                raise OSError("Where to? Give the file a name.")
            self.outcome()
            with scene_files.writing(path):  # even to look may fail: at a name that is too long
                exists = path.is_file()
            if exists and text != self._replacing:
                self._ask_to_replace(text)
                return
            self.setCursor(Qt.CursorShape.WaitCursor)
            self.write(path)
        except (OSError, MemoryError, ValueError) as error:
            self._complain(str(error))
            return
        finally:
            self.unsetCursor()
        self.accept()


def path_of(text: str) -> Path:
    """The file that somebody names, in whose own folder "~" is."""
    try:
        return Path(text).expanduser()
    except RuntimeError:  # there is no user of that name
        return Path(text)
