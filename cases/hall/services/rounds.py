"""What the worker does: bring each hall's messages to their people, at least once, and seal the audit.

The truth is the outbox; a doorbell only says where to look first, and a sweep finds what a dead worker left. One
message is one transaction: it is locked, sent and marked, so that kill -9 costs a repetition at the most.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connections
from django.utils import timezone

from accounts import sms
from accounts.models import Person
from audit.services import sealing
from cases.hall.models import Outbox
from cases.hall.services import carrying, lapses, recount, telling
from cases.shared.models import Doorbell
from cases.shared.services import outages
from tenants.shared import declared, queries, scope
from tenants.shared.enums import HallState
from tenants.shared.models import Hall

PUBLIC = "public"
# minutes to wait after each failed try; the last one holds for all that follow
BACK_OFF = (1, 2, 5, 15, 30, 60)
BATCH = 200
# the frequent sealing looks back this far; the first of a process and one a day look at everything
LOOK_BACK = timedelta(days=2)
_AWAY = frozenset({HallState.PREPARING, HallState.ARCHIVED})
log = logging.getLogger(__name__)

Stopped = Callable[[], bool]


def never() -> bool:
    """Do not stop before all is done."""
    return False


def working_halls() -> list[Hall]:
    """Return the halls that may have something to do; one whose tables are behind is left alone."""
    return [hall for hall in queries.halls() if hall.state not in _AWAY and not hall.quarantined_at]


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
    sent = 0
    carrying.carry(now=now())
    for hall in working_halls():
        if stopped():
            break
        with scope.city():
            outages.beat(now=now())
        with _tolerant(hall):
            recount.follow_calendar(hall, now=now())
            lapses.sweep(hall, now=now(), stopped=stopped)
        sent += deliver(hall, now=now, stopped=stopped)
        _jobs(hall, stopped)
        for sweep_hall in declared.functions("hall_sweeps"):
            with _tolerant(hall), scope.hall(hall):
                sweep_hall(hall, now())
    for sweep_city in declared.functions("city_sweeps"):
        with scope.city():
            sweep_city(now())
    return sent


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
        while not stopped():
            outcome = _deliver_one(hall, now())
            if outcome is None:
                break
            sent += outcome  # False when it must wait
    return sent


def _deliver_one(hall: Hall, now: datetime) -> bool | None:
    """Send the message that has waited longest. True when it left, False when it must wait, None when none is due.

    Other workers skip the locked row.
    """
    with scope.hall(hall):
        waiting = Outbox.objects.filter(delivered_at=None, next_try_at__lte=now).order_by("next_try_at", "id")
        # the text is read where a failure to decrypt it is one message's trouble
        message = waiting.defer("text").select_for_update(skip_locked=True).first()
        if message is None:
            return None
        message.tries += 1
        try:
            _send(message)
        except Exception as problem:
            # whatever the gateway does, the message stays and the others go on
            log.warning("message %s of %s not sent: %s", message.pk, hall.key, type(problem).__name__)
            minutes = BACK_OFF[min(message.tries, len(BACK_OFF)) - 1]
            message.next_try_at = now + timedelta(minutes=minutes)
        else:
            message.delivered_at = now
            # a one-time code has left: nobody needs it here any more
            message.text = "" if message.is_secret else message.text
        message.tries = min(message.tries, 32_000)
        emptied = ["text"] if message.is_secret and message.delivered_at else []
        message.save(update_fields=["tries", "next_try_at", "delivered_at", *emptied])
        return message.delivered_at is not None


def _send(message: Outbox) -> None:
    """Send a message to its person's phone. One without a phone reads it in the account, where the case says the same."""
    person = Person.objects.filter(pk=message.person).first()
    phone = person.phone if person is not None else telling.phone_of(message)
    if phone:
        sms.send(phone, message.text, message_id=message.pk.hex)


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
