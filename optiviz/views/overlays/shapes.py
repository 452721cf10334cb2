"""The shapes of which overlays consist, and their geometry; all in pixels."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF, QTransform

from ...engine.explaining.updates import Pair
from ...widgets.theme import px
from .lettering import Text

EDGE = 9.0  # how near the plot's edge arrows go
HEAD = 8.0  # the radius of what is kept free around a path's head


@dataclass(frozen=True)
class Arrow:
    """An arrow as it is drawn. `length` is what it ought to be in pixels, which a cut or tiny one is not."""

    kind: str
    tail: QPointF
    tip: QPointF
    length: float
    fate: str  # "whole", "cut" at the edge of the plot, "tiny", or "zero" and not drawn

    @property
    def toward(self) -> QPointF:
        """The direction, one pixel long."""
        line = QLineF(self.tail, self.tip)
        length = line.length()
        return QPointF(line.dx() / length, line.dy() / length) if length > 0 else QPointF(1, 0)


@dataclass(frozen=True)
class Square:
    """A square of squared gradients; one that is `held` would be larger than there is room for."""

    rect: QRectF
    held: bool


@dataclass(frozen=True)
class Ellipse:
    """The effective rates as half axes; `held` says that its size, not its shape, has reached a limit."""

    middle: QPointF
    half_x: float
    half_y: float
    held: bool


@dataclass(frozen=True)
class Label:
    """A text where it has found room."""

    text: Text
    rect: QRectF
    mark: str
    leader: QLineF | None = None  # to what it names, if that is not near


@dataclass(frozen=True)
class Wish:
    """A text that wants a place. It becomes a Label when all marks are known.

    `mark` is the kind of what it names and `target` where that is; `places` are where its middle may go, best first.
    """

    mark: str
    text: Text
    target: QRectF
    places: Iterable[QPointF]


@dataclass
class Drawing:
    """All that is drawn for one run, in pixels: what a Layout has found and a Brush paints.

    `head` is where the run is; `legs` are the ways along x and y, with the arrow's kind; `sum_lines` close the
    parallelogram; `ahead` is Nesterov's look-ahead; `ghost` the next point, `ghost_line` the way there. Marks in `lit`
    are emphasised.
    """

    head: QPointF
    color: str
    arrows: list[Arrow] = field(default_factory=list)
    legs: list[tuple[str, QLineF]] = field(default_factory=list)
    sum_lines: list[QLineF] = field(default_factory=list)
    ahead: QPointF | None = None
    squares: list[Square] = field(default_factory=list)
    ellipse: Ellipse | None = None
    ghost: QPointF | None = None
    ghost_line: Arrow | None = None
    labels: list[Label] = field(default_factory=list)
    lit: frozenset[str] = frozenset()
    extras: list[Callable[[QPainter], None]] = field(default_factory=list)  # what draws shapes of other kinds


Edges = tuple[float, float, float, float]  # left, top, right, bottom


def hypot(vector: Iterable[float]) -> float:
    return math.hypot(*vector)


def aim(transform: QTransform, vector: Pair, scale: float) -> tuple[QPointF, float]:
    """A vector's direction on the screen, one pixel long, and its length in pixels (which may be infinite)."""
    largest = max(map(abs, vector))
    if largest == 0:
        return QPointF(0, 0), 0.0
    # Made small first: no product overflows before the last.
    x, y = vector[0] / largest * transform.m11(), vector[1] / largest * transform.m22()
    length = math.hypot(x, y)
    return QPointF(x / length, y / length), length * largest * scale


def reach(tail: QPointF, toward: QPointF, inside: QRectF, covered: QRectF) -> float:
    """How many pixels an arrow may go before it leaves the plot or gets behind the legend."""
    left, top, right, bottom = edges(inside)
    exits = [math.inf]
    for at, step, low, high in ((tail.x(), toward.x(), left, right), (tail.y(), toward.y(), top, bottom)):
        if step:
            exits.append(((high if step > 0 else low) - at) / step)
    room = max(min(exits), 0.0)
    hidden = covered.adjusted(-EDGE, -EDGE, EDGE, EDGE)
    if covered.isEmpty() or hidden.contains(tail):
        return room
    entry, leave = 0.0, math.inf
    left, top, right, bottom = edges(hidden)
    for at, step, low, high in ((tail.x(), toward.x(), left, right), (tail.y(), toward.y(), top, bottom)):
        if step:
            near, far = sorted(((low - at) / step, (high - at) / step))
            entry, leave = max(entry, near), min(leave, far)
        elif not low <= at <= high:
            return room
    return min(room, entry) if entry <= leave else room


def edges(rect: QRectF) -> Edges:
    return rect.left(), rect.top(), rect.right(), rect.bottom()


def moved_into(rect: QRectF, inside: QRectF) -> QRectF:
    left = max(min(rect.left(), inside.right() - rect.width()), inside.left())
    top = max(min(rect.top(), inside.bottom() - rect.height()), inside.top())
    return QRectF(left, top, rect.width(), rect.height())


def area(rect: QRectF) -> float:
    return rect.width() * rect.height()


def extent(toward: QPointF, width: float, height: float) -> float:
    """How far a rectangle of that size reaches from its middle in a direction."""
    return abs(toward.x()) * width / 2 + abs(toward.y()) * height / 2


def around(at: QPointF, width: float, height: float, away: float) -> Iterator[QPointF]:
    """Places for a rectangle's middle on widening rings around a point."""
    for more in (0.0, 16.0, 34.0, 60.0, 90.0):
        for x, y in ((0, -1), (1, 0), (0, 1), (-1, 0), (0.7, -0.7), (0.7, 0.7), (-0.7, 0.7), (-0.7, -0.7)):
            yield at + QPointF(x * (width / 2 + away + px(more)), y * (height / 2 + away + px(more)))


def cheapest(boxes: Iterable[Edges], hard: Sequence[Edges], soft: Sequence[Edges], lines: Sequence[Edges]) -> Edges:
    """The first box that touches nothing, or else the one that covers least: of `hard` above all.

    In one of `soft` is nearly as good as beside it; on its outline is not.
    """
    best, least = (0.0, 0.0, 0.0, 0.0), math.inf
    for order, box in enumerate(boxes):
        wide = (box[0] - 2, box[1] + 2, box[2] + 2, box[3] - 2)  # lines have some breadth, letters some air above
        cost = 3.0 * order + sum(1000 + shared(box, other) for other in hard if meet(box, other))
        cost += sum(2 if within(box, other) else 40 for other in soft if meet(box, other))
        cost += sum(60 for line in lines if crosses(line, wide))
        if cost < least:
            best, least = box, cost
        if 3.0 * (order + 1) >= least:
            break
    return best


def leader(label: QRectF, target: QRectF, head: Edges) -> QLineF | None:
    """A line from a label to what it names, if that is so far away that one might wonder; never through the head."""
    x = min(max(label.center().x(), target.left()), target.right())
    y = min(max(label.center().y(), target.top()), target.bottom())
    here = QPointF(min(max(x, label.left()), label.right()), min(max(y, label.top()), label.bottom()))
    line = QLineF(here, QPointF(x, y))
    return line if line.length() > px(22.0) and not crosses(ends(line), head) else None


def point(at: QPointF) -> QRectF:
    """A rectangle without a size."""
    return QRectF(at.x(), at.y(), 0.0, 0.0)


def ends(line: QLineF) -> Edges:
    return line.x1(), line.y1(), line.x2(), line.y2()


def meet(a: Edges, b: Edges) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def within(a: Edges, b: Edges) -> bool:
    return a[0] >= b[0] and a[2] <= b[2] and a[1] >= b[1] and a[3] <= b[3]


def shared(a: Edges, b: Edges) -> float:
    """The area that two rectangles which meet have in common."""
    return (min(a[2], b[2]) - max(a[0], b[0])) * (min(a[3], b[3]) - max(a[1], b[1]))


def crosses(line: Edges, box: Edges) -> bool:
    """Whether a line (from x, y to x, y) touches a rectangle."""
    x0, y0, x1, y1 = line
    enter, leave = 0.0, 1.0
    for at, step, low, high in ((x0, x1 - x0, box[0], box[2]), (y0, y1 - y0, box[1], box[3])):
        if step:
            near, far = (low - at) / step, (high - at) / step
            enter, leave = max(enter, min(near, far)), min(leave, max(near, far))
        elif not low <= at <= high:
            return False
    return enter <= leave


def triangle(tip: QPointF, u: QPointF, length: float, half: float) -> QPolygonF:
    """A triangle that points along u, its tip first."""
    foot, n = tip - u * length, QPointF(-u.y(), u.x())
    return QPolygonF([tip, foot + n * half, foot - n * half])
