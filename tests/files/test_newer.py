"""Files of a newer OptiViz: what is understood is shown, the rest is named, kept, and written back at its place."""

import json
from pathlib import Path

import pytest

from optiviz import Run, Scene
from optiviz.files import scene_files
from optiviz.files.newer import open_text, text_of
from optiviz.files.scene_json import VERSION
from optiviz.scene.first import first_scene
from optiviz.scene.view import THIRD_CURVES, Place, View

NEWER = Path(__file__).parent.parent / "data" / "scenes" / "newer.optiviz"
TEXT = NEWER.read_text(encoding="utf-8")


def opened(**changes):
    """The newer file, with some of its fields changed, as it is opened."""
    return open_text(json.dumps(json.loads(TEXT) | changes))


def written(scene, foreign):
    return json.loads(text_of(scene, foreign))


def labels(scene, foreign):
    """Of the runs as they are written; their optimizer where they have none."""
    runs = written(scene, foreign)["runs"]
    return [run.get("label", run["optimizer"]) if isinstance(run, dict) else run for run in runs]


def test_what_is_understood_is_a_scene():
    scene = scene_files.read_tolerant(NEWER).scene
    assert scene == Scene(
        "rosenbrock",
        surface_params={"a": 1.0, "b": 100.0},
        start=(-1.5, 2.0),
        steps=50,
        noise=0.1,
        runs=[
            Run("adam", lr=0.05, schedule="exponential", k=0.01, label="Adam", color="#0072b2", visible=False),
            Run("momentum", lr=2e-4),
        ],
        place=Place(cursor=7),
    )


def test_the_rest_is_named():
    first, *rest = scene_files.read_tolerant(NEWER).messages
    assert first.startswith("This was made by a newer OptiViz (version 1000 of the format; this one knows version 1).")
    assert rest == [
        "the field 'animation'",
        "the field 'sound'",
        "the field 'view.zoom'",
        f"view.third must be one of {', '.join(THIRD_CURVES)}, not 'energy'",
        "the run 'Sophia': runs[0] has no field 'hessian'",
        "the run 'Restarts': runs[2].schedule 'cosine_restarts' is not known",
        "the run 'runs[3]': runs[3] has no field 'clip'",
        "the run 'Sparse': runs[5].params has no parameter 'beta3'",
        "the run 'runs[6]': runs[6] must be an object in braces, not 'a run of one word'",
    ]
    runs = scene_files.read_tolerant(NEWER).foreign.runs
    assert [(run.place, run.after, run.label) for run in runs] == [
        (0, 0, "Sophia"),
        (2, 1, "Restarts"),
        (3, 1, "runs[3]"),
        (5, 2, "Sparse"),
        (6, 2, "runs[6]"),
    ]


def test_unchanged_it_is_written_back_byte_for_byte(tmp_path):
    found = scene_files.read_tolerant(NEWER)
    scene_files.write(found.scene, tmp_path / "again.optiviz", foreign=found.foreign)
    assert (tmp_path / "again.optiviz").read_bytes() == NEWER.read_bytes()


def test_a_run_without_a_label_keeps_the_one_it_got():
    found = opened(runs=[{"optimizer": "gd", "lr": 1}, {"optimizer": "gd", "lr": 2}])
    (again,) = written(found.scene.replace(runs=found.scene.runs[1:]), found.foreign)["runs"]
    assert (again["label"], again["color"]) == ("Gradient descent 2", found.scene.runs[1].color)


def test_what_other_programs_wrote_is_kept_to_the_last_digit():
    text = json.dumps(json.loads(scene_files.to_json(first_scene())) | {"version": 2})
    text = text.replace('"noise": 0.0', '"noise": 0.00, "x": [1.0, 1e0, 1E+400, -0, 0.1000000000000000055511151231]')
    found = open_text(text)
    assert '"noise": 0.00,' in text_of(found.scene, found.foreign)
    assert '"x": [1.0, 1e0, 1E+400, -0, 0.1000000000000000055511151231]' in text_of(found.scene, found.foreign)


def test_edits_change_what_was_edited_and_nothing_else():
    scene, foreign = opened().scene, opened().foreign
    before = json.loads(TEXT)
    after = written(scene.replace(steps=60, start=(1, 1), surface_params={"a": 2.0}), foreign)
    assert after["surface"] == {"key": "rosenbrock", "params": {"a": 2.0, "b": 100.0}}
    assert (after["steps"], after["start"]) == (60, [1.0, 1.0])
    assert list(after) == list(before)
    assert "seed" not in after  # nobody touched it, and a newer version may call it something else
    rest = ("animation", "version", "noise", "view", "sound")
    assert {name: after[name] for name in rest} == {name: before[name] for name in rest}
    after = written(scene.replace(seed=7), foreign)
    assert after["seed"] == 7
    assert written(scene, foreign) == written(scene.replace(steps=60).replace(steps=50), foreign)


def test_view():
    scene, foreign = opened().scene, opened().foreign

    def view(**changes):
        place = {name: changes.pop(name) for name in ("cursor", "loop") if name in changes}
        changed = scene.replace(view=scene.view.replace(**changes), place=scene.place.replace(**place))
        return written(changed, foreign).get("view")

    assert view() == {"zoom": 2.5, "third": "energy", "cursor": 7, "loop": False}
    assert view(third="gap") == {"zoom": 2.5, "third": "gap", "cursor": 7, "loop": False}
    assert view(cursor=0) == {"zoom": 2.5, "third": "energy", "loop": False}
    assert view(loop=True, rest=True) == {"zoom": 2.5, "third": "energy", "cursor": 7, "loop": True, "rest": True}


@pytest.mark.parametrize("view", [..., ["a", "b"]], ids=repr)
def test_view_that_is_none(view):
    content = json.loads(TEXT)
    content.pop("view") if view is ... else content.update(view=view)
    found = open_text(json.dumps(content))
    assert (found.scene.view, found.scene.place) == (View(), Place())
    assert ("the view" in found.messages) == (view is not ...)
    assert written(found.scene, found.foreign).get("view", ...) == view


def test_runs_keep_their_places():
    scene, foreign = opened().scene, opened().foreign
    adam, momentum = scene.runs
    clip, word = "gd", "a run of one word"
    assert labels(scene, foreign) == ["Sophia", "Adam", "Restarts", clip, "Momentum", "Sparse", word]
    turned = scene.replace(runs=[momentum, adam])
    assert labels(turned, foreign) == ["Sophia", "Momentum", "Restarts", clip, "Adam", "Sparse", word]
    fewer = scene.replace(runs=[momentum])
    assert labels(fewer, foreign) == ["Sophia", "Momentum", "Restarts", clip, "Sparse", word]
    none = scene.replace(runs=[])
    assert labels(none, foreign) == ["Sophia", "Restarts", clip, "Sparse", word]
    more = scene.replace(runs=[*scene.runs, Run("lion", lr=0.1, label="Lion")])
    assert labels(more, foreign) == ["Sophia", "Adam", "Restarts", clip, "Momentum", "Sparse", word, "Lion"]
    edited = scene.replace(runs=[adam.replace(lr=0.5), momentum])
    assert written(edited, foreign)["runs"][1]["lr"] == 0.5
    for changed in (turned, fewer, none, more, edited):  # undo is the scene before, and writes what it wrote
        assert open_text(text_of(changed, foreign)).scene == changed
        assert text_of(scene, foreign) == text_of(opened().scene, opened().foreign)


def test_runs_that_are_not_understood_can_be_deleted():
    scene, foreign = opened().scene, opened().foreign
    fewer = foreign.without(foreign.runs[0]).without(foreign.runs[2])
    assert labels(scene, fewer) == ["Adam", "Restarts", "Momentum", "Sparse", "a run of one word"]
    assert labels(scene, foreign)[0] == "Sophia"
    assert hash(fewer) != hash(foreign)


def test_repeated_labels_are_not_written(tmp_path):
    scene, foreign = opened().scene, opened().foreign
    clash = scene.replace(runs=[scene.runs[0].replace(label="Sophia")])
    with pytest.raises(
        ValueError, match=r"^label must be another one than 'Sophia', which a run has that the file keeps"
    ):
        scene_files.write(clash, tmp_path / "a.optiviz", foreign=foreign)
    assert not list(tmp_path.iterdir())


def test_a_second_run_of_the_same_label_is_kept():
    runs = json.loads(TEXT)["runs"]
    found = opened(runs=[runs[1], runs[1]])
    assert [run.reason for run in found.foreign.runs] == ["runs[1].label is that of another run"]
    assert written(found.scene, found.foreign)["runs"] == [runs[1], runs[1]]


def test_a_newer_file_of_known_things_keeps_its_version():
    found = open_text(json.dumps(json.loads(scene_files.to_json(first_scene())) | {"version": 7}))
    assert found.scene == first_scene()
    assert found.messages == ("This was made by a newer OptiViz (version 7 of the format; this one knows version 1).",)
    assert written(found.scene, found.foreign)["version"] == 7


def test_messages_are_few_and_short():
    found = opened(runs=[{"optimizer": "x" * 500, "label": "y" * 500}] * 5_000, **{f"field{n}": n for n in range(9)})
    assert len(found.messages) == 12
    assert found.messages[-1] == "and 5,003 more"
    assert max(map(len, found.messages[1:])) <= 300
    assert all(message.isprintable() for message in found.messages)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"surface": {"key": "moebius"}}, "surface 'moebius' is not known; known are "),
        ({"surface": {"key": "sphere", "tilt": 1}}, "surface has no field 'tilt'"),
        ({"surface": {"key": "rosenbrock", "params": {"c": 1}}}, "surface.params has no parameter 'c'"),
        ({"steps": 2_000_000}, "steps must be a whole number from 1 to 1,000,000, not 2000000"),
        ({"noise": {"kind": "pink"}}, "noise must be a finite number at least 0"),
        ({"start": [[0, 0], [1, 1]]}, "start x must be a finite number, not [0, 0]"),
        ({"runs": {"first": {}}}, "runs must be a list in brackets, not {'first': {}}"),
        ({"runs": [{}] * 10_001}, "runs must be at most 10,000 in a file, not 10,001"),
        ({"deep": json.loads("[" * 60 + "]" * 60)}, "a scene is nested at most 50 levels deep"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(changes, reason):
    with pytest.raises(ValueError, match=r"^version 1000 was made by a newer OptiViz, and this one cannot") as caught:
        opened(**changes)
    assert str(caught.value).partition(" show it: ")[2].startswith(reason)
    assert str(caught.value).isprintable()


def test_a_name_that_comes_twice_could_not_be_kept():
    with pytest.raises(ValueError, match=r"an object has the field 'frames' twice$"):
        open_text(TEXT.replace('"frames"', '"frames": 1, "frames"'))


def test_this_version_stays_strict(tmp_path):
    path = tmp_path / "a.optiviz"
    path.write_text(TEXT.replace('"version": 1000', f'"version": {VERSION}'), encoding="utf-8")
    for read in (scene_files.read, scene_files.read_tolerant):
        with pytest.raises(ValueError, match=r"^a\.optiviz: the scene has no field 'animation'"):
            read(path)


def test_the_command_line_stays_strict():
    with pytest.raises(ValueError, match=r"^newer\.optiviz: version 1000 was made by a newer OptiViz; this one reads"):
        scene_files.read(NEWER)
