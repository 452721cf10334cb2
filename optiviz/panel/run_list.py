"""The runs: colour, name, settings and an eye each; added, duplicated, deleted, renamed, recoloured, hidden, moved."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ..files.newer import Unread
from ..scene.run import Run
from ..scene.scene import Scene
from ..scene.simulation import Result
from ..scene.words import describe_run, in_a_line
from ..widgets import icons
from ..widgets import theme as themes
from ..widgets.keyboard import by_tab

ROW_HEIGHT = 35
MOST_ROWS_SHOWN = 6
KEPT = "not understood, kept in the file"
DOT = QRect(6, 0, 26, ROW_HEIGHT)  # where a click recolours
EYE_WIDTH = 34  # where a click hides, from the right
RUN, DIVERGED, UNREAD = (Qt.ItemDataRole.UserRole + number for number in range(3))
CHOOSABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
OF_A_RUN = CHOOSABLE | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled

AnyIndex = QModelIndex | QPersistentModelIndex


def middle_of_dot(row: QRect) -> QPointF:
    return QPointF(row.left() + 18.5, row.center().y() + 0.5)


class RunDelegate(QStyledItemDelegate):
    """Draws a run and tells clicks on its dot and on its eye."""

    def __init__(self, runs: RunList) -> None:
        super().__init__(runs)
        self.runs = runs
        self.theme = themes.LIGHT

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme, rect = self.theme, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.selection))
        unread: Unread | None = index.data(UNREAD)
        if unread is None:
            self._paint_run(painter, rect, index.data(RUN), index.data(DIVERGED) or "")
        else:
            painter.setPen(QPen(QColor(theme.quiet), 1, Qt.PenStyle.DotLine))
            painter.drawEllipse(middle_of_dot(rect), 5, 5)
            words = rect.adjusted(34, 3, -8, -3)
            self._paint_words(painter, words, in_a_line(unread.label), theme.quiet, KEPT, theme.quiet)
        painter.restore()

    def _paint_run(self, painter: QPainter, rect: QRect, run: Run, diverged: str) -> None:
        theme, color = self.theme, QColor(run.color or "")
        if not run.visible:
            color.setAlphaF(0.35)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(middle_of_dot(rect), 5.5, 5.5)
        words, below = rect.adjusted(34, 3, -EYE_WIDTH, -3), diverged or describe_run(run)
        name_color = theme.text if run.visible else theme.quiet
        self._paint_words(painter, words, run.label or "", name_color, below, theme.danger if diverged else theme.quiet)
        eye = icons.pixmap("eye" if run.visible else "eye-off", theme.quiet, 16, painter.device().devicePixelRatio())
        painter.drawPixmap(QPointF(rect.right() - 26, rect.center().y() - 7.5), eye)

    def _paint_words(
        self, painter: QPainter, rect: QRect, name: str, name_color: str, below: str, below_color: str
    ) -> None:
        """A name, and smaller under it what there is to say of it."""
        upper, lower = QRect(rect), QRect(rect)
        upper.setHeight(rect.height() // 2 + 1)
        lower.setTop(upper.bottom())
        for row, text, color, font in (
            (upper, name, name_color, themes.sans(themes.TEXT_PX, QFont.Weight.DemiBold)),
            (lower, below, below_color, themes.sans(themes.TEXT_PX - 1.5)),
        ):
            painter.setFont(font)
            painter.setPen(QColor(color))
            text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, row.width())
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, text)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        of_a_run = index.data(UNREAD) is None
        if of_a_run and isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            x = event.position().x() - option.rect.left()
            on_dot, on_eye = DOT.left() <= x <= DOT.right(), x > option.rect.width() - EYE_WIDTH
            if on_dot or on_eye:
                if event.type() == QEvent.Type.MouseButtonRelease:
                    (self.runs.recolor_wanted if on_dot else self.runs.visibility_clicked).emit(index.row())
                return True
        return super().editorEvent(event, model, option, index)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        editor = QLineEdit(parent)
        editor.setMaxLength(100)
        return editor

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        assert isinstance(editor, QLineEdit)
        editor.setText(index.data(RUN).label)
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        assert isinstance(editor, QLineEdit)
        if editor.text() != index.data(RUN).label:
            self.runs.renamed.emit(index.row(), editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        editor.setGeometry(QRectF(option.rect).adjusted(30, 4, -EYE_WIDTH, -4).toRect())


class RunList(QListWidget):
    """Shows the scene's runs, and says what the user wants done with them.

    At the end stand those of a newer version's file that are not understood: they can be chosen, and removed.
    """

    selected = Signal(int)
    unread_chosen = Signal(object)  # a run that is not understood
    visibility_clicked = Signal(int)
    recolor_wanted = Signal(int)
    renamed = Signal(int, str)
    moved = Signal(int, int)
    menu_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("runs")
        by_tab(self)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.delegate = RunDelegate(self)
        self.setItemDelegate(self.delegate)
        self._showing = False
        self._runs = 0
        self.currentRowChanged.connect(self._row_changed)
        self.model().rowsMoved.connect(self._rows_moved)

    def set_theme(self, theme: themes.Theme) -> None:
        self.delegate.theme = theme
        self.viewport().update()

    def show_scene(
        self, scene: Scene, selected: int, unread: Sequence[Unread] = (), chosen: Unread | None = None
    ) -> None:
        """The scene's runs, of which one is selected, or one `chosen` of those that are not understood."""
        self._showing = True
        self._runs = len(scene.runs)
        rows = self._runs + len(unread)
        while self.count() > rows:
            self.takeItem(self.count() - 1)
        while self.count() < rows:
            self.addItem(QListWidgetItem())
        for row, run in enumerate(scene.runs):
            item = self.item(row)
            if item.data(RUN) != run:
                item.setFlags(OF_A_RUN)
                item.setData(UNREAD, None)
                item.setData(RUN, run)
                item.setData(DIVERGED, "")
            tip = (
                f"<b>{run.rule.name}</b><br>{run.rule.note}<br><i>Double-click renames, the dot recolours, "
                f"the eye{f' (key {row + 1})' if row < 9 else ''} hides, dragging moves.</i>"
            )
            if item.toolTip() != tip:  # setting it draws the row anew
                item.setToolTip(tip)
        for row, left_out in enumerate(unread, self._runs):
            self._show_unread(self.item(row), left_out)
        if chosen is not None and chosen in unread:
            self.setCurrentRow(self._runs + list(unread).index(chosen))
        else:
            self.setCurrentRow(selected if selected < self._runs else -1)
        self.setFixedHeight(ROW_HEIGHT * max(1, min(rows, MOST_ROWS_SHOWN)) + 1)
        self._showing = False

    def _show_unread(self, item: QListWidgetItem, unread: Unread) -> None:
        if item.data(UNREAD) != unread:
            item.setFlags(CHOOSABLE)
            item.setData(RUN, None)
            item.setData(UNREAD, unread)
            name, reason = (html.escape(in_a_line(text, 300)) for text in (unread.label, unread.reason))
            item.setToolTip(
                f"<b>{name}</b><br>This OptiViz does not understand it: {reason}.<br>It takes no part here, and is "
                "kept when the scene is saved.<br><i>Del removes it from the file.</i>"
            )

    def can_rename(self) -> bool:
        """Whether a name can be opened for typing: not in a list that is hidden, and not twice."""
        return self.isVisible() and self.state() != QAbstractItemView.State.EditingState

    def show_result(self, result: Result) -> None:
        """Says of each run that diverged, at which step."""
        if len(result.trajectories) != self._runs:
            return
        for row, trajectory in enumerate(result.trajectories):
            self.item(row).setData(DIVERGED, trajectory.message.partition(":")[0])

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        """What a dragged row carries: nothing. It only moves in this list, and Qt would pickle its run."""
        data = QMimeData()
        data.setData(self.mimeTypes()[0], b"")
        return data

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.indexAt(event.pos()).isValid():
            self.menu_wanted.emit(event.globalPos())

    def _row_changed(self, row: int) -> None:
        if self._showing or row < 0:
            return
        if row < self._runs:
            self.selected.emit(row)
        else:
            self.unread_chosen.emit(self.item(row).data(UNREAD))

    def _rows_moved(self, parent: QModelIndex, first: int, last: int, target: QModelIndex, row: int) -> None:
        if not self._showing:
            self.moved.emit(first, row - 1 if row > first else row)
