"""The key of a picture whose legend has no room in the plot: colours and labels of the runs, in lines under it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ..scene.run import Run
from ..widgets.theme import LIGHT, TEXT_PX, Theme, px, sans

SAMPLE, SPACE, BETWEEN, LINE = 16, 6, 16, 19  # pixels: a stroke of the colour, after it, between entries, a line
LONGEST = 0.5  # of the width: a label that is longer is shortened
MOST = 24


class Key(QWidget):
    """The runs' colours and labels, as many in a line as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self._entries: list[tuple[QPointF, str, str]] = []

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme

    def show_runs(self, runs: Sequence[Run], width: float) -> None:
        """Takes the height that these runs need in that width."""
        metrics = QFontMetricsF(sans(TEXT_PX))
        named = [(run.color or "", run.label or "") for run in runs[:MOST]]
        if len(runs) > MOST:
            named.append(("", f"and {len(runs) - MOST} more"))
        self._entries = []
        x, line = 0.0, 0
        for color, label in named:
            label = metrics.elidedText(label, Qt.TextElideMode.ElideRight, width * LONGEST)
            length = px(SAMPLE + SPACE) + metrics.horizontalAdvance(label)
            if x > 0 and x + length > width:
                x, line = 0.0, line + 1
            self._entries.append((QPointF(x, (line + 0.5) * px(LINE)), color, label))
            x += length + px(BETWEEN)
        self.setFixedHeight(round(px(LINE) * (line + 1)) if named else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sans(TEXT_PX))
        for at, color, label in self._entries:
            if color:
                pen = QPen(QColor(color), px(3))
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                painter.drawLine(at + QPointF(px(2), 0), at + QPointF(px(SAMPLE - 2), 0))
            painter.setPen(QColor(self.theme.text))
            words = QRectF(at.x() + px(SAMPLE + SPACE), at.y() - px(LINE) / 2, self.width(), px(LINE))
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, label)
