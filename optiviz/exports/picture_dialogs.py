"""The dialogs for pictures and for animations, with a preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialogButtonBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ..engine.trajectory import Trajectory
from ..pictures import animation
from ..pictures.figure import TYPE_PT, figure
from ..pictures.formats import FILMS, SHAPES, STILLS, VIDEOS
from ..pictures.look import (
    DURATION,
    FRAMES_PER_SECOND,
    HOLD,
    SPEED,
    Film,
    Look,
    Size,
    check_film,
    film,
    parse_range,
    parse_size,
)
from ..scene.curves import THIRD_CURVES
from ..scene.scene import Scene
from .dialog import ExportDialog, Options

PREVIEW = QSize(330, 250)
PREVIEW_AFTER_MS = 120
MOST_ROWS_IN_PREVIEW = 100_000  # of trajectories; more take too long to be drawn at every choice
VIEWS: Options = (
    ("The contour view", "contours"),
    ("The whole dashboard", "dashboard"),
    ("The learning rate", "rate"),
    ("The loss", "loss"),
    *((curve.title, curve.key) for curve in THIRD_CURVES.values()),
)
THEMES: Options = (
    ("As on the screen", "screen"),
    ("Light", "light"),
    ("Dark", "dark"),
    ("Print: black on white", "print"),
)
SCREEN: Options = (("As on the screen", "screen"), ("As on the screen, twice as fine", "screen2"))
SLIDES: Options = (("Slide, 1920 × 1080", "slide"), ("4K, 3840 × 2160", "4k"))
OTHER: Options = (("Another size…", "other"),)
PICTURE_SIZES: Options = (
    *SCREEN,
    *SLIDES,
    ("Column of a paper, 85 mm", "column"),
    ("Page of a paper, 180 mm", "page"),
    *OTHER,
)
FILM_SIZES: Options = (("960 × 720", "960x720"), ("1280 × 720", "1280x720"), *SLIDES, SCREEN[0], *OTHER)
RATES: Options = tuple((str(number), str(number)) for number in (30, 10, 15, 20, 24, 25, 50, 60))
# Bytes a frame for each pixel of a side, found with races of four and five runs; no more than a hint.
BYTES_A_FRAME = {"gif": 3.6, "webp": 3.7, "apng": 8.0, "mp4": 0.7, "webm": 1.2}


@dataclass(frozen=True)
class Subject:
    """What can be exported: the scene as the window shows it."""

    scene: Scene
    trajectories: Sequence[Trajectory]
    step: int
    selected: int
    theme: str
    screen: dict[str, tuple[int, int]]  # views and their sizes on screen, in units
    density: float  # the screen's pixels to a unit


def look_of(chosen: Mapping[str, str], subject: Subject, kind: str = "png") -> Look:
    """View, size and theme as they were chosen; what was never chosen is the first choice. Raises ValueError."""
    view = chosen.get("view", VIEWS[0][1])
    theme = chosen.get("theme", "screen")
    return Look(view, size_of(chosen, view, subject, kind), subject.theme if theme == "screen" else theme)


def size_of(chosen: Mapping[str, str], view: str, subject: Subject, kind: str) -> Size:
    size = chosen.get("size", "screen")
    if not size.startswith("screen"):
        return parse_size(chosen.get("other", "") if size == "other" else size, view)
    scale = subject.density * (2 if size == "screen2" else 1)
    even = 2 if kind in VIDEOS else 1
    width, height = (round(side * scale) // even * even for side in subject.screen[view])
    return Size(width, height, scale=scale)


class PictureDialog(ExportDialog):
    """A picture, at the cursor."""

    kinds: Options = (
        (f"{STILLS['png']}, for slides and mail", "png"),
        (f"{STILLS['svg']}, for the web and for drawing", "svg"),
        (f"{STILLS['pdf']}, for papers", "pdf"),
    )
    sizes = PICTURE_SIZES

    def __init__(
        self,
        parent: QWidget,
        title: str,
        path: Path,
        kept: dict[str, str],
        subject: Callable[[], Subject],
    ) -> None:
        """`subject()` raises ValueError in words while there is nothing to export."""
        super().__init__(parent, title, path, kept)
        self.subject = subject
        self.add_choice("view", VIEWS, "Picture")
        self.add_choice("kind", self.kinds, "Format")
        size = self.add_choice("size", self.sizes)
        other = self.add_field("other", "1600x1200", "Width and height in pixels, or like 85x60mm")
        row = QHBoxLayout()
        row.addWidget(size, 1)
        row.addWidget(other)
        self.form.addRow("Size", row)
        self.add_choice("theme", THEMES, "Colours")
        self.add_rows()
        self.preview = QLabel()
        self.preview.setFixedSize(PREVIEW)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setWordWrap(True)
        self.preview.setObjectName("quiet")
        frame = QFrame()
        frame.setObjectName("card")
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(8, 8, 8, 8)
        inner.addWidget(self.preview)
        self._soon = QTimer(self, singleShot=True, interval=PREVIEW_AFTER_MS)
        self._soon.timeout.connect(self._show_preview)
        self.changed.connect(self._soon.start)
        self.finished.connect(self._soon.stop)
        self.arrange(frame)

    def add_rows(self) -> None:
        """Further rows."""

    @property
    def kind(self) -> str:
        return str(self.boxes["kind"].currentData())

    def ending(self) -> str:
        return f".{self.kind}"

    def look(self) -> Look:
        """View, size and theme. Raises ValueError if they cannot be."""
        return look_of(self.chosen(), self.subject(), self.kind)

    def outcome(self) -> str:
        self.fields["other"].setVisible(self.boxes["size"].currentData() == "other")
        size, subject = self.look().size, self.subject()
        words = str(replace(size, scale=None))
        if size.unit == "mm":
            words += f", type {TYPE_PT:g} pt"
            if self.kind not in SHAPES:
                words += f" ({size.pixels[0]} × {size.pixels[1]} pixels)"
        return f"{words}, step {subject.step} of {subject.scene.steps}"

    @property
    def previewed(self) -> bool:
        """Whether the preview shows what is chosen now."""
        return not self._soon.isActive()

    def _show_preview(self) -> None:
        try:
            look, subject = self.look(), self.subject()
        except ValueError:
            self.preview.setPixmap(QPixmap())
            return
        if sum(len(trajectory) for trajectory in subject.trajectories) > MOST_ROWS_IN_PREVIEW:
            self.preview.setText("No preview of so many steps.")
            return
        with figure(subject.scene, subject.trajectories, look, selected=subject.selected) as made:
            made.show_step(self.preview_step(subject))
            image = made.thumbnail(PREVIEW.width(), PREVIEW.height(), self.devicePixelRatioF())
        self.preview.setPixmap(QPixmap.fromImage(image))

    def preview_step(self, subject: Subject) -> int:
        return subject.step


class StillDialog(PictureDialog):
    """A picture into a file, or into the clipboard."""

    def __init__(
        self,
        parent: QWidget,
        path: Path,
        kept: dict[str, str],
        subject: Callable[[], Subject],
        write: Callable[[StillDialog, Path], None],
        copy: Callable[[StillDialog], None],
    ) -> None:
        super().__init__(parent, "Export a picture", path, kept, subject)
        self._write, self._copy_picture = write, copy
        self.copy = self.buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.setAutoDefault(False)
        self.copy.setToolTip("Puts the picture into the clipboard, in pixels")
        self.copy.clicked.connect(self._copy)

    def _copy(self) -> None:
        try:
            self._copy_picture(self)
        except (ValueError, MemoryError) as error:
            self._complain(str(error))
        else:
            self.accept()

    def write(self, path: Path) -> None:
        self._write(self, path)


class FilmDialog(PictureDialog):
    """An animation of some steps."""

    kinds: Options = (
        (f"{FILMS['gif']}, plays everywhere", "gif"),
        (f"{FILMS['webp']}, for the web", "webp"),
        (f"{FILMS['apng']}, opens in OptiViz again", "apng"),
        (f"{FILMS['mp4']}, small, for slides", "mp4"),
        (f"{FILMS['webm']}, small, for the web", "webm"),
    )
    sizes = FILM_SIZES

    def __init__(
        self,
        parent: QWidget,
        path: Path,
        kept: dict[str, str],
        subject: Callable[[], Subject],
        begin: Callable[[FilmDialog, Path], None],
    ) -> None:
        """`begin(dialog, path)` begins to write; it goes on after the dialog has closed."""
        self._begin, self._steps = begin, subject().scene.steps
        super().__init__(parent, "Export an animation", path, kept, subject)

    def add_rows(self) -> None:
        self.add_field("range", f"0-{self._steps}", "The first and the last step that are shown", "Steps")
        self.fields["range"].setText(f"0-{self._steps}")  # another scene has other steps
        speed = self.add_choice("pace", (("Steps a frame", "speed"), ("Seconds in all", "duration")))
        number = self.add_field("speed", f"{film((0, self._steps)).speed:g}", "Steps a frame, or seconds")
        row = QHBoxLayout()
        row.addWidget(speed, 1)
        row.addWidget(number)
        self.form.addRow("Speed", row)
        self.add_choice("frames_per_second", RATES, "Frames a second")
        self.add_field("hold", f"{HOLD.default:g}", HOLD.help, "Hold the end (s)")

    def film(self) -> Film:
        """Which frames. Raises ValueError if they cannot be."""
        chosen = self.chosen()
        pace = SPEED if chosen["pace"] == "speed" else DURATION
        return film(
            parse_range(chosen["range"], self._steps),
            frames_per_second=FRAMES_PER_SECOND.parse(chosen["frames_per_second"]),
            hold=HOLD.parse(chosen["hold"]),
            **{pace.name: pace.parse(chosen["speed"])},
        )

    def outcome(self) -> str:
        super().outcome()
        look, frames = self.look(), self.film()
        check_film(self.kind, look.size, frames.frames_per_second)
        animation.check(self.kind)
        width, height = look.size.pixels
        size = BYTES_A_FRAME[self.kind] * (frames.count + 30) * (width + height) / 2
        words = f"{frames.count} frames, {frames.seconds:.1f} s, {width} × {height} pixels"
        return f"{words}, some {in_bytes(size)}"

    def preview_step(self, subject: Subject) -> int:
        try:
            return self.film().last
        except ValueError:
            return subject.step

    def write(self, path: Path) -> None:
        self._begin(self, path)


def in_bytes(number: float) -> str:
    """A size to be read at a glance, one digit: it is a guess."""
    unit, words = (1e6, "MB") if number >= 1e6 else (1e3, "kB")
    return f"{float(f'{number / unit:.1g}'):g} {words}"
