"""排队等空位: who is in line for a full day gets a place that is freed, and two hours to say yes."""

from datetime import date, datetime, time

from accounts.actor import Actor
from cases.hall import booking_rules as rules
from cases.hall.booking_enums import BookingState
from cases.hall.models.booking import Booking, Slot
from cases.hall.queries import place, slots
from cases.hall.services.bookings import places, steps
from cases.hall.services.bookings.refusals import NotOpen, OfferGone

# how many in line are looked at when places are freed: a visit for several items may not fit where one for one does
LOOKED_AT = 50


def offer(day: date, window: int, rows: dict[time, Slot], *, now: datetime) -> int:
    """Offer what is free in a day's locked slots to those in line, the first first; return how many were offered.

    An offer holds its places. A hall that takes nothing offers nothing.
    """
    if not place.is_taking():
        return 0
    waiting = Booking.objects.filter(day=day, window=window, state=BookingState.WAITING)
    line = waiting.select_for_update(of=("self",), skip_locked=True).select_related("window")
    made = 0
    for booking in line.order_by("created_at", "id")[:LOOKED_AT]:
        shape = slots.shape(booking.items.count(), booking.window)
        found = (
            starts
            for starts in sorted(rows)
            if rules.is_bookable(day, starts, now) and places.fits(rows, starts, shape)
        )
        starts = next(found, None)
        if starts is None:
            continue
        places.take(booking, rows, starts, shape)
        booking.starts, booking.confirm_by = starts, rules.confirm_by(day, starts, now)
        steps.take(
            booking, "offer", by=steps.JOB, now=now, message="offered", changed=("starts", "confirm_by")
        )
        made += 1
    return made


def confirm(booking: Booking, *, by: Actor, now: datetime) -> Booking:
    """Take the offered place for good. Pressed again it stays as it is. Raises OfferGone after its time, NotOpen."""
    booking = Booking.objects.lock(booking.pk)
    if booking.state == BookingState.BOOKED:
        return booking
    if booking.state == BookingState.LAPSED:
        raise OfferGone
    if booking.state != BookingState.OFFERED or booking.confirm_by is None:
        raise NotOpen(str(BookingState(booking.state).label))
    # however late the sweep is: after its time an offer is gone
    if now > booking.confirm_by:
        raise OfferGone
    booking.confirm_by = None
    return steps.take(booking, "confirm", by=by, now=now, message="booked", changed=("confirm_by",))
