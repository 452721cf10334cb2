"""Where the overlays of a run go: as long and as large as they ought to be, but in the plot, and with labels."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from itertools import chain

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QTransform

from ...engine.explaining.updates import Pair, Update, Updates
from ...scene.words import brief
from ...widgets.pixels import pixel
from ...widgets.theme import px
from .lettering import Text, measure
from .shapes import (
    EDGE,
    HEAD,
    Arrow,
    Drawing,
    Edges,
    Ellipse,
    Label,
    Square,
    Wish,
    aim,
    area,
    around,
    cheapest,
    edges,
    ends,
    extent,
    hypot,
    leader,
    moved_into,
    point,
    reach,
)

ARROWS = ("step", "gradient", "velocity")
SYMBOLS = {"gradient": "−α g", "velocity": "β₁ v", "step": "step"}

# All in pixels.
TINY = 20.0  # arrows that are shorter would hide under the head, and only point
POINTER = 22.0  # how far from the head's middle they do
GAP = 13.0  # between a head's middle and its squares
SQUARE = 90.0  # the side of the largest square of a path
DOT = 3.0  # the side of the smallest that is drawn
ELLIPSE, ELLIPSE_LEAST, ELLIPSE_MOST = 56.0, 20.0, 120.0  # the larger half axis: usually, and its limits


class Layout:
    """Finds out where the marks of one run go."""

    def __init__(
        self,
        updates: Updates,
        overlay: Update,
        head: QPointF,
        transform: QTransform,
        box: QRectF,
        covered: QRectF,
        scale: float,
    ) -> None:
        self.updates, self.overlay, self.head, self.transform = updates, overlay, head, transform
        self.inside = box.adjusted(EDGE, EDGE, -EDGE, -EDGE)
        self.covered, self.scale = covered, scale
        self.largest_side = min(SQUARE * self.scale, 0.4 * min(box.width(), box.height()))
        self.texts: list[Wish] = []
        self.vectors: list[str] = []  # the arrows that are wanted
        self.result = Drawing(head, "")

    def drawing(self, color: str, wanted: Set[str], lit: frozenset[str]) -> Drawing:
        self.result = replace(self.result, color=color, lit=lit)
        self.vectors = [kind for kind in ARROWS if kind in wanted]
        self._arrows(self.vectors)  # first: their names have the first choice of places
        for key, shape in SHAPES.items():
            if key in wanted:
                shape(self)
        return self.result

    # Arrows

    def _arrows(self, kinds: Sequence[str]) -> None:
        made = {kind: arrow for kind in kinds if (arrow := self._arrow(kind)) is not None}
        self.result.arrows = list(made.values())
        if "gradient" in made and self.overlay.ahead is not None:
            self.result.ahead = made["gradient"].tail
        for arrow in made.values():
            self._name_arrow(arrow)
        self._sum(made)

    def _arrow(self, kind: str) -> Arrow | None:
        vector: Pair | None = getattr(self.overlay, kind)
        if vector is None:
            return None
        return self._aimed(kind, self._tail(kind), vector, self.scale)

    def _tail(self, kind: str) -> QPointF:
        """Where an arrow starts: at the head, but Nesterov's gradient where the velocity's arrow ends."""
        if kind == "gradient" and self.overlay.ahead is not None and self.overlay.velocity is not None:
            velocity = self._aimed("velocity", self.head, self.overlay.velocity, self.scale)
            if velocity.fate != "cut":
                toward, length = aim(self.transform, self.overlay.velocity, self.scale)
                return self.head + toward * length
        return self.head

    def _aimed(self, kind: str, tail: QPointF, vector: Pair, scale: float) -> Arrow:
        """The arrow for a vector, cut where it leaves the plot or gets behind the legend."""
        toward, length = aim(self.transform, vector, scale)
        if length == 0:
            return Arrow(kind, tail, tail, 0.0, "zero")
        if length < px(TINY):
            away = POINTER if tail == self.head else POINTER - 5  # there is no head at Nesterov's look-ahead
            return Arrow(kind, tail, tail + toward * px(away), length, "tiny")
        room = reach(tail, toward, self.inside, self.covered)
        if length > room:  # at the edge there is no room for an arrow: then it only points there
            return Arrow(kind, tail, tail + toward * max(room, px(POINTER)), length, "cut")
        return Arrow(kind, tail, tail + toward * length, length, "whole")

    def _name_arrow(self, arrow: Arrow) -> None:
        vector: Pair = getattr(self.overlay, arrow.kind)
        length = "" if arrow.fate == "whole" else f"{brief(hypot(vector), 2)} long"
        if arrow.fate == "zero":
            length = "= 0"
        symbol = SYMBOLS[arrow.kind]
        text = Text(symbol, note=length)
        self.texts.append(Wish(arrow.kind, text, point(arrow.tip), self._beside_arrow(arrow, text)))

    def _beside_arrow(self, arrow: Arrow, text: Text) -> Iterator[QPointF]:
        """Places for an arrow's name: past its tip, on either side of the tip, along the shaft."""
        width, height = measure(text)
        u = arrow.toward
        sides = (QPointF(-u.y(), u.x()), QPointF(u.y(), -u.x()))
        if arrow.fate in ("whole", "tiny"):
            past = arrow.tip + u * (extent(u, width, height) + px(5))
            yield from (past, past - QPointF(0, height), past + QPointF(0, height))
        for back in (0.0, 14.0, 30.0):
            for side in sides:
                yield arrow.tip - u * px(back) + side * (extent(side, width, height) + px(9))
        middle = (arrow.tip + arrow.tail) * 0.5
        for side in sides:
            yield middle + side * (extent(side, width, height) + px(7))
        yield from around(arrow.tip, width, height, px(12))

    def _sum(self, made: dict[str, Arrow]) -> None:
        """Thin lines that close the parallelogram, where velocity and gradient make the step."""
        overlay = self.overlay
        gradient, velocity, step = (made.get(kind) for kind in ("gradient", "velocity", "step"))
        if gradient is None or velocity is None or not overlay.gradient or not overlay.velocity or not overlay.step:
            return
        if any(arrow is not None and arrow.fate != "whole" for arrow in (gradient, velocity, step)):
            return
        off = hypot([s - g - v for s, g, v in zip(overlay.step, overlay.gradient, overlay.velocity, strict=True)])
        if off > 1e-6 * (hypot(overlay.gradient) + hypot(overlay.velocity)):
            return
        corner = gradient.tip + velocity.tip - self.head
        if overlay.ahead is None and self.inside.contains(corner):
            self.result.sum_lines = [QLineF(velocity.tip, corner), QLineF(gradient.tip, corner)]

    def split(self) -> None:
        """For each vector its way along x and then along y, as far as the plot goes."""
        for kind in self.vectors or ["step"]:
            vector: Pair | None = getattr(self.overlay, kind)
            if vector is None:
                continue
            tail = self._tail(kind)
            toward, length = aim(self.transform, vector, self.scale)
            if length < px(TINY) or not self.inside.contains(tail):
                continue
            far = 4.0 * (self.inside.width() + self.inside.height())
            tip = tail + toward * min(length, far)  # farther would only be cut again
            x = min(max(tip.x(), self.inside.left()), self.inside.right())
            y = min(max(tip.y(), self.inside.top()), self.inside.bottom())
            self.result.legs.append((kind, QLineF(tail, QPointF(x, tail.y()))))
            if x == tip.x():
                self.result.legs.append((kind, QLineF(QPointF(x, tail.y()), QPointF(x, y))))

    # The next position

    def ghost(self) -> None:
        if self.overlay.step is None or self.overlay.next is None:
            return
        line = self._aimed("next", self.head, self.overlay.step, 1.0)
        self.result.ghost_line = line
        if line.fate != "cut":
            self.result.ghost = pixel(self.transform, *self.overlay.next)
            return
        text = Text("", note=f"next, {brief(hypot(self.overlay.step), 2)} away")
        self.texts.append(Wish("next", text, point(line.tip), self._beside_arrow(line, text)))

    # Squared gradients

    def squares(self) -> None:
        squares, largest = self.overlay.squares, self.updates.largest_square
        if squares is None or largest <= 0:
            return
        held = self.largest_side < SQUARE * self.scale
        sides = [max(self.largest_side * math.sqrt(min(s / largest, 1.0)), DOT) for s in squares]
        rects = self._anchored(*sides)
        for axis, rect, square in zip("xy", rects, squares, strict=True):
            self.result.squares.append(Square(rect, held))
            text = Text(self.updates.squares_symbol, axis, "= 0" if square == 0 else "")
            self.texts.append(Wish("squares", text, rect, self._in_square(rect, text, axis)))

    def _anchored(self, side_x: float, side_y: float) -> tuple[QRectF, QRectF]:
        """The squares: one to the right of the head and one above it, or opposite where there is no room.

        Which side it is depends on the room that the largest squares would take, so that growing ones do not jump.
        """
        largest = self.largest_side

        def hidden(rect: QRectF) -> float:
            return area(rect) - area(rect & self.inside) + area(rect & self.inside & self.covered)

        sides = [(right, up) for up in (True, False) for right in (True, False)]
        right, up = min(sides, key=lambda side: sum(map(hidden, self._pinwheel(largest, largest, *side))))
        x, y = self._pinwheel(side_x, side_y, right, up)
        return self._shown(x), self._shown(y)

    def _shown(self, rect: QRectF) -> QRectF:
        """The rectangle moved to where it can be seen: into the plot, and from behind the legend."""
        rect = moved_into(rect, self.inside)
        if not rect.intersects(self.covered):
            return rect
        aside = [
            rect.translated(0, self.covered.bottom() + 3 - rect.top()),
            rect.translated(self.covered.left() - 3 - rect.right(), 0),
        ]
        inside = [other for other in aside if self.inside.contains(other)]
        return min(inside or [rect], key=lambda other: (other.center() - rect.center()).manhattanLength())

    def _pinwheel(self, side_x: float, side_y: float, right: bool, up: bool) -> tuple[QRectF, QRectF]:
        """One square on either side of the head, each growing away from the other: so they never overlap."""
        gap, head = px(GAP), self.head
        # Small ones lie in the middle of their side.
        back_x, back_y = min(side_x / 2, gap - 4), min(side_y / 2, gap - 4)
        x_left = head.x() + gap if right else head.x() - gap - side_x
        x_top = head.y() - back_x if up else head.y() + back_x - side_x
        y_left = head.x() + back_y - side_y if right else head.x() - back_y
        y_top = head.y() - gap - side_y if up else head.y() + gap
        return QRectF(x_left, x_top, side_x, side_x), QRectF(y_left, y_top, side_y, side_y)

    def _in_square(self, rect: QRectF, text: Text, axis: str) -> Iterator[QPointF]:
        """Places for a square's name: in its middle or a corner if it is large enough, else beside it."""
        width, height = measure(text)
        if rect.width() >= max(width, height) + 6:
            yield rect.center()
            corner = QPointF(rect.width() - width, rect.height() - height) * 0.5 - QPointF(3, 3)
            for x, y in ((1, -1), (1, 1), (-1, 1), (-1, -1)):
                yield rect.center() + QPointF(x * corner.x(), y * corner.y())
        right, above = rect.center().x() >= self.head.x(), rect.center().y() <= self.head.y()
        out = QPointF(1 if right else -1, 0) if axis == "x" else QPointF(0, -1 if above else 1)
        yield rect.center() + out * (rect.width() / 2 + extent(out, width, height) + px(3))
        yield from around(rect.center(), width, height, rect.width() / 2 + px(3))

    # Effective rates

    def ellipse(self) -> None:
        rates, usual = self.overlay.rates, self.updates.usual_rate
        if rates is None or usual <= 0 or max(rates) <= 0:
            return
        wished = ELLIPSE * max(rates) / usual
        half = min(max(wished, ELLIPSE_LEAST), ELLIPSE_MOST) * self.scale
        room = min(self.inside.width(), self.inside.height()) / 2
        held = half > room or not ELLIPSE_LEAST <= wished <= ELLIPSE_MOST
        half = min(half, room)
        half_x, half_y = (half * (rate / max(rates)) for rate in rates)  # the largest rates times anything are infinite
        self.result.ellipse = Ellipse(self.head, half_x, half_y, held)
        self._name_rate("x", rates[0], QPointF(half_x, 0))
        self._name_rate("y", rates[1], QPointF(0, half_y))

    def _name_rate(self, axis: str, rate: float, half: QPointF) -> None:
        text = Text("α", axis, brief(rate, 2))
        width, height = measure(text)
        reach_out = max(half.manhattanLength(), px(HEAD))
        unit = QPointF(1, 0) if axis == "x" else QPointF(0, 1)
        away = unit * (reach_out + extent(unit, width, height) + px(4))
        across = QPointF(unit.y(), unit.x()) * (height if axis == "x" else width / 2 + px(6))
        ends = (-away, away) if axis == "x" else (away, -away)  # the squares are on the other sides
        near = [self.head + end for end in ends]
        beside = [self.head + end + shift for end in ends for shift in (across, -across)]
        places = chain(near, beside, around(near[0], width, height, px(8)))
        self.texts.append(Wish("ellipse", text, point(self.head + half), places))

    # Names

    def place_labels(self, kept_free: Iterable[QPointF]) -> None:
        """Gives every text the first of its places that is free, or the one that is least taken.

        `kept_free` are the middles of what is drawn elsewhere: heads, minima, the start.
        """
        result, radius = self.result, px(HEAD)
        points = [self.head, *kept_free, *([] if result.ghost is None else [result.ghost])]
        hard = [(p.x() - radius, p.y() - radius, p.x() + radius, p.y() + radius) for p in points]
        if not self.covered.isEmpty():
            hard.append(edges(self.covered))
        lines = [ends(QLineF(arrow.tail, arrow.tip)) for arrow in result.arrows if arrow.fate != "zero"]
        lines += [ends(line) for line in (*(leg for _, leg in result.legs), *result.sum_lines)]
        soft = [edges(square.rect) for square in result.squares]
        for wish in self.texts:
            width, height = measure(wish.text)
            boxes = (self._box(place, width, height) for place in wish.places)
            best = cheapest(boxes, hard, [] if wish.mark == "squares" else soft, lines)
            hard.append(best)
            rect = QRectF(best[0], best[1], best[2] - best[0], best[3] - best[1])
            result.labels.append(Label(wish.text, rect, wish.mark, leader(rect, wish.target, hard[0])))

    def _box(self, middle: QPointF, width: float, height: float) -> Edges:
        """The label's rectangle around a place, moved so that it lies in the plot."""
        inside = self.inside
        left = max(min(middle.x() - width / 2, inside.right() + 4 - width), inside.left() - 4)
        top = max(min(middle.y() - height / 2, inside.bottom() + 4 - height), inside.top() - 4)
        return left, top, left + width, top + height


# What draws an overlay that is no arrow, by its key; in this order, which is that of the labels' claims to places.
SHAPES: dict[str, Callable[[Layout], None]] = {
    "split": Layout.split,
    "next": Layout.ghost,
    "ellipse": Layout.ellipse,
    "squares": Layout.squares,
}
