"""Working days: DOMAIN section 8, the edges of months and years, and days that no notice covers yet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.hall.workdays import Calendar, CalendarDay, DueDate
from tests.cases.hall.calendars import CALENDAR, PROPERTY

published = st.dates(date(2025, 1, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2025-09-26", 1, "2025-09-28"),
        ("2025-09-30", 1, "2025-10-09"),
        ("2025-09-30", 3, "2025-10-11"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-01-30", 1, "2026-02-02"),
        ("2026-12-30", 1, "2026-12-31"),
        ("2026-02-15", 1, "2026-02-24"),
    ],
)
def test_add_workdays_follows_the_notices(start, number, end):
    assert CALENDAR.add_workdays(date.fromisoformat(start), number) == DueDate(date.fromisoformat(end), False)


def test_year_has_the_workdays_of_its_notice():
    assert CALENDAR.workdays_between(date(2024, 12, 31), date(2025, 12, 31)) == 248
    assert CALENDAR.workdays_between(date(2025, 12, 31), date(2026, 12, 31)) == 248


def test_no_days_are_the_same_day_or_the_next_working_day():
    assert CALENDAR.add_workdays(date(2026, 3, 4), 0).date == date(2026, 3, 4)
    assert CALENDAR.add_workdays(date(2026, 2, 15), 0).date == date(2026, 2, 24)


def test_last_natural_day_that_is_a_holiday_moves_on():
    # 30 days after 1 April is 1 May; the break ends on 5 May
    assert CALENDAR.add_natural(date(2026, 4, 1), 30) == DueDate(date(2026, 5, 6), False)
    # a make-up Saturday is a working day: it does not move
    assert CALENDAR.add_natural(date(2026, 2, 4), 10).date == date(2026, 2, 14)
    assert CALENDAR.add_natural(date(2026, 3, 1), 3).date == date(2026, 3, 4)


@pytest.mark.parametrize("add", [CALENDAR.add_workdays, CALENDAR.add_natural])
def test_negative_number_is_refused(add):
    with pytest.raises(ValueError, match="negative"):
        add(date(2026, 3, 4), -1)


def test_beyond_the_last_published_day_is_expected_and_knows_holidays():
    # 1 January is a holiday whatever the year; 2 and 3 are a weekend in 2027
    assert CALENDAR.add_workdays(date(2026, 12, 31), 1) == DueDate(date(2027, 1, 4), True)
    # the lunar ones come from the table of expected holidays: 5 and 8 February are Friday and Monday
    assert CALENDAR.add_workdays(date(2027, 2, 4), 1) == DueDate(date(2027, 2, 9), True)
    assert Calendar([]).add_workdays(date(2030, 4, 30), 1) == DueDate(date(2030, 5, 3), True)
    assert CALENDAR.last_published == date(2026, 12, 31)
    assert Calendar([]).last_published is None


def test_a_day_missing_from_the_table_is_expected():
    gap = Calendar([CalendarDay(date(2026, 3, 3), True), CalendarDay(date(2026, 3, 5), True)])

    assert gap.add_workdays(date(2026, 3, 3), 2) == DueDate(date(2026, 3, 5), True)
    assert gap.add_natural(date(2026, 3, 3), 2) == DueDate(date(2026, 3, 5), False)


@PROPERTY
@given(published, st.integers(1, 60))
def test_as_many_working_days_lie_between_as_were_added(start, number):
    end = CALENDAR.add_workdays(start, number)

    assert CALENDAR.workdays_between(start, end.date) == number
    assert CALENDAR.workdays_between(end.date, start) == -number
    assert CALENDAR.is_workday(end.date)
    assert end.expected == (end.date > date(2026, 12, 31))


@PROPERTY
@given(published, st.integers(0, 90))
def test_natural_days_end_on_the_first_working_day_from_the_last(start, number):
    end = CALENDAR.add_natural(start, number).date
    last = start + timedelta(days=number)

    assert CALENDAR.is_workday(end)
    assert end >= last
    assert not any(CALENDAR.is_workday(last + timedelta(days=day)) for day in range((end - last).days))


@PROPERTY
@given(published, published, published)
def test_spans_add_up(first, second, third):
    between = CALENDAR.workdays_between

    assert between(first, second) + between(second, third) == between(first, third)
