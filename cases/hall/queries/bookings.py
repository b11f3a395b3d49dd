"""Who may see which booking, what of a person's bookings counts, and how one stands."""

from datetime import date, datetime
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.actor import Actor
from cases.hall import booking_rules as rules
from cases.hall import numbers
from cases.hall.booking_enums import BookingState
from cases.hall.models.booking import Booking
from cases.hall.queries import slots
from tenants.hall.models import Window

PREFIX = "Y"


def booking_for(actor: Actor, number: str) -> Booking:
    """Return one's own booking of this number. Raises Http404 for a stranger as for a number that was never given."""
    found = None
    if number.startswith(PREFIX) and numbers.check(number[1:]):
        own = Booking.objects.of_person(actor.person_id)
        found = own.filter(number=number).select_related("window", "case").first()
    if found is None:
        raise Http404(_("没有这个预约"))
    return found


def missed_days(person: UUID, now: datetime) -> list[date]:
    """Return the days on which this person did not come, those that no sweep has written down yet among them.

    A green lane's and an excused one do not count.
    """
    own = Booking.objects.of_person(person).filter(is_excused=False)
    days = list(own.filter(state=BookingState.NO_SHOW).values_list("day", flat=True))
    standing = own.filter(state=BookingState.BOOKED, is_green=False)
    days += [
        day
        for day, starts in standing.values_list("day", "starts")
        if starts is not None and rules.is_missed(day, starts, now)
    ]
    return days


def barred_until(person: UUID, now: datetime, today: date) -> date | None:
    """Return the last day without online booking of a person who is barred today, else None."""
    until = rules.barred_until(missed_days(person, now))
    return until if until is not None and until >= today else None


def ahead_of(booking: Booking) -> int:
    """Return how many wait for a free place of that day longer than this one."""
    waiting = Booking.objects.filter(window=booking.window_id, day=booking.day, state=BookingState.WAITING)
    return waiting.filter(created_at__lt=booking.created_at).count()


def window_now(booking: Booking) -> Window | None:
    """Return the window that serves the visit's items now; None when one of them cannot be booked any more. Three queries."""
    codes = list(booking.items.order_by("id").values_list("code", flat=True))
    items = slots.bookable(codes)
    return slots.serving(items) if len(items) == len(codes) else None
