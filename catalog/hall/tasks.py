"""What the worker does for a hall's catalogue, in the hall's scope."""

from collections.abc import Callable
from datetime import datetime

from catalog.hall.services import local, offers, sheet_jobs, wordings
from catalog.hall.sheets.exporting import origin
from catalog.hall.sheets.planning import HallPlanner
from catalog.shared.models import SheetBell
from catalog.shared.services.sheet_jobs import remove_old
from catalog.shared.sheets.working import Shop, work
from tenants.shared import queries, scope
from tenants.shared.models import Hall


def editions_come_due(hall: Hall, now: datetime) -> None:
    """Publish the hall's own items that were approved for today, and retire what has run out."""
    local.come_due(now=now)


def sheet_jobs_of(hall: Hall, stopped: Callable[[], bool]) -> None:
    """Read, import and publish the files that wait in this hall."""
    shop = Shop(
        sheet_jobs.desk(hall.role),
        lambda: scope.hall(hall),
        lambda now: HallPlanner(origin(hall, now)),
        local.publish_many,
    )
    work(shop, stopped=stopped)


def answer_sheet_bells(stopped: Callable[[], bool]) -> None:
    """Go where a file was handed in since the last look, and take those rings away; a sweep finds what nobody rang for."""
    with scope.city():
        rings = list(SheetBell.objects.order_by("rung_at", "id").values_list("id", "hall_id"))
    if not rings:
        return
    rung = {str(role) for _pk, role in rings}
    for hall in queries.halls():
        if hall.role in rung:
            try:
                sheet_jobs_of(hall, stopped)
            except scope.WrongHall:
                queries.forget()
    if not stopped():
        with scope.city():
            SheetBell.objects.filter(pk__in=[pk for pk, _role in rings]).delete()


def old_sheets(hall: Hall, now: datetime) -> None:
    """Remove files of this hall that are a week old."""
    remove_old(sheet_jobs.desk(hall.role), now=now)


def wordings_follow_items(hall: Hall, now: datetime) -> None:
    """Put into the search what the hall has of its own and the search does not know."""
    wordings.sync_missing(hall.role)


def offers_are_written_again(hall: Hall) -> None:
    """Write what the portal and the search show of a hall that was restored: its items may be others than before."""
    offers.rebuild()
