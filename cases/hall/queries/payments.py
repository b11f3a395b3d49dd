"""Payments of a case: what is owed now, what was tried, what came of it."""

from cases.hall.models import Case, Payment
from cases.hall.payment_enums import PaymentState


def open_of(case: Case) -> Payment:
    """Return what a case owes that is marked as unpaid. One query. Raises Payment.DoesNotExist."""
    return Payment.objects.open().get(case=case)


def latest(case: Case) -> Payment | None:
    """Return the payment that says how it stands: what is owed, else what was paid, else the last try. One query."""
    rows = list(Payment.objects.filter(case=case).select_related("receipt").order_by("-created_at", "id"))
    for state in (PaymentState.STARTED, PaymentState.DUE, PaymentState.PAID):
        for row in rows:
            if row.state == state:
                return row
    return rows[0] if rows else None


def has_failed(payment: Payment) -> bool:
    """Whether an earlier try of the same fee came to nothing. One query."""
    others = Payment.objects.filter(notice=payment.notice_id, state=PaymentState.FAILED)
    return others.exclude(pk=payment.pk).exists()
