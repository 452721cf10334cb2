"""How a scene is shown: saved with it, without influence on any number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..engine.params import Choice, Flag, Param, Real, Whole, shown
from ..engine.surfaces import Window

THIRD_CURVES = ("distance", "gradient_norm", "step_length", "effective_rate", "bias_factors", "gap")
SPEEDS = ("1/s", "2/s", "5/s", "10/s", "20/s", "30/s", *(f"{n}/frame" for n in (1, 2, 5, 10, 20, 50, 100)))
OVERLAYS = (
    Flag(name="show_gradient", symbol="Gradient −α g", default=False, help="Where the gradient alone would go."),
    Flag(name="show_velocity", symbol="Velocity", default=False, help="The velocity, or the first moment, as a step."),
    Flag(name="show_step", symbol="Step", default=False, help="The step that is taken next."),
    Flag(name="show_split", symbol="Split into x and y", default=False, help="Arrows as the sum of their coordinates."),
    Flag(
        name="show_squares",
        symbol="Squared gradients",
        default=False,
        help="Squares whose areas are the accumulated squared gradients along x and y.",
    ),
    Flag(name="show_ellipse", symbol="Effective rates", default=False, help="Effective rates as an ellipse's axes."),
    Flag(name="show_gap", symbol="Gap of twins", default=False, help="How far the first two runs shown are apart."),
    Flag(name="show_next", symbol="Next position", default=False, help="Where the next update puts the point."),
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
VIEW: tuple[Param, ...] = (
    Whole(name="cursor", symbol="cursor", default=0, high=1_000_000, help="The step shown."),
    Choice(name="speed", symbol="speed", default="30/s", options=SPEEDS, help="Steps a second, or a frame."),
    Flag(name="loop", symbol="loop", default=False, help="Whether playing starts again at the end."),
    Flag(name="rate_relative", symbol="α(t) / α₀", default=True, help="Whether rates are shown as shares of α₀."),
    Flag(name="rate_log", symbol="log rate", default=False, help="Whether the rate axis is logarithmic."),
    Flag(name="loss_log", symbol="log loss", default=True, help="Whether the loss axis is logarithmic."),
    Choice(name="third", symbol="curve", default="distance", options=THIRD_CURVES, help="The third curve."),
    Flag(name="third_log", symbol="log curve", default=True, help="Whether the third curve's axis is logarithmic."),
    Flag(name="rest", symbol="rest of the path", default=False, help="Whether the path past the cursor is drawn."),
    Choice(
        name="colors",
        symbol="colours",
        default="slate",
        options=("slate", "viridis", "cividis"),
        help="Colours of the surface.",
    ),
    Flag(name="arithmetic", symbol="Step arithmetic", default=False, help="The update of the selected run in numbers."),
    *OVERLAYS,
    Flag(name="overlay_all", symbol="For all runs", default=False, help="Overlays for all runs, not the selected one."),
    OVERLAY_SCALE,
)


@dataclass(frozen=True)
class View:
    """What is shown of a scene, and how: saved with it, without influence on any number.

    `window` is the part of the plane shown, (x least, x greatest, y least, y greatest), or None for the surface's own.
    """

    cursor: int = 0
    speed: str = "30/s"
    loop: bool = False
    rate_relative: bool = True
    rate_log: bool = False
    loss_log: bool = True
    third: str = "distance"
    third_log: bool = True
    rest: bool = False
    colors: str = "slate"
    arithmetic: bool = False
    show_gradient: bool = False
    show_velocity: bool = False
    show_step: bool = False
    show_split: bool = False
    show_squares: bool = False
    show_ellipse: bool = False
    show_gap: bool = False
    show_next: bool = False
    overlay_all: bool = False
    overlay_scale: float = 1.0
    window: Window | None = None

    def __post_init__(self) -> None:
        for param in VIEW:
            object.__setattr__(self, param.name, param.check(getattr(self, param.name)))
        if self.window is not None:
            object.__setattr__(self, "window", check_window(self.window))

    def replace(self, **changes: Any) -> View:
        return View(**asdict(self) | changes)


def check_window(value: object) -> Window:
    allowed = "four finite numbers: x least, x greatest, y least, y greatest"
    corner = Real(name="window", symbol="", default=0.0, help="")
    if isinstance(value, (str, bytes)) or not isinstance(value, Sequence) or len(value) != 4:
        raise ValueError(f"window must be {allowed}, not {shown(value)}")
    x0, x1, y0, y1 = (corner.check(number) for number in value)
    if not (x0 < x1 and y0 < y1):
        raise ValueError(f"window must be {allowed}, not {shown(value)}")
    return x0, x1, y0, y1
