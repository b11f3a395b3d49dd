"""许可公示: a page of the licences that this hall granted, for anybody (行政许可法 40)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.hall.queries import register
from cases.shared.models import PaperState
from catalog.hall.views.paging import page_of
from tenants.shared.http import HallRequest

# state → colour of its tag
COLOURS = {"valid": "ok", "replaced": "neutral", "revoked": "danger", "expired": "warn"}


@require_safe
def index(request: HallRequest) -> HttpResponse:
    """Show a page of the register, narrowed as the address says. Search engines are asked to leave it alone."""
    today = timezone.localdate()
    filters = register.Filters.read(request.GET)
    page = page_of(request, register.granted(filters, today))
    shown = {
        "page": page,
        "rows": [
            {"paper": paper, "state": PaperState(state), "colour": COLOURS[state]}
            for paper in page.object_list
            for state in [paper.state_on(today)]
        ],
        "filters": filters,
        "states": PaperState.choices,
    }
    response = render(request, "cases_hall/register.html", shown)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
