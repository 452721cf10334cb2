"""The card that a lesson speaks from: title, text, formulas, and the way to the next scene."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QTextBrowser, QVBoxLayout

from ..files.lessons import Lesson
from ..session.state import State, differ
from ..widgets import theme as themes
from ..widgets.buttons import tool_button
from ..widgets.icons import icon
from ..widgets.keyboard import by_tab
from ..widgets.theme import px
from .showing import Showing, theme_changed, theme_of

COMMANDS = ("previous_scene", "again", "next_scene", "close_lesson")  # of the buttons
TEXT, FORMULA, TITLE = 14, 19, 18  # pixels, at scale 1


class LessonCard(QFrame, Showing):
    """Shows the scene of a lesson that is open. `wanted` names the command that a button asks for."""

    wanted = Signal(str)
    index_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.theme = themes.LIGHT
        self.index = tool_button(tip="Where we are in this lesson; click for all of its scenes", name="flat")
        self.index.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
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
            "back": tool_button(tip="The scene before (PgUp)"),
            "loop": tool_button(tip="This scene again, from its beginning (Ctrl+R)"),
            "forward": tool_button(tip="The next scene (PgDn)"),
            "close": tool_button(tip="Close the lesson"),
        }
        for button, name in zip(self.buttons.values(), COMMANDS, strict=True):
            button.clicked.connect(partial(self._want, name))
            by_tab(button)
        by_tab(self.index)
        self.index.clicked.connect(self.index_wanted)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.index, 1)
        for button in self.buttons.values():
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 10, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.lesson_title)
        column.addWidget(self.title)
        column.addWidget(self.text, 1)

    def _want(self, name: str, *_: object) -> None:
        self.wanted.emit(name)

    def show_state(self, old: State | None, new: State) -> None:
        new_theme = theme_changed(old, new)
        if new_theme:
            self._set_theme(theme_of(new))
        if new_theme or differ(old, new, lambda state: state.origin.lesson):
            if new.origin.lesson is not None:
                self._show_scene(*new.origin.lesson)
            self.setVisible(new.origin.lesson is not None)

    def _set_theme(self, theme: themes.Theme) -> None:
        self.theme = theme
        self.title.setFont(themes.sans(TITLE, QFont.Weight.Bold))
        for name, button in self.buttons.items():
            button.setIcon(icon(name, theme.text, round(px(13))))
            button.setIconSize(QSize(round(px(13)), round(px(13))))

    def _show_scene(self, lesson: Lesson, number: int) -> None:
        """Shows the text of the scene with that number, from 0."""
        scene = lesson.scenes[number]
        self.index.setText(f"{number + 1} of {len(lesson.scenes)} ▾")
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
