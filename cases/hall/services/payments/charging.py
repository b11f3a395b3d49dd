"""Charging: what an accepted case owes is frozen with its notice; it is paid, waived or ends with the case."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cases.hall import fees
from cases.hall.clock import short_date_text
from cases.hall.models import Case, Event, Payment
from cases.hall.payment_enums import PaymentState, Way
from cases.hall.queries import calendar
from cases.hall.services import marks
from cases.hall.transitions import Fact


def mark(case: Case) -> None:
    """Note on a case that is being accepted that a notice of its fee must follow; a department's system has its own."""
    is_owed = Fact.MIRRORED not in case.marks and bool(fees.of(case.item))
    marks.put(case, Fact.FEE_TO_SET, is_true=is_owed)


def facts(case: Case, fee: fees.Fee, fen: int, now: datetime) -> dict[str, Any]:
    """Return what the notice of a fee keeps in the log: under which row of the item, how much, until when."""
    due = calendar.current().add_workdays(timezone.localdate(now), fees.PAY_DAYS)
    return {
        "key": fee.key,
        "fee": fee.name,
        "standard": fee.standard,
        "basis": fee.basis,
        "amount": fen,
        "until": due.date.isoformat(),
        "is_expected": due.expected,
    }


def charge(case: Case, event: Event, now: datetime) -> dict[str, Any]:
    """Make what is to be paid of the notice that this event is."""
    said = event.data
    row = {name: said[name] for name in ("key", "fee", "standard", "basis")}
    until = date.fromisoformat(said["until"])
    _due(case, event, row, said["amount"], until, said["is_expected"], now)
    marks.put(case, Fact.FEE_TO_SET, is_true=False)
    marks.put(case, Fact.CHARGED)
    marks.put(case, Fact.UNPAID)
    return {"money": fees.money(said["amount"]), "by": short_date_text(until)}


def _due(
    case: Case,
    notice: Event,
    fee: Mapping[str, Any],
    amount: int,
    until: date,
    is_expected: bool,
    now: datetime,
) -> Payment:
    return Payment.objects.create(
        case=case,
        notice=notice,
        fee=dict(fee),
        amount=amount,
        due_on=until,
        is_due_expected=is_expected,
        reference=uuid.uuid4().hex,
        created_at=now,
    )


def again(failed: Payment, now: datetime) -> Payment:
    """Make the next try of a payment that failed: the same fee, another reference."""
    return _due(
        failed.case,
        failed.notice,
        failed.fee,
        failed.amount,
        failed.due_on,
        failed.is_due_expected,
        now,
    )


def paid(case: Case, event: Event, now: datetime) -> dict[str, Any]:
    """Note the payment that this event is the receipt of; other tries are not to be paid any more."""
    said = event.data
    payment = Payment.objects.lock(said["payment"]) if said["way"] == Way.ONLINE else _at_window(case, now)
    _end_open(case, now, besides=payment)
    payment.state, payment.way, payment.paid_at, payment.ended_at = PaymentState.PAID, said["way"], now, None
    payment.receipt, payment.receipt_no = event, said["number"] if said["way"] == Way.WINDOW else ""
    payment.tries, payment.next_try_at = 0, None
    payment.save(
        update_fields=[
            "state",
            "way",
            "paid_at",
            "ended_at",
            "receipt",
            "receipt_no",
            "tries",
            "next_try_at",
        ]
    )
    marks.put(case, Fact.UNPAID, is_true=False)
    marks.put(case, Fact.PAID)
    return {"money": fees.money(payment.amount)}


def _at_window(case: Case, now: datetime) -> Payment:
    """Return the row that is paid at the window: of one that was begun online another, so that its money, if it comes, is known as too much."""
    payment = Payment.objects.open().select_for_update(no_key=True).get(case=case)
    if payment.state == PaymentState.DUE:
        return payment
    payment.state, payment.ended_at = PaymentState.CANCELLED, now
    payment.save(update_fields=["state", "ended_at"])
    payment.case = case
    return again(payment, now)


def waive(case: Case, event: Event, now: datetime) -> None:
    """Ask for nothing any more: a reason stands in the log."""
    end(case, now)


def end(case: Case, now: datetime) -> None:
    """Take back what is open, of a fee that is waived or a case that has ended. What was paid stays paid until it is refunded."""
    _end_open(case, now)
    for fact in (Fact.UNPAID, Fact.FEE_TO_SET):
        marks.put(case, fact, is_true=False)


def _end_open(case: Case, now: datetime, *, besides: Payment | None = None) -> None:
    """The worker goes on asking for what was started: money that comes all the same must go back."""
    if Fact.UNPAID not in case.marks:
        return
    others = Payment.objects.open().filter(case=case)
    others = others.exclude(pk=besides.pk) if besides else others
    others.update(state=PaymentState.CANCELLED, ended_at=now)


def refund(case: Case, event: Event, now: datetime) -> dict[str, Any]:
    """Have the money of a paid fee go back: a provider's by the worker, a window's by whoever sits there."""
    payment = Payment.objects.select_for_update(no_key=True).get(case=case, state=PaymentState.PAID)
    is_online = payment.way == Way.ONLINE
    payment.state = PaymentState.REFUND_ASKED if is_online else PaymentState.REFUNDED
    payment.reason = event.reason[:300]
    payment.tries, payment.next_try_at = 0, now if is_online else None
    payment.ended_at = None if is_online else now
    payment.save(update_fields=["state", "reason", "tries", "next_try_at", "ended_at"])
    marks.put(case, Fact.PAID, is_true=False)
    return {"money": fees.money(payment.amount), "is_online": is_online}


def said_back(case: Case, event: Event, now: datetime) -> dict[str, Any]:
    """Say how much goes back, or has gone."""
    return {"money": fees.money(event.data["amount"])}
