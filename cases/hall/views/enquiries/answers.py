"""大家问过的: published questions and answers, searched by words and by item; anybody may read them."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cases.hall.queries import answers
from catalog.hall.views.paging import page_of
from tenants.shared.http import HallRequest

LONGEST = 60


@require_safe
def index(request: HallRequest) -> HttpResponse:
    """List them, the newest first."""
    q = request.GET.get("q", "").strip()[:LONGEST]
    item = request.GET.get("item", "")[:14]
    page = page_of(request, answers.published(q, item))
    name = next((row.item_name for row in page.object_list if item), "")
    return render(
        request, "cases_hall/enquiries/answers.html", {"page": page, "q": q, "item": item, "name": name}
    )


@require_safe
def show(request: HallRequest, pk: UUID) -> HttpResponse:
    """Show one. Taken back, it is not there."""
    found = get_object_or_404(answers.published(), pk=pk)
    return render(request, "cases_hall/enquiries/answer.html", {"answer": found})
