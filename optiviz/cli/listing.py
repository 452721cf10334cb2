"""`optiviz list`: the catalogs, as tables or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..engine.catalog import near_miss
from ..engine.params import shown
from ..scene.alignment import aligned
from .options import KINDS, list_parser
from .output import DONE, say

if TYPE_CHECKING:
    from ..engine.params import Param


def list_catalogs(words: Sequence[str]) -> int:
    """`optiviz list`: the catalogs, as tables or as JSON."""
    options = list_parser().read(words)
    if options.kind is not None and options.kind not in KINDS:
        hint = near_miss(options.kind, KINDS) or f"there are {', '.join(KINDS)}"
        raise ValueError(f"{shown(options.kind)} is no catalog; {hint}")
    kinds = KINDS if options.kind is None else (options.kind,)
    from ..engine.optimizers import OPTIMIZERS
    from ..engine.schedules import SCHEDULES
    from ..engine.surfaces import SURFACES

    catalogs: dict[str, Mapping[str, Any]] = {
        "surfaces": SURFACES,
        "optimizers": OPTIMIZERS,
        "schedules": SCHEDULES,
    }
    if options.json:
        import json

        content = {kind: [described(definition) for definition in catalogs[kind].values()] for kind in kinds}
        say(json.dumps(content, indent=2, allow_nan=False))
    else:
        say("\n\n".join(f"{kind}\n{listed(catalogs[kind])}" for kind in kinds))
    return DONE


def described(definition: Any) -> dict[str, Any]:
    """A definition as plain JSON values."""
    names = ("key", "name", "family", "formula", "source", "note", "time", "window", "start", "rate", "state")
    plain = (str, int, float, tuple)
    values = {name: getattr(definition, name) for name in names if isinstance(getattr(definition, name, None), plain)}
    values["params"] = [param.describe() for param in definition.params]
    if hasattr(definition, "minima"):
        values["minima"] = definition.minima()
    return values


def listed(catalog: Mapping[str, Any]) -> str:
    """A catalog as a table for people."""

    def defaults(params: Sequence[Param]) -> str:
        return " ".join(f"{param.name}={param.format(param.default)}" for param in params)

    rows = [("key", "name", "parameters and their defaults")]
    rows += [(definition.key, definition.name, defaults(definition.params) or "-") for definition in catalog.values()]
    return aligned([("", *row) for row in rows])
