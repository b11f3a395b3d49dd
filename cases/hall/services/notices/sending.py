"""Bringing a hall's messages to their people by the ways that they want: at least once, the most pressing first.

One message, with what else waits for the same person about the same thing, is one transaction: locked, sent, marked.
kill -9 between sending and marking costs a repetition under the same key, by which the provider can drop it; the inbox
was written long before and is not touched. Nothing is lost while a provider is away: what it does not take waits.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accounts import channels, wishes
from accounts.channels import Channel, Letter
from accounts.enums import ChannelName
from accounts.models import Person
from accounts.refusals import NotSent, Undeliverable
from accounts.services import reaching
from cases.hall import notice_rules
from cases.hall.enums import Passage
from cases.hall.models import Outbox
from cases.hall.queries import place
from cases.hall.services import telling
from cases.hall.services.notices.gates import Gates
from tenants.shared import scope
from tenants.shared.models import Hall

# minutes to wait after each failed try; the last one holds for all that follow
BACK_OFF = (1, 2, 5, 15, 30, 60)
# so long it is tried; then staff see it as failed
TRIED_FOR = timedelta(days=7)
BATCH = 200
MOST_TOGETHER = 20
_MARKED = ("problem", "tries", "tried_at", "next_try_at", "delivered_at", "failed_at")
log = logging.getLogger(__name__)

Stopped = Callable[[], bool]


def deliver(hall: Hall, *, now: Callable[[], datetime], stopped: Stopped) -> int:
    """Deliver this hall's messages that are due; return how many are done with."""
    gates = Gates.read()
    done, seen = 0, set[UUID]()
    while not stopped():
        found = [pk for pk in _due(hall, gates, now()) if pk not in seen]
        if not found:
            break
        ways = gates.open(now())
        for pk in found:
            # a way that has closed meanwhile changes what is due
            if stopped() or gates.open(now()) != ways:
                break
            seen.add(pk)
            number, outcomes = _deliver(hall, pk, gates, now())
            gates.tell(outcomes, now())
            done += number
    return done


def _due(hall: Hall, gates: Gates, now: datetime) -> list[UUID]:
    """Return what may leave now, the most pressing first: what may ring at night, then the earliest legal day."""
    ways = Q(pk__in=[])
    released = Q(next_try_at__lte=now)
    for name in gates.open(now):
        ways |= Q(**{name: Passage.WAITING})
        if since := gates.up_since(name):
            # the provider works again: what waited for its next try need not wait longer
            released |= Q(tries__gt=0, tried_at__lt=since)
    if not gates.open(now):
        return []
    with scope.hall(hall):
        found = Outbox.objects.waiting().filter(ways, released)
        order = ("-is_urgent", F("due_on").asc(nulls_last=True), "next_try_at", "id")
        return list(found.order_by(*order).values_list("pk", flat=True)[:BATCH])


def _deliver(hall: Hall, pk: UUID, gates: Gates, now: datetime) -> tuple[int, dict[ChannelName, str]]:
    """Send one message and its like; return how many are done with, and how each provider answered.

    Other workers skip the locked rows.
    """
    with scope.hall(hall):
        first = _locked(Q(pk=pk)).first()
        if first is None:
            return 0, {}
        rows = [first, *_like(first)]
        try:
            readable = _readable(rows, first)
        except Exception as problem:
            # its words cannot be decrypted: this message's trouble, and no provider's
            log.warning("message %s of %s cannot be read: %s", pk, hall.key, type(problem).__name__)
            first.problem = type(problem).__name__
            _later(first, now)
            first.save(update_fields=["problem", "tries", "tried_at", "next_try_at"])
            return 0, {}
        person = Person.objects.select_related("reach").filter(pk=first.person).first()
        outcomes = _by_each_way(hall, readable, person, gates, now)
        return sum(row.delivered_at is not None for row in readable), outcomes


def _locked(which: Q) -> QuerySet[Outbox]:
    # the text is read where a failure to decrypt it is one message's trouble
    return (
        Outbox.objects.waiting().filter(which).defer("text").select_for_update(skip_locked=True, of=("self",))
    )


def _like(first: Outbox) -> list[Outbox]:
    """Return what else waits for this person about this; a one-time code goes alone, and nothing goes with it."""
    if first.is_secret or first.subject is None:
        return []
    same = Q(
        person=first.person, subject=first.subject, is_secret=False, is_to_case_phone=first.is_to_case_phone
    )
    others = _locked(same & ~Q(pk=first.pk) & Q(resent=first.resent))
    return list(others.order_by("created_at", "id")[:MOST_TOGETHER])


def _readable(rows: Sequence[Outbox], first: Outbox) -> list[Outbox]:
    """Return the rows whose words can be read, oldest first. Raises whatever the first one's do."""
    kept = []
    for row in rows:
        try:
            _words = row.text
        except Exception:
            if row is first:
                raise
            continue
        kept.append(row)
    return sorted(kept, key=lambda row: (row.created_at, row.pk))


@dataclass(frozen=True)
class _Came:
    """What came of one sending: the passage of its rows, and what the provider said if it did not take it."""

    passage: Passage
    problem: str = ""
    is_providers: bool = False


def _by_each_way(
    hall: Hall, rows: list[Outbox], person: Person | None, gates: Gates, now: datetime
) -> dict[ChannelName, str]:
    """Send by each way that is wanted and open; mark the rows; return how each provider answered."""
    open_ways, outcomes = gates.open(now), dict[ChannelName, str]()
    for channel in channels.CHANNELS:
        address = _address(channel, rows[0], person)
        going = _going(rows, channel, address, person, timezone.localdate(now))
        if not going or channel.name not in open_ways:
            continue
        if channel.name == ChannelName.SMS and (until := _quiet_until(going, person, now)):
            for row in going:
                row.next_try_at, row.tried_at = until, now
        elif gates.take(channel.name, now):
            came = _send(hall, channel, address, going)
            outcomes[channel.name] = came.problem if came.is_providers else ""
            _note(going, channel, came, now)
            if came.passage == Passage.FAILED and person is not None and not rows[0].is_to_case_phone:
                reaching.refuse(person.pk, channel.name, now=now)
    for row in rows:
        _mark(row, now)
    return outcomes


def _address(channel: Channel, row: Outbox, person: Person | None) -> str:
    if person is not None and not row.is_to_case_phone:
        return channel.address(person)
    return telling.phone_of(row) if channel.name == ChannelName.SMS else ""


def _going(
    rows: Sequence[Outbox], channel: Channel, address: str, person: Person | None, today: date
) -> list[Outbox]:
    """Return the rows that are still to go this way; mark those that are not wanted, or too late to be of use."""
    going = []
    for row in rows:
        if getattr(row, channel.name) != Passage.WAITING:
            continue
        if not address or channel.name not in _wanted(row, person):
            setattr(row, channel.name, Passage.OFF)
        elif notice_rules.is_too_late(row.kind, row.due_on, today):
            setattr(row, channel.name, Passage.LATE)
        else:
            going.append(row)
    return going


def _wanted(row: Outbox, person: Person | None) -> Collection[ChannelName]:
    if person is None or row.is_secret or row.is_to_case_phone:
        return {ChannelName.SMS}
    reached = [channel.name for channel in channels.CHANNELS if channel.address(person)]
    return wishes.wanted(channels.reach_of(person).off, notice_rules.group_of(row.kind), reached)


def _quiet_until(rows: Sequence[Outbox], person: Person | None, now: datetime) -> datetime | None:
    if any(row.is_urgent for row in rows):
        return None
    begins, ends = settings.QUIET_HOURS if person is None else channels.reach_of(person).quiet_hours
    return wishes.quiet_until(now, begins, ends)


def _send(hall: Hall, channel: Channel, address: str, rows: Sequence[Outbox]) -> _Came:
    text = notice_rules.merged([(row.kind, row.text, row.is_yours) for row in rows])
    letter = Letter(
        notice_rules.key_of([(row.pk, row.resent) for row in rows]),
        text,
        sender=hall.name,
        where=f"{place.origin()}/",
    )
    try:
        channel.send(address, letter)
    except Undeliverable as refusal:
        return _Came(Passage.FAILED, refusal.kind)
    except Exception as problem:
        # whatever the provider does, the message stays and the others go on; the text might hold personal data
        kind = getattr(problem, "kind", "") or type(problem).__name__
        log.warning("message %s of %s not sent by %s: %s", rows[0].pk, hall.key, channel.name, kind)
        return _Came(Passage.WAITING, kind, is_providers=isinstance(problem, NotSent | OSError))
    return _Came(Passage.SENT)


def _note(rows: Iterable[Outbox], channel: Channel, came: _Came, now: datetime) -> None:
    for row in rows:
        row.problem = came.problem[:200]
        passage = came.passage
        if passage == Passage.WAITING:
            _later(row, now)
            if (row.since or row.created_at) < now - TRIED_FOR:
                passage = Passage.FAILED
        setattr(row, channel.name, passage)


def _later(row: Outbox, now: datetime) -> None:
    row.tries = min(row.tries + 1, 32_000)
    row.tried_at = now
    row.next_try_at = now + timedelta(minutes=BACK_OFF[min(row.tries, len(BACK_OFF)) - 1])


def _mark(row: Outbox, now: datetime) -> None:
    """Save how far a message has come: away by all ways that were wanted, failed by them, or waiting."""
    passages = {getattr(row, channel.name) for channel in channels.CHANNELS}
    if Passage.WAITING not in passages:
        if Passage.FAILED in passages and Passage.SENT not in passages:
            row.failed_at = now
        else:
            row.delivered_at = now
    fields = [*(channel.name for channel in channels.CHANNELS), *_MARKED]
    if row.is_secret and row.delivered_at:
        # a one-time code has left: nobody needs it here any more
        row.text = ""
        fields.append("text")
    row.save(update_fields=fields)


def waiting(hall: Hall) -> dict[ChannelName, int]:
    """Return how many of this hall's messages wait for each way."""
    with scope.hall(hall):
        rows = Outbox.objects.waiting()
        counts = {c.name: Count("pk", filter=Q(**{c.name: Passage.WAITING})) for c in channels.CHANNELS}
        found = rows.aggregate(**counts)
        return {channel.name: found[channel.name] for channel in channels.CHANNELS}
