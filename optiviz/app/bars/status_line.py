"""The line at the bottom: what happened, in words; what is under the mouse; how far a long computation is."""

from __future__ import annotations

import time

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from ...scene.words import status
from ...session.state import State, differ
from ...widgets.keyboard import by_tab

MESSAGE_MS = 7000
STATUS_SECONDS = 0.1  # between two states of the sentence while playing: faster, nobody can read it
NO_RUN = "There is no run. Add one with “+ Add” on the left."
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
        self._shown = time.perf_counter()
        self._message = QTimer(self)
        self._message.setSingleShot(True)
        self._message.setInterval(MESSAGE_MS)
        self._message.timeout.connect(lambda: self.left.setText(self._plain))

    def show_state(self, old: State | None, new: State) -> None:
        """What the selected run is doing at the cursor."""
        if not differ(
            old, new, lambda state: (state.result, state.selected, state.run is None, state.place, state.playing)
        ):
            return
        now = time.perf_counter()
        if new.playing and old is not None and old.result is new.result and now - self._shown < STATUS_SECONDS:
            return
        self._shown = now
        if new.run is None:
            self.show_status(NO_RUN)
        elif new.result is not None and new.shown is not None:
            self.show_status(status(new.result.scene, *new.shown, new.place.cursor))

    def forget_message(self) -> None:
        """Shows the sentence again at once."""
        self._message.stop()
        self.left.setText(self._plain)

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
