"""领取, 移交 and 放回 of a case."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import post_required
from cases.hall.forms.work import PassOnForm
from cases.hall.models import Case
from cases.hall.queries import access
from cases.hall.queries.seats import colleagues
from cases.hall.services import claims
from cases.hall.services.refusals import DataNeeded, NotAllowed
from cases.hall.views.step import DESK
from cases.hall.whose import post_of
from tenants.shared.http import HallRequest


@require_POST
@post_required(*DESK)
def claim(request: HallRequest, number: str) -> HttpResponse:
    """Put the case on this clerk's list and open it; whoever came second reads who was first."""
    case = access.case_for(request.actor, number)
    try:
        claims.claim(case, by=request.actor, now=timezone.now())
    except NotAllowed as problem:
        return _refused(request, case, str(problem))
    return redirect("review", number)


@require_POST
@post_required(*DESK)
def release(request: HallRequest, number: str) -> HttpResponse:
    """Put the case back for everybody of the post."""
    case = access.case_for(request.actor, number)
    try:
        claims.release(case, by=request.actor, now=timezone.now())
    except NotAllowed as problem:
        return _refused(request, case, str(problem))
    return redirect("clerk")


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(*DESK)
def pass_on(request: HallRequest, number: str) -> HttpResponse:
    """Ask to whom and why, hand the case on, and show who had it before."""
    case = access.case_for(request.actor, number)
    found = colleagues(post_of(case.state), but=case.claimed_by)
    form = PassOnForm(
        request.POST if request.method == "POST" else None,
        colleagues=[(str(post.person), post.name) for post in found if post.person != case.person],
    )
    problem = ""
    if form.is_bound and form.is_valid():
        try:
            to = UUID(form.cleaned_data["to"])
            claims.pass_on(case, to, form.cleaned_data["reason"], by=request.actor, now=timezone.now())
        except DataNeeded as refusal:
            for field, sentence in refusal.fields.items():
                form.add_error(field, sentence)
        except NotAllowed as refusal:
            problem = str(refusal)
        else:
            return redirect("review", number)
    status = 409 if problem else 422 if form.errors else 200
    context: dict[str, Any] = {
        "case": case,
        "form": form,
        "problem": problem,
        "may": claims.may_pass_on(case, request.actor),
        "has_colleagues": bool(found),
        "claims": case.claims.order_by("-since", "id"),
    }
    return render(request, "cases_hall/pass_on.html", context, status=status)


def _refused(request: HallRequest, case: Case, problem: str) -> HttpResponse:
    context = {"case": case, "problem": problem}
    return render(request, "cases_hall/claim_refused.html", context, status=409)
