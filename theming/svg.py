"""A drawing as SVG, written anew: of what came, only shapes and their paint are kept (an allow-list), and nothing that acts or fetches.

Read by a real parser (expat). A document type, an entity or a processing instruction ends the reading at once, so no
entity is ever opened; what is not on the list (scripts, styles, pictures, foreign content, links, handlers) is refused
rather than dropped, so that nobody publishes a logo with a hole in it.
"""

import re
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

SVG = "http://www.w3.org/2000/svg"
MOST_BYTES = 48 * 1024
MOST_KEPT = 12 * 1024
MOST_ELEMENTS, MOST_DEEP = 600, 24
SIDE = (8, 4000)

_SHAPES = {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
_PAINTS = {"defs", "linearGradient", "radialGradient", "stop", "clipPath"}
# read and left out: words for whoever edits it
_LEFT_OUT = {"title", "desc", "metadata"}
# other programs' notes: their elements and attributes are left out with all that is in them
_EDITORS = (
    "http://www.inkscape.org/",
    "http://sodipodi.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.bohemiancoding.com/",
)
_ATTRIBUTES = frozenset(
    [
        "d",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "fx",
        "fy",
        "width",
        "height",
        "points",
        "viewBox",
        "transform",
        "id",
        "fill",
        "fill-rule",
        "fill-opacity",
        "clip-rule",
        "clip-path",
        "stroke",
        "stroke-width",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-opacity",
        "opacity",
        "offset",
        "stop-color",
        "stop-opacity",
        "gradientUnits",
        "gradientTransform",
        "spreadMethod",
        "clipPathUnits",
        "preserveAspectRatio",
        "color",
    ]
)
_HARMLESS_LEFT_OUT = frozenset(("version", "baseProfile", "class", "data-name", "role", "enable-background"))
_VALUE = re.compile(r"[A-Za-z0-9 #%,.+()\-\n\t]*")
_OWN_REFERENCE = re.compile(r"url\(#[A-Za-z][\w-]*\)")
_ID = re.compile(r"[A-Za-z][\w-]{0,60}")
_LENGTH = re.compile(r"\s*([0-9]{1,5}(?:\.[0-9]{1,6})?)\s*(?:px)?\s*")


class BadDrawing(ValueError):
    """The drawing is not taken; the text is the reason's name: large, active, broken."""


def clean(content: bytes) -> tuple[int, int, bytes]:
    """Return width, height and the drawing written anew. Raises BadDrawing."""
    if len(content) > MOST_BYTES:
        raise BadDrawing("large")
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    for name in (
        "StartDoctypeDecl",
        "EntityDecl",
        "ProcessingInstruction",
        "ExternalEntityRef",
        "SkippedEntity",
    ):
        setattr(parser, f"{name}Handler", _refuse)
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as problem:
        raise problem if isinstance(problem, BadDrawing) else BadDrawing("broken") from None
    made = "".join(reader.written).encode()
    if len(made) > MOST_KEPT:
        raise BadDrawing("large")
    if reader.shapes == 0:
        raise BadDrawing("broken")
    return *reader.size, made


def _refuse(*_what: Any) -> None:
    raise BadDrawing("active")


class _Reader:
    """Writes what is on the list as it is read."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.size = (0, 0)
        self.shapes = self.elements = self.deep = 0
        # how deep the left out part began, or 0
        self.skipped_from = 0

    def start(self, full: str, attributes: dict[str, str]) -> None:
        self.deep += 1
        self.elements += 1
        if self.elements > MOST_ELEMENTS or self.deep > MOST_DEEP:
            raise BadDrawing("large")
        if self.skipped_from:
            return
        space, _space, name = full.rpartition(" ")
        if space.startswith(_EDITORS) or (space == SVG and name in _LEFT_OUT):
            self.skipped_from = self.deep
            return
        if space != SVG or name not in _SHAPES | _PAINTS or (self.deep == 1) != (name == "svg"):
            raise BadDrawing("active")
        kept = _attributes(attributes)
        if self.deep == 1:
            kept = self._root(kept)
        elif name in _SHAPES - {"g"}:
            self.shapes += 1
        said = "".join(f" {key}={quoteattr(value)}" for key, value in kept.items())
        self.written.append(f"<{name}{said}>")

    def end(self, full: str) -> None:
        if not self.skipped_from:
            self.written.append(f"</{full.rpartition(' ')[2]}>")
        elif self.deep == self.skipped_from:
            self.skipped_from = 0
        self.deep -= 1

    def _root(self, kept: dict[str, str]) -> dict[str, str]:
        box = [float(part) for part in kept.get("viewBox", "").replace(",", " ").split()]
        sides = [_LENGTH.fullmatch(kept.get(name, "")) for name in ("width", "height")]
        if len(box) == 4:
            width, height = box[2:]
        elif all(sides):
            width, height = (float(side[1]) for side in sides if side)
            box = [0, 0, width, height]
        else:
            raise BadDrawing("broken")
        if not all(SIDE[0] <= side <= SIDE[1] for side in (width, height)):
            raise BadDrawing("broken")
        self.size = (round(width), round(height))
        kept = {key: value for key, value in kept.items() if key not in {"x", "y", "width", "height"}}
        frame = {"xmlns": SVG, "width": str(self.size[0]), "height": str(self.size[1])}
        return {**frame, **kept, "viewBox": " ".join(f"{part:g}" for part in box)}


def _attributes(given: dict[str, str]) -> dict[str, str]:
    kept = {}
    for full, value in given.items():
        space, _space, name = full.rpartition(" ")
        if space.startswith(_EDITORS) or (not space and name in _HARMLESS_LEFT_OUT) or name == "space":
            continue
        if space or name not in _ATTRIBUTES or len(value) > MOST_KEPT:
            raise BadDrawing("active")
        if name == "id":
            fits = _ID.fullmatch(value)
        else:
            fits = (
                _VALUE.fullmatch(_OWN_REFERENCE.sub("", value))
                if "url" in value.lower()
                else _VALUE.fullmatch(value)
            )
            if fits and "url" in _OWN_REFERENCE.sub("", value).lower():
                fits = None
        if not fits:
            raise BadDrawing("active")
        kept[name] = value
    return kept
