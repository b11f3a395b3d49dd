"""Fees from the notice to the receipt, and back again: each verb, and what it refuses."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.cases.hall import mandating
from tests.cases.hall.making import LICENCE, act
from tests.cases.hall.payments.making import (
    AWAY,
    FEE,
    OPEN_FEE,
    actions,
    findings,
    owing,
    payment,
    reload,
    say,
    start,
    states,
    submitted,
    texts,
)
from tests.conftest import actor
from tests.template import NOW

pytestmark = pytest.mark.usefixtures("in_east")


def test_acceptance_sends_the_notice_of_a_fixed_fee(east):
    case = owing()
    due = payment(case)

    assert actions(case) == ["submit", "accept", "charge"]
    assert (due.amount, due.state, due.due_on) == (2000, "due", date(2026, 3, 9))
    assert due.fee == {"key": "f1", "fee": "工本费", "standard": "20 元", "basis": "示例收费文件"}
    assert (case.turn, case.marks) == ("applicant", ["charged", "unpaid"])
    assert texts(case)[-1] == "轮到您：小餐馆许可要缴20 元，最晚3月9日。登录“我的办件”缴。"
    assert case.events.get(action="charge").document_no.endswith("缴〔2026〕00001号")
    assert findings(east) == []


@pytest.mark.parametrize(
    "fees",
    [
        (),
        ({**FEE, "basis": " "},),
        ({**FEE, "amount": 0},),
        ({**FEE, "online": False},),
        ({**FEE, "hidden": True},),
    ],
    ids=["none", "without a basis", "lowered to nothing", "at the counter alone", "hidden by the hall"],
)
def test_nothing_to_pay_is_the_normal_case(fees):
    case = act(submitted(*fees), "accept")

    assert (actions(case), case.turn, case.marks, payment(case)) == (["submit", "accept"], "hall", [], None)
    assert act(act(case, "review"), "grant").state == "granted"


def test_what_a_hall_lowered_is_what_is_charged():
    assert payment(owing({**FEE, "amount": 4.5})).amount == 450


def test_a_case_that_owes_is_not_granted_and_one_that_has_paid_is():
    from cases.hall.services.transition import NotOpen

    case = act(owing(), "review")
    with pytest.raises(NotOpen, match="还没缴费"):
        act(case, "grant")
    say(payment(case))

    assert act(reload(case), "grant").state == "granted"


def test_an_amount_by_a_standard_is_set_by_a_clerk_first():
    from cases.hall.services.transition import DataNeeded, NotOpen

    case = act(submitted(FEE, OPEN_FEE), "accept")
    assert (case.marks, case.turn, payment(case)) == (["fee_to_set"], "hall", None)
    case = act(case, "review")
    with pytest.raises(NotOpen, match="先通知缴多少"):
        act(case, "grant")

    def charge(**data):
        from cases.hall.services import transition

        return transition.apply(case, "charge", by=actor("east_window", ["window"]), now=NOW, data=data)

    for data, field in (
        ({"fee": "f9", "amount": "20"}, "fee"),
        ({"amount": "20"}, "fee"),
        ({"fee": "f1", "amount": "30"}, "amount"),
        ({"fee": "f2", "amount": "-1"}, "amount"),
        ({"fee": "f2", "amount": "1.234"}, "amount"),
        ({"fee": "f2", "amount": "NaN"}, "amount"),
    ):
        with pytest.raises(DataNeeded) as refused:
            charge(**data)
        assert list(refused.value.fields) == [field], data
    assert payment(case) is None

    case = charge(fee="f2", amount="35.5")
    assert (payment(case).amount, payment(case).fee["fee"], case.marks) == (
        3550,
        "检验费",
        ["charged", "unpaid"],
    )


def test_an_item_that_is_paid_online_is_not_completed_on_the_spot():
    from cases.hall.models import Case
    from cases.hall.services.transition import NotOpen
    from tests.cases.hall.making import BIRTH

    case = submitted(FEE, item=BIRTH)
    with pytest.raises(NotOpen, match="这件要缴费"):
        act(case, "complete")
    assert Case.objects.get(pk=case.pk).state == "submitted"


def test_paying_online_gives_one_receipt_with_a_number(provider, east):
    case = owing()
    begun = start(case)
    order = provider.started[0]
    assert (begun.state, begun.address, begun.next_try_at) == (
        "started",
        "https://pay.example.gov.cn/o/1",
        NOW + timedelta(minutes=2),
    )
    assert (order.reference, order.amount, order.title) == (begun.reference, 2000, "小餐馆许可工本费")
    # once started the place stays the same
    assert (start(case).pk, len(provider.started)) == (begun.pk, 1)

    assert say(begun, number="T1") == "applied"

    case, paid = reload(case), reload(begun)
    assert (paid.state, paid.way, paid.provider_no, paid.next_try_at) == ("paid", "online", "T1", None)
    assert paid.receipt.document_no.endswith("收〔2026〕00001号")
    assert (case.turn, case.marks) == ("hall", ["charged", "paid"])
    assert texts(case)[-1] == "小餐馆许可的20 元收到了，收据见“我的办件”。"
    assert findings(east) == []


def test_the_same_call_back_again_changes_nothing(east):
    case = owing()
    assert [say(payment(case), message="m1"), say(payment(case), message="m1"), say(payment(case))] == [
        "applied",
        "repeated",
        "repeated",
    ]
    assert (actions(case).count("paid"), findings(east)) == (1, [])


def test_after_a_failure_it_can_be_paid_again(provider, east):
    case = owing()
    first = start(case)
    assert say(first, "failed", number="") == "applied"
    second = start(case)

    assert (second.reference != first.reference, states(case), reload(case).marks) == (
        True,
        ["failed", "started"],
        ["charged", "unpaid"],
    )
    assert say(second) == "applied"
    assert (states(case), findings(east)) == (["failed", "paid"], [])


def test_a_success_after_its_failure_counts(provider, east):
    case = owing()
    first = start(case)
    say(first, "failed")

    assert say(first) == "applied"
    assert (reload(first).state, states(case)) == ("paid", ["cancelled", "paid"])
    assert (reload(case).marks, findings(east)) == (["charged", "paid"], [])


def test_money_that_comes_twice_goes_back_once(provider, east):
    case = owing()
    first = start(case)
    say(first, "failed")
    second = start(case)
    say(second)

    assert say(first) == "late"

    back = reload(first)
    assert (back.state, back.next_try_at, reload(case).marks) == ("refund_asked", NOW, ["charged", "paid"])
    assert actions(case).count("paid") == 1
    assert texts(case)[-1] == "小餐馆许可的20 元不用缴，会原路退给您。"
    assert findings(east) == []


@pytest.mark.parametrize("ending", ["withdraw", "refuse", "waive"])
def test_money_that_comes_when_nothing_is_owed_goes_back(provider, east, ending):
    from cases.hall.services import transition

    case = owing()
    begun = start(case)
    case = reload(case)
    if ending == "withdraw":
        transition.apply(case, "withdraw", by=actor("lin"), now=NOW)
    elif ending == "refuse":
        case = act(act(act(case, "review"), "refuse", reason="理由"), "confirm")
    else:
        head = actor("east_head", ["head"])
        transition.apply(case, "waive", by=head, now=NOW, reason="低保户，依规定免收")
    assert (states(case), reload(case).marks) == (["cancelled"], ["charged"])

    assert say(begun) == "late"
    assert (reload(begun).state, actions(case)[-1], findings(east)) == ("refund_asked", "send_back", [])


def test_another_amount_is_not_taken_and_staff_are_told():
    from cases.hall.paperwork import StaffNotice

    case = owing()
    assert say(payment(case), amount=1999) == "mismatch"
    assert (states(case), reload(case).marks) == (["due"], ["charged", "unpaid"])
    told = StaffNotice.objects.get()
    assert (told.kind, told.case_id, told.data["said"]) == ("payment", case.pk, "19.99 元")
    # the right amount counts all the same
    assert say(payment(case)) == "applied"


def test_one_payment_at_the_provider_is_not_two_here():
    one, other = payment(owing()), payment(owing())
    assert say(one, number="T1", message="m1") == "applied"
    # a message's id is told apart by the payment that it is of
    assert say(other, number="T1", message="m1") == "mismatch"
    assert [reload(one).state, reload(other).state] == ["paid", "due"]
    assert say(other, number="T2", message="m2") == "applied"


def test_a_payment_that_nobody_knows_is_kept_and_nothing_else():
    from cases.hall.models import CallBack, Event

    case = owing()
    stranger = payment(case)
    stranger.reference = "0" * 32
    events = Event.objects.count()

    assert [say(stranger, message="m"), say(stranger, message="m")] == ["strange", "repeated"]
    row = CallBack.objects.get()
    assert (row.payment, row.reference, row.amount, Event.objects.count()) == (None, "0" * 32, 2000, events)


def test_at_the_window_a_clerk_writes_the_slips_number(east):
    from cases.hall.services import transition

    case = owing()
    window = actor("east_window", ["window"])
    with pytest.raises(transition.DataNeeded):
        transition.apply(case, "record_payment", by=window, now=NOW, data={})
    assert states(case) == ["due"]

    transition.apply(reload(case), "record_payment", by=window, now=NOW, data={"receipt_no": "No. 7"})

    paid = payment(case)
    assert (paid.state, paid.way, paid.receipt_no, reload(case).marks) == (
        "paid",
        "window",
        "No. 7",
        ["charged", "paid"],
    )
    assert findings(east) == []


def test_who_paid_at_the_window_gets_back_what_comes_online(provider, east):
    from cases.hall.services import transition

    case = owing()
    begun = start(case)
    window = actor("east_window", ["window"])
    transition.apply(reload(case), "record_payment", by=window, now=NOW, data={"receipt_no": "No. 7"})

    assert say(begun) == "late"
    assert (states(case), actions(case).count("paid"), findings(east)) == (["paid", "refund_asked"], 1, [])


def test_without_a_provider_only_the_window_takes_it(settings):
    from cases.hall.services.payments.refusals import WindowOnly

    case = owing()
    with pytest.raises(WindowOnly):
        start(case)
    assert states(case) == ["due"]


def test_a_provider_that_is_away_loses_nothing(provider):
    from cases.hall.services.payments.refusals import ProviderAway

    case = owing()
    provider.says = AWAY
    with pytest.raises(ProviderAway, match="没有扣钱"):
        start(case)
    assert states(case) == ["due"]


def test_nothing_is_started_twice_or_after_it_was_paid(provider):
    from cases.hall.services.payments.refusals import NothingToPay

    case = owing()
    say(payment(case))
    with pytest.raises(NothingToPay):
        start(case)
    assert provider.started == []


def test_a_refund_is_asked_by_one_and_approved_by_another(provider, east):
    from cases.hall.services import transition

    case = owing()
    say(payment(case))
    window, both = actor("east_window", ["window"]), actor("east_window", ["window", "approver"])
    with pytest.raises(transition.ReasonNeeded):
        transition.apply(reload(case), "refund", by=window, now=NOW)
    case = transition.apply(reload(case), "refund", by=window, now=NOW, reason="多收了")
    assert (case.pending, states(case)) == ("refund", ["paid"])
    with pytest.raises(transition.NotAllowed):
        transition.apply(case, "refund", by=both, now=NOW)
    # while one proposal waits no other takes its place
    with pytest.raises(transition.NotOpen):
        act(act(case, "review"), "grant")

    transition.apply(reload(case), "refund", by=actor("east_head", ["head"]), now=NOW)

    back = payment(case)
    assert (back.state, back.reason, back.next_try_at) == ("refund_asked", "多收了", NOW)
    assert say(back, "refunded") == "applied"
    assert (states(case), actions(case)[-1], reload(case).marks) == (["refunded"], "refunded", ["charged"])
    assert texts(case)[-1] == "小餐馆许可的20 元退给您了。"
    assert findings(east) == []


def test_a_refund_that_is_not_approved_leaves_the_money(provider):
    from cases.hall.services import transition

    case = owing()
    say(payment(case))
    transition.apply(reload(case), "refund", by=actor("east_window", ["window"]), now=NOW, reason="多收了")
    head = actor("east_head", ["head"])
    case = transition.apply(reload(case), "return_refund", by=head, now=NOW, reason="没有多收")

    assert (case.pending, states(case), case.marks) == ("", ["paid"], ["charged", "paid"])


def test_what_was_paid_at_the_window_is_given_back_there(provider, east):
    from cases.hall.services import transition

    case, window = owing(), actor("east_window", ["window"])
    transition.apply(case, "record_payment", by=window, now=NOW, data={"receipt_no": "No. 7"})
    transition.apply(reload(case), "refund", by=window, now=NOW, reason="多收了")
    transition.apply(reload(case), "refund", by=actor("east_head", ["head"]), now=NOW)

    assert (states(case), payment(case).next_try_at, findings(east)) == (["refunded"], None, [])


def test_what_the_provider_gave_back_by_itself_is_for_somebody_to_look_at():
    from cases.hall.paperwork import StaffNotice

    case = owing()
    say(payment(case))
    assert say(payment(case), "refunded") == "mismatch"
    assert (states(case), StaffNotice.objects.count()) == (["paid"], 1)


def test_a_deemed_acceptance_charges_too():
    from cases.hall.models import Case
    from cases.hall.services import transition

    case = Case.objects.lock(submitted(FEE).pk)
    later = NOW + timedelta(days=10)
    assert transition.apply_system(case, "deem_accepted", now=later)
    assert (case.state, states(case), case.marks) == ("deemed_accepted", ["due"], ["charged", "unpaid"])


def test_a_departments_own_system_collects_its_own_fees():
    from cases.hall.models import Case

    case = submitted(FEE)
    Case.objects.filter(pk=case.pk).update(marks=["mirrored"])
    case = act(reload(case), "accept")
    assert (payment(case), case.marks) == (None, ["mirrored"])


def test_a_proxy_with_the_power_to_submit_pays_and_another_does_not(provider):
    from cases.hall.models import Case
    from cases.hall.queries.access import MandateOver
    from cases.hall.services import mandates
    from cases.hall.services.authority import NotInMandate

    now = timezone.now()
    mandating.term("zhou", now)
    mandate = mandating.in_force(now=now)
    filed = mandating.filed(mandate, LICENCE, "zhou", now)
    Case.objects.filter(pk=filed.pk).update(item={**filed.item, "fees": [FEE]})
    case = act(reload(filed), "accept", now)
    mandate.powers = ["fill"]
    mandate.save(update_fields=["powers"])
    with pytest.raises(NotInMandate):
        start(case, "zhou", now)
    assert (states(case), provider.started) == (["due"], [])
    mandate.powers = ["submit"]
    mandate.save(update_fields=["powers"])

    assert start(case, "zhou", now).state == "started"
    mandates.end(mandate.pk, actor=actor("zhou"), now=now)
    with pytest.raises(MandateOver):
        start(case, "zhou", now)
