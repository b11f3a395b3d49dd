"""The city's console: the halls, what waits for their decision, what people say is wrong; to be read only."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import city_required
from accounts.enums import CityRole
from catalog.shared.models import OpenReview
from catalog.shared.reviews import due_on, overdue_before
from catalog.shared.saying import label_of, pieces, three_in_words
from portal import queries
from portal.views.home import PAGE_SIZE, address
from tenants.shared.models import Hall
from tenants.shared.queries import halls


@city_required(CityRole.CITY_ADMIN, CityRole.INSPECTOR)
def reviews(request: HttpRequest) -> HttpResponse:
    """Show how many of the city's changes each hall has yet to decide on, and a page of them, the oldest first."""
    now = timezone.now()
    chosen = next((hall for hall in halls() if hall.key == request.GET.get("hall")), None)
    is_overdue = request.GET.get("overdue") == "1"
    found = queries.open_reviews(now, hall=chosen.key if chosen else "", is_overdue=is_overdue)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    by_role = {hall.role: hall for hall in halls()}
    counts = queries.reviews_by_hall(now)
    shown = {
        "counts": counts,
        "total": {name: sum(row[name] for row in counts) for name in ("reviews", "overdue")},
        "page": page,
        "rows": [_waiting(request, row, by_role[row.hall_id], now=now) for row in page.object_list],
        "chosen": chosen,
        "is_overdue": is_overdue,
    }
    return render(request, "portal/city_reviews.html", shown)


def _waiting(request: HttpRequest, review: OpenReview, hall: Hall, *, now: datetime) -> dict[str, Any]:
    before, present, ours = three_in_words(review.field, review.base, review.current, review.value)
    since = review.since or review.made_at
    return {
        "hall": hall,
        "url": address(request, hall, f"/items/{review.code}/"),
        "name": getattr(review, "name", None) or review.code,
        "label": label_of(review.field, review.current or review.base),
        "before": before,
        "now": pieces(before, present),
        "ours": ours,
        "is_in_force": review.is_in_force,
        "due_on": due_on(since),
        "is_overdue": since < overdue_before(now),
    }


@city_required(CityRole.CITY_ADMIN, CityRole.INSPECTOR)
def feedback(request: HttpRequest) -> HttpResponse:
    """Show a page of what halls passed on of people's feedback: what is wrong with the city's own fields."""
    hall = request.GET.get("hall", "")
    known = halls()
    chosen = hall if hall in {each.key for each in known} else ""
    page = Paginator(queries.passed_on(chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "hall_choices": [(each.key, each.short_name, each.key == chosen) for each in known],
        "chosen": chosen,
    }
    return render(request, "portal/city_feedback.html", shown)
