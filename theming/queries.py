"""Which look is in force, and what is prepared beside it.

What pages show is read as `gate`, kept by each process for five seconds at most, by hall. Editing reads anew: a hall's own
rows in its scope (row-level security shows it no other), and the city's, which a hall may read only as `gate`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from django.db.models import QuerySet

from tenants.shared import scope
from tenants.shared.models import Hall
from tenants.shared.queries import kept
from theming import contrast, looks
from theming.looks import Look, Review
from theming.models import HallTheme, ThemeDraft, ThemeFile
from theming.parts import COLOURS, usable
from theming.tokens import Tokens

GATE = "gate"
PORTAL = 0
PUBLIC = "public"
# how many former looks of a hall and of the city a page in somebody's browser may be from
FORMER = 20


@dataclass(frozen=True)
class CityLook:
    """The city's parts, all of them, and which halls may not set."""

    number: int = 0
    values: dict[str, Any] = field(default_factory=lambda: looks.of_city({}))
    locks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Readiness:
    """Whether a hall's look may be opened with: what is unreadable, and what waits."""

    failures: list[contrast.Pair]
    is_published: bool
    has_draft: bool
    reviews: int

    @property
    def is_ready(self) -> bool:
        """Whether the look in force can be read and is the hall's decision."""
        return self.is_published and not self.failures


def in_force() -> dict[int, HallTheme]:
    """Return the row in force of every hall by hall id, the city's under 0. One query in five seconds."""

    def read() -> dict[int, HallTheme]:
        latest = HallTheme.objects.using(GATE).order_by("hall_id", "-number").distinct("hall_id")
        return {row.hall_id or PORTAL: row for row in latest}

    return kept("looks", read)


def themes() -> dict[int, Look]:
    """Return the look of every hall that published one by hall id, the portal's under 0."""

    def made() -> dict[int, Look]:
        rows = in_force()
        city = _city_look(rows.get(PORTAL))
        return {key: _look(city, row if key else None) for key, row in rows.items()}

    return kept("looks made", made)


def look_of(hall: Hall | None) -> Look:
    """Return the look of this hall (None: of the portal): its own parts, the city's, or the neutral one's."""
    known = themes()
    number = hall.pk if hall else PORTAL
    if number in known:
        return known[number]
    return _look(_city_look(in_force().get(PORTAL)), None)


def _city_look(row: HallTheme | None) -> CityLook:
    if row is None:
        return CityLook()
    locks = frozenset(str(key) for key in row.locks) if isinstance(row.locks, list) else frozenset()
    return CityLook(row.number, looks.of_city(row.parts), locks)


def _look(city: CityLook, row: HallTheme | ThemeDraft | None) -> Look:
    return looks.compose(city.values, city.locks, row.parts if row else {})


def stylesheet(hall: Hall | None, digest: str) -> str | None:
    """Return the text of a stylesheet that this host has, or had not long ago, under this digest; None for any other."""
    tokens = look_of(hall).tokens
    if tokens.digest() == digest:
        return tokens.css()
    rows = HallTheme.objects.using(GATE).order_by("-number")
    cities = [looks.of_city(row.parts) for row in rows.filter(hall=None)[:FORMER]] or [looks.of_city({})]
    own: Iterable[Any] = [row.parts for row in rows.filter(hall=hall)[:FORMER]] if hall else []
    for city, mine in product(cities, [*own, {}]):
        tokens = looks.compose(city, (), mine).tokens
        if tokens.digest() == digest:
            return tokens.css()
    return None


def file_of(hall: Hall | None, digest: str) -> ThemeFile | None:
    """Return a picture of this host's: the hall's own, or one of the city's look that it inherits."""
    found = ThemeFile.objects.using(GATE).filter(digest=digest)
    own = found.filter(hall=hall).first() if hall else None
    return own or found.filter(hall=None).first()


def city_now(using: str | None = None) -> CityLook:
    """Return the city's look, read anew."""
    rows = HallTheme.objects.using(using or _readable()).filter(hall=None)
    return _city_look(rows.order_by("-number").first())


def _readable() -> str:
    """Return the alias that sees the city's rows: within a hall's scope not the hall's own."""
    entered = scope.current()
    return GATE if entered is not None and entered.schema != PUBLIC else "default"


def live(hall: Hall | None, using: str | None = None) -> HallTheme | None:
    """Return the row in force of a hall (None: of the city), read in the scope that is open."""
    return history(hall, using).first()


def history(hall: Hall | None, using: str | None = None) -> QuerySet[HallTheme]:
    """Return every look that a hall (None: the city) published, the newest first."""
    return HallTheme.objects.using(using).filter(hall=hall).order_by("-number")


def all_live() -> QuerySet[HallTheme]:
    """Return the row in force of every hall: for the city, in its scope."""
    return HallTheme.objects.exclude(hall=None).order_by("hall_id", "-number").distinct("hall_id")


def draft(hall: Hall | None) -> ThemeDraft | None:
    """Return what is prepared, or None."""
    return ThemeDraft.objects.filter(hall=hall).first()


def prepared(hall: Hall | None) -> Look | None:
    """Return the look that the draft would make; None without a draft."""
    found = draft(hall)
    if found is None:
        return None
    if hall is None:
        return looks.compose(looks.of_city(found.parts), (), {})
    return _look(city_now(), found)


def reviews_of(row: HallTheme | None, city: CityLook) -> list[Review]:
    """Return what the city changed under the parts that this hall set."""
    return looks.reviews(city.values, city.locks, row.parts, row.bases) if row else []


def waiting(hall: Hall) -> int:
    """Return how many parts wait for the hall's decision: from what is kept, without a query."""
    rows = in_force()
    return len(reviews_of(rows.get(hall.pk), _city_look(rows.get(PORTAL))))


def readiness(hall: Hall) -> Readiness:
    """Return whether the hall's look passes contrast and is published: for the go-live check, in the hall's scope or the city's.

    A hall that set nothing shows the city's look, and that counts as published when the city has one.
    """
    city, row = city_now(), live(hall)
    look = _look(city, row)
    colours = {name: look.values[name] for name in COLOURS}
    if row is not None and look.is_unreadable:
        # what was broken by hand is looked at elsewhere
        colours |= {key: value for key, value in usable(row.parts).items() if key in COLOURS}
    return Readiness(
        failures=contrast.failures(colours),
        is_published=row is not None or city.number > 0,
        has_draft=draft(hall) is not None,
        reviews=len(reviews_of(row, city)),
    )


def tokens_of(row: HallTheme | ThemeDraft, city: CityLook) -> Tokens:
    """Return the colours that a row makes on the city's look, whether they can be read or not."""
    return Tokens(**{name: row.parts.get(name, city.values[name]) for name in COLOURS})
