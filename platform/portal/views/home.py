"""The city's front door: which hall, which item."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.places import origin
from portal import queries, results
from tenants.shared import divisions
from tenants.shared.models import Hall
from theming.queries import themes as looks

PAGE_SIZE = 20


def home(request: HttpRequest) -> HttpResponse:
    """Ask what somebody has to do: search, halls, themes, and the open figures in one line."""
    shown = {
        "tiles": tiles(request),
        "article_personal": queries.themes_with_counts("article_personal"),
        "article_business": queries.themes_with_counts("article_business"),
        "personal": queries.themes_with_counts("national_personal"),
        "business": queries.themes_with_counts("national_business"),
        "figures": queries.figures(),
    }
    return render(request, "portal/home.html", shown)


def halls(request: HttpRequest) -> HttpResponse:
    """Find the hall that serves a town or street, or choose one by name."""
    town = divisions.town(request.GET.get("town", ""))
    serving = queries.hall_by_id(town.hall_id) if town else None
    shown = {
        "tiles": tiles(request),
        "counties": divisions.by_county(),
        "town": town,
        "serving": serving,
        "serving_url": address(request, serving, "/") if serving else "",
    }
    return render(request, "portal/halls.html", shown)


def search(request: HttpRequest) -> HttpResponse:
    """Show a page of the items found: each once, with the halls that have it."""
    asked = queries.Search.read(request.GET)
    page = Paginator(queries.found_items(asked), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = {
        "asked": asked,
        "page": page,
        "rows": results.of(page.object_list, link=lambda hall, path: address(request, hall, path)),
        "hall_choices": [(hall.key, hall.short_name, hall.key == asked.hall) for hall in queries.shown_halls()],
    }
    return render(request, "portal/search.html", shown)


def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show which halls have an item, and which of them serves the applicant's town."""
    row = queries.item_by_code(code)
    if row is None:
        raise Http404
    found = results.of([row], link=lambda hall, path: address(request, hall, path))[0]
    town = divisions.town(request.GET.get("town", ""))
    serving = queries.hall_by_id(town.hall_id) if town else None
    shown: dict[str, Any] = {
        "row": found,
        "counties": divisions.by_county(),
        "town": town,
        "serving": serving,
        "serving_url": next((place.url for place in found.places if serving and place.hall.pk == serving.pk), ""),
    }
    return render(request, "portal/item.html", shown)


def address(request: HttpRequest, hall: Hall, path: str) -> str:
    """Return the address of a page of a hall, on that hall's host."""
    return origin(request, hall.host) + path


def tiles(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the halls that the public is led to, with their addresses and looks."""
    known = looks()
    return [
        {"hall": hall, "url": address(request, hall, "/"), "theme": known.get(hall.pk)} for hall in queries.shown_halls()
    ]
