"""What exported pictures and animations are to be: which view, how large, in which theme, which steps.

Only arithmetic and words: the command line and the window's dialogs ask for the same things and refuse the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ..engine.params import Choice, Real, Whole, shown
from ..scene.curves import THIRD_CURVES
from .formats import FILMS, VIDEOS

PIXELS = re.compile(r"(\d{1,9})x(\d{1,9})", re.ASCII)
MILLIMETRES = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)x(\d{1,9}(?:\.\d{1,3})?)mm", re.ASCII)
RANGE = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
SMALLEST_SIDE, LARGEST_SIDE = 100, 16384  # pixels
LARGEST_FILM_SIDE = 4096
SHORTEST_MM, LONGEST_MM = 30, 1000
DOTS_PER_INCH = 300  # of a picture in pixels whose size is given in millimetres
MM_PER_INCH = 25.4
FASTEST_GIF = 50  # frames a second; shorter delays are played far too slowly
MOST_FRAMES = 20_000
USUAL_SECONDS = 10  # an animation takes more than one step a frame rather than be longer


ALWAYS = ("dashboard", "contours", "rate", "loss")


class Views(Collection[str]):
    """What a picture can show: also curves that are declared later."""

    def __iter__(self) -> Iterator[str]:
        return iter((*ALWAYS, *THIRD_CURVES))

    def __len__(self) -> int:
        return len(ALWAYS) + len(THIRD_CURVES)

    def __contains__(self, view: object) -> bool:
        return view in ALWAYS or view in THIRD_CURVES


VIEWS = Views()
VIEW = Choice(
    name="view",
    symbol="view",
    default="dashboard",
    options=VIEWS,
    help="What is shown: all, the contour view, or one curve.",
)
THEME = Choice(name="theme", symbol="theme", default="light", options=("light", "dark", "print"), help="The colours.")
FRAMES_PER_SECOND = Whole(
    name="frames_per_second", symbol="frames a second", default=30, low=1, high=60, help="How many frames a second."
)
SPEED = Real(
    name="speed",
    symbol="steps a frame",
    default=1.0,
    low=0.001,
    high=1e6,
    help="How many steps the cursor moves from frame to frame; 0.5 shows every step twice.",
)
DURATION = Real(
    name="duration",
    symbol="seconds",
    default=10.0,
    low=0.0,
    low_open=True,
    high=3600.0,
    help="How many seconds the steps take together.",
)
HOLD = Real(name="hold", symbol="hold", default=2.0, low=0.0, high=60.0, help="Seconds that the last frame stays.")


SCALE = Real(
    name="scale",
    symbol="scale",
    default=1.0,
    low=0.1,
    high=20.0,
    help="How many times as large as on a desk's screen type and lines are drawn.",
)


@dataclass(frozen=True)
class Size:
    """In pixels ("px"), or in millimetres ("mm"), where type has the size that it has in a paper.

    `scale` says how large type and lines are drawn, in pixels; without it the size of the picture does.
    """

    width: float
    height: float
    unit: str = "px"
    scale: float | None = None

    def __str__(self) -> str:
        return f"{self.width:g} × {self.height:g} {'mm' if self.unit == 'mm' else 'pixels'}"

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the picture in pixels; of millimetres, even numbers, which every film can have."""
        if self.unit == "px":
            return round(self.width), round(self.height)
        dots = DOTS_PER_INCH / MM_PER_INCH / 2
        return 2 * round(self.width * dots), 2 * round(self.height * dots)


DEFAULT_SIZE = Size(1280, 720)
SLIDES = {"slide": Size(1920, 1080), "4k": Size(3840, 2160)}
# Widths of a paper's column and page, and the heights that suit the views.
PAPERS = {
    "column": {"dashboard": Size(85, 200, "mm"), "contours": Size(85, 80, "mm"), "": Size(85, 58, "mm")},
    "page": {"dashboard": Size(180, 110, "mm"), "contours": Size(180, 120, "mm"), "": Size(180, 75, "mm")},
}
PRESETS = (*SLIDES, *PAPERS)


def parse_size(text: str, view: str) -> Size:
    """The size that a text such as 1280x720, 85x60mm, slide or column stands for; the height may be the view's."""
    if text in SLIDES:
        return SLIDES[text]
    if text in PAPERS:
        return PAPERS[text].get(view, PAPERS[text][""])
    if match := PIXELS.fullmatch(text):
        sides, unit, allowed = (float(match[1]), float(match[2])), "px", (SMALLEST_SIDE, LARGEST_SIDE)
    elif match := MILLIMETRES.fullmatch(text):
        sides, unit, allowed = (float(match[1]), float(match[2])), "mm", (SHORTEST_MM, LONGEST_MM)
    else:
        sides, unit, allowed = (0.0, 0.0), "", (1, 1)
    if not all(allowed[0] <= side <= allowed[1] for side in sides):
        raise ValueError(
            f"size must be WIDTHxHEIGHT in pixels, each from {SMALLEST_SIDE} to {LARGEST_SIDE}, such as 1280x720, "
            f"WIDTHxHEIGHTmm with sides from {SHORTEST_MM} to {LONGEST_MM}, or {', '.join(PRESETS[:-1])} or "
            f"{PRESETS[-1]}, not {shown(text)}"
        )
    return Size(*sides, unit)


@dataclass(frozen=True)
class Look:
    """How a picture looks, whatever is in it."""

    view: str = VIEW.default
    size: Size = DEFAULT_SIZE
    theme: str = THEME.default


def parse_range(text: str, steps: int) -> tuple[int, int]:
    """The first and the last step that FIRST-LAST stands for, in a scene of so many steps."""
    match = RANGE.fullmatch(text.strip())
    first, last = (int(match[1]), int(match[2])) if match else (1, 0)
    if not first <= last <= steps:
        raise ValueError(
            f"range must be FIRST-LAST, two steps from 0 to {steps:,} such as 0-{steps}, not {shown(text)}"
        )
    return first, last


@dataclass(frozen=True)
class Film:
    """The frames of an animation: steps `first` to `last`, `speed` of them a frame, and the last one held."""

    first: int
    last: int
    frames_per_second: int = FRAMES_PER_SECOND.default
    speed: float = SPEED.default
    hold: float = HOLD.default

    def __post_init__(self) -> None:
        if self.count > MOST_FRAMES:
            raise ValueError(f"an animation must have at most {MOST_FRAMES:,} frames, not {self.count:,}")

    @property
    def count(self) -> int:
        """How many frames there are, without those that hold the last."""
        return math.ceil((self.last - self.first) / self.speed - 1e-9) + 1

    @property
    def seconds(self) -> float:
        """How long it takes, with the hold at the end."""
        return self.count / self.frames_per_second + self.hold

    def steps(self) -> Iterator[int]:
        """The step that each frame shows."""
        return (min(self.first + int(number * self.speed + 1e-9), self.last) for number in range(self.count))


def film(
    span: tuple[int, int],
    *,
    frames_per_second: int = FRAMES_PER_SECOND.default,
    speed: float | None = None,
    duration: float | None = None,
    hold: float = HOLD.default,
) -> Film:
    """The frames of the steps in `span`, at a speed or in so many seconds; by default in a few seconds."""
    first, last = span
    if duration is not None:
        speed = max((last - first) / max(round(duration * frames_per_second) - 1, 1), SPEED.low)
    elif speed is None:
        speed = float(max(1, math.ceil((last - first) / (USUAL_SECONDS * frames_per_second))))
    return Film(first, last, frames_per_second, speed, hold)


def check_film(kind: str, size: Size, frames_per_second: int) -> None:
    """Raises ValueError if that kind of animation cannot be so large or so fast."""
    width, height = size.pixels
    if max(width, height) > LARGEST_FILM_SIDE:
        raise ValueError(f"size must be at most {LARGEST_FILM_SIDE} pixels a side for animations, not {width}x{height}")
    if kind in VIDEOS and (width % 2 or height % 2):
        raise ValueError(f"size must be an even number of pixels each way for {FILMS[kind]}, not {width}x{height}")
    if kind == "gif" and frames_per_second > FASTEST_GIF:
        raise ValueError(f"frames_per_second must be at most {FASTEST_GIF} for GIF, not {frames_per_second}")
