"""Lessons as files: what they say, what is wrong with them by its line, and how a scene is added."""

import os
import re
import stat
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optiviz import Run, Scene, assets
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.surfaces import SURFACES
from optiviz.files import lessons
from optiviz.files.lessons import Lesson, LessonScene, append_scene, read_lesson, read_lessons, scene_block
from optiviz.scene.first import first_scene
from optiviz.scene.view import Place, View

# Line numbers matter below.
GOLDEN = """\
# Momentum
A ball with a *memory*.

Second paragraph, with x < y.

## It overshoots
First paragraph.

> v ← β₁ v − α g

### A smaller heading
Last paragraph.

```scene
surface ellipse kappa=20 angle=30
start -4.5,2
steps 120
steps_per_epoch 2

noise 0.5
seed 3
run gd lr=0.09 label='Gradient descent'
run momentum lr=0.02 schedule=inverse_time k=0.02
view cursor=7 speed=10/s third=effective_rate rest=true window=-2,2,-1,3
play false
```

## Without a word
```scene
run adam lr=1e-3
steps 5
surface sphere
```
"""
LEAST = "# L\n## S\n```scene\nsurface sphere\nsteps 3\nrun gd lr=0.1\n```\n"


def write(folder: Path, text: str, name: str = "lesson.md") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ValueError, match=r".") as caught:
        read_lesson(path)
    message = str(caught.value)
    assert type(caught.value) is ValueError
    assert message.isprintable()
    assert len(message) < 1000
    return message


def read_or_message(path: Path) -> Lesson | str:
    try:
        return read_lesson(path)
    except ValueError as error:
        return str(error) if type(error) is ValueError else repr(error)


def wrong(tmp_path: Path, text: str) -> str:
    message = refusal(write(tmp_path, text))
    assert message.startswith("lesson.md")
    return message.removeprefix("lesson.md")


def golden_with(old: str, new: str) -> str:
    assert GOLDEN.count(old) == 1
    return GOLDEN.replace(old, new)


# --- reading ---


def test_a_lesson_is_read(tmp_path):
    path = write(tmp_path, GOLDEN)
    lesson = read_lesson(path)
    assert lesson == Lesson(
        "Momentum",
        "A ball with a *memory*.\n\nSecond paragraph, with x < y.",
        (
            LessonScene(
                "It overshoots",
                "First paragraph.\n\n> v ← β₁ v − α g\n\n### A smaller heading\nLast paragraph.",
                Scene(
                    "ellipse",
                    surface_params={"kappa": 20, "angle": 30},
                    start=(-4.5, 2),
                    steps=120,
                    steps_per_epoch=2,
                    noise=0.5,
                    seed=3,
                    runs=[
                        Run("gd", lr=0.09, label="Gradient descent"),
                        Run("momentum", lr=0.02, schedule="inverse_time", k=0.02),
                    ],
                    view=View(third="effective_rate", rest=True),
                    place=Place(cursor=7, speed="10/s", window=(-2, 2, -1, 3)),
                ),
                play=False,
            ),
            LessonScene("Without a word", "", Scene("sphere", steps=5, runs=[Run("adam", lr=1e-3)]), play=True),
        ),
        path,
    )
    assert isinstance(hash(lesson), int)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: b"\n\n" + content + b"\n \n",
        lambda content: content.replace(b"```\n", b"```  \n"),
    ],
)
def test_what_editors_do_to_files_changes_nothing(tmp_path, change):
    whole = read_lesson(write(tmp_path, GOLDEN))
    path = tmp_path / "lesson.md"
    path.write_bytes(change(GOLDEN.encode()))
    assert read_lesson(path) == whole


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("kappa=20", "kapa=20", 15, "Ellipse has no parameter 'kapa'; did you mean 'kappa'?"),
        ("kappa=20", "kappa=0", 15, "kappa must be a finite number at least 1, not 0.0"),
        ("start -4.5,2", "start -4.5", 16, "start must be two numbers X,Y such as -1.5,2.0, not '-4.5'"),
        ("steps 120", "steps", 17, "steps must be a whole number from 1 to 1,000,000, not ''"),
        ("steps 120", "steps 120\nsteps 121", 18, "steps is given twice"),
        ("noise 0.5", "nois 0.5", 20, "a scene has no 'nois'; did you mean 'noise'?"),
        ("lr=0.02", "lr=0.02 beta1=1", 23, "beta1 must be a finite number at least 0 and less than 1, not 1.0"),
        ("lr=0.02", "", 23, "the learning rate is missing: write lr=..., as in 'momentum lr=0.06'"),
        ("descent'", "descent", 22, "a quotation mark is not closed"),
        ("k=0.02", "k=0.02 label='Gradient descent'", 23, "label must be unique in the scene, not 'Gradient descent' "),
        ("cursor=7", "curser=7", 24, "a view has no parameter 'curser'; did you mean 'cursor'?"),
        ("cursor=7", "cursor=-7", 24, "cursor must be a whole number from 0 to 1,000,000, not -7"),
        ("-2,2,-1,3", "-2,2,-1", 24, "window must be four numbers"),
        ("play false", "play no", 25, "play must be true or false, not 'no'"),
        ("play false", "play", 25, "play must be true or false, not ''"),
        ("surface ellipse kappa=20 angle=30\n", "", 14, "the scene 'It overshoots' lacks a line that begins with surf"),
        ("surface sphere\n", "", 29, "the scene 'Without a word' lacks a line that begins with surface"),
        ("run adam lr=1e-3\n", "", 29, "the scene 'Without a word' lacks a line that begins with run"),
        ("steps 5\n", "", 29, "the scene 'Without a word' lacks a line that begins with steps"),
        ("steps 5\n", "steps 5\nstart 1e300,0\n", 29, "start must be a point where Sphere and its gradient are finite"),
        ("steps 5\n", "steps 5000000\n", 31, "steps must be a whole number"),
        ("# Momentum\n", "", 1, "a lesson must begin with '# ' and its title, not with 'A ball with a *memory*.'"),
        ("# Momentum\n", "## Momentum\n", 1, "a lesson must begin with '# ' and its title"),
        ("## It over", "# It over", 6, "a lesson has one title; a scene begins with '## ' and its title"),
        ("## It overshoots", "## ", 6, "title must be a text of 1 to 100 characters without control characters"),
        ("## It overshoots\n", "\n", 14, "a block needs a scene; one begins with '## ' and its title"),
        ("play false\n```\n", "play false\n```\nAfterwards.\n", 27, "a scene ends with its block"),
        ("play false\n```\n", "play false\n```\n```scene\n```\n", 27, "a scene ends with its block"),
        ("## Without a word\n", "", 28, "a scene ends with its block; the next one begins with '## ' and its title"),
        ("play false\n```\n", "play false\n", 27, "a scene has no '##'; it has surface, start, steps"),
        ("sphere\n```\n", "sphere\n", 29, "the block that begins here is not closed with ```"),
        (
            "Last paragraph.\n\n```scene",
            "Last paragraph.\n\n```python",
            14,
            "a block must begin with ```scene, not with ",
        ),
        (
            "Last paragraph.\n\n```scene",
            "Last paragraph.\n\n~~~",
            14,
            "a block must begin with ```scene, not with '~~~'",
        ),
        (
            "First",
            "![](file:///etc/passwd)",
            7,
            "a text may hold neither pictures nor HTML, as '![](file:///etc/passwd) ",
        ),
        ("First", "<img src='x'>", 7, "a text may hold neither pictures nor HTML"),
        ("A ball", "a\x07b", 2, "the control character U+0007 has no place in a lesson"),
        ("A ball", "a\rb", 2, "the control character U+000D has no place in a lesson"),
    ],
)
def test_what_is_wrong_is_said_by_its_line(tmp_path, old, new, line, reason):
    assert wrong(tmp_path, golden_with(old, new)).startswith(f", line {line}: {reason}")


def test_a_scene_without_a_block(tmp_path):
    text = "# L\n## First\nText.\n## Second\n" + LEAST.partition("## S\n")[2]
    assert wrong(tmp_path, text) == ", line 2: the scene 'First' has no block; it begins with ```scene"


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_an_empty_file(tmp_path, text):
    assert wrong(tmp_path, text) == ", line 1: a lesson must begin with '# ' and its title"


def test_a_lesson_without_scenes(tmp_path):
    assert wrong(tmp_path, "\n# L\nText\n") == ", line 2: the lesson has no scenes; one begins with '## ' and its title"


def test_what_is_not_utf8(tmp_path):
    path = tmp_path / "lesson.md"
    path.write_bytes(b"# L\n\n## \xff\n")
    assert refusal(path) == "lesson.md, line 3: this is not UTF-8"


def test_what_is_too_large(tmp_path):
    assert wrong(tmp_path, "# L\n" + "x" * 1_000_000) == ": a lesson has at most 1 MB"
    assert wrong(tmp_path, "# L\n" + "x" * 400_001) == ", line 2: a line of a lesson has at most 400,000 characters"
    scene = LEAST.partition("\n")[2]
    assert len(read_lesson(write(tmp_path, "# L\n" + scene * 200)).scenes) == 200
    assert wrong(tmp_path, "# L\n" + scene * 201) == ", line 1202: a lesson has at most 200 scenes"
    runs = "".join(f"run gd lr=0.1 label={n}\n" for n in range(101))
    message = wrong(tmp_path, LEAST.replace("run gd lr=0.1\n", runs))
    assert message == ", line 106: a scene of a lesson has at most 100 runs"
    assert "steps times runs must be" in wrong(
        tmp_path, LEAST.replace("steps 3", "steps 1000000").replace("run gd lr=0.1\n", "run gd lr=0.1\n" * 6)
    )


@pytest.mark.parametrize(
    "text",
    [
        "# L\n" + "## S\n" * 190_000,
        "# L\n## S\n```scene\n" + "run gd lr=1\n" * 80_000,
        "# L\n## S\n```scene\nrun gd lr=1 label=" + "'" * 390_000 + "\nrun gd lr=1 label='" + "x" * 390_000,
        "# L\n## S\n```scene\nrun gd lr=1 label=" + "'" * 900_000,
        "# L\n## S\n```scene\nsurface sphere\nsteps 1\nrun " + "a " * 400_000 + "\n```",
        "# L\n## S\n" + "<" * 900_000,
        "# L\n## S\n" + "#" * 900_000,
        "# L\n## S\n```scene\nsurface sphere\nsteps 1\nrun gd lr=1 schedule=manual knots=" + "1:1," * 99_000 + "\n```",
        "# L\n" + (("## S\n```scene\nsurface sphere\nsteps 1\n" + "run adam lr=1 beta1=0.5\n" * 10 + "```\n") * 200),
        "# L\n" + (("## S\n```scene\nsurface sphere\nsteps 1\n" + "run adam lr=1 beta1=0.5\n" * 100 + "```\n") * 20),
    ],
)
def test_a_strangers_lesson_is_read_or_refused_soon(tmp_path, text):
    path = write(tmp_path, text[:1_000_000])
    began = time.process_time()
    found = read_or_message(path)
    assert isinstance(found, Lesson) or len(found) < 1000
    assert time.process_time() - began < 10


def test_the_title_of_a_file_is_always_printable(tmp_path):
    if sys.platform == "win32":
        pytest.skip("Windows allows no such name")
    assert refusal(write(tmp_path, "", "a\nb.md")) == "'a\\nb.md', line 1: a lesson must begin with '# ' and its title"


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match=r"none\.md cannot be read: No such file"):
        read_lesson(tmp_path / "none.md")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    assert refusal(tmp_path / "pipe.md") == "pipe.md: this is no file"


# --- folders ---


def test_a_bad_lesson_leaves_the_others_open(tmp_path):
    write(tmp_path, LEAST.replace("# L", "# Second"), "02-b.md")
    write(tmp_path, LEAST.replace("# L", "# First"), "01-a.md")
    write(tmp_path, LEAST.replace("steps 3", "steps x"), "03-c.md")
    write(tmp_path, "no lesson", "notes.txt")
    write(tmp_path, "no lesson", ".hidden.md")
    (tmp_path / "folder.md").mkdir()
    read, problems = read_lessons(tmp_path)
    assert [lesson.title for lesson in read] == ["First", "Second"]
    assert problems == [
        "03-c.md, line 5: steps must be a whole number from 1 to 1,000,000, not 'x'",
        "folder.md: this is no file",
    ]


def test_a_missing_folder_has_no_lessons(tmp_path):
    assert read_lessons(tmp_path / "none") == ([], [])


def test_a_folder_that_is_none_is_a_problem(tmp_path):
    read, problems = read_lessons(write(tmp_path, LEAST))
    assert read == []
    assert len(problems) == 1
    assert "cannot be read" in problems[0]


def test_a_folder_of_thousands_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "MOST_LESSONS", 2)
    for name in "abc":
        write(tmp_path, LEAST, f"{name}.md")
    read, problems = read_lessons(tmp_path)
    assert [lesson.path.name for lesson in read] == ["a.md", "b.md"]
    assert problems == [f"{tmp_path} has 3 lessons; only the first 2 are read"]


# --- writing ---


def test_a_block_says_what_is_special():
    scene = Scene(
        "ellipse",
        start=(-4.5, 2),
        steps=120,
        noise=0.5,
        surface_params={"kappa": 20},
        runs=[Run("gd", lr=0.09), Run("gd", lr=0.1), Run("adam", lr=1, beta1=0.8)],
        place=Place(speed="10/s"),
    )
    assert scene_block(scene, play=False) == (
        "```scene\nsurface ellipse kappa=20\nstart -4.5,2\nsteps 120\nnoise 0.5\n"
        "run gd lr=0.09\nrun gd lr=0.1\nrun adam lr=1 beta1=0.8\nview speed=10/s\nplay false\n```"
    )


def scenes():
    """Scenes of every sort, by name."""
    yield "first", first_scene()
    for key in SURFACES:
        yield key, Scene(key, steps=3, runs=[Run("gd", lr=1e-5)])
    runs = [Run(key, lr=0.1 / 3, schedule=schedule) for key in OPTIMIZERS for schedule in SCHEDULES]
    yield "many runs", Scene("sphere", steps=3, runs=runs[:100], seed=2**63 - 1, noise=1e-3, steps_per_epoch=7)
    labels = ["Adam", "Adam 3", 'it\'s "so"', "```", "## x", "![](y)"]
    yield "labels", Scene("sphere", steps=3, runs=[Run("adam", lr=1, label=label) for label in labels])
    mixed = [Run("adam", lr=1), Run("adam", lr=1, color="#123456", visible=False), Run("adam", lr=2, label="Adam")]
    place = Place(window=(0, 1e-9, -1e300, 1e300))
    yield "colours", Scene("sphere", steps=3, runs=mixed, view=View(overlay_scale=3), place=place)


SCENES = dict(scenes())


@pytest.mark.parametrize("name", SCENES)
def test_an_added_scene_reads_back(tmp_path, name):
    scene, path = SCENES[name], tmp_path / "03-my-lesson.md"
    made = append_scene(path, "One", "Text.\n\n> x ← x − α g", scene)
    assert made == read_lesson(path)
    made = append_scene(path, "Two", "", scene, play=False)
    assert made == read_lesson(path)
    assert made == Lesson(
        "My lesson",
        "",
        (LessonScene("One", "Text.\n\n> x ← x − α g", scene), LessonScene("Two", "", scene, play=False)),
        path,
    )


def test_bundled_lessons_write_back(tmp_path):
    for lesson in read_lessons(assets.path("lessons"))[0]:
        path = tmp_path / lesson.path.name
        for scene in lesson.scenes:
            made = append_scene(path, scene.title, scene.text, scene.scene, play=scene.play, lesson=lesson.title)
        assert made.scenes == lesson.scenes
        assert made.title == lesson.title


def test_what_stands_in_the_file_stays(tmp_path):
    path = write(tmp_path, GOLDEN)
    append_scene(path, "New", "Text.", first_scene())
    assert path.read_text("utf-8").startswith(GOLDEN + "\n## New\nText.\n\n```scene\n")
    assert [scene.title for scene in read_lesson(path).scenes] == ["It overshoots", "Without a word", "New"]


def test_line_ends_stay(tmp_path):
    path = write(tmp_path, GOLDEN.replace("\n", "\r\n"))
    append_scene(path, "New", "Text.\r\nMore.", first_scene())
    content = path.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert b"\r\r" not in content
    assert read_lesson(path).scenes[-1].text == "Text.\nMore."


@pytest.mark.parametrize(
    ("name", "title"),
    [("03-my-lesson.md", "My lesson"), ("12.md", "Lesson"), ("a_b  c.md", "A b c"), ("x" * 150 + ".md", "Lesson")],
)
def test_a_new_lesson_is_called_after_its_file(tmp_path, name, title):
    assert append_scene(tmp_path / name, "S", "", first_scene()).title == title


def test_an_empty_file_becomes_a_lesson(tmp_path):
    made = append_scene(write(tmp_path, "\n"), "S", "", first_scene(), lesson="What I teach")
    assert made.title == "What I teach"


@pytest.mark.parametrize(
    ("title", "text", "reason"),
    [
        ("", "", "title must be a text of 1 to 100 characters without control characters, not ''"),
        ("a\nb", "", "title must be a text of 1 to 100 characters without control characters, not 'a\\nb'"),
        ("S", "a\n\n## b", "line 3 of the text: a heading in a text must begin with at least three #"),
        ("S", "# b", "line 1 of the text: a heading in a text must begin with at least three #"),
        ("S", "```scene\n```", "line 1 of the text: a block must begin with"),
        ("S", "a <b>", "line 1 of the text: a text may hold neither pictures nor HTML, as '<b>' is"),
        ("S", "a\x00", "line 1 of the text: the control character U+0000 has no place in a lesson"),
        ("S", "\ud800", "line 1 of the text: the control character U+D800 has no place in a lesson"),
        ("S", ("x" * 250_000 + "\n") * 4, "lesson.md: a lesson has at most 1 MB"),
    ],
)
def test_what_cannot_be_added_leaves_the_file_as_it_was(tmp_path, title, text, reason):
    path = write(tmp_path, GOLDEN)
    with pytest.raises(ValueError, match=re.escape(reason)):
        append_scene(path, title, text, first_scene())
    assert path.read_text("utf-8") == GOLDEN
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("scene", "reason"),
    [
        (Scene("sphere", steps=3, runs=[]), "a scene of a lesson needs a run"),
        (Scene("sphere", steps=3, runs=[Run("gd", lr=1)] * 101), "a scene of a lesson has at most 100 runs"),
    ],
)
def test_scenes_that_no_lesson_can_hold(tmp_path, scene, reason):
    with pytest.raises(ValueError, match=reason):
        append_scene(tmp_path / "new.md", "S", "", scene)
    assert list(tmp_path.iterdir()) == []


def test_a_bad_lesson_is_not_added_to(tmp_path):
    path = write(tmp_path, GOLDEN.replace("steps 120", "steps x"))
    with pytest.raises(ValueError, match=r"lesson\.md, line 17: steps must be"):
        append_scene(path, "S", "", first_scene())


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(OSError, match="cannot be written: there is no folder"):
        append_scene(tmp_path / "none" / "new.md", "S", "", first_scene())


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are another matter there")
def test_permissions_stay(tmp_path):
    path = write(tmp_path, LEAST)
    path.chmod(0o640)
    append_scene(path, "S", "", first_scene())
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


# --- files that somebody edited ---


TEXTS = [GOLDEN, *(path.read_text("utf-8") for path in sorted(assets.path("lessons").iterdir()))]
CHANGES = st.tuples(
    st.sampled_from("delete repeat bring cut turn add".split()),
    st.integers(0, 200),  # the line
    st.integers(0, 200),  # another line, or a place in this one
    st.characters(max_codepoint=0x300),
)


def changed(lines: list[str], change: tuple[str, int, int, str]) -> None:
    """Does one thing to the lines."""
    kind, place, other, char = change
    place %= len(lines)
    match kind:
        case "delete":
            lines[place : place + 1] = [] if len(lines) > 1 else [""]
        case "repeat":
            lines.insert(place, lines[place])
        case "bring":
            lines.insert(place, lines[other % len(lines)])
        case "cut":
            lines[place] = lines[place][:other]
        case "turn":
            lines[place] = lines[place][other:] + lines[place][:other]
        case "add":
            lines[place] = lines[place][:other] + char + lines[place][other:]


@given(text=st.sampled_from(TEXTS), changes=st.lists(CHANGES, min_size=1, max_size=5))
def test_a_changed_lesson_ends_in_a_lesson_or_a_sentence(tmp_path_factory, text, changes):
    lines = text.split("\n")
    for change in changes:
        changed(lines, change)
    path = write(tmp_path_factory.getbasetemp(), "\n".join(lines))
    found = read_or_message(path)
    if isinstance(found, Lesson):
        assert found.scenes
        made = append_scene(path, "One more", "", first_scene())
        assert made.scenes[:-1] == found.scenes
    else:
        assert re.match(r"lesson\.md, line [1-9]\d*: \S", found)
        assert int(re.findall(r"\d+", found)[0]) <= len(lines)
        assert found.isprintable()
        assert len(found) < 1000
