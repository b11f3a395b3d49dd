"""Reads of a hall's effective items, for its pages and its API: each is one query, whatever the number of rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Func, Q, QuerySet, TextField

from catalog.hall.models import EffectiveItem, LocalItem, Override
from catalog.shared import sql
from catalog.shared.enums import Audience, Status
from catalog.shared.models import Theme
from catalog.shared.queries import (
    KEPT_SECONDS,
    find_theme,
    for_audience,
    matching,
    of_theme,
    theme_key,
    themes,
)
from tenants.shared.models import Hall

CODE = re.compile(r"[0-9]{14}")
# what a list shows of an item; the whole guide is not read for it
LISTED = (
    "code", "name", "department", "audience", "kind", "promised_days", "promised_unit", "visits", "fees",
    "can_apply", "can_book", "hidden", "is_local", "sources",
)  # fmt: skip
SOURCES = ("changed", "local", "hidden")


@dataclass(frozen=True)
class Filters:
    """What a list of items is asked for; an unknown value of `theme`, `audience` or `source` asks for nothing."""

    q: str = ""
    theme: str = ""
    department: str = ""
    audience: str = ""
    source: str = ""
    chosen: Theme | None = field(default=None, compare=False)

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        """Return the filters that an address asks for."""
        audience = query.get("audience", "")
        source = query.get("source", "")
        theme = find_theme(query.get("theme", ""))
        return cls(
            q=query.get("q", "").replace("\x00", "").strip()[:50],
            theme=f"{theme.list}:{theme.code}" if theme else "",
            department=query.get("department", "").replace("\x00", "").strip()[:60],
            audience=audience if audience in Audience.values else "",
            source=source if source in SOURCES else "",
            chosen=theme,
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list, the source apart."""
        return not (self.q or self.theme or self.department or self.audience)


def items(filters: Filters) -> "QuerySet[EffectiveItem]":
    """Return the items that the public sees, filtered, best match first, in a total order."""
    return _filtered(EffectiveItem.objects.offered(), filters)


def staff_items(filters: Filters) -> "QuerySet[EffectiveItem]":
    """Return all items of this hall, hidden ones too, filtered also by where their values come from."""
    found: QuerySet[EffectiveItem] = EffectiveItem.objects.all()
    if filters.source == "changed":
        found = found.exclude(sources={})
    if filters.source == "local":
        found = found.filter(is_local=True)
    if filters.source == "hidden":
        found = found.filter(hidden=True)
    return _filtered(found, filters)


def _filtered(found: "QuerySet[EffectiveItem]", filters: Filters) -> "QuerySet[EffectiveItem]":
    if filters.chosen is not None:
        found = of_theme(found, filters.chosen)
    if filters.department:
        found = found.filter(department=filters.department)
    if filters.audience:
        found = for_audience(found, filters.audience)
    order = ["name", "code"]
    if filters.q:
        found = matching(found, filters.q)
        order.insert(0, "rank")
    return found.order_by(*order)


def departments(hall: Hall) -> list[str]:
    """Return the departments that have an offered item here. Kept for a minute."""
    return list(_facets(hall)["departments"])


def theme_counts(hall: Hall) -> dict[str, int]:
    """Return how many offered items of this hall carry each theme, by the key that items carry. Kept for a minute."""
    return dict(_facets(hall)["themes"])


def themes_with_counts(hall: Hall, *lists: str) -> list[tuple[Theme, int]]:
    """Return the themes of these lists that have an item here, with how many."""
    counts = theme_counts(hall)
    found = [(theme, counts.get(theme_key(theme), 0)) for theme in themes() if theme.list in lists]
    return [(theme, number) for theme, number in found if number]


def _facets(hall: Hall) -> dict[str, Any]:
    key = f"catalog:{hall.key}:{hall.generation}:facets"
    kept: dict[str, Any] | None = cache.get(key)
    if kept is None:
        offered = EffectiveItem.objects.offered()
        entry = Func(F("themes"), function="jsonb_array_elements_text", output_field=TextField(), set_returning=True)
        counted = offered.values(entry=entry).annotate(number=Count("code")).order_by("entry")
        kept = {
            "departments": list(offered.order_by("department").values_list("department", flat=True).distinct()),
            "themes": {row["entry"]: row["number"] for row in counted},
            "total": offered.count(),
        }
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def total(hall: Hall) -> int:
    """Return how many items this hall offers. Kept for a minute."""
    return int(_facets(hall)["total"])


def effective_item(code: str, *, with_hidden: bool = False) -> EffectiveItem | None:
    """Return the one effective item of this code, or None where this hall does not offer it. One query."""
    if not CODE.fullmatch(code):
        return None
    # the function reads the view with a plan that the session keeps: planning it anew costs more than running it
    found = EffectiveItem.objects.raw("SELECT * FROM catalog_hall_item(%s, %s)", [code, with_hidden])
    return next(iter(found), None)


def local_drafts() -> list[LocalItem]:
    """Return the hall's own items that wait for their second person, the newest first."""
    return list(LocalItem.objects.filter(status=Status.DRAFT).order_by("-updated_at", "code"))


def local_item(code: str) -> LocalItem | None:
    """Return the hall's own item of this code, draft or not, or None."""
    return LocalItem.objects.filter(code=code).first() if CODE.fullmatch(code) else None


def overrides_of(code: str) -> dict[str, Override]:
    """Return this hall's overrides of an item by field, those too that have no effect against the city's present value."""
    return {row.field: row for row in Override.objects.filter(code=code).order_by("field")}


def counts_by_source() -> dict[str, int]:
    """Return how many items this hall has, and how many it changed, made itself or hides. One query."""
    return EffectiveItem.objects.aggregate(
        all=Count("code"),
        changed=Count("code", filter=~Q(sources={})),
        local=Count("code", filter=Q(is_local=True)),
        hidden=Count("code", filter=Q(hidden=True)),
    )


def sources(item: EffectiveItem) -> dict[str, str]:
    """Return of every field, and of every row of a list that this hall changed, whose value it is: shared or hall."""
    named = {name.partition(".")[0] for name in item.sources}
    if "promised_days" in named:
        named.add("promised_unit")
    every = {column: "hall" if item.is_local or column in named else "shared" for column in sql.columns()}
    return every | dict.fromkeys(item.sources, "hall")
