"""A theme as Qt wants it: a palette and a style sheet."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from .. import assets
from .theme import MATH, TEXT_PX, Theme, load_fonts, px, sans

STYLED = "optiviz-styled"


def apply(app: QApplication, theme: Theme) -> None:
    """Gives the whole program a theme, on the Fusion style."""
    load_fonts()
    if not app.property(STYLED):  # once: it takes 20 ms
        app.setStyle("Fusion")
        app.setProperty(STYLED, True)
    sheet = style_sheet(theme)
    if app.styleSheet() != sheet:  # else all is as it should be, and Qt would go through every widget anew
        app.setFont(sans(TEXT_PX))
        app.setPalette(palette(theme))
        app.setStyleSheet(sheet)


def palette(theme: Theme) -> QPalette:
    """The colours of what no style sheet reaches."""
    result = QPalette()
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    colors = {
        role.Window: theme.ground,
        role.WindowText: theme.text,
        role.Base: theme.card,
        role.AlternateBase: theme.ground,
        role.Text: theme.text,
        role.Button: theme.card,
        role.ButtonText: theme.text,
        role.ToolTipBase: theme.card,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.PlaceholderText: theme.quiet,
        role.Link: theme.accent,
        role.Accent: theme.accent,
    }
    for key, color in colors.items():
        result.setColor(key, QColor(color))
    for key in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(group.Disabled, key, QColor(theme.quiet))
    return result


def style_sheet(theme: Theme) -> str:
    """How Qt's widgets look at the present scale. Some are known by their names: card, flat, quiet, toggle."""
    t = theme

    def mark(name: str) -> str:  # a style sheet takes pictures from files only
        return f'"{assets.path("themes", t.name, name + ".svg").as_posix()}"'

    return f"""
    QMainWindow, QDialog {{ background: {t.ground}; }}
    QMenuBar {{ background: {t.ground}; padding: 2px 6px; }}
    QMenuBar::item {{ padding: 4px 9px; border-radius: 5px; background: transparent; color: {t.text}; }}
    QMenuBar::item:selected {{ background: {t.selection}; }}
    QMenu {{ background: {t.card}; border: 1px solid {t.line}; padding: 4px; }}
    QMenu::item {{ padding: 5px 26px 5px 22px; border-radius: 5px; color: {t.text}; }}
    QMenu::item:selected {{ background: {t.selection}; }}
    QMenu::item:disabled {{ color: {t.quiet}; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
    QToolTip {{ background: {t.card}; color: {t.text}; border: 1px solid {t.line}; padding: 5px 7px; }}
    QFrame#card {{ background: {t.card}; border: 1px solid {t.line}; border-radius: 8px; }}
    QWidget#bare {{ background: transparent; }}
    QLabel {{ background: transparent; }}
    QLabel#heading {{ color: {t.quiet}; font-size: {round(px(11))}px; font-weight: 600; letter-spacing: 0.5px; }}
    QLabel#title {{ color: {t.text}; font-size: {round(px(12))}px; font-weight: 600; }}
    QLabel#quiet {{ color: {t.quiet}; }}
    QLabel#formula {{ font-family: "{MATH}"; font-style: italic; font-size: {round(px(14))}px; }}
    QLabel#error {{ color: {t.danger}; font-size: {round(px(11))}px; }}
    QLineEdit, QComboBox, QSpinBox {{
        background: {t.card}; color: {t.text}; border: 1px solid {t.line}; border-radius: 5px;
        padding: 0 7px; min-height: 24px; selection-background-color: {t.accent};
        selection-color: {t.on_accent};
    }}
    QLineEdit:hover, QComboBox:hover {{ border-color: {t.quiet}; }}
    QLineEdit:focus, QComboBox:focus {{ border: 1px solid {t.accent}; }}
    QLineEdit[bad="true"] {{ border: 1px solid {t.danger}; }}
    QLineEdit:disabled, QComboBox:disabled {{ color: {t.quiet}; }}
    QComboBox::drop-down {{ border: none; width: 20px; }}
    QComboBox::down-arrow {{ image: url({mark("chevron-down")}); width: 12px; height: 12px; }}
    QComboBox QAbstractItemView {{
        background: {t.card}; color: {t.text}; border: 1px solid {t.line}; outline: none; padding: 3px;
        selection-background-color: {t.selection}; selection-color: {t.text};
    }}
    QComboBox#flat {{ border: none; background: transparent; font-weight: 600; padding: 0 2px; min-height: 20px; }}
    QComboBox#flat:hover, QComboBox#flat:focus {{ color: {t.accent}; }}
    QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {t.groove}; }}
    QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {t.accent}; }}
    QSlider::handle:horizontal {{
        width: 10px; height: 10px; margin: -5px 0; border-radius: 7px;
        background: {t.card}; border: 2px solid {t.accent};
    }}
    QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{ background: {t.accent}; }}
    QSlider::sub-page:horizontal:disabled {{ background: {t.groove}; }}
    QSlider::handle:horizontal:disabled {{ border-color: {t.groove}; }}
    QCheckBox {{ color: {t.text}; spacing: 7px; background: transparent; min-height: 20px; }}
    QCheckBox::indicator {{
        width: 13px; height: 13px; border: 1px solid {t.quiet}; border-radius: 3px; background: {t.card};
    }}
    QCheckBox::indicator:checked {{
        background: {t.accent}; border-color: {t.accent}; image: url({mark("check")});
    }}
    QCheckBox:focus {{ color: {t.accent}; }}
    QToolButton {{
        background: transparent; color: {t.text}; border: 1px solid {t.line}; border-radius: 5px; padding: 3px;
    }}
    QToolButton:hover {{ border-color: {t.quiet}; }}
    QToolButton:pressed, QToolButton:checked {{ background: {t.selection}; border-color: {t.accent}; }}
    QToolButton:focus {{ border-color: {t.accent}; }}
    QToolButton:disabled {{ color: {t.quiet}; }}
    QToolButton::menu-indicator {{ image: none; }}
    QToolButton#flat {{ border: none; color: {t.accent}; font-weight: 600; padding: 1px 4px; }}
    QToolButton#flat:hover {{ background: {t.selection}; }}
    QToolButton#toggle {{ color: {t.quiet}; font-size: {round(px(11))}px; padding: 1px 6px; }}
    QToolButton#toggle:checked {{ color: {t.accent}; }}
    QToolButton#play {{ background: {t.accent}; border: none; border-radius: {round(px(36)) // 2}px; }}
    QToolButton#play:hover {{ background: {t.text}; }}
    QToolButton#play:focus {{ border: 2px solid {t.text}; }}
    QPushButton {{
        background: {t.card}; color: {t.text}; border: 1px solid {t.line}; border-radius: 5px; padding: 5px 14px;
    }}
    QDialogButtonBox, QMessageBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QPushButton:hover {{ border-color: {t.quiet}; }}
    QPushButton:focus {{ border-color: {t.accent}; }}
    QPushButton:default {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
    QListView, QTextBrowser, QTreeWidget {{
        background: {t.card}; color: {t.text}; border: none; outline: none; selection-color: {t.text};
        selection-background-color: {t.selection};
    }}
    QScrollArea {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {t.groove}; border-radius: 4px; min-height: 24px; }}
    QScrollBar:horizontal {{ background: transparent; height: 8px; margin: 0; }}
    QScrollBar::handle:horizontal {{ background: {t.groove}; border-radius: 4px; min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QSplitter::handle {{ background: transparent; }}
    """
