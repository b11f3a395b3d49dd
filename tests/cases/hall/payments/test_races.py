"""Races for money end in the database: real commits, real threads."""

import threading
from datetime import timedelta

import pytest

from tests.cases.hall.payments.making import actions, findings, owing, payment, reload, say, start, states
from tests.cases.hall.test_races import at_once, in_east
from tests.conftest import _hall, actor
from tests.template import NOW

pytestmark = pytest.mark.slow


def after(case):
    return in_east(lambda: (states(case), actions(case).count("paid"), findings(_hall("east"))))


def test_fifty_equal_call_backs_at_once_are_one_payment_and_one_receipt(fresh_database):
    from cases.hall.models import CallBack, Outbox

    case = in_east(owing)
    due = in_east(lambda: payment(case))
    taken = at_once(*[lambda: say(due, message="m1", number="T1")] * 50)

    assert sorted(map(str, taken)) == ["applied"] + ["repeated"] * 49
    assert after(case) == (["paid"], 1, [])
    told = in_east(lambda: (CallBack.objects.count(), Outbox.objects.filter(event__action="paid").count()))
    assert told == (1, 1)


def test_two_call_backs_of_one_payment_under_two_names_are_one_receipt(fresh_database):
    case = in_east(owing)
    due = in_east(lambda: payment(case))
    taken = at_once(*[lambda n=n: say(due, message=f"m{n}", number="T1") for n in range(8)])

    assert sorted(map(str, taken)) == ["applied"] + ["repeated"] * 7
    assert after(case) == (["paid"], 1, [])


def test_a_success_and_the_window_at_once_keep_one_and_give_back_the_other(fresh_database, provider):
    from cases.hall.services import transition

    case = in_east(owing)
    begun = in_east(lambda: start(case))
    window = actor("east_window", ["window"])
    seen = in_east(lambda: reload(case))
    at_once(
        lambda: say(begun),
        lambda: transition.apply(seen, "record_payment", by=window, now=NOW, data={"receipt_no": "7"}),
    )

    found, receipts, wrong = after(case)
    assert found in (["paid"], ["paid", "refund_asked"])
    assert (receipts, wrong) == (1, [])


def test_a_success_and_a_withdrawal_at_once_lose_no_money(fresh_database, provider):
    from cases.hall.services import transition

    case = in_east(owing)
    begun = in_east(lambda: start(case))
    seen = in_east(lambda: reload(case))
    at_once(
        lambda: say(begun),
        lambda: transition.apply(seen, "withdraw", by=actor("lin"), now=NOW),
    )

    found, _receipts, wrong = after(case)
    assert found in (["paid"], ["refund_asked"])
    assert wrong == []


def test_started_at_once_it_is_one_payment(fresh_database, provider):
    case = in_east(owing)
    begun = at_once(*[lambda: start(case)] * 4)
    assert len({each.pk for each in begun}) == 1, begun
    assert after(case) == (["started"], 0, [])


def test_two_workers_ask_once(fresh_database, provider):
    from django.db import connections

    from cases.hall.services.payments import asking

    case = in_east(owing)
    in_east(lambda: start(case))
    provider.says = ("paid", 2000)
    barrier, asked = threading.Barrier(2), []

    def work():
        try:
            barrier.wait(10)
            hall = _hall("east")
            asked.append(asking.visit(hall, lambda: False, now=lambda: NOW + timedelta(minutes=5)))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)

    assert sorted(asked) == [0, 1]
    assert after(case) == (["paid"], 1, [])
