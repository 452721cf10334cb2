"""The card that a lesson speaks from: title, text, formulas, and the way to the next scene."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QTextBrowser, QToolButton, QVBoxLayout

from ..scene.lessons import Lesson
from . import theme as themes
from .keyboard import by_tab
from .theme import px

TEXT, FORMULA, TITLE = 14, 19, 18  # pixels, at scale 1


class LessonCard(QFrame):
    """Shows one scene of a lesson. Its buttons ask; the lesson's conductor moves."""

    next_wanted, previous_wanted, again_wanted, close_wanted, index_wanted = (
        Signal(),
        Signal(),
        Signal(),
        Signal(),
        Signal(),
    )

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.theme = themes.LIGHT
        self._shown: tuple[Lesson, int] | None = None
        self.place = QToolButton(toolTip="Where we are in this lesson; click for all of its scenes")
        self.place.setObjectName("flat")
        self.place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.lesson_title = QLabel()
        self.lesson_title.setObjectName("heading")
        self.title = QLabel()
        for label in (self.lesson_title, self.title):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.text = QTextBrowser()
        self.text.setObjectName("lesson")
        self.text.setOpenLinks(False)
        self.text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.text.document().setDocumentMargin(0)
        self.buttons = {
            "back": QToolButton(toolTip="The scene before (PgUp)"),
            "loop": QToolButton(toolTip="This scene again, from its beginning (Ctrl+R)"),
            "forward": QToolButton(toolTip="The next scene (PgDn)"),
            "close": QToolButton(toolTip="Close the lesson"),
        }
        wanted = (self.previous_wanted, self.again_wanted, self.next_wanted, self.close_wanted)
        for button, signal in zip(self.buttons.values(), wanted, strict=True):
            button.clicked.connect(signal)
            by_tab(button)
        by_tab(self.place)
        self.place.clicked.connect(self.index_wanted)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.place, 1)
        for button in self.buttons.values():
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 10, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.lesson_title)
        column.addWidget(self.title)
        column.addWidget(self.text, 1)

    def dress(self, theme: themes.Theme) -> None:
        self.theme = theme
        self.title.setFont(themes.sans(TITLE, QFont.Weight.Bold))
        for name, button in self.buttons.items():
            button.setIcon(themes.icon(name, theme.text, round(px(13))))
            button.setIconSize(QSize(round(px(13)), round(px(13))))
        if self._shown is not None:
            self.show_scene(*self._shown)

    def show_scene(self, lesson: Lesson, number: int) -> None:
        """Shows the text of the scene with that number, from 0."""
        self._shown = lesson, number
        scene = lesson.scenes[number]
        self.place.setText(f"{number + 1} of {len(lesson.scenes)} ▾")
        self.lesson_title.setText(lesson.title.upper())
        self.title.setText(scene.title)
        self.text.setMarkdown(scene.text)
        self._set_type()

    def _set_type(self) -> None:
        """Sets plain text large, and quoted lines, which are formulas, in the symbols' type."""
        document = self.text.document()
        document.setDefaultFont(themes.sans(TEXT))
        block = document.begin()
        while block.isValid():
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            shape = QTextBlockFormat(block.blockFormat())
            formula = shape.hasProperty(QTextFormat.Property.BlockQuoteLevel)
            shape.setTopMargin(px(3 if formula else 7))
            shape.setBottomMargin(px(3))
            shape.setLeftMargin(px(14) if formula else 0)
            shape.setRightMargin(0)
            shape.setLineHeight(122, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            cursor.setBlockFormat(shape)
            if formula:
                type_face = QTextCharFormat()
                type_face.setFont(themes.math(FORMULA))
                type_face.setForeground(QColor(self.theme.text))
                cursor.mergeCharFormat(type_face)
            block = block.next()

    def text_height(self) -> int:
        """How high the card must be to show all of its text."""
        self.text.document().setTextWidth(self.text.viewport().width())
        labels = sum(label.heightForWidth(self.width() - 24) for label in (self.lesson_title, self.title))
        return round(self.text.document().size().height()) + labels + 66
