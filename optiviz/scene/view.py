"""How a scene is shown: `View`, what is edited and undone, and `Place`, what is looked at. Neither changes a number.

Every setting of a view is declared once, by `setting` or, with its key and its button, by `overlay`: files, lessons,
the command line, undo and the help know it from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..engine.catalog import Catalog
from ..engine.params import Choice, Flag, Param, Real, Whole, shown
from ..engine.surfaces import Area
from ..engine.values import Values
from .curves import THIRD_CURVES

SPEEDS = ("1/s", "2/s", "5/s", "10/s", "20/s", "30/s", *(f"{n}/frame" for n in (1, 2, 5, 10, 20, 50, 100)))

PLACE: tuple[Param, ...] = (
    Whole(name="cursor", symbol="cursor", default=0, high=1_000_000, help="The step shown."),
    Choice(name="speed", symbol="speed", default="30/s", options=SPEEDS, help="Steps a second, or a frame."),
    Flag(name="loop", symbol="loop", default=False, help="Whether playing starts again at the end."),
)
VIEW: dict[str, Param] = {}  # the settings of a view, by name


@dataclass(frozen=True)
class Overlay:
    """What can be drawn of an update at the head of a path: `show_<key>` in a view, its keys, and what its button says.

    Without a `button` it has none. Its shape, if it has one, stands in views/overlays.
    """

    key: str
    flag: Flag
    keys: str = ""
    button: str = ""


OVERLAYS: Catalog[Overlay] = Catalog("overlay")


def setting(param: Param) -> Param:
    """Declares a setting of a view."""
    if param.name in VIEW:
        raise ValueError(f"the view's setting '{param.name}' is declared twice")
    VIEW[param.name] = param
    return param


def overlay(key: str, symbol: str, tip: str, *, keys: str = "", button: str = "") -> Overlay:
    """Declares an overlay, and the setting of a view that shows it."""
    flag = Flag(name=f"show_{key}", symbol=symbol, default=False, help=tip)
    setting(flag)
    made = Overlay(key, flag, keys, button)
    OVERLAYS.add(made)
    return made


setting(Flag(name="rate_relative", symbol="α(t) / α₀", default=True, help="Whether rates are shown as shares of α₀."))
setting(Flag(name="rate_log", symbol="log rate", default=False, help="Whether the rate axis is logarithmic."))
setting(Flag(name="loss_log", symbol="log loss", default=True, help="Whether the loss axis is logarithmic."))
setting(Choice(name="third", symbol="curve", default="distance", options=THIRD_CURVES, help="The third curve."))
setting(Flag(name="third_log", symbol="log curve", default=True, help="Whether the third curve's axis is logarithmic."))
setting(Flag(name="rest", symbol="rest of the path", default=False, help="Whether the path past the cursor is drawn."))
COLORS = {"slate": "Slate", "viridis": "Viridis", "cividis": "Cividis"}  # of the surface, and their names
setting(Choice(name="colors", symbol="colours", default="slate", options=COLORS, help="Colours of the surface."))
setting(
    Flag(name="arithmetic", symbol="Step arithmetic", default=False, help="The update of the selected run in numbers.")
)
overlay("gradient", "Gradient −α g", "Where the gradient alone would go.", keys="G", button="−α g")
overlay("velocity", "Velocity", "The velocity, or the first moment, as a step.", keys="V", button="β₁ v")
overlay("step", "Step", "The step that is taken next.", keys="S", button="step")
overlay("split", "Split into x and y", "Arrows as the sum of their coordinates.", keys="X", button="x | y")
overlay(
    "squares",
    "Squared gradients",
    "Squares whose areas are the accumulated squared gradients along x and y.",
    keys="Q",
    button="s",
)
overlay("ellipse", "Effective rates", "Effective rates as an ellipse's axes.", keys="E", button="rates")
overlay("gap", "Gap of twins", "How far the first two runs shown are apart.", keys="T")
overlay("next", "Next position", "Where the next update puts the point.", keys="N", button="next")
OVERLAY_ALL = setting(
    Flag(name="overlay_all", symbol="For all runs", default=False, help="Overlays for all runs, not the selected one.")
)
OVERLAY_SCALE = Real(
    name="overlay_scale",
    symbol="Size of overlays",
    default=1.0,
    low=0.0,
    low_open=True,
    scale="log",
    slider=(0.05, 20.0),
    help="How large arrows and squares are drawn; 1 draws a step as long as it is.",
)
setting(OVERLAY_SCALE)


@dataclass(frozen=True, init=False)
class View:
    """The settings of VIEW, each an attribute: `View(rest=True).rest`. What is not given has its default.

    Raises ValueError for a setting that is not declared, or a value that it cannot have.
    """

    given: Values  # what differs from the defaults

    def __init__(self, **settings: Any) -> None:
        for name in settings:
            if name not in VIEW:
                raise ValueError(f"a view has no setting {shown(name)}; it has {', '.join(VIEW)}")
        checked = {name: param.check(settings[name]) for name, param in VIEW.items() if name in settings}
        differing = {name: value for name, value in checked.items() if value != VIEW[name].default}
        object.__setattr__(self, "given", Values(differing))

    def __getattr__(self, name: str) -> Any:
        """A setting. (Only what Python finds nowhere else is asked for here.)"""
        if name not in VIEW:
            raise AttributeError(f"a view has no setting {name!r}")
        return self.given.get(name, VIEW[name].default)

    def replace(self, **changes: Any) -> View:
        return View(**{**self.given, **changes})


@dataclass(frozen=True)
class Place:
    """What is looked at: the step, how fast it moves, whether it begins again, and the part of the plane.

    `window` is (x least, x greatest, y least, y greatest), or None for the surface's own.
    """

    cursor: int = 0
    speed: str = "30/s"
    loop: bool = False
    window: Area | None = None

    def __post_init__(self) -> None:
        for param in PLACE:
            object.__setattr__(self, param.name, param.check(getattr(self, param.name)))
        if self.window is not None:
            object.__setattr__(self, "window", check_window(self.window))

    def replace(self, **changes: Any) -> Place:
        return replace(self, **changes)


def check_window(value: object) -> Area:
    allowed = "four finite numbers: x least, x greatest, y least, y greatest"
    corner = Real(name="window", symbol="", default=0.0, help="")
    if isinstance(value, (str, bytes)) or not isinstance(value, Sequence) or len(value) != 4:
        raise ValueError(f"window must be {allowed}, not {shown(value)}")
    x0, x1, y0, y1 = (corner.check(number) for number in value)
    if not (x0 < x1 and y0 < y1):
        raise ValueError(f"window must be {allowed}, not {shown(value)}")
    return x0, x1, y0, y1
