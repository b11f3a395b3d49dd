"""One principal on a proxy's screen: what the mandate allows, what is open, what to do next; and how the mandate is proved."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import sms
from accounts.access import signed_in
from accounts.network import client_address
from accounts.services import codes
from accounts.services.counters import TooMany
from accounts.views.answers import clock_time
from cases.hall.enums import MandateKind, MandateStanding, Power
from cases.hall.files import FileRefused
from cases.hall.forms.proxy import CodeForm, PaperForm
from cases.hall.models import Mandate
from cases.hall.queries import mandates
from cases.hall.queries.bundles import FEWEST
from cases.hall.services import mandates as service
from cases.hall.services import proofs
from cases.hall.views.proxy import found_items
from catalog.hall.queries import bundles_here
from catalog.hall.views.paging import page_of
from catalog.shared.enums import Audience
from catalog.shared.models import Bundle
from tenants.shared.http import HallRequest


def _mine(request: HallRequest, pk: UUID) -> Mandate:
    found = mandates.as_proxy(request.actor, pk)
    if found is None:
        raise Http404(_("没有这份委托"))
    return found


@signed_in
def person(request: HallRequest, pk: UUID) -> HttpResponse:
    """Show a principal: open cases and drafts, and the items to choose from; or how to prove the mandate."""
    return _page(request, _mine(request, pk))


@require_POST
@signed_in
def send_code(request: HallRequest, pk: UUID) -> HttpResponse:
    """Send a code to the principal's phone."""
    mandate = _mine(request, pk)
    try:
        code = proofs.send_code(
            mandate, actor=request.actor, address=client_address(request), now=timezone.now()
        )
    except (proofs.PaperNeeded, sms.NotSent) as refusal:
        return _page(request, mandate, problems=[str(refusal)])
    except TooMany as refusal:
        words = _("验证码取得太多，%(time)s后再取") % {"time": clock_time(refusal.until)}
        return _page(request, mandate, problems=[words], status=429)
    except service.NotWaiting:
        return redirect("proxy-person", pk)
    # only the demo shows a code
    return _page(request, mandate, is_sent=True, shown=code if settings.IS_DEMO else "")


@require_POST
@signed_in
def confirm(request: HallRequest, pk: UUID) -> HttpResponse:
    """Put the mandate in force by the code that the principal read out."""
    mandate = _mine(request, pk)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            proofs.by_code(mandate, form.cleaned_data["code"], actor=request.actor, now=timezone.now())
            return redirect("proxy-person", pk)
        except (codes.WrongCode, codes.CodeExpired, proofs.PaperNeeded) as refusal:
            form.add_error("code", str(refusal))
        except service.NotWaiting:
            return redirect("proxy-person", pk)
    return _page(request, mandate, code_form=form, is_sent=True)


@require_POST
@signed_in
def paper(request: HallRequest, pk: UUID) -> HttpResponse:
    """Put the mandate in force by the photo of the signed paper."""
    mandate = _mine(request, pk)
    form = PaperForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            proofs.by_paper(mandate, form.cleaned_data["upload"], actor=request.actor, now=timezone.now())
            return redirect("proxy-person", pk)
        except FileRefused as refusal:
            form.add_error("upload", str(refusal))
        except service.NotWaiting:
            return redirect("proxy-person", pk)
    return _page(request, mandate, paper_form=form)


def _page(
    request: HallRequest,
    mandate: Mandate,
    *,
    code_form: CodeForm | None = None,
    paper_form: PaperForm | None = None,
    problems: list[str] | None = None,
    is_sent: bool = False,
    shown: str = "",
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    standing = mandate.standing(today)
    is_open, is_waiting = standing == MandateStanding.IN_FORCE, standing == MandateStanding.WAITING
    context: dict[str, Any] = {
        "mandate": mandate,
        "principal": mandate.principal,
        "standing": standing,
        "is_open": is_open,
        "is_waiting": is_waiting,
        "is_guardian": mandate.kind == MandateKind.GUARDIAN,
        "powers": [Power(power).label for power in mandate.powers],
        "may_begin": is_open and Power.FILL in mandate.powers and not mandate.case_id,
        "page": page_of(request, mandates.own_cases(mandate)) if is_open else None,
        "code_problem": proofs.code_problem(mandate) if is_waiting else "",
        "code_form": code_form or CodeForm(),
        "paper_form": paper_form or PaperForm(),
        "is_sent": is_sent,
        "shown": shown,
        "problems": problems or [],
        "bundles": _bundles(request) if is_open and not mandate.item_code else [],
        **(found_items(request) if is_open else {}),
    }
    return render(request, "cases_hall/proxy_person.html", context, status=status)


def _bundles(request: HallRequest) -> list[Bundle]:
    """Return the bundles 一件事 of people that this hall has several items of."""
    found = bundles_here(request.hall)
    return [bundle for bundle, n in found if n >= FEWEST and bundle.audience == Audience.PERSONAL]
