"""What the contour view's colours mean: the runs with their loss at the cursor, and the scale of the surface."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ...engine.trajectory import Outcome
from ...scene.simulation import Result
from ...scene.words import brief
from ...session.state import State, differ
from ...widgets.labels import paint_card
from ...widgets.pixels import Print
from ...widgets.theme import LIGHT, TEXT_PX, Theme, px, sans
from ..showing import Showing, theme_changed, theme_of
from .relief import Scale

ROW, PAD = 18, 12
MOST_ROWS = 12


class Legend(QWidget, Showing):
    """The visible runs, each with its loss at the cursor."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.theme: Theme = LIGHT
        self.result: Result | None = None
        self.step = 0  # the cursor's
        self._print = Print()
        self._key: object = None

    def show_state(self, old: State | None, new: State) -> None:
        if theme_changed(old, new):
            self.theme = theme_of(new)
        if differ(old, new, lambda state: (state.result, state.place.cursor, state.appearance)):
            self.result, self.step = new.result, new.place.cursor
            self.update()

    def rows(self) -> list[tuple[str, str, str]]:
        """Colour, label and loss of every row."""
        if self.result is None:
            return []
        rows = []
        for run, trajectory in self.result.visible:
            last = len(trajectory) - 1
            gone = trajectory.outcome is Outcome.DIVERGED and self.step > last
            loss = "diverged" if gone else brief(float(trajectory.loss[min(self.step, last)]), 2)
            rows.append((run.color or "", run.label or "", loss))
        if len(rows) > MOST_ROWS:
            rows = [*rows[: MOST_ROWS - 1], (self.theme.card, f"and {len(rows) - MOST_ROWS + 1} more", "")]
        return rows

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(sans(TEXT_PX))
        rows = self.rows()
        label = max((metrics.horizontalAdvance(row[1]) for row in rows), default=0)
        # Room for the longest number, so that the legend keeps its width while playing.
        number = max(metrics.horizontalAdvance("−0.0e−00"), *(metrics.horizontalAdvance(row[2]) for row in rows), 0)
        return QSize(round(min(label, px(200)) + number + px(52)), round(px(ROW) * len(rows) + px(PAD)))

    def paintEvent(self, event: QPaintEvent) -> None:
        rows = self.rows()
        if not rows:
            return
        painter = QPainter(self)
        names = [(color, label) for color, label, _ in rows]
        key = (names, self.size(), self.theme, px(1))
        self._print.paint(
            painter, QRectF(self.rect()), lambda inner: self._draw_names(inner, names), fresh=key != self._key
        )
        self._key = key
        painter.setFont(sans(TEXT_PX))
        for i, (_, _, loss) in enumerate(rows):
            painter.setPen(QColor(self.theme.danger if loss == "diverged" else self.theme.quiet))
            painter.drawText(self._row(i), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, loss)

    def _row(self, i: int) -> QRectF:
        return QRectF(px(12), px(PAD) / 2 + i * px(ROW), self.width() - px(24), px(ROW))

    def _draw_names(self, painter: QPainter, names: Sequence[tuple[str, str]]) -> None:
        """All but the losses, which change while playing."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        paint_card(painter, card, self.theme, QColor(self.theme.line), radius=6, alpha=240)
        painter.setFont(sans(TEXT_PX))
        for i, (color, label) in enumerate(names):
            line = self._row(i)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color))
            dot = px(4.5)
            painter.drawEllipse(QPointF(line.left() + dot, line.center().y()), dot, dot)
            painter.setPen(QColor(self.theme.text))
            words = line.adjusted(px(17), 0, 0, 0)
            shown = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, round(px(200)))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class ScaleBar(QWidget):
    """The surface's colours with the losses that they stand for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme: Theme = LIGHT
        self.scale = Scale(0.0, 1.0, 1.0)
        self.image = QImage()
        self.setToolTip("Loss f(x, y), on a logarithmic scale above the lowest value in view")

    def show_scale(self, scale: Scale, colors: npt.NDArray[np.uint8]) -> None:
        """`colors` are the 256 colours of the ramp, from low to high, shape (256, 4)."""
        self.scale = scale
        column = colors[::-1].reshape(256, 1, 4).copy()
        self.image = QImage(column.data, 1, 256, 4, QImage.Format.Format_RGB32).copy()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.setFixedWidth(round(px(52)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(2, px(18), px(9), self.height() - px(18) - px(12))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(bar, self.image)
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        painter.setFont(sans(TEXT_PX - 2))
        painter.setPen(QColor(self.theme.quiet))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(1, 0, px(50), px(14)), left, "loss")
        count = 6
        for i in range(count):
            share = i / (count - 1)
            y = bar.bottom() - share * bar.height()
            painter.drawText(QRectF(px(15), y - px(8), px(40), px(16)), left, brief(self.scale.loss(share), 2))
