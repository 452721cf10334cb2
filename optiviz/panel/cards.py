"""What the cards of the panel are made of: headings, columns, choices of a catalog."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ..engine.catalog import Catalog
from ..widgets.keyboard import by_tab

WIDTH = 258
PAD = 12
HEADING_WIDTH = 58


def fill_card(frame: QFrame, title: str) -> tuple[QVBoxLayout, QHBoxLayout]:
    """Makes the frame a card: gives the column for its content, and its heading's row for what belongs beside it."""
    frame.setObjectName("card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 8, 0, 9)
    column.setSpacing(6)
    row = heading(title)
    column.addLayout(row)
    return column, row


def heading(title: str) -> QHBoxLayout:
    """A row that begins with a heading."""
    row = QHBoxLayout()
    row.setContentsMargins(PAD, 0, PAD, 0)
    row.setSpacing(4)
    label = QLabel(title.upper())
    label.setObjectName("heading")
    label.setMinimumWidth(HEADING_WIDTH)
    row.addWidget(label)
    return row


def padded(*widgets: QWidget) -> QVBoxLayout:
    """Widgets in a column with the card's margins."""
    column = QVBoxLayout()
    column.setContentsMargins(PAD, 0, PAD, 0)
    column.setSpacing(6)
    for widget in widgets:
        column.addWidget(widget)
    return column


def catalog_box(catalog: Catalog[Any], name: str) -> QComboBox:
    """A choice among the catalog's definitions, under the headings of their families."""
    box = QComboBox()
    box.setObjectName(name)
    box.setMaxVisibleItems(30)
    by_tab(box)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setMinimumContentsLength(8)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    family = None
    for definition in catalog.values():
        if getattr(definition, "family", family) != family:
            if family is not None:
                box.insertSeparator(box.count())
            family = definition.family
        box.addItem(definition.name, definition.key)
        tip = f"<b>{definition.name}</b><br>{'<br>'.join(lines_of(definition.formula))}"
        box.setItemData(
            box.count() - 1,
            tip + (f"<br><br>{definition.note}" if definition.note else ""),
            Qt.ItemDataRole.ToolTipRole,
        )
    return box


def lines_of(formula: str | tuple[str, ...]) -> tuple[str, ...]:
    return (formula,) if isinstance(formula, str) else formula
