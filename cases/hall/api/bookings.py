"""Bookings by API: free times, booking, changing, cancelling. The same services as the pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import Refused
from accounts.api.pagination import Pages
from cases.hall.api.asking import KEY, asker, key_of
from cases.hall.api.booking_serializers import (
    BookingAnswer,
    BookingPage,
    BookingRequest,
    ChangeRequest,
    SlotsAnswer,
)
from cases.hall.models.booking import Booking
from cases.hall.queries import bookings, place, slots
from cases.hall.services.bookings import booking as service
from cases.hall.services.bookings import changing, waiting
from cases.hall.services.bookings.refusals import BookingRefused, HallNotTaking, ItemsApart

_ASKED = OpenApiExample(
    "a visit",
    {"items": ["34202300100000"], "date": "2026-03-04", "time": "09:30", "reason": "给孩子办"},
    request_only=True,
)
_QUEUED = OpenApiExample(
    "a place in the line", {"items": ["34202300100000"], "date": "2026-03-04"}, request_only=True
)
_BOOKED = OpenApiExample(
    "booked",
    {
        "code": "Y349901260302000010",
        "state": "booked",
        "items": [{"code": "34202300100000", "name": "出生登记"}],
        "window": "综合受理窗口",
        "date": "2026-03-04",
        "time": "09:30",
        "check_code": "7KM4XQ",
        "name": "张*",
        "is_green": False,
        "case": "",
        "changes": 0,
        "confirm_by": None,
        "reason": "",
    },
    response_only=True,
)
_OTHER_TIME = OpenApiExample("another time", {"date": "2026-03-05", "time": "14:00"}, request_only=True)


@contextmanager
def answered() -> Iterator[None]:
    """Turn a refusal into an answer with its status, code and field."""
    try:
        yield
    except BookingRefused as refusal:
        fields = {refusal.field: str(refusal)} if refusal.field else {}
        raise Refused(str(refusal), code=refusal.code, status_code=refusal.status, fields=fields) from None


class SlotsView(APIView):
    """GET tells the free times of an item's window; no sign-in is needed."""

    @extend_schema(
        operation_id="item_slots",
        parameters=[
            OpenApiParameter("also", str, many=True, description="codes of items for the same visit")
        ],
        responses={200: SlotsAnswer},
    )
    def get(self, request: Request, code: str) -> Response:
        """Today and the next seven working days. 409 while the hall takes no bookings, 404 for what cannot be booked."""
        codes = list(dict.fromkeys([code, *request.query_params.getlist("also")]))
        items = slots.bookable(codes)
        window = slots.serving(items)
        with answered():
            if not items or items[0].code != code:
                raise Http404
            if not place.is_taking():
                raise HallNotTaking
            if window is None or len(items) < len(codes):
                raise ItemsApart
        days = slots.offered(window, len(items), timezone.now())
        answer = {"items": [item.code for item in items], "window": window.name, "days": days}
        return Response(SlotsAnswer(answer).data)


class BookingsView(APIView):
    """GET lists one's own bookings, POST makes one."""

    @extend_schema(
        operation_id="bookings_list",
        parameters=[OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses={200: BookingPage},
    )
    def get(self, request: Request) -> Response:
        """The latest day first."""
        own = Booking.objects.of_person(asker(request).person_id).select_related("window", "case")
        pages = Pages()
        found = own.prefetch_related("items").order_by("-day", "-starts", "id")
        page: list[Any] = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response(BookingAnswer(page, many=True).data)

    @extend_schema(
        operation_id="bookings_create",
        parameters=[KEY],
        request=BookingRequest,
        responses={201: BookingAnswer},
        examples=[_ASKED, _QUEUED, _BOOKED],
    )
    def post(self, request: Request) -> Response:
        """Book, or join the line. The same key and body give the same answer, another body 422; 409 when it is taken."""
        actor = asker(request)
        key = key_of(request)
        given = BookingRequest(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = given.validated_data
        wish = service.Wish(
            items=tuple(values["items"]),
            day=values["date"],
            starts=values["time"],
            reason=values["reason"],
            lane=values["lane"],
            case=values["case"],
            principal=values["principal"],
        )
        with answered():
            booking = service.book(wish, by=actor, idempotency_key=key, now=timezone.now())
        return Response(BookingAnswer(booking).data, status=201)


class BookingView(APIView):
    """GET tells one's own booking, DELETE cancels it."""

    @extend_schema(operation_id="booking_retrieve", responses={200: BookingAnswer}, examples=[_BOOKED])
    def get(self, request: Request, number: str) -> Response:
        """The booking, with the code for arriving."""
        return Response(BookingAnswer(bookings.booking_for(asker(request), number)).data)

    @extend_schema(operation_id="booking_cancel", responses={204: None})
    def delete(self, request: Request, number: str) -> Response:
        """Cancel it, two hours before at the latest, or leave the line."""
        actor = asker(request)
        with answered():
            changing.cancel(bookings.booking_for(actor, number), by=actor, now=timezone.now())
        return Response(status=204)


class ChangeView(APIView):
    """POST moves a booking to another time."""

    @extend_schema(
        operation_id="booking_change",
        request=ChangeRequest,
        responses={200: BookingAnswer},
        examples=[_OTHER_TIME, _BOOKED],
    )
    def post(self, request: Request, number: str) -> Response:
        """Twice at most; after the hall closed the day it does not count."""
        actor = asker(request)
        given = ChangeRequest(data=request.data)
        found = bookings.booking_for(actor, number)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        return _after(
            lambda: changing.change(
                found, day=values["date"], starts=values["time"], by=actor, now=timezone.now()
            )
        )


class OfferView(APIView):
    """POST says yes to an offered place."""

    @extend_schema(operation_id="booking_confirm", request=None, responses={200: BookingAnswer})
    def post(self, request: Request, number: str) -> Response:
        """Within two hours of the offer."""
        actor = asker(request)
        found = bookings.booking_for(actor, number)
        return _after(lambda: waiting.confirm(found, by=actor, now=timezone.now()))


def _after(act: Callable[[], Booking]) -> Response:
    with answered():
        booking = act()
    return Response(BookingAnswer(booking).data)
