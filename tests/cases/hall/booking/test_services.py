"""Booking, changing, cancelling, waiting, arriving: each by its service."""

from datetime import date, time

import pytest

from tests.cases.hall import mandating
from tests.cases.hall.booking.making import (
    BIRTH,
    GUIDE,
    HALF_PAST,
    LICENCE,
    NINE,
    TEN,
    TODAY,
    TOMORROW,
    at,
    book,
    book_as,
    crowd,
    findings,
    later,
    messages,
    reload,
    slot,
    wish,
    young,
)
from tests.conftest import actor
from tests.template import NOW, PERSON_ID

pytestmark = pytest.mark.usefixtures("in_east")
WEDNESDAY = date(2026, 3, 4)


@pytest.fixture(autouse=True)
def _young(in_east):
    young("lin", "zhou", "agent")


def offers(letter="A", items=1, now=NOW):
    from cases.hall.queries import slots
    from tenants.hall.models import Window

    return slots.offered(Window.objects.get(letter=letter), items, now)


def left(day, starts, **given):
    days = {each.day: {time.starts: time.left for time in each.times} for each in offers(**given)}
    return days[day].get(starts)


def refusal(act):
    from cases.hall.services.bookings.refusals import BookingRefused

    with pytest.raises(BookingRefused) as caught:
        act()
    return caught.value.code


def test_a_booking_has_a_number_a_code_places_and_a_message():
    from cases.hall import numbers
    from cases.shared.models import BookingPointer

    made = book()

    assert (made.number[0], numbers.check(made.number[1:]), made.state) == ("Y", True, "booked")
    assert len(made.check_code) == 6
    assert slot() == (1, 5)
    assert left(TOMORROW, NINE) == 4
    assert messages() == [f"3月3日9:00到综合窗口，号码{made.check_code}，过15分钟作废。"]
    assert BookingPointer.objects.get().number == made.number
    assert made.visitor["name"] == "林小禾"
    assert findings() == []


def test_the_days_are_working_days_and_the_times_those_of_the_hours():
    days = offers()

    assert [each.day for each in days] == [date(2026, 3, day) for day in (2, 3, 4, 5, 6, 9, 10, 11)]
    assert [each.starts for each in days[1].times] == [
        time(9), time(9, 30), time(10), time(10, 30), time(11), time(11, 30),
        time(14), time(14, 30), time(15), time(15, 30), time(16), time(16, 30),
    ]  # fmt: skip
    # at ten the slot of eleven may still be booked
    assert days[0].times[0].starts == time(11)


def test_the_same_key_is_the_same_booking_and_another_body_is_refused():
    first = book(key="k")

    assert book(key="k").pk == first.pk
    assert refusal(lambda: book(key="k", starts=TEN)) == "idempotency_key_reused"
    assert slot() == (1, 5)


def test_an_item_is_open_once_a_person_and_a_day_holds_two():
    book()

    assert refusal(lambda: book(starts=TEN)) == "already_booked"
    book(items=(GUIDE,), starts=TEN)
    assert refusal(lambda: book(items=(LICENCE,), starts=TEN)) == "too_many_a_day"
    book(items=(LICENCE,), day=WEDNESDAY)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"day": date(2026, 3, 7)}, "time_not_offered"),  # a Saturday
        ({"day": date(2026, 3, 12)}, "time_not_offered"),  # beyond seven working days
        ({"day": date(2026, 2, 27)}, "time_not_offered"),
        ({"starts": time(12)}, "time_not_offered"),
        ({"starts": time(9, 15)}, "time_not_offered"),
        ({"day": TODAY, "starts": time(10, 30)}, "time_not_offered"),  # within the hour
        ({"items": ("34000000000000",)}, "invalid"),
        ({"items": (BIRTH, LICENCE)}, "invalid"),  # two windows
        ({"case": "349901260302000010"}, "invalid"),
        ({"principal": PERSON_ID["zhou"]}, "no_mandate"),
    ],
)  # fmt: skip
def test_what_cannot_be_booked_is_refused_and_nothing_is_written(given, code):
    from cases.hall.models.booking import Booking, Place

    assert refusal(lambda: book(**given)) == code
    assert (Booking.objects.count(), Place.objects.count(), messages()) == (0, 0, [])


def test_an_item_that_takes_no_bookings_is_refused():
    from catalog.hall.services import overrides

    overrides.set_value(
        BIRTH, "can_book", False, by=actor("east_staff", ["branch_staff"]), reason="随到随办", now=NOW
    )

    assert refusal(book) == "invalid"


def test_a_full_slot_takes_nobody_more():
    for by in crowd(5):
        book_as(by)

    assert slot() == (5, 5)
    assert left(TOMORROW, NINE) == 0
    assert refusal(book) == "time_taken"
    assert findings() == []


def test_several_items_take_places_and_slots_so_long_as_they_last():
    made = book(items=(BIRTH, GUIDE))

    assert slot() == (2, 5)
    assert left(TOMORROW, NINE) == 3
    assert left(TOMORROW, NINE, items=2) == 1
    # the last slot of the morning has none behind it
    assert left(TOMORROW, time(11, 30), items=3) is None
    assert made.items.count() == 2


def test_a_change_moves_the_places_twice_at_most():
    from cases.hall.services.bookings import changing

    made = book()
    changing.change(made, day=TOMORROW, starts=TEN, by=actor("lin"), now=NOW)
    assert (slot(), slot(starts=TEN)) == ((0, 5), (1, 5))
    # pressed again
    changing.change(made, day=TOMORROW, starts=TEN, by=actor("lin"), now=NOW)
    assert reload(made).changes == 1
    changing.change(made, day=WEDNESDAY, starts=NINE, by=actor("lin"), now=NOW)
    assert (
        refusal(lambda: changing.change(made, day=WEDNESDAY, starts=TEN, by=actor("lin"), now=NOW))
        == "no_changes_left"
    )
    assert f"改到3月4日9:00到综合窗口，号码{made.check_code}，过15分钟作废。" in messages()
    assert findings() == []


def test_a_change_to_what_is_taken_leaves_the_old_time():
    from cases.hall.services.bookings import changing

    made = book(starts=TEN)
    for by in crowd(5):
        book_as(by)

    assert (
        refusal(lambda: changing.change(made, day=TOMORROW, starts=NINE, by=actor("lin"), now=NOW))
        == "time_taken"
    )
    assert (reload(made).starts, slot(starts=TEN)) == (TEN, (1, 5))
    assert findings() == []


def test_two_hours_before_nothing_is_changed_or_cancelled_any_more():
    from cases.hall.services.bookings import changing

    made = book()
    late = at(TOMORROW, 7, 1)

    assert refusal(lambda: changing.cancel(made, by=actor("lin"), now=late)) == "too_late"
    assert (
        refusal(lambda: changing.change(made, day=WEDNESDAY, starts=NINE, by=actor("lin"), now=late))
        == "too_late"
    )
    assert slot() == (1, 5)
    changing.cancel(made, by=actor("lin"), now=at(TOMORROW, 7))
    assert (slot(), reload(made).state) == ((0, 5), "cancelled")
    # pressed again
    changing.cancel(made, by=actor("lin"), now=at(TOMORROW, 7))
    assert messages()[1:] == ["您3月3日的预约已取消。"]
    book()
    assert findings() == []


@pytest.fixture
def full(in_east):
    """East's one place at the firms' window is taken all day, by the cast's `agent` at nine."""
    booked = [book("agent", items=(LICENCE,))]
    begins = [time(h, m) for h in (9, 10, 11, 14, 15, 16) for m in (0, 30)][1:]
    booked += [
        book_as(by, items=(LICENCE,), starts=starts) for by, starts in zip(crowd(11), begins, strict=True)
    ]
    return booked


def test_nobody_queues_for_a_day_with_places():
    assert refusal(lambda: book(starts=None)) == "not_full"


def test_who_waits_is_offered_a_freed_place_in_order(full):
    from cases.hall.services.bookings import changing, waiting

    first, second = (
        book("lin", items=(LICENCE,), starts=None),
        book("zhou", items=(LICENCE,), starts=None, now=later(minutes=1)),
    )
    now = later(minutes=5)
    changing.cancel(full[0], by=actor("agent"), now=now)

    first, second = reload(first), reload(second)
    assert (first.state, first.starts, second.state) == ("offered", NINE, "waiting")
    assert first.confirm_by == later(now, hours=2)
    assert slot(letter="B") == (1, 1)
    assert "轮到您：排到了3月3日9:00，请在12:05前确认。登录“我的办件”确认。" in messages()
    # nobody jumps the line
    assert refusal(lambda: book("agent", items=(LICENCE,), now=now)) == "time_taken"
    waiting.confirm(first, by=actor("lin"), now=later(now, hours=2))
    waiting.confirm(first, by=actor("lin"), now=later(now, hours=2))
    assert reload(first).state == "booked"
    assert findings() == []


def test_an_offer_that_is_not_confirmed_goes_to_the_next_however_late_the_sweep(full):
    from cases.hall.services.bookings import changing, ending, waiting

    first, second = (
        book("lin", items=(LICENCE,), starts=None),
        book("zhou", items=(LICENCE,), starts=None, now=later(minutes=1)),
    )
    changing.cancel(full[0], by=actor("agent"), now=NOW)
    too_late = later(hours=2, seconds=1)

    assert refusal(lambda: waiting.confirm(first, by=actor("lin"), now=too_late)) == "offer_gone"
    assert ending.settle(first.pk, later(hours=5))
    first, second = reload(first), reload(second)
    assert (first.state, second.state, second.confirm_by) == ("lapsed", "offered", later(hours=7))
    assert findings() == []


def test_leaving_the_line_and_booking_another_day_out_of_it(full):
    from cases.hall.services.bookings import changing

    waiting = book("lin", items=(LICENCE,), starts=None)
    changing.change(waiting, day=WEDNESDAY, starts=NINE, by=actor("lin"), now=NOW)
    other = book("zhou", items=(LICENCE,), starts=None)
    changing.cancel(other, by=actor("zhou"), now=NOW)

    assert (reload(waiting).state, reload(waiting).changes, reload(other).state) == ("booked", 0, "cancelled")
    assert findings() == []


def missed(username, *days):
    from cases.hall.services.bookings import ending

    for day in days:
        made = book(username, day=day, now=at(day, 7))
        ending.settle(made.pk, at(day, 9, 16))
    return made


def test_three_no_shows_bar_and_an_appeal_lifts_it():
    from cases.hall.services.bookings import appeals

    days = [date(2026, 3, day) for day in (3, 4, 5)]
    last = missed("lin", *days)
    now = at(days[-1], 12)

    assert refusal(lambda: book(day=date(2026, 3, 9), now=now)) == "barred"
    appeal = appeals.appeal(last, "孩子住院了", by=actor("lin"), now=now)
    assert appeals.appeal(last, "再说一遍", by=actor("lin"), now=now).pk == appeal.pk
    appeals.decide(appeal, grants=True, answer="核实了", by=actor("east_admin"), now=now)
    book(day=date(2026, 3, 9), now=now)
    assert findings() == []


def test_no_shows_count_before_any_sweep_has_come_and_end_after_thirty_days():
    for day in (3, 4, 5):
        # nothing is swept: the next booking itself ends the one before
        book(day=date(2026, 3, day), now=at(date(2026, 3, day), 7))

    assert refusal(lambda: book(day=date(2026, 3, 6), now=at(date(2026, 3, 5), 10))) == "barred"
    assert refusal(lambda: book(day=date(2026, 4, 7), now=at(date(2026, 4, 3), 10))) == "barred"
    book(day=date(2026, 4, 7), now=at(date(2026, 4, 7), 7))


def test_a_green_lane_is_not_punished_and_age_is_read_from_the_number():
    from cases.hall.services.bookings import ending
    from tests.cases.hall.booking.making import person

    person("zhou", born=date(1960, 1, 1))
    assert book("zhou").is_green
    declared = book("lin", lane="pregnant")
    ending.settle(declared.pk, at(TOMORROW, 9, 16))
    assert (reload(declared).state, reload(declared).is_excused) == ("no_show", True)
    assert "没有来" not in messages()[-1]


def test_arriving_gives_a_number_once():
    from cases.hall.services.bookings import arriving

    made = book()

    def arrive(hour, minute):
        return arriving.check_in(
            f" {made.check_code.lower()} ", by=actor("lin"), address="unknown", now=at(TOMORROW, hour, minute)
        )

    assert refusal(lambda: arrive(8, 44)) == "not_now"
    assert refusal(lambda: arrive(9, 16)) == "not_now"
    assert arrive(8, 50).number == "A001"
    assert arrive(9, 30).number == "A001"
    assert reload(made).state == "checked_in"
    wrong = lambda: arriving.check_in("ZZZZZZ", by=actor("lin"), address="unknown", now=at(TOMORROW, 9))  # noqa: E731
    assert refusal(wrong) == "unknown_code"


def test_calling_goes_by_green_lane_then_by_turn():
    from cases.hall.services.bookings import arriving, calling
    from tenants.hall.models import Window

    window, clerk = Window.objects.get(letter="A"), actor("east_window")
    booked = book(starts=HALF_PAST)
    now = at(TOMORROW, 9, 20)
    walk_in = calling.walk_in(window, is_green=False, by=clerk, now=at(TOMORROW, 9, 25))
    arriving.check_in_number(booked.number, by=clerk, now=now)
    green = calling.walk_in(window, is_green=True, by=clerk, now=at(TOMORROW, 9, 40))

    order = []
    for _turn in range(3):
        called = calling.call_next(window, 1, by=clerk, now=at(TOMORROW, 9, 41))
        order.append(called.pk)
        with pytest.raises(calling.Busy):
            calling.call_next(window, 1, by=clerk, now=at(TOMORROW, 9, 41))
        calling.done(called, by=clerk, now=at(TOMORROW, 9, 42))
    assert order == [green.pk, walk_in.pk, reload(booked).ticket.pk]
    assert reload(booked).state == "done"
    with pytest.raises(calling.NobodyWaits):
        calling.call_next(window, 1, by=clerk, now=at(TOMORROW, 9, 43))


def test_who_was_not_there_is_called_again():
    from cases.hall.services.bookings import calling
    from tenants.hall.models import Window

    window, clerk = Window.objects.get(letter="A"), actor("east_window")
    ticket = calling.walk_in(window, is_green=False, by=clerk, now=NOW)
    with pytest.raises(calling.NotCalled):
        calling.absent(ticket, by=clerk, now=NOW)
    calling.call_next(window, 2, by=clerk, now=NOW)
    calling.recall(ticket, 2, by=clerk, now=NOW)
    calling.absent(ticket, by=clerk, now=NOW)
    called = calling.recall(ticket, 3, by=clerk, now=NOW)

    assert (called.calls, called.counter, called.state) == (3, 3, "called")


def test_a_closed_day_cancels_with_a_message_and_a_free_rebooking():
    from cases.hall.services.bookings import changing, opening
    from tenants.hall.models import Closure

    made, other = book(), book("zhou", items=(LICENCE,))
    admin = actor("east_admin")

    assert opening.affected(TOMORROW, None) == 2
    assert opening.close_day(TOMORROW, None, reason="停电", by=admin, now=NOW) == 2
    assert opening.close_day(TOMORROW, None, reason="停电", by=admin, now=NOW) == 0
    assert (reload(made).state, reload(made).reason, reload(other).state) == ("closed", "停电", "closed")
    assert (slot()[0], slot(letter="B")[0]) == (0, 0)
    assert messages().count("3月3日窗口不办公，您的预约取消了。登录“我的办件”另约，不算改过。") == 2
    assert refusal(lambda: book("agent")) == "time_not_offered"
    assert [each.is_closed for each in offers()[:3]] == [False, True, False]
    changing.change(made, day=WEDNESDAY, starts=NINE, by=actor("lin"), now=NOW)
    assert (reload(made).state, reload(made).changes) == ("booked", 0)
    opening.reopen(Closure.objects.get(), by=admin, now=NOW)
    book("agent")
    assert findings() == []


def test_closing_one_window_leaves_the_others():
    from cases.hall.services.bookings import opening
    from tenants.hall.models import Window

    made, other = book(), book("zhou", items=(LICENCE,))
    window = Window.objects.get(letter="B")

    assert opening.close_day(TOMORROW, window, reason="培训", by=actor("east_admin"), now=NOW) == 1
    assert (reload(made).state, reload(other).state) == ("booked", "closed")


def test_fewer_counters_keep_what_is_booked_and_give_nothing_back():
    from cases.hall.services.bookings import changing, opening
    from tenants.hall.models import Window

    booked = [book_as(by) for by in crowd(5)]
    window = Window.objects.get(letter="A")
    opening.save_window(window, {"count": 2}, by=actor("east_admin"), now=NOW)

    assert (slot(), slot(starts=TEN)) == ((5, 5), (0, 2))
    changing.cancel(booked[0], by=actor("lin"), now=NOW)
    assert slot() == (4, 4)
    assert refusal(book) == "time_taken"
    assert findings() == []


def test_more_counters_are_offered_to_who_waits(full):
    from cases.hall.services.bookings import opening
    from tenants.hall.models import Window

    waiting = book("lin", items=(LICENCE,), starts=None)
    opening.save_window(Window.objects.get(letter="B"), {"count": 2}, by=actor("east_admin"), now=NOW)

    assert (reload(waiting).state, slot(letter="B")) == ("offered", (2, 2))


def test_shorter_hours_cancel_what_falls_out_of_them():
    from cases.hall.services.bookings import opening

    early, kept = book(), book("zhou", starts=time(14))
    opening.save_sessions([(time(14), time(17))], by=actor("east_admin"), now=NOW, reason="上午停电")

    assert (reload(early).state, reload(kept).state) == ("closed", "booked")
    assert next(each.starts for each in offers()[1].times) == time(14)


def test_a_frozen_hall_takes_no_booking(east):
    from tenants.shared import scope

    entered = scope.current()
    token = scope._current.set(scope.Scope(entered.role, entered.schema, "frozen"))
    try:
        assert refusal(book) == "hall_not_taking"
    finally:
        scope._current.reset(token)


def test_a_visit_may_be_for_ones_own_case_alone():
    from tests.cases.hall.making import submitted

    case = submitted(LICENCE, "lin")

    assert book(case=case.number).case == case
    assert refusal(lambda: book("zhou", case=case.number)) == "invalid"


def test_a_mandate_lets_a_proxy_book_what_it_names():
    mandating.term()
    mandate = mandating.in_force(item_code=LICENCE)
    person = mandate.principal.person

    made = book("zhou", (LICENCE,), principal=person)

    assert (made.person, made.booked_by) == (person, PERSON_ID["zhou"])
    assert made.visitor["name"] == mandating.NEIGHBOUR
    assert refusal(lambda: book("lin", (LICENCE,), principal=person)) == "no_mandate"
    assert refusal(lambda: book("zhou", principal=person)) == "no_mandate"


def test_a_wish_of_the_same_words_has_the_same_digest():
    assert wish().digest == wish().digest != wish(reason="别的").digest
