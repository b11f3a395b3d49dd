"""Contrast of a hall's colours with everything that stands on them (WCAG 2.2, 1.4.3 and 1.4.11). Pure functions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

WHITE, CANVAS, HALO = "#FFFFFF", "#F7F6F2", "#FFD45E"
TEXT, MUTED, LINK, VISITED = "#1C2320", "#56605B", "#0B4F94", "#5A3B8A"
# words of tags that may stand on a tinted row
TAG_WORDS = {
    "ok": "#17653A",
    "warn": "#7A4700",
    "danger": "#A61E18",
    "info": LINK,
    "paused": VISITED,
    "neutral": "#454E4A",
}
READABLE, TAG_READABLE, VISIBLE = 4.5, 6.0, 3.0
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class Pair:
    """One colour standing on another: how far apart they are and how far they must be."""

    front: str
    ground: str
    ratio: float
    needed: float

    @property
    def passes(self) -> bool:
        """Whether the two can be told apart well enough."""
        return self.ratio >= self.needed


def luminance(colour: str) -> float:
    """Return the relative luminance (0 black to 1 white) of `#RRGGBB`. Raises ValueError for anything else."""
    if not COLOUR.fullmatch(colour):
        raise ValueError(f"not a colour like #155A86: {colour!r}")
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 (the same) to 21 (black and white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def pairs(tokens: Mapping[str, str]) -> Iterator[Pair]:
    """Yield every pair that the stylesheet makes of a hall's tokens (`brand`, `dark`, `soft`, `ink`).

    `accent` is a line and never text, so nothing is asked of it.
    """

    def pair(front: str, ground: str, needed: float) -> Pair:
        colours = {"white": WHITE, "canvas": CANVAS, "halo": HALO, "text": TEXT, "muted": MUTED, "link": LINK}
        colours |= {
            "visited": VISITED,
            **{f"tag {name}": colour for name, colour in TAG_WORDS.items()},
            **tokens,
        }
        return Pair(front, ground, ratio(colours[front], colours[ground]), needed)

    yield pair("white", "brand", READABLE)
    yield pair("white", "dark", READABLE)
    for front in ("text", "muted", "link", "visited", "ink"):
        yield pair(front, "soft", READABLE)
    for ground in ("white", "canvas"):
        yield pair("ink", ground, READABLE)
    for name in TAG_WORDS:
        yield pair(f"tag {name}", "soft", TAG_READABLE)
    yield pair("halo", "brand", VISIBLE)


def failures(tokens: Mapping[str, str]) -> list[Pair]:
    """Return the pairs that are too close; empty when the theme may be published."""
    return [pair for pair in pairs(tokens) if not pair.passes]
