"""应急进入: the city asks for a way into one hall, a second person approves, it ends by itself within the hour.

Everything here runs in the city's scope; the hall's side is `tenants.hall.services.visits`. An approval is one conditional
UPDATE, so that of two at once one is too late; the row's CHECKs say again that nobody approves their own and nobody stays longer.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.capabilities import Can, may
from audit import services as audit
from tenants.shared.models import Hall, HallVisit

# what nobody has decided on by then is asked for again
WAITS = timedelta(hours=1)
MINUTES = (15, 30, 60)
MAX_REASON, SHORTEST_REASON = 200, 6


class Refused(Exception):
    """It cannot be so; `fields` says what to change, by the form's fields."""

    def __init__(self, **fields: str) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = fields


class TooLate(Exception):
    """Somebody decided meanwhile, or it ended or lapsed; the text says so."""

    def __init__(self) -> None:
        super().__init__(_("这一条已经有人处理过，或者已经过期"))


def ask(
    hall: Hall,
    *,
    reason: str,
    minutes: int,
    may_act: bool = False,
    sees_personal: bool = False,
    by: Actor,
    now: datetime,
) -> HallVisit:
    """Ask for a way into a hall. Audited. Raises PermissionDenied, Refused."""
    if by.person_id is None or not may(by.city_role, Can.ASK_VISIT):
        raise PermissionDenied
    reason = " ".join(reason.replace("\x00", "").split())[:MAX_REASON]
    if len(reason) < SHORTEST_REASON:
        raise Refused(reason=_("请把为什么要进写清楚，大厅会看到"))
    if minutes not in MINUTES:
        raise Refused(minutes=_("请选多长时间"))
    mine = HallVisit.objects.filter(hall_id=hall.role, person=by.person_id)
    if (waiting(now, mine) | mine.filter(ended_at=None, until__gt=now)).exists():
        raise Refused(hall=_("这个大厅您已经申请过，还没结束"))
    visit = HallVisit.objects.create(
        hall_id=hall.role,
        person=by.person_id,
        username=by.username,
        name=by.display_name[:60],
        reason=reason,
        minutes=minutes,
        may_act=may_act,
        sees_personal=sees_personal,
        asked_at=now,
    )
    _record("visit.ask", visit, by, now)
    return visit


def approve(pk: UUID, *, by: Actor, now: datetime) -> HallVisit:
    """Let somebody in from now on for as long as they asked; the hall is told. Audited. Raises PermissionDenied, Refused, TooLate."""
    visit = _to_decide(pk, by)
    changed = waiting(now, HallVisit.objects.filter(pk=pk)).update(
        approved_at=now,
        decided_by=by.person_id,
        decided_by_name=by.display_name[:60],
        until=now + timedelta(minutes=visit.minutes),
        tell_at=now,
    )
    return _decided("visit.approve", visit, changed, by, now)


def refuse(pk: UUID, *, by: Actor, now: datetime) -> HallVisit:
    """Refuse a request. Audited. Raises PermissionDenied, Refused, TooLate."""
    visit = _to_decide(pk, by)
    changed = waiting(now, HallVisit.objects.filter(pk=pk)).update(
        refused_at=now, decided_by=by.person_id, decided_by_name=by.display_name[:60]
    )
    return _decided("visit.refuse", visit, changed, by, now)


def end(pk: UUID, *, by: Actor, now: datetime) -> bool:
    """End a visit, or take a request back: whoever asked, or a security administrator. Return whether it was open."""
    visit = HallVisit.objects.get(pk=pk)
    if by.person_id != visit.person and not may(by.city_role, Can.APPROVE_VISIT):
        raise PermissionDenied
    changed = HallVisit.objects.filter(pk=pk, ended_at=None, refused_at=None).update(
        ended_at=now, ended_by_name=by.display_name[:60]
    )
    if changed:
        _record("visit.end", visit, by, now)
    return bool(changed)


def waiting(now: datetime, among: "QuerySet[HallVisit]") -> "QuerySet[HallVisit]":
    """Narrow to what may be decided on: nobody has, nobody took it back, and it is not too old."""
    return among.filter(approved_at=None, refused_at=None, ended_at=None, asked_at__gt=now - WAITS)


def open_now(now: datetime, among: "QuerySet[HallVisit]") -> "QuerySet[HallVisit]":
    """Narrow to the visits that let somebody in at this moment."""
    return among.filter(Q(until__gt=now), approved_at__isnull=False, ended_at=None)


def state_of(visit: HallVisit, now: datetime) -> tuple[str, str]:
    """Return how a visit stands: its word, and the colour of its tag."""
    if visit.refused_at:
        return _("没有同意"), "danger"
    if visit.ended_at:
        return _("已结束"), "neutral"
    if visit.until:
        return (_("正在看"), "warn") if visit.until > now else (_("到时间了"), "neutral")
    return (_("等批准"), "info") if visit.asked_at > now - WAITS else (_("没人批准，作废"), "neutral")


def _to_decide(pk: UUID, by: Actor) -> HallVisit:
    if not may(by.city_role, Can.APPROVE_VISIT):
        raise PermissionDenied
    visit = HallVisit.objects.get(pk=pk)
    if visit.person == by.person_id:
        raise Refused(visit=_("自己的申请要由另一位安全管理员批准"))
    return visit


def _decided(action: str, visit: HallVisit, changed: int, by: Actor, now: datetime) -> HallVisit:
    if not changed:
        raise TooLate
    _record(action, visit, by, now)
    visit.refresh_from_db()
    return visit


def _record(action: str, visit: HallVisit, by: Actor, now: datetime) -> None:
    detail = {
        "hall": visit.hall_id,
        "for": visit.username,
        "minutes": visit.minutes,
        "may_act": visit.may_act,
        "sees_personal": visit.sees_personal,
        "reason": visit.reason,
    }
    audit.record(
        action,
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=str(visit.pk),
        detail=detail,
    )
