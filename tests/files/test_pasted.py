"""Scenes and runs as text: what is copied can be pasted, even when a mail program was in between."""

import textwrap

import pytest

from optiviz import Run, Scene
from optiviz.files import scene_files
from optiviz.files.pasted import from_text, to_text
from optiviz.scene.first import first_scene

RUNS = [
    Run("adam", lr=0.05, schedule="exponential", k=0.01, label="Ädam, a “good” run of x>y"),
    Run(
        "gd", lr=1e-3, schedule="manual", knots=((7, 0.5), (13, 0.25)), color="#0072b2", label="by hand", visible=False
    ),
]
SCENE = Scene("rosenbrock", start=(-1.5, 2.0), steps=50, runs=RUNS, noise=0.25)


def test_scene():
    assert to_text(SCENE) == scene_files.to_json(SCENE)
    assert from_text(to_text(SCENE)) == SCENE


@pytest.mark.parametrize("runs", [RUNS, RUNS[:1], RUNS[1:], list(first_scene().runs)])
def test_runs(runs):
    assert from_text(to_text(runs)) == runs
    assert from_text(to_text(tuple(runs))) == runs


def test_one_run():
    text = to_text(RUNS[1])
    assert from_text(text) == RUNS[1:]
    assert text.startswith('{\n  "format": "optiviz.runs",\n  "version": 1,\n  "runs": [\n')


MAIL = "Hello,\n\nthis one > 3 others:\n\n{}\n\nBest wishes"
DAMAGE = {
    "nothing": str,
    "white space": lambda text: f"\n\t {text}\r\n \n",
    "a byte order mark": lambda text: "\ufeff" + text,
    "a fence": lambda text: f"```json\n{text}```\n",
    "words around it": MAIL.format,
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "old line ends": lambda text: text.replace("\n", "\r"),
    "quoting": lambda text: textwrap.indent(MAIL.format(text), "> ", lambda _: True),
    "quoting twice": lambda text: textwrap.indent(MAIL.format(text), ">> ", lambda _: True),
    "quoting, spaced": lambda text: textwrap.indent(text, " > > "),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "narrow spaces": lambda text: text.replace("  ", " \u202f"),
    "invisible characters": lambda text: text.replace(",", ",\u200b").replace(":", "\ufeff:"),
    "broken lines": lambda text: "\n".join(line for part in text.split("\n") for line in textwrap.wrap(part, 30)),
    "broken, flowed lines": lambda text: text.replace(" ", " \n"),
    "broken and quoted": lambda text: textwrap.indent(text.replace(" ", "\n"), "> "),
    "tabs": lambda text: text.replace("  ", "\t"),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_what_a_mail_does_to_it(how):
    damage = DAMAGE[how]
    assert from_text(damage(to_text(SCENE))) == SCENE
    assert from_text(damage(to_text(RUNS))) == RUNS


@pytest.mark.parametrize("marks", ["“”", "„“", "«»", "””"])
def test_what_a_word_processor_does_to_it(marks):
    scene = SCENE.replace(runs=[run.replace(label=f"run {n}") for n, run in enumerate(RUNS)])
    opening, closing = marks
    text = "".join(part + (opening, closing)[n % 2] for n, part in enumerate(to_text(scene).split('"')))
    for pasted in (text[:-1], textwrap.indent(text[:-1].replace(" ", "\u00a0"), "> ")):
        assert from_text(pasted) == scene


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "this text holds no scene and no run of OptiViz: they stand in braces"),
        ("adam lr=0.1", "this text holds no scene and no run of OptiViz: they stand in braces"),
        ("} {", "this text holds no scene and no run of OptiViz: they stand in braces"),
        ("{}", "format must be 'optiviz.scene', and there is none"),
        ('{"format": "optiviz.run"}', "format must be 'optiviz.scene', not 'optiviz.run'"),
        ("\n\n{ {", "this text holds no scene"),
        ("\n\n{ {\n}", "this is not JSON: expecting property name enclosed in double quotes in line 3, column 3"),
        ("Dear {name},\n{}", "this is not JSON: "),
        ('{"format": "optiviz.runs"}', "the scene lacks the field 'version'"),
        ('{"format": "optiviz.runs", "version": 1}', "the text lacks the field 'runs'"),
        ('{"format": "optiviz.runs", "version": 1, "runs": []}', "runs must be at least one, not []"),
        ('{"format": "optiviz.runs", "version": 1, "runs": {}}', "runs must be a list in brackets, not {}"),
        ('{"format": "optiviz.runs", "version": 1, "runs": [7]}', "runs[0] must be an object in braces, not 7"),
        (
            '{"format": "optiviz.runs", "version": 2, "runs": []}',
            "version 2 was made by a newer OptiViz; this one reads",
        ),
        ('{"format": "optiviz.runs", "version": 1, "runs": [], "runs": []}', "the scene has the field 'runs' twice"),
        ('{"format": "optiviz.runs", "version": 1, "rums": []}', "the text has no field 'rums'; did you mean 'runs'?"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "a scene is not nested that deeply"),
        ("{" * 300_001 + "}", "a scene has at most 300,000 values, and this text has more"),
        (" " * 10_000_001, "a scene has at most 10 MB"),
    ],
    ids=lambda value: value[:40],
)
def test_refusals(text, reason):
    with pytest.raises(ValueError, match=r"^\w") as caught:
        from_text(text)
    assert str(caught.value).startswith(reason)
    assert "\n" not in str(caught.value)
