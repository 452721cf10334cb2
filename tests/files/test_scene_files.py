"""Scene files: what is written reads back, what is wrong is refused by its place, and files are replaced whole."""

import json
import os
import sys
from pathlib import Path

import pytest

from optiviz import Run, Scene
from optiviz.engine.optimizers import OPTIMIZERS
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.surfaces import SURFACES
from optiviz.files import json_text, scene_files, scene_json
from optiviz.scene.first import first_scene
from optiviz.scene.view import PLACE, VIEW, Place, View

# Written by hand; every later version of OptiViz must read it.
GOLDEN = """
{"format": "optiviz.scene", "version": 1,
 "surface": {"key": "rosenbrock", "params": {"a": 1.0, "b": 100}}, "start": [-1.5, 2.0],
 "steps": 500, "steps_per_epoch": 10, "noise": 0.25, "seed": 9223372036854775807,
 "runs": [
   {"label": "Ädam, \\"my\\" run", "optimizer": "adam", "lr": 0.05, "params": {"beta1": 0.8, "eps_inside": false},
    "schedule": {"key": "exponential", "params": {"k": 0.02}}, "color": "#0072B2", "visible": false},
   {"optimizer": "momentum", "lr": 2e-4},
   {"optimizer": "gd", "lr": 1, "schedule": {"key": "manual", "params": {"knots": [[7, 0.5], [13, 0.25]]}}}],
 "view": {"third": "step_length", "window": [-2, 2, -1, 3]}}
"""
LEAST = {"format": "optiviz.scene", "version": 1, "surface": {"key": "sphere"}, "steps": 3, "runs": []}


def changed(path, value):
    """GOLDEN as a JSON text with the value at the end of the path replaced; `...` takes it out."""
    content = json.loads(GOLDEN)
    *way, last = path
    place = content
    for name in way:
        place = place[name]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return json.dumps(content)


def refusal(text):
    with pytest.raises(ValueError, match=r".") as caught:
        pytest.fail(f"{text[:1000]} is read as {scene_files.from_json(text)}")
    message = str(caught.value)
    assert type(caught.value) is ValueError
    assert "\n" not in message
    assert len(message) < 1000
    return message


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


# --- round trips ---


def test_golden_file():
    scene = scene_files.from_json(GOLDEN)
    assert scene == Scene(
        "rosenbrock",
        start=(-1.5, 2.0),
        steps=500,
        steps_per_epoch=10,
        noise=0.25,
        seed=2**63 - 1,
        runs=(
            Run(
                "adam",
                lr=0.05,
                schedule="exponential",
                label='Ädam, "my" run',
                color="#0072b2",
                visible=False,
                beta1=0.8,
                eps_inside=False,
                k=0.02,
            ),
            Run("momentum", lr=2e-4),
            Run("gd", lr=1.0, schedule="manual", knots=((7, 0.5), (13, 0.25))),
        ),
        view=View(third="step_length"),
        place=Place(window=(-2, 2, -1, 3)),
    )


def test_least_file_takes_defaults():
    assert scene_files.from_json(json.dumps(LEAST)) == Scene("sphere", steps=3, runs=())


def test_round_trip_of_every_entry():
    runs = [Run(key, lr=0.1 / 3, schedule=decay) for key in OPTIMIZERS for decay in SCHEDULES]
    for scene in (Scene("sphere", steps=7, runs=runs), *(Scene(key, steps=7, runs=runs[:1]) for key in SURFACES)):
        text = scene_files.to_json(scene)
        assert scene_files.from_json(text) == scene
        assert scene_files.to_json(scene_files.from_json(text)) == text


def test_text_has_exactly_the_fields_and_all_parameters():
    content = json.loads(scene_files.to_json(first_scene()))
    assert list(content) == "format version surface start steps steps_per_epoch noise seed runs view".split()
    assert list(content["runs"][0]) == "label optimizer lr params schedule color visible".split()
    assert content["runs"][3]["params"] == {
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "eps_inside": True,
        "bias_correction": True,
    }
    assert content["runs"][0]["schedule"] == {"key": "inverse_time", "params": {"k": 0.02}}
    assert content["view"] == {}


def test_view_holds_what_differs():
    scene = first_scene().replace(place=Place(cursor=3, window=(0.0, 1.0, 0.0, 1.0)))
    assert json.loads(scene_files.to_json(scene))["view"] == {"cursor": 3, "window": [0.0, 1.0, 0.0, 1.0]}
    assert scene_files.from_json(scene_files.to_json(scene)) == scene


def test_every_view_setting_round_trips():
    others = {"whole": 5, "real": 0.25}
    for param in (*PLACE, *VIEW.values()):
        value = not param.default if param.kind == "flag" else others.get(param.kind)
        if param.kind == "choice":
            value = next(option for option in param.options if option != param.default)
        of_view = param.name in VIEW
        change = {"view": View(**{param.name: value})} if of_view else {"place": Place(**{param.name: value})}
        scene = first_scene().replace(**change)
        assert scene_files.from_json(scene_files.to_json(scene)) == scene


def test_extreme_numbers_round_trip():
    scene = Scene("sphere", start=(-0.0, 5e-324), steps=1, runs=[Run("gd", lr=5e-324), Run("gd", lr=1.7e308)])
    again = scene_files.from_json(scene_files.to_json(scene))
    assert repr(again.start) == "(-0.0, 5e-324)"
    assert [run.lr for run in again.runs] == [5e-324, 1.7e308]


def test_text_is_readable():
    lines = scene_files.to_json(first_scene()).splitlines()
    assert '  "surface": {"key": "himmelblau", "params": {}},' in lines
    assert max(map(len, lines)) <= 120


# --- versions ---

SCENES = Path(__file__).parent.parent / "data" / "scenes"
GOLDEN_FILES = sorted(SCENES.glob("version-*.optiviz"))


def test_every_version_has_a_golden_file_and_a_migration():
    assert {int(path.stem.partition("-")[2]) for path in GOLDEN_FILES} == set(range(1, scene_json.VERSION + 1))
    assert set(scene_json.MIGRATIONS) == set(range(1, scene_json.VERSION))


@pytest.mark.parametrize("path", GOLDEN_FILES, ids=lambda path: path.stem)
def test_golden_files_stay_readable(path):
    scene = scene_files.read(path)
    assert scene_files.from_json(scene_files.to_json(scene)) == scene
    assert scene_files.read_tolerant(path) == scene_files.Opened(scene)


def test_newest_golden_file_is_written_back_byte_for_byte(tmp_path):
    """If this fails, a file of an older program has become another one: that makes a new version of the format."""
    golden = SCENES / f"version-{scene_json.VERSION}.optiviz"
    scene_files.write(scene_files.read(golden), tmp_path / "again.optiviz")
    assert (tmp_path / "again.optiviz").read_bytes() == golden.read_bytes()


def test_golden_file_has_every_kind_of_field():
    content = json.loads((SCENES / "version-1.optiviz").read_text(encoding="utf-8"))
    assert tuple(content) == scene_json.FIELDS
    assert {run["optimizer"] for run in content["runs"]} >= {"gd", "adam", "nadam", "lion"}
    assert {run["schedule"]["key"] for run in content["runs"]} >= {"constant", "manual", "staircase", "one_cycle"}
    assert {run["visible"] for run in content["runs"]} == {True, False}
    kinds = {type(value) for run in content["runs"] for value in run["params"].values()}
    assert kinds == {float, bool}
    assert len(content["view"]) >= 22


def test_older_versions_are_migrated(monkeypatch):
    def from_1_to_2(content):
        assert content["version"] == 1
        return {"steps": content.pop("duration") * 10, **content, "version": 2}

    def from_2_to_3(content):
        assert content["version"] == 2
        return {**content, "version": 3, "runs": [{**run, "lr": run["lr"] * 2} for run in content["runs"]]}

    monkeypatch.setattr(scene_json, "VERSION", 3)
    monkeypatch.setattr(scene_json, "MIGRATIONS", {1: from_1_to_2, 2: from_2_to_3})
    old = GOLDEN.replace('"steps": 500', '"duration": 50')
    scene = scene_files.from_json(old)
    assert (scene.steps, scene.runs[0].lr) == (500, 0.1)
    assert json.loads(scene_files.to_json(scene))["version"] == 3
    with pytest.raises(ValueError, match=r"^the scene has the field 'noise' twice$"):
        scene_files.from_json(old.replace('"noise"', '"noise": 1, "noise"'))
    with pytest.raises(ValueError, match=r"^version 4 was made by a newer OptiViz; this one reads .* up to version 3$"):
        scene_files.from_json(old.replace('"version": 1', '"version": 4'))


# --- refusals ---

NUMBERS = (
    ["steps"],
    ["steps_per_epoch"],
    ["noise"],
    ["seed"],
    ["start", 0],
    ["surface", "params", "b"],
    ["runs", 0, "lr"],
    ["runs", 0, "params", "beta1"],
    ["runs", 0, "schedule", "params", "k"],
    ["view", "window", 2],
)


@pytest.mark.parametrize("path", NUMBERS, ids=str)
def test_wrong_numbers_are_refused_by_name(path):
    # Python 3.11's json writes ints of at most 4,300 digits; 10**400 is a legal text that no float holds.
    for value in (True, None, "1", [], {}, float("nan"), -float("inf"), 10**400):
        message = refusal(changed(path, value))
        assert str([part for part in path if isinstance(part, str)][-1]) in message
        if path[0] == "runs":
            assert message.startswith("runs[0].")


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" * 5000, "NaN", "-Infinity"])
def test_texts_of_impossible_numbers(number):
    text = GOLDEN.replace('"noise": 0.25', f'"noise": {number}')
    assert refusal(text).startswith(f"noise must be a finite number at least 0 and at most 1e100, not {number[:57]}")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["format"], "optiviz", "format must be 'optiviz.scene', not 'optiviz'"),
        (["format"], ..., "format must be 'optiviz.scene', and there is none"),
        (["version"], ..., "the scene lacks the field 'version'"),
        (["version"], 2, "version 2 was made by a newer OptiViz; this one reads scenes up to version 1"),
        (["version"], 0, "version must be a whole number"),
        (["version"], 1.0, "version must be a whole number"),
        (["version"], True, "version must be a whole number"),
        (["version"], "1", "version must be a whole number"),
        (["surface"], ..., "the scene lacks the field 'surface'"),
        (["surface"], "sphere", "surface must be an object in braces, not 'sphere'"),
        (["surface", "key"], ..., "surface lacks the field 'key'"),
        (["surface", "key"], "rosenbrok", "surface 'rosenbrok' is not known; did you mean 'rosenbrock'?"),
        (["surface", "key"], 7, "surface of type int is not known"),
        (["surface", "kay"], "x", "surface has no field 'kay'; did you mean 'key'?"),
        (["surface", "params"], [], "surface.params must be an object in braces, not []"),
        (["surface", "params", "c"], 1, "surface.params has no parameter 'c'; it may have a, b"),
        (["start"], None, "start must be two finite numbers (x, y), not None"),
        (["start"], [1], "start must be two finite numbers"),
        (["start"], [1, 2, 3], "start must be two finite numbers"),
        (["start"], "12", "start must be two finite numbers"),
        (["start"], {"x": 1, "y": 2}, "start must be two finite numbers"),
        (["start"], [1e200, 1e200], "start must be a point where Rosenbrock and its gradient are finite"),
        (["steps"], ..., "the scene lacks the field 'steps'"),
        (["steps"], 500.0, "steps must be a whole number from 1 to 1,000,000, not 500.0"),
        (["steps"], 0, "steps must be a whole number"),
        (["seed"], -1, "seed must be a whole number"),
        (["stepz"], 1, "the scene has no field 'stepz'; did you mean 'steps'?"),
        (["a\nb\u0000"], 1, "the scene has no field 'a\\nb\\x00'"),
        (["runs"], ..., "the scene lacks the field 'runs'"),
        (["runs"], {}, "runs must be a list in brackets, not {}"),
        (["runs"], None, "runs must be a list in brackets, not None"),
        (["runs", 1], "adam", "runs[1] must be an object in braces, not 'adam'"),
        (["runs", 1, "optimizer"], ..., "runs[1] lacks the field 'optimizer'"),
        (["runs", 1, "lr"], ..., "runs[1] lacks the field 'lr'"),
        (["runs", 1, "lr"], 0, "runs[1].lr must be a finite number greater than 0, not 0"),
        (["runs", 1, "colour"], "#000000", "runs[1] has no field 'colour'; did you mean 'color'?"),
        (["runs", 1, "optimizer"], "admm", "runs[1].optimizer 'admm' is not known; did you mean 'adam'?"),
        (["runs", 1, "optimizer"], None, "runs[1].optimizer of type NoneType is not known"),
        (["runs", 1, "params"], {"beta2": 0.5}, "runs[1].params has no parameter 'beta2'; did you mean 'beta1'?"),
        (["runs", 1, "params"], {"k": 0.5}, "runs[1].params has no parameter 'k'"),
        (["runs", 0, "params", "beta1"], 1.5, "runs[0].params.beta1 must be a finite number at least 0 and less than"),
        (["runs", 0, "params", "eps_inside"], 1, "runs[0].params.eps_inside must be true or false, not 1"),
        (["runs", 0, "params"], None, "runs[0].params must be an object in braces, not None"),
        (["runs", 0, "schedule"], "constant", "runs[0].schedule must be an object in braces, not 'constant'"),
        (["runs", 0, "schedule", "key"], ..., "runs[0].schedule lacks the field 'key'"),
        (["runs", 0, "schedule", "key"], "exponent", "runs[0].schedule 'exponent' is not known"),
        (["runs", 0, "schedule", "params"], {"beta1": 0.5}, "runs[0].schedule.params has no parameter 'beta1'"),
        (["runs", 2, "schedule", "params", "knots"], [[7, 1], [7, 1]], "runs[2].schedule.params.knots must be pairs"),
        (["runs", 2, "schedule", "params", "knots"], "7:0.5", "runs[2].schedule.params.knots must be pairs"),
        (["runs", 2, "schedule", "params", "knots"], [[7, True]], "runs[2].schedule.params.knots must be pairs"),
        (["runs", 0, "label"], "", "runs[0].label must be a text of 1 to 100 characters"),
        (["runs", 0, "label"], "a\u0000", "runs[0].label must be a text"),
        (["runs", 0, "label"], "\ud800", "runs[0].label must be a text"),
        (["runs", 0, "label"], "x" * 101, "runs[0].label must be a text"),
        (["runs", 0, "label"], None, "runs[0].label must be a text"),
        (["runs", 0, "color"], "red", "runs[0].color must be written #rrggbb"),
        (["runs", 0, "color"], None, "runs[0].color must be written #rrggbb"),
        (["runs", 0, "visible"], 1, "runs[0].visible must be true or false, not 1"),
        (["runs", 0, "visible"], "true", "runs[0].visible must be true or false, not 'true'"),
        (["view"], [], "view must be an object in braces, not []"),
        (["view", "thrid"], 1, "view has no field 'thrid'; did you mean 'third'?"),
        (["view", "third"], "loss", "view.third must be one of"),
        (["view", "loop"], 1, "view.loop must be true or false, not 1"),
        (["view", "cursor"], -1, "view.cursor must be a whole number"),
        (["view", "window"], None, "view.window must be four finite numbers"),
        (["view", "window"], [2, 1, 0, 1], "view.window must be four finite numbers"),
    ],
    ids=lambda value: str(value)[:40].encode("ascii", "backslashreplace").decode(),
)
def test_refusals_name_the_place(path, value, message):
    assert refusal(changed(path, value)).startswith(message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"noise": 0.25', '"noise": 0.25, "noise": 0.25', "the scene has the field 'noise' twice"),
        ('"beta1": 0.8', '"beta1": 0.8, "beta1": 0.8', "runs[0].params has the parameter 'beta1' twice"),
        ('"key": "manual"', '"key": "manual", "key": "manual"', "runs[2].schedule has the field 'key' twice"),
        ('"third"', '"third": "distance", "third"', "view has the field 'third' twice"),
    ],
)
def test_repeated_names(old, new, message):
    assert refusal(GOLDEN.replace(old, new)) == message


def test_repeated_labels():
    assert refusal(changed(["runs", 1, "label"], 'Ädam, "my" run')).startswith("runs[1].label must be unique")


@pytest.mark.parametrize(
    "text",
    ["", " ", "{", "[1,]", "{'a': 1}", '"\n"', GOLDEN + "x", "\ufeff" + GOLDEN, "// a\n{}", "0x1", "01"],
    ids=lambda text: repr(text[:9]),
)
def test_what_is_not_json(text):
    assert refusal(text).startswith("this is not JSON: ")


@pytest.mark.parametrize("text", ["[]", "1", "null", '"optiviz.scene"', "NaN", "true"])
def test_json_that_is_no_scene(text):
    assert refusal(text).startswith("a scene must be an object in braces, not ")


@pytest.mark.parametrize("depth", [100, 900, 5_000, 200_000])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_nesting(depth, opening):
    closing = "]" if opening == "[" else "}"
    deep = opening * depth + "1" + closing * depth
    refusal(deep)
    refusal(GOLDEN.replace('"noise": 0.25', f'"noise": {deep}'))


def test_more_runs_than_there_can_be():
    text = changed(["runs"], [{"optimizer": "gd", "lr": 0.1}] * 5_001).replace('"steps": 500', '"steps": 1000')
    assert refusal(text) == "runs must be at most 5,000 with 1,000 steps, not 5,001"
    text = changed(["runs"], [{"optimizer": "gd", "lr": 0.1}] * 10_001)
    assert refusal(text) == "runs must be at most 10,000 in a file, not 10,001"
    rows = changed(["steps"], 1_000_000).replace('"runs": [', '"runs": [' + '{"optimizer": "gd", "lr": 1},' * 3)
    assert refusal(rows).startswith("runs must be at most 5 with 1,000,000 steps, not 6")


def test_more_values_than_there_can_be():
    text = changed(["runs"], [[]] * 300_000)
    assert refusal(text) == "a scene has at most 300,000 values, and this text has more"


# --- files ---


def test_read_names_the_file(tmp_path):
    path = tmp_path / "bad.optiviz"
    path.write_text(changed(["runs", 1, "lr"], True), encoding="utf-8")
    with pytest.raises(ValueError, match=r"^bad\.optiviz: runs\[1\]\.lr must be a finite number greater than 0, not"):
        scene_files.read(path)


def test_read_refuses_what_is_no_text(tmp_path):
    path = tmp_path / "bad.optiviz"
    path.write_bytes(GOLDEN.encode("latin-1"))
    with pytest.raises(ValueError, match=r"^bad\.optiviz: this is not UTF-8: byte \d+ is no part of a text$"):
        scene_files.read(path)


def test_largest_file(tmp_path):
    path = tmp_path / "large.optiviz"
    content = GOLDEN.encode()
    path.write_bytes(content + b" " * (scene_files.LARGEST - len(content)))
    assert scene_files.read(path) == scene_files.from_json(GOLDEN)
    with path.open("ab") as file:
        file.write(b" ")
    with pytest.raises(ValueError, match="at most 10 MB"):
        scene_files.read(path)
    with pytest.raises(ValueError, match="at most 10 MB"):
        scene_files.from_json(path.read_text(encoding="utf-8"))


@pytest.mark.skipif(sys.platform == "win32", reason="devices and pipes of POSIX")
def test_what_is_no_file_is_not_waited_for(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (Path("/dev/zero"), Path("/dev/null"), pipe):
        with pytest.raises(
            OSError, match=f"^{path} cannot be read: it is no file; from a pipe, - reads standard input$"
        ):
            scene_files.read(path)
        assert not scene_files.is_picture(path)


def test_unreadable_files(tmp_path):
    with pytest.raises(OSError, match=r"none\.optiviz cannot be read: No such file or directory$"):
        scene_files.read(tmp_path / "none.optiviz")
    with pytest.raises(OSError, match=r" cannot be read: it is a folder$"):
        scene_files.read(tmp_path)


def test_messages_are_one_line_whatever_the_name(tmp_path):
    path = tmp_path / "a\nb\x1b.optiviz"
    with pytest.raises(OSError, match=r"cannot be read") as caught:
        scene_files.read(path)
    assert str(caught.value).isprintable()
    path.write_text("{}")
    with pytest.raises(ValueError, match=r"^'a\\nb\\x1b\.optiviz': format must be") as refused:
        scene_files.read(path)
    assert str(refused.value).isprintable()


def test_byte_order_mark_of_an_editor_does_no_harm(tmp_path):
    path = tmp_path / "a.optiviz"
    path.write_text(GOLDEN, encoding="utf-8-sig")
    assert scene_files.read(path) == scene_files.from_json(GOLDEN)


def test_write_and_read(tmp_path):
    path = tmp_path / "scene.optiviz"
    scene_files.write(first_scene(), path)
    assert scene_files.read(path) == first_scene()
    assert b"\r" not in path.read_bytes()
    assert names_in(tmp_path) == ["scene.optiviz"]


def test_scene_too_large_for_a_file_is_not_written(tmp_path, monkeypatch):
    knots = tuple((step, 0.5) for step in range(1_000))
    large = Scene("sphere", steps=3, runs=[Run("gd", lr=0.1, schedule="manual", knots=knots)])
    many = Scene("sphere", steps=3, runs=[Run("gd", lr=0.1, color="#000000")] * 101)
    monkeypatch.setattr(json_text, "MOST_VALUES", 3_000)
    monkeypatch.setattr(scene_files, "MOST_RUNS", 100)
    with pytest.raises(ValueError, match=r"^this scene is too large for a file: a scene has at most 3,000 values"):
        scene_files.write(large, tmp_path / "large.optiviz")
    with pytest.raises(ValueError, match=r"^a scene file has at most 100 runs, not 101$"):
        scene_files.write(many, tmp_path / "many.optiviz")
    assert not names_in(tmp_path)
    scene_files.write(many.replace(runs=many.runs[1:]), tmp_path / "most.optiviz")
