"""Colours and fonts: a light theme and a dark one, and how large everything is drawn.

The platform's colour scheme is not used: it is unknown on bare X and offscreen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase

from .. import assets

SANS, MATH = "OptiViz Sans", "OptiViz Math"
FONTS = (
    "OptiVizSans-Regular.otf",
    "OptiVizSans-SemiBold.otf",
    "OptiVizSans-Bold.otf",
    "OptiVizMath-Italic.otf",
    "OptiVizMath-BoldItalic.otf",
)
TEXT_PX = 12  # the size of plain text; all other sizes follow from it


@dataclass(frozen=True)
class Theme:
    """Colours as #rrggbb. `low` and `high` end the surface's ramp, at the lowest and the highest loss shown."""

    name: str
    ground: str
    card: str
    line: str
    text: str
    quiet: str
    accent: str
    on_accent: str
    selection: str
    groove: str
    danger: str
    grid: str
    low: str
    high: str
    contour: str


LIGHT = Theme(
    name="light",
    ground="#f3f5f7",
    card="#ffffff",
    line="#e1e5ea",
    text="#1f2933",
    quiet="#66727f",
    accent="#2563eb",
    on_accent="#ffffff",
    selection="#e8f0fe",
    groove="#d9dee4",
    danger="#c42b1c",
    grid="#eceff2",
    low="#55708f",
    high="#f7f9fb",
    contour="#8ea3b9",
)
DARK = Theme(
    name="dark",
    ground="#12161b",
    card="#1b2027",
    line="#2b323b",
    text="#e6ebf0",
    quiet="#93a0ad",
    accent="#5b93ff",
    on_accent="#0d1117",
    selection="#22304a",
    groove="#39424d",
    danger="#ff7b72",
    grid="#262d36",
    low="#7fa3c9",
    high="#161d25",
    contour="#54677c",
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}
# On paper: no grey ground, and text as black as type is.
PRINT = replace(LIGHT, ground="#ffffff", line="#c4cad1", text="#000000", quiet="#333b44", grid="#e2e6ea")
PICTURE_THEMES = THEMES | {"print": PRINT}


class _Type:
    """How much larger than on a desk everything is drawn: one for the whole program, like Qt's own style."""

    scale = 1.0


def set_scale(scale: float) -> None:
    """Makes type, lines and marks so much larger; `apply` and `set_theme` then show it."""
    _Type.scale = scale


def px(length: float) -> float:
    """A length in pixels at the present scale."""
    return length * _Type.scale


@lru_cache(maxsize=1)
def load_fonts() -> None:
    """Makes the bundled fonts known to Qt, once."""
    for name in FONTS:
        QFontDatabase.addApplicationFont(str(assets.path("fonts", name)))


def sans(pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The text font, with digits of equal width."""
    font = QFont(SANS)
    font.setPixelSize(round(px(pixels)))
    font.setWeight(weight)
    return font


def math(pixels: float, bold: bool = False) -> QFont:
    """The italic serif in which symbols are set."""
    font = QFont(MATH)
    font.setItalic(True)
    font.setBold(bold)
    font.setPixelSize(round(px(pixels)))
    return font
