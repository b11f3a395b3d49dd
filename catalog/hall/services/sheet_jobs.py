"""A hall's files of items: the desk they lie on, and the bell for the worker."""

from datetime import datetime

from catalog.hall.models import SheetJob, SheetLine
from catalog.hall.services.offers import hall_role
from catalog.shared.models import SheetBell
from catalog.shared.services.sheet_jobs import Desk


def desk(role: str) -> Desk:
    """Return the desk of the hall of this role: its files lie in a folder of its own."""
    return Desk(SheetJob, SheetLine, role)


def here() -> Desk:
    """Return the desk of the hall in scope."""
    return desk(hall_role())


def ring(now: datetime) -> None:
    """Tell the worker that a file waits in the hall in scope."""
    SheetBell.objects.create(hall_id=hall_role(), rung_at=now)
