"""Places of slots: made with a day's first booking, locked day by day, taken and given back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from django.utils import timezone

from cases.hall import booking_rules as rules
from cases.hall.models.booking import Booking, Place, Slot
from cases.hall.queries import calendar, slots
from cases.hall.services.bookings.refusals import SomebodyWasFaster, TimeNotOffered, TimeTaken
from tenants.hall.models import Window
from tenants.hall.queries import closed_days, sessions

# a day of a window
Day = tuple[date, int]
Rows = dict[Day, dict[time, Slot]]


def lock(days: Iterable[Day]) -> Rows:
    """Return the slots of these days of windows by time, locked until the transaction ends; those of a new day are made.

    Always in the same order, so that two who lock several days do not wait for each other.
    """
    wanted = sorted(set(days), key=lambda each: (each[1], each[0]))
    for day, window in wanted:
        if not Slot.objects.filter(day=day, window=window).exists():
            _make(day, window)
    found: Rows = {}
    for day, window in sorted(wanted):
        rows = Slot.objects.select_for_update().filter(day=day, window=window).order_by("starts")
        found[day, window] = {slot.starts: slot for slot in rows}
    return found


def _make(day: date, window_pk: int) -> None:
    """Make a day's slots. Whoever changes windows, hours or closures holds the same lock: no row is made of what was."""
    window = Window.objects.select_for_update(no_key=True).get(pk=window_pk)
    is_closed = not window.is_active or bool(closed_days(window, [day]))
    most = slots.capacity(window)
    Slot.objects.bulk_create(
        [
            Slot(window=window, day=day, starts=starts, places=most, is_closed=is_closed)
            for starts in rules.times(sessions())
        ],
        ignore_conflicts=True,
    )


def check_day(day: date, now: datetime) -> None:
    """Raise TimeNotOffered for a day that nobody may book yet or at all, before rows are made for it."""
    if day not in rules.days(timezone.localdate(now), calendar.current().is_workday):
        raise TimeNotOffered


def fits(rows: dict[time, Slot], starts: time, shape: Sequence[int]) -> bool:
    """Whether a visit of this shape that begins then finds its places in these locked slots."""
    needed = rules.visit(starts, shape)
    return all(
        each in rows and not rows[each].is_closed and rows[each].taken + places <= rows[each].places
        for each, places in zip(needed, shape, strict=True)
    )


def check_time(rows: dict[time, Slot], starts: time, shape: Sequence[int], now: datetime, day: date) -> None:
    """Raise TimeNotOffered for a time that is no slot, is closed or too soon, TimeTaken where no place is left."""
    needed = rules.visit(starts, shape)
    is_offered = all(each in rows and not rows[each].is_closed for each in needed)
    if not is_offered or not rules.is_bookable(day, starts, now):
        raise TimeNotOffered
    if not fits(rows, starts, shape):
        raise TimeTaken


def take(booking: Booking, rows: dict[time, Slot], starts: time, shape: Sequence[int]) -> None:
    """Take the places of a visit in locked slots for this booking; that they are there has been checked."""
    held = []
    for each, places in zip(rules.visit(starts, shape), shape, strict=True):
        slot = rows[each]
        slot.taken += places
        slot.save(update_fields=["taken"])
        held.append(Place(slot=slot, booking=booking, count=places))
    Place.objects.bulk_create(held)


def of(booking: Booking) -> set[Day]:
    """Return the day and window whose slots this booking holds, empty when it holds none. Read without a lock."""
    held = Place.objects.filter(booking=booking.pk)
    return set(held.values_list("slot__day", "slot__window").distinct())


def check_held(booking: Booking, days: set[Day]) -> None:
    """Raise SomebodyWasFaster when the locked booking holds other places than those that were locked for it."""
    if of(booking) - days:
        raise SomebodyWasFaster


def release(booking: Booking, rows: Rows) -> None:
    """Give back what a locked booking holds in locked slots. Where the hall has fewer places now, they go."""
    most = slots.capacity(booking.window)
    for held in Place.objects.filter(booking=booking).select_related("slot").order_by("slot"):
        slot = rows[held.slot.day, held.slot.window_id][held.slot.starts]
        slot.taken -= held.count
        slot.places = max(most, slot.taken)
        slot.save(update_fields=["taken", "places"])
        held.delete()
