"""What the worker does for the city's catalogue, as the city."""

from collections.abc import Callable
from datetime import datetime

from catalog.shared.services import items, sheet_jobs, wordings
from catalog.shared.sheets.exporting import origin
from catalog.shared.sheets.planning import CityPlanner
from catalog.shared.sheets.working import Shop, work
from tenants.shared import scope


def editions_come_due(now: datetime) -> None:
    """Publish what was approved for today, also what a stopped worker missed, and retire what has run out."""
    items.come_due(now=now)


SHEETS = Shop(sheet_jobs.CITY, scope.city, lambda now: CityPlanner(origin(now)), items.approve_many)


def sheet_jobs_of_the_city(stopped: Callable[[], bool]) -> None:
    """Read, import and publish the files that wait for the city's catalogue."""
    work(SHEETS, stopped=stopped)


def old_sheets(now: datetime) -> None:
    """Remove files of the city that are a week old."""
    sheet_jobs.remove_old(sheet_jobs.CITY, now=now)


def wordings_follow_items(now: datetime) -> None:
    """Put into the search what is not in it: a catalogue that is older than the search, or one restored."""
    wordings.write_missing()
