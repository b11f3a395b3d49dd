"""A hall's backups: what was made, whether it could be restored, and asking for more."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import actor_of, city_required
from accounts.capabilities import Can
from portal.views.hall_life import standing_hall
from tenants.shared import jobs
from tenants.shared.archive import history
from tenants.shared.models import Hall


@city_required(Can.SEE_HALLS)
@require_safe
def index(request: HttpRequest, key: str) -> HttpResponse:
    """Show the archives, drills and restores of a hall, the latest first."""
    return _page(request, standing_hall(key))


@city_required(Can.HALLS)
@require_POST
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the operator for an archive of this hall, or for a drill."""
    hall = standing_hall(key)
    kind = request.POST.get("kind", "")
    if kind not in history.KINDS:
        return _page(request, hall, problem=_("请选“做一份备份”或“演练一次恢复”"), status=400)
    try:
        job = jobs.ask(kind, key=hall.key, hall=hall, by=actor_of(request), now=timezone.now())
    except jobs.Busy as busy:
        return _page(request, hall, problem=str(busy), status=409)
    return redirect("city-job", pk=job.pk)


def _page(request: HttpRequest, hall: Hall, *, problem: str = "", status: int = 200) -> HttpResponse:
    found = history.of(hall)
    shown = {
        "of": hall,
        "backups": found,
        "age": found.age(timezone.now()),
        "problem": problem,
        **history.lists(hall),
    }
    return render(request, "portal/backups.html", shown, status=status)
