"""A look whole: the city's parts, and over them what a hall set. Pure functions."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from theming import contrast, parts
from theming.parts import BY_KEY, COLOURS, FOOTER, PARTS
from theming.tokens import Tokens, motif_paths

HALL, CITY, LOCKED = "hall", "city", "locked"


@dataclass(frozen=True)
class Look:
    """What pages show: every part with its value, and whose each is (`hall`, `city`, `locked` by the city)."""

    values: Mapping[str, Any]
    sources: Mapping[str, str] = field(default_factory=dict)
    # the hall's own colours cannot be read on the city's present ones, so the city's hold
    is_unreadable: bool = False
    city_notices: tuple[Mapping[str, str], ...] = ()

    @property
    def tokens(self) -> Tokens:
        """The five colours."""
        return Tokens(**{name: self.values[name] for name in COLOURS})

    @property
    def brand(self) -> str:
        """The colour of header and main button."""
        return str(self.values["brand"])

    @property
    def hash(self) -> str:
        """The name of the stylesheet."""
        return self.tokens.digest()

    @property
    def paths(self) -> list[str]:
        """The drawing's SVG paths."""
        return motif_paths(self.values["motif"])

    @property
    def logo(self) -> Mapping[str, Any] | None:
        """The picture before the hall's name."""
        found: Mapping[str, Any] | None = self.values["logo"]
        return found

    @property
    def banner(self) -> Mapping[str, Any] | None:
        """What the home page begins with: title, text, picture, alt."""
        found: Mapping[str, Any] | None = self.values["banner"]
        return found

    @property
    def blocks(self) -> list[str]:
        """The keys of the home page's blocks that are shown, in their order."""
        return [each["key"] for each in self.values["blocks"] if not each["hidden"]]

    @property
    def footer(self) -> dict[str, str]:
        """主办, 承办 and the three numbers; empty where they wait to be filled in."""
        return {name: self.values[name] for name in FOOTER}

    def notices(self, where: str, today: date) -> list[str]:
        """Return the notices of a place (`home`, `everywhere`) that hold today, the city's first."""
        day = today.isoformat()
        return [
            each["text"]
            for each in (*self.city_notices, *self.values["notices"])
            if each["where"] == where
            and (not each["from"] or each["from"] <= day)
            and (not each["until"] or day <= each["until"])
        ]


def of_city(stored: Any) -> dict[str, Any]:
    """Return every part of the city's look; where it said nothing usable, the neutral one's. Colours hold together or not at all."""
    values = {part.key: part.empty for part in PARTS} | parts.usable(stored)
    if contrast.failures({name: values[name] for name in COLOURS}):
        values |= {name: BY_KEY[name].empty for name in COLOURS}
    return values


def compose(city: Mapping[str, Any], locks: Collection[str], own: Any) -> Look:
    """Return the look of a hall: `city` as of_city gives it, `own` as it is stored, whoever wrote it there."""
    usable = parts.usable(own)
    kept = {key: value for key, value in usable.items() if key not in locks}
    values = {**city, "notices": [], **kept}
    sources = {
        part.key: HALL if part.key in kept else LOCKED if part.key in locks else CITY for part in PARTS
    }
    is_unreadable = bool(contrast.failures({name: values[name] for name in COLOURS}))
    if is_unreadable:
        values |= {name: city[name] for name in COLOURS}
    return Look(values, sources, is_unreadable, tuple(city["notices"]))


@dataclass(frozen=True)
class Review:
    """A part that a hall set against a value of the city's that is no longer the city's."""

    key: str
    before: Any
    now: Any
    ours: Any
    is_locked: bool

    @property
    def seen(self) -> str:
        """A mark of what its reader compares."""
        return mark(self.before, self.now, self.ours, self.is_locked)


def reviews(city: Mapping[str, Any], locks: Collection[str], own: Any, bases: Any) -> list[Review]:
    """Return what waits for the hall's decision, in the order of the parts."""
    usable = parts.usable(own)
    bases = bases if isinstance(bases, Mapping) else {}
    return [
        Review(part.key, bases.get(part.key), city[part.key], usable[part.key], part.key in locks)
        for part in PARTS
        if part.key in usable
        and not part.is_added
        and (part.key in locks or bases.get(part.key) != city[part.key])
    ]


def mark(*values: Any) -> str:
    """Return a short mark of these JSON values: the same values give the same mark."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
