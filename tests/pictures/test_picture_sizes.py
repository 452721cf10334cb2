"""What pictures and animations may be asked for: sizes, ranges, frames."""

from __future__ import annotations

from itertools import pairwise

import pytest

from optiviz.cli import options
from optiviz.pictures import formats
from optiviz.pictures.look import Film, Size, check_film, film, parse_range, parse_size


def test_the_command_line_has_all_kinds():
    assert (options.PICTURES, options.ANIMATIONS) == (formats.STILLS, formats.FILMS)


@pytest.mark.parametrize(
    ("text", "view", "size", "pixels"),
    [
        ("1280x720", "dashboard", Size(1280, 720), (1280, 720)),
        ("101x100", "loss", Size(101, 100), (101, 100)),
        ("slide", "loss", Size(1920, 1080), (1920, 1080)),
        ("4k", "contours", Size(3840, 2160), (3840, 2160)),
        ("85x60.5mm", "contours", Size(85, 60.5, "mm"), (1004, 714)),
        ("column", "contours", Size(85, 80, "mm"), (1004, 944)),
        ("column", "gap", Size(85, 58, "mm"), (1004, 686)),
        ("page", "dashboard", Size(180, 110, "mm"), (2126, 1300)),
    ],
)
def test_sizes(text, view, size, pixels):
    assert parse_size(text, view) == size
    assert size.pixels == pixels


@pytest.mark.parametrize(
    "text",
    ["", "300", "99x300", "300x16385", "-300x300", "300x300px", "29x85mm", "85x1001mm", "85x", "Slide", "٣00x300"],
)
def test_impossible_sizes(text):
    with pytest.raises(ValueError, match=r"size must be WIDTHxHEIGHT in pixels, each from 100 to 16384.* or slide, 4k"):
        parse_size(text, "contours")


@pytest.mark.parametrize(("text", "span"), [("0-60", (0, 60)), ("7-7", (7, 7)), (" 3-59 ", (3, 59))])
def test_ranges(text, span):
    assert parse_range(text, 60) == span


@pytest.mark.parametrize("text", ["", "5", "-5", "9-3", "0-61", "0-1.5", "a-b", "1-2-3"])
def test_impossible_ranges(text):
    with pytest.raises(ValueError, match="range must be FIRST-LAST, two steps from 0 to 60 such as 0-60, not"):
        parse_range(text, 60)


@pytest.mark.parametrize(
    ("frames", "steps"),
    [
        (Film(0, 5), [0, 1, 2, 3, 4, 5]),
        (Film(0, 5, speed=2), [0, 2, 4, 5]),
        (Film(3, 5, speed=0.5), [3, 3, 4, 4, 5]),
        (Film(4, 4), [4]),
        (Film(0, 10, speed=1000), [0, 10]),
    ],
)
def test_frames(frames, steps):
    assert list(frames.steps()) == steps
    assert frames.count == len(steps)


@pytest.mark.parametrize("last", [1, 10, 99, 100, 101, 997, 1000, 123_456])
@pytest.mark.parametrize("duration", [0.4, 2.0, 9.6])
def test_a_duration_gives_its_number_of_frames(last, duration):
    frames = film((0, last), frames_per_second=25, duration=duration)
    steps = list(frames.steps())
    assert len(steps) == frames.count == round(25 * duration)
    assert (steps[0], steps[-1]) == (0, last)
    assert steps == sorted(steps)
    assert frames.seconds == pytest.approx(duration + frames.hold)


@pytest.mark.parametrize("speed", [0.1, 0.3, 1 / 3, 0.7, 1.1, 3.7, 1000 / 299])
def test_every_speed_ends_at_the_last_step(speed):
    steps = list(Film(2, 300, speed=speed).steps())
    assert (steps[0], steps[-1]) == (2, 300)
    assert max(b - a for a, b in pairwise(steps)) <= speed + 1


@pytest.mark.parametrize(("last", "speed"), [(200, 1), (300, 1), (301, 2), (10_000, 34)])
def test_the_usual_speed_takes_ten_seconds_at_most(last, speed):
    assert film((0, last)).speed == speed
    assert film((0, last), hold=0).seconds <= 10.1


def test_an_endless_animation_is_refused():
    with pytest.raises(ValueError, match="at most 20,000 frames, not 1,000,001"):
        film((0, 100_000), speed=0.1)


@pytest.mark.parametrize(
    ("kind", "size", "rate", "message"),
    [
        ("gif", Size(5000, 300), 30, "size must be at most 4096 pixels a side for animations, not 5000x300"),
        ("mp4", Size(961, 720), 30, "size must be an even number of pixels each way for MP4, not 961x720"),
        ("webm", Size(960, 721), 30, "for WebM, not 960x721"),
        ("gif", Size(960, 720), 60, "frames_per_second must be at most 50 for GIF, not 60"),
    ],
)
def test_what_a_format_cannot(kind, size, rate, message):
    with pytest.raises(ValueError, match=message):
        check_film(kind, size, rate)


def test_what_formats_can():
    for kind in formats.FILMS:
        check_film(kind, parse_size("column", "contours"), 50)
    check_film("apng", Size(961, 721), 60)
