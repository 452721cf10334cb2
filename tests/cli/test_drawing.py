"""`optiviz run` draws: pictures, animations and summaries from the command line, without a display."""

import csv
import sys
from pathlib import Path

import pytest

from optiviz.files import scene_files
from optiviz.scene.first import first_scene

TINY = ("--size", "160x120", "--steps", "20")


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_all_kinds_at_once(program, tmp_path):
    image_module = pytest.importorskip("PIL.Image")
    kinds = ["png", "svg", "pdf", "gif", "webp", "apng"]
    words = [word for kind in kinds for word in (f"--{kind}", f"a.{kind}")]
    done = program("run", *TINY, *words, "--summary", "s.csv", "--range", "0-6", "--speed", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert names_in(tmp_path) == sorted([*(f"a.{kind}" for kind in kinds), "s.csv"])
    assert done.stdout.splitlines()[0].split()[0] == "run"
    for kind in ("gif", "webp", "apng"):
        with image_module.open(tmp_path / f"a.{kind}") as image:
            assert (image.size, image.n_frames) == ((160, 120), 4)
    with image_module.open(tmp_path / "a.png") as image:
        assert image.size == (160, 120)
    scene = first_scene().replace(steps=20)
    for kind in ("png", "apng", "svg"):
        assert scene_files.read(tmp_path / f"a.{kind}") == scene
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")


def test_videos(call, tmp_path):
    av = pytest.importorskip("av")
    words = ("--mp4", "a.mp4", "--webm", "a.webm", "--duration", "0.5", "--frames-per-second", "20", "--hold", "0.5")
    status, _, err = call("run", *TINY, *words, "--view", "loss", "--theme", "dark")
    assert (status, err) == (0, "")
    for name in ("a.mp4", "a.webm"):
        with av.open(str(tmp_path / name)) as container:
            frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(container.streams.video[0])]
        assert len(frames) == 20
        assert frames[0].mean() < 80


def test_pictures_show_the_last_step_of_the_range(call, tmp_path):
    for name, words in (("a", ()), ("b", ("--range", "0-20")), ("c", ("--range", "0-3"))):
        assert call("run", *TINY, "--png", f"{name}.png", "--view", "contours", *words)[0] == 0
    a, b, c = (Path(f"{name}.png").read_bytes() for name in "abc")
    assert a == b != c


def test_view_theme_size_scale_and_select_change_the_picture(call, tmp_path):
    view = first_scene().view.replace(show_gradient=True)
    scene_files.write(first_scene().replace(steps=20, view=view), Path("a.optiviz"))
    usual = ["--scene", "a.optiviz", "--range", "0-3", "--size", "400x250"]
    looks = [[], ["--view", "loss"], ["--theme", "print"], ["--scale", "0.7"], ["--select", "Adam"]]
    pictures = set()
    for look in looks:
        assert call("run", *usual, *look, "--png", "a.png")[0] == 0
        pictures.add(Path("a.png").read_bytes())
    assert len(pictures) == len(looks)


def test_progress(call):
    status, out, err = call("run", *TINY, "--gif", "a.gif", "--range", "5-8", "--progress")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[:4] == [f"frame {number} of 4" for number in (1, 2, 3, 4)]
    assert lines[4].split()[0] == "run"


def test_summary(call, tmp_path):
    status, _, err = call("run", "--summary", "s.csv", "--tolerance", "0.01")
    assert (status, err) == (0, "")
    with Path("s.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["run"] for row in rows] == ["Momentum", "Adagrad", "RMSprop", "Adam"]
    assert all(int(row["steps_to_tolerance"]) > 0 for row in rows)
    assert rows[3]["settings"] == "adam lr=0.35 schedule=inverse_time k=0.02"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--svg", "a.svg", "--theme", "blue"], "theme must be one of light, dark, print, not 'blue'"),
        (["--pdf", "a.pdf", "--view", "all"], "view must be one of dashboard, contours, rate, loss, distance"),
        (["--pdf", "a.pdf", "--size", "A4"], "size must be WIDTHxHEIGHT in pixels, each from 100 to 16384"),
        (["--png", "a.png", "--scale", "0"], "scale must be a finite number at least 0.1 and at most 20, not 0"),
        (
            ["--gif", "a.gif", "--range", "7"],
            "FIRST-LAST, two steps from 0 to 200 such as 0-200, not '7'",
        ),
        (["--gif", "a.gif", "--range", "0-201"], "range must be FIRST-LAST, two steps from 0 to 200"),
        (["--gif", "a.gif", "--speed", "fast"], "speed must be a finite number at least 0.001 and at most 1000000"),
        (["--gif", "a.gif", "--duration", "0"], "duration must be a finite number greater than 0 and at most 3600"),
        (["--gif", "a.gif", "--hold", "61"], "hold must be a finite number at least 0 and at most 60, not 61"),
        (
            ["--gif", "a.gif", "--frames-per-second", "0"],
            "frames_per_second must be a whole number from 1 to 60",
        ),
        (["--gif", "a.gif", "--frames-per-second", "60"], "frames_per_second must be at most 50 for GIF, not 60"),
        (["--gif", "a.gif", "--size", "4k", "--speed", "0.001"], "at most 20,000 frames, not 200,001"),
        (["--webp", "a.webp", "--size", "300x5000"], "size must be at most 4096 pixels a side for animations"),
        (
            ["--mp4", "a.mp4", "--size", "301x200"],
            "an even number of pixels each way for MP4, not 301x200",
        ),
        (["--gif", "a.gif", "--speed", "1", "--duration", "2"], "--speed and --duration say the same thing twice"),
        (["--png", "a.png", "--select", "Adm"], "select must be the label of a run, not 'Adm'"),
        (["--theme", "dark"], "--theme is the picture's: it needs --png, --svg, --pdf, --gif"),
        (["--csv", "a.csv", "--view", "loss"], "--view is the picture's: it needs --png"),
        (
            ["--png", "a.png", "--speed", "2"],
            "it needs --gif, --webp, --apng, --mp4 or --webm",
        ),
        (["--png", "a.png", "--progress"], "--progress is the animation's"),
        (["--tolerance", "1"], "--tolerance is the summary's: it needs --summary"),
        (["--summary", "s", "--tolerance", "-1"], "tolerance must be a finite number at least 0, not -1"),
        (["--gif", "a.gif", "--progress", "--csv", "-"], "--progress and --csv - both want standard output"),
        (["--gif", "a", "--svg", "./a"], "--svg and --gif name the same file"),
        (["--webm", ""], "--webm needs the name of a file"),
        (["--gfi", "a"], "did you mean '--gif'?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_refusals(call, tmp_path, monkeypatch, words, message):
    monkeypatch.setattr("optiviz.scene.simulation.simulate", lambda scene: pytest.fail("simulated in vain"))
    status, out, err = call("run", *words)
    assert (status, out) == (2, "")
    assert err.startswith("optiviz: ")
    assert err.count("\n") == 1
    assert message in err
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(("kind", "name"), [("mp4", "MP4"), ("webm", "WebM")])
def test_a_missing_package_is_named_before_the_work(call, tmp_path, monkeypatch, kind, name):
    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.setattr("optiviz.scene.simulation.simulate", lambda scene: pytest.fail("simulated in vain"))
    answer = call("run", f"--{kind}", f"a.{kind}", "--csv", "a.csv")
    assert answer == (1, "", f"optiviz: {name} needs the package av: pip install optiviz[video]\n")
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("kind", ["png", "svg", "pdf", "gif", "webp", "apng"])
def test_what_cannot_be_written_leaves_nothing(call, tmp_path, monkeypatch, kind):
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    Path("old").write_text("old")
    monkeypatch.setattr("optiviz.pictures.writing.encoded", fail)
    monkeypatch.setattr("optiviz.pictures.stills.Stills.add", fail)
    answer = call("run", *TINY, "--csv", "a.csv", f"--{kind}", "old")
    advice = "free some space there, or choose another folder"
    assert answer == (1, "", f"optiviz: old cannot be written: No space left on device; {advice}\n")
    assert names_in(tmp_path) == ["old"]
    assert Path("old").read_text() == "old"
    answer = call("run", *TINY, f"--{kind}", "none/a")
    assert answer[0] == 1
    assert "none/a cannot be written: there is no folder" in answer[2]


def test_interrupting_an_animation_leaves_nothing(call, tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("optiviz.pictures.stills.Stills.add", interrupt)
    assert call("run", *TINY, "--gif", "a.gif", "--csv", "a.csv") == (130, "", "")
    assert names_in(tmp_path) == []
