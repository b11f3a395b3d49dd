"""What the worker does for a hall's cases, in the hall's scope, besides the messages."""

from collections.abc import Callable
from datetime import datetime

from django.core.cache import cache
from django.http import QueryDict
from django.utils import timezone

from audit import retention
from cases.hall.forms.desk_filters import DeskFilters
from cases.hall.models import Case, Inbound
from cases.hall.queries.narrowing import Filters
from cases.hall.services import batch, closing, drafts, exports, guardians, inbound, opinions, papers, uses
from cases.hall.services.rights import granting, redoing
from cases.hall.services.uploads import parts
from tenants.shared import scope
from tenants.shared.models import Hall

# the worker comes by each minute; once an hour is often enough for an order among equals
UNTIL_NEXT = 3600
BATCH = 200


def uses_are_counted(hall: Hall, now: datetime) -> None:
    """Count once an hour how often each item was applied for in the last year."""
    if cache.add(f"cases:{hall.role}:{hall.generation}:uses", now, UNTIL_NEXT):
        uses.count(hall, now=now)


def exports_wait(hall: Hall, stopped: Callable[[], bool]) -> None:
    """Make the files that clerks of this hall asked for."""
    exports.make(lambda: scope.hall(hall), parse, stopped=stopped)


def what_has_run_out_goes(hall: Hall, now: datetime) -> None:
    """Remove once an hour what the retention register keeps no longer in this hall."""
    if cache.add(f"cases:{hall.role}:{hall.generation}:retention", now, UNTIL_NEXT):
        retention.sweep(retention.Place.HALL, now=now)


def what_has_run_out_of_the_citys_goes(now: datetime) -> None:
    """Remove once an hour what the register keeps no longer in public."""
    if cache.add("cases:city:retention", now, UNTIL_NEXT):
        retention.sweep(retention.Place.CITY, now=now)


def people_get_their_rights(stopped: Callable[[], bool]) -> None:
    """Do what people asked for with their own data: a copy, erasure, the end of an account."""
    granting.do_waiting(stopped=stopped)


def what_was_erased_goes_again(hall: Hall, made_at: datetime, now: datetime) -> None:
    """Erase again what came back with an archive of that moment and was erased since."""
    redoing.again(hall, made_at, now=now)


def parse(query: str) -> tuple[str, Filters]:
    """Return the queue and the filters that an address's query names."""
    return DeskFilters.asked(QueryDict(query))


def people_are_told(hall: Hall, now: datetime) -> None:
    """Tell owners of drafts that soon are deleted, and staff of departments that owe an answer."""
    drafts.tell_of_end(now=now)
    opinions.tell_of_late(now=now)


def people_hear_of_closing(hall: Hall, now: datetime) -> None:
    """In a hall that closes: tell whoever has something there, and delete drafts some days after."""
    closing.sweep(now=now)


def papers_are_made(hall: Hall, stopped: Callable[[], bool]) -> None:
    """Set and sign the papers that wait, outside of any scope."""
    papers.make_due(hall, stopped)


def acts_on_many(hall: Hall, stopped: Callable[[], bool]) -> None:
    """Do what clerks asked for on many cases, a transaction for each case."""
    is_there_more = True
    while is_there_more and not stopped():
        with scope.hall(hall):
            is_there_more = batch.do_one(timezone.now())


def steps_that_waited_are_taken(hall: Hall, stopped: Callable[[], bool]) -> None:
    """Look again at the cases whose departments' steps wait: the desk or the applicant may have made way."""
    now = timezone.now()
    with scope.hall(hall):
        waiting = (
            Inbound.objects.filter(state=Inbound.WAITING).order_by("case").values_list("case", flat=True)
        )
        found = list(waiting.distinct()[:BATCH])
    for pk in found:
        if stopped():
            return
        with scope.hall(hall):
            inbound.drain(Case.objects.lock(pk), now)


def children_come_of_age(hall: Hall, now: datetime) -> None:
    """End what guardians did for children who turned eighteen, and tell both."""
    guardians.come_of_age(now=now)


def unfinished_uploads_go(hall: Hall, now: datetime) -> None:
    """Remove what came of files that nobody finished."""
    parts.sweep(now=now)
