"""The city's items that this hall has not taken: looked through, taken one by one, several at once or by department."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import actor_of, post_required
from catalog.hall import queries
from catalog.hall.services import adoption
from catalog.hall.views.paging import page_of
from catalog.hall.views.staff import EDITORS, may_edit
from catalog.shared import labels, wording
from tenants.shared.http import HallRequest


@post_required()
def catalogue(request: HallRequest) -> HttpResponseBase:
    """Show a page of what the hall could take, what fits its level first; a POST takes the ticked ones."""
    if request.method == "POST":
        return _take(request)
    return _page(request)


@post_required(*EDITORS)
def _take(request: HallRequest) -> HttpResponse:
    codes = [code for code in request.POST.getlist("code") if queries.CODE.fullmatch(code)]
    if not codes:
        return _page(request, problems=[_("请先勾上要认领的")])
    try:
        taken = adoption.adopt(codes, now=timezone.now(), by=actor_of(request))
    except adoption.UnknownItem as unknown:
        return _page(request, problems=[str(unknown)])
    return _back(taken, _filters(request))


@post_required(*EDITORS)
def department(request: HallRequest) -> HttpResponse:
    """Show how many items of a department would be taken, and take them."""
    name = (request.POST if request.method == "POST" else request.GET).get("department", "")
    name = name.replace("\x00", "").strip()[:60]
    if request.method == "POST":
        level = request.hall.level if request.POST.get("which") == "fitting" else ""
        taken = adoption.adopt_department(name, level=level, now=timezone.now(), by=actor_of(request))
        return _back(taken, {})
    found = queries.claimable(request.hall, department=name)
    page = page_of(request, found)
    if not name or not page.paginator.count:
        raise Http404
    shown = {
        "department": name,
        "page": page,
        "rows": [_row(row) for row in page.object_list],
        "fitting": queries.claimable(request.hall, department=name, fitting=True).count(),
    }
    return render(request, "catalog_hall/staff_claim.html", shown)


@require_POST
@post_required(*EDITORS)
def release(request: HttpRequest, code: str) -> HttpResponse:
    """Give an item back to the city; where the hall changed it, say what must be done first."""
    try:
        adoption.release(code, now=timezone.now(), by=actor_of(request))
    except adoption.NotTaken:
        raise Http404 from None
    except adoption.HasOverrides as refusal:
        return render(
            request, "catalog_hall/staff_kept.html", {"why": str(refusal), "code": code}, status=409
        )
    return redirect(f"{reverse('staff-catalog')}?{urlencode({'released': code})}")


def _page(request: HallRequest, *, problems: list[str] | None = None) -> HttpResponse:
    filters = _filters(request)
    page = page_of(
        request,
        queries.claimable(request.hall, q=filters.get("q", ""), department=filters.get("department", "")),
    )
    number = request.GET.get("taken", "")
    shown = {
        "page": page,
        "rows": [_row(row) for row in page.object_list],
        "departments": queries.claimable_departments(request.hall),
        "filters": filters,
        "problems": problems or [],
        "picked": request.POST.getlist("code"),
        "taken": number if number.isdigit() else "",
        "released": request.GET.get("released", "")
        if queries.CODE.fullmatch(request.GET.get("released", ""))
        else "",
        "may_edit": may_edit(request),
    }
    return render(request, "catalog_hall/staff_catalog.html", shown, status=422 if problems else 200)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "took": wording.limit(row["kind"], row["promised_days"], row["promised_unit"]),
        "levels": "、".join(str(labels.LEVELS.get(level, level)) for level in row["levels"]),
    }


def _filters(request: HttpRequest) -> dict[str, str]:
    found = {
        "q": request.GET.get("q", "").replace("\x00", "").strip()[:50],
        "department": request.GET.get("department", "").replace("\x00", "").strip()[:60],
    }
    return {name: text for name, text in found.items() if text}


def _back(taken: int, filters: dict[str, str]) -> HttpResponse:
    return redirect(f"{reverse('staff-catalog')}?{urlencode({**filters, 'taken': str(taken)})}")
