"""Opening a hall: what it says is missing, when it opens, calling that off."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import actor_of, city_required
from accounts.capabilities import Can
from portal.onboarding.opening import OpeningForm
from portal.views.hall_life import standing_hall
from tenants.shared import jobs
from tenants.shared.enums import HallState, JobState, Wish
from tenants.shared.life import golive
from tenants.shared.models import Hall


def _hall(key: str) -> Hall:
    hall = standing_hall(key)
    if hall.copy_of:
        raise Http404
    return hall


@city_required(Can.HALLS)
def page(request: HttpRequest, key: str) -> HttpResponse:
    """Show what the hall says of itself; ask that it opens now or at an hour."""
    hall, now = _hall(key), timezone.now()
    form = OpeningForm(request.POST if request.method == "POST" else None, now=now)
    if request.method != "POST" or not form.is_valid():
        return _page(request, hall, form, status=422 if request.method == "POST" else 200)
    try:
        job = jobs.ask(
            golive.KIND, key=hall.key, hall=hall, by=actor_of(request), now=now,
            not_before=form.moment,
        )  # fmt: skip
    except jobs.Busy as refusal:
        form.add_error(None, str(refusal))
        return _page(request, hall, form, status=409)
    if form.moment is None:
        return redirect("city-job", job.pk)
    return redirect(f"{reverse('city-go-live', args=[key])}?done=planned")


def _page(request: HttpRequest, hall: Hall, form: OpeningForm, *, status: int = 200) -> HttpResponse:
    told, planned = golive.told(hall), golive.planned(hall)
    state, findings = HallState(hall.state), golive.findings(told) if told else []
    shown: dict[str, Any] = {
        "of": hall,
        "form": form,
        "state": state,
        "told": told,
        "findings": findings,
        "missing": sum(each.hinders for each in findings),
        "planned": planned,
        "is_waiting": planned is not None and planned.state == JobState.WAITING,
        "is_rehearsing": state == HallState.REHEARSAL,
        "done": request.GET.get("done", ""),
    }
    return render(request, "portal/go_live.html", shown, status=status)


@require_POST
@city_required(Can.HALLS)
def call_off(request: HttpRequest, key: str) -> HttpResponse:
    """Call an opening off that waits for its hour or failed."""
    planned = golive.planned(_hall(key))
    if planned is None:
        return redirect("city-go-live", key)
    try:
        jobs.wish(planned, Wish.UNDO, by=actor_of(request), now=timezone.now())
    except jobs.CannotWish:
        # it opens at this moment: its page says how it goes
        return redirect("city-job", planned.pk)
    return redirect(f"{reverse('city-go-live', args=[key])}?done=off")
