"""The words of the command line: which options there are, and the help."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from ..engine.catalog import near_miss
from ..engine.params import shown

COMMANDS = ("run", "list")
# As in scene/pictures.py, which brings NumPy with it.
PICTURES = {"png": "PNG", "svg": "SVG", "pdf": "PDF"}
ANIMATIONS = {"gif": "GIF", "webp": "WebP", "apng": "APNG", "mp4": "MP4", "webm": "WebM"}
KINDS = ("surfaces", "optimizers", "schedules")

MAIN_HELP = """\
Shows how optimizers move: a race of update rules over a contour plot.

commands:
  optiviz [FILE]        the window, with a scene file or a picture (PNG, SVG) that OptiViz wrote
  optiviz run ...       simulate without a window: a table, CSV, pictures, animations, a scene file
  optiviz list ...      the surfaces, optimizers and schedules with their parameters
"""
MAIN_EXAMPLES = """\
examples:
  optiviz                                     the first scene, playing
  optiviz lecture.optiviz                     a scene that was saved
  optiviz -                                   a scene, or runs, pasted as text: FILE - is standard input
  optiviz run --surface rosenbrock --run "adam lr=0.05" --csv adam.csv

'optiviz run --help' and 'optiviz list --help' say more.
"""
RUN_HELP = """\
Simulates a scene without a window and prints a table: the run, its final and its best loss, the distance to the
nearest known minimum, and the outcome. Options override what the scene file says. Without --scene and --surface it is
the scene of the first start; without --run the runs are those of the scene file or of the first start. --scene - reads
standard input: a scene or runs, as a file's content or as text that was copied, even out of a mail.
"""
RUN_EXAMPLES = """\
The texts of --surface and --run are split as a shell splits: KEY name=value name='two words'. A run takes lr (needed),
schedule, label, color (#rrggbb), visible (true or false) and the parameters of its optimizer and its schedule; those
of a surface, an optimizer or a schedule are shown by 'optiviz list'.

examples:
  optiviz run
  optiviz run --surface "rosenbrock a=1 b=100" --start -1.5,2.0 --steps 500 \\
              --run "adam lr=0.05 beta1=0.9 schedule=exponential k=0.01" --run "momentum lr=2e-4 label='heavy ball'"
  optiviz run --run "gd lr=0.01 schedule=manual knots=7:0.005,13:0.0025" --csv - > gd.csv
  optiviz run --scene - --csv pasted.csv
  optiviz run --scene lecture.optiviz --seed 7 --noise 0.5 --png lecture.png --size 1920x1080
  optiviz run --scene lecture.optiviz --pdf figure.pdf --view contours --size column --theme print
  optiviz run --scene lecture.optiviz --gif race.gif --view contours --size 960x720 --range 0-100 --duration 5
"""
LIST_HELP = "Shows the surfaces, optimizers and schedules: key, name, and parameters with their defaults."
LIST_EXAMPLES = """\
examples:
  optiviz list
  optiviz list optimizers
  optiviz list surfaces --json
"""


class Answer(Exception):
    """Ends the program with a text on standard output: what --help asks for."""


class Parser(argparse.ArgumentParser):
    """An argument parser that neither prints nor exits, and knows its options by their full names only.

    argparse keeps the help and the values; which word is what is settled here, because argparse takes -1.5,2.0 for an
    option and spreads its errors over several lines.
    """

    def __init__(self, name: str, description: str, examples: str) -> None:
        super().__init__(
            prog=name,
            description=description,
            epilog=examples,
            allow_abbrev=False,
            add_help=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self.flags: set[str] = set()
        self.valued: set[str] = set()
        self.many: set[str] = set()
        self.flag("-h", "--help", text="show this help and exit")

    def flag(self, *names: str, text: str) -> None:
        """An option without a value."""
        self.flags.update(names)
        self.add_argument(*names, action="store_true", help=text)

    def option(self, name: str, metavar: str, text: str, *, many: bool = False) -> None:
        """An option with a value; it may be given several times if `many`."""
        self.valued.add(name)
        if many:
            self.many.add(name)
        self.add_argument(name, metavar=metavar, action="append" if many else "store", help=text)

    @property
    def options(self) -> set[str]:
        return self.flags | self.valued

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message}; {self.advice}")

    @property
    def advice(self) -> str:
        return f"see '{self.prog} --help'"

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """The options' values. Raises Answer for --help, ValueError for a word that has no place here."""
        values, rest = self.parse_known_args(self.joined(words))
        if rest:
            hint = near_miss(rest[0], sorted(self.options)) or self.advice
            raise ValueError(f"{shown(rest[0])} is a word too many; {hint}")
        return values

    def joined(self, words: Sequence[str]) -> list[str]:
        """The words, with each value joined to its option by an equals sign."""
        seen: set[str] = set()
        done: list[str] = []
        left = iter(words)
        for word in left:
            if word == "--":
                return [*done, word, *left]
            if not word.startswith("-") or word == "-":
                done.append(word)
                continue
            name, equals, _ = word.partition("=")
            self.check_option(name, bool(equals), seen)
            seen.add(name)
            if name in self.valued and not equals:
                value = next(left, None)
                if value is None or value in self.options or value.startswith("--"):
                    raise ValueError(f"{name} needs a value; {self.advice}")
                word = f"{name}={value}"
            done.append(word)
        return done

    def check_option(self, name: str, has_value: bool, seen: set[str]) -> None:
        if name not in self.options:
            hint = self.elsewhere(name) or near_miss(name, sorted(self.options)) or self.advice
            raise ValueError(f"'{self.prog}' has no option {shown(name)}; {hint}")
        if has_value and name in self.flags:
            raise ValueError(f"{name} takes no value")
        if name in ("-h", "--help"):
            raise Answer(self.format_help())
        if name in seen and name not in self.many:
            raise ValueError(f"{name} is given twice")

    def elsewhere(self, name: str) -> str:
        """Which other command has the option, in words; nothing if none."""
        return next((f"'{other.prog}' has it" for other in (run_parser(), list_parser()) if name in other.options), "")


def main_parser() -> Parser:
    parser = Parser("optiviz", MAIN_HELP, MAIN_EXAMPLES)
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help="a scene file, a PNG or SVG that OptiViz wrote, or - for standard input"
    )
    parser.flag("--version", text="show the version and exit")
    parser.flag("--self-check", text="check the installation: catalogs, resources, files and a picture")
    return parser


def run_parser() -> Parser:
    parser = Parser("optiviz run", RUN_HELP, RUN_EXAMPLES)
    parser.option("--scene", "FILE", "the scene to begin with: a scene file, a PNG or SVG that OptiViz wrote, or -")
    parser.option("--surface", "TEXT", 'the surface: "KEY name=value ..."')
    parser.option("--start", "X,Y", "where every run starts (default: the surface's own)")
    parser.option("--steps", "N", "how many updates")
    parser.option("--steps-per-epoch", "N", "how many updates make an epoch, the time in which schedules count")
    parser.option("--noise", "S", "standard deviation of the noise on the gradient")
    parser.option("--seed", "N", "chooses the stream of noise")
    parser.option(
        "--run", "TEXT", 'a run: "KEY lr=V name=value ... schedule=KEY name=value ..."; again for more', many=True
    )
    parser.option(
        "--csv", "FILE", "write every step of every run as CSV; - is standard output, which then has no table"
    )
    parser.option("--summary", "FILE", "write a line a run as CSV: settings, losses, steps to a tolerance, outcome")
    parser.option("--tolerance", "E", "how far above the lowest minimum a run has arrived (default: 1e-6)")
    parser.option("--save", "FILE", "write the scene file")
    for kind, name in PICTURES.items():
        parser.option(f"--{kind}", "FILE", f"write the picture as {name}, at the last step")
    for kind, name in ANIMATIONS.items():
        parser.option(f"--{kind}", "FILE", f"write the animation as {name}")
    parser.option("--view", "KEY", "dashboard (default), contours, rate, loss, or another curve, such as distance")
    parser.option(
        "--size", "WxH", "the size in pixels (default: 1280x720), or 85x60mm, or slide, 4k, column, page (of a paper)"
    )
    parser.option("--scale", "S", "how large type and lines are, 1 as on a desk's screen (default: as suits the size)")
    parser.option("--theme", "KEY", "light (default), dark or print")
    parser.option("--range", "A-B", "the steps of an animation (default: all); a picture shows the last of them")
    parser.option("--select", "LABEL", "the run whose overlays and arithmetic are shown (default: the first)")
    parser.option("--speed", "S", "steps a frame (default: 1, or so many that it takes 10 seconds)")
    parser.option("--duration", "S", "or how many seconds the steps take")
    parser.option("--frames-per-second", "N", "frames a second (default: 30)")
    parser.option("--hold", "S", "for how many seconds the last frame stays (default: 2)")
    parser.flag("--progress", text="print a line for every frame that is done")
    return parser


def list_parser() -> Parser:
    parser = Parser("optiviz list", LIST_HELP, LIST_EXAMPLES)
    parser.add_argument("kind", metavar="KIND", nargs="?", help=f"{', '.join(KINDS)} (default: all of them)")
    parser.flag("--json", text="as JSON, for programs")
    return parser


@contextmanager
def within(place: str) -> Iterator[None]:
    """Puts the option, or the file, in front of what a ValueError says."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None
