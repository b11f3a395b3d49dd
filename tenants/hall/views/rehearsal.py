"""The rehearsal of a hall: who is let in, and what is missing before it may open."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import actor_of, post_required
from tenants.hall.enums import PostRole
from tenants.hall.forms import GuestForm
from tenants.hall.models import Guest
from tenants.hall.services import guests
from tenants.shared.enums import HallState
from tenants.shared.http import HallRequest
from tenants.shared.life import golive


@post_required(PostRole.HALL_ADMIN)
def rehearsal(request: HallRequest) -> HttpResponse:
    """Show who is invited; invite somebody."""
    if request.method != "POST":
        return _page(request, GuestForm())
    form = GuestForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            guests.invite(given["account"], note=given["note"], by=actor_of(request), now=timezone.now())
        except guests.NotInvited as refusal:
            form.add_error("account", str(refusal))
        else:
            return redirect(f"{reverse('staff-rehearsal')}?done=invited")
    return _page(request, form, status=422)


def _page(request: HallRequest, form: GuestForm, *, status: int = 200) -> HttpResponse:
    state = HallState(request.hall_state)
    shown: dict[str, Any] = {
        "form": form,
        "rows": Guest.objects.order_by("-invited_at", "id"),
        "state": state,
        "is_preparing": state == HallState.PREPARING,
        "is_rehearsing": state == HallState.REHEARSAL,
        "address": f"{request.scheme}://{request.get_host()}/",
        "done": request.GET.get("done", ""),
    }
    return render(request, "tenants_hall/rehearsal.html", shown, status=status)


@require_POST
@post_required(PostRole.HALL_ADMIN)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in no more."""
    guests.remove(pk, by=actor_of(request), now=timezone.now())
    return redirect(f"{reverse('staff-rehearsal')}?done=removed")


@require_POST
@post_required(PostRole.HALL_ADMIN)
def begin(request: HallRequest) -> HttpResponse:
    """Ask that the rehearsal begins."""
    if request.hall_state == HallState.PREPARING:
        golive.ask_to_rehearse(request.hall, by_name=actor_of(request).display_name, now=timezone.now())
    return redirect(f"{reverse('staff-rehearsal')}?done=asked")


@post_required(PostRole.HALL_ADMIN)
def go_live(request: HallRequest) -> HttpResponse:
    """Show what is missing before the hall may open, as of now; tell the city so when asked to."""
    found = golive.look(request.hall)
    if request.method == "POST":
        golive.tell(request.hall, found, by_name=actor_of(request).display_name, now=timezone.now())
        return redirect(f"{reverse('staff-go-live')}?done=told")
    missing = sum(each.hinders for each in found)
    shown = {
        "findings": found,
        "missing": missing,
        "told": golive.told(request.hall),
        "done": request.GET.get("done"),
    }
    return render(request, "tenants_hall/go_live.html", shown)
