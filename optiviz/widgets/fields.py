"""Fields for parameters, built from their declarations: a symbol, a slider, an exact number, and a word if it is bad.

A field shows a value and owns none: it says `edited` with a checked value, and shows what it is told to.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QVBoxLayout,
    QWidget,
)

from ..engine.params import Flag, Knots, Param, Real, Whole
from . import theme as themes
from .keyboard import by_tab
from .scales import from_share, to_share

TICKS = 1000  # places of a slider
SETTLED_MS = 600  # changes by wheel or key that follow each other sooner are one edit
SYMBOL_WIDTH, NUMBER_WIDTH = 30, 66


class Slider(QSlider):
    """A slider that goes where it is clicked, and leaves the wheel to the panel unless it has the focus."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, TICKS)
        self.setSingleStep(TICKS // 100)
        self.setPageStep(TICKS // 20)
        by_tab(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            option = QStyleOptionSlider()
            self.initStyleOption(option)
            style = self.style()
            handle = style.subControlRect(
                QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
            )
            if not handle.contains(event.position().toPoint()):
                groove = style.subControlRect(
                    QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderGroove, self
                )
                along = round(event.position().x()) - groove.x() - handle.width() // 2
                value = QStyle.sliderValueFromPosition(
                    self.minimum(), self.maximum(), along, groove.width() - handle.width()
                )
                self.setSliderDown(True)
                self.setValue(value)
                self.setSliderDown(False)
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NumberEdit(QLineEdit):
    """A line that commits with Enter or when it is left; Escape gives the old text back, Up and Down nudge."""

    committed = Signal(str)
    nudged = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.shown = ""
        self.returnPressed.connect(self._enter)

    def show_text(self, text: str) -> None:
        self.shown = text
        self.setText(text)
        self.setCursorPosition(0)

    def event(self, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.accept()  # here they nudge the number, not the speed
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self.shown:
            self.setText(self.shown)
            self.committed.emit(self.shown)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.nudged.emit(1 if event.key() == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes a text that is dropped, but leaves files to the window, which opens them."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            QTimer.singleShot(0, self, self.selectAll)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._commit()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is half typed goes with the field: left now, it would be taken for the scene that hides it."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.setText(self.shown)

    def _enter(self) -> None:
        """Takes the number and, if it was good, gives the keys back to the window."""
        self._commit()
        if self.text() == self.shown:
            self.clearFocus()

    def _commit(self) -> None:
        if self.text() != self.shown:
            self.committed.emit(self.text())


class Field(QWidget):
    """One parameter. `edited(name, value)` carries a checked value; `settled` ends a drag or a series of keys."""

    edited = Signal(str, object)
    settled = Signal()

    def __init__(self, param: Param) -> None:
        super().__init__()
        self.param = param
        self.setObjectName(f"field {param.name}")
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.error.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_value(self, value: Any) -> None:
        raise NotImplementedError

    def refuse(self, message: str) -> None:
        """Says beside the field why a value cannot be taken; the empty message takes it back."""
        self.error.setText(message)
        self.error.setVisible(bool(message))


def symbol_label(param: Param) -> QLabel:
    """The parameter's symbol; the word is in the tooltip."""
    label = QLabel(param.symbol)
    if len(param.symbol) <= 2:
        label.setFont(themes.math(themes.TEXT_PX + 4, bold=True))
        label.setStyleSheet(f'font-family: "{themes.MATH}"; font-size: 16px; font-style: italic; font-weight: bold;')
    label.setToolTip(tip(param))
    return label


def tip(param: Param) -> str:
    word = "" if param.name == param.symbol else f" ({param.name})"
    return f"<b>{param.symbol}</b>{word}<br>{param.help}"


class NumberField(Field):
    """A real or whole number: slider and exact text. Typing may leave the slider's range, never the bounds."""

    def __init__(self, param: Real | Whole, *, slider: bool = True) -> None:
        super().__init__(param)
        self.number: Real | Whole = param
        self.symbol = symbol_label(param)
        self.edit = NumberEdit()
        self.edit.setObjectName(param.name)
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.edit.setToolTip(tip(param))
        self.edit.setAccessibleName(f"{param.name} {param.symbol}")
        self.slider = Slider() if slider else None
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.symbol)
        if self.slider is not None:
            self.symbol.setMinimumWidth(SYMBOL_WIDTH)
            self.slider.setObjectName(f"{param.name} slider")
            self.slider.setAccessibleName(f"{param.name} {param.symbol}")
            self.slider.setToolTip(tip(param))
            self.edit.setFixedWidth(NUMBER_WIDTH)
            row.addWidget(self.slider, 1)
            self.slider.valueChanged.connect(self._slid)
            self.slider.sliderReleased.connect(self.settled)
        row.addWidget(self.edit, 0 if slider else 1)
        self._column.addLayout(row)
        self._column.addWidget(self.error)
        self._value: float | None = None
        self._showing = False
        self._quiet = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._quiet.timeout.connect(self.settled)
        self.edit.committed.connect(self._typed)
        self.edit.nudged.connect(self._nudge)

    def set_param(self, param: Real | Whole) -> None:
        """Takes other bounds for the same parameter."""
        self.param = self.number = param

    def show_value(self, value: Any) -> None:
        if value == self._value and not self.error.text():
            return
        self._value = value
        self._bad("")
        self.edit.show_text(self.param.format(value))
        if self.slider is not None and not self.slider.isSliderDown():
            self._showing = True
            self.slider.setValue(round(to_share(self.number, value) * TICKS))
            self._showing = False

    def refuse(self, message: str) -> None:
        self._bad(message)

    def _slid(self, place: int) -> None:
        if self._showing:
            return
        self.edited.emit(self.param.name, from_share(self.number, place / TICKS))
        if self.slider is not None and not self.slider.isSliderDown():
            self._quiet.start()

    def _typed(self, text: str) -> None:
        try:
            value = self.param.parse(text)
        except ValueError as error:
            self._bad(str(error))
            return
        self._bad("")
        # Told to show the same value, the field must take back what was typed in another way (1.0 for 1).
        self._value = None
        self.edited.emit(self.param.name, value)
        self.settled.emit()

    def _nudge(self, by: int) -> None:
        if self._value is None:
            return
        if isinstance(self.number, Whole):
            value: float = self._value + by
        elif self.slider is not None:
            value = from_share(self.number, to_share(self.number, self._value) + by / 100)
        else:
            value = round(self._value + by * 0.1, 6)
        try:
            self.edited.emit(self.param.name, self.param.check(value))
        except ValueError:
            return  # at the bound: nothing beyond it
        self._quiet.start()

    def _bad(self, message: str) -> None:
        super().refuse(message)
        self.edit.setProperty("bad", bool(message))
        self.edit.style().unpolish(self.edit)
        self.edit.style().polish(self.edit)


class FlagField(Field):
    """True or false."""

    def __init__(self, param: Flag) -> None:
        super().__init__(param)
        self.check = QCheckBox(param.symbol)
        self.check.setObjectName(param.name)
        self.check.setToolTip(tip(param))
        by_tab(self.check)
        self._column.addWidget(self.check)
        self._column.addWidget(self.error)
        self.check.clicked.connect(lambda on: self.edited.emit(self.param.name, on))
        self.check.clicked.connect(lambda _: self.settled.emit())

    def show_value(self, value: Any) -> None:
        self.check.setChecked(value)


class KnotsField(Field):
    """The knots of a manual schedule, as text."""

    def __init__(self, param: Knots) -> None:
        super().__init__(param)
        self.edit = NumberEdit()
        self.edit.setObjectName(param.name)
        self.edit.setPlaceholderText("50:0.1, 100:0.02")
        self.edit.setToolTip(tip(param))
        label = QLabel("step : rate, …")
        label.setObjectName("quiet")
        self._column.addWidget(label)
        self._column.addWidget(self.edit)
        self._column.addWidget(self.error)
        self.edit.committed.connect(self._typed)

    def show_value(self, value: Any) -> None:
        self.refuse("")
        self.edit.show_text(self.param.format(value).replace(",", ", "))

    def _typed(self, text: str) -> None:
        try:
            value = self.param.parse(text)
        except ValueError as error:
            self.refuse(str(error))
            return
        self.refuse("")
        self.edited.emit(self.param.name, value)
        self.settled.emit()


def field_for(param: Param) -> Field:
    """The field that a parameter's kind wants."""
    if isinstance(param, Flag):
        return FlagField(param)
    if isinstance(param, Knots):
        return KnotsField(param)
    assert isinstance(param, (Real, Whole))
    return NumberField(param)


class Form(QWidget):
    """The fields of some declarations, rebuilt only when the declarations change."""

    edited = Signal(str, object)
    settled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self._params: tuple[Param, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(5)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_params(self, params: tuple[Param, ...], values: Any) -> None:
        """Shows the values of these parameters, by name."""
        if params != self._params:
            self._params = params
            for field in self.fields.values():
                field.blockSignals(True)  # its slider may be held still
                field.hide()
                field.setParent(None)
                field.deleteLater()
            while self._column.count():  # the rows of the old fields
                self._column.takeAt(0)
            self.fields = {param.name: field_for(param) for param in params}
            flags: QHBoxLayout | None = None
            for field in self.fields.values():
                if isinstance(field, FlagField):  # these are narrow: two go into one row
                    if flags is None:
                        flags = QHBoxLayout()
                        self._column.addLayout(flags)
                    flags.addWidget(field)
                    flags = None if flags.count() == 2 else flags
                else:
                    flags = None
                    self._column.addWidget(field)
                field.edited.connect(self.edited)
                field.settled.connect(self.settled)
        for name, field in self.fields.items():
            field.show_value(values[name])
        self.setVisible(bool(params))
