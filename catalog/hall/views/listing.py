"""A hall's home and its list of items."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.hall import queries
from catalog.hall.models import EffectiveItem
from catalog.hall.views.paging import page_of
from catalog.shared import wording
from catalog.shared.enums import Audience
from catalog.shared.queries import theme_key
from tenants.hall.queries import office
from tenants.shared.models import Hall


def home(request: HttpRequest) -> HttpResponse:
    """Show what this hall is for: search, themes with their counts, where it is and when it is open."""
    hall: Hall = request.hall  # type: ignore[attr-defined]
    shown = {
        "personal": queries.themes_with_counts(hall, "national_personal"),
        "business": queries.themes_with_counts(hall, "national_business"),
        "total": queries.total(hall),
        "office": office(hall),
    }
    return render(request, "catalog_hall/home.html", shown)


def items(request: HttpRequest) -> HttpResponse:
    """Show a page of the items that the public sees, filtered by the address."""
    hall: Hall = request.hall  # type: ignore[attr-defined]
    filters = queries.Filters.read(request.GET)
    page = page_of(request, queries.items(filters).only(*queries.LISTED))
    return render(request, "catalog_hall/items.html", {"page": page, "rows": rows(page.object_list), **choices(hall, filters)})


def rows(items: Iterable[EffectiveItem]) -> list[dict[str, Any]]:
    """Return what a list says of each item: its name and a line of facts."""
    return [
        {
            "code": item.code,
            "name": item.name,
            "department": item.department,
            "took": wording.limit(item.kind, item.promised_days, item.promised_unit),
            "visited": wording.visits(item.visits),
            "paid": wording.fees(item.fees),
        }
        for item in items
    ]


def choices(hall: Hall, filters: queries.Filters) -> dict[str, Any]:
    """Return what the filter above a list offers, and what is chosen in it."""
    found = queries.themes_with_counts(hall, "national_personal", "national_business")
    chosen = theme_key(filters.chosen) if filters.chosen else ""
    return {
        "filters": filters,
        "departments": queries.departments(hall),
        "theme_choices": [(theme_key(theme), theme.name, number, theme_key(theme) == chosen) for theme, number in found],
        "audience_choices": Audience.choices[:2],
        "audience_label": Audience(filters.audience).label if filters.audience else "",
    }
