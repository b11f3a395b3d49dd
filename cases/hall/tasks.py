"""What the worker does for a hall's cases, in the hall's scope, besides the messages."""

from datetime import datetime

from django.core.cache import cache

from cases.hall.services import uses
from tenants.shared.models import Hall

# the worker comes by each minute; once an hour is often enough for an order among equals
UNTIL_NEXT = 3600


def uses_are_counted(hall: Hall, now: datetime) -> None:
    """Count once an hour how often each item was applied for in the last year."""
    if cache.add(f"cases:{hall.key}:{hall.generation}:uses", now, UNTIL_NEXT):
        uses.count(hall, now=now)
