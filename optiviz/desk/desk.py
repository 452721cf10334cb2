"""What surrounds documents: the window that dialogs belong to, what is remembered, sentences, questions, files.

Whatever it shows of a stranger's (a file's name, a label, an error about them) is text, never HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLabel, QMessageBox, QWidget

from .settings import Settings

Icon = QMessageBox.Icon
Role = QMessageBox.ButtonRole
Widget = TypeVar("Widget", bound=QWidget)


class Desk(QObject):
    """One for each window. `said` carries sentences to whoever shows them."""

    said = Signal(str)

    def __init__(self, window: QWidget, settings: Settings) -> None:
        super().__init__(window)
        self.window = window
        self.settings = settings

    # Sentences and questions

    def say(self, text: str) -> None:
        """A sentence on what happened, for a few seconds."""
        self.said.emit(text)

    def box(self, text: str, more: str = "", *, icon: Icon = Icon.NoIcon, title: str = "OptiViz") -> QMessageBox:
        """A message box, not shown yet. It shows plain text, blocks nothing, and goes when it is closed."""
        box = QMessageBox(self.window)
        box.setIcon(icon)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        box.setInformativeText(more)
        informative = box.findChild(QLabel, "qt_msgbox_informativelabel")
        if isinstance(informative, QLabel):  # Qt would look whether it is HTML
            informative.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setModal(False)  # the window can be closed meanwhile
        return box

    def tell(self, text: str, more: str = "", *, icon: Icon = Icon.Information) -> None:
        """Shows a message that is to be read and closed."""
        box = self.box(text, more, icon=icon)
        box.setStandardButtons(QMessageBox.StandardButton.Ok)
        box.show()

    def warn(self, text: str, more: str) -> None:
        self.tell(text, more, icon=Icon.Warning)

    def show_page(self, title: str, html: str) -> None:
        """Shows a page of the program's own, which is HTML."""
        box = self.box("", title=title)
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setText(html)
        box.setStandardButtons(QMessageBox.StandardButton.Ok)
        box.show()

    def ask(
        self,
        text: str,
        more: str,
        answers: Mapping[str, Role],
        then: Callable[[str], None],
        *,
        title: str = "OptiViz",
    ) -> QMessageBox:
        """Asks, and hands the answer to `then`: one of `answers`, the first being the default, or "" for none."""
        box = self.box(text, more, icon=Icon.Question, title=title)
        buttons = {box.addButton(words, role): words for words, role in answers.items()}
        box.setDefaultButton(next(iter(buttons)))
        for button, words in buttons.items():
            if answers[words] == Role.RejectRole:
                box.setEscapeButton(button)

        def answered() -> None:
            chosen = box.clickedButton()
            then(next((words for button, words in buttons.items() if button is chosen), ""))

        box.finished.connect(answered)
        return box

    # Files and texts

    def choose_file(self, title: str, kinds: str) -> Path | None:
        """Asks for a file that is there."""
        chosen, _ = QFileDialog.getOpenFileName(self.window, title, str(self.settings.folder), kinds)
        return Path(chosen) if chosen else None

    def name_file(self, title: str, proposal: Path, kinds: str, *, replaces: bool = True) -> Path | None:
        """Asks for a file to be written; unless it `replaces`, one that is there is added to, and nobody is asked."""
        options = QFileDialog.Option(0) if replaces else QFileDialog.Option.DontConfirmOverwrite
        chosen, _ = QFileDialog.getSaveFileName(self.window, title, str(proposal), kinds, options=options)
        return Path(chosen) if chosen else None

    def ask_text(self, title: str, label: str, *, lines: bool = False) -> str | None:
        """Asks for a text, of one line or of several."""
        ask = QInputDialog.getMultiLineText if lines else QInputDialog.getText
        text, done = ask(self.window, title, label)
        return text if done else None

    def copy(self, text: str) -> None:
        """Puts a text into the clipboard."""
        QApplication.clipboard().setText(text)

    # What is on the window

    def find(self, kind: type[Widget], name: str = "") -> Widget:
        """The part of the window of that kind, and of that name if there are several."""
        found = self.window.findChild(kind, name) if name else self.window.findChild(kind)
        assert isinstance(found, kind), f"the window has no {kind.__name__} {name}"
        return found
