"""The first page of who fits items to the hall: what waits for him, each a number that leads to its list."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import post_required
from catalog.hall import queries
from catalog.hall.views.staff import may_edit
from tenants.shared.http import HallRequest
from theming import queries as theming


@post_required()
def desk(request: HallRequest) -> HttpResponse:
    """Show how much waits for a decision, how much of it is overdue, and what the hall made of the city's items."""
    shown = {
        "reviews": queries.review_counts(timezone.now()),
        "drafts": queries.waiting_drafts(),
        "counts": queries.counts_by_source(request.hall),
        "feedback": queries.waiting_feedback(),
        "looks": theming.waiting(request.hall),
        "nothing_found": queries.nothing_found(request.hall).count(),
        "may_edit": may_edit(request),
    }
    return render(request, "catalog_hall/staff_desk.html", shown)
