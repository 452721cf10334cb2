"""The help's section about scene files, as HTML: what stands in them, what carries them, and their limits."""

from __future__ import annotations

import html
from collections.abc import Iterable

from ..engine.optimizers import LR
from ..engine.params import MOST_KNOTS, Param
from ..scene.run import LONGEST_LABEL, VISIBLE, Run
from ..scene.scene import MOST_ROWS, NOISE, SEED, STEPS, STEPS_PER_EPOCH, Scene
from ..scene.view import PLACE, VIEW
from .json_text import LARGEST, MOST_VALUES
from .pasted import RUNS, to_text
from .scene_json import FORMAT, MOST_RUNS, VERSION, to_json
from .xml_text import TAG

NEEDED = (STEPS, LR)
TITLE, ANCHOR = "The file format", "file-format"
EXAMPLE = Scene(
    "rosenbrock",
    start=(-1.5, 2.0),
    steps=500,
    runs=[Run("adagrad", lr=0.6, schedule="exponential", k=0.01), Run("momentum", lr=2e-4, label="heavy ball")],
)


def section() -> str:
    """The section, with a heading of the first level and an anchor."""
    return f"""
        <h1><a name="{ANCHOR}"></a>{TITLE}</h1>
        <p>A scene file (<code>.optiviz</code>) is a text in JSON and UTF-8 that can be written by hand:</p>
        <pre>{html.escape(to_json(EXAMPLE))}</pre>
        <p>Needed are <code>format</code>, <code>version</code>, <code>surface</code> with its <code>key</code>,
        <code>steps</code>, and <code>runs</code>, of which each needs <code>optimizer</code> and <code>lr</code>. What
        is left out has its default value, the start that of the surface; a run without a label or a colour is given
        one. Anything else is refused, so that a typing mistake does not pass: an unknown field, one that comes twice,
        <code>true</code> or a text where a number belongs.</p>
        <h2>Fields of a scene</h2>
        {table([STEPS, STEPS_PER_EPOCH, NOISE, SEED])}
        <h2>Fields of a run</h2>
        {table([LR, VISIBLE])}
        <p><code>label</code> is a text of at most {LONGEST_LABEL} characters, and no two runs have the same;
        <code>color</code> is written <code>#rrggbb</code>. <code>params</code> are those of the optimizer,
        <code>schedule</code> has a <code>key</code> and <code>params</code> of its own; knots are pairs
        <code>[step, rate]</code>, at most {MOST_KNOTS:,} of them.</p>
        <h2>Fields of <code>view</code></h2>
        {table((*PLACE, *VIEW.values()))}
        <p><code>window</code> is the part of the plane shown: <code>[x least, x greatest, y least, y greatest]</code>.
        Nothing in <code>view</code> changes any number.</p>
        <h2>Versions</h2>
        <p>This is version {VERSION}. Every later OptiViz reads it. A file of a newer version is opened as far as it is
        understood: runs that are not are listed, take no part, and are kept at their places when the scene is saved,
        as is everything else that is unknown. <code>optiviz run</code> refuses such a file.</p>
        <h2>Scenes elsewhere</h2>
        <p>A PNG that OptiViz wrote carries its scene as a text called <code>{FORMAT}</code>, an SVG in the element
        <code>{TAG}</code> of its <code>metadata</code>. Both are opened like scene files; a file is what its content
        says, whatever its name.</p>
        <p>Copied as text, a scene is what its file would be, and runs alone are</p>
        <pre>{html.escape(to_text(EXAMPLE.runs[1]))}</pre>
        <p>(<code>"format": "{RUNS}"</code>). Quoting marks of a mail, broken lines, odd spaces and typographic
        quotation marks do no harm. <code>optiviz -</code> and <code>optiviz run --scene -</code> read such a text from
        standard input.</p>
        <h2>Limits</h2>
        <p>A scene file has at most {LARGEST // 1_000_000} MB, {MOST_VALUES:,} values and {MOST_RUNS:,} runs; steps
        times runs are at most {MOST_ROWS:,}. A file is written whole or not at all: if the disk is full or the program
        is killed, the older file is as it was.</p>
        """


def table(params: Iterable[Param]) -> str:
    """A row for each: name, default, and what it is."""
    return f"<table cellspacing='0' cellpadding='4'>{''.join(map(row, params))}</table>"


def row(param: Param) -> str:
    default = "needed" if param in NEEDED else param.format(param.default)
    allowed = param.allowed[0].upper() + param.allowed[1:]
    texts = (default, f"{param.help} {allowed}.")
    return f"<tr><td><code>{param.name}</code></td>{''.join(f'<td>{html.escape(text)}</td>' for text in texts)}</tr>"
