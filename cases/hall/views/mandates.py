"""委托 on the principal's side: what stands, agreeing, taking back, giving one, going on alone; claiming what others did."""

import contextlib
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import sms
from accounts.access import signed_in
from accounts.network import client_address
from accounts.queries import applicant_of
from accounts.services import codes
from accounts.services.counters import TooMany
from accounts.views.answers import clock_time
from cases.hall.enums import MandateKind, MandateStanding, Power, State
from cases.hall.forms.proxy import CodeForm, GiveForm
from cases.hall.models import Case, Mandate
from cases.hall.queries import access, mandates
from cases.hall.services import joining
from cases.hall.services import mandates as service
from cases.hall.transitions import DESK
from cases.hall.views.download import attachment
from cases.hall.views.proxy import add_errors, found_items, item_of
from catalog.hall.views.paging import page_of
from tenants.shared.http import HallRequest


def _party(request: HallRequest, pk: UUID) -> Mandate:
    at_desk = request.actor.holds(*DESK) and mandates.is_filed_under(pk)
    found = mandates.as_party(request.actor, pk, sees_all=at_desk or request.actor.holds(service.ADMIN))
    if found is None:
        raise Http404(_("没有这份委托"))
    return found


@signed_in
def given(request: HallRequest) -> HttpResponse:
    """Show to whom this person gave mandates here."""
    today = timezone.localdate()
    page = page_of(request, mandates.given_by(request.actor))
    rows = [{"mandate": row, "standing": row.standing(today)} for row in page.object_list]
    return render(request, "cases_hall/mandates.html", {"page": page, "rows": rows})


@signed_in
def mandate(request: HallRequest, pk: UUID) -> HttpResponse:
    """Show one mandate to either side, to the hall's admin, and to the desk where a case was filed under it."""
    found = _party(request, pk)
    standing = found.standing(timezone.localdate())
    is_principal = found.principal.person == request.actor.person_id
    context = {
        "mandate": found,
        "standing": standing,
        "powers": [Power(power).label for power in found.powers],
        "is_principal": is_principal,
        "is_guardian": found.kind == MandateKind.GUARDIAN,
        "may_agree": is_principal and standing == MandateStanding.WAITING,
        "may_end": standing in {MandateStanding.WAITING, MandateStanding.IN_FORCE}
        and _may_end(request, found),
        "has_paper": hasattr(found, "paper"),
    }
    return render(request, "cases_hall/mandate.html", context)


def _may_end(request: HallRequest, found: Mandate) -> bool:
    is_party = request.actor.person_id in (found.proxy, found.principal.person)
    return is_party or request.actor.holds(service.ADMIN)


@require_POST
@signed_in
def agree(request: HallRequest, pk: UUID) -> HttpResponse:
    """Let the mandate be in force: the principal alone."""
    found = _party(request, pk)
    if found.principal.person != request.actor.person_id:
        raise Http404(_("没有这份委托"))
    with contextlib.suppress(service.NotWaiting):
        service.agree(pk, actor=request.actor, now=timezone.now())
    return redirect("mandate", pk)


@require_POST
@signed_in
def end(request: HallRequest, pk: UUID) -> HttpResponse:
    """End a mandate at once."""
    if not _may_end(request, _party(request, pk)):
        raise Http404(_("没有这份委托"))
    service.end(pk, actor=request.actor, now=timezone.now())
    return redirect("mandate", pk)


@require_POST
@signed_in
def set_telling(request: HallRequest, pk: UUID) -> HttpResponse:
    """Switch on or off that each act of the proxy is sent to the principal's phone."""
    if _party(request, pk).principal.person != request.actor.person_id:
        raise Http404(_("没有这份委托"))
    service.set_telling(pk, tells=request.POST.get("tells") == "1", actor=request.actor, now=timezone.now())
    return redirect("mandate", pk)


@signed_in
def paper(request: HallRequest, pk: UUID) -> HttpResponseBase:
    """Give the photo that proves a mandate to whoever may see the mandate."""
    found = _party(request, pk)
    if not hasattr(found, "paper"):
        raise Http404(_("没有这份委托"))
    return attachment(found.paper)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def give(request: HallRequest) -> HttpResponse:
    """Let somebody act for whoever is signed in: for one item, one case, or whatever may be done by proxy."""
    chosen, case = item_of(request), _own_case(request)
    initial = {"item": chosen.code if chosen else "", "number": case.number if case else ""}
    form = GiveForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        values = form.cleaned_data
        terms = service.Terms(form.until(timezone.localdate()), values["powers"], values["item"], case)
        try:
            made = service.give(
                values["name"], values["phone"], terms, actor=request.actor, now=timezone.now()
            )
            return redirect("mandate", made.pk)
        except service.NotGiven as refusal:
            add_errors(form, refusal)
        except TooMany as refusal:
            form.add_error(None, _("试错太多，%(time)s后再试") % {"time": clock_time(refusal.until)})
    context = {"form": form, "item": chosen, "case": case, **found_items(request)}
    return render(request, "cases_hall/mandate_give.html", context)


def _own_case(request: HallRequest) -> Case | None:
    number = request.POST.get("number") or request.GET.get("number") or ""
    if not number:
        return None
    case = access.case_for(request.actor, number)
    if not access.is_self(request.actor, case):
        raise Http404(_("没有这件"))
    return case


@require_POST
@signed_in
def take_over(request: HallRequest, pk: UUID) -> HttpResponse:
    """Go on alone with a draft or case that a proxy began."""
    case = get_object_or_404(Case.objects.of_person(request.actor.person_id), pk=pk)
    service.take_over(case, actor=request.actor, now=timezone.now())
    return redirect("draft", case.pk) if case.state == State.DRAFT else redirect("case", case.number)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def claim(request: HallRequest) -> HttpResponse:
    """Make what others did for this person the account's: number, name and phone agree, and a fresh code comes back."""
    is_there = joining.waiting(applicant_of(request.actor)) is not None
    form = CodeForm(request.POST if "code" in request.POST else None)
    problems, shown, status = [], "", 200
    now = timezone.now()
    try:
        if request.method == "POST" and "code" not in request.POST:
            code = joining.send_code(actor=request.actor, address=client_address(request), now=now)
            shown = code if settings.IS_DEMO else ""
        elif form.is_valid():
            joining.claim(form.cleaned_data["code"], actor=request.actor, now=now)
            return redirect("mandates")
    except (codes.WrongCode, codes.CodeExpired) as refusal:
        form.add_error("code", str(refusal))
    except (joining.NothingToClaim, sms.NotSent) as refusal:
        problems = [str(refusal)]
    except TooMany as refusal:
        problems, status = [_("验证码取得太多，%(time)s后再取") % {"time": clock_time(refusal.until)}], 429
    context = {
        "form": form,
        "is_there": is_there,
        "is_sent": request.method == "POST",
        "shown": shown,
        "problems": problems,
    }
    return render(request, "cases_hall/claim.html", context, status=status)
