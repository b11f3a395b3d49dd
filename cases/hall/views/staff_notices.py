"""提醒: what the hall's staff must know, the newest first, until somebody has seen to it."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import post_required
from cases.hall.paperwork import StaffNotice
from cases.hall.services import staff_notices
from catalog.hall.views.paging import page_of
from tenants.shared.http import HallRequest


@require_safe
@post_required()
def index(request: HallRequest) -> HttpResponse:
    """Show a page of what waits, or of what was seen to."""
    is_done = request.GET.get("done") == "1"
    found = StaffNotice.objects.filter(done_at__isnull=not is_done).select_related("case")
    page = page_of(request, found.defer("case__item").order_by("-made_at", "id"))
    shown = {
        "page": page,
        "rows": [{"notice": notice, **_shown(notice)} for notice in page.object_list],
        "is_done": is_done,
    }
    return render(request, "cases_hall/staff_notices.html", shown)


def _shown(notice: StaffNotice) -> dict[str, Any]:
    due_on = notice.data.get("due_on")
    return {
        "due_on": date.fromisoformat(due_on) if due_on else None,
        **{
            name: notice.data.get(name, "")
            for name in ("title", "document_no", "variable", "department", "reference", "said", "is_refund")
        },
    }


@require_POST
@post_required()
def done(request: HallRequest, pk: int) -> HttpResponse:
    """Mark a notice as seen to; one that is gone already is no trouble."""
    staff_notices.done(pk, by=request.actor, now=timezone.now())
    return redirect("staff-notices")
