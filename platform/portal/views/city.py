"""The city's console: for now a table of the halls, to be read only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import city_required
from accounts.enums import CityRole
from portal import queries
from portal.views.home import address


@city_required(CityRole.CITY_ADMIN, CityRole.INSPECTOR)
def console(request: HttpRequest) -> HttpResponse:
    """Show every hall: its state, its items, what it changed of them, its open cases and how many are late."""
    rows = [{**row, "url": address(request, row["hall"], "/")} for row in queries.halls_table(timezone.localdate())]
    return render(request, "portal/city.html", {"rows": rows, "number": queries.in_words(len(rows))})
