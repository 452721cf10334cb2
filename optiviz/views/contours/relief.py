"""The surface under the paths: a quiet map of colours on a logarithmic scale, with contour lines."""

from __future__ import annotations

from dataclasses import dataclass

import contourpy
import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from ...engine.trajectory import Array
from ...scene.scene import Scene
from ...widgets.pixels import Print, in_shapes
from ...widgets.strokes import thinned
from ...widgets.theme import Theme

GRID = 192  # points along each side of the view: fine enough for lines without corners, a few milliseconds
LEVELS = 16
FINE = 2.0  # pixels of the image to a unit in SVG and PDF; at a paper's type size some 200 to an inch
LINE_IN_SHAPES = 0.7  # units wide: a line of one pixel, whatever the scale, would be too thin to be printed
NEAR = 0.03  # of the view: so much of it is shown as the bottom of a basin
SOFTEST = 1e-5  # of the range of losses: where the logarithm gives way to a straight line


@dataclass(frozen=True)
class Scale:
    """Loss to share of the colour ramp: u = log(1 + (f − low) / soft) / log(1 + (high − low) / soft)."""

    low: float
    high: float
    soft: float

    @classmethod
    def of(cls, losses: npt.NDArray[np.float64]) -> Scale:
        finite = losses[np.isfinite(losses)]
        if not len(finite):
            return cls(0.0, 1.0, 1.0)
        low, high = np.min(finite), np.max(finite)
        span = float(high - low)
        if not (np.isfinite(span) and span > 0):
            return cls(float(low), float(low) + 1.0, 1.0)
        return cls(float(low), float(high), max(quantile(finite, NEAR) - float(low), span * SOFTEST))

    def share(self, losses: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        with np.errstate(all="ignore"):
            shares = np.log1p(np.maximum(losses - self.low, 0) / self.soft) / self._depth
        return np.nan_to_num(np.minimum(shares, 1.0), nan=1.0)

    def loss(self, share: float) -> float:
        """The loss at that share of the ramp."""
        return self.low + self.soft * float(np.expm1(share * self._depth))

    @property
    def _depth(self) -> float:
        return float(np.log1p((self.high - self.low) / self.soft))


def quantile(values: Array, share: float) -> float:
    """np.quantile's of two values or more, without its import of numpy.ma: 15 ms of the start."""
    position = share * (len(values) - 1)
    rank = int(position)
    lower, upper = np.partition(values, (rank, rank + 1))[rank : rank + 2]
    return float(lower + (upper - lower) * (position - rank))


NO_MASK = np.zeros((), dtype=bool)  # what contourpy makes of None


def contour_generator(x: Array, y: Array, z: Array) -> contourpy.ContourGenerator:
    """contourpy.contour_generator's, for finite values, and without its import of numpy.ma."""
    return contourpy.SerialContourGenerator(
        *np.meshgrid(x, y),
        z,
        NO_MASK,
        corner_mask=False,
        line_type=contourpy.LineType.Separate,
        fill_type=contourpy.FillType.OuterCode,
        quad_as_tri=False,
        z_interp=contourpy.ZInterp.Linear,
    )


def ramp(theme: Theme, colors: str) -> npt.NDArray[np.uint8]:
    """256 colours from the lowest loss to the highest, shape (256, 4), in the byte order of Format_RGB32."""
    if colors == "slate":
        colors_of_ends = (QColor(theme.low), QColor(theme.high))
        ends = [np.array([c.red(), c.green(), c.blue()], dtype=np.float64) for c in colors_of_ends]
        share = np.linspace(0, 1, 256)[:, None] ** 0.5  # most of the surface stays light, basins stand out
        rgb = ends[0] * (1 - share) + ends[1] * share
    else:
        table = pg.colormap.get(colors).getLookupTable(0.0, 1.0, 256)
        rgb = table[:, :3].astype(float)
    result = np.full((256, 4), 255, dtype=np.uint8)
    result[:, :3] = rgb[:, ::-1].round()
    return result


def enlarged(image: QImage, target: QRectF) -> QImage:
    """The image in pixels so fine that no reader of a vector file shows them, however it enlarges images."""
    size = (target.size() * FINE).toSize()
    return image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def in_pixels(lines: QPainterPath, transform: QTransform) -> QPainterPath:
    """The lines after the transform, without points that nobody would miss."""
    path = QPainterPath()
    for polygon in lines.toSubpathPolygons(transform):
        x, y = np.array([point.toTuple() for point in polygon.toList()]).T
        x, y, _ = thinned(np.stack([x, y, np.zeros(len(x))]))
        path.addPath(pg.arrayToQPath(x, y))
    return path


class Relief(pg.GraphicsObject):
    """The surface's colours and contour lines for whatever part of the plane is in view."""

    def __init__(self) -> None:
        super().__init__()
        self.color_scale = Scale(0.0, 1.0, 1.0)
        self.colors = np.zeros((256, 4), dtype=np.uint8)
        self._image = QImage()
        self._lines = QPainterPath()
        self._pen = QPen()
        self._rect = QRectF()
        self._print, self._new = Print(), True

    def show_scene(self, scene: Scene, view: QRectF, theme: Theme) -> None:
        """Computes the surface over `view` (plot coordinates)."""
        self._rect = QRectF(view)
        window = (view.left(), view.right(), view.top(), view.bottom())
        x, y, losses = scene.landscape.grid(window, GRID, GRID, scene.surface_params)
        self.color_scale = Scale.of(losses)
        share = self.color_scale.share(losses)
        self.colors = ramp(theme, scene.view.colors)
        pixels = np.ascontiguousarray(self.colors[(share[::-1] * 255).astype(np.uint8)])
        self._image = QImage(pixels.data, GRID, GRID, GRID * 4, QImage.Format.Format_RGB32).copy()
        generator = contour_generator(x, y, share)
        self._lines = QPainterPath()
        for level in np.linspace(0, 1, LEVELS + 2)[1:-1]:
            for line in generator.lines(level):
                points = np.asarray(line, dtype=np.float64)
                self._lines.addPath(pg.arrayToQPath(points[:, 0], points[:, 1]))
        quiet = QColor(theme.contour) if scene.view.colors == "slate" else QColor(255, 255, 255, 90)
        self._pen = QPen(quiet, 1)
        self._pen.setCosmetic(True)
        self._new = True
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(self, painter: QPainter, *_: object) -> None:
        # A zoom has moved the view before the surface is computed anew: only what is seen becomes an image.
        box = self.getViewBox()
        seen = self._rect & box.viewRect() if box is not None else self._rect
        self._print.paint(painter, seen, self._draw, fresh=self._new)
        self._new = False

    def _draw(self, painter: QPainter) -> None:
        transform = painter.worldTransform()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # The plot's y grows upwards, the image's rows downwards; the grid's points are the centres of its pixels.
        margin_x, margin_y = (side / (GRID - 1) / 2 for side in (self._rect.width(), self._rect.height()))
        grown = self._rect.adjusted(-margin_x, -margin_y, margin_x, margin_y)
        painter.resetTransform()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        target = transform.mapRect(grown)
        if in_shapes(painter):
            painter.drawImage(target, enlarged(self._image, target))
            painter.setPen(QPen(self._pen.color(), LINE_IN_SHAPES))
            painter.drawPath(in_pixels(self._lines, transform))
            return
        painter.drawImage(target, self._image)
        painter.setWorldTransform(transform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen)
        painter.drawPath(self._lines)
