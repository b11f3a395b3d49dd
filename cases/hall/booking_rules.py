"""取号预约: the rules of booking a visit, declared once. Pure: clock, calendar and rows are passed in.

Source of every number is DOMAIN section 6 "取号预约": proposals of the project, not law. A hall that must have others
changes them here, and pages, API, sweep and checks follow. Days are working days where the rule says so.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from django.utils import timezone

from cases.hall.booking_enums import BookingState

# a slot, in minutes; capacity = windows × 30 ÷ average minutes × 70 %: the rest is for who comes without a booking
SLOT_MINUTES = 30
ONLINE_PERCENT = 70
# so many working days after today may be booked, and today itself
DAYS_AHEAD = 7
# a slot is closed for booking so long before it begins; a booking is changed or cancelled so long before it at the latest
CLOSES_BEFORE = timedelta(hours=1)
CANCELS_BEFORE = timedelta(hours=2)
MOST_A_DAY = 2
MOST_CHANGES = 2
# several items in one visit, one after the other at the same window
MOST_ITEMS = 3
CHECK_IN_WITHIN = timedelta(minutes=15)
# so many no-shows within so many 自然日 bar from online booking for so many 自然日; walk-in stays
NO_SHOWS = 3
NO_SHOW_DAYS = 90
BARRED_DAYS = 30
# 绿色通道 from this age on
SENIOR_YEARS = 60
# an offer from the waiting list stands so long
CONFIRM_WITHIN = timedelta(hours=2)
# nobody is reminded before this hour
REMINDS_FROM = time(9)

S = BookingState
# one of these a person and item: a constraint of the table says the same
OPEN = frozenset({S.WAITING, S.OFFERED, S.BOOKED, S.CHECKED_IN})
# these count towards a day's most
COUNTED = OPEN | {S.DONE, S.NO_SHOW}
# these hold places of their slots: kept afterwards, so that a day's load can be read
HOLDING = frozenset({S.OFFERED, S.BOOKED, S.CHECKED_IN, S.DONE, S.NO_SHOW})


@dataclass(frozen=True)
class Act:
    """A named step of a booking: from which states, to which."""

    frm: frozenset[BookingState]
    to: BookingState


ACTS = {
    "book": Act(frozenset(), S.BOOKED),
    "wait": Act(frozenset(), S.WAITING),
    "offer": Act(frozenset({S.WAITING}), S.OFFERED),
    "confirm": Act(frozenset({S.OFFERED}), S.BOOKED),
    "lapse": Act(frozenset({S.WAITING, S.OFFERED}), S.LAPSED),
    "change": Act(frozenset({S.BOOKED}), S.BOOKED),
    # out of the queue, or after the hall has closed the day: no change that counts
    "rebook": Act(frozenset({S.WAITING, S.CLOSED}), S.BOOKED),
    "cancel": Act(frozenset({S.WAITING, S.OFFERED, S.BOOKED}), S.CANCELLED),
    "close": Act(frozenset({S.WAITING, S.OFFERED, S.BOOKED}), S.CLOSED),
    "check_in": Act(frozenset({S.BOOKED}), S.CHECKED_IN),
    "finish": Act(frozenset({S.CHECKED_IN}), S.DONE),
    "miss": Act(frozenset({S.BOOKED}), S.NO_SHOW),
    "appeal": Act(frozenset({S.NO_SHOW}), S.NO_SHOW),
    "excuse": Act(frozenset({S.NO_SHOW}), S.NO_SHOW),
    "uphold": Act(frozenset({S.NO_SHOW}), S.NO_SHOW),
}


def capacity(windows: int, average_minutes: int) -> int:
    """Return how many places of a slot may be booked: windows × 30 ÷ average minutes × 70 %, rounded down."""
    return windows * SLOT_MINUTES * ONLINE_PERCENT // (average_minutes * 100)


def most_capacity(windows: int, average_minutes: int) -> int:
    """Return how many people the windows can serve in a slot at all: no hall may offer more."""
    return windows * SLOT_MINUTES // average_minutes


def later(starts: time, slots: int = 1) -> time:
    """Return the time so many slots later on the same day."""
    minutes = starts.hour * 60 + starts.minute + slots * SLOT_MINUTES
    return time(minutes // 60 % 24, minutes % 60)


def times(sessions: Iterable[tuple[time, time]]) -> list[time]:
    """Return when the slots of a day begin: those that lie whole within the opening hours, in order."""
    found = set()
    for opens, closes in sessions:
        minute, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
        while minute + SLOT_MINUTES <= end:
            found.add(time(minute // 60, minute % 60))
            minute += SLOT_MINUTES
    return sorted(found)


def spread(items: int, average_minutes: int) -> tuple[int, ...]:
    """Return the places that a visit for so many items takes of each slot, one slot after the other, so long as it lasts."""
    left = items * average_minutes
    taken = []
    while left > 0:
        taken.append(ceil(min(left, SLOT_MINUTES) / average_minutes))
        left -= SLOT_MINUTES
    return tuple(taken)


def visit(starts: time, shape: Sequence[int]) -> list[time]:
    """Return the slots that a visit of this shape needs when it begins at this time."""
    return [later(starts, number) for number in range(len(shape))]


def days(today: date, is_workday: Callable[[date], bool]) -> list[date]:
    """Return the days that may be booked: today and the next seven, working days alone (make-up Saturdays are some)."""
    found = [today] if is_workday(today) else []
    most = len(found) + DAYS_AHEAD
    day = today
    while len(found) < most:
        day += timedelta(days=1)
        if is_workday(day):
            found.append(day)
    return found


def moment(day: date, starts: time) -> datetime:
    """Return the moment of a time of a day in the city."""
    return datetime.combine(day, starts, timezone.get_current_timezone())


def is_bookable(day: date, starts: time, now: datetime) -> bool:
    """Whether a slot still takes bookings: until an hour before it begins."""
    return now <= moment(day, starts) - CLOSES_BEFORE


def may_cancel(day: date, starts: time, now: datetime) -> bool:
    """Whether a booking can still be changed or cancelled: until two hours before it."""
    return now <= moment(day, starts) - CANCELS_BEFORE


def arrives_in_time(day: date, starts: time, now: datetime) -> bool:
    """Whether one may check in now: a quarter of an hour before or after."""
    return abs(now - moment(day, starts)) <= CHECK_IN_WITHIN


def is_missed(day: date, starts: time, now: datetime) -> bool:
    """Whether nobody may check in any more."""
    return now > moment(day, starts) + CHECK_IN_WITHIN


def confirm_by(day: date, starts: time, now: datetime) -> datetime:
    """Return until when an offer stands: two hours, and no longer than the slot takes bookings."""
    return min(now + CONFIRM_WITHIN, moment(day, starts) - CLOSES_BEFORE)


def barred_until(missed: Iterable[date]) -> date | None:
    """Return the last day without online booking that these no-shows cost, None when they are too few.

    Counted from the day of the third of any 90 自然日, whenever a sweep wrote it down.
    """
    row = sorted(missed)
    lasts = [
        third + timedelta(days=BARRED_DAYS)
        for first, third in zip(row, row[NO_SHOWS - 1 :], strict=False)
        if (third - first).days < NO_SHOW_DAYS
    ]
    return max(lasts, default=None)


def is_senior(born: date, day: date) -> bool:
    """Whether somebody is 60 on that day."""
    return (day.year - born.year) - ((day.month, day.day) < (born.month, born.day)) >= SENIOR_YEARS


def is_to_remind(day: date, made_on: date, now: datetime) -> bool:
    """Whether it is time to remind: the day before from nine on, or later when the sweep is late; not who booked just then."""
    eve = day - timedelta(days=1)
    return made_on < eve and now >= moment(eve, REMINDS_FROM)
