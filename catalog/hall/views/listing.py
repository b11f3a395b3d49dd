"""A hall's home, its list of items, and the ways into it: departments, letters."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import actor_of
from catalog.hall import queries
from catalog.hall.models import EffectiveItem
from catalog.hall.views.paging import page_of
from catalog.shared import browsing, wording
from catalog.shared.models import Offer
from catalog.shared.search import NEAREST
from catalog.shared.services import searches
from tenants.hall.queries import office
from tenants.shared import declared
from tenants.shared.models import Hall
from theming.context import look_shown

# how many items are offered as 您是不是要找 when nothing was found
NEAR = 5


def home(request: HttpRequest) -> HttpResponse:
    """Show what this hall is for: the search, then the blocks of its look in their order, and where it is and when open."""
    hall: Hall = request.hall  # type: ignore[attr-defined]
    counts = queries.counts(hall)
    person = actor_of(request).person_id
    shown = {
        "block_templates": [f"catalog_hall/home/{key}.html" for key in look_shown(request).blocks],
        # asked for by the block alone
        "popular": lambda: queries.popular(hall),
        "todo": lambda: [line for todo in declared.functions("home_todo") for line in todo(hall, person)],
        "bundles": queries.bundles_here(hall),
        "events": browsing.events_of(counts, "life_event_personal"),
        "business_events": browsing.events_of(counts, "life_event_business"),
        "personal": browsing.themes_of(counts, "national_personal"),
        "business": browsing.themes_of(counts, "national_business"),
        "flags": browsing.flags_of(counts),
        "total": browsing.total(counts),
        "office": office(hall),
    }
    return render(request, "catalog_hall/home.html", shown)


def items(request: HttpRequest) -> HttpResponse:
    """Show a page of the items that the public sees, filtered by the address."""
    hall: Hall = request.hall  # type: ignore[attr-defined]
    filters = queries.Filters.read(request.GET)
    page = page_of(request, queries.items(hall, filters).only(*queries.LISTED))
    if filters.q and filters.is_only_words and page.number == 1:
        searches.note(hall.role, filters.q, page.paginator.count, today=timezone.localdate())
    near = [] if page.object_list else queries.suggestions(hall, filters.q, least=NEAREST, most=NEAR)
    shown = {"page": page, "rows": rows(page.object_list), "near": near, **choices(request, hall, filters)}
    return render(request, "catalog_hall/items.html", shown)


def departments(request: HttpRequest) -> HttpResponse:
    """Show the departments that have an item here, by their pinyin, with how many."""
    hall: Hall = request.hall  # type: ignore[attr-defined]
    found = browsing.departments_of(queries.counts(hall))
    return render(request, "catalog_hall/departments.html", {"departments": found})


def alphabet(request: HttpRequest) -> HttpResponse:
    """Show by which letters of pinyin the items begin, with how many."""
    hall: Hall = request.hall  # type: ignore[attr-defined]
    counts = queries.counts(hall)
    letters = [
        (letter, browsing.letter_words(letter), number) for letter, number in browsing.letters_of(counts)
    ]
    shown = {"letters": letters, "total": browsing.total(counts)}
    return render(request, "catalog_hall/alphabet.html", shown)


def rows(items: Iterable[Offer | EffectiveItem]) -> list[dict[str, Any]]:
    """Return what a list says of each item: its name and a line of facts."""
    return [
        {
            "code": item.code,
            "name": item.name,
            "department": item.department,
            "took": wording.limit(item.kind, item.promised_days, item.promised_unit),
            "visited": wording.visits(item.visits),
            "paid": wording.fees(item.fees),
            "is_local": item.is_local,
        }
        for item in items
    ]


def choices(request: HttpRequest, hall: Hall, filters: queries.Filters) -> dict[str, Any]:
    """Return what the filter above a list offers, with how many each choice would leave, and what is chosen in it."""
    words = ({"q": f"“{filters.q}”"} if filters.q else {}) | filters.words()
    return {
        "filters": filters,
        "chips": browsing.chips(words, request.GET),
        **browsing.options(filters, queries.counts(hall, filters)),
    }
