"""What check_halls says of payments: nothing of good ones, and each planted fault."""

import pytest

from tests.cases.hall.payments.making import findings, owing, payment, reload, say
from tests.template import NOW

pytestmark = pytest.mark.usefixtures("in_east")


def test_good_payments_have_no_findings(east):
    owing()
    say(payment(owing()))
    failed = owing()
    say(payment(failed), "failed")

    assert findings(east) == []


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"amount": 1}, "it is paid, and what the provider said of it is another thing"),
        ({"receipt": None}, "it is paid and has no receipt"),
        ({"state": "started"}, "it is started, and what the provider said of it is another thing"),
    ],
)
def test_a_payment_that_was_changed_past_the_services_is_found(east, changed, finding):
    from cases.hall.models import Payment

    case = owing()
    say(payment(case))
    Payment.objects.filter(case=case).update(**changed)

    found = findings(east)
    assert f"payment {payment(case).reference}: {finding}" in found


def test_a_payment_that_no_call_back_says_is_found(east):
    from cases.hall.models import Payment

    case = owing()
    Payment.objects.filter(case=case).update(state="paid", way="online", paid_at=NOW)

    assert findings(east) == [
        f"payment {payment(case).reference}: it is paid, and what the provider said of it is another thing",
        f"payment {payment(case).reference}: it is paid and has no receipt",
        f"case {case.number}: whether it owes a fee is not what its payments say",
        f"case {case.number}: whether its fee is paid is not what its payments say",
    ]


@pytest.mark.parametrize(
    ("marks", "finding"),
    [
        (["charged"], "case {number}: whether it owes a fee is not what its payments say"),
        (
            ["charged", "unpaid", "paid"],
            "case {number}: whether its fee is paid is not what its payments say",
        ),
        ([], "case {pk}: it has a payment and was never charged"),
    ],
)
def test_a_case_that_says_another_thing_than_its_payments_is_found(east, marks, finding):
    from cases.hall.models import Case

    case = owing()
    Case.objects.filter(pk=case.pk).update(marks=marks)

    assert finding.format(number=case.number, pk=case.pk) in findings(east)
    assert reload(case).marks == marks


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"amount": 0}, "payment_of_something"),
        ({"state": "rich"}, "payment_state_known"),
        ({"state": "paid"}, "payment_paid_somehow"),
    ],
)
def test_the_database_refuses_what_no_payment_can_be(changed, constraint):
    from django.db import IntegrityError, transaction

    from cases.hall.models import Payment

    owing()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Payment.objects.update(**changed)


def test_the_hall_may_not_change_what_a_provider_said():
    from django.db import ProgrammingError, transaction

    from cases.hall.models import CallBack, Payment

    case = owing()
    say(payment(case))
    for change in (
        lambda: CallBack.objects.update(amount=1),
        lambda: CallBack.objects.all()._raw_delete("default"),
        lambda: Payment.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()
    assert payment(case).state == "paid"
