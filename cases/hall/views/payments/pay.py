"""Paying: how much, on which ground, until when; where to pay; whether it has come. One page, and none where nothing is due."""

from typing import Any

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import signed_in
from cases.hall import fees, paying
from cases.hall.enums import Power
from cases.hall.models import Case
from cases.hall.payment_enums import PaymentState
from cases.hall.queries import access, items, payments, progress
from cases.hall.services.payments import asking, starting
from cases.hall.services.payments.refusals import NothingToPay, ProviderAway, WindowOnly
from cases.hall.transitions import Fact
from catalog.hall.views import guide
from tenants.hall.queries import office
from tenants.shared.http import HallRequest

CALL_BACK = "/api/v1/payments/call-back/"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def page(request: HallRequest, number: str) -> HttpResponse:
    """Show what is owed, and on POST where to pay it. What is not owed any more leads back to the case."""
    case = _own(request, number)
    if Fact.UNPAID not in case.marks:
        return redirect("case", case.number)
    if request.method != "POST":
        return _page(request, case)
    try:
        starting.start(
            case,
            by=request.actor,
            notify_url=request.build_absolute_uri(CALL_BACK),
            return_url=request.build_absolute_uri(request.path),
            now=timezone.now(),
        )
    except NothingToPay:
        return redirect("case", case.number)
    except WindowOnly as problem:
        return _page(request, case, str(problem), status=409)
    except ProviderAway as problem:
        return _page(request, case, str(problem), status=503)
    return redirect("case-pay", case.number)


@require_POST
@signed_in
def ask(request: HallRequest, number: str) -> HttpResponse:
    """Ask the provider whether the money has come, for somebody who has paid and waits."""
    case = _own(request, number)
    has_answered = asking.now_for(case, now=timezone.now())
    case = _own(request, number)
    if Fact.UNPAID not in case.marks:
        return redirect("case", case.number)
    words = (
        _("付款平台说还没收到。付过的话等几分钟再看，不要再付")
        if has_answered
        else _("现在连不上付款平台。付过的话不用再付，我们会接着问，收到了发短信")
    )
    return _page(request, case, words)


def _own(request: HallRequest, number: str) -> Case:
    """Return a case on which this person may pay: one's own, or under a mandate to submit. Raises Http404."""
    case = access.case_for(request.actor, number)
    if Power.SUBMIT not in access.powers_of(request.actor, case):
        raise Http404
    return case


def _page(request: HallRequest, case: Case, problem: str = "", *, status: int = 200) -> HttpResponse:
    payment = payments.open_of(case)
    context: dict[str, Any] = {
        "case": case,
        "payment": payment,
        "money": fees.money(payment.amount),
        "until": progress.day_text(payment.due_on, expected=payment.is_due_expected),
        "is_started": payment.state == PaymentState.STARTED,
        "is_online": paying.provider() is not None or payment.state == PaymentState.STARTED,
        "has_failed": payments.has_failed(payment),
        "qr": segno.make(payment.scan, micro=False).svg_data_uri(scale=5, border=2) if payment.scan else "",
        "place": guide.place(items.kept(case), office(request.hall)),
        "problem": problem,
    }
    return render(request, "cases_hall/payments/pay.html", context, status=status)
