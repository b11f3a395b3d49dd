"""The form of one of the city's items as those who apply will see it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.access import city_required
from accounts.capabilities import Can
from cases.hall.views import preview
from catalog.shared.views.items import DESK
from tenants.shared import divisions


@require_http_methods(["GET", "HEAD", "POST"])
@city_required(Can.WATCH)
def item_form(request: HttpRequest, code: str) -> HttpResponse:
    """Show it as it is being edited, page by page, to be tried out."""
    places = [(county, [(town.code, town.name) for town in towns]) for county, towns in divisions.by_county()]
    return preview.of_desk(DESK, request, code, places)
