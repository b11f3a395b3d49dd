"""The pages of what stood still: one pair for the city and for a hall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import actor_of, city_required
from accounts.capabilities import Can, may
from cases.shared import logged
from cases.shared.forms.outage import OutageForm
from cases.shared.models import HallOutage, Outage, Standstill
from cases.shared.services import outages
from tenants.shared import queries
from tenants.shared.http import HostRequest
from tenants.shared.models import Hall

PAGE_SIZE = 30


@dataclass(frozen=True)
class Desk:
    """Whose pages these are: the table, the names of the addresses, the way back."""

    model: type[Outage] | type[HallOutage]
    name: str
    end_name: str
    home_name: str
    home_label: Any


CITY = Desk(Outage, "city-outages", "city-outage-end", "city", logged.CITY_HOME)


def page(request: HostRequest, desk: Desk, hall: Hall | None, *, may_edit: bool = True) -> HttpResponse:
    """Show what stood still, the newest first, and the form; a good form records one more."""
    now = timezone.now()
    form = OutageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        starts_at = form.moment("first")
        assert starts_at is not None  # noqa: S101 -- the form wants both
        try:
            outages.note(
                hall,
                starts_at=starts_at,
                ends_at=form.moment("last"),
                what=form.cleaned_data["what"],
                by=actor_of(request),
                now=now,
            )
        except outages.WrongTime as problem:
            form.add_error(OutageForm.FIELDS[problem.field], str(problem))
        else:
            queries.forget()
            return redirect(f"{reverse(desk.name)}?done=noted")
    return _page(request, desk, form if may_edit else None, status=422 if form.errors else 200)


def _page(request: HostRequest, desk: Desk, form: OutageForm | None, *, status: int) -> HttpResponse:
    now = timezone.now()
    rows = desk.model._default_manager.order_by("-starts_at", "id")
    shown_page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = {
        "form": form,
        "page": shown_page,
        "rows": [{"row": row, "can_end": _runs(row, now)} for row in shown_page.object_list],
        "of_halls": _of_halls(desk),
        "desk": desk,
        "home_url": reverse(desk.home_name),
        "done": request.GET.get("done", ""),
    }
    return render(request, "cases_shared/outages.html", shown, status=status)


def _runs(row: Standstill, now: datetime) -> bool:
    return row.starts_at < now and (row.ends_at is None or row.ends_at > now)


def _of_halls(desk: Desk) -> Sequence[dict[str, Any]]:
    """Return what the halls recorded lately, for supervision: on the city's page alone."""
    if desk.model is not Outage:
        return []
    names = {hall.role: hall.short_name for hall in queries.halls()}
    found = HallOutage.objects.order_by("-starts_at", "id")[:PAGE_SIZE]
    return [{"row": row, "hall": names.get(str(row.hall_id), "")} for row in found]


def end_one(request: HostRequest, desk: Desk, pk: UUID) -> HttpResponse:
    """Record that it works again. What ended meanwhile stays as it is."""
    try:
        outages.end(desk.model, pk, by=actor_of(request), now=timezone.now())
    except (Outage.DoesNotExist, HallOutage.DoesNotExist):
        raise Http404(_("没有这一条")) from None
    except (outages.AlreadyEnded, outages.WrongTime):
        return redirect(reverse(desk.name))
    queries.forget()
    return redirect(f"{reverse(desk.name)}?done=ended")


@city_required(Can.WATCH)
def city_outages(request: HostRequest) -> HttpResponseBase:
    """Show the city's outages and the halls'; its administrators record one."""
    is_admin = may(actor_of(request).city_role, Can.RUN)
    return _record(request) if request.method == "POST" else page(request, CITY, None, may_edit=is_admin)


@city_required(Can.RUN)
def _record(request: HostRequest) -> HttpResponse:
    return page(request, CITY, None)


@require_POST
@city_required(Can.RUN)
def end(request: HostRequest, pk: UUID) -> HttpResponse:
    """Record that the city's outage is over."""
    return end_one(request, CITY, pk)
