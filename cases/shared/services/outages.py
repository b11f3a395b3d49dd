"""Recording that something stood still. It is told to people and to supervision; no clock of the law ever stops for it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit import services as audit
from cases.shared.models import HallOutage, Heartbeat, Outage
from tenants.shared.models import Hall

# the worker comes by each minute: after so long it did not run
GAP = timedelta(minutes=15)
# later than that nobody remembers, and nobody plans earlier
PAST, AHEAD = timedelta(days=31), timedelta(days=92)
MAX_WHAT = 200


class WrongTime(ValueError):
    """These times cannot be: the text says why, `field` which."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field


class AlreadyEnded(Exception):
    """Its end is written already: what was told to people is not told otherwise."""


def note(
    hall: Hall | None,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    what: str,
    by: Actor,
    now: datetime,
) -> Outage | HallOutage:
    """Record an outage of the hall in scope, or of the whole city (None). Raises WrongTime. Who may is the view's to check."""
    if not now - PAST <= starts_at <= now + AHEAD:
        raise WrongTime("starts_at", _("开始的时间要在一个月前到三个月后之间"))
    if ends_at is not None and not starts_at < ends_at <= starts_at + AHEAD:
        raise WrongTime("ends_at", _("恢复要在开始之后，三个月之内"))
    facts = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "what": what.strip()[:MAX_WHAT],
        "noted_by": by.person_id,
        "noted_name": by.display_name,
        "noted_at": now,
    }
    row = HallOutage(hall_id=hall.role, **facts) if hall else Outage(**facts)
    row.save(force_insert=True)
    _record("outage.note", row, by=by, now=now)
    return row


@transaction.atomic
def end(model: type[Outage] | type[HallOutage], pk: UUID, *, by: Actor, now: datetime) -> None:
    """Record that it works again, from now on. Raises AlreadyEnded, WrongTime (not begun), DoesNotExist."""
    row: Any = model._default_manager.select_for_update().get(pk=pk)
    if row.ends_at is not None and row.ends_at <= now:
        raise AlreadyEnded(_("已经恢复了"))
    if row.starts_at >= now:
        raise WrongTime("starts_at", _("还没开始"))
    row.ends_at = now
    row.save(update_fields=["ends_at"])
    _record("outage.end", row, by=by, now=now)


@transaction.atomic
def beat(*, now: datetime) -> Outage | None:
    """Note, as the city, that the worker runs. If it did not for more than a quarter of an hour, that was an outage."""
    Heartbeat.objects.bulk_create([Heartbeat(at=now)], ignore_conflicts=True)
    last = Heartbeat.objects.select_for_update().get()
    if now <= last.at:
        # another worker was here, or the clock was set back: what was noted stays
        return None
    before, last.at = last.at, now
    last.save(update_fields=["at"])
    if now - before <= GAP:
        return None
    row = Outage(starts_at=before, ends_at=now, what=_("后台没有运行：短信晚发，到期的事晚办"), noted_at=now)
    row.save(force_insert=True)
    _record("outage.note", row, by=Actor(), now=now)
    return row


def _record(action: str, row: Outage | HallOutage, *, by: Actor, now: datetime) -> None:
    audit.record(
        action,
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=str(row.pk),
        detail={
            "from": row.starts_at.isoformat(),
            "to": row.ends_at.isoformat() if row.ends_at else None,
            "what": row.what,
        },
    )
