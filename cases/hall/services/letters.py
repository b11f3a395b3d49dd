"""Webhooks to departments' systems: written with the event that they tell of, sent by the worker after commit.

A body says which case took which step, and holds nothing of a person: no name, number, phone, address, answer, and no
reason, for people write of people there. Rows are claimed in one transaction, sent outside any, and settled in
another: a worker killed in between sends again, under the same id.
"""

import json
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.actor import Actor
from audit import services as audit
from cases.hall import sending, signing
from cases.hall.models import Case, Event, Letter, System
from cases.hall.queries import place
from cases.hall.transitions import INTERNAL
from cases.shared.models import Doorbell
from tenants.shared import scope
from tenants.shared.models import Hall

# minutes to wait after each failed try, more or less a fifth; after the last the letter is dead
BACK_OFF = (1, 5, 15, 60, 180, 360, 720, 1440)
JITTER = 0.2
# a worker that dies with a letter in hand leaves it to others after so long
LEASE = timedelta(minutes=2)
# one going through a system's letters: so many, and not longer
BATCH, BUDGET = 50, timedelta(seconds=30)
log = logging.getLogger(__name__)


def write(case: Case, events: Sequence[Event], *, now: datetime) -> None:
    """Write a letter for each event to each active system that this case concerns, and ring for the worker."""
    told = [event for event in events if event.action not in INTERNAL]
    systems = [
        system for system in System.objects.filter(is_active=True).exclude(url="") if _hears(system, case)
    ]
    if not told or not systems:
        return
    Letter.objects.bulk_create(
        Letter(system=system, event=event, body=body_of(case, event), created_at=now, next_try_at=now)
        for system in systems
        for event in told
    )
    Doorbell(hall_id=place.here().role).save(force_insert=True)


def _hears(system: System, case: Case) -> bool:
    if case.system == system.key:
        return True
    return system.only_listens and (case.department in system.departments or case.item_code in system.items)


def body_of(case: Case, event: Event) -> dict[str, Any]:
    """Return what a system is told of a step: the whole of what leaves the hall by webhook."""
    return {
        "type": f"case.{event.action}",
        "timestamp": event.at.isoformat(),
        "data": {
            "hall": place.here().schema_name,
            "case": case.number,
            "item": case.item_code,
            "item_name": case.item_name,
            "department": case.department,
            "sequence": event.sequence,
            "action": event.action,
            "from_state": event.from_state,
            "to_state": event.to_state,
            "by": event.actor_post,
            "day": event.data.get("day") or timezone.localdate(event.at).isoformat(),
            "document_no": event.document_no,
            "due": case.due_on.isoformat() if case.due_on else None,
            "whereabouts": case.whereabouts,
            "your_sequence": case.system_sequence,
        },
    }


@dataclass(frozen=True)
class Claimed:
    """A letter in hand: what is sent, and how often it was tried with this try."""

    pk: UUID
    url: str
    secret: str
    body: bytes
    tries: int


def waiting(hall: Hall, now: datetime) -> list[UUID]:
    """Return the systems of a hall that have letters due. One query in a transaction of its own."""
    with scope.hall(hall):
        found = Letter.objects.filter(_due(now), system__is_active=True).order_by("system")
        return list(found.values_list("system", flat=True).distinct())


def _due(now: datetime) -> Q:
    return Q(sent_at=None, dead_at=None, next_try_at__lte=now)


def send(
    hall: Hall,
    system: UUID,
    *,
    now: Callable[[], datetime] = timezone.now,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Send a system's letters that are due, the oldest first; return how many arrived.

    The first that fails ends it: a receiver that hangs costs ten seconds a round and nobody else anything.
    """
    began, sent = now(), 0
    for _turn in range(BATCH):
        if stopped() or now() - began > BUDGET:
            break
        letter = _claim(hall, system, now())
        if letter is None:
            break
        outcome = _post(letter, now())
        _settle(hall, letter, outcome, now())
        if not outcome.is_delivered:
            break
        sent += 1
    return sent


def _claim(hall: Hall, system: UUID, now: datetime) -> Claimed | None:
    with scope.hall(hall):
        due = Letter.objects.filter(_due(now), system=system, system__is_active=True)
        row = due.order_by("next_try_at", "created_at", "id").select_for_update(skip_locked=True).first()
        if row is None:
            return None
        row.tries, row.next_try_at = min(row.tries + 1, 32_000), now + LEASE
        row.save(update_fields=["tries", "next_try_at"])
        body = json.dumps(row.body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        return Claimed(row.pk, row.system.url, row.system.secret, body, row.tries)


def _post(letter: Claimed, now: datetime) -> sending.Outcome:
    return sending.post(
        letter.url, letter.body, signing.headers(letter.secret, f"msg_{letter.pk.hex}", now, letter.body)
    )


def _settle(hall: Hall, letter: Claimed, outcome: sending.Outcome, now: datetime) -> None:
    with scope.hall(hall):
        row = Letter.objects.select_for_update().filter(pk=letter.pk).first()
        if row is None or row.sent_at is not None:
            return
        row.status, row.answer = outcome.status, outcome.answer
        if outcome.is_delivered:
            row.sent_at = now
        elif letter.tries > len(BACK_OFF):
            row.dead_at = now
            log.warning("letter %s of %s is dead after %d tries", row.pk, hall.key, letter.tries)
        else:
            minutes = BACK_OFF[letter.tries - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 -- no secret
            row.next_try_at = now + timedelta(minutes=minutes)
        row.save(update_fields=["status", "answer", "sent_at", "dead_at", "next_try_at"])


def send_again(system: System, pk: UUID | None = None, *, by: Actor, now: datetime) -> int:
    """Put dead letters of a system, or this one letter whatever it is, back in line under their ids; return how many.

    The tries begin anew. A letter that had arrived goes out again, too: the receiver knows it by its id.
    """
    rows = Letter.objects.filter(system=system)
    rows = rows.filter(pk=pk) if pk else rows.filter(dead_at__isnull=False)
    again = rows.update(dead_at=None, sent_at=None, tries=0, next_try_at=now)
    if again:
        audit.record(
            "system.send_again",
            now=now,
            actor=by.person_id,
            actor_name=by.display_name,
            object=system.key,
            detail={"letters": again},
        )
        Doorbell(hall_id=place.here().role).save(force_insert=True)
    return again
