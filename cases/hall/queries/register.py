"""许可公示: the licences that a hall granted, as the law makes them public (行政许可法 40), from the hall's own public rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from cases.hall.queries import place
from cases.shared.models import PaperState, Verification, VerificationQuerySet

LONGEST = 60


@dataclass(frozen=True)
class Filters:
    """What an address narrows the register to: words, an item's code, a state, a year; empty is everything."""

    q: str = ""
    item: str = ""
    state: str = ""
    year: int | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Filters":
        """Return the filters of an address; what is none is left out."""

        def text(name: str) -> str:
            return given.get(name, "").strip()[:LONGEST]

        year = text("year")
        is_year = len(year) == 4 and year.isascii() and year.isdigit() and year >= "1900"
        state = text("state")
        return cls(
            q=text("q"),
            item=text("item"),
            state=state if state in PaperState else "",
            year=int(year) if is_year else None,
        )

    @property
    def is_set(self) -> bool:
        """Whether anything is narrowed."""
        return bool(self.q or self.item or self.state or self.year)


def granted(filters: Filters, today: date) -> VerificationQuerySet:
    """Return the hall's licences, the newest first. Words are looked for in number, item and holder."""
    # by its role, which the index begins with, although row-level security would say the same
    found = Verification.objects.register().filter(hall_id=place.here().role)
    for word in filters.q.split():
        found = found.filter(
            Q(document_no__icontains=word) | Q(item_name__icontains=word) | Q(holder_masked__icontains=word)
        )
    if filters.item:
        found = found.filter(item_code=filters.item)
    if filters.year:
        found = found.filter(issued_on__range=(date(filters.year, 1, 1), date(filters.year, 12, 31)))
    return found.in_state(filters.state, today) if filters.state else found
