"""Starting to pay: the provider is asked for a place to pay before any lock is taken, then the payment is noted."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit import services as audit
from cases.hall import paying
from cases.hall.enums import Power
from cases.hall.models import Case, Payment
from cases.hall.payment_enums import PaymentState
from cases.hall.queries import access
from cases.hall.services import authority
from cases.hall.services.payments.refusals import NothingToPay, ProviderAway, WindowOnly

FIRST_ASK = timedelta(minutes=2)
_MOST_TITLE = 40


def start(case: Case, *, by: Actor, notify_url: str, return_url: str, now: datetime) -> Payment:
    """Return the payment with where to pay it. Once started it has its place; the provider is not asked again.

    A proxy may with the power to submit. Raises NothingToPay, WindowOnly, ProviderAway, access.MandateOver,
    authority.NotInMandate.
    """
    if Power.SUBMIT not in access.powers_of(by, case):
        raise authority.NotInMandate(_("委托里没有“%(power)s”这一项") % {"power": Power.SUBMIT.label})
    payment = Payment.objects.open().filter(case=case).first()
    if payment is None:
        raise NothingToPay
    if payment.state == PaymentState.STARTED:
        return payment
    provider = paying.provider()
    if provider is None:
        raise WindowOnly
    title = f"{case.item_name}{payment.fee['fee']}"[:_MOST_TITLE]
    order = paying.Order(payment.reference, payment.amount, title, notify_url, return_url)
    try:
        place = provider.start(order)
    except paying.Unreachable:
        raise ProviderAway from None
    return _note(case, payment, provider.name, place, by=by, now=now)


def _note(
    case: Case, payment: Payment, provider: str, place: paying.Started, *, by: Actor, now: datetime
) -> Payment:
    """Note where to pay, unless the payment was started, paid or taken back meanwhile. Raises NothingToPay."""
    case = Case.objects.lock(case.pk)
    authority.check(case, by, Power.SUBMIT, now=now)
    payment = Payment.objects.lock(payment.pk)
    if payment.state == PaymentState.STARTED:
        return payment
    if payment.state != PaymentState.DUE:
        raise NothingToPay
    payment.state, payment.provider, payment.started_at = PaymentState.STARTED, provider, now
    payment.address, payment.scan = place.address, place.scan
    payment.tries, payment.next_try_at = 0, now + FIRST_ASK
    payment.save(update_fields=["state", "provider", "started_at", "address", "scan", "tries", "next_try_at"])
    audit.record(
        "payment.start",
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=case.number or "",
        detail={"reference": payment.reference, "amount": payment.amount},
    )
    return payment
