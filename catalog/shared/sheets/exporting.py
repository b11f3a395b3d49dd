"""The city's catalogue as sheets. Read some items at a time: memory does not grow with the catalogue."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from catalog.shared.enums import Status
from catalog.shared.models import SharedItem
from catalog.shared.sheets import kinds
from catalog.shared.sheets.marks import CITY, Origin
from catalog.shared.sheets.planning import values_of
from catalog.shared.sheets.writing import Exported, item_rows
from tenants.shared.queries import city

PAGE = 200


def origin(now: datetime) -> Origin:
    """Return where the city's sheets come from."""
    facts = city()
    return Origin(facts.code, CITY, facts.service_name or facts.name, local(now))


def local(now: datetime) -> str:
    """Return a moment as sheets tell it."""
    return timezone.localtime(now).strftime("%Y-%m-%dT%H:%M")


def pages(rows: "QuerySet[Any]") -> Iterator[Any]:
    """Yield rows in the order of their codes, a page at a time."""
    last = ""
    while page := list(rows.filter(code__gt=last).order_by("code")[:PAGE]):
        yield from page
        last = page[-1].code


def shared_items(here: Origin) -> Iterator[Exported]:
    """Yield every item of the catalogue that is not cancelled, as it is published. In the city's scope."""
    book = kinds.book(of_hall=False)
    for item in pages(SharedItem.objects.exclude(status=Status.CANCELLED)):
        yield item_rows(values_of(item), book, here)
