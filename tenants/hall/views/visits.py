"""应急进入 as the hall sees it: who of the city came in, why, until when; and ending it."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import post_required
from tenants.hall.enums import PostRole
from tenants.hall.services import visits as service
from tenants.shared import visits
from tenants.shared.http import HallRequest
from tenants.shared.models import HallVisit

PAGE_SIZE = 20


@require_safe
@post_required()
def index(request: HallRequest) -> HttpResponse:
    """Show a page of the visits that were approved, the newest first, to all of the hall's staff."""
    now = timezone.now()
    found = HallVisit.objects.filter(approved_at__isnull=False).order_by("-approved_at", "id")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        {
            "visit": visit,
            "state": visits.state_of(visit, now),
            "is_open": visit.ended_at is None and visit.until is not None and visit.until > now,
        }
        for visit in page.object_list
    ]
    shown = {"rows": rows, "page": page, "is_admin": request.actor.holds(PostRole.HALL_ADMIN)}
    return render(request, "tenants_hall/visits.html", shown)


@require_POST
@post_required(PostRole.HALL_ADMIN)
def end(request: HallRequest, pk: UUID) -> HttpResponse:
    """End a visit: an admin of the hall, or the visitor."""
    get_object_or_404(HallVisit, pk=pk)
    service.end(pk, by=request.actor, now=timezone.now())
    return redirect("staff-sign-in" if request.actor.visit else "staff-visits")
