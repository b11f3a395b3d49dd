"""What the worker does for a hall's bookings."""

from collections.abc import Callable

from django.utils import timezone

from cases.hall.services.bookings import ending
from tenants.shared.models import Hall


def bookings_are_swept(hall: Hall, stopped: Callable[[], bool]) -> None:
    """End what time has ended, remind of tomorrow, offer what is free to who waits."""
    ending.sweep(hall, now=timezone.now(), stopped=stopped)
