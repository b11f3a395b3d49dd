"""一件事 on the portal: what there is, and which hall has how much of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.shared.models import Bundle
from catalog.shared.queries import bundle as bundle_of
from portal import queries
from portal.views.home import address
from tenants.shared import divisions


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the bundles that some hall has an item of."""
    return render(request, "portal/bundles.html", {"found": queries.bundles_shown()})


@require_safe
def bundle(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a bundle is, its items, and the halls to choose from; a town leads to its own."""
    found = bundle_of(key)
    if found is None:
        raise Http404
    offered = queries.halls_of(found)
    places: list[dict[str, Any]] = [
        {
            "hall": hall,
            "url": address(request, hall, f"/bundles/{found.key}/"),
            "number": len(offered[hall.role]),
        }
        for hall in queries.shown_halls()
        if hall.role in offered
    ]
    town = divisions.town(request.GET.get("town", ""))
    serving = queries.hall_by_id(town.hall_id) if town else None
    shown: dict[str, Any] = {
        "bundle": found,
        "steps": steps(found, offered),
        "places": places,
        "counties": divisions.by_county(),
        "town": town,
        "serving": serving,
        "serving_url": next(
            (place["url"] for place in places if serving and place["hall"].pk == serving.pk), ""
        ),
    }
    return render(request, "portal/bundle.html", shown)


def steps(bundle: Bundle, offered: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    """Return the items of a bundle that some hall shows, in order, with who needs each."""
    names = {code: name for of_hall in offered.values() for code, name in of_hall.items()}
    return [
        {"code": step["code"], "name": names[step["code"]], "when": step.get("when", "")}
        for step in bundle.steps
        if step["code"] in names
    ]
