"""The help's section about the file format says what the program does."""

import html
import re

from optiviz.files import scene_files, scene_json
from optiviz.files.format_help import ANCHOR, EXAMPLE, TITLE, section
from optiviz.files.pasted import from_text


def test_examples_are_what_the_program_reads():
    scene, runs = (html.unescape(text) for text in re.findall(r"<pre>(.*?)</pre>", section(), re.DOTALL))
    assert scene_files.from_json(scene) == EXAMPLE
    assert from_text(runs) == [EXAMPLE.runs[1]]


def test_every_field_is_told():
    text = section()
    assert f'<h1><a name="{ANCHOR}"></a>{TITLE}</h1>' in text
    for name in (*scene_json.FIELDS, *scene_json.RUN_FIELDS, *scene_json.view_fields_known()):
        assert f"<code>{name}</code>" in text or f"&quot;{name}&quot;" in text, name


def test_limits_are_told():
    text = " ".join(section().split())
    assert "at most 10 MB, 300,000 values and 10,000 runs; steps times runs are at most 5,000,000" in text


def test_tags_are_closed():
    opened = re.findall(r"<(\w+)", section())
    assert sorted(opened) == sorted(re.findall(r"</(\w+)", section()))
