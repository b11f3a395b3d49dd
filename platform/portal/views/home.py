"""The city's front door: which hall, which item."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.places import origin
from catalog.shared import browsing
from catalog.shared.enums import Status
from catalog.shared.queries import successors
from catalog.shared.search import LEAST, NEAREST, SUGGESTED
from catalog.shared.services import searches
from portal import queries, results
from tenants.shared import divisions
from tenants.shared.models import Hall
from theming.queries import themes as looks

PAGE_SIZE = 20
# how many items are offered as 您是不是要找 when nothing was found
NEAR = 5


def home(request: HttpRequest) -> HttpResponse:
    """Ask what somebody has to do: search, halls, themes, and the open figures in one line."""
    counts = queries.counts()
    shown = {
        "tiles": tiles(request),
        "bundles": queries.bundles_shown(),
        "article_personal": browsing.themes_of(counts, "article_personal"),
        "article_business": browsing.themes_of(counts, "article_business"),
        "events": browsing.events_of(counts, "life_event_personal"),
        "business_events": browsing.events_of(counts, "life_event_business"),
        "personal": browsing.themes_of(counts, "national_personal"),
        "business": browsing.themes_of(counts, "national_business"),
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
    if asked.q and asked.is_only_words and page.number == 1:
        searches.note(None, asked.q, page.paginator.count, today=timezone.localdate())
    shown = {
        "near": [] if page.object_list else near(request, asked, least=NEAREST, most=NEAR),
        "asked": asked,
        "chips": browsing.chips(_chosen(asked), request.GET),
        **browsing.options(asked, queries.counts(asked)),
        "page": page,
        "rows": results.of(page.object_list, link=lambda hall, path: address(request, hall, path)),
        "hall_choices": [
            (hall.key, hall.short_name, hall.key == asked.hall) for hall in queries.shown_halls()
        ],
    }
    return render(request, "portal/search.html", shown)


def _chosen(asked: queries.Search) -> dict[str, str]:
    hall = next((hall.short_name for hall in queries.shown_halls() if hall.key == asked.hall), "")
    said = {"q": f"“{asked.q}”" if asked.q else "", "hall": hall, **asked.words()}
    return {name: words for name, words in said.items() if words}


def suggest(request: HttpRequest) -> HttpResponse:
    """Return up to eight items that an unfinished question may mean, for the script of the search field."""
    return JsonResponse({"suggestions": near(request, queries.Search.read(request.GET))})


def near(
    request: HttpRequest, asked: queries.Search, *, least: float = LEAST, most: int = SUGGESTED
) -> list[dict[str, str]]:
    """Return the names and addresses of the items nearest to a question; a local item's is on its hall's host."""
    if not asked.q:
        return []
    rows = queries.found_items(asked, least=least)[:most]
    found = results.of(rows, link=lambda hall, path: address(request, hall, path))
    return [
        {
            "text": row.name,
            "url": row.places[0].url if row.is_local else reverse("item", args=[row.code]),
        }
        for row in found
    ]


def item(request: HttpRequest, code: str) -> HttpResponse:
    """Show which halls have an item, and which of them serves the applicant's town."""
    row = queries.item_by_code(code)
    if row is None:
        return _gone(request, code)
    found = results.of([row], link=lambda hall, path: address(request, hall, path))[0]
    town = divisions.town(request.GET.get("town", ""))
    serving = queries.hall_by_id(town.hall_id) if town else None
    shown: dict[str, Any] = {
        "row": found,
        "counties": divisions.by_county(),
        "town": town,
        "serving": serving,
        "serving_url": next(
            (place.url for place in found.places if serving and place.hall.pk == serving.pk), ""
        ),
    }
    return render(request, "portal/item.html", shown)


def _gone(request: HttpRequest, code: str) -> HttpResponse:
    """Answer for an item that no hall shows: lead to its successor for good, or say since when it is not in use."""
    life = queries.former_life(code)
    if life is None:
        raise Http404
    is_cancelled = life.status == Status.CANCELLED
    for following in successors(life.successor) if is_cancelled else ():
        if queries.item_by_code(following) is not None:
            return redirect("item", following, permanent=True)
    shown = {"life": life, "is_cancelled": is_cancelled}
    return render(request, "portal/gone.html", shown, status=410 if is_cancelled else 200)


def address(request: HttpRequest, hall: Hall, path: str) -> str:
    """Return the address of a page of a hall, on that hall's host."""
    return origin(request, hall.host) + path


def tiles(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the halls that the public is led to, with their addresses and looks."""
    known = looks()
    return [
        {"hall": hall, "url": address(request, hall, "/"), "theme": known.get(hall.pk)}
        for hall in queries.shown_halls()
    ]
