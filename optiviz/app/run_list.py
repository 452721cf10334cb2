"""The runs: colour, name, settings and an eye each; added, duplicated, deleted, renamed, recoloured, hidden, moved."""

from __future__ import annotations

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
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QMouseEvent, QPainter
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

from ..scene.runner import Result
from ..scene.scene import Run, Scene
from . import theme as themes
from .keyboard import by_tab
from .words import describe_run

ROW_HEIGHT = 35
MOST_ROWS_SHOWN = 6
DOT = QRect(6, 0, 26, ROW_HEIGHT)  # where a click recolours
EYE_WIDTH = 34  # where a click hides, from the right
RUN, DIVERGED = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1

AnyIndex = QModelIndex | QPersistentModelIndex


class RunDelegate(QStyledItemDelegate):
    """Draws a run and tells clicks on its dot and on its eye."""

    def __init__(self, runs: RunList) -> None:
        super().__init__(runs)
        self.runs = runs
        self.theme = themes.LIGHT

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        run: Run = index.data(RUN)
        theme, rect = self.theme, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.selection))
        color = QColor(run.color or "")
        text = QColor(theme.text if run.visible else theme.quiet)
        if not run.visible:
            color.setAlphaF(0.35)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QPointF(rect.left() + 18.5, rect.center().y() + 0.5), 5.5, 5.5)
        words = rect.adjusted(34, 3, -EYE_WIDTH, -3)
        font = themes.sans(themes.TEXT_PX, QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(text)
        upper, lower = QRect(words), QRect(words)
        upper.setHeight(words.height() // 2 + 1)
        lower.setTop(upper.bottom())
        name = painter.fontMetrics().elidedText(run.label or "", Qt.TextElideMode.ElideRight, upper.width())
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, name)
        diverged: str = index.data(DIVERGED) or ""
        painter.setFont(themes.sans(themes.TEXT_PX - 1.5))
        painter.setPen(QColor(theme.danger if diverged else theme.quiet))
        below = diverged or describe_run(run)
        below = painter.fontMetrics().elidedText(below, Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, below)
        eye = themes.pixmap("eye" if run.visible else "eye-off", theme.quiet, 16, painter.device().devicePixelRatio())
        painter.drawPixmap(QPointF(rect.right() - 26, rect.center().y() - 7.5), eye)
        painter.restore()

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
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
    """Shows the scene's runs, and says what the user wants done with them."""

    selected = Signal(int)
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
        self.currentRowChanged.connect(self._row_changed)
        self.model().rowsMoved.connect(self._rows_moved)

    def dress(self, theme: themes.Theme) -> None:
        self.delegate.theme = theme
        self.viewport().update()

    def show_scene(self, scene: Scene, selected: int) -> None:
        self._showing = True
        while self.count() > len(scene.runs):
            self.takeItem(self.count() - 1)
        while self.count() < len(scene.runs):
            item = QListWidgetItem()
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsEditable
                | Qt.ItemFlag.ItemIsDragEnabled
            )
            self.addItem(item)
        for row, run in enumerate(scene.runs):
            item = self.item(row)
            if item.data(RUN) != run:
                item.setData(RUN, run)
                item.setData(DIVERGED, "")
            tip = (
                f"<b>{run.rule.name}</b><br>{run.rule.note}<br><i>Double-click renames, the dot recolours, "
                f"the eye{f' (key {row + 1})' if row < 9 else ''} hides, dragging moves.</i>"
            )
            if item.toolTip() != tip:  # setting it draws the row anew
                item.setToolTip(tip)
        self.setCurrentRow(selected)
        self.setFixedHeight(ROW_HEIGHT * max(1, min(len(scene.runs), MOST_ROWS_SHOWN)) + 1)
        self._showing = False

    def can_rename(self) -> bool:
        """Whether a name can be opened for typing: not in a list that is hidden, and not twice."""
        return self.isVisible() and self.state() != QAbstractItemView.State.EditingState

    def show_result(self, result: Result) -> None:
        """Says of each run that diverged, at which step."""
        if len(result.trajectories) != self.count():
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
        if not self._showing and row >= 0:
            self.selected.emit(row)

    def _rows_moved(self, parent: QModelIndex, first: int, last: int, target: QModelIndex, row: int) -> None:
        if not self._showing:
            self.moved.emit(first, row - 1 if row > first else row)
