"""Which days and times of a window may be booked, and how many places each has left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from cases.hall import booking_rules as rules
from cases.hall.models.booking import Slot
from cases.hall.queries import calendar
from catalog.hall.models import EffectiveItem
from tenants.hall.models import Window
from tenants.hall.queries import closed_days, sessions, windows


@dataclass(frozen=True)
class Time:
    """A time at which a visit may begin, and how many such visits still fit."""

    starts: time
    ends: time
    left: int


@dataclass(frozen=True)
class Day:
    """A day that may be booked, with its times; a closed one has none."""

    day: date
    times: tuple[Time, ...]
    is_closed: bool = False

    @property
    def left(self) -> int:
        """How many visits still fit on this day."""
        return sum(each.left for each in self.times)

    @property
    def is_full(self) -> bool:
        """Whether every time of a day that is open is taken."""
        return bool(self.times) and not self.left


def bookable(codes: Sequence[str]) -> list[EffectiveItem]:
    """Return the items of these codes that are offered here and can be booked, in this order. One query."""
    found = {
        item.code: item for item in EffectiveItem.objects.offered().filter(code__in=codes, can_book=True)
    }
    return [found[code] for code in codes if code in found]


def window_of(item: EffectiveItem, known: Sequence[Window]) -> Window | None:
    """Return the window that serves an item: one that names it, else its department, else one that names nothing."""
    for window in known:
        if item.code in window.items:
            return window
    for window in known:
        if item.department in window.departments:
            return window
    return for_the_rest(known)


def for_the_rest(known: Sequence[Window]) -> Window | None:
    """Return the window that serves what no other names: the first that names nothing itself."""
    return next((each for each in known if each.is_active and not each.items and not each.departments), None)


def serving(items: Iterable[EffectiveItem], known: Sequence[Window] | None = None) -> Window | None:
    """Return the one window that serves all these items; None when there is none, or when they need several.

    `known` are the hall's windows, where the caller has read them already.
    """
    known = windows() if known is None else known
    found = [window_of(item, known) for item in items]
    first = found[0] if found else None
    return first if all(each == first for each in found) else None


def capacity(window: Window) -> int:
    """Return how many places of a slot of this window may be booked: what the hall set, else by the rule."""
    if window.capacity is not None:
        return window.capacity
    return rules.capacity(window.count, window.average_minutes)


def shape(items: int, window: Window) -> tuple[int, ...]:
    """Return the places that a visit for so many items takes at this window, slot by slot."""
    return rules.spread(items, window.average_minutes)


def offered(window: Window, items: int, now: datetime) -> list[Day]:
    """Return the days that may be booked at this window for a visit of so many items. Three queries."""
    days = rules.days(timezone.localdate(now), calendar.current().is_workday)
    begins = rules.times(sessions())
    closed = closed_days(window, days)
    rows: dict[date, dict[time, Slot]] = {}
    for slot in Slot.objects.filter(window=window, day__in=days):
        rows.setdefault(slot.day, {})[slot.starts] = slot
    wanted, most = shape(items, window), capacity(window)
    found = []
    for day in days:
        if day in closed:
            found.append(Day(day, (), is_closed=True))
            continue
        known = rows.get(day)
        free = {starts: most for starts in begins} if known is None else _free(known)
        found.append(Day(day, tuple(_times(day, free, wanted, now))))
    return [day for day in found if day.is_closed or day.times]


def _free(known: dict[time, Slot]) -> dict[time, int]:
    return {starts: slot.places - slot.taken for starts, slot in known.items() if not slot.is_closed}


def _times(day: date, free: dict[time, int], wanted: Sequence[int], now: datetime) -> Iterable[Time]:
    for starts in sorted(free):
        needed = rules.visit(starts, wanted)
        if all(each in free for each in needed) and rules.is_bookable(day, starts, now):
            left = min(free[each] // places for each, places in zip(needed, wanted, strict=True))
            yield Time(starts, rules.later(needed[-1]), left)
