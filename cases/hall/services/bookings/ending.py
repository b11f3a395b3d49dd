"""What time alone does to bookings: offers run out, people do not come, days end, reminders. Each is looked at again, locked.

A sweep that comes late does the same as one in time: what counts is the visit's own moment.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from cases.hall import booking_rules as rules
from cases.hall.booking_enums import BookingState, TicketState
from cases.hall.models.booking import Booking, BookingQuerySet, Ticket
from cases.hall.services.bookings import places, steps, waiting
from tenants.shared import scope
from tenants.shared.models import Hall

BATCH = 500
_END_OF_DAY = time(23, 59)
Stopped = Callable[[], bool]


def sweep(hall: Hall, *, now: datetime, stopped: Stopped) -> dict[str, int]:
    """Do in this hall what is due, one transaction each; return how often each was done."""
    today = timezone.localdate(now)
    with scope.hall(hall):
        due = list(_due(now, today).order_by("day", "starts", "id").values_list("pk", flat=True)[:BATCH])
        remind = list(_to_remind(now, today).values_list("pk", flat=True)[:BATCH])
        lines = Booking.objects.filter(state=BookingState.WAITING, day__gte=today)
        days = set(lines.values_list("day", "window").distinct())
        Ticket.objects.filter(day__lt=today, state__in=[TicketState.WAITING, TicketState.CALLED]).update(
            state=TicketState.ABSENT, ended_at=now
        )
    counts = {"end": 0, "remind": 0, "offer": 0}
    works: list[tuple[str, Callable[[], bool | int]]] = [
        *[("end", lambda pk=pk: settle(pk, now)) for pk in due],
        *[("remind", lambda pk=pk: _remind(pk, now)) for pk in remind],
        *[("offer", lambda day=day: _offer(day, now)) for day in sorted(days)],
    ]
    for name, work in works:
        if stopped():
            break
        with scope.hall(hall):
            counts[name] += int(work())
    return counts


def _due(now: datetime, today: date) -> BookingQuerySet:
    """Return what may have ended; whether it has is looked at with its lock."""
    standing = Q(state=BookingState.BOOKED, day__lte=today)
    offers = Q(state=BookingState.OFFERED, confirm_by__lt=now)
    days = Q(state=BookingState.WAITING, day__lte=today) | Q(state=BookingState.CHECKED_IN, day__lt=today)
    return Booking.objects.filter(standing | offers | days)


def settle_own(person: UUID, now: datetime) -> None:
    """End what time has ended of one person's visits, before the rules look at them: no sweep need have come.

    An offer that has run out holds places: it is left to the sweep, so that no slot is locked before its window.
    """
    due = _due(now, timezone.localdate(now)).filter(person=person).exclude(state=BookingState.OFFERED)
    for pk in due.order_by("day", "starts", "id").values_list("pk", flat=True):
        settle(pk, now)


def settle(pk: UUID, now: datetime) -> bool:
    """End one booking if time has ended it; return whether it did."""
    known = Booking.objects.filter(pk=pk).first()
    if known is None:
        return False
    days = places.of(known) if known.state == BookingState.OFFERED else set()
    rows = places.lock(days)
    booking = Booking.objects.lock(pk)
    today = timezone.localdate(now)
    if booking.state == BookingState.OFFERED and booking.confirm_by and booking.confirm_by < now:
        places.check_held(booking, days)
        _lapse(booking, rows, now)
    elif booking.state == BookingState.WAITING and _is_over(booking, now):
        steps.take(booking, "lapse", by=steps.JOB, now=now, message="lapsed")
    elif (
        booking.state == BookingState.BOOKED
        and booking.starts
        and rules.is_missed(booking.day, booking.starts, now)
    ):
        # 绿色通道: no penalty, and no word of one
        booking.is_excused = booking.is_green
        message = "" if booking.is_green else "missed"
        steps.take(booking, "miss", by=steps.JOB, now=now, message=message, changed=("is_excused",))
    elif booking.state == BookingState.CHECKED_IN and booking.day < today:
        steps.take(booking, "finish", by=steps.JOB, now=now)
    else:
        return False
    return True


def _lapse(booking: Booking, rows: places.Rows, now: datetime) -> None:
    places.release(booking, rows)
    steps.take(booking, "lapse", by=steps.JOB, now=now, message="lapsed")
    for (day, window), slots_of_day in rows.items():
        waiting.offer(day, window, slots_of_day, now=now)


def _is_over(booking: Booking, now: datetime) -> bool:
    """Whether no slot of the day that somebody waits for can be booked any more."""
    last = booking.window.slots.filter(day=booking.day).order_by("-starts").values_list("starts", flat=True)
    return not rules.is_bookable(booking.day, last.first() or _END_OF_DAY, now)


def _to_remind(now: datetime, today: date) -> BookingQuerySet:
    coming = Booking.objects.filter(state=BookingState.BOOKED, reminded_at=None)
    return coming.filter(day__range=(today, date.fromordinal(today.toordinal() + 1))).order_by("day", "id")


def _remind(pk: UUID, now: datetime) -> bool:
    booking = Booking.objects.lock(pk)
    if booking.state != BookingState.BOOKED or booking.reminded_at or booking.starts is None:
        return False
    made_on = timezone.localdate(booking.created_at)
    is_ahead = now < rules.moment(booking.day, booking.starts)
    if not is_ahead or not rules.is_to_remind(booking.day, made_on, now):
        return False
    booking.reminded_at = now
    booking.save(update_fields=["reminded_at"])
    steps.tell(booking, "reminder", now=now)
    return True


def _offer(day: places.Day, now: datetime) -> int:
    """Offer what is free on a day that people wait for: after an outage, or when a hall takes bookings again."""
    rows = places.lock([day])
    return waiting.offer(*day, rows[day], now=now)
