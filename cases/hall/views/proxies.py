"""代办员 for the hall's admin: appointing and ending, how they keep their targets, what looks unusual."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import post_required
from accounts.queries import person_named
from cases.hall.forms.proxy import AppointForm
from cases.hall.models import ProxyTerm
from cases.hall.queries import mandates, proxy_figures
from cases.hall.services import terms
from catalog.hall.views.paging import page_of
from tenants.hall.enums import PostRole
from tenants.shared import divisions
from tenants.shared.http import HallRequest

ADMIN = PostRole.HALL_ADMIN


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(ADMIN)
def proxies(request: HallRequest) -> HttpResponse:
    """Show the towns' proxies; POST appoints one."""
    towns = [(town.code, town.name) for town in divisions.towns() if town.hall_id == request.hall.pk]
    form = AppointForm(request.POST if request.method == "POST" else None, towns=towns)
    now = timezone.now()
    if form.is_valid():
        given = form.cleaned_data
        until = timezone.localdate(now) + timedelta(days=365 * int(given["years"]))
        try:
            terms.appoint(
                person_named(given["who"]), town=given["town"], until=until, by=request.actor, now=now
            )
            return redirect("staff-proxies")
        except terms.NotAppointed as refusal:
            for name, text in refusal.fields.items():
                form.add_error({"until": "years"}.get(name, name), text)
    page = page_of(request, mandates.terms())
    today = timezone.localdate(now)
    rows = [
        {"term": term, "town": divisions.town(term.town), "is_over": term.ended_at or term.until < today}
        for term in page.object_list
    ]
    return render(request, "cases_hall/proxies.html", {"form": form, "page": page, "rows": rows})


@require_POST
@post_required(ADMIN)
def end(request: HallRequest, pk: UUID) -> HttpResponse:
    """End a proxy's term with all mandates."""
    get_object_or_404(ProxyTerm, pk=pk)
    terms.end(pk, by=request.actor, now=timezone.now())
    return redirect("staff-proxies")


@require_GET
@post_required(ADMIN)
def figures(request: HallRequest) -> HttpResponse:
    """Show how the proxies keep their targets, and what is worth a look."""
    now = timezone.now()
    names = dict(ProxyTerm.objects.order_by("since").values_list("person", "name"))
    context: dict[str, Any] = {
        "targets": [
            {**row, "name": names.get(row["proxy"], "")}
            for row in proxy_figures.targets(now)
            if row["proxy"] in names
        ],
        "many": proxy_figures.many_in_a_day(now)[:50],
        "phones": proxy_figures.phones_of_many(now)[:50],
        "own": proxy_figures.own_phones()[:50],
        "night": proxy_figures.at_night(now)[:50],
        "days": proxy_figures.LOOK_BACK.days,
    }
    return render(request, "cases_hall/proxy_figures.html", context)
