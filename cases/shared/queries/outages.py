"""What stood still: in the whole city, in a hall, now, and while a case ran. Read as the city, the portal or a hall."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db.models import Q
from django.utils import timezone

from cases.shared.models import HallOutage, Outage
from tenants.shared import scope
from tenants.shared.queries import kept

MOST = 200


@dataclass(frozen=True)
class Told:
    """What stands under the header while something stands still."""

    what: str
    ends_at: datetime | None


def running(now: datetime) -> Q:
    """Return the condition of what stands still at this moment."""
    return Q(starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now))


def now_here() -> list[Told]:
    """Return what stands still now for whoever looks at a page of this scope. Kept for five seconds; outside a scope nothing."""
    entered = scope.current()
    if entered is None:
        return []
    is_hall = entered.schema != "public"

    def read() -> list[Told]:
        now = timezone.now()
        found: Iterable[Outage | HallOutage] = Outage.objects.filter(running(now)).order_by("starts_at")[:3]
        if is_hall:
            found = chain(found, HallOutage.objects.filter(running(now)).order_by("starts_at")[:3])
        return [Told(row.what, row.ends_at) for row in found]

    return kept(f"outages of {entered.role}", read)


def between(start: datetime, end: datetime) -> list[Outage | HallOutage]:
    """Return what stood still in the hall in scope at some moment between two, in order. Two queries."""
    overlaps = Q(starts_at__lt=end) & (Q(ends_at=None) | Q(ends_at__gt=start))
    own = HallOutage.objects.filter(overlaps).order_by("starts_at", "id")[:MOST]
    found: list[Outage | HallOutage] = [
        *Outage.objects.filter(overlaps).order_by("starts_at", "id")[:MOST],
        *own,
    ]
    return sorted(found, key=lambda row: row.starts_at)
