"""What an update is made of, drawn at the heads of the paths: arrows, squares, the ellipse of rates, the next point."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from ..engine.overlays import Overlay, Pair
from ..engine.overlays import Overlays as Updates
from ..scene.runner import Result
from ..scene.view import View
from .pixels import blank_image, pixel
from .theme import LIGHT, TEXT_PX, Theme, sans
from .theme import math as math_font
from .words import brief

MARKS = ("gradient", "velocity", "step", "split", "squares", "ellipse", "next")
ARROWS = ("step", "gradient", "velocity")
SYMBOLS = {"gradient": "−α g", "velocity": "β₁ v", "step": "step"}

# All in pixels.
EDGE = 9.0  # how near the plot's edge arrows go
TINY = 20.0  # arrows that are shorter would hide under the head, and only point
POINTER = 22.0  # how far from the head's middle they do
TIP, TIP_HALF = 13.0, 6.0
LINE = 2.6
HEAD = 8.0
GAP = 13.0  # between a head's middle and its squares
SQUARE = 90.0  # the side of the largest square of a path
DOT = 3.0  # the side of the smallest that is drawn
ELLIPSE, ELLIPSE_LEAST, ELLIPSE_MOST = 56.0, 20.0, 120.0  # the larger half axis: usually, and its limits
SYMBOL_PX, NOTE_PX = TEXT_PX + 5, TEXT_PX
HALO = 4.0
LINES_CONTRAST, WORDS_CONTRAST = 3.0, 7.5
MOST_HEADS = 20  # that labels make room for

Z = 1.5  # over the paths, under the heads


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
        return QPointF(line.dx(), line.dy()) / line.length() if line.length() > 0 else QPointF(1, 0)


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
class Text:
    """A few words: a symbol with an index, in the math font, and a note in the text font."""

    symbol: str
    index: str = ""
    note: str = ""


@dataclass(frozen=True)
class Label:
    """A text where it has found room."""

    text: Text
    rect: QRectF
    mark: str
    leader: QLineF | None = None  # to what it names, if that is not near


@dataclass(frozen=True)
class Wish:
    """A text that is to be placed: what it names, and where its middle may go, best first."""

    mark: str
    text: Text
    target: QRectF
    places: Iterable[QPointF]


@dataclass
class Drawing:
    """All that is drawn for one run."""

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
    lit: str = ""


class Overlays(pg.GraphicsObject):
    """The overlays of the selected run, or of all, at the cursor. Drawn in pixels, as the heads are.

    Arrows are as long as what they stand for, times the view's `overlay_scale`. One that leaves the plot ends at its
    edge in a double tip, one too short to be seen becomes a tip without a shaft that points; both say their length.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(Z)
        self.theme: Theme = LIGHT
        self.view = View()
        self.result: Result | None = None
        self.cursor = 0
        self.selected = -1
        self.lit = ""
        self.covered = QRectF()  # where the legend lies, in pixels
        self.size = 1.0  # of lines and labels: more of it for a hall
        self._updates: list[Updates | None] = []

    def boundingRect(self) -> QRectF:
        return self.getViewBox().viewRect() if self.getViewBox() else QRectF()

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()

    def dress(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def show_result(self, result: Result) -> None:
        """The runs to draw for. What is known of a run that has not changed is kept."""
        kept = {id(u.trajectory): u for u in self._updates if u is not None}
        self._updates = [kept.get(id(trajectory)) for trajectory in result.trajectories]
        self.result = result
        self.update()

    def show_cursor(self, cursor: int) -> None:
        self.cursor = cursor
        self.update()

    def show_selected(self, run: int) -> None:
        self.selected = run
        self.update()

    def show_view(self, view: View) -> None:
        if view != self.view:
            self.view = view
            self.update()

    def show_lit(self, mark: str) -> None:
        """Emphasises a mark of the selected run, and draws it even if it is turned off; "" for none."""
        if mark not in ("", *MARKS):
            raise ValueError(f"mark must be one of {MARKS}, not {mark!r}")
        if mark != self.lit:
            self.lit = mark
            self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        if not self.marks_wanted(True):
            return
        transform = painter.worldTransform()
        drawings = self.lay_out(transform, transform.mapRect(self.boundingRect()))
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for drawing in drawings:
            Brush(painter, self.theme, drawing, self.size).draw()
        for drawing in drawings:  # over all arrows
            Brush(painter, self.theme, drawing, self.size).draw_labels()
        painter.restore()

    def marks_wanted(self, main: bool) -> set[str]:
        """What is to be drawn for the selected run (`main`) or for another."""
        wanted = {mark for mark in MARKS if getattr(self.view, f"show_{mark}")}
        return wanted | {self.lit} if main and self.lit else wanted

    def runs_shown(self) -> list[int]:
        """The runs that get overlays, the one on top last."""
        if self.result is None:
            return []
        runs = self.result.scene.runs
        shown = [i for i, run in enumerate(runs) if run.visible and (self.view.overlay_all or i == self.selected)]
        return sorted(shown, key=lambda i: i == self.selected)

    def updates_of(self, run: int) -> Updates:
        assert self.result is not None
        found = self._updates[run]
        if found is None:
            settings = self.result.scene.runs[run]
            found = self._updates[run] = Updates(settings.rule, settings.params, self.result.trajectories[run])
        return found

    def lay_out(self, transform: QTransform, box: QRectF) -> list[Drawing]:
        """Everything there is to draw, in the pixels of that transform, for a plot that fills `box`."""
        assert self.result is not None or not self.runs_shown()
        drawings = []
        for run in self.runs_shown():
            updates = self.updates_of(run)
            overlay = updates.at(self.cursor)
            head = pixel(transform, *overlay.at)
            if head is None or not box.adjusted(-1, -1, 1, 1).contains(head):
                continue  # the marks at the edge say where it is
            main = run == self.selected
            layout = Layout(updates, overlay, head, transform, box, self)
            color = self.result.scene.runs[run].color or "" if self.result else ""
            drawings.append(layout.drawing(color, self.marks_wanted(main), self.lit if main else ""))
            if main:  # with all runs there is no room for words about each
                layout.place_labels(self._kept_free(transform))
        return drawings

    def _kept_free(self, transform: QTransform) -> list[QPointF]:
        """Where labels should not lie: on other heads, minima and the start."""
        if self.result is None:
            return []
        scene = self.result.scene
        pairs = zip(scene.runs, self.result.trajectories, strict=True)
        heads = [(t.x[at], t.y[at]) for run, t in pairs if run.visible for at in [min(self.cursor, len(t) - 1)]]
        places = (pixel(transform, *place) for place in (*heads[:MOST_HEADS], *scene.minima, scene.start))
        return [place for place in places if place is not None]


class Layout:
    """Finds out where the marks of one run go."""

    def __init__(
        self, updates: Updates, overlay: Overlay, head: QPointF, transform: QTransform, box: QRectF, item: Overlays
    ) -> None:
        self.updates, self.overlay, self.head, self.transform = updates, overlay, head, transform
        self.inside = box.adjusted(EDGE, EDGE, -EDGE, -EDGE)
        self.scale, self.size, self.covered = item.view.overlay_scale, item.size, item.covered
        self.largest_side = min(SQUARE * self.scale, 0.4 * min(box.width(), box.height()))
        self.texts: list[Wish] = []
        self.result = Drawing(head, "")

    def drawing(self, color: str, wanted: set[str], lit: str) -> Drawing:
        self.result = replace(self.result, color=color, lit=lit)
        vectors = [kind for kind in ARROWS if kind in wanted]
        self._arrows(vectors)  # first: their names have the first choice of places
        if "split" in wanted:
            self._split(vectors or ["step"])
        if "next" in wanted:
            self._ghost()
        if "ellipse" in wanted:
            self._ellipse()
        if "squares" in wanted:
            self._squares()
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
        if length < TINY * self.size:
            away = POINTER if tail == self.head else POINTER - 5  # there is no head at Nesterov's look-ahead
            return Arrow(kind, tail, tail + toward * away * self.size, length, "tiny")
        room = reach(tail, toward, self.inside, self.covered)
        if length > room:  # at the edge there is no room for an arrow: then it only points there
            return Arrow(kind, tail, tail + toward * max(room, POINTER * self.size), length, "cut")
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
        width, height = measure(text, self.size)
        u = arrow.toward
        sides = (QPointF(-u.y(), u.x()), QPointF(u.y(), -u.x()))
        if arrow.fate in ("whole", "tiny"):
            past = arrow.tip + u * (extent(u, width, height) + 5)
            yield from (past, past - QPointF(0, height), past + QPointF(0, height))
        for back in (0.0, 14.0, 30.0):
            for side in sides:
                yield arrow.tip - u * back + side * (extent(side, width, height) + 9)
        middle = (arrow.tip + arrow.tail) / 2
        for side in sides:
            yield middle + side * (extent(side, width, height) + 7)
        yield from around(arrow.tip, width, height, 12.0)

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

    def _split(self, kinds: Iterable[str]) -> None:
        """For each vector its way along x and then along y, as far as the plot goes."""
        for kind in kinds:
            vector: Pair | None = getattr(self.overlay, kind)
            if vector is None:
                continue
            tail = self._tail(kind)
            toward, length = aim(self.transform, vector, self.scale)
            if length < TINY * self.size or not self.inside.contains(tail):
                continue
            far = 4.0 * (self.inside.width() + self.inside.height())
            tip = tail + toward * min(length, far)  # farther would only be cut again
            x = min(max(tip.x(), self.inside.left()), self.inside.right())
            y = min(max(tip.y(), self.inside.top()), self.inside.bottom())
            self.result.legs.append((kind, QLineF(tail, QPointF(x, tail.y()))))
            if x == tip.x():
                self.result.legs.append((kind, QLineF(QPointF(x, tail.y()), QPointF(x, y))))

    # The next position

    def _ghost(self) -> None:
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

    def _squares(self) -> None:
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
        gap, head = GAP * self.size, self.head
        # Small ones lie in the middle of their side.
        back_x, back_y = min(side_x / 2, gap - 4), min(side_y / 2, gap - 4)
        x_left = head.x() + gap if right else head.x() - gap - side_x
        x_top = head.y() - back_x if up else head.y() + back_x - side_x
        y_left = head.x() + back_y - side_y if right else head.x() - back_y
        y_top = head.y() - gap - side_y if up else head.y() + gap
        return QRectF(x_left, x_top, side_x, side_x), QRectF(y_left, y_top, side_y, side_y)

    def _in_square(self, rect: QRectF, text: Text, axis: str) -> Iterator[QPointF]:
        """Places for a square's name: in its middle or a corner if it is large enough, else beside it."""
        width, height = measure(text, self.size)
        if rect.width() >= max(width, height) + 6:
            yield rect.center()
            corner = QPointF(rect.width() - width, rect.height() - height) / 2 - QPointF(3, 3)
            for x, y in ((1, -1), (1, 1), (-1, 1), (-1, -1)):
                yield rect.center() + QPointF(x * corner.x(), y * corner.y())
        right, above = rect.center().x() >= self.head.x(), rect.center().y() <= self.head.y()
        out = QPointF(1 if right else -1, 0) if axis == "x" else QPointF(0, -1 if above else 1)
        yield rect.center() + out * (rect.width() / 2 + extent(out, width, height) + 3)
        yield from around(rect.center(), width, height, rect.width() / 2 + 3)

    # Effective rates

    def _ellipse(self) -> None:
        rates, usual = self.overlay.rates, self.updates.usual_rate
        if rates is None or usual <= 0 or max(rates) <= 0:
            return
        wished = ELLIPSE * max(rates) / usual
        half = min(max(wished, ELLIPSE_LEAST), ELLIPSE_MOST) * self.scale
        room = min(self.inside.width(), self.inside.height()) / 2
        held = half > room or not ELLIPSE_LEAST <= wished <= ELLIPSE_MOST
        half = min(half, room)
        half_x, half_y = (half * rate / max(rates) for rate in rates)
        self.result.ellipse = Ellipse(self.head, half_x, half_y, held)
        self._name_rate("x", rates[0], QPointF(half_x, 0))
        self._name_rate("y", rates[1], QPointF(0, half_y))

    def _name_rate(self, axis: str, rate: float, half: QPointF) -> None:
        text = Text("α", axis, brief(rate, 2))
        width, height = measure(text, self.size)
        reach_out = max(half.manhattanLength(), HEAD * self.size)
        unit = QPointF(1, 0) if axis == "x" else QPointF(0, 1)
        away = unit * (reach_out + extent(unit, width, height) + 4)
        across = QPointF(unit.y(), unit.x()) * (height if axis == "x" else width / 2 + 6)
        ends = (-away, away) if axis == "x" else (away, -away)  # the squares are on the other sides
        near = [self.head + end for end in ends]
        beside = [self.head + end + shift for end in ends for shift in (across, -across)]
        places = chain(near, beside, around(near[0], width, height, 8.0))
        self.texts.append(Wish("ellipse", text, point(self.head + half), places))

    # Names

    def place_labels(self, kept_free: Iterable[QPointF]) -> None:
        """Gives every text the first of its places that is free, or the one that is least taken.

        `kept_free` are the middles of what is drawn elsewhere: heads, minima, the start.
        """
        result, radius = self.result, HEAD * self.size
        points = [self.head, *kept_free, *([] if result.ghost is None else [result.ghost])]
        hard = [(p.x() - radius, p.y() - radius, p.x() + radius, p.y() + radius) for p in points]
        if not self.covered.isEmpty():
            hard.append(edges(self.covered))
        lines = [ends(QLineF(arrow.tail, arrow.tip)) for arrow in result.arrows if arrow.fate != "zero"]
        lines += [ends(line) for line in (*(leg for _, leg in result.legs), *result.sum_lines)]
        soft = [edges(square.rect) for square in result.squares]
        for wish in self.texts:
            width, height = measure(wish.text, self.size)
            boxes = (self._box(place, width, height) for place in wish.places)
            best = cheapest(boxes, hard, [] if wish.mark == "squares" else soft, lines)
            hard.append(best)
            rect = QRectF(best[0], best[1], best[2] - best[0], best[3] - best[1])
            result.labels.append(Label(wish.text, rect, wish.mark, leader(rect, wish.target, hard[0], self.size)))

    def _box(self, middle: QPointF, width: float, height: float) -> Edges:
        """The label's rectangle around a place, moved so that it lies in the plot."""
        inside = self.inside
        left = max(min(middle.x() - width / 2, inside.right() + 4 - width), inside.left() - 4)
        top = max(min(middle.y() - height / 2, inside.bottom() + 4 - height), inside.top() - 4)
        return left, top, left + width, top + height


class Brush:
    """Draws what a layout has found."""

    def __init__(self, painter: QPainter, theme: Theme, drawing: Drawing, size: float) -> None:
        self.painter, self.theme, self.drawing, self.size = painter, theme, drawing, size
        self.ink = QColor(ink(drawing.color, theme, LINES_CONTRAST))
        self.words = ink(drawing.color, theme, WORDS_CONTRAST)
        self.card = QColor(theme.card)

    def draw(self) -> None:
        drawing = self.drawing
        for square in drawing.squares:
            self._square(square)
        if drawing.ellipse is not None:
            self._ellipse(drawing.ellipse)
        self._ghost()
        for kind, line in drawing.legs:
            self._line(line, self._color(kind), 1.6, "split", [2.5, 2.0])
        for line in drawing.sum_lines:
            self._line(line, QColor(self.theme.text), 1.2, "", [4.0, 3.0])
        # The broad one lowest, the shortest on top: so none hides another.
        for arrow in sorted(drawing.arrows, key=lambda arrow: (arrow.kind != "step", -arrow.length)):
            if arrow.fate != "zero":
                self._arrow(arrow)
        if drawing.ahead is not None:
            self.painter.setPen(self._pen(self.ink, 1.8))
            self.painter.setBrush(self.card)
            self.painter.drawEllipse(drawing.ahead, 4 * self.size, 4 * self.size)

    def draw_labels(self) -> None:
        ratio = self.painter.device().devicePixelRatio()
        for label in self.drawing.labels:
            if label.leader is not None:
                self._line(label.leader, self._color(label.mark), 1.0, "")
        for label in self.drawing.labels:
            color = self.theme.text if label.mark == "gradient" else self.words
            pieces = written(label.text, self.size)[0]
            corner = label.rect.topLeft()
            for what in (self.theme.card, ""):  # all halos first: none may lie on the neighbour's letter
                for piece in pieces:
                    image = letters(piece.words, piece.font, self.size, what or color, bool(what), ratio)
                    at = corner + QPointF(piece.x, piece.y) - QPointF(HALO, HALO) * self.size
                    self.painter.drawImage(QPointF(round(at.x() * ratio), round(at.y() * ratio)) / ratio, image)

    def _color(self, kind: str) -> QColor:
        return QColor(self.theme.text) if kind == "gradient" else self.ink

    def _pen(self, color: QColor, width: float) -> QPen:
        pen = QPen(color, width * self.size)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        return pen

    def _glow(self, width: float) -> QPen:
        """The pen that lies under what is lit."""
        color = QColor(self.theme.accent)
        color.setAlpha(110)
        return self._pen(color, width + 11)

    def _layers(self, color: QColor, width: float, mark: str) -> list[QPen]:
        """The pens for a line, from the lowest: glow, halo, the line itself."""
        lit = bool(mark) and mark == self.drawing.lit
        width = width * 1.45 if lit else width
        pens = [self._glow(width)] if lit else []
        return [*pens, self._pen(self.card, width + 2.6), self._pen(color, width)]

    def _line(self, line: QLineF, color: QColor, width: float, mark: str, dashes: Sequence[float] = ()) -> None:
        pens = self._layers(color, width, mark)
        if dashes:
            dash(pens[-1], dashes)
        for pen in pens:
            self.painter.setPen(pen)
            self.painter.drawLine(line)

    def _fill(self, alpha: int) -> QColor:
        color = QColor(self.drawing.color)
        color.setAlpha(alpha)
        return color

    def _square(self, square: Square) -> None:
        self.painter.fillRect(square.rect, self._fill(70))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in self._outline("squares", square.held):
            self.painter.setPen(pen)
            self.painter.drawRect(square.rect)

    def _ellipse(self, ellipse: Ellipse) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self._fill(36))
        # Smooth edges cost ten times as much; the outline covers rough ones.
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.painter.drawEllipse(ellipse.middle, ellipse.half_x, ellipse.half_y)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in self._outline("ellipse", ellipse.held):
            self.painter.setPen(pen)
            self.painter.drawEllipse(ellipse.middle, ellipse.half_x, ellipse.half_y)
        x, y = QPointF(ellipse.half_x, 0), QPointF(0, ellipse.half_y)
        self.painter.setPen(self._pen(self.ink, 1.0))
        for half in (x, y):
            self.painter.drawLine(QLineF(ellipse.middle - half, ellipse.middle + half))

    def _outline(self, mark: str, held: bool) -> list[QPen]:
        """The pens around a shape; dotted when it is held at a size that is not its own."""
        pens = self._layers(self.ink, 1.8, mark)
        if held:
            dash(pens[-1], [0.1, 2.2])
        return pens

    def _ghost(self) -> None:
        line, ghost = self.drawing.ghost_line, self.drawing.ghost
        if line is None:
            return
        if line.fate == "cut" or line.length > 2 * HEAD * self.size:
            self._line(QLineF(line.tail, line.tip), self.ink, 1.8, "next", [0.1, 2.4])
        if line.fate == "cut":
            self._chevron(line, self.ink, 2.0, 0.0)
            self._chevron(line, self.ink, 2.0, 7.0)
        if ghost is not None:
            # Around the head, if it is still there.
            radius = (HEAD if line.length > 3 * HEAD else HEAD + 3.5) * self.size
            self.painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in self._layers(self.ink, 2.2, "next"):
                self.painter.setPen(pen)
                self.painter.drawEllipse(ghost, radius, radius)

    def _arrow(self, arrow: Arrow) -> None:
        if arrow.fate == "cut":  # one more tip, at the very end
            self._chevron(arrow, self._color(arrow.kind), LINE, 0.0)
            arrow = replace(arrow, tip=arrow.tip - arrow.toward * 9 * self.size)
        {"gradient": self._solid, "velocity": self._dashed, "step": self._hollow}[arrow.kind](arrow)

    def _solid(self, arrow: Arrow) -> None:
        """A full line with a full tip."""
        u, color = arrow.toward, self._color(arrow.kind)
        tip = triangle(arrow.tip, u, self._tip_size(arrow), TIP_HALF * self.size)
        end = arrow.tip - u * self._tip_size(arrow) * 0.7
        pens = self._layers(color, LINE, arrow.kind)
        for pen in pens:
            self.painter.setPen(pen)
            if arrow.fate != "tiny":
                self.painter.drawLine(QLineF(arrow.tail, end))
            thin = QPen(pen)
            thin.setWidthF(max(pen.widthF() - LINE * self.size + 0.6, 0.6))
            self.painter.setPen(thin)
            self.painter.setBrush(pen.color())
            self.painter.drawPolygon(tip)

    def _dashed(self, arrow: Arrow) -> None:
        """A dashed line with an open tip."""
        if arrow.fate != "tiny":
            self._line(QLineF(arrow.tail, arrow.tip), self.ink, LINE, arrow.kind, [3.2, 2.2])
        self._chevron(arrow, self.ink, LINE, 0.0, arrow.kind)

    def _hollow(self, arrow: Arrow) -> None:
        """An outlined arrow of some breadth."""
        size, u = self.size, arrow.toward
        n = QPointF(-u.y(), u.x())
        half, wide, tip = 3.4 * size, 8.5 * size, min(16.0 * size, 0.5 * QLineF(arrow.tail, arrow.tip).length())
        neck = arrow.tip - u * tip
        if arrow.fate == "tiny":
            shape = triangle(arrow.tip + u * 2, u, 13 * size, 7.5 * size)
        else:
            sides = [arrow.tail, neck, neck]
            breadths = [half, half, wide]
            there = [p + n * b for p, b in zip(sides, breadths, strict=True)]
            back = [p - n * b for p, b in zip(reversed(sides), reversed(breadths), strict=True)]
            shape = QPolygonF([*there, arrow.tip, *back])
        pens = self._layers(self.ink, 2.0, arrow.kind)
        self.painter.setBrush(self.card)
        for pen in pens:
            self.painter.setPen(pen)
            self.painter.drawPolygon(shape)

    def _tip_size(self, arrow: Arrow) -> float:
        return min(TIP * self.size, 0.6 * QLineF(arrow.tail, arrow.tip).length())

    def _chevron(self, arrow: Arrow, color: QColor, width: float, back: float, mark: str = "") -> None:
        """An open tip, `back` pixels before the arrow's end."""
        u = arrow.toward
        at = arrow.tip - u * back * self.size
        foot, n = at - u * TIP * 0.75 * self.size, QPointF(-u.y(), u.x()) * TIP_HALF * self.size
        line = QPolygonF([foot + n, at, foot - n])
        for pen in self._layers(color, width, mark):
            self.painter.setPen(pen)
            self.painter.drawPolyline(line)


# Geometry

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
            yield at + QPointF(x * (width / 2 + away + more), y * (height / 2 + away + more))


def cheapest(boxes: Iterable[Edges], hard: Sequence[Edges], soft: Sequence[Edges], lines: Sequence[Edges]) -> Edges:
    """The first box that touches nothing, or else the one that covers least: of `hard` above all."""
    best, least = (0.0, 0.0, 0.0, 0.0), math.inf
    for order, box in enumerate(boxes):
        wide = (box[0] - 2, box[1] + 2, box[2] + 2, box[3] - 2)  # lines have some breadth, letters some air above
        cost = 3.0 * order + sum(1000 + shared(box, other) for other in hard if meet(box, other))
        cost += sum(2 for other in soft if meet(box, other)) + sum(60 for line in lines if crosses(line, wide))
        if cost < least:
            best, least = box, cost
        if 3.0 * (order + 1) >= least:
            break
    return best


def leader(label: QRectF, target: QRectF, head: Edges, size: float) -> QLineF | None:
    """A line from a label to what it names, if that is so far away that one might wonder; never through the head."""
    x = min(max(label.center().x(), target.left()), target.right())
    y = min(max(label.center().y(), target.top()), target.bottom())
    here = QPointF(min(max(x, label.left()), label.right()), min(max(y, label.top()), label.bottom()))
    line = QLineF(here, QPointF(x, y))
    return line if line.length() > 22.0 * size and not crosses(ends(line), head) else None


def point(at: QPointF) -> QRectF:
    """A rectangle without a size."""
    return QRectF(at.x(), at.y(), 0.0, 0.0)


def ends(line: QLineF) -> Edges:
    return line.x1(), line.y1(), line.x2(), line.y2()


def meet(a: Edges, b: Edges) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


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


# Lines and letters


def dash(pen: QPen, dashes: Sequence[float]) -> None:
    """Dashes a pen, in units of its width."""
    pen.setCapStyle(Qt.PenCapStyle.RoundCap if dashes[0] < 1 else Qt.PenCapStyle.FlatCap)
    pen.setDashPattern(dashes)


@lru_cache(maxsize=256)
def ink(color: str, theme: Theme, least: float) -> str:
    """A run's colour, mixed with the text's until its contrast to the halo around it is `least`."""
    run, text, ground = QColor(color), QColor(theme.text), QColor(theme.card)
    for share in range(11):
        mixed = QColor(*(round(a + (b - a) * share / 10) for a, b in zip(rgb(run), rgb(text), strict=True)))
        if contrast(mixed, ground) >= least:
            return mixed.name()
    return theme.text


def rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()


def contrast(a: QColor, b: QColor) -> float:
    """The contrast ratio of the Web Content Accessibility Guidelines, from 1 to 21."""

    def luminance(color: QColor) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb(color))]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@dataclass(frozen=True)
class Piece:
    """Some letters of a text and where they go from its corner."""

    words: str
    font: str
    x: float
    y: float


def font_of(name: str, size: float) -> QFont:
    if name == "note":
        return sans(NOTE_PX * size, QFont.Weight.DemiBold)
    return math_font((SYMBOL_PX if name == "symbol" else SYMBOL_PX * 0.72) * size, bold=True)


@lru_cache(maxsize=512)
def written(text: Text, size: float) -> tuple[list[Piece], float, float]:
    """A text in pieces, with its width and height. Its numbers come apart, since they change all the time."""
    pieces, x = [], 0.0
    ascent = QFontMetricsF(font_of("symbol", size)).ascent()
    for words, name, drop in ((text.symbol, "symbol", 0.0), (text.index, "index", 0.24 * SYMBOL_PX * size)):
        if words:
            metrics = QFontMetricsF(font_of(name, size))
            pieces.append(Piece(words, name, x, ascent * 0.85 + drop - metrics.ascent()))
            x += metrics.horizontalAdvance(words)
    metrics = QFontMetricsF(font_of("note", size))
    x += 5.0 * size if x and text.note else 0.0
    for letter in text.note:
        pieces.append(Piece(letter, "note", x, ascent * 0.85 - metrics.ascent()))
        x += metrics.horizontalAdvance(letter)
    return pieces, x, QFontMetricsF(font_of("symbol", size)).height() * 0.9


@lru_cache(maxsize=1024)
def letters(words: str, font: str, size: float, color: str, halo: bool, ratio: float) -> QImage:
    """Letters, or the halo around them, as a picture with a margin of HALO: to stroke letters takes too long."""
    drawn = font_of(font, size)
    metrics, margin = QFontMetricsF(drawn), HALO * size
    slant = metrics.height() / 4  # italics lean out of their width
    box = QRectF(0, 0, metrics.horizontalAdvance(words) + 2 * margin + slant, metrics.height() + 2 * margin)
    image = blank_image(box, ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addText(QPointF(margin, margin + metrics.ascent()), drawn, words)
    if halo:
        painter.strokePath(path, outline_pen(color, HALO * size))
    path.setFillRule(Qt.FillRule.WindingFill)
    painter.fillPath(path, QColor(color))
    painter.end()
    return image


def outline_pen(color: str, width: float) -> QPen:
    pen = QPen(QColor(color), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def measure(text: Text, size: float) -> tuple[float, float]:
    """A text's width and height with room for its halo."""
    _, width, height = written(text, size)
    return width + 2.0, height
