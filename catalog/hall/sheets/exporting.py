"""A hall's items as sheets: effective values, its overrides, its adoptions. Read some items at a time."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from catalog.hall.models import Adoption, EffectiveItem, LocalItem, Override
from catalog.hall.sheets import overriding
from catalog.shared import sql
from catalog.shared.queries import city_values_of, value_of
from catalog.shared.sheets import kinds, marks
from catalog.shared.sheets.exporting import PAGE, local, pages
from catalog.shared.sheets.kinds import ADOPTION, MARK, OVERRIDES, REASON
from catalog.shared.sheets.marks import Origin
from catalog.shared.sheets.planning import values_of
from catalog.shared.sheets.writing import Exported, item_rows
from tenants.shared.models import Hall
from tenants.shared.queries import city


def origin(hall: Hall, now: datetime) -> Origin:
    """Return where a hall's sheets come from. Its role stays when the hall is renamed."""
    return Origin(city().code, hall.role, hall.name, local(now))


def hall_items(here: Origin) -> Iterator[Exported]:
    """Yield every item of the hall in scope, then its overrides, then its adoptions."""
    book = kinds.book(of_hall=True)
    for page in _pages_of(EffectiveItem.objects.all()):
        lives = LocalItem.objects.in_bulk([item.code for item in page if item.is_local], field_name="code")
        for item in page:
            own = lives.get(item.code)
            yield item_rows(values_of(own) if own else effective_values(item), book, here)
    yield from _overrides(here)
    yield from _adoptions(here)


def _pages_of(rows: Any) -> Iterator[list[Any]]:
    page: list[Any] = []
    for row in pages(rows):
        page.append(row)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page


def effective_values(item: EffectiveItem) -> dict[str, Any]:
    """Return an effective item's values by field."""
    return {column: getattr(item, column) for column in sql.columns()}


def _overrides(here: Origin) -> Iterator[Exported]:
    codes = list(Override.objects.order_by("code").values_list("code", flat=True).distinct())
    for start in range(0, len(codes), PAGE):
        batch = codes[start : start + PAGE]
        cities = city_values_of(batch)
        for row in Override.objects.filter(code__in=batch).order_by("code", "field"):
            yield {OVERRIDES: [_override(here, row, cities.get(row.code, {}))]}


def _override(here: Origin, row: Override, city_of_it: Mapping[str, Any]) -> Mapping[str, Any]:
    present = value_of(city_of_it, row.field) if city_of_it else None
    return {
        "code": row.code, "item_name": city_of_it.get("name", ""), "label": overriding.label_of(row.field, city_of_it),
        "field": row.field, "value": overriding.written(row.field, row.value),
        "city": overriding.written(row.field, present), REASON: row.reason,
        MARK: marks.write(here, row.code, {"field": row.field, "value": row.value}),
    }  # fmt: skip


def _adoptions(here: Origin) -> Iterator[Exported]:
    for page in _pages_of(Adoption.objects.all()):
        cities = city_values_of([row.code for row in page])
        for row in page:
            yield {
                ADOPTION: [
                    {
                        "code": row.code, "item_name": cities.get(row.code, {}).get("name", ""),
                        "adopted_at": timezone.localdate(row.adopted_at).isoformat(),
                        MARK: marks.write(here, row.code, {}),
                    }
                ]
            }  # fmt: skip
