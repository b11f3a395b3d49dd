"""Changing the time of a visit, and cancelling it."""

from datetime import date, datetime, time

from django.db import transaction

from accounts.actor import Actor
from cases.hall import booking_rules as rules
from cases.hall.booking_enums import BookingState
from cases.hall.models.booking import Booking
from cases.hall.queries import bookings, place, slots
from cases.hall.services.bookings import booking as booking_service
from cases.hall.services.bookings import places, steps, waiting
from cases.hall.services.bookings.refusals import (
    HallNotTaking,
    NoChangesLeft,
    NotBookable,
    NotOpen,
    TooLate,
)


@transaction.atomic
def change(booking: Booking, *, day: date, starts: time, by: Actor, now: datetime) -> Booking:
    """Move a visit to another time, twice at most; out of the line, or after the hall closed the day, without counting.

    Pressed again it stays as it is. Raises HallNotTaking, NotOpen, NoChangesLeft, TooLate, TooManyADay,
    OpenAlready, TimeNotOffered, TimeTaken, SomebodyWasFaster, NotBookable.
    """
    if not place.is_taking():
        raise HallNotTaking
    booking_service.lock_people(booking.person, by)
    window = bookings.window_now(booking)
    if window is None:
        raise NotBookable
    places.check_day(day, now)
    held = places.of(booking)
    rows = places.lock(held | {(day, window.pk)})
    booking = Booking.objects.lock(booking.pk)
    if booking.state == BookingState.BOOKED and (booking.day, booking.starts) == (day, starts):
        return booking
    name = _act(booking, now)
    places.check_held(booking, held)
    booking_service.check_day_most(booking.person, day, besides=booking.pk)
    places.release(booking, rows)
    shape = slots.shape(booking.items.count(), window)
    places.check_time(rows[day, window.pk], starts, shape, now, day)
    places.take(booking, rows[day, window.pk], starts, shape)
    booking.changes += name == "change"
    booking.window, booking.day, booking.starts = window, day, starts
    booking.reminded_at, booking.reason = None, ""
    message = "changed" if name == "change" else "booked"
    fields = ("changes", "window", "day", "starts", "reminded_at", "reason")
    steps.take(booking, name, by=by, now=now, message=message, changed=fields)
    _offer_again(rows, held, now)
    return booking


def _act(booking: Booking, now: datetime) -> str:
    """Return which step this is. Raises NotOpen, NoChangesLeft, TooLate."""
    if booking.state in rules.ACTS["rebook"].frm:
        return "rebook"
    if booking.state != BookingState.BOOKED or booking.starts is None:
        raise NotOpen(str(BookingState(booking.state).label))
    if booking.changes >= rules.MOST_CHANGES:
        raise NoChangesLeft(rules.MOST_CHANGES)
    if not rules.may_cancel(booking.day, booking.starts, now):
        raise TooLate
    return "change"


@transaction.atomic
def cancel(booking: Booking, *, by: Actor, now: datetime, is_late_allowed: bool = False) -> Booking:
    """Cancel a visit two hours before it at the latest, or leave the line; who waits is offered the place.

    `is_late_allowed` for whoever will surely not come: their account is closed.

    Pressed again it stays as it is. Raises TooLate, NotOpen, SomebodyWasFaster.
    """
    held = places.of(booking)
    rows = places.lock(held)
    booking = Booking.objects.lock(booking.pk)
    if booking.state == BookingState.CANCELLED:
        return booking
    is_standing = booking.state == BookingState.BOOKED and booking.starts is not None
    if (
        is_standing
        and not is_late_allowed
        and not rules.may_cancel(booking.day, booking.starts or time(), now)
    ):
        raise TooLate
    places.check_held(booking, held)
    # raises NotOpen before anything is given back
    steps.take(booking, "cancel", by=by, now=now, message="cancelled")
    places.release(booking, rows)
    _offer_again(rows, held, now)
    return booking


def _offer_again(rows: places.Rows, held: set[places.Day], now: datetime) -> None:
    for day in sorted(held):
        waiting.offer(*day, rows[day], now=now)
