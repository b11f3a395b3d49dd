"""The rules of booking, by themselves."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.hall import booking_rules as rules
from tests.cases.hall.booking.making import NINE, TODAY, TOMORROW, at


@pytest.mark.parametrize(
    ("windows", "minutes", "places"), [(4, 15, 5), (2, 20, 2), (2, 10, 4), (1, 5, 4), (1, 30, 0), (3, 30, 2)]
)
def test_capacity_is_windows_times_thirty_by_minutes_at_seventy_percent(windows, minutes, places):
    assert rules.capacity(windows, minutes) == places


@given(st.integers(1, 200), st.integers(1, 120))
def test_capacity_never_promises_more_than_the_rule_nor_a_place_less(windows, minutes):
    exact = windows * 30 / minutes * 0.7
    assert rules.capacity(windows, minutes) <= exact + 1e-9
    assert rules.capacity(windows, minutes) > exact - 1 - 1e-9


def test_slots_lie_whole_within_the_opening_hours():
    assert rules.times([(time(14), time(15, 20)), (time(8, 30), time(9, 30))]) == [
        time(8, 30), time(9), time(14), time(14, 30),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("items", "minutes", "places"),
    [(1, 15, (1,)), (2, 15, (2,)), (3, 15, (2, 1)), (2, 20, (2, 1)), (1, 45, (1, 1)), (3, 5, (3,))],
)
def test_a_visit_takes_slots_so_long_as_it_lasts(items, minutes, places):
    assert rules.spread(items, minutes) == places


def test_make_up_saturdays_are_offered_and_holidays_are_not(in_east):
    from cases.hall.queries import calendar

    is_workday = calendar.current().is_workday
    # 2026-02-15 to 23 are holidays, 14 and 28 February worked Saturdays
    assert rules.days(date(2026, 2, 13), is_workday) == [
        date(2026, 2, day) for day in (13, 14, 24, 25, 26, 27, 28)
    ] + [date(2026, 3, 2)]
    # asked on a holiday, that day is not one of them
    assert rules.days(date(2026, 2, 16), is_workday)[0] == date(2026, 2, 24)
    assert len(rules.days(date(2026, 2, 16), is_workday)) == rules.DAYS_AHEAD


def test_a_slot_closes_an_hour_before_and_is_left_two_hours_before():
    assert rules.is_bookable(TOMORROW, NINE, at(TOMORROW, 8))
    assert not rules.is_bookable(TOMORROW, NINE, at(TOMORROW, 8) + timedelta(seconds=1))
    assert rules.may_cancel(TOMORROW, NINE, at(TOMORROW, 7))
    assert not rules.may_cancel(TOMORROW, NINE, at(TOMORROW, 7, 1))


@pytest.mark.parametrize(
    ("hour", "minute", "fits"), [(8, 44, False), (8, 45, True), (9, 15, True), (9, 16, False)]
)
def test_one_arrives_within_a_quarter_of_an_hour(hour, minute, fits):
    assert rules.arrives_in_time(TOMORROW, NINE, at(TOMORROW, hour, minute)) is fits


D = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("offsets", "until"),
    [
        ([], None),
        ([0, 10], None),
        ([0, 10, 89], 89 + 30),
        ([0, 10, 90], None),
        ([0, 50, 91, 120], 120 + 30),
        ([0, 1, 2], 32),
        # two on one day are two
        ([0, 0, 5], 35),
    ],
)
def test_three_no_shows_in_ninety_days_bar_for_thirty(offsets, until):
    missed = [D + timedelta(days=offset) for offset in reversed(offsets)]
    assert rules.barred_until(missed) == (None if until is None else D + timedelta(days=until))


def test_sixty_is_reached_on_the_birthday():
    assert rules.is_senior(date(1966, 3, 2), date(2026, 3, 2))
    assert not rules.is_senior(date(1966, 3, 3), date(2026, 3, 2))


def test_an_offer_stands_two_hours_and_not_beyond_the_closing_of_its_slot():
    assert rules.confirm_by(TOMORROW, NINE, at(TODAY, 10)) == at(TODAY, 12)
    assert rules.confirm_by(TODAY, time(14), at(TODAY, 12)) == at(TODAY, 13)


@pytest.mark.parametrize(
    ("made_on", "now", "is_due"),
    [
        (date(2026, 2, 27), at(TODAY, 8, 59), False),
        (date(2026, 2, 27), at(TODAY, 9), True),
        (date(2026, 2, 27), at(TOMORROW, 8), True),
        # who booked the day before has just been told
        (TODAY, at(TODAY, 12), False),
    ],
)
def test_one_is_reminded_the_day_before_from_nine_on(made_on, now, is_due):
    assert rules.is_to_remind(TOMORROW, made_on, now) is is_due


def test_every_message_is_short_enough_for_one_sms():
    from cases.hall import booking_messages

    longest = {
        "day": date(2026, 12, 30), "starts": time(16, 30), "window": "企业开办、变更、注销登记综合受理窗口一",
        "code": "7KM4XQ", "until": at(date(2026, 12, 30), 15, 30),
    }  # fmt: skip
    for kind in booking_messages.KINDS:
        assert len("【示例政务】" + booking_messages.text(kind, **longest)) <= 64, kind
