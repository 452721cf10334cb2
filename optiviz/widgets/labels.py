"""Words in a frame, painted over a plot: they stay readable whatever lies under them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from .theme import TEXT_PX, Theme, sans


def paint_card(
    painter: QPainter, rect: QRectF, theme: Theme, edge: QColor | None, *, radius: float, alpha: int, width: float = 1.0
) -> None:
    """A rounded ground in the colour of cards, `alpha` of 255 opaque, with an `edge` of some `width` if there is one.

    All lengths are pixels, as they are drawn.
    """
    ground = QColor(theme.card)
    ground.setAlpha(alpha)
    painter.setPen(Qt.PenStyle.NoPen if edge is None else QPen(edge, width))
    painter.setBrush(ground)
    painter.drawRoundedRect(rect, radius, radius)


def label_font() -> QFont:
    """The font of labels, at the theme's scale."""
    return sans(TEXT_PX - 1, QFont.Weight.DemiBold)


def label_rect(text: str, beside: float, above: float) -> QRectF:
    """A rectangle at 0, 0 that holds a label's text with so many pixels more of width and of height."""
    metrics = QFontMetricsF(label_font())
    return QRectF(0, 0, metrics.horizontalAdvance(text) + beside, metrics.height() + above)


def paint_label(painter: QPainter, rect: QRectF, text: str, theme: Theme, edge: QColor) -> None:
    """A few words in the middle of a frame, whose edge has the colour of what they are about."""
    paint_card(painter, rect, theme, edge, radius=4, alpha=235, width=1.5)
    painter.setPen(QColor(theme.text))
    painter.setFont(label_font())
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
