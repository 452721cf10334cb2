"""The labels' letters: how much room they take, and pictures of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from ...widgets.pixels import blank_image
from ...widgets.theme import TEXT_PX, px, sans
from ...widgets.theme import math as math_font

SYMBOL_PX, NOTE_PX = TEXT_PX + 5, TEXT_PX
HALO = 4.0  # pixels


@dataclass(frozen=True)
class Text:
    """A few words: a symbol with an index, in the math font, and a note in the text font."""

    symbol: str
    index: str = ""
    note: str = ""


@dataclass(frozen=True)
class Piece:
    """Some letters of a text and where they go from its corner."""

    words: str
    font: str
    x: float
    y: float


def font_of(name: str) -> QFont:
    if name == "note":
        return sans(NOTE_PX, QFont.Weight.DemiBold)
    return math_font(SYMBOL_PX if name == "symbol" else SYMBOL_PX * 0.72, bold=True)


@lru_cache(maxsize=512)
def written(text: Text, scale: float) -> tuple[list[Piece], float, float]:
    """A text in pieces, with its width and height, for that scale of the theme, the present one.

    Its numbers come apart, since they change all the time.
    """
    pieces, x = [], 0.0
    ascent = QFontMetricsF(font_of("symbol")).ascent()
    for words, name, drop in ((text.symbol, "symbol", 0.0), (text.index, "index", 0.24 * SYMBOL_PX * scale)):
        if words:
            metrics = QFontMetricsF(font_of(name))
            pieces.append(Piece(words, name, x, ascent * 0.85 + drop - metrics.ascent()))
            x += metrics.horizontalAdvance(words)
    metrics = QFontMetricsF(font_of("note"))
    x += 5.0 * scale if x and text.note else 0.0
    for letter in text.note:
        pieces.append(Piece(letter, "note", x, ascent * 0.85 - metrics.ascent()))
        x += metrics.horizontalAdvance(letter)
    return pieces, x, QFontMetricsF(font_of("symbol")).height() * 0.9


@lru_cache(maxsize=1024)
def letters(words: str, font: str, scale: float, color: str, halo: bool, ratio: float) -> QImage:
    """Letters, or the halo around them, as a picture with a margin of HALO: to stroke letters takes too long."""
    drawn = font_of(font)
    metrics, margin = QFontMetricsF(drawn), HALO * scale
    slant = metrics.height() / 4  # italics lean out of their width
    box = QRectF(0, 0, metrics.horizontalAdvance(words) + 2 * margin + slant, metrics.height() + 2 * margin)
    image = blank_image(box, ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addText(QPointF(margin, margin + metrics.ascent()), drawn, words)
    if halo:
        painter.strokePath(path, outline_pen(color, HALO * scale))
    path.setFillRule(Qt.FillRule.WindingFill)
    painter.fillPath(path, QColor(color))
    painter.end()
    return image


def outline_pen(color: str, width: float) -> QPen:
    pen = QPen(QColor(color), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def measure(text: Text) -> tuple[float, float]:
    """A text's width and height with room for its halo."""
    _, width, height = written(text, px(1))
    return width + 2.0, height
