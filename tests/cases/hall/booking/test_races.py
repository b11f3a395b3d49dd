"""Races for places end in the database: real commits, real threads."""

import threading

import pytest

from tests.cases.hall.booking.making import (
    HALF_PAST,
    LICENCE,
    NINE,
    TEN,
    TOMORROW,
    at,
    book,
    book_as,
    crowd,
    findings,
    reload,
    slot,
    young,
)
from tests.cases.hall.test_races import at_once, in_east
from tests.conftest import actor
from tests.template import NOW

pytestmark = pytest.mark.slow


def made(outcomes):
    from cases.hall.models.booking import Booking

    return [outcome for outcome in outcomes if isinstance(outcome, Booking)]


def test_of_twelve_who_want_the_last_places_five_get_them(fresh_database):
    from cases.hall.services.bookings.refusals import TimeTaken

    people = in_east(lambda: crowd(12))
    outcomes = at_once(*[lambda by=by: book_as(by) for by in people])

    assert len(made(outcomes)) == 5, outcomes
    assert {type(each) for each in outcomes} - {type(made(outcomes)[0])} == {TimeTaken}
    assert in_east(lambda: (slot(), findings())) == ((5, 5), [])


def test_pressed_three_times_at_once_is_one_booking_and_one_message(fresh_database):
    from cases.hall.models import Outbox

    in_east(lambda: young("lin"))
    outcomes = at_once(*[lambda: book(key="k")] * 3)

    assert len({each.pk for each in made(outcomes)}) == 1, outcomes
    assert in_east(lambda: (slot(), Outbox.objects.count(), findings())) == ((1, 5), 1, [])


def test_one_person_at_once_books_an_item_once_and_a_day_twice(fresh_database):
    from tests.cases.hall.booking.making import BIRTH, GUIDE

    in_east(lambda: young("lin"))
    wanted = [(BIRTH, NINE), (BIRTH, TEN), (GUIDE, NINE), (LICENCE, NINE), (LICENCE, TEN)]
    outcomes = at_once(*[lambda w=w: book(items=(w[0],), starts=w[1]) for w in wanted])

    booked = made(outcomes)
    assert len(booked) == 2, outcomes
    assert in_east(lambda: len({item.code for each in booked for item in each.items.all()})) == 2
    assert in_east(findings) == []


def test_change_and_cancel_of_one_booking_at_once_lose_no_place(fresh_database):
    from cases.hall.services.bookings import changing

    in_east(lambda: young("lin"))
    booking = in_east(book)
    at_once(
        lambda: changing.change(booking, day=TOMORROW, starts=TEN, by=actor("lin"), now=NOW),
        lambda: changing.cancel(booking, by=actor("lin"), now=NOW),
        lambda: changing.change(booking, day=TOMORROW, starts=HALF_PAST, by=actor("lin"), now=NOW),
    )

    held = in_east(lambda: [slot(starts=starts)[0] for starts in (NINE, HALF_PAST, TEN)])
    assert sum(held) == (0 if in_east(lambda: reload(booking)).state == "cancelled" else 1)
    assert in_east(findings) == []


def test_two_who_change_places_with_each_other_do_not_wait_for_ever(fresh_database):
    from datetime import date

    from cases.hall.services.bookings import changing

    wednesday = date(2026, 3, 4)
    one, other = in_east(lambda: crowd(2))
    first = in_east(lambda: book_as(one, items=(LICENCE,)))
    second = in_east(lambda: book_as(other, items=(LICENCE,), day=wednesday))
    outcomes = at_once(
        lambda: changing.change(first, day=wednesday, starts=TEN, by=one, now=NOW),
        lambda: changing.change(second, day=TOMORROW, starts=TEN, by=other, now=NOW),
    )

    assert len(made(outcomes)) == 2, outcomes
    assert in_east(findings) == []


def test_a_day_that_closes_while_people_book_keeps_nobody(fresh_database):
    from cases.hall.models.booking import Booking
    from cases.hall.services.bookings import opening

    people = in_east(lambda: crowd(6))
    outcomes = at_once(
        *[lambda by=by: book_as(by) for by in people[:3]],
        lambda: opening.close_day(TOMORROW, None, reason="停电", by=actor("east_admin"), now=NOW),
        *[lambda by=by: book_as(by) for by in people[3:]],
    )

    assert all(
        not isinstance(each, Exception) or type(each).__name__ == "TimeNotOffered" for each in outcomes
    )
    states = in_east(lambda: set(Booking.objects.values_list("state", flat=True)))
    assert states <= {"closed"}, outcomes
    assert in_east(findings) == []


def test_a_freed_place_is_offered_once_while_others_try_for_it(fresh_database):
    from datetime import time

    from cases.hall.models.booking import Booking
    from cases.hall.services.bookings import changing

    begins = [time(h, m) for h in (9, 10, 11, 14, 15, 16) for m in (0, 30)]
    people = in_east(lambda: crowd(20))

    def fill():
        booked = [
            book_as(by, items=(LICENCE,), starts=starts) for by, starts in zip(people, begins, strict=False)
        ]
        for by in people[12:15]:
            book_as(by, items=(LICENCE,), starts=None)
        return booked

    booked = in_east(fill)
    outcomes = at_once(
        lambda: changing.cancel(booked[0], by=people[0], now=NOW),
        lambda: changing.cancel(booked[1], by=people[1], now=NOW),
        *[lambda by=by: book_as(by, items=(LICENCE,)) for by in people[15:]],
    )

    assert len(made(outcomes)) == 2, outcomes
    assert in_east(lambda: Booking.objects.filter(state="offered").count()) == 2
    assert in_east(findings) == []


def test_confirming_and_lapsing_at_once_end_in_one_of_the_two(fresh_database):
    from datetime import time, timedelta

    from cases.hall.services.bookings import changing, ending, waiting

    begins = [time(h, m) for h in (9, 10, 11, 14, 15, 16) for m in (0, 30)]
    people = in_east(lambda: crowd(13))

    def fill():
        booked = [
            book_as(by, items=(LICENCE,), starts=starts) for by, starts in zip(people, begins, strict=False)
        ]
        line = book_as(people[12], items=(LICENCE,), starts=None)
        changing.cancel(booked[0], by=people[0], now=NOW)
        return line

    line = in_east(fill)
    at_once(
        lambda: waiting.confirm(line, by=people[12], now=NOW + timedelta(hours=2)),
        lambda: ending.settle(line.pk, NOW + timedelta(hours=2, minutes=1)),
    )

    assert in_east(lambda: reload(line)).state in {"booked", "lapsed"}
    assert in_east(findings) == []


def test_two_counters_call_two_numbers_and_two_clicks_one(fresh_database):
    from cases.hall.services.bookings import calling
    from tenants.hall.models import Window

    clerk = actor("east_window")

    def prepare():
        window = Window.objects.get(letter="A")
        for _number in range(3):
            calling.walk_in(window, is_green=False, by=clerk, now=NOW)
        return window

    window = in_east(prepare)
    outcomes = at_once(
        *[lambda n=n: calling.call_next(window, n, by=clerk, now=NOW).number for n in (1, 2, 1)]
    )

    called = [each for each in outcomes if isinstance(each, str)]
    assert len(called) == len(set(called)) == 2, outcomes
    assert [type(each) for each in outcomes if not isinstance(each, str)] == [calling.Busy]


def test_sweeps_of_two_workers_and_a_late_one_do_everything_once(fresh_database):
    from django.db import connections

    from cases.hall.models import Outbox
    from cases.hall.services.bookings import ending
    from tests.conftest import _hall

    young_made = in_east(lambda: (young("lin"), book())[1])
    late = at(TOMORROW, 18)

    def sweep():
        ending.sweep(_hall("east"), now=late, stopped=lambda: False)
        connections.close_all()

    threads = [threading.Thread(target=sweep) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    sweep()

    assert in_east(lambda: reload(young_made)).state == "no_show"
    assert in_east(lambda: reload(young_made).events.filter(action="miss").count()) == 1
    assert in_east(Outbox.objects.count) == 2
    assert in_east(findings) == []


def test_a_reminder_goes_out_once(fresh_database):
    from datetime import date

    from cases.hall.models import Outbox
    from cases.hall.services.bookings import ending
    from tests.conftest import _hall

    in_east(lambda: (young("lin"), book(day=date(2026, 3, 5))))
    for hour in (8, 9, 12):
        ending.sweep(_hall("east"), now=at(date(2026, 3, 4), hour), stopped=lambda: False)

    texts = in_east(lambda: [row.text for row in Outbox.objects.all()])
    assert sum(text.startswith("别忘了3月5日9:00") for text in texts) == 1


def test_a_killed_booking_leaves_nothing(fresh_database):
    """What a process had done when it died is not there: the transaction is one."""
    from cases.hall.models.booking import Booking, Place, Slot
    from cases.shared.models import BookingPointer
    from tenants.shared import scope
    from tests.conftest import _hall

    class Killed(BaseException):
        pass

    with pytest.raises(Killed), scope.hall(_hall("east")):
        young("lin")
        book()
        raise Killed

    left = in_east(lambda: [model.objects.count() for model in (Booking, Place, Slot, BookingPointer)])
    assert left == [0, 0, 0, 0]
