"""Pictures as files: what is in a PNG, an SVG and a PDF of a scene, without a window."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from optiviz import Run, simulate
from optiviz.files import scene_files
from optiviz.pictures.figure import figure
from optiviz.pictures.look import THEME, VIEW, Look, Size, parse_size
from optiviz.pictures.writing import encoded, save_picture
from optiviz.widgets import style_sheet
from optiviz.widgets import theme as themes

LABEL = "a <b> & \"c\" 'd' ]]> α₀ 梯"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def scene(qapp, small):
    if not qapp.property(style_sheet.STYLED):
        style_sheet.apply(qapp, themes.LIGHT)
    runs = (Run("adam", lr=0.05, label=LABEL, color="#d55e00"), Run("momentum", lr=2e-4, color="#0072b2"))
    return small(runs=runs)


@pytest.fixture(scope="module")
def drawn():
    """What has been made already: many tests look at the same picture."""
    return {}


@pytest.fixture
def make(scene, drawn):
    """Makes files: `make("svg", view="loss", size="column", theme="print")`; without a kind, an image.

    `fresh` makes one that has been made before anew.
    """

    def make(kind=None, *, view="contours", size="640x480", theme="light", step=60, of=scene, selected=0, fresh=False):
        size = size if isinstance(size, Size) else parse_size(size, view)
        key = (kind, view, size, theme, step, of, selected)
        if fresh or key not in drawn:
            with figure(of, simulate(of), Look(view, size, theme), selected=selected) as made:
                made.show_step(step)
                drawn[key] = made.image() if kind is None else encoded(kind, made)
        return drawn[key]

    return make


def pixels(image):
    """Rows of red, green and blue."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return rows[:, :, 2::-1].astype(np.int16)


def rendered(svg, width, height):
    """What Qt makes of an SVG."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFF00FF)
    renderer = QSvgRenderer(QByteArray(svg))
    assert renderer.isValid()
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def has(image, color, least=1):
    rgb = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return int((np.abs(pixels(image) - rgb).max(axis=2) <= 2).sum()) >= least


# Any view, theme and size


@pytest.mark.parametrize("view", VIEW.options)
def test_every_view(make, scene, view):
    image = make(view=view)
    assert (image.width(), image.height()) == (640, 480)
    shown = scene.runs[1:] if view == "gap" else scene.runs  # the first run has no gap to itself
    assert all(has(image, run.color, 10) for run in shown)


@pytest.mark.parametrize("theme", THEME.options)
@pytest.mark.parametrize("view", ["dashboard", "loss"])
def test_themes(make, view, theme):
    image = make(view=view, theme=theme)
    colors = themes.PICTURE_THEMES[theme]
    assert has(image, colors.card, 1000)
    assert bool(pixels(image).mean() > 128) is (theme != "dark")
    corner = image.pixelColor(1, 1).name()
    assert corner == (colors.ground if view == "dashboard" else colors.card)
    if theme == "print":
        assert corner == "#ffffff"
        assert has(image, "#000000", 10)


def test_the_screens_theme_does_not_matter(make, qapp):
    light = pixels(make(view="dashboard"))
    style_sheet.apply(qapp, themes.DARK)
    try:
        assert (pixels(make(view="dashboard", fresh=True)) == light).all()
    finally:
        style_sheet.apply(qapp, themes.LIGHT)


ALL_SIZES = ("640x360", "1920x1080", "300x900", "100x100", "column", "page")
SIZES = {"dashboard": ALL_SIZES, "contours": ALL_SIZES, "rate": ("640x360", "100x100", "column")}


@pytest.mark.parametrize(("view", "text"), [(view, text) for view, texts in SIZES.items() for text in texts])
def test_sizes(make, view, text):
    image = make(view=view, size=text)
    assert (image.width(), image.height()) == parse_size(text, view).pixels
    assert has(image, "#d55e00")


def test_large_pictures_have_large_type_and_are_sharp(make):
    """Twice as many pixels are the same picture, twice as fine."""
    small, large = make(size=Size(640, 480, scale=1.0)), make(size=Size(1280, 960, scale=2.0))
    shrunk = pixels(large).reshape(480, 2, 640, 2, 3).mean(axis=(1, 3))
    assert np.abs(shrunk - pixels(small)).mean() < 2
    blurred = pixels(small).repeat(2, axis=0).repeat(2, axis=1)
    edges = [np.abs(np.diff(values, axis=1)).max(axis=2) for values in (pixels(large), blurred)]
    assert np.abs(pixels(large) - blurred).mean() > 0.5
    assert (edges[0] > 60).sum() > 1.2 * (edges[1][:, 1::2] > 60).sum()


def test_labels_of_axes_are_whole(make):
    """Nothing is cut off at the edges of a picture, whatever its height is."""
    for height in (470, 471, 472, 473):
        values = pixels(make(view="rate", size=Size(640, height, scale=1.0)))
        assert (values[0] == values[0, 0]).all()
        assert (values[-1] == values[0, 0]).all()
        assert (values[:, -1] == values[0, 0]).all()


def test_many_runs_have_a_key_that_ends(make, small):
    runs = [Run("gd", lr=1e-4, label=f"a run with a long name {i}") for i in range(60)]
    assert has(make(view="loss", size="640x640", of=small(runs=runs)), runs[0].color or "#e69f00")


def test_no_runs_at_all(make, small):
    for view in ("dashboard", "contours", "loss"):
        assert make(view=view, of=small(runs=[])).width() == 640


def test_overlays_are_the_selected_runs(make, scene):
    view = scene.view.replace(show_gradient=True)
    first, second = (make(of=scene.replace(view=view), step=5, selected=i) for i in (0, 1))
    assert (pixels(first) != pixels(second)).any()


def test_arithmetic_takes_the_place_of_the_curves(make, scene):
    arithmetic = scene.replace(view=scene.view.replace(arithmetic=True))
    for size in ("1280x720", "column"):
        both = [make(view="dashboard", size=size, of=of) for of in (scene, arithmetic)]
        assert (pixels(both[0]) != pixels(both[1])).mean() > 0.02


def test_type_is_as_large_as_on_a_desk_while_the_window_presents(make):
    plain = pixels(make())
    themes.set_scale(1.6)
    try:
        assert (pixels(make(fresh=True)) == plain).all()
        assert themes.px(1.0) == 1.6
    finally:
        themes.set_scale(1.0)


# Files


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_pictures_open_again(scene, tmp_path, kind):
    path = tmp_path / f"picture.{kind}"
    save_picture(path, kind, scene, simulate(scene), Look("contours", parse_size("column", "contours")))
    assert scene_files.read(path) == scene


def test_pdf_carries_the_scene_in_its_metadata(make, scene, pdf):
    metadata = pdf.PdfReader(io.BytesIO(make("pdf"))).trailer["/Root"]["/Metadata"].get_data()
    (element,) = (e for e in ET.fromstring(metadata).iter() if e.tag.endswith("}scene"))
    assert scene_files.from_json(element.text) == scene


def test_pngs_of_a_paper_say_how_large_they_are(make):
    image = QImage.fromData(make("png", size="85x60mm"))
    assert (image.width(), image.height()) == (1004, 708)
    assert image.dotsPerMeterX() / 1000 * 85 == pytest.approx(1004, abs=1)


@pytest.mark.parametrize(
    ("view", "theme"),
    [("dashboard", "light"), ("dashboard", "dark"), ("contours", "dark"), ("loss", "light"), ("distance", "light")],
)
def test_svg_looks_like_the_picture(make, view, theme):
    svg = make("svg", view=view, theme=theme)
    drawn, picture = pixels(rendered(svg, 640, 480)), pixels(make(view=view, theme=theme))
    assert np.abs(drawn - picture).mean() < 4


def test_svg_needs_no_font_and_no_reader_that_knows_all(make):
    root = ET.fromstring(make("svg", view="dashboard", size="page"))
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert "text" not in names
    assert {"path", "image", "clipPath", "title"} <= names
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("font") or name == "vector-effect"]


def test_svg_has_its_size_and_says_what_it_shows(make, scene):
    root = ET.fromstring(make("svg", size="85x60mm"))
    assert (root.get("width"), root.get("height")) == ("85mm", "60mm")
    width = float(root.get("viewBox").split()[2])
    assert 12 * 85 / width / 25.4 * 72 == pytest.approx(8, rel=0.01)  # plain type of 12 units is 8 points high
    assert root.findtext(f"{SVG}title") == f"{LABEL}, Momentum on Rosenbrock"
    root = ET.fromstring(make("svg", size="1920x1080"))
    assert (root.get("width"), root.get("height")) == ("1920px", "1080px")


def test_lines_are_shapes(make, scene):
    """The paths of the runs, their halo, the contours and the labels can be enlarged."""
    text = make("svg").decode()
    strokes = re.findall(r'stroke="(#[0-9a-f]{6})"', text)
    for color in (scene.runs[0].color, scene.runs[1].color, themes.LIGHT.contour, themes.LIGHT.card):
        assert color in strokes
    assert text.count("<image") <= 2  # the surface's colours, and their scale


def test_a_curve_up_to_the_cursor_has_a_faint_rest(make):
    faint = re.compile(r'opacity="0\.35"\s*>\s*<path[^>]* d="M')
    half, whole = make("svg", view="loss", step=30).decode(), make("svg", view="loss", step=60).decode()
    assert faint.search(half)
    assert not faint.search(whole)
    assert ' d=""' not in whole  # which some readers draw as a dot


@pytest.fixture
def pdf():
    return pytest.importorskip("pypdf")


@pytest.mark.parametrize(("view", "words"), [("loss", ["Loss", "f(xₜ)", "60"]), ("contours", ["loss", "−0.5", "2.5"])])
def test_text_in_pdf_is_text(make, pdf, view, words):
    page = pdf.PdfReader(io.BytesIO(make("pdf", view=view, size="column"))).pages[0]
    text = page.extract_text()
    for word in (*words, "Momentum"):
        assert word in text


def test_pdf_embeds_its_fonts_and_has_its_size(make, pdf):
    reader = pdf.PdfReader(io.BytesIO(make("pdf", size="85x60mm")))
    (page,) = reader.pages
    assert [float(side) / 72 * 25.4 for side in page.mediabox[2:]] == pytest.approx([85, 60], abs=0.2)
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        (descendant,) = font["/DescendantFonts"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descendant.get_object()["/FontDescriptor"])
    assert reader.metadata.title.endswith("Momentum on Rosenbrock")
    assert reader.metadata.creator.startswith("OptiViz")
    page = pdf.PdfReader(io.BytesIO(make("pdf", size="1920x1080"))).pages[0]
    assert [float(side) for side in page.mediabox[2:]] == [1440, 810]


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_long_noisy_runs_stay_small(make, small, kind):
    runs = [Run("gd", lr=1e-4 * (1 + i / 10)) for i in range(10)]
    scene = small(runs=runs, steps=3000)
    assert len(make(kind, view="dashboard", size="1280x720", of=scene, step=3000)) < 700_000


def test_nothing_is_left_on_the_screen(make, qapp):
    before = [widget for widget in qapp.topLevelWidgets() if widget.isVisible()]
    make(view="dashboard", fresh=True)
    assert [widget for widget in qapp.topLevelWidgets() if widget.isVisible()] == before


def test_thumbnails(scene):
    with figure(scene, simulate(scene), Look("contours", Size(1920, 1080))) as made:
        made.show_step(60)
        image = made.thumbnail(320, 240, 2.0)
    assert (image.width(), image.height()) == (640, 360)
    assert image.devicePixelRatio() == 2.0
    assert image.rect() == QRect(0, 0, 640, 360)
    assert has(image, "#0072b2")
