"""The help: every rule, decay and surface, from their own declarations; the keys, from the menus."""

from __future__ import annotations

import html
import platform
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyqtgraph
import PySide6
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QWidget

from ..desk.mishaps import log_file
from ..engine.catalog import Catalog
from ..engine.optimizers import OPTIMIZERS
from ..engine.params import Param
from ..engine.schedules import SCHEDULES
from ..engine.surfaces import SURFACES
from ..files import format_help
from ..session.state import State
from ..session.workspace import Workspace
from ..version import __version__
from ..views.showing import theme_changed, theme_of
from ..widgets import theme as themes

PARTS: Mapping[str, Catalog[Any]] = {"Optimizers": OPTIMIZERS, "Decays": SCHEDULES, "Surfaces": SURFACES}


def page(theme: themes.Theme) -> str:
    """All of it as one HTML page with an anchor for each definition."""
    parts = [f"<style>{style(theme)}</style>"]
    for title, catalog in PARTS.items():
        parts.append(f"<h1>{title}</h1>")
        parts += [section(definition) for definition in catalog.values()]
    parts.append(format_help.section())
    return "\n".join(parts)


def section(definition: Any) -> str:
    """One definition: formula, what it teaches, parameters, source."""
    formula = definition.formula if isinstance(definition.formula, tuple) else (definition.formula,)
    text = f'<h2><a name="{anchor(definition)}"></a>{escape(definition.name)} &nbsp;<code>{definition.key}</code></h2>'
    text += "".join(f"<p class='formula'>{escape(line)}</p>" for line in formula)
    if definition.note:
        text += f"<p>{escape(definition.note)}</p>"
    if definition.params:
        rows = "".join(row(param) for param in definition.params)
        text += f"<table cellspacing='0' cellpadding='4'>{rows}</table>"
    minima = definition.minima() if hasattr(definition, "minima") else ()
    if minima:
        places = ", ".join(f"({x:.6g}, {y:.6g})" for x, y in minima).replace("-", "−")
        text += f"<p>Minima: {places}</p>"
    return text + f"<p class='quiet'>{escape(definition.source)}</p>"


def row(param: Param) -> str:
    default = param.format(param.default) or "none"
    return (
        f"<tr><td class='symbol'>{escape(param.symbol)}</td><td><code>{param.name}</code></td>"
        f"<td>{escape(default)}</td><td>{escape(param.help)}</td></tr>"
    )


def escape(text: str) -> str:
    return html.escape(text)


def anchor(definition: Any) -> str:
    return f"{type(definition).__name__}-{definition.key}"


def style(theme: themes.Theme) -> str:
    return f"""
    h1 {{ font-size: 20px; }}
    h2 {{ font-size: 15px; margin-top: 22px; }}
    code {{ color: {theme.quiet}; font-family: "{themes.SANS}"; font-weight: 400; }}
    .formula {{ font-family: "{themes.MATH}"; font-style: italic; font-size: 17px; margin: 2px 0 2px 16px; }}
    .symbol {{ font-family: "{themes.MATH}"; font-style: italic; font-size: 15px; }}
    .quiet {{ color: {theme.quiet}; font-size: 11px; }}
    td {{ padding-right: 10px; }}
    """


class HelpWindow(QDialog):
    """The help, with an index beside it."""

    def __init__(self, parent: QWidget, workspace: Workspace) -> None:
        super().__init__(parent)
        self.setWindowTitle("OptiViz: optimizers, decays, surfaces and files")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 600)
        self.index = QListWidget()
        self.index.setFixedWidth(200)
        self.text = QTextBrowser()
        self.text.document().setDocumentMargin(18)
        for title, catalog in PARTS.items():
            self._add_part(title, {anchor(definition): definition.name for definition in catalog.values()})
        self._add_part("Files", {format_help.ANCHOR: format_help.TITLE})
        self.index.currentItemChanged.connect(self._go)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.index)
        layout.addWidget(self.text, 1)
        workspace.watch(self)
        self.finished.connect(lambda: workspace.unwatch(self))

    def show_state(self, old: State | None, new: State) -> None:
        """The page in the theme's colours, where it was read."""
        if theme_changed(old, new):
            place = self.text.verticalScrollBar().value()
            self.text.setHtml(page(theme_of(new)))
            self.text.verticalScrollBar().setValue(place)

    def _add_part(self, title: str, entries: dict[str, str]) -> None:
        """Adds a heading to the index, and the names that stand under it by their anchors."""
        head = QListWidgetItem(title.upper())
        head.setFlags(Qt.ItemFlag.NoItemFlags)
        self.index.addItem(head)
        for name, words in entries.items():
            item = QListWidgetItem(f"   {words}")
            item.setData(Qt.ItemDataRole.UserRole, name)
            self.index.addItem(item)

    def _go(self, item: QListWidgetItem) -> None:
        name = item.data(Qt.ItemDataRole.UserRole)
        if name:
            self.text.scrollToAnchor(name)

    def show_definition(self, name: str) -> None:
        """Scrolls to the definition with that anchor."""
        self.text.setSource(QUrl(f"#{name}"))


def keys_text(actions: Iterable[QAction]) -> str:
    """The keys as an HTML table."""
    rows = []
    for action in actions:
        spoken = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()]
        if spoken:
            words = action.toolTip().partition(" (")[0]
            rows.append(f"<tr><td><b>{' or '.join(spoken)}</b>&nbsp;&nbsp;&nbsp;</td><td>{escape(words)}</td></tr>")
    extra = (
        ("Click in the plot", "Put the start there"),
        ("Drag the cross", "Move the start"),
        ("Drag the plot, wheel", "Pan and zoom"),
        ("Drag in a curve", "Move through time"),
        ("Up, Down in a number", "Nudge it"),
        ("Ctrl+C in the step arithmetic", "Copy the line's value"),
        ("Drop a file or a text", "Open it"),
    )
    rows += [f"<tr><td><b>{what}</b>&nbsp;&nbsp;&nbsp;</td><td>{does}</td></tr>" for what, does in extra]
    return f"<table cellpadding='2'>{''.join(rows)}</table>"


def about_text() -> str:
    """The versions of everything that takes part."""
    return (
        f"<h3>OptiViz {__version__}</h3><p>Shows how optimizers move.</p>"
        f"<p>Python {platform.python_version()}<br>PySide6 {PySide6.__version__}<br>"
        f"pyqtgraph {pyqtgraph.__version__}<br>NumPy {np.__version__}<br>{escape(platform.platform())}</p>"
        f"<p>Mistakes of the program are written down in {html.escape(str(log_file()))}.</p>"
        "<p>MIT licence. The fonts are made from Inter and Linux Libertine (SIL Open Font License).</p>"
    )
