"""查进度: by number and query code, without signing in; shows no personal data."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.network import client_address
from cases.hall.forms.track import TrackForm
from cases.hall.models import Case
from cases.hall.services import track as service
from cases.hall.views import standing
from tenants.shared.http import HallRequest


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HallRequest) -> HttpResponse:
    """Ask for number and code; POST shows where the case is. Neither stands in an address or a log."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "cases_hall/track.html", {"form": form})
    now = timezone.now()
    try:
        found = service.track_all(
            form.cleaned_data["number"], form.cleaned_data["code"], address=client_address(request), now=now
        )
    except service.WrongCode as wrong:
        form.add_error("code", str(wrong))
        return render(request, "cases_hall/track.html", {"form": form})
    except service.Locked as locked:
        form.add_error("code", str(locked))
        return render(request, "cases_hall/track.html", {"form": form}, status=429)
    return render(request, "cases_hall/track.html", {"form": TrackForm(), **_facts(found, now)})


def _facts(found: list[Case], now: datetime) -> dict[str, Any]:
    case = found[0]
    today = timezone.localdate(now)
    if len(found) > 1:
        rows = [(each, standing.standing(each, today, is_public=True)) for each in found]
        return {"parent": case.parent, "children": rows}
    return {
        "case": case,
        "status": standing.standing(case, timezone.localdate(now), is_public=True),
        "timeline": standing.timeline(case, timezone.localdate(), is_public=True),
    }
