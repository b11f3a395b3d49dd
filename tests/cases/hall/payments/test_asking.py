"""The worker asks providers again: for payments whose call-back never came, and for refunds until they are made."""

from datetime import timedelta

import pytest

from tests.cases.hall.payments.making import (
    AWAY,
    actions,
    findings,
    owing,
    payment,
    reload,
    say,
    start,
    states,
)
from tests.conftest import actor
from tests.template import NOW


@pytest.fixture
def within(east):
    """``within(function, …)``: what it returns in east's scope."""
    from tenants.shared import scope

    def do(function, *args, **named):
        with scope.hall(east):
            return function(*args, **named)

    return do


def visited(hall, after):
    """What the worker finds that comes by so many minutes after the start."""
    from cases.hall.services.payments import asking

    return asking.visit(hall, lambda: False, now=lambda: NOW + timedelta(minutes=after))


def test_a_call_back_that_never_came_is_asked_for(east, within, provider):
    case = within(owing)
    begun = within(start, case)
    provider.says = ("paid", 2000)

    assert visited(east, 1) == 0
    assert within(states, case) == ["started"]
    assert visited(east, 2) == 1
    assert visited(east, 60) == 0

    assert (within(states, case), within(actions, case)[-1]) == (["paid"], "paid")
    assert within(reload, begun).call_backs.model.__name__ == "CallBack"
    assert within(lambda: list(begun.call_backs.values_list("was_asked", "taken"))) == [(True, "applied")]
    assert within(findings, east) == []


def test_it_is_asked_ever_more_seldom_while_nothing_happens(east, within, provider):
    case = within(owing)
    begun = within(start, case)
    waits, at = [], 2
    for _try in range(9):
        assert visited(east, at) == 1
        next_at = (within(reload, begun).next_try_at - NOW) / timedelta(minutes=1)
        waits.append(next_at - at)
        at = next_at

    assert waits == [2, 5, 15, 60, 240, 720, 1440, 1440, 1440]
    assert within(states, case) == ["started"]


def test_a_provider_that_is_away_ends_the_round_and_loses_nothing(east, within, provider):
    cases = [within(owing), within(owing)]
    for case in cases:
        within(start, case)
    provider.says = AWAY
    assert visited(east, 2) == 0
    assert [within(lambda case=case: payment(case).tries) for case in cases].count(1) == 1

    provider.says = ("paid", 2000)
    assert visited(east, 5) == 2
    assert [within(states, case) for case in cases] == [["paid"], ["paid"]]


def test_what_was_given_up_is_asked_for_a_while(east, within, provider):
    from cases.hall.services import transition

    case = within(owing)
    begun = within(start, case)
    within(lambda: transition.apply(reload(case), "withdraw", by=actor("lin"), now=NOW))
    provider.says = ("paid", 2000)
    # asked how it is, and at once for the money back, which has not gone yet
    assert visited(east, 2) == 2
    assert (within(reload, begun).state, len(provider.refunds)) == ("refund_asked", 1)

    provider.says = ("refunded", 2000)
    assert visited(east, 4) == 1
    assert (within(states, case), provider.refunds) == (["refunded"], [(begun.reference, 2000)] * 2)
    assert within(findings, east) == []


def test_nobody_asks_for_ever_after_what_was_given_up(east, within, provider):
    from cases.hall.models import Payment
    from cases.hall.services import transition

    case = within(owing)
    begun = within(start, case)
    within(lambda: transition.apply(reload(case), "withdraw", by=actor("lin"), now=NOW))
    within(lambda: Payment.objects.update(tries=7))
    assert visited(east, 2) == 1
    assert within(reload, begun).next_try_at is None


def test_a_refund_is_tried_until_it_is_made_and_staff_are_told(east, within, provider):
    from cases.hall.paperwork import StaffNotice
    from cases.hall.services import transition

    case = within(owing)
    within(lambda: say(payment(case)))
    window, head = actor("east_window", ["window"]), actor("east_head", ["head"])
    within(lambda: transition.apply(reload(case), "refund", by=window, now=NOW, reason="多收了"))
    within(lambda: transition.apply(reload(case), "refund", by=head, now=NOW))
    provider.says, at = AWAY, 0
    for minutes in (2, 5, 15):
        visited(east, at)
        at += minutes
    assert within(lambda: list(StaffNotice.objects.values_list("kind", "done_at"))) == [("payment", None)]
    assert within(states, case) == ["refund_asked"]

    provider.says = ("refunded", 2000)
    assert visited(east, at) == 1
    assert (within(states, case), len(provider.refunds)) == (["refunded"], 4)
    assert within(lambda: StaffNotice.objects.filter(done_at=None).count()) == 0
    assert within(findings, east) == []


def test_without_a_provider_nobody_is_asked(east, within, provider, settings):
    case = within(owing)
    within(start, case)
    settings.PAYMENT_PROVIDER = ""
    assert visited(east, 60) == 0
    assert within(lambda: payment(case).tries) == 0


def test_the_worker_of_a_hall_asks(east, within, provider):
    from django.apps import apps

    assert "cases.hall.services.payments.asking.visit" in apps.get_app_config("cases_hall").hall_jobs
