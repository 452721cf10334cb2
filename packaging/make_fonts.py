"""Build the bundled font subsets.  See README.md.

    python make_fonts.py [folder with the Debian fonts, default /usr/share/fonts/opentype]

Needs fonttools.  Not used at run time.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.reverseContourPen import ReverseContourPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent.parent / "resources" / "fonts"
SOURCE = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/opentype")


def span(first: int, last: int) -> set[int]:
    return set(range(first, last + 1))


COMMON = (
    span(0x20, 0x7E)
    | span(0xA0, 0xFF)
    | span(0x370, 0x3FF)  # Greek
    | span(0x300, 0x304)
    | {0x307, 0x308, 0x30A, 0x30C}  # grave acute circumflex tilde macron dot ...
    | span(0x2070, 0x209C)  # superscripts and subscripts
    | {0x1D57, 0x1D40, 0x1D62, 0x2C7C, 0x2C7}
    | {ord(c) for c in "−×·±≤≥≠√∇∂∞≈∈⌊⌋⌈⌉‖∣∥←→↑↓↔…–—‘’“”„‚‹›′″½⁄°∆∑∏∫∘⋅∗≪≫∝⟨⟩ℝ‰•ˆ˜€"}
)
COMMON |= {0x131, 0x237} | {ord(c) for c in "★●○◀▶▲▼"}
SANS = COMMON | span(0x100, 0x17F) | {ord(c) for c in "☆◆✓⌘⏎⇧⌃⌥⌫"}
MATH = COMMON | {ord(c) for c in "ĈĉĜĝĤĥĴĵŜŝŴŵŶŷ"}
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "pnum", "lnum", "case", "zero", "sups", "subs"]

# file, source, family, style, weight
FONTS = [
    ("OptiVizSans-Regular.otf", "inter/Inter-Regular.otf", "OptiViz Sans", "Regular", 400),
    ("OptiVizSans-SemiBold.otf", "inter/Inter-SemiBold.otf", "OptiViz Sans", "SemiBold", 600),
    ("OptiVizSans-Bold.otf", "inter/Inter-Bold.otf", "OptiViz Sans", "Bold", 700),
    ("OptiVizMath-Italic.otf", "linux-libertine/LinLibertine_RI.otf", "OptiViz Math", "Italic", 400),
    ("OptiVizMath-BoldItalic.otf", "linux-libertine/LinLibertine_RBI.otf", "OptiViz Math", "Bold Italic", 700),
]


class Editor:
    """Adds a few glyphs that the originals lack."""

    def __init__(self, font: TTFont) -> None:
        self.font = font
        self.cmap = font.getBestCmap()

    def map(self, code: int, name: str) -> None:
        for table in self.font["cmap"].tables:
            if table.isUnicode() and (code <= 0xFFFF or table.format == 12):
                table.cmap[code] = name
        self.cmap = self.font.getBestCmap()

    def record(self, name: str):
        pen = DecomposingRecordingPen(self.font.getGlyphSet())
        self.font.getGlyphSet()[name].draw(pen)
        return pen

    def points(self, char: str) -> list[tuple[float, float]]:
        return [p for _, args in self.record(self.cmap[ord(char)]).value for p in args]

    def width(self, char: str) -> int:
        return self.font["hmtx"][self.cmap[ord(char)]][0]

    def add(self, char: str, width: int, draw) -> None:
        if ord(char) in self.cmap:
            return
        name = f"uni{ord(char):04X}"
        top = self.font["CFF "].cff.topDictIndex[0]
        pen = T2CharStringPen(width, None)
        draw(pen)
        code = pen.getCharString(private=top.Private, globalSubrs=top.GlobalSubrs)
        # T2 widths are stored relative to nominalWidthX
        code.program[0] = width - top.Private.nominalWidthX
        strings = top.CharStrings
        strings.charStringsIndex.append(code)
        strings.charStrings[name] = len(strings.charStringsIndex) - 1
        if name not in top.charset:
            top.charset.append(name)
        self.font.setGlyphOrder(top.charset)
        self.font["hmtx"][name] = (width, 0)
        self.font["maxp"].numGlyphs = len(top.charset)
        self.map(ord(char), name)

    def alias(self, char: str, name: str | None) -> None:
        if name and ord(char) not in self.cmap and name in self.font.getGlyphOrder():
            self.map(ord(char), name)

    def moved(self, char: str, name: str, dy: int) -> None:
        if name in self.font.getGlyphOrder():
            recorded = self.record(name)
            self.add(
                char, self.font["hmtx"][name][0], lambda pen: recorded.replay(TransformPen(pen, (1, 0, 0, 1, 0, dy)))
            )

    def brackets(
        self, bottom: float, top: float, stem: float, foot: float, reach: float, lean: float, side: float
    ) -> None:
        """Floor and ceiling brackets as plain (leaning) angles."""
        width = round(2 * side + reach)

        def shape(points):
            def draw(pen):
                path = [(round(x + lean * (y - bottom)), round(y)) for x, y in points]
                pen.moveTo(path[0])
                for p in path[1:]:
                    pen.lineTo(p)
                pen.closePath()

            return draw

        a, b = side * 1.25, side * 1.25 + reach  # left-hand forms stand a little to the right
        c, d = width - b, width - a
        self.add(
            "⌊",
            width,
            shape([(a, bottom), (b, bottom), (b, bottom + foot), (a + stem, bottom + foot), (a + stem, top), (a, top)]),
        )
        self.add(
            "⌈",
            width,
            shape([(a, bottom), (a + stem, bottom), (a + stem, top - foot), (b, top - foot), (b, top), (a, top)]),
        )
        self.add(
            "⌋",
            width,
            shape([(c, bottom), (d, bottom), (d, top), (d - stem, top), (d - stem, bottom + foot), (c, bottom + foot)]),
        )
        self.add(
            "⌉",
            width,
            shape([(d - stem, bottom), (d, bottom), (d, top), (c, top), (c, top - foot), (d - stem, top - foot)]),
        )


def extend_sans(font: TTFont) -> None:
    ed = Editor(font)
    xs, ys = zip(*ed.points("["), strict=True)
    stem = sorted(set(xs))[1] - min(xs)
    foot = sorted(set(ys))[1] - min(ys)
    ed.brackets(min(ys), max(ys), stem, foot, max(xs) - min(xs), 0, (ed.width("[") - max(xs) + min(xs)) / 2)
    delta = ed.record(ed.cmap[0x394])
    height = max(y for _, y in ed.points("Δ"))
    ed.add("∇", ed.width("Δ"), lambda pen: delta.replay(TransformPen(ReverseContourPen(pen), (1, 0, 0, -1, 0, height))))
    xs, ys = zip(*ed.points("−"), strict=True)
    w, mid, left, right = max(ys) - min(ys), (max(ys) + min(ys)) / 2, min(xs), max(xs)
    half = (right - left) * 0.5
    k = 0.5523

    def element(pen):
        cx = left + half
        inner, lo, hi = left + w, mid - w / 2, mid + w / 2
        t, b = mid + half, mid - half
        r = lo - (b + w)
        pen.moveTo((right, t))
        pen.lineTo((cx, t))
        pen.curveTo((cx - k * half, t), (left, mid + k * half), (left, mid))
        pen.curveTo((left, mid - k * half), (cx - k * half, b), (cx, b))
        pen.lineTo((right, b))
        pen.lineTo((right, b + w))
        pen.lineTo((cx, b + w))
        pen.curveTo((cx - k * (cx - inner), b + w), (inner, lo - r + k * r), (inner, lo))
        pen.lineTo((right, lo))
        pen.lineTo((right, hi))
        pen.lineTo((inner, hi))
        pen.curveTo((inner, hi + r - k * r), (cx - k * (cx - inner), t - w), (cx, t - w))
        pen.lineTo((right, t - w))
        pen.closePath()

    ed.add("∈", ed.width("−"), element)
    ed.alias("∣", ed.cmap.get(0x7C))
    ed.alias("∥", ed.cmap.get(0x2016))
    ed.alias("⋅", ed.cmap.get(0xB7))
    ed.alias("∆", ed.cmap.get(0x394))


def extend_math(font: TTFont) -> None:
    ed = Editor(font)
    bold = font["OS/2"].usWeightClass > 500
    ed.brackets(-200, 690, 62 if bold else 44, 62 if bold else 44, 190, 0.176, 60)
    ed.alias("ᵗ", "t.superior")
    ed.alias("ᵢ", "i.inferior")
    ed.alias("ⱼ", "j.inferior")
    for char, name in (("ᵢ", "i.superior"), ("ⱼ", "j.superior"), ("ₜ", "t.superior"), ("ₖ", "k.superior")):
        ed.moved(char, name, -430)
    ed.alias("ϕ", ed.cmap.get(0x3C6))
    ed.alias("ϵ", ed.cmap.get(0x3B5))
    ed.alias("ϑ", ed.cmap.get(0x3B8))


def make_tabular(font: TTFont) -> None:
    """Makes the figures of one width (tnum) the plain ones.

    Qt would use them as an alternate form too, but then writes PDF files whose figures cannot be searched or copied.
    """
    layout = font["GSUB"].table
    lookups = {i for r in layout.FeatureList.FeatureRecord if r.FeatureTag == "tnum" for i in r.Feature.LookupListIndex}
    tables = [table for i in lookups for table in layout.LookupList.Lookup[i].SubTable]
    tabular = {name: other for table in tables for name, other in getattr(table, "ExtSubTable", table).mapping.items()}
    for table in font["cmap"].tables:
        table.cmap.update({code: tabular[name] for code, name in table.cmap.items() if name in tabular})


def rename(font: TTFont, family: str, style: str, weight: int) -> None:
    name = font["name"]
    copyright_ = name.getDebugName(0) or ""
    origin = "Inter" if family.endswith("Sans") else "the Linux Libertine fonts"
    if family.endswith("Math"):
        copyright_ = "Copyright (c) 2003-2012 Philipp H. Poll"
    ribbi = style in ("Regular", "Italic", "Bold", "Bold Italic")
    ps = f"{family.replace(' ', '')}-{style.replace(' ', '')}"
    version = name.getDebugName(5) or ""
    name.names = []
    values = {
        0: copyright_,
        1: family if ribbi else f"{family} {style}",
        2: style if ribbi else "Regular",
        3: f"OptiViz:{ps}",
        4: f"{family} {style}",
        5: f"{version.strip()}; OptiViz subset",
        6: ps,
        10: f"Subset of {origin}, made for OptiViz",
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://openfontlicense.org",
    }
    if not ribbi:
        values |= {16: family, 17: style}
    for key, value in values.items():
        name.setName(value, key, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [ps]
    top = cff.topDictIndex[0]
    top.FamilyName, top.FullName, top.Weight = family, f"{family} {style}", style
    for key in ("Notice", "Copyright"):
        if key in top.rawDict:
            setattr(top, key, copyright_)
    os2 = font["OS/2"]
    os2.usWeightClass = weight
    italic, bold = "Italic" in style, weight == 700
    typo = os2.fsSelection & 0x80
    os2.fsSelection = typo | italic | (bold << 5) | ((not italic and not bold) << 6)
    font["head"].macStyle = bold | (italic << 1)


def main() -> None:
    for file, source, family, style, weight in FONTS:
        font = TTFont(SOURCE / source)
        sans = family.endswith("Sans")
        (extend_sans if sans else extend_math)(font)
        options = subset.Options()
        options.layout_features = FEATURES
        options.name_IDs = ["*"]
        options.notdef_outline = True
        options.glyph_names = False
        options.hinting = True
        options.drop_tables += ["FFTM"]
        cutter = subset.Subsetter(options)
        wanted = SANS if sans else MATH
        cutter.populate(unicodes=wanted)
        cutter.subset(font)
        if sans:
            make_tabular(font)
        rename(font, family, style, weight)
        font.save(HERE / file)
        missing = sorted(c for c in wanted if c not in font.getBestCmap() and (c >= 0x2000 or c >= 0x1D00))
        print(
            file,
            (HERE / file).stat().st_size,
            font["maxp"].numGlyphs,
            "glyphs; missing",
            " ".join(f"{c:04X}{chr(c)}" for c in missing),
        )


main()
