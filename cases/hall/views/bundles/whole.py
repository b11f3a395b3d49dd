"""What was filed together, on one page: how far each is, whose turn it is, until when; its receipt; all withdrawn."""

from datetime import date
from typing import Any
from uuid import UUID

import segno
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import signed_in
from accounts.places import origin
from cases.hall.queries import bundles
from cases.hall.services.bundles import following
from cases.hall.services.refusals import NotAllowed, NotOpen
from cases.hall.views import shown
from cases.hall.views.draft import given_files
from tenants.shared import queries as city_queries
from tenants.shared.http import HallRequest
from theming.templatetags.ui import STATES


def page(request: HallRequest, number: str, problem: str = "") -> HttpResponse:
    """Show a parent case to its applicant, or to whoever acts for them."""
    parent, cases = bundles.parent_for(request.actor, number)
    today = timezone.localdate()
    children = bundles.standing(parent, cases, today)
    dues = [child.case for child in children if child.case.due_on and not child.is_done]
    context: dict[str, Any] = {
        "parent": parent,
        "case": cases[0],
        "children": [(child, STATES[child.case.state][0]) for child in children],
        "summary": bundles.summary(children),
        "colour": "warn"
        if any(child.is_yours for child in children)
        else "ok"
        if all_done(children)
        else "info",
        "first": _first(children),
        "latest": max(dues, key=lambda case: case.due_on or today) if dues else None,
        "offers": bundles.offers(cases),
        "can_withdraw": any(following.may_withdraw(case, request.actor, today) for case in cases),
        "problems": [problem] if problem else [],
        "my_url": f"{origin(request, city_queries.city().portal_domain)}/me/",
    }
    return render(request, "cases_hall/bundles/whole.html", context, status=409 if problem else 200)


def _first(children: list[bundles.Child]) -> str:
    """Return the number of the child that waits for the applicant and ends first: its button is the filled one."""
    yours = [child.case for child in children if child.is_yours]
    return min(yours, key=lambda case: (case.due_on or date.max, case.number)).number or "" if yours else ""


def all_done(children: list[bundles.Child]) -> bool:
    """Whether nobody has anything to do on any of them."""
    return all(child.is_done for child in children)


def receipt(request: HallRequest, number: str) -> HttpResponse:
    """收件凭证 of all that was filed together: one number and one code, and what each department received."""
    parent, cases = bundles.parent_for(request.actor, number)
    track_url = request.build_absolute_uri(reverse("track"))
    context = {
        "parent": parent,
        "case": cases[0],
        "children": [(case, shown.papers(case, given_files(case))) for case in cases],
        "track_url": track_url,
        "qr": segno.make(track_url, micro=False).svg_data_uri(scale=4, border=2),
    }
    return render(request, "cases_hall/bundles/receipt.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw(request: HallRequest, number: str) -> HttpResponse:
    """Say what withdrawing all means, and do it. What is decided stays as it is."""
    parent, cases = bundles.parent_for(request.actor, number)
    today = timezone.localdate()
    found = [case for case in cases if following.may_withdraw(case, request.actor, today)]
    if request.method == "POST" and found:
        try:
            following.withdraw(parent, actor=request.actor, now=timezone.now())
        except (NotOpen, NotAllowed) as refusal:
            return page(request, number, str(refusal))
    if request.method == "POST" or not found:
        return redirect("case", parent.number)
    context = {
        "parent": parent,
        "case": cases[0],
        "found": found,
        "kept": [c for c in cases if c not in found],
    }
    return render(request, "cases_hall/bundles/withdraw.html", context)


@require_POST
@signed_in
def give_on(request: HallRequest, number: str, child: str, file_pk: UUID) -> HttpResponse:
    """Give a child the newer file that another one has."""
    parent, _cases = bundles.parent_for(request.actor, number)
    try:
        following.give_on(parent, child, file_pk, actor=request.actor, now=timezone.now())
    except (NotOpen, NotAllowed) as refusal:
        return page(request, number, str(refusal))
    return redirect("case", parent.number)
