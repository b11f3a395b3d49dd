"""How full a day is."""

from datetime import date, time
from typing import Any

from django.db.models import Count

from cases.hall.booking_enums import BookingState
from cases.hall.models.booking import Booking, Slot
from tenants.hall.models import Window


def by_time(day: date) -> dict[str, Any]:
    """Return the windows that have slots on a day, and of each time the slots in the same order. Two queries."""
    found = list(Slot.objects.filter(day=day).order_by("starts", "window"))
    known = Window.objects.filter(pk__in={slot.window_id for slot in found})
    windows = list(known.order_by("position", "letter"))
    table: dict[time, dict[int, Slot]] = {}
    for slot in found:
        table.setdefault(slot.starts, {})[slot.window_id] = slot
    rows = [
        {"starts": starts, "slots": [(window, cells.get(window.pk)) for window in windows]}
        for starts, cells in table.items()
    ]
    return {"windows": windows, "rows": rows}


def figures(day: date) -> list[tuple[str, int]]:
    """Return how many bookings of a day are in each state, those that are none left out. One query."""
    counted = Booking.objects.filter(day=day).values_list("state").annotate(n=Count("pk")).order_by("state")
    by_state = dict(counted)
    return [(str(state.label), by_state[state.value]) for state in BookingState if state.value in by_state]
