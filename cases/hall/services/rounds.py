"""What the worker does: bring each hall's messages to their people, at least once, and seal the audit.

The truth is the outbox; a doorbell only says where to look first, and a sweep finds what a dead worker left. What
a ring means (messages, papers, acts on many, exports) is done where it rang; what time alone does, once a minute.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connections
from django.utils import timezone

from accounts.channels import CHANNELS
from audit.services import sealing
from cases.hall.services import carrying, lapses, recount
from cases.hall.services.notices import sending
from cases.shared.models import Doorbell
from cases.shared.services import channels, outages
from tenants.shared import declared, queries, scope
from tenants.shared.life.transitions import standing
from tenants.shared.models import Hall

PUBLIC = "public"
BATCH = 200
# the frequent sealing looks back this far; the first of a process and one a day look at everything
LOOK_BACK = timedelta(days=2)
log = logging.getLogger(__name__)

Stopped = Callable[[], bool]


def never() -> bool:
    """Do not stop before all is done."""
    return False


def working_halls() -> list[Hall]:
    """Return the halls that may have something to do; one whose tables are behind is left alone.

    A frozen hall's clocks go on; of an archived one what was still to be told is, and what has run out goes.
    """
    return [hall for hall in queries.halls() if standing(hall.state).is_worked and not hall.quarantined_at]


def answer_doorbells(*, now: Callable[[], datetime] = timezone.now, stopped: Stopped = never) -> int:
    """Go where the bell was rung and take away the rings that were seen before going; return how many messages left.

    A ring that comes meanwhile stays for the next round.
    """
    with scope.city():
        rings = list(Doorbell.objects.order_by("rung_at", "id").values_list("id", "hall_id")[:BATCH])
    if not rings:
        return 0
    roles = {str(role) for _pk, role in rings}
    carrying.carry(now=now())
    rung = [hall for hall in working_halls() if hall.role in roles]
    sent = sum(deliver(hall, now=now, stopped=stopped) for hall in rung)
    for hall in rung:
        _jobs(hall, stopped)
    if not stopped():
        with scope.city():
            Doorbell.objects.filter(pk__in=[pk for pk, _role in rings]).delete()
    return sent


def sweep(*, now: Callable[[], datetime] = timezone.now, stopped: Stopped = never) -> int:
    """Look into every hall without being rung for: what time alone does, messages that are due, drafts that have run out."""
    sent, waiting = 0, Counter[str]()
    carrying.carry(now=now())
    for hall in _from_another(working_halls(), now()):
        if stopped():
            break
        with scope.city():
            outages.beat(now=now())
        with _tolerant(hall):
            recount.follow_calendar(hall, now=now())
            lapses.sweep(hall, now=now(), stopped=stopped)
        sent += deliver(hall, now=now, stopped=stopped)
        _count_waiting(hall, waiting)
        _jobs(hall, stopped)
        for job in declared.functions("hall_timed_jobs"):
            with _tolerant(hall):
                job(hall, stopped)
        for sweep_hall in declared.functions("hall_sweeps"):
            with _tolerant(hall), scope.hall(hall):
                sweep_hall(hall, now())
    for sweep_city in declared.functions("city_sweeps"):
        with scope.city():
            sweep_city(now())
    if stopped():
        return sent
    with scope.city():
        for channel in CHANNELS:
            channels.note_waiting(channel.name, waiting[channel.name])
    return sent


def _from_another(halls: list[Hall], now: datetime) -> list[Hall]:
    """Return the halls beginning with another one each minute, so that a slow provider starves none of them."""
    first = int(now.timestamp() // 60) % len(halls) if halls else 0
    return halls[first:] + halls[:first]


def city_jobs(*, stopped: Stopped = never) -> None:
    """Do the city's longer work that waits: what the apps declare."""
    for job in declared.functions("city_jobs"):
        job(stopped)


def _jobs(hall: Hall, stopped: Stopped) -> None:
    for job in declared.functions("hall_jobs"):
        with _tolerant(hall):
            job(hall, stopped)


def deliver(hall: Hall, *, now: Callable[[], datetime] = timezone.now, stopped: Stopped = never) -> int:
    """Deliver this hall's messages that are due, one transaction each; return how many left."""
    sent = 0
    with _tolerant(hall):
        sent = sending.deliver(hall, now=now, stopped=stopped)
    return sent


def _count_waiting(hall: Hall, waiting: Counter[str]) -> None:
    with _tolerant(hall):
        waiting.update(sending.waiting(hall))


@contextmanager
def _tolerant(hall: Hall) -> Iterator[None]:
    """One hall's trouble (renamed, being moved, gone) is logged and stops no other hall."""
    try:
        yield
    except scope.WrongHall:
        queries.forget()
        log.warning("%s is not what the cache says: left for the next round", hall.key)


def seal(*, now: datetime, is_full: bool = False, halls: Iterable[Hall] | None = None) -> int:
    """Seal the audit of public and of every hall, where this process has the sealer's login; return how many rows."""
    if sealing.SEALER not in connections.settings:
        return 0
    since = None if is_full else now - LOOK_BACK
    schemas = [PUBLIC, *(hall.schema_name for hall in halls or queries.halls())]
    return sum(sealing.seal(schema, now=now, since=since) for schema in schemas)
