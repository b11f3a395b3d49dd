"""约哪天来: choose a day and a time without signing in, then say who comes, and confirm."""

from datetime import date, time
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in
from accounts.queries import Applicant, applicant_of
from cases.hall import booking_rules as rules
from cases.hall.booking_enums import Lane
from cases.hall.forms.booking import WhoForm, day_of, moment_of
from cases.hall.models import Case
from cases.hall.queries import place as places
from cases.hall.queries import slots
from cases.hall.services.bookings import booking as service
from cases.hall.services.bookings.refusals import BookingRefused
from cases.hall.views.booking import choosing
from catalog.hall.models import EffectiveItem
from catalog.hall.queries import effective_item
from catalog.hall.views import guide
from tenants.hall.models import Window
from tenants.hall.queries import office, windows
from tenants.shared.http import HallRequest

# cases that a visit may be for: the latest that run
CASES_SHOWN = 10
FOUND = 8


@require_safe
def choose(request: HallRequest, code: str) -> HttpResponse:
    """Show the days and times of an item's window; where nothing can be booked, when and where to come."""
    item = effective_item(code, with_hidden=request.actor.is_staff_here)
    if item is None:
        return guide.elsewhere(request, code)
    items, window = _visit(item, request.GET.getlist("also"))
    context: dict[str, Any] = {
        "item": item,
        "items": items,
        "place": guide.place(item, office(request.hall)),
        "materials": [guide.material(row) for row in item.materials if not row.get("exempt")],
        "apply_url": guide.apply_url(request, item),
        "is_frozen": item.can_book and not places.is_taking(),
    }
    if window is None or not places.is_taking():
        return render(request, "cases_hall/booking/walk_in.html", context)
    also = [each.code for each in items[1:]]
    days = slots.offered(window, len(items), timezone.now())
    context |= choosing.shown(days, day_of(request.GET.get("day", "")), {"also": also})
    context |= {"window": window, "also": also, **_more(request, items, window)}
    return render(request, "cases_hall/booking/choose.html", context)


def _visit(item: EffectiveItem, also: list[str]) -> tuple[list[EffectiveItem], Window | None]:
    """Return the items of the visit and the window that does them all; others that it does not do are left out."""
    if not item.can_book:
        return [item], None
    known = windows()
    window = slots.window_of(item, known)
    others = slots.bookable([code for code in dict.fromkeys(also) if code != item.code]) if also else []
    fitting = [other for other in others if slots.window_of(other, known) == window]
    return [item, *fitting[: rules.MOST_ITEMS - 1]], window


def _more(request: HallRequest, items: list[EffectiveItem], window: Window) -> dict[str, Any]:
    """Return what else could be done in the same visit, by a word of its name."""
    q = request.GET.get("q", "").strip()[:40]
    if not q or len(items) >= rules.MOST_ITEMS:
        return {"q": q, "found": [], "is_whole": len(items) >= rules.MOST_ITEMS}
    named = EffectiveItem.objects.offered().filter(can_book=True, name__icontains=q)
    chosen = [each.code for each in items]
    others = named.exclude(code__in=chosen).order_by("sort_key", "code")[: FOUND * 4]
    known = windows()
    fitting = [other for other in others if slots.window_of(other, known) == window][:FOUND]
    found = [
        {"name": other.name, "url": "?" + urlencode({"also": [*chosen[1:], other.code]}, doseq=True)}
        for other in fitting
    ]
    return {"q": q, "found": found, "is_whole": False}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def who(request: HallRequest, code: str) -> HttpResponse:
    """Say who comes and what for, and confirm; GET keeps nothing. `at` is a time, or a day to queue for."""
    item = effective_item(code)
    if item is None:
        return guide.elsewhere(request, code)
    asked = request.POST if request.method == "POST" else request.GET
    day, starts = _asked(asked.get("at", ""))
    if day is None:
        return redirect("item-book", code)
    items, window = _visit(item, asked.getlist("also"))
    applicant = applicant_of(request.actor)
    is_senior = service.is_senior(applicant, day)
    form = WhoForm(
        request.POST if request.method == "POST" else None,
        initial={"key": uuid4().hex},
        cases=_cases(request),
        is_senior=is_senior,
    )
    problem = ""
    if request.method == "POST" and form.is_valid():
        wish = _wish(form, items, day, starts)
        try:
            booking = service.book(
                wish, by=request.actor, idempotency_key=form.cleaned_data["key"], now=timezone.now()
            )
        except BookingRefused as refusal:
            problem = str(refusal)
        else:
            return redirect(f"{reverse('booking', args=[booking.number])}?new=1")
    context = {
        "item": item,
        "items": items,
        "also": [each.code for each in items[1:]],
        "window": window,
        "day": day,
        "starts": starts,
        "at": asked.get("at", ""),
        "form": form,
        "is_senior": is_senior,
        "problem": problem,
        "back_url": _back(code, items, day),
        **_person(applicant),
    }
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "cases_hall/booking/who.html", context, status=status)


def _asked(at: str) -> tuple[date | None, time | None]:
    if found := moment_of(at):
        return found
    return day_of(at), None


def _wish(form: WhoForm, items: list[EffectiveItem], day: date, starts: time | None) -> service.Wish:
    given = form.cleaned_data
    return service.Wish(
        items=tuple(each.code for each in items),
        day=day,
        starts=starts,
        reason=given["reason"],
        lane=given.get("lane") or Lane.NONE,
        case=given.get("case") or "",
    )


def _person(applicant: Applicant) -> dict[str, str]:
    return {"name": applicant.name, "phone": applicant.masked_phone}


def _cases(request: HallRequest) -> list[tuple[str, str]]:
    """Return the person's cases that run here, the latest first."""
    own = Case.objects.of_person(request.actor.person_id).filed().exclude(turn="nobody")
    latest = own.order_by("-received_at", "id")[:CASES_SHOWN]
    return [
        (number, f"{name} {number}") for number, name in latest.values_list("number", "item_name") if number
    ]


def _back(code: str, items: list[EffectiveItem], day: date) -> str:
    query = urlencode({"also": [each.code for each in items[1:]], "day": day.isoformat()}, doseq=True)
    return f"{reverse('item-book', args=[code])}?{query}"


@require_safe
def index(request: HallRequest) -> HttpResponse:
    """预约: where to begin, one's own bookings, arriving."""
    return render(request, "cases_hall/booking/index.html", {})
