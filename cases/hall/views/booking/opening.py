"""窗口和时间: the admin sets windows, hours and closed days; staff see a day's load."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import post_required
from cases.hall.forms.booking import ClosureForm, HoursForm, WindowForm, day_of
from cases.hall.queries import load, slots
from cases.hall.services.bookings import opening
from tenants.hall.enums import PostRole
from tenants.hall.models import Closure, Window
from tenants.hall.queries import department_names, sessions, windows
from tenants.shared.http import HallRequest


@require_safe
@post_required()
def index(request: HallRequest) -> HttpResponse:
    """Show windows, hours and closed days to come: to all staff, to be changed by the admin."""
    known = list(Window.objects.order_by("-is_active", "position", "letter"))
    closures = Closure.objects.filter(day__gte=timezone.localdate()).select_related("window")
    context = {
        "rows": [
            {
                "window": window,
                "capacity": slots.capacity(window),
                "takes_rest": window == slots.for_the_rest(known),
            }
            for window in known
        ],
        "sessions": sessions(),
        "closures": closures.order_by("day", "id"),
        "is_admin": request.actor.holds(PostRole.HALL_ADMIN),
        "cancelled": request.GET.get("cancelled", ""),
    }
    return render(request, "cases_hall/booking/windows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(PostRole.HALL_ADMIN)
def window(request: HallRequest, pk: int | None = None) -> HttpResponse:
    """Make or change a window."""
    known = get_object_or_404(Window, pk=pk) if pk else Window()
    form = WindowForm(
        request.POST if request.method == "POST" else None, instance=known, departments=department_names()
    )
    if request.method == "POST" and form.is_valid():
        # the form has put its values into `known`; the service reads the row anew under its lock
        opening.save_window(known, form.cleaned_data, by=request.actor, now=timezone.now())
        return redirect("windows")
    context = {"form": form, "window": known if pk else None}
    return render(request, "cases_hall/booking/window.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(PostRole.HALL_ADMIN)
def hours(request: HallRequest) -> HttpResponse:
    """Set the hours that may be booked."""
    known = "\n".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in sessions())
    form = HoursForm(request.POST if request.method == "POST" else None, initial={"hours": known})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        count = opening.save_sessions(
            given["hours"], by=request.actor, now=timezone.now(), reason=given["reason"]
        )
        return redirect(f"{reverse('windows')}?cancelled={count}")
    return render(
        request, "cases_hall/booking/hours.html", {"form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(PostRole.HALL_ADMIN)
def close(request: HallRequest) -> HttpResponse:
    """Close a day: first say how many visits that cancels, then do it."""
    form = ClosureForm(request.POST if request.method == "POST" else None, windows=windows())
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if given["day"] < timezone.localdate():
            form.add_error("day", _("这一天已经过了"))
        elif request.POST.get("sure") == "1":
            count = opening.close_day(
                given["day"], form.chosen, reason=given["reason"], by=request.actor, now=timezone.now()
            )
            return redirect(f"{reverse('windows')}?cancelled={count}")
        else:
            context |= {"is_asked": True, "affected": opening.affected(given["day"], form.chosen)}
    status = 422 if form.errors else 200
    return render(request, "cases_hall/booking/close.html", context, status=status)


@require_POST
@post_required(PostRole.HALL_ADMIN)
def reopen(request: HallRequest, pk: int) -> HttpResponse:
    """Open a closed day again."""
    opening.reopen(get_object_or_404(Closure, pk=pk), by=request.actor, now=timezone.now())
    return redirect("windows")


@require_safe
@post_required()
def day(request: HallRequest) -> HttpResponse:
    """Show how full a day is: by window and time, and how many came."""
    today = timezone.localdate()
    shown = day_of(request.GET.get("day", "")) or today
    context = {
        "day": shown,
        "is_today": shown == today,
        "before": (shown - timedelta(days=1)).isoformat(),
        "after": (shown + timedelta(days=1)).isoformat(),
        "rows": load.by_time(shown),
        "figures": load.figures(shown),
    }
    return render(request, "cases_hall/booking/load.html", context)
