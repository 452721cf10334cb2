"""Finds the files of resources/: icons, lessons, themes.

A wheel and a frozen app carry them inside the package, as optiviz/resources; a checkout and an editable install of it
have them at the top of the repository.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """The folder of the resources. Raises FileNotFoundError if the installation lacks it."""
    places = (PACKAGE / "resources", PACKAGE.parent / "resources")
    for place in places:
        if place.is_dir():
            return place
    looked = " nor ".join(str(place) for place in places)
    raise FileNotFoundError(f"OptiViz's resources are missing: there is neither {looked}; install OptiViz again")


def path(*parts: str) -> Path:
    """The file or folder of that name in the resources, as in `path("icons", "play.svg")`."""
    found = root().joinpath(*parts)
    if not found.exists():
        raise FileNotFoundError(f"OptiViz's resource {'/'.join(parts)} is missing from {root()}; install OptiViz again")
    return found
