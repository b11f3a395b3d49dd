"""The trail of a case: to the head and the hall's administrator whole, to its applicant in plain words."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import post_required, signed_in
from cases.hall import transitions
from cases.hall.models import Case
from cases.hall.queries import access, trail
from cases.hall.services import reading
from cases.hall.telling import line_of
from cases.shared.forms.log import LogFilter
from tenants.shared.http import HallRequest

PAGE_SIZE = 30


@post_required(*access.TRAIL_READERS)
def staff_trail(request: HallRequest, number: str) -> HttpResponse:
    """Show everything that was written about a case, each with its audit row and seal. This reading is among it."""
    return _page(request, access.filed(number), is_applicant=False)


@signed_in
def own_trail(request: HallRequest, number: str) -> HttpResponse:
    """Show the applicant who acted on the case and who read it, by name and post."""
    case = access.case_for(request.actor, number)
    if not access.is_owner(request.actor, case):
        raise Http404(_("没有这件"))
    return _page(request, case, is_applicant=True)


def _page(request: HallRequest, case: Case, *, is_applicant: bool) -> HttpResponse:
    form = _filter(request, case, is_applicant)
    asked = trail.Narrowed(
        kind=form.value_of("kind") or "",
        actor=None if is_applicant else form.person,
        first=form.first_day,
        last=form.last_day,
        is_applicant=is_applicant,
    )
    page = Paginator(trail.listed(case, asked), PAGE_SIZE).get_page(request.GET.get("page"))
    lines = [line_of(entry, case) for entry in trail.entries(case, page.object_list)]
    reading.trail(case, by=request.actor, now=timezone.now(), page=page.number)
    shown = {
        "case": case,
        "form": form,
        "page": page,
        "lines": lines,
        "is_applicant": is_applicant,
        "case_url": reverse("case", args=[case.number])
        if is_applicant
        else reverse("review", args=[case.number]),
        "may_review": request.actor.holds(*transitions.DESK),
    }
    return render(request, "cases_hall/trail.html", shown)


def _filter(request: HallRequest, case: Case, is_applicant: bool) -> LogFilter:
    if is_applicant:
        kinds = [(name, trail.KINDS[name]) for name in ("step", "message", "reading", "export")]
        return LogFilter(request.GET, kinds=kinds, without=("who", "number"))
    people = trail.people(case)
    return LogFilter(request.GET, kinds=trail.KINDS.items(), people=people, without=("number",))
