"""One's own booking: the receipt with its code, changing, cancelling, saying yes to an offer, appealing."""

from collections.abc import Callable
from typing import Any

import segno
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import signed_in
from accounts.masking import mask_phone
from accounts.places import origin
from cases.hall import booking_rules as rules
from cases.hall.booking_enums import BookingState, Lane
from cases.hall.forms.booking import AppealForm, TimeForm, day_of
from cases.hall.models.booking import Appeal, Booking
from cases.hall.queries import bookings, slots
from cases.hall.queries import place as places
from cases.hall.services.bookings import appeals, changing, waiting
from cases.hall.services.bookings.refusals import BookingRefused
from cases.hall.views.booking import choosing
from catalog.hall.views import guide
from tenants.hall.queries import office
from tenants.shared import queries as city_queries
from tenants.shared.http import HallRequest

COLOURS = {
    BookingState.WAITING: "warn",
    BookingState.OFFERED: "warn",
    BookingState.BOOKED: "ok",
    BookingState.CHECKED_IN: "ok",
    BookingState.NO_SHOW: "danger",
    BookingState.CLOSED: "danger",
}


@require_safe
@signed_in
def show(request: HallRequest, number: str) -> HttpResponse:
    """Show one's own booking; right after booking as a receipt."""
    return _page(request, bookings.booking_for(request.actor, number))


def _page(request: HallRequest, booking: Booking, problem: str = "") -> HttpResponse:
    now = timezone.now()
    codes = [(item.code, item.name) for item in booking.items.order_by("id")]
    found = slots.bookable([code for code, _name in codes])
    brought = {
        row["name"]: guide.material(row) for item in found for row in item.materials if not row.get("exempt")
    }
    is_standing = booking.state == BookingState.BOOKED and booking.starts is not None
    in_time = is_standing and rules.may_cancel(booking.day, booking.starts, now)  # type: ignore[arg-type]
    context: dict[str, Any] = {
        "booking": booking,
        "names": [name for _code, name in codes],
        "first_code": codes[0][0],
        "colour": COLOURS.get(BookingState(booking.state), "neutral"),
        "phone": mask_phone(booking.visitor.get("phone", "")),
        "reason": booking.visitor.get("reason", ""),
        "lane": Lane(booking.visitor.get("lane", "")).label if booking.is_green else "",
        "materials": list(brought.values()),
        "place": guide.place(found[0], office(request.hall)) if found else {},
        "is_new": request.GET.get("new") == "1" and booking.state in {"booked", "waiting"},
        "qr": segno.make(booking.check_code, micro=False).svg_data_uri(scale=5, border=2)
        if is_standing
        else "",
        "ends": rules.later(booking.starts) if booking.starts else None,
        "ahead": bookings.ahead_of(booking) if booking.state == BookingState.WAITING else 0,
        "can_change": in_time and booking.changes < rules.MOST_CHANGES and places.is_taking(),
        "changes_left": rules.MOST_CHANGES - booking.changes,
        "can_cancel": in_time or booking.state in {BookingState.WAITING, BookingState.OFFERED},
        "is_late": is_standing and not in_time,
        "can_rebook": booking.state == BookingState.CLOSED and places.is_taking(),
        "can_appeal": booking.state == BookingState.NO_SHOW and not booking.is_excused,
        "appeal": Appeal.objects.filter(booking=booking).first(),
        "problem": problem,
        "my_url": f"{origin(request, city_queries.city().portal_domain)}/me/?show=bookings",
    }
    return render(request, "cases_hall/booking/show.html", context, status=409 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HallRequest, number: str) -> HttpResponse:
    """Choose another time, and take it."""
    booking = bookings.booking_for(request.actor, number)
    form = TimeForm(request.POST if request.method == "POST" else None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        day, starts = form.cleaned_data["at"]
        try:
            changing.change(booking, day=day, starts=starts, by=request.actor, now=timezone.now())
        except BookingRefused as refusal:
            problem = str(refusal)
        else:
            return redirect("booking", booking.number)
    window = bookings.window_now(booking)
    days = slots.offered(window, booking.items.count(), timezone.now()) if window else []
    problems = [problem] if problem else [str(text) for text in form.errors.get("at", [])]
    context = {
        "booking": booking,
        "window": window,
        "is_free": booking.state != BookingState.BOOKED,
        "changes_left": rules.MOST_CHANGES - booking.changes,
        "problems": problems,
        **choosing.shown(days, day_of(request.GET.get("day", "")), {}),
    }
    status = 409 if problem else 422 if problems else 200
    return render(request, "cases_hall/booking/change.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def cancel(request: HallRequest, number: str) -> HttpResponse:
    """Ask once more, then cancel."""
    booking = bookings.booking_for(request.actor, number)
    if request.method == "POST":
        return _take(request, booking, changing.cancel)
    return render(request, "cases_hall/booking/cancel.html", {"booking": booking})


@require_POST
@signed_in
def confirm(request: HallRequest, number: str) -> HttpResponse:
    """Say yes to a place that became free."""
    return _take(request, bookings.booking_for(request.actor, number), waiting.confirm)


def _take(request: HallRequest, booking: Booking, act: Callable[..., Booking]) -> HttpResponse:
    try:
        act(booking, by=request.actor, now=timezone.now())
    except BookingRefused as refusal:
        return _page(request, booking, str(refusal))
    return redirect("booking", booking.number)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def appeal(request: HallRequest, number: str) -> HttpResponse:
    """Say why one did not come."""
    booking = bookings.booking_for(request.actor, number)
    form = AppealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            appeals.appeal(booking, form.cleaned_data["text"], by=request.actor, now=timezone.now())
        except BookingRefused as refusal:
            return _page(request, booking, str(refusal))
        return redirect("booking", booking.number)
    context = {"booking": booking, "form": form, "back_url": reverse("booking", args=[booking.number])}
    return render(request, "cases_hall/booking/appeal.html", context, status=422 if form.errors else 200)
