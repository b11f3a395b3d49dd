"""What the hall's admin sets: windows, opening hours, days on which it is closed. Bookings follow in the same transaction.

A visit that falls on what is closed is cancelled with a message; its owner books another time without using up a change.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from audit import services as audit
from cases.hall import booking_rules as rules
from cases.hall.booking_enums import BookingState
from cases.hall.models.booking import Booking, Slot
from cases.hall.queries import slots
from cases.hall.services.bookings import places, steps, waiting
from tenants.hall.models import Closure, Session, Window
from tenants.hall.queries import sessions

_HELD = (BookingState.BOOKED, BookingState.OFFERED, BookingState.WAITING)


@transaction.atomic
def save_window(window: Window, values: Mapping[str, Any], *, by: Actor, now: datetime) -> Window:
    """Make or change a window; days to come get its new capacity at once. What is booked beyond it stays booked."""
    locked = {each.pk: each for each in _lock_windows()}
    window = locked.get(window.pk, window)
    for name, value in values.items():
        setattr(window, name, value)
    window.save()
    _record("window", by, now, window.name)
    _follow(now, reason="")
    return window


@transaction.atomic
def save_sessions(hours: Sequence[tuple[time, time]], *, by: Actor, now: datetime, reason: str) -> int:
    """Set the opening hours of all working days; return how many visits fell out of them and were cancelled."""
    _lock_windows()
    Session.objects.all().delete()
    Session.objects.bulk_create(Session(starts=starts, ends=ends) for starts, ends in hours)
    _record("hours", by, now, "")
    return _follow(now, reason=reason, by=by)


@transaction.atomic
def close_day(day: date, window: Window | None, *, reason: str, by: Actor, now: datetime) -> int:
    """Close a day of the hall, or of one window; return how many visits were cancelled. Closing again changes nothing."""
    _lock_windows()
    closure = Closure(day=day, window=window, reason=reason, by_name=by.display_name, created_at=now)
    if not Closure.objects.filter(day=day, window=window).exists():
        closure.save(force_insert=True)
        _record("close", by, now, day.isoformat())
    return _follow(now, reason=reason, by=by)


@transaction.atomic
def reopen(closure: Closure, *, by: Actor, now: datetime) -> None:
    """Open a day again. Visits that were cancelled stay so: their owners have been told, and may have booked again."""
    _lock_windows()
    closure.delete()
    _record("reopen", by, now, closure.day.isoformat())
    _follow(now, reason="", by=by)


def affected(day: date, window: Window | None) -> int:
    """Return how many visits closing this day would cancel."""
    held = Booking.objects.filter(day=day, state__in=_HELD)
    return (held.filter(window=window) if window else held).count()


def _lock_windows() -> list[Window]:
    """Lock every window: no day's slots are made meanwhile."""
    return list(Window.objects.select_for_update(no_key=True).order_by("pk"))


def _follow(now: datetime, *, reason: str, by: Actor = steps.JOB) -> int:
    """Make the slots of days to come what windows, hours and closures say; cancel what fell out; offer what became free."""
    windows = {window.pk: window for window in _lock_windows()}
    today = timezone.localdate(now)
    coming = Slot.objects.filter(day__gte=today)
    days = set(coming.values_list("day", "window").distinct())
    rows = places.lock(days)
    begins = rules.times(sessions())
    closed = set(Closure.objects.filter(day__gte=today).values_list("day", "window"))
    cancelled = 0
    for (day, window_pk), known in sorted(rows.items()):
        window = windows[window_pk]
        is_closed = not window.is_active or bool(closed & {(day, None), (day, window_pk)})
        _set(window, day, known, [] if is_closed else begins)
        cancelled += _cancel(window, day, known, reason, by, now, is_closed=is_closed)
        waiting.offer(day, window_pk, known, now=now)
    return cancelled


def _set(window: Window, day: date, known: dict[time, Slot], begins: Sequence[time]) -> None:
    most = slots.capacity(window)
    for starts in begins:
        if starts not in known:
            known[starts] = Slot.objects.create(window=window, day=day, starts=starts, places=most)
    for starts, slot in known.items():
        wanted = (max(most, slot.taken), starts not in begins)
        if (slot.places, slot.is_closed) != wanted:
            slot.places, slot.is_closed = wanted
            slot.save(update_fields=["places", "is_closed"])


def _cancel(
    window: Window,
    day: date,
    known: dict[time, Slot],
    reason: str,
    by: Actor,
    now: datetime,
    *,
    is_closed: bool,
) -> int:
    """Cancel the visits to come that need a slot which is closed, and on a closed day who waits for it."""
    lost = [starts for starts, slot in known.items() if slot.is_closed and slot.taken]
    held = Booking.objects.filter(held__slot__day=day, held__slot__window=window, held__slot__starts__in=lost)
    found = set(held.filter(state__in=_HELD).values_list("pk", flat=True))
    if is_closed:
        line = Booking.objects.filter(window=window, day=day, state=BookingState.WAITING)
        found |= set(line.values_list("pk", flat=True))
    count = 0
    for pk in sorted(found):
        booking = Booking.objects.lock(pk)
        is_past = booking.starts is not None and rules.moment(day, booking.starts) < now
        if booking.state not in _HELD or is_past:
            continue
        booking.reason, booking.confirm_by = reason, None
        steps.take(booking, "close", by=by, now=now, message="closed", changed=("reason", "confirm_by"))
        places.release(booking, {(day, window.pk): known})
        count += 1
    return count


def _record(name: str, by: Actor, now: datetime, object: str) -> None:
    audit.record(f"opening.{name}", now=now, actor=by.person_id, actor_name=by.display_name, object=object)
