"""应急进入: one of the city asks for a way into a hall, a security administrator approves, all who watch see it."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import actor_of, city_required
from accounts.capabilities import Can, may
from portal.city_forms import VisitForm
from portal.views.home import address
from tenants.shared import visits
from tenants.shared.models import HallVisit
from tenants.shared.queries import halls

PAGE_SIZE = 20
ACTS = {"approve": visits.approve, "refuse": visits.refuse, "end": visits.end}


@require_safe
@city_required(Can.SEE_VISITS)
def index(request: HttpRequest) -> HttpResponse:
    """Show who asked for which hall and how it ended, the newest first."""
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@city_required(Can.ASK_VISIT)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a way into one hall."""
    known = {hall.key: hall for hall in halls()}
    form = VisitForm(
        request.POST if request.method == "POST" else None,
        halls=[(hall.key, hall.name) for hall in known.values()],
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            visits.ask(
                known[given["hall"]],
                reason=given["reason"],
                minutes=given["minutes"],
                may_act=given["may_act"],
                sees_personal=given["sees_personal"],
                by=actor_of(request),
                now=timezone.now(),
            )
            return redirect("city-visits")
        except visits.Refused as refusal:
            for field, sentence in refusal.fields.items():
                form.add_error(field if field in form.fields else None, sentence)
    return render(request, "portal/city_visit_ask.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@city_required(Can.ASK_VISIT)
def decide(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Approve, refuse or end one; who may is the service's to say."""
    if act not in ACTS:
        raise Http404
    get_object_or_404(HallVisit, pk=pk)
    try:
        ACTS[act](pk, by=actor_of(request), now=timezone.now())
        return redirect("city-visits")
    except (visits.Refused, visits.TooLate) as refusal:
        return _page(request, problem=str(refusal), status=409)


def _page(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    now, actor = timezone.now(), actor_of(request)
    page = Paginator(HallVisit.objects.order_by("-asked_at", "id"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    by_role = {hall.role: hall for hall in halls()}
    shown = {
        "page": page,
        "rows": [_row(request, visit, by_role.get(visit.hall_id), now) for visit in page.object_list],
        "problem": problem,
        "may_ask": may(actor.city_role, Can.ASK_VISIT),
    }
    return render(request, "portal/city_visits.html", shown, status=status)


def _row(request: HttpRequest, visit: HallVisit, hall: Any, now: Any) -> dict[str, Any]:
    actor = actor_of(request)
    decides = may(actor.city_role, Can.APPROVE_VISIT)
    is_own = visit.person == actor.person_id
    is_waiting = (
        visit.approved_at is None
        and visit.refused_at is None
        and visit.ended_at is None
        and visit.asked_at > now - visits.WAITS
    )
    is_open = visit.ended_at is None and visit.until is not None and visit.until > now
    return {
        "visit": visit,
        "hall": hall,
        "state": visits.state_of(visit, now),
        "may_decide": is_waiting and decides and not is_own,
        "may_end": (is_open or is_waiting) and (is_own or (decides and is_open)),
        "way_in": address(request, hall, "/sign-in/") if hall and is_open and is_own else "",
    }
