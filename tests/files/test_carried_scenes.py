"""Scenes in pictures: PNG and SVG, with all that a picture from a stranger may hold."""

import struct
import zlib
from xml.etree import ElementTree as ET

import pytest

from optiviz import Run, Scene
from optiviz.files import scene_files, xml_text
from optiviz.files.png_text import SIGNATURE

SCENE = Scene("sphere", steps=9, runs=[Run("gd", lr=0.1, label='Ä, <b> & "c" ]]>')])
GOLDEN = scene_files.to_json(SCENE)


# --- PNG ---


def chunk(kind, content):
    return struct.pack(">I4s", len(content), kind) + content + struct.pack(">I", zlib.crc32(kind + content))


def picture(*chunks):
    return SIGNATURE + b"".join([chunk(b"IHDR", bytes(13)), chunk(b"IDAT", bytes(99)), *chunks, chunk(b"IEND", b"")])


KEY = b"optiviz.scene\0"
ASCII = GOLDEN.replace("Ä", "A").encode()


@pytest.mark.parametrize(
    "content",
    [
        chunk(b"tEXt", KEY + ASCII),
        chunk(b"tEXt", b"Software\0OptiViz") + chunk(b"zTXt", KEY + b"\0" + zlib.compress(ASCII)),
        chunk(b"iTXt", KEY + b"\0\0en\0scene\0" + GOLDEN.encode()),
        chunk(b"iTXt", KEY + b"\1\0\0\0" + zlib.compress(GOLDEN.encode())),
    ],
    ids=["tEXt", "zTXt", "iTXt", "packed iTXt"],
)
def test_scene_in_a_picture(tmp_path, content):
    path = tmp_path / "a.png"
    path.write_bytes(picture(content))
    scene = scene_files.read(path)
    assert scene == SCENE or scene.runs[0].label == SCENE.runs[0].label.replace("Ä", "A")
    assert scene_files.read_tolerant(path).scene == scene


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (picture(), "this picture carries no OptiViz scene"),
        (SIGNATURE, "this picture carries no OptiViz scene"),
        (picture()[:60], "this picture carries no OptiViz scene"),
        (picture(chunk(b"tEXt", b"optiviz\0{}")), "this picture carries no OptiViz scene"),
        (picture(chunk(b"tEXt", KEY + b"{}")), "format must be 'optiviz.scene', and there is none"),
        (picture(chunk(b"tEXt", KEY + b"{}")).replace(b"{}", b"[]"), "this picture is damaged"),
        (picture(chunk(b"tEXt", KEY + ASCII))[:-200], "this picture is damaged"),
        (picture(chunk(b"zTXt", KEY + b"\0nonsense")), "this picture is damaged"),
        (picture(chunk(b"zTXt", KEY)), "this is not JSON"),
        (picture(chunk(b"iTXt", KEY + b"\0\0\0\0" + b"\xff")), "this is not UTF-8"),
        (
            picture(chunk(b"zTXt", KEY + b"\0" + zlib.compress(bytes(scene_files.LARGEST + 1)))),
            "this picture carries a text that is too long for a scene",
        ),
        (SIGNATURE + b"\xff\xff\xff\xffzTXt" + KEY, "this picture carries a text that is too long for a scene"),
        (SIGNATURE + b"\xff\xff\xff\xffzTXt", "this picture carries no OptiViz scene"),
        (SIGNATURE + chunk(b"IDAT", b"") * 200_001, "this picture carries no OptiViz scene"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_pictures_without_a_scene(tmp_path, content, reason):
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"^a.png: {reason}"):
        scene_files.read(path)


def test_is_picture(tmp_path):
    path = tmp_path / "a.optiviz"
    assert not scene_files.is_picture(path)
    assert not scene_files.is_picture(tmp_path)
    for content in (SIGNATURE + b"rest", b"<svg>", b"\xef\xbb\xbf\n <?xml"):
        path.write_bytes(content)
        assert scene_files.is_picture(path)
    for content in (SIGNATURE[:3], b"", GOLDEN.encode()):
        path.write_bytes(content)
        assert not scene_files.is_picture(path)


# --- SVG ---

DRAWING = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- made by hand -->
<svg width="10mm" viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg" data-a='>'>
<title>A > B</title>
<g><path d="M0 0L9 9"/></g>
</svg>
"""


def read_svg(folder, text):
    path = folder / "a.svg"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return scene_files.read(path)


def test_scene_in_a_drawing(tmp_path):
    carrying = xml_text.embedded(DRAWING, GOLDEN)
    assert read_svg(tmp_path, carrying) == SCENE
    assert read_svg(tmp_path, "\ufeff \n" + carrying.partition("?>")[2]) == SCENE
    assert scene_files.read_tolerant(tmp_path / "a.svg") == scene_files.Opened(SCENE)
    root = ET.fromstring(carrying)  # still a drawing, for others too
    assert root[0].tag == "{http://www.w3.org/2000/svg}metadata"
    assert root[0][0].text == GOLDEN
    assert [child.tag.rpartition("}")[2] for child in root[1:]] == ["title", "g"]


def test_scene_survives_another_program(tmp_path):
    root = ET.fromstring(xml_text.embedded(DRAWING, GOLDEN))
    root.append(root[0])
    root.remove(root[0])
    again = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    assert b":optiviz-scene" in again  # with a prefix of its own
    assert read_svg(tmp_path, again) == SCENE


def test_name_of_the_file_says_nothing(tmp_path):
    path = tmp_path / "a.png"
    path.write_text(xml_text.embedded(DRAWING, GOLDEN), encoding="utf-8")
    assert scene_files.read(path) == SCENE
    path.write_text(GOLDEN, encoding="utf-8")
    assert scene_files.read(path) == SCENE


def test_scene_is_found_at_the_beginning_of_a_large_drawing(tmp_path):
    large = DRAWING.replace("M0 0", "M0 0" + "L1.25 3.5" * 1_500_000)
    assert read_svg(tmp_path, xml_text.embedded(large, GOLDEN)) == SCENE
    with pytest.raises(ValueError, match=r"^a\.svg: this picture carries no OptiViz scene$"):
        read_svg(tmp_path, large)


def test_what_follows_the_scene_is_not_read(tmp_path):
    carrying = xml_text.embedded(DRAWING, GOLDEN)
    assert read_svg(tmp_path, carrying[: carrying.index("</optiviz-scene>") + 20]) == SCENE


BOMB = "<!DOCTYPE svg [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {name} '{f'&{inner};' * 50}'>" for name, inner in zip("bcdefgh", "abcdefg", strict=True)
)
SECRET = "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>"
OWN = "this picture declares a document type of its own, which may do harm, and is not read"
NONE = "this picture carries no OptiViz scene"


def carrying(content):
    return f"<svg><metadata>{content}</metadata></svg>"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (DRAWING, NONE),
        ("<svg/>", NONE),
        ("<html><body/></html>", "this is neither a scene nor an SVG picture: it begins with 'html'"),
        (f"<{'x' * 10_000}/>", "this is neither a scene nor an SVG picture: it begins with 'xxxx"),
        ("<", "this picture is damaged: unclosed token in line 1"),
        ("<svg>\n</gvs>", "this picture is damaged: mismatched tag in line 2"),
        ("<svg>\0</svg>", "this picture is damaged: not well-formed (invalid token) in line 1"),
        (b"<svg>\xff</svg>", "this picture is damaged: not well-formed (invalid token) in line 1"),
        (carrying("<optiviz-scene>{}"), "this picture is damaged: mismatched tag in line 1"),
        (carrying("<optiviz-scene/>"), "this is not JSON: expecting value in line 1, column 1"),
        (carrying("<optiviz-scene>{}</optiviz-scene>"), "format must be 'optiviz.scene', and there is none"),
        (carrying("<optiviz-scene>&a;</optiviz-scene>"), "this picture is damaged: undefined entity in line 1"),
        (f"{BOMB}]>{carrying('<optiviz-scene>&h;</optiviz-scene>')}", OWN),
        (f"{SECRET}]>{carrying('<optiviz-scene>&a;</optiviz-scene>')}", OWN),
        ("<!DOCTYPE svg [<!ATTLIST a b CDATA 'long'>]><svg/>", OWN),
        ("<!DOCTYPE svg [<!ENTITY % a SYSTEM 'http://127.0.0.1:9/'> %a;]><svg/>", OWN),
        ("<!DOCTYPE svg SYSTEM 'http://127.0.0.1:9/a.dtd'><svg>&b;</svg>", NONE),
        ("<svg>" + "<a>" * 600, f"{NONE} among its first 500 elements"),
        ("<svg>" + "<a/>" * 300_000, f"{NONE} among its first 300,000 elements"),
        (carrying(f"<optiviz-scene>{'x' * 9_999_990}</optiviz-scene>"), NONE),
    ],
    ids=lambda text: str(text[:30]),
)
def test_drawings_without_a_scene(tmp_path, text, reason):
    with pytest.raises(ValueError, match=r"^a") as caught:
        read_svg(tmp_path, text)
    assert str(caught.value).removeprefix("a.svg: ").startswith(reason)
    assert str(caught.value).isprintable()


def test_text_in_a_drawing_has_its_limit():
    with pytest.raises(ValueError, match="this picture carries a text that is too long for a scene"):
        xml_text.find_text(carrying("<optiviz-scene>12345</optiviz-scene>").encode(), 4)


@pytest.mark.parametrize("text", ["", "<svg/>", "<svg", "no drawing", "<svgx></svgx>"])
def test_what_is_no_drawing_takes_no_scene(text):
    with pytest.raises(ValueError, match="this is no SVG picture that a scene could be put into"):
        xml_text.embedded(text, GOLDEN)


def test_metadata_of_a_pdf_is_xml_with_the_scene():
    packet = xml_text.xmp(GOLDEN)
    assert packet.startswith("<?xpacket begin=")
    description = ET.fromstring(packet.partition("?>")[2].rpartition("<?")[0])[0][0]
    assert description.find(f"{{{xml_text.NAMESPACE}}}scene").text == GOLDEN
