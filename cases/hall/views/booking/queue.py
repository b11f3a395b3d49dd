"""叫号: the clerk's page at a counter."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import post_required
from cases.hall.models.booking import Ticket
from cases.hall.queries import tickets
from cases.hall.services.bookings import arriving, calling
from cases.hall.services.bookings.refusals import BookingRefused
from cases.hall.views.step import DESK
from tenants.hall.models import Window
from tenants.hall.queries import windows
from tenants.shared.http import HallRequest


@require_safe
@post_required(*DESK)
def queue(request: HallRequest) -> HttpResponse:
    """Show one counter: whom it calls, who waits, who was not there. Without a counter, ask which."""
    return _page(request)


def _page(request: HallRequest, problem: str = "") -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    known = windows()
    window = next((each for each in known if str(each.pk) == asked.get("window")), None)
    counter = _counter(window, asked.get("counter", ""))
    today = timezone.localdate()
    context: dict[str, Any] = {
        "counters": [
            {"window": each, "numbers": [(n, _url(each, n)) for n in range(1, each.count + 1)]}
            for each in known
        ],
        "window": window if counter else None,
        "counter": counter,
        "problem": problem,
        "done": request.GET.get("number", "") if request.method == "GET" else "",
    }
    if window is not None and counter is not None:
        context |= _line(window, counter, today)
    return render(request, "cases_hall/booking/queue.html", context, status=409 if problem else 200)


def _line(window: Window, counter: int, today: date) -> dict[str, Any]:
    current = tickets.at_counter(window, counter, today)
    booking = current.booking if current else None
    return {
        "current": current,
        "items": [item.name for item in booking.items.all()] if booking else [],
        "reason": booking.visitor.get("reason", "") if booking else "",
        "ticket_acts": [
            ("done", _("办完了"), "btn"),
            ("recall", _("再叫一遍"), "btn out"),
            ("absent", _("没来"), "link"),
        ],
        "line": tickets.line(window, today),
        "aside": tickets.put_aside(window, today),
    }


def _counter(window: Window | None, text: str) -> int | None:
    if window is None or not (text.isascii() and text.isdigit()):
        return None
    return int(text) if 1 <= int(text[:4]) <= window.count and len(text) < 4 else None


def _url(window: Window, counter: int, **more: str) -> str:
    return f"{reverse('queue')}?{urlencode({'window': window.pk, 'counter': counter, **more})}"


@require_POST
@post_required(*DESK)
def act(request: HallRequest, name: str) -> HttpResponse:
    """Call the next number; give one to who came without a booking, or with a number that they show."""
    window = get_object_or_404(Window, pk=_number(request.POST.get("window", "")), is_active=True)
    counter = _counter(window, request.POST.get("counter", ""))
    if counter is None or name not in {"next", "walk_in", "arrived"}:
        raise Http404
    now, by = timezone.now(), request.actor
    try:
        if name == "next":
            calling.call_next(window, counter, by=by, now=now)
            return redirect(_url(window, counter))
        if name == "walk_in":
            given = calling.walk_in(window, is_green=bool(request.POST.get("is_green")), by=by, now=now)
        else:
            given = arriving.check_in_number(request.POST.get("number", ""), by=by, now=now)
    except (BookingRefused, calling.Busy, calling.NobodyWaits) as refusal:
        return _page(request, _words(refusal))
    return redirect(_url(window, counter, number=given.number))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


_ACTS: dict[str, Callable[..., Ticket]] = {"absent": calling.absent, "done": calling.done}


@require_POST
@post_required(*DESK)
def ticket(request: HallRequest, pk: UUID, name: str) -> HttpResponse:
    """Call a number again, put it aside, or end it."""
    found = get_object_or_404(Ticket.objects.select_related("window"), pk=pk)
    counter = _counter(found.window, request.POST.get("counter", ""))
    if counter is None or name not in {"recall", *_ACTS}:
        raise Http404
    now = timezone.now()
    try:
        if name == "recall":
            calling.recall(found, counter, by=request.actor, now=now)
        else:
            _ACTS[name](found, by=request.actor, now=now)
    except (calling.NotCalled, calling.Busy) as refusal:
        return _page(request, _words(refusal))
    return redirect(_url(found.window, counter))


def _words(refusal: Exception) -> str:
    if isinstance(refusal, calling.Busy):
        return _("%(number)s 还在办，先点“办完了”或“没来”") % {"number": refusal.ticket.number}
    if isinstance(refusal, calling.NobodyWaits):
        return _("没有人在等")
    if isinstance(refusal, calling.NotCalled):
        return _("这个号刚被别人处理了")
    return str(refusal)
