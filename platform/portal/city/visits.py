"""The demo's example bookings, made by the steps that real ones go through."""

from collections.abc import Mapping
from datetime import datetime, time

from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Person
from cases.hall import booking_rules as rules
from cases.hall.queries import calendar
from cases.hall.services.bookings import booking, changing
from cases.hall.services.bookings.refusals import BookingRefused
from portal.city.examples import ExampleRefused
from portal.city.source import Entry


def make(hall: Entry, cast: Mapping[str, Person], *, now: datetime) -> int:
    """Make the example bookings of the hall in scope, so many working days ahead; return how many. Raises ExampleRefused."""
    wanted = hall.get("visits") or []
    today = timezone.localdate(now)
    days = [day for day in rules.days(today, calendar.current().is_workday) if day > today]
    for number, visit in enumerate(wanted, 1):
        by = Actor.of(cast[visit["person"]], may_hold_posts=False)
        wish = booking.Wish(
            items=tuple(str(code) for code in visit["items"]),
            day=days[int(visit["days"]) - 1],
            starts=time.fromisoformat(visit["time"]),
            reason=visit.get("reason") or "",
            lane=visit.get("lane") or "",
        )
        try:
            made = booking.book(wish, by=by, idempotency_key=f"example-{number}", now=now)
            if visit.get("cancelled"):
                changing.cancel(made, by=by, now=now)
        except BookingRefused as problem:
            raise ExampleRefused(visit, {problem.field or "visits": str(problem)}) from problem
    return len(wanted)
