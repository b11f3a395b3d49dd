"""What the worker does for what people ask of a hall."""

from datetime import datetime

from cases.hall.services.enquiries import sweeping
from tenants.shared.models import Hall


def enquiries_are_swept(hall: Hall, now: datetime) -> None:
    """Mark and tell what is late."""
    sweeping.sweep(now=now)
