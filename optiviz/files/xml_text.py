"""The scene in the XML of pictures: SVG, where it is found again, and the metadata of a PDF.

A picture comes from anywhere. So nothing is read but our own element: a document type that declares anything is
refused (entities that multiply, defaults that are repeated for every element), nothing outside is ever asked for, and
elements and levels are counted.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from ..engine.params import shown

TAG = "optiviz-scene"
NAMESPACE = "urn:optiviz:scene"
SEARCHED = 10_000_000  # bytes from the beginning of a picture, where `embedded` puts the scene
MOST_ELEMENTS, DEEPEST = 300_000, 500

ROOT = re.compile(r"""<(?:\w+:)?svg(?=[\s/>])(?:[^<>"']|"[^"]*"|'[^']*')*>""")
NO_SCENE = "this picture carries no OptiViz scene"


# --- writing ---


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def element(text: str) -> str:
    """The scene, as the text of a scene file, in an XML element of its own."""
    return f'<{TAG} xmlns="{NAMESPACE}">{escaped(text)}</{TAG}>'


def embedded(svg: str, text: str) -> str:
    """An SVG picture that carries the text of a scene file, at its very beginning."""
    root = ROOT.search(svg)
    if root is None or root[0].endswith("/>"):
        raise ValueError("this is no SVG picture that a scene could be put into")
    return f"{svg[: root.end()]}\n<metadata>{element(text)}</metadata>{svg[root.end() :]}"


def xmp(text: str) -> str:
    """The XMP metadata of a PDF that carries the text of a scene file (ISO 16684-1)."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<rdf:Description rdf:about="" xmlns:optiviz="{NAMESPACE}">\n'
        f"<optiviz:scene>{escaped(text)}</optiviz:scene>\n"
        '</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>'
    )


# --- reading ---


class Found(Exception):
    """Ends the reading: the element is complete."""


class Search:
    """What has been seen of a picture so far."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.elements = self.depth = self.length = 0
        self.pieces: list[str] = []
        # The names stay as they are written: a long name space would be put in front of every one of them.
        self.parser = expat.ParserCreate("utf-8")
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def doctype(self, name: str, system: str | None, public: str | None, declares: int) -> None:
        if declares:
            raise ValueError("this picture declares a document type of its own, which may do harm, and is not read")

    def start(self, name: str, attributes: list[str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements == 1 and local(name) != "svg":
            raise ValueError(f"this is neither a scene nor an SVG picture: it begins with {shown(name)}")
        if self.elements > MOST_ELEMENTS or self.depth > DEEPEST:
            raise ValueError(f"{NO_SCENE} among its first {self.elements - 1:,} elements")
        if local(name) == TAG:
            self.pieces.clear()
            self.parser.CharacterDataHandler = self.take

    def take(self, text: str) -> None:
        self.length += len(text)
        if self.length > self.longest:
            raise ValueError("this picture carries a text that is too long for a scene")
        self.pieces.append(text)

    def end(self, name: str) -> None:
        self.depth -= 1
        if local(name) == TAG:
            raise Found


def local(name: str) -> str:
    """A name without the prefix of its name space, which other programs rename."""
    return name.rpartition(":")[2]


def find_text(content: bytes, longest: int) -> str:
    """The scene's text in the beginning of an SVG picture. Raises ValueError if there is none to be found."""
    search = Search(longest)
    try:
        search.parser.Parse(content[:SEARCHED], len(content) <= SEARCHED)
    except Found:
        return "".join(search.pieces)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code) or "not well-formed"
        raise ValueError(f"this picture is damaged: {reason} in line {error.lineno}") from None
    raise ValueError(NO_SCENE)
