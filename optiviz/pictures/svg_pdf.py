"""Pictures as SVG and PDF: shapes that can be enlarged, with the scene inside.

In PDF text is text, its fonts embedded. In SVG text becomes outlines: few programs read fonts inside SVG, and
with another font the labels would not fit; so it looks the same in every browser, office program and paper.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QPageSize, QPainter, QPainterPath, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from ..files import scene_files, xml_text
from ..scene.scene import Scene
from ..version import __version__
from .figure import Figure
from .look import Size

PIXELS_PER_INCH = 96.0  # as style sheets count
PDF_RESOLUTION = 1200  # dots to an inch: where Qt rounds
EM = 1000  # outlines are written in thousandths of the type's size

TEXT = re.compile(r"<text ([^>]*?)\s*>(.*?)</text>", re.DOTALL)
ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
# What no shape needs any more: fonts, and lines whose width does not follow a transform, which not every reader knows.
NEEDLESS = re.compile(r'\s*(?:font-(?:family|size|weight|style)|vector-effect)="[^"]*"')
EMPTY = re.compile(r"<g [^>]*>\s*</g>\s*")
LONG_NUMBER = re.compile(r"\d+\.\d{3,}")
PATH_DATA = re.compile(r' (?:d|points)="[^"]*"')
SIZE = re.compile(r'<svg width="[^"]*" height="[^"]*"')


def title(scene: Scene) -> str:
    """What is in the picture, for those who cannot see it."""
    shown = [run.label or "" for run in scene.runs if run.visible]
    return f"{', '.join(shown)} on {scene.landscape.name}" if shown else scene.landscape.name


def svg(figure: Figure) -> bytes:
    """The figure as an SVG file; the scene is the text of its <metadata>."""
    data = QByteArray()
    buffer = QBuffer(data)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # the only one that clips
    generator.setOutputDevice(buffer)
    generator.setSize(figure.extent.size())
    generator.setViewBox(QRectF(figure.extent))
    generator.setTitle(title(figure.scene))
    generator.setDescription(f"Made with OptiViz {__version__}")
    draw(figure, generator, 1.0)
    text = bytes(data.data()).decode("utf-8")
    text = NEEDLESS.sub("", TEXT.sub(outlined, text))
    text = EMPTY.sub("", text)
    text = PATH_DATA.sub(lambda found: LONG_NUMBER.sub(lambda n: f"{float(n[0]):.2f}", found[0]), text)
    text = SIZE.sub(f"<svg {length(figure.look.size)}", text, count=1)
    return xml_text.embedded(text, scene_files.to_json(figure.scene)).encode("utf-8")


def pdf(figure: Figure) -> bytes:
    """The figure as a PDF file of one page; the scene is in its metadata (XMP)."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(PDF_RESOLUTION)
    size = figure.look.size
    unit, factor = (QPageSize.Unit.Millimeter, 1.0) if size.unit == "mm" else (QPageSize.Unit.Inch, 1 / PIXELS_PER_INCH)
    page = QSizeF(size.width * factor, size.height * factor)
    writer.setPageSize(QPageSize(page, unit, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(title(figure.scene))
    writer.setCreator(f"OptiViz {__version__}")
    writer.setDocumentXmpMetadata(QByteArray(xml_text.xmp(scene_files.to_json(figure.scene)).encode("utf-8")))
    draw(figure, writer, writer.width() / figure.extent.width())
    buffer.close()
    return bytes(data.data())


def draw(figure: Figure, device: QSvgGenerator | QPdfWriter, scale: float) -> None:
    painter = QPainter()
    if not painter.begin(device):
        raise OSError("the picture could not be begun")
    painter.scale(scale, scale)
    figure.paint(painter)
    painter.end()


def length(size: Size) -> str:
    """Width and height as attributes."""
    unit = "mm" if size.unit == "mm" else "px"
    return f'width="{size.width:g}{unit}" height="{size.height:g}{unit}"'


def outlined(found: re.Match[str]) -> str:
    """A <text> that Qt has written, as a path."""
    has = dict(ATTRIBUTE.findall(found[1]))
    font = QFont(html.unescape(has["font-family"]).strip("'"))
    font.setPixelSize(EM)
    font.setWeight(QFont.Weight(int(has["font-weight"])))
    font.setItalic(has["font-style"] != "normal")
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    path = QPainterPath()
    path.addText(QPointF(0, 0), font, html.unescape(found[2]))
    place = f"translate({has['x']},{has['y']}) scale({float(has['font-size']) / EM:g})"
    opacity = "" if float(has["fill-opacity"]) == 1 else f' fill-opacity="{has["fill-opacity"]}"'
    data = "".join(data_of(path))
    return f'<path fill="{has["fill"]}"{opacity} stroke="none" fill-rule="nonzero" transform="{place}" d="{data}"/>'


def data_of(path: QPainterPath) -> Iterator[str]:
    """A path's outline as SVG writes it, in whole units."""
    letters = {
        QPainterPath.ElementType.MoveToElement: "M",
        QPainterPath.ElementType.LineToElement: "L",
        QPainterPath.ElementType.CurveToElement: "C",
        QPainterPath.ElementType.CurveToDataElement: " ",
    }
    for index in range(path.elementCount()):
        element = path.elementAt(index)
        yield f"{letters[element.type]}{round(element.x)},{round(element.y)}"
