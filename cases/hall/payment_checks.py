"""What must be true of every hall's payments: findings of check_halls, each one sentence."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from cases.hall.models import CallBack, Case, Payment
from cases.hall.payment_enums import HELD, OPEN, PaymentState, Said, Taken, Way
from cases.hall.transitions import Fact
from tenants.shared.models import Hall

_CAME_IN = (*HELD, PaymentState.REFUNDED)
_COUNTED = (Taken.APPLIED, Taken.LATE)


def payments_agree_with_call_backs(hall: Hall) -> Iterator[str]:
    """Compare what stands as paid online with what providers said, and each paid one with its receipt."""
    said: dict[UUID, set[int]] = defaultdict(set)
    told = CallBack.objects.filter(said=Said.PAID, taken__in=_COUNTED, payment__isnull=False)
    for payment, amount in told.order_by("id").values_list("payment", "amount"):
        said[payment].add(amount)
    fields = ("reference", "state", "amount", "way", "receipt__action", "receipt__case", "case")
    rows = Payment.objects.order_by("reference").values_list("pk", *fields)
    for pk, reference, state, amount, way, receipt, receipts_case, case in rows:
        expected = {amount} if way == Way.ONLINE and state in _CAME_IN else set()
        if said[pk] != expected:
            yield f"payment {reference}: it is {state}, and what the provider said of it is another thing"
        if state == PaymentState.PAID and (receipt != "paid" or receipts_case != case):
            yield f"payment {reference}: it is paid and has no receipt"


def marks_follow_payments(hall: Hall) -> Iterator[str]:
    """Compare what stands on a case's row with its payments."""
    by_case: dict[UUID, set[str]] = defaultdict(set)
    for case, state in Payment.objects.order_by("id").values_list("case", "state"):
        by_case[case].add(state)
    marked = Case.objects.filter(marks__contains=[Fact.CHARGED]).order_by("id")
    for pk, number, marks in marked.values_list("pk", "number", "marks"):
        states = by_case.pop(pk, set())
        if (Fact.UNPAID in marks) != bool(states & {*OPEN}):
            yield f"case {number}: whether it owes a fee is not what its payments say"
        if (Fact.PAID in marks) != (PaymentState.PAID in states):
            yield f"case {number}: whether its fee is paid is not what its payments say"
        if not states:
            yield f"case {number}: it was charged and has no payment"
    for pk in by_case:
        yield f"case {pk}: it has a payment and was never charged"
