"""The waiting room: checking in by code, and the screen that calls numbers. Without signing in, without personal data."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.network import client_address
from accounts.services.counters import TooMany
from cases.hall.forms.booking import CodeForm
from cases.hall.queries import tickets
from cases.hall.services.bookings import arriving
from cases.hall.services.bookings.refusals import BookingRefused
from tenants.shared.http import HallRequest

# the screen asks anew, and the kiosk forgets who was there
SCREEN_SECONDS = 10
KIOSK_SECONDS = 30


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HallRequest) -> HttpResponse:
    """Ask for the code; POST gives the number to wait with. The code stands in no address."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "cases_hall/booking/check_in.html", {"form": form}, status=status)
    now = timezone.now()
    try:
        ticket = arriving.check_in(
            form.cleaned_data["code"], by=request.actor, address=client_address(request), now=now
        )
    except TooMany as refusal:
        until = f"{timezone.localtime(refusal.until):%H:%M}"
        form.add_error("code", _("试错太多，%(time)s后再试") % {"time": until})
        return render(request, "cases_hall/booking/check_in.html", {"form": form}, status=429)
    except BookingRefused as refusal:
        form.add_error("code", str(refusal))
        return render(request, "cases_hall/booking/check_in.html", {"form": form}, status=refusal.status)
    context = {"form": CodeForm(), "ticket": ticket, "ahead": tickets.ahead_of(ticket)}
    answer = render(request, "cases_hall/booking/check_in.html", context)
    answer["Refresh"] = f"{KIOSK_SECONDS}; url={request.path}"
    return answer


@require_safe
def screen(request: HallRequest) -> HttpResponse:
    """Show which numbers are called where, and how many wait; renews itself."""
    today = timezone.localdate()
    context = {"called": tickets.called(today), "waiting": tickets.waiting_counts(today)}
    answer = render(request, "cases_hall/booking/screen.html", context)
    answer["Refresh"] = str(SCREEN_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer
