"""Animations as files: every frame is there, looks as it should, and stays as long as it should."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from optiviz import simulate
from optiviz.files import scene_files
from optiviz.pictures import animation
from optiviz.pictures.figure import figure
from optiviz.pictures.formats import FILMS, VIDEOS
from optiviz.pictures.look import Film, Look, Size
from optiviz.pictures.writing import save_film
from optiviz.widgets import style_sheet
from optiviz.widgets import theme as themes

SIZE = Size(240, 180)
STILLS = [kind for kind in FILMS if kind not in VIDEOS]
CLOSE = {"gif": 1.0, "webp": 0.0, "apng": 0.0, "mp4": 4.0, "webm": 4.0}  # levels of 255, in the mean


@pytest.fixture
def scene(qapp, small):
    if not qapp.property(style_sheet.STYLED):
        style_sheet.apply(qapp, themes.LIGHT)
    return small()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Where animations are that have been written already."""
    return tmp_path_factory.mktemp("films"), {}


@pytest.fixture
def make(scene, written):
    """Writes an animation, unless that has been done; gives its path."""
    folder, paths = written

    def make(kind, film, view="contours", of=scene, size=SIZE, **options):
        key = (kind, film, view, of, size)
        if options or key not in paths:
            path = folder / f"{len(paths)}.{kind}"
            save_film(path, kind, of, simulate(of), Look(view, size), film, **options)
            paths[key] = path
        return paths[key]

    return make


@pytest.fixture(scope="module")
def known():
    """Frames that have been drawn already."""
    return {}


@pytest.fixture
def expected(known):
    """Draws the frames as they should be."""

    def expected(scene, steps, view="contours", size=SIZE):
        key = (scene, tuple(steps), view, size)
        if key not in known:
            with figure(scene, simulate(scene), Look(view, size)) as made:
                screen = made.blank()
                drawn = [animation.drawn(made, step, screen).copy() for step in steps]
            shifts = (16, 8, 0)
            known[key] = [np.stack([(pixels >> s) & 255 for s in shifts], axis=2).astype(int) for pixels in drawn]
        return known[key]

    return expected


def decoded(path):
    """Pairs (frame, seconds that it stays)."""
    if path.suffix[1:] in VIDEOS:
        av = pytest.importorskip("av")
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            rate = float(stream.average_rate)
            return [(frame.to_ndarray(format="rgb24").astype(int), 1 / rate) for frame in container.decode(stream)]
    frames = []
    with Image.open(path) as image:
        assert image.info["loop"] == 0  # for ever
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            frames.append((np.asarray(image.convert("RGB")).astype(int), image.info["duration"] / 1000))
    return frames


@pytest.mark.parametrize("kind", FILMS)
@pytest.mark.parametrize("view", ["contours", "dashboard"])
def test_every_frame(make, expected, scene, kind, view):
    if kind in VIDEOS:
        pytest.importorskip("av")
    film = Film(0, 60, frames_per_second=25, speed=7, hold=0.2)
    path = make(kind, film, view)
    frames = decoded(path)
    wanted = expected(scene, film.steps(), view)
    if kind in VIDEOS:
        assert len(frames) == film.count + 5  # the last is held
        assert all(np.abs(frame - frames[-1][0]).mean() < 1 for frame, _ in frames[film.count :])
    else:
        assert len(frames) == film.count
        assert [seconds for _, seconds in frames] == pytest.approx([0.04] * (film.count - 1) + [0.24], abs=0.001)
    for (frame, _), real in zip(frames, wanted, strict=False):
        assert frame.shape == real.shape == (180, 240, 3)
        assert np.abs(frame - real).mean() <= CLOSE[kind]


@pytest.mark.parametrize("kind", STILLS)
def test_the_clock_does_not_drift(make, kind):
    """30 frames a second are no whole number of a GIF's hundredths."""
    film = Film(0, 60, frames_per_second=30, hold=0)
    frames = decoded(make(kind, film))
    assert sum(seconds for _, seconds in frames) == pytest.approx(61 / 30, abs=0.01)
    assert all(0.029 <= seconds <= 0.041 for _, seconds in frames)


@pytest.mark.parametrize("kind", STILLS)
def test_frames_that_are_alike_are_one(make, small, kind):
    """A slow animation, and one that goes on after all runs have ended, is not larger for it."""
    slow = decoded(make(kind, Film(0, 4, frames_per_second=50, speed=0.25, hold=0)))
    assert len(slow) == 5
    assert [seconds for _, seconds in slow] == pytest.approx([0.08, 0.08, 0.08, 0.08, 0.02], abs=0.011)
    assert len(decoded(make(kind, Film(0, 3), of=small(runs=[])))) == 1


@pytest.mark.parametrize("kind", ["gif", "apng"])
def test_only_what_changes_is_written(make, kind):
    one, many = (make(kind, film).stat().st_size for film in (Film(0, 0, hold=0), Film(0, 60, hold=0)))
    assert many < one + 60 * 0.15 * one


def test_gif_has_one_palette_with_the_runs_colours(make, scene):
    path = make("gif", Film(0, 60, speed=10), size=Size(480, 360))
    data = path.read_bytes()
    table = {data[13 + 3 * i : 16 + 3 * i].hex() for i in range(256)}
    for run in scene.runs:
        assert run.color[1:] in table
    place, images = 13 + 768, 0
    while data[place : place + 1] != b";":
        if data[place : place + 1] == b",":
            assert not data[place + 9] & 0x80  # no table of its own
            images += 1
            place += 11
        else:
            place += 2
        while data[place]:
            place += data[place] + 1
        place += 1
    assert images == 7


def test_apng_is_a_picture_that_opens(make, scene):
    path = make("apng", Film(0, 10))
    assert scene_files.read(path) == scene
    assert path.read_bytes()[12:16] == b"IHDR"


def test_webp_says_how_long_it_is(make):
    data = make("webp", Film(0, 5)).read_bytes()
    assert (data[:4], data[8:12]) == (b"RIFF", b"WEBP")
    assert int.from_bytes(data[4:8], "little") == len(data) - 8


@pytest.mark.parametrize("kind", VIDEOS)
def test_videos_say_what_they_are(make, kind):
    av = pytest.importorskip("av")
    with av.open(str(make(kind, Film(0, 20, frames_per_second=24, hold=1)))) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name in ("h264", "vp9", "libvpx-vp9")
        assert (stream.width, stream.height, float(stream.average_rate)) == (240, 180, 24)
        assert container.duration / 1e6 == pytest.approx(21 / 24 + 1, abs=0.05)
        assert stream.codec_context.colorspace == 1  # BT.709, so that players show the colours that were meant


def test_the_report_counts_and_may_end_it(make, scene):
    seen = []
    make("gif", Film(0, 9, speed=3), report=seen.append)
    assert seen == [1, 2, 3, 4]

    class Enough(Exception):
        pass

    def give_up(frame):
        if frame == 2:
            raise Enough

    for kind in FILMS:
        if kind in VIDEOS:
            pytest.importorskip("av")
        with pytest.raises(Enough):
            make(kind, Film(0, 9), report=give_up)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    for kind, name in (("mp4", "MP4"), ("webm", "WebM")):
        with pytest.raises(OSError, match=rf"^{name} needs the package av: pip install optiviz\[video\]$"):
            animation.check(kind)
    for kind in STILLS:
        animation.check(kind)


def test_what_ffmpeg_cannot_write_is_an_error_like_others(scene, tmp_path):
    pytest.importorskip("av")
    with pytest.raises(FileNotFoundError) as caught:
        save_film(tmp_path / "none" / "film.mp4", "mp4", scene, simulate(scene), Look("contours", SIZE), Film(0, 5))
    words = str(scene_files.in_words(caught.value, "film.mp4 cannot be written"))
    assert words == "film.mp4 cannot be written: No such file or directory"
