"""The hall's outages, recorded by its administrator."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.access import post_required
from cases.shared import logged
from cases.shared.models import HallOutage
from cases.shared.views.outages import Desk, end_one, page
from tenants.hall.enums import PostRole
from tenants.shared.http import HallRequest

HALL = Desk(HallOutage, "staff-outages", "staff-outage-end", "staff", logged.HALL_HOME)


@post_required(PostRole.HALL_ADMIN)
def hall_outages(request: HallRequest) -> HttpResponse:
    """Show what stood still in this hall, and record it."""
    return page(request, HALL, request.hall)


@require_POST
@post_required(PostRole.HALL_ADMIN)
def end(request: HallRequest, pk: UUID) -> HttpResponse:
    """Record that it works again."""
    return end_one(request, HALL, pk)
