"""Asking providers again: for payments whose call-back never came, and for refunds until they are made.

As letters to systems are: claimed in one transaction, asked outside any, settled in another; a worker that dies in
between leaves the row to the next after its lease.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from cases.hall import paying
from cases.hall.models import Case, Payment
from cases.hall.paperwork import NoticeKind
from cases.hall.payment_enums import PaymentState, Said
from cases.hall.services import staff_notices
from cases.hall.services.payments import settling
from tenants.shared import scope
from tenants.shared.models import Hall

# minutes to wait after each try; the last of them from then on
BACK_OFF = (2, 5, 15, 60, 240, 720, 1440)
LEASE = timedelta(minutes=2)
# nobody pays an order that was given up so long ago
GIVEN_UP_AFTER = 8
TOLD_AFTER = 3
BATCH, BUDGET = 50, timedelta(seconds=30)
_MOST_TRIES = 32_000
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Claimed:
    pk: UUID
    reference: str
    amount: int
    is_refund: bool


def visit(hall: Hall, stopped: Callable[[], bool], *, now: Callable[[], datetime] = timezone.now) -> int:
    """Ask for what is due in a hall, the longest waiting first; return how many answered. Outside of any scope.

    A provider that does not answer ends the round.
    """
    provider = paying.provider()
    began, number = now(), 0
    for _turn in range(BATCH if provider else 0):
        if stopped() or now() - began > BUDGET:
            break
        claimed = _claim(hall, now())
        if claimed is None:
            break
        saying = _said(provider, claimed)  # type: ignore[arg-type]  # without a provider there is no turn
        _settle(hall, claimed, provider.name, saying, now())  # type: ignore[union-attr]
        if saying is None:
            break
        number += 1
    return number


def _claim(hall: Hall, now: datetime) -> _Claimed | None:
    with scope.hall(hall):
        due = Payment.objects.filter(next_try_at__lte=now).order_by("next_try_at", "id")
        row = due.select_for_update(skip_locked=True, no_key=True).first()
        if row is None:
            return None
        row.tries, row.next_try_at = min(row.tries + 1, _MOST_TRIES), now + LEASE
        row.save(update_fields=["tries", "next_try_at"])
        return _Claimed(row.pk, row.reference, row.amount, row.state == PaymentState.REFUND_ASKED)


def _said(provider: paying.Provider, claimed: _Claimed) -> paying.Saying | None:
    try:
        if claimed.is_refund:
            return provider.refund(claimed.reference, claimed.amount)
        return provider.ask(claimed.reference)
    except paying.Unreachable as problem:
        log.warning("payment %s: %s", claimed.pk, problem)
        return None


def _settle(
    hall: Hall, claimed: _Claimed, provider: str, saying: paying.Saying | None, now: datetime
) -> None:
    with scope.hall(hall):
        if saying is not None:
            settling.take(provider, saying, now=now, was_asked=True)
        case = Case.objects.lock(Payment.objects.get(pk=claimed.pk).case_id)
        payment = Payment.objects.lock(claimed.pk)
        if payment.next_try_at is None:
            return
        is_gone = payment.state == PaymentState.CANCELLED and payment.tries >= GIVEN_UP_AFTER
        minutes = BACK_OFF[min(payment.tries, len(BACK_OFF)) - 1] if payment.tries else 0
        payment.next_try_at = None if is_gone else now + timedelta(minutes=minutes)
        payment.save(update_fields=["next_try_at"])
        is_refund = payment.state == PaymentState.REFUND_ASKED
        if is_refund and payment.tries >= TOLD_AFTER:
            told = {"reference": payment.reference, "is_refund": True}
            staff_notices.tell(NoticeKind.PAYMENT, f"refund {payment.pk}", case, data=told, now=now)


def now_for(case: Case, *, now: datetime) -> bool:
    """Ask at once for a started payment of this case, for whoever waits for it; return whether the provider answered.

    No lock is held while it is asked; then the case is read anew by the caller.
    """
    provider = paying.provider()
    payment = Payment.objects.filter(case=case, state=PaymentState.STARTED).first()
    if provider is None or payment is None:
        return True
    saying = _said(provider, _Claimed(payment.pk, payment.reference, payment.amount, False))
    if saying is not None and saying.said not in {Said.WAITING, Said.UNKNOWN}:
        settling.take(provider.name, saying, now=now, was_asked=True)
    return saying is not None
