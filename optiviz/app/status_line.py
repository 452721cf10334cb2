"""The line at the bottom: what happened, in words; what is under the mouse; how far a long computation is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from .keyboard import by_tab

MESSAGE_MS = 7000
SHOW_PROGRESS_AFTER = 0.6  # seconds


class StatusLine(QWidget):
    """Left a sentence, right what is under the mouse, between them progress and Cancel while something takes long."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bare")
        self.setFixedHeight(24)
        self.left = QLabel()
        self.left.setObjectName("status")
        self.left.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.left.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.left.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.right = QLabel()
        for label in (self.left, self.right):
            label.setTextFormat(Qt.TextFormat.PlainText)  # names come from anywhere
        self.right.setObjectName("quiet")
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setFixedSize(QSize(160, 14))
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self.cancelled)
        by_tab(self.cancel)
        self.cancel.setFixedHeight(22)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(10)
        row.addWidget(self.left, 1)
        row.addWidget(self.bar)
        row.addWidget(self.cancel)
        row.addWidget(self.right)
        self.show_progress(None)
        self._plain = ""
        self._message = QTimer(self, singleShot=True, interval=MESSAGE_MS)
        self._message.timeout.connect(lambda: self.left.setText(self._plain))

    def show_status(self, text: str) -> None:
        """The sentence for as long as there is nothing more important to say."""
        self._plain = text
        if not self._message.isActive():
            self.left.setText(text)

    def say(self, text: str) -> None:
        """A message, for a few seconds."""
        self.left.setText(text)
        self._message.start()

    def show_pointer(self, text: str) -> None:
        """What is under the mouse."""
        self.right.setText(text)

    def show_progress(self, share: float | None) -> None:
        """How far the computation is; None when there is none to wait for."""
        self.bar.setVisible(share is not None)
        self.cancel.setVisible(share is not None)
        if share is not None:
            self.bar.setValue(round(100 * share))
