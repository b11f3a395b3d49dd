"""Working days of a published calendar. Pure: the rows are passed in.

The first day does not count (民法典 201), a last natural day that is a holiday moves on (民法典 203).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from catalog.shared.enums import Unit

# 全国年节及纪念日放假办法: those that fall on the same date every year; the lunar ones are data
_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
_ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class CalendarDay:
    """A published day: is it worked, the holiday's name, the notice that says so."""

    date: date
    is_workday: bool
    name: str = ""
    notice: str = ""


@dataclass(frozen=True)
class DueDate:
    """A last day; expected when a day that it was counted over is not published yet (预计)."""

    date: date
    expected: bool


class Calendar:
    """The published days, and a guess, always marked, for every other day.

    `expected_holidays` are the lunar statutory holidays of years that no notice covers yet.
    """

    def __init__(self, days: Iterable[CalendarDay], expected_holidays: Iterable[date] = ()) -> None:
        self._days = {day.date: day for day in days}
        self._expected = frozenset(expected_holidays)
        self.last_published = max(self._days, default=None)

    def is_published(self, day: date) -> bool:
        """Whether a notice or the table says what this day is."""
        return day in self._days

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked: as published, else Monday to Friday less the expected holidays."""
        if known := self._days.get(day):
            return known.is_workday
        return day.weekday() < SATURDAY and not self._is_expected_holiday(day)

    def _is_expected_holiday(self, day: date) -> bool:
        return (day.month, day.day) in _FIXED_HOLIDAYS or day in self._expected

    def name(self, day: date) -> str:
        """Return the holiday or make-up day's name, empty when the table gives none."""
        return self._days[day].name if day in self._days else ""

    def notice(self, day: date) -> str:
        """Return the notice that the day's row comes from, empty when the table gives none."""
        return self._days[day].notice if day in self._days else ""

    def add_workdays(self, day: date, number: int) -> DueDate:
        """Return the date `number` working days after `day`, which itself does not count.

        None (0, 当场办好) is the day itself, or the next working day when it is not one.
        Raises ValueError when the number is negative.
        """
        if number < 0:
            raise ValueError("a number of days is never negative")
        if number == 0:
            return self._moved_on(day)
        expected = False
        while number:
            day += _ONE_DAY
            expected = expected or not self.is_published(day)
            number -= self.is_workday(day)
        return DueDate(day, expected)

    def add_natural(self, day: date, number: int) -> DueDate:
        """Return the date `number` natural days after `day`; a last day not worked moves on (民法典 203).

        Raises ValueError when the number is negative.
        """
        if number < 0:
            raise ValueError("a number of days is never negative")
        return self._moved_on(day + timedelta(days=number))

    def add(self, day: date, number: int, unit: Unit) -> DueDate:
        """Return the last day of a limit of `number` days of that unit, counted from `day`."""
        if unit == Unit.WORKING:
            return self.add_workdays(day, number)
        return self.add_natural(day, number)

    def _moved_on(self, day: date) -> DueDate:
        expected = not self.is_published(day)
        while not self.is_workday(day):
            day += _ONE_DAY
            expected = expected or not self.is_published(day)
        return DueDate(day, expected)

    def workdays_between(self, start: date, end: date) -> int:
        """Return how many working days lie after `start` up to and with `end`; negative when end is earlier."""
        if end < start:
            return -self.workdays_between(end, start)
        return sum(self.is_workday(day) for day in days_after(start, end))

    def days_between(self, start: date, end: date, unit: Unit) -> int:
        """Return the days of that unit after `start` up to and with `end`; negative when end is earlier."""
        return self.workdays_between(start, end) if unit == Unit.WORKING else (end - start).days


def days_after(start: date, end: date) -> Iterator[date]:
    """Yield the days after `start` up to and with `end`."""
    for offset in range(1, (end - start).days + 1):
        yield start + timedelta(days=offset)
