"""Reads of what the halls publish: their items together, as the portal and the city may read them."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import cache
from django.db.models import Case, CharField, Count, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import JSONObject

from cases.shared.models import Pointer
from catalog.shared.enums import Audience
from catalog.shared.models import Offer, OverrideFact, PortalItem, Theme
from catalog.shared.queries import (
    KEPT_SECONDS,
    find_theme,
    for_audience,
    matching,
    of_theme,
    theme_key,
    themes,
)
from tenants.shared.enums import HallState
from tenants.shared.models import Hall
from tenants.shared.queries import halls

# halls that the public is led to; one being prepared or on trial is for those who were invited
SHOWN_STATES = {HallState.OPEN, HallState.FROZEN, HallState.CLOSING}
COUNTED = ("items", "local", "hidden", "overrides", "open", "late")
NUMERALS = "零一两三四五六七八九十"


def shown_halls() -> list[Hall]:
    """Return the halls that the public is led to, in the city's order."""
    return [hall for hall in halls() if hall.state in SHOWN_STATES]


def hall_by_id(pk: int) -> Hall | None:
    """Return the hall that the public is led to by this number, or None."""
    return next((hall for hall in shown_halls() if hall.pk == pk), None)


@dataclass(frozen=True)
class Search:
    """What is looked for in all halls; unknown values ask for nothing."""

    q: str = ""
    hall: str = ""
    audience: str = ""
    theme: Theme | None = field(default=None, compare=False)

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Search":
        """Return the search that an address asks for."""
        audience, hall = query.get("audience", ""), query.get("hall", "")
        return cls(
            q=query.get("q", "").replace("\x00", "").strip()[:50],
            hall=hall if hall in {known.key for known in shown_halls()} else "",
            audience=audience if audience in Audience.values else "",
            theme=find_theme(query.get("theme", "")),
        )


def found_items(search: Search) -> "QuerySet[PortalItem, Any]":
    """Return one row for each item that a hall shows, best match first: its halls, and what it takes there.

    A shared item is one across halls; a local item is known by its hall too. One query, whatever the number of halls.
    """
    roles = [hall.role for hall in shown_halls() if search.hall in ("", hall.key)]
    items: QuerySet[PortalItem] = PortalItem.objects.filter(hidden=False, hall_id__in=roles)
    if search.theme is not None:
        items = of_theme(items, search.theme)
    if search.audience:
        items = for_audience(items, search.audience)
    items = matching(items, search.q) if search.q else items.annotate(rank=Value(0))
    group = Case(When(is_local=True, then="id"), default="code", output_field=CharField())
    offered = JSONObject(
        role="hall_id", days="promised_days", unit="promised_unit", visits="visits", apply="can_apply", book="can_book", version="version"
    )
    rows: Any = items.annotate(group=group).values("group", "code", "name", "department", "kind", "is_local", "rank")
    found = rows.annotate(offers=ArrayAgg(offered, order_by="hall_id")).order_by("rank", "name", "group")
    return cast("QuerySet[PortalItem, Any]", found)


def item_by_code(code: str) -> dict[str, Any] | None:
    """Return the row of a shared item in all halls, or None where none shows it."""
    if not re.fullmatch(r"\d{14}", code):
        return None
    return found_items(Search()).filter(code=code, is_local=False).first()


def theme_counts() -> dict[str, int]:
    """Return how many items carry each theme over all halls, each item once, by the items' key. Kept for a minute."""
    kept: dict[str, int] | None = cache.get("portal:theme-counts")
    if kept is None:
        roles = [hall.role for hall in shown_halls()]
        entry = Func(F("themes"), function="jsonb_array_elements_text", output_field=TextField(), set_returning=True)
        items = PortalItem.objects.filter(hidden=False, hall_id__in=roles).values(entry=entry)
        counted = items.annotate(number=Count("code", distinct=True)).order_by("entry")
        kept = {row["entry"]: row["number"] for row in counted}
        cache.set("portal:theme-counts", kept, KEPT_SECONDS)
    return kept


def themes_with_counts(*lists: str) -> list[tuple[Theme, int]]:
    """Return the themes of these lists that some hall has an item of, with how many."""
    counts = theme_counts()
    found = [(theme, counts.get(theme_key(theme), 0)) for theme in themes() if theme.list in lists]
    return [(theme, number) for theme, number in found if number]


def in_words(number: int) -> str:
    """Return a small number as Chinese counts things: 两, 六; digits past ten."""
    return NUMERALS[number] if number < len(NUMERALS) else str(number)


@dataclass(frozen=True)
class Figures:
    """How many halls are open, and how many items they offer online (an item counts in each hall)."""

    halls: int
    items: int

    @property
    def halls_in_words(self) -> str:
        """The number of halls as Chinese counts them, to ten."""
        return in_words(self.halls)

    @property
    def items_in_words(self) -> str:
        """The number of items with its thousands set off: 3,191."""
        return f"{self.items:,}"


def figures() -> Figures:
    """Return the open figures: items that can be applied for or booked online, of all halls. Kept for a minute."""
    kept: Figures | None = cache.get("portal:figures")
    if kept is None:
        roles = [hall.role for hall in shown_halls()]
        online = Q(can_apply=True) | Q(can_book=True)
        kept = Figures(len(roles), PortalItem.objects.filter(online, hidden=False, hall_id__in=roles).count())
        cache.set("portal:figures", kept, KEPT_SECONDS)
    return kept


def halls_table(today: date) -> list[dict[str, Any]]:
    """Return every hall with its items and its open cases, how many of them late: three queries, not one a hall."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    offers = Offer.objects.values("hall_id").annotate(
        items=Count("id", filter=Q(hidden=False)), local=Count("id", filter=Q(is_local=True)), hidden=Count("id", filter=Q(hidden=True))
    )
    cases = Pointer.objects.open().values("hall_id").annotate(open=Count("case"), late=Count("case", filter=Q(due_on__lt=today)))
    changed = OverrideFact.objects.values("hall_id").annotate(overrides=Count("id"))
    found: tuple[QuerySet[Any, Any], ...] = (offers, cases, changed)
    for rows in found:
        for row in rows.order_by("hall_id"):
            counts[str(row.pop("hall_id"))].update(row)
    return [{"hall": hall, **{name: counts[hall.role][name] for name in COUNTED}} for hall in halls()]
