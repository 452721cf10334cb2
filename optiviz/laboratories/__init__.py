"""Windows of their own for one question each, and the catalog of them."""

from . import decay_laboratory  # noqa: F401  it declares itself
from .laboratory import LABORATORIES, Laboratory

__all__ = ["LABORATORIES", "Laboratory"]
