"""叫号: calling the next number, again, putting one aside, being done; and numbers for who comes without a booking."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from audit import services as audit
from cases.hall.booking_enums import BookingState, TicketState
from cases.hall.models.booking import Booking, Ticket
from cases.hall.services.bookings import arriving, steps
from tenants.hall.models import Window


class Busy(Exception):
    """The counter is still calling a number; `ticket` is it."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(ticket.number)
        self.ticket = ticket


class NobodyWaits(Exception):
    """No number waits at this window."""


class NotCalled(Exception):
    """The number is not being called, or not to be called again."""


@transaction.atomic
def call_next(window: Window, counter: int, *, by: Actor, now: datetime) -> Ticket:
    """Call the next number to a counter: a green lane first, then whose turn came earliest. Raises Busy, NobodyWaits.

    Two clerks get two numbers: a number that another is just taking is passed over.
    """
    # one counter, one number: the window's row puts two clicks of one clerk in line
    Window.objects.select_for_update(no_key=True).get(pk=window.pk)
    today = timezone.localdate(now)
    of_window = Ticket.objects.filter(window=window, day=today)
    calling = of_window.filter(state=TicketState.CALLED, counter=counter).first()
    if calling is not None:
        raise Busy(calling)
    waiting = of_window.filter(state=TicketState.WAITING).select_for_update(skip_locked=True)
    ticket = waiting.order_by("-is_green", "turn_at", "number").first()
    if ticket is None:
        raise NobodyWaits
    return _call(ticket, counter, by, now)


@transaction.atomic
def recall(ticket: Ticket, counter: int, *, by: Actor, now: datetime) -> Ticket:
    """Call a number again: the one that is being called, or one that was not there. Raises NotCalled, Busy."""
    Window.objects.select_for_update(no_key=True).get(pk=ticket.window_id)
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if ticket.state not in {TicketState.CALLED, TicketState.ABSENT}:
        raise NotCalled
    if ticket.day != timezone.localdate(now):
        raise NotCalled
    if ticket.state == TicketState.ABSENT:
        calling = Ticket.objects.filter(
            window=ticket.window_id, day=ticket.day, state=TicketState.CALLED, counter=counter
        ).first()
        if calling is not None:
            raise Busy(calling)
    return _call(ticket, ticket.counter if ticket.state == TicketState.CALLED else counter, by, now)


def _call(ticket: Ticket, counter: int | None, by: Actor, now: datetime) -> Ticket:
    ticket.state, ticket.counter, ticket.called_at, ticket.ended_at = TicketState.CALLED, counter, now, None
    ticket.calls += 1
    ticket.save(update_fields=["state", "counter", "called_at", "ended_at", "calls"])
    _record("call", ticket, by, now)
    return ticket


@transaction.atomic
def absent(ticket: Ticket, *, by: Actor, now: datetime) -> Ticket:
    """Put the called number aside: nobody came. It can be called again the same day. Raises NotCalled."""
    return _end(ticket, TicketState.ABSENT, by, now)


@transaction.atomic
def done(ticket: Ticket, *, by: Actor, now: datetime) -> Ticket:
    """End the called number, and the booking behind it. Raises NotCalled."""
    ticket = _end(ticket, TicketState.DONE, by, now)
    if ticket.booking_id is not None:
        booking = Booking.objects.lock(ticket.booking_id)
        if booking.state == BookingState.CHECKED_IN:
            steps.take(booking, "finish", by=by, now=now)
    return ticket


def _end(ticket: Ticket, state: TicketState, by: Actor, now: datetime) -> Ticket:
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if ticket.state == state:
        return ticket
    if ticket.state != TicketState.CALLED:
        raise NotCalled
    ticket.state, ticket.ended_at = state, now
    ticket.save(update_fields=["state", "ended_at"])
    _record(str(state), ticket, by, now)
    return ticket


@transaction.atomic
def walk_in(window: Window, *, is_green: bool, by: Actor, now: datetime) -> Ticket:
    """Give a number to who came without a booking."""
    ticket = arriving.ticket(window, now=now, turn_at=now, is_green=is_green)
    _record("walk_in", ticket, by, now)
    return ticket


def _record(name: str, ticket: Ticket, by: Actor, now: datetime) -> None:
    audit.record(
        f"ticket.{name}", now=now, actor=by.person_id, actor_name=by.display_name, object=ticket.number
    )
