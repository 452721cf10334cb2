"""The catalog of surfaces, by family."""

from . import bowls, valleys, multimodal, flats  # isort: skip  # noqa: F401  the order is the catalog's
from .surface import SURFACES, Area, Point, Surface, surface

__all__ = ["SURFACES", "Area", "Point", "Surface", "surface"]
