"""What an applicant may do with a filed case: withdraw it, or say whether it goes to another hall."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in
from accounts.actor import Actor
from cases.hall.enums import Power
from cases.hall.models import Case
from cases.hall.queries import access
from cases.hall.services import transfers, transition
from cases.hall.transitions import APPLICANT, Fact, Transition
from tenants.shared.http import HallRequest

# the one that most people come for is the filled button
_FIRST = ("resubmit", "agree_transfer")


def own_acts(case: Case, actor: Actor, today: date) -> list[dict[str, Any]]:
    """Return the applicant's steps as links, the likeliest first."""
    steps = sorted(transition.open_actions(case, actor, today), key=lambda step: step.name not in _FIRST)
    links = [_link(case, step) for step in steps if APPLICANT in step.who]
    if Fact.UNPAID in case.marks and Power.SUBMIT in access.powers_of(actor, case):
        pay = {"label": _("去缴费"), "css": "btn", "url": reverse("case-pay", args=[case.number])}
        return [pay, *links]
    return links


def _link(case: Case, step: Transition) -> dict[str, Any]:
    if step.name == "resubmit":
        return {"label": _("去补材料"), "css": "btn", "url": reverse("case-correction", args=[case.number])}
    css = "btn" if step.name in _FIRST else "btn out" if step.name == "decline_transfer" else ""
    return {"label": step.label, "css": css, "url": reverse("case-act", args=[case.number, step.name])}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def act(request: HallRequest, number: str, name: str) -> HttpResponse:
    """Say what the step means, and take it. What is not open any more leads back to the case."""
    case = access.case_for(request.actor, number)
    if not access.is_owner(request.actor, case):
        raise Http404
    now = timezone.now()
    opened = {
        step.name: step
        for step in transition.open_actions(case, request.actor, timezone.localdate(now))
        if step.name != "resubmit"
    }
    if name not in opened:
        return redirect("case", case.number)
    problem = ""
    if request.method == "POST":
        try:
            transition.apply(case, name, by=request.actor, now=now)
        except (transition.NotAllowed, transition.SomebodyWasFaster) as refusal:
            problem = str(refusal)
        else:
            return redirect("case", case.number)
    context = {
        "case": case,
        "act": opened[name],
        "says": _says(name, case),
        "is_bad": name == "withdraw",
        "problems": [problem] if problem else [],
    }
    return render(request, "cases_hall/own_act.html", context, status=409 if problem else 200)


def _says(name: str, case: Case) -> str:
    texts = {
        "withdraw": _("撤回以后这件就结束了，不能恢复。您可以重新申请。"),
        "decline_transfer": _("这件留在这里办。"),
    }
    if name == "agree_transfer":
        return _("同意后转到%(hall)s，收到的日期不变，编号会换。") % {"hall": transfers.offered_hall(case)}
    return texts.get(name, "")
