"""Numbers that people wait with: who is called, who waits."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from cases.hall.booking_enums import TicketState
from cases.hall.models.booking import Ticket
from tenants.hall.models import Window

CALLED_SHOWN = 8
WAITING_SHOWN = 30
# the order of calling: green lanes, then whose turn came earliest
ORDER = ("-is_green", "turn_at", "number")


def called(day: date) -> list[Ticket]:
    """Return the numbers that are being called, the latest first."""
    found = Ticket.objects.filter(day=day, state=TicketState.CALLED).select_related("window")
    return list(found.order_by("-called_at", "number")[:CALLED_SHOWN])


def waiting_counts(day: date) -> "QuerySet[Window]":
    """Return the windows with how many wait there as `waiting`. One query."""
    of_day = Q(tickets__day=day, tickets__state=TicketState.WAITING)
    counted = Window.objects.filter(is_active=True).annotate(waiting=Count("tickets", filter=of_day))
    return counted.order_by("position", "letter")


def ahead_of(ticket: Ticket) -> int:
    """Return how many will be called before this number."""
    if ticket.state != TicketState.WAITING:
        return 0
    line = Ticket.objects.filter(window=ticket.window_id, day=ticket.day, state=TicketState.WAITING)
    earlier = Q(turn_at__lt=ticket.turn_at) | Q(turn_at=ticket.turn_at, number__lt=ticket.number)
    if ticket.is_green:
        return line.filter(earlier, is_green=True).count()
    return line.filter(earlier | Q(is_green=True)).count()


def line(window: Window, day: date) -> list[Ticket]:
    """Return who waits at a window, in the order of calling, with their bookings and cases."""
    waiting = Ticket.objects.filter(window=window, day=day, state=TicketState.WAITING)
    return list(waiting.select_related("booking__case").order_by(*ORDER)[:WAITING_SHOWN])


def put_aside(window: Window, day: date) -> list[Ticket]:
    """Return who was called and not there, the latest first."""
    found = Ticket.objects.filter(window=window, day=day, state=TicketState.ABSENT)
    return list(found.order_by("-ended_at", "number")[:WAITING_SHOWN])


def at_counter(window: Window, counter: int, day: date) -> Ticket | None:
    """Return the number that a counter is calling, with its booking, the booking's items and case."""
    found = Ticket.objects.filter(window=window, day=day, counter=counter, state=TicketState.CALLED)
    return found.select_related("booking__case").prefetch_related("booking__items").first()
