"""The list of decays in the laboratory, each with its formula, and the typesetting of such a formula."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ..engine.schedules import SCHEDULES, Schedule
from ..widgets import theme as themes
from ..widgets.theme import px

PAD = 12
ROW_HEIGHT = 44
DECAYS = tuple(decay for decay in SCHEDULES.values() if decay.key != "manual")
AnyIndex = QModelIndex | QPersistentModelIndex


class DecayDelegate(QStyledItemDelegate):
    """Draws a decay: its name, and below it its formula."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = themes.LIGHT

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(0, round(px(ROW_HEIGHT)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        decay: Schedule = SCHEDULES[index.data(Qt.ItemDataRole.UserRole)]
        rect = QRect(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if selected:
            painter.fillRect(rect, QColor(self.theme.selection))
            painter.fillRect(QRect(rect.left(), rect.top(), round(px(3)), rect.height()), QColor(self.theme.accent))
        words = rect.adjusted(round(px(PAD)), round(px(4)), -round(px(6)), -round(px(3)))
        upper, lower = QRect(words), QRect(words)
        upper.setHeight(words.height() // 2)
        lower.setTop(upper.bottom())
        painter.setPen(QColor(self.theme.text))
        painter.setFont(themes.sans(themes.TEXT_PX, themes.sans(1).Weight.DemiBold))
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, decay.name)
        painter.setPen(QColor(self.theme.text if selected else self.theme.quiet))
        painter.setFont(themes.math(themes.TEXT_PX + 2))
        formula = painter.fontMetrics().elidedText(decay.formula, Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, formula)
        painter.restore()


class DecayList(QListWidget):
    """All decays, in the order of `DECAYS`."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("decays")
        self.setAccessibleName("Decays")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.delegate = DecayDelegate(self)
        self.setItemDelegate(self.delegate)
        for decay in DECAYS:
            item = QListWidgetItem(decay.name)
            item.setData(Qt.ItemDataRole.UserRole, decay.key)
            item.setToolTip(f"<b>{decay.name}</b><br>{decay.formula}<br><br>{decay.note or decay.source}")
            self.addItem(item)

    def set_theme(self, theme: themes.Theme) -> None:
        self.delegate.theme = theme
        self.scheduleDelayedItemsLayout()  # rows are as high as the theme's scale makes them
        self.viewport().update()


def typeset(formula: str) -> str:
    """A decay's formula as rich text, with its exponents raised."""
    raised = re.sub(
        r"\^(?:\(([^()]*)\)|(⌊[^⌋]*⌋))", lambda found: f"<sup>{found[1] or found[2]}</sup>", html.escape(formula)
    )
    return f"α(t) = {raised}" if raised[0] in "αk" else raised  # one is told in words
