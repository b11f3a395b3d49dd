"""What a provider says of a payment, taken once under the case's lock, whoever said it, however often and however late."""

import logging
from datetime import datetime

from django.db import IntegrityError, transaction

from audit import services as audit
from cases.hall import fees
from cases.hall.models import CallBack, Case, Payment
from cases.hall.paperwork import NoticeKind
from cases.hall.paying import Saying
from cases.hall.paying_steps import WHILE_OWED
from cases.hall.payment_enums import PaymentState, Said, Taken, Way
from cases.hall.services import staff_notices, transition
from cases.hall.services.payments import charging

log = logging.getLogger(__name__)
_PAYABLE = frozenset({PaymentState.DUE, PaymentState.STARTED, PaymentState.FAILED})
# says nothing that a row of its own would tell
_SILENT = frozenset({Said.WAITING, Said.UNKNOWN})


def take(provider: str, saying: Saying, *, now: datetime, was_asked: bool = False) -> str:
    """Take what a provider said and return what was done about it (payment_enums.Taken).

    The same message twice is one; money that is owed no more, or was paid twice, goes back; another amount than the
    payment's changes nothing and staff are told.
    """
    found = Payment.objects.filter(reference=saying.reference).values("case").first()
    if found is None:
        return _strange(provider, saying, was_asked, now)
    case = Case.objects.lock(found["case"])
    payment = Payment.objects.lock(Payment.objects.get(reference=saying.reference).pk)
    payment.case = case
    if saying.said in _SILENT:
        return Taken.REPEATED
    if known := _known(provider, saying):
        return known
    taken = _taken(case, payment, provider, saying, now)
    _keep(payment, provider, saying, taken, was_asked, now)
    return taken


def _known(provider: str, saying: Saying) -> str:
    rows = CallBack.objects.filter(provider=provider, reference=saying.reference, message=saying.message)
    return Taken.REPEATED if rows.exists() else ""


def _keep(
    payment: Payment | None, provider: str, saying: Saying, taken: str, was_asked: bool, now: datetime
) -> None:
    CallBack.objects.create(
        payment=payment,
        provider=provider,
        message=saying.message,
        was_asked=was_asked,
        reference=saying.reference,
        said=saying.said,
        amount=saying.amount,
        provider_no=saying.provider_no,
        at=now,
        taken=taken,
    )


def _strange(provider: str, saying: Saying, was_asked: bool, now: datetime) -> str:
    """Keep what is signed and names no payment of this hall: somebody must look where that money belongs."""
    try:
        with transaction.atomic():
            _keep(None, provider, saying, Taken.STRANGE, was_asked, now)
    except IntegrityError:
        return Taken.REPEATED
    log.warning("a call-back of %s names no payment of this hall", provider)
    return Taken.STRANGE


def _taken(case: Case, payment: Payment, provider: str, saying: Saying, now: datetime) -> str:
    if saying.said == Said.FAILED:
        return _failed(payment, now)
    if saying.amount != payment.amount:
        return _differs(case, payment, saying, now)
    if saying.said == Said.REFUNDED:
        return _refunded(case, payment, saying, now)
    return _paid(case, payment, provider, saying, now)


def _differs(case: Case, payment: Payment, saying: Saying, now: datetime) -> str:
    told = {"reference": payment.reference, "said": fees.money(saying.amount) if saying.amount else ""}
    staff_notices.tell(NoticeKind.PAYMENT, str(payment.pk), case, data=told, now=now)
    return Taken.MISMATCH


def _failed(payment: Payment, now: datetime) -> str:
    if payment.state not in {PaymentState.DUE, PaymentState.STARTED}:
        return Taken.REPEATED
    payment.state, payment.ended_at, payment.next_try_at = PaymentState.FAILED, now, None
    payment.save(update_fields=["state", "ended_at", "next_try_at"])
    charging.again(payment, now)
    audit.record(
        "payment.failed", now=now, actor=None, object=payment.case.number or "", detail=_audited(payment)
    )
    return Taken.APPLIED


def _audited(payment: Payment) -> dict[str, object]:
    return {"reference": payment.reference, "amount": payment.amount}


def _paid(case: Case, payment: Payment, provider: str, saying: Saying, now: datetime) -> str:
    if payment.is_held or payment.state == PaymentState.REFUNDED:
        return Taken.REPEATED
    named = Payment.objects.filter(provider=provider, provider_no=saying.provider_no).exclude(pk=payment.pk)
    if saying.provider_no and named.exists():
        # one payment there cannot be two here
        return _differs(case, payment, saying, now)
    payment.provider, payment.provider_no = provider, saying.provider_no
    payment.save(update_fields=["provider", "provider_no"])
    is_paid = Payment.objects.filter(case=case, state=PaymentState.PAID).exists()
    data = {"payment": str(payment.pk), "amount": payment.amount}
    if payment.state in _PAYABLE and case.state in WHILE_OWED and not is_paid and _is_owed(case):
        told = {**data, "way": Way.ONLINE.value, "number": saying.provider_no}
        transition.apply_system(case, "pay", now=now, data=told)
        return Taken.APPLIED
    payment.state, payment.way, payment.paid_at = PaymentState.REFUND_ASKED, Way.ONLINE, now
    payment.tries, payment.next_try_at = 0, now
    payment.save(update_fields=["state", "way", "paid_at", "tries", "next_try_at"])
    transition.apply_system(case, "send_back", now=now, data=data)
    return Taken.LATE


def _is_owed(case: Case) -> bool:
    """Whether the fee is still to be paid, in this try or another: not waived."""
    return Payment.objects.open().filter(case=case).exists()


def _refunded(case: Case, payment: Payment, saying: Saying, now: datetime) -> str:
    if payment.state == PaymentState.PAID:
        # given back without the hall: its own books and the provider's differ
        return _differs(case, payment, saying, now)
    if payment.state != PaymentState.REFUND_ASKED:
        return Taken.REPEATED
    payment.state, payment.ended_at, payment.next_try_at = PaymentState.REFUNDED, now, None
    payment.save(update_fields=["state", "ended_at", "next_try_at"])
    told = {"payment": str(payment.pk), "amount": payment.amount}
    transition.apply_system(case, "refunded", now=now, data=told)
    staff_notices.settle(NoticeKind.PAYMENT, f"refund {payment.pk}", now=now)
    return Taken.APPLIED
