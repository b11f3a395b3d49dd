"""Arriving: checking in with the code of a booking gives the number that one is called by."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.encryption import blind_index
from accounts.services import counters
from cases.hall import booking_rules as rules
from cases.hall import numbers
from cases.hall.booking_enums import BookingState
from cases.hall.booking_messages import clock_text
from cases.hall.models.booking import Booking, Ticket
from cases.hall.queries import place
from cases.hall.services import serials
from cases.hall.services.bookings import steps
from cases.hall.services.bookings.refusals import NotNow, NotOpen, UnknownCode
from tenants.hall.models import Window

WINDOW_SECONDS = 15 * 60
TRIES_AN_ADDRESS = 60


@transaction.atomic
def check_in(code: str, *, by: Actor, address: str, now: datetime) -> Ticket:
    """Return the number of whoever has this code and comes within a quarter of an hour of the time; the same when asked again.

    Wrong codes are counted by address before they are looked for: nobody finds one by trying. Raises UnknownCode,
    NotNow, NotOpen, counters.TooMany.
    """
    key = counters.by_address(f"check-in:{place.here().role}", address)
    if key:
        counters.reserve(key, limit=TRIES_AN_ADDRESS, window_seconds=WINDOW_SECONDS, now=now)
    today = timezone.localdate(now)
    index = blind_index(numbers.normalize_query_code(code))
    found = Booking.objects.filter(check_index=index, day=today, starts__isnull=False).first()
    if found is None:
        raise UnknownCode
    if key:
        counters.release(key)
    return _arrive(Booking.objects.lock(found.pk), by, now)


@transaction.atomic
def check_in_number(number: str, *, by: Actor, now: datetime) -> Ticket:
    """Check in, at the desk, whoever shows a booking's number. Raises UnknownCode, NotNow, NotOpen."""
    today = timezone.localdate(now)
    typed = "".join(number.split()).upper()
    found = Booking.objects.filter(number=typed, day=today, starts__isnull=False).first()
    if found is None:
        raise UnknownCode
    return _arrive(Booking.objects.lock(found.pk), by, now)


def _arrive(booking: Booking, by: Actor, now: datetime) -> Ticket:
    if booking.state in {BookingState.CHECKED_IN, BookingState.DONE}:
        return Ticket.objects.select_related("window").get(booking=booking)
    if booking.starts is None or booking.state not in {BookingState.BOOKED, BookingState.NO_SHOW}:
        raise NotOpen(str(BookingState(booking.state).label))
    if not rules.arrives_in_time(booking.day, booking.starts, now):
        raise NotNow(clock_text(booking.starts), now > rules.moment(booking.day, booking.starts))
    steps.take(booking, "check_in", by=by, now=now)
    # early or a little late: the turn is the booked time's
    turn_at = rules.moment(booking.day, booking.starts)
    return ticket(booking.window, now=now, turn_at=turn_at, booking=booking)


def ticket(
    window: Window,
    *,
    now: datetime,
    turn_at: datetime,
    booking: Booking | None = None,
    is_green: bool = False,
) -> Ticket:
    """Give the window's next number of the day."""
    day = timezone.localdate(now)
    serial = serials.next_of(f"ticket:{window.pk}:{day:%y%m%d}")
    return Ticket.objects.create(
        window=window,
        day=day,
        number=f"{window.letter}{serial:03d}",
        booking=booking,
        name_masked=booking.name_masked if booking else "",
        is_green=booking.is_green if booking else is_green,
        turn_at=turn_at,
        created_at=now,
    )
