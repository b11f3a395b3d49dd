"""What must be true of every hall's bookings: findings of check_halls, each one sentence."""

from collections.abc import Iterator

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from cases.hall import booking_rules as rules
from cases.hall.models.booking import Booking, BookingEvent, BookingItem, Slot, Ticket
from cases.shared.models import BookingPointer
from tenants.shared.models import Hall


def slots_hold_what_is_booked(hall: Hall) -> Iterator[str]:
    """Look for slots that are overbooked, or whose count is not what bookings hold."""
    held = Slot.objects.annotate(held_places=Coalesce(Sum("held__count"), 0))
    wrong = held.filter(Q(taken__gt=F("places")) | ~Q(held_places=F("taken")))
    for slot in wrong.select_related("window").order_by("id"):
        yield f"slot {slot.window.letter} {slot}: bookings hold {slot.held_places} of its places"
    stray = Booking.objects.exclude(state__in=rules.HOLDING).filter(held__isnull=False)
    for number, state in stray.order_by("number").values_list("number", "state").distinct():
        yield f"booking {number}: it is {state} and holds a place"
    bare = Booking.objects.filter(state__in=rules.HOLDING, held__isnull=True)
    for number, state in bare.order_by("number").values_list("number", "state"):
        yield f"booking {number}: it is {state} and holds no place"


def bookings_agree_with_their_rows(hall: Hall) -> Iterator[str]:
    """Compare every booking with its items, its last event and the public fact that the portal shows of it."""
    fields = ("person", "number", "day", "starts", "state")
    shown = {row[0]: row[1:] for row in BookingPointer.objects.values_list("booking", *fields)}
    named = Booking.objects.exclude(check_index="")
    for pk, *values in named.order_by("id").values_list("pk", *fields):
        if shown.pop(pk, None) != tuple(values):
            yield f"booking {values[1]}: the portal does not show it as it is"
    for pk in shown:
        yield f"booking pointer {pk}: there is no such booking"
    is_open = Q(booking__state__in=rules.OPEN)
    wrong = BookingItem.objects.filter(Q(is_open=True) & ~is_open | Q(is_open=False) & is_open)
    for number in wrong.order_by("booking__number").values_list("booking__number", flat=True):
        yield f"booking {number}: an item of it is open and it is not, or the other way round"
    last = BookingEvent.objects.filter(sequence=F("booking__revision"))
    elsewhere = last.exclude(to_state=F("booking__state")).order_by("booking__number")
    for number in elsewhere.values_list("booking__number", flat=True):
        yield f"booking {number}: its last event leads elsewhere"
    apart = Ticket.objects.filter(booking__isnull=False).exclude(booking__day=F("day"))
    for number in apart.order_by("number").values_list("number", flat=True):
        yield f"ticket {number}: its booking is of another day"
