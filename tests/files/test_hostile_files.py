"""Files that nobody sane would write, thousands of them: each is a scene or one clear sentence, and soon.

With OPTIVIZ_EXAMPLES=thorough (see tests/conftest.py) it is a search for the night.
"""

import io
import json
import struct
import time
import zlib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optiviz import Run, Scene
from optiviz.engine.optimizers import LR, OPTIMIZERS
from optiviz.engine.params import MOST_KNOTS
from optiviz.engine.schedules import SCHEDULES
from optiviz.engine.surfaces import SURFACES
from optiviz.files import scene_files, xml_text
from optiviz.files.autosave import contents_of
from optiviz.files.newer import TooNewError, open_text
from optiviz.files.pasted import from_text
from optiviz.files.png_text import SIGNATURE
from optiviz.files.scene_files import from_json
from optiviz.files.scene_json import MOST_RUNS
from optiviz.scene.run import VISIBLE
from optiviz.scene.scene import NOISE, SEED, STEPS, STEPS_PER_EPOCH
from optiviz.scene.view import PLACE, VIEW, Place, View

# Of work, for what takes some hundredths: a busy machine is not that slow, and what grows with the square of a text's
# length takes minutes.
SECONDS = 10.0
SCENE = Scene(
    "rosenbrock",
    surface_params={"a": 1.5},
    start=(-1.5, 2.0),
    steps=50,
    steps_per_epoch=10,
    noise=0.25,
    seed=7,
    runs=[
        Run("adam", lr=0.05, schedule="exponential", k=0.02, label="Ädam", eps_inside=False, visible=False),
        Run("gd", lr=1.0, schedule="manual", knots=((7, 0.5), (13, 0.25))),
    ],
    view=View(third="gap", overlay_scale=2.0),
    place=Place(loop=True, cursor=3, window=(-2, 2, -1, 3)),
)
TEXT = scene_files.to_json(SCENE)
DATA = Path(__file__).parent.parent / "data" / "scenes"
NEWER = (DATA / "newer.optiviz").read_bytes()


def chunk(kind, content):
    return struct.pack(">I4s", len(content), kind) + content + struct.pack(">I", zlib.crc32(kind + content))


def png(*chunks):
    return SIGNATURE + b"".join([chunk(b"IHDR", bytes(13)), *chunks, chunk(b"IDAT", bytes(9)), chunk(b"IEND", b"")])


KEY = b"optiviz.scene\0"
SVG = xml_text.embedded('<svg xmlns="http://www.w3.org/2000/svg"><g><path d="M0 0"/></g></svg>', TEXT).encode()
CONTENTS = {
    "scene": TEXT.encode(),
    "newer": NEWER,
    "plain PNG": png(chunk(b"iTXt", KEY + b"\0\0\0\0" + TEXT.encode())),
    "packed PNG": png(chunk(b"iTXt", KEY + b"\1\0\0\0" + zlib.compress(TEXT.encode()))),
    "SVG": SVG,
}


def ends_well(read):
    """What is read, or the one sentence that refuses it; in time."""
    began = time.thread_time()
    try:
        result = read()
    except (ValueError, OSError) as error:
        result = error
    assert time.thread_time() - began < SECONDS
    if not isinstance(result, Exception):
        return result
    assert type(result) in (ValueError, OSError, TooNewError)
    message = str(result)
    assert message.isprintable()
    assert 10 < len(message) < 1_000
    return message


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("hostile") / "a.optiviz"


def read_all_ways(file, content):
    file.write_bytes(content)
    scene = ends_well(lambda: scene_files.read(file))
    opened = ends_well(lambda: scene_files.read_tolerant(file))
    if isinstance(scene, Scene):
        assert opened == scene_files.Opened(scene)
        assert from_json(scene_files.to_json(scene)) == scene
    elif isinstance(opened, scene_files.Opened):
        again = scene_files.encoded(opened.scene, opened.foreign).decode()
        assert open_text(again).scene == opened.scene
    ends_well(lambda: scene_files.read_stream(io.BytesIO(content)))


def edits(size):
    """Some changes to a content of that many bytes: where, how many bytes go, what comes instead."""
    pieces = st.one_of(
        st.binary(max_size=4),
        st.sampled_from(
            [b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\\ud800", b"\xed\xa0\x80", b"\0", b"<", b"&", b"]]>"]
        ),
        st.sampled_from([b"NaN", b"-Infinity", b"1e400", b"null", b"true", b"-", b"0x10", "١٢".encode(), b"1_000"]),
    )
    return st.lists(st.tuples(st.integers(0, size), st.sampled_from([0, 1, 1, 2, 20, 10**6]), pieces), max_size=4)


def edited(content, changes):
    for place, gone, piece in changes:
        content = content[:place] + piece + content[place + gone :]
    return content


@pytest.mark.parametrize("kind", CONTENTS)
def test_changed_bytes(file, kind):
    content = CONTENTS[kind]

    @given(edits(len(content)))
    def check(changes):
        read_all_ways(file, edited(content, changes))

    check()


@pytest.mark.parametrize("kind", CONTENTS)
def test_every_truncated_file(file, kind):
    content = CONTENTS[kind]
    for length in range(len(content)):
        found = ends_well(lambda length=length: scene_files.read_stream(io.BytesIO(content[:length])))
        assert isinstance(found, str) or found == SCENE  # the last bytes may be a line end, or the rest of a drawing


def packed(text, kind, repair):
    """A picture with the text in it; `repair` makes what is wrong in the text the only thing that is wrong."""
    content = {
        b"tEXt": text,
        b"zTXt": b"\0" + zlib.compress(text),
        b"iTXt": b"\1\0\0\0" + zlib.compress(text),
    }[kind]
    made = chunk(kind, KEY + content)
    return png(made if repair else made[:-1])


@given(edits(len(TEXT)), st.sampled_from([b"tEXt", b"zTXt", b"iTXt"]), st.booleans())
def test_changed_texts_in_whole_pictures(file, changes, kind, repair):
    text = edited(TEXT.encode(), changes)
    read_all_ways(file, packed(text, kind, repair))


# --- values ---

CONTENT = json.loads(TEXT)


def places(value, way=()):
    """The ways to all values in a content."""
    yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in inner:
        yield from places(item, (*way, name))


def kind_of(way):
    """The way without its numbers but the last: what is true of the first run's rate is true of the second's."""
    return *("a number" if isinstance(name, int) else name for name in way[:-1]), way[-1]


PLACES = list({kind_of(way): way for way in places(CONTENT) if way}.values())
TOKENS = [
    *("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "-0", "-0.0", "0", "-1", "0.5", "2", "1e308"),
    *("9" * 19, "9" * 400, "-" + "9" * 5_000, "0." + "9" * 5_000, "1" + "0" * 99, "5e-324", "9223372036854775808"),
    *("true", "false", "null", "[]", "{}", "[[]]", '{"a": 1}', "[null]", '[1, "2"]', '{"key": "sphere"}', '{"": {}}'),
    *("[" * depth + "]" * depth for depth in (10, 100, 900, 100_000)),
    *('{"a":' * depth + "1" + "}" * depth for depth in (10, 100, 900, 100_000)),
    *(
        '""',
        '" "',
        '"1"',
        '"nan"',
        '"adam"',
        '"١٢"',
        '"１２"',
        '"−1"',
        '"1_000"',
        '"0x10"',
        '"1e400"',
        '"#12345"',
        '"#١٢٣٤٥٦"',
    ),
    *(
        json.dumps(text)
        for text in ("\0", "\n", "\x1b[31m", "\ud800", "\udfff\ud800", "\u202e", "\U0010ffff", "é" * 100)
    ),
    *('"' + "x" * length + '"' for length in (100, 101, 100_000, 1_000_000)),
    "[" + "1," * 50_000 + "1]",
    "[" + "[0, 1]," * MOST_KNOTS + "[0, 1]]",
    "[" + '{"optimizer": "gd", "lr": 1}, ' * MOST_RUNS + '{"optimizer": "gd", "lr": 1}]',
]
tokens = st.one_of(
    st.sampled_from(TOKENS),
    st.floats(allow_nan=True).map(json.dumps),
    st.integers().map(str),
    st.text(max_size=120).map(json.dumps),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
    ).map(json.dumps),
)


@cache
def with_gap(way):
    content = json.loads(TEXT)
    *path, last = way
    place = content
    for name in path:
        place = place[name]
    place[last] = "TOKEN"
    return json.dumps(content, ensure_ascii=False)


def with_token(way, token):
    """The text of the scene with the value at the end of the way replaced."""
    return with_gap(way).replace('"TOKEN"', token)


@given(st.sampled_from(PLACES), tokens)
def test_changed_values(way, token):
    text = with_token(way, token)
    found = ends_well(lambda: from_json(text))
    if isinstance(found, str):
        # The field, or the one around it: what is wrong with a list is said of the list.
        assert found.startswith(("a scene", "version", "steps times")) or any(str(part) in found for part in way), found
        assert " must " in found or " has " in found or " lacks " in found or " not " in found or " was made " in found
    else:
        assert from_json(scene_files.to_json(found)) == found


def opens_well(text):
    """The text as that of a newer version: what is opened can be written again."""
    opened = ends_well(lambda: open_text(text.replace('"version": 1', '"version": 2')))
    if isinstance(opened, scene_files.Opened):
        ends_well(lambda: scene_files.encoded(opened.scene, opened.foreign))


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: ascii(token[:12]))
def test_every_bad_value_at_every_place(token):
    large = len(token) >= 1_000
    for way in (("runs",), ("runs", 0, "label"), ("x",)) if large else PLACES:
        text = with_token(way, token)
        ends_well(lambda text=text: from_json(text))
    # What a newer file's value is matters to how it is kept, which is the same everywhere.
    for way in (("x",), ("runs",), ("runs", 0, "x"), ("view", "x"), ("view", "third"))[: 2 if large else 5]:
        opens_well(with_token(way, token))


def test_bad_values_at_every_place_of_a_newer_file():
    for way in PLACES:
        for token in ("NaN", "1e400", "-1", "true", "null", "{}", '[1, "2"]', '"nan"', "9" * 400):
            opens_well(with_token(way, token))


def scene_with(**fields):
    return {"format": "optiviz.scene", "version": 1, "surface": {"key": "sphere"}, "steps": 3, "runs": []} | fields


def run_with(key="gd", **fields):
    return scene_with(runs=[{"optimizer": key, "lr": 0.1} | fields])


# Every declared parameter, and a scene that has it, with "TOKEN" in its place.
DECLARED = [
    *((p, run_with(o.key, params={p.name: "TOKEN"})) for o in OPTIMIZERS.values() for p in o.params),
    *(
        (p, run_with(schedule={"key": s.key, "params": {p.name: "TOKEN"}}))
        for s in SCHEDULES.values()
        for p in s.params
    ),
    *(
        (p, scene_with(surface={"key": s.key, "params": {p.name: "TOKEN"}}))
        for s in SURFACES.values()
        for p in s.params
    ),
    *((p, scene_with(**{p.name: "TOKEN"})) for p in (STEPS, STEPS_PER_EPOCH, NOISE, SEED)),
    *((p, scene_with(view={p.name: "TOKEN"})) for p in (*PLACE, *VIEW.values())),
    *((p, run_with(**{p.name: "TOKEN"})) for p in (LR, VISIBLE)),
]


def with_value(content, token):
    return json.dumps(content).replace('"TOKEN"', token)


@pytest.mark.parametrize("kind", "real whole flag choice knots".split())
def test_every_bad_value_of_every_kind_of_parameter(kind):
    param, content = next((param, content) for param, content in DECLARED if param.kind == kind)
    for token in (token for token in TOKENS if len(token) < 10_000):
        found = ends_well(lambda token=token: from_json(with_value(content, token)))
        if isinstance(found, str) and "nested" not in found:
            assert f"{param.name} must be {param.allowed}, not " in found


def test_every_declared_parameter_is_asked():
    """By a value that its own check alone refuses."""
    for param, content in DECLARED:
        bounded = param.kind in ("real", "whole") and abs(param.low) < 1e300
        token = {"real": "1e400", "whole": "0.5", "flag": "1", "choice": '"?"', "knots": "[[3, -1]]"}[param.kind]
        text = with_value(content, str(param.low - 1) if bounded else token)
        assert f"{param.name} must be {param.allowed}, not " in str(ends_well(lambda text=text: from_json(text))), text


@given(edits(len(TEXT)), st.text(max_size=20), st.sampled_from(["", "> ", ">> ", "\u00a0"]))
def test_changed_pasted_texts(changes, around, quoting):
    text = edited(TEXT.encode(), changes).decode("utf-8", "replace")
    pasted = around + "".join(f"{quoting}{line}\r\n" for line in text.splitlines()) + around
    found = ends_well(lambda: from_text(pasted))
    assert isinstance(found, Scene | list | str)


@given(edits(len(TEXT)))
def test_changed_slots(changes):
    ends_well(lambda: contents_of(edited(b'{"path": "a"}\n' + TEXT.encode(), changes)))
