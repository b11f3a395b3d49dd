"""The hall's side of 应急进入: who is let in, what is put on record, how its admins are told and end it."""

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor, Visit
from accounts.channels import SMS, Letter
from accounts.models import Person
from accounts.refusals import NotSent
from audit import services as audit
from tenants.hall.enums import PostRole
from tenants.hall.models import Post
from tenants.hall.services.invitations import phones_of
from tenants.shared import queries, scope, visits
from tenants.shared.models import Hall, HallVisit

# everything of the staff may be looked at; whoever may act does what an admin does, and never decides a case
LOOKS = frozenset(str(role) for role in PostRole)
ACTS = frozenset({str(PostRole.HALL_ADMIN)})
TELL_AGAIN = timedelta(minutes=1)
log = logging.getLogger(__name__)


def visit_of(person: UUID) -> Visit | None:
    """Return what lets this person into the hall in scope at this moment by the database's clock; None for nothing. One query."""
    found = HallVisit.objects.filter(
        person=person, until__gt=Now(), approved_at__isnull=False, ended_at=None
    ).first()
    if found is None or found.until is None:
        return None
    return Visit(found.pk, found.until, found.reason, found.may_act, found.sees_personal)


def note(actor: Actor, *, method: str, path: str, now: datetime) -> None:
    """Put a page that a visitor saw, or an act, on the hall's record with the reason. The address is kept without its query."""
    visit = actor.visit
    if visit is None:
        return
    audit.record(
        "visit.read" if method in {"GET", "HEAD"} else "visit.act",
        now=now,
        actor=actor.person_id,
        actor_name=actor.display_name,
        object=path[:120],
        detail={"visit": str(visit.key), "reason": visit.reason, "method": method},
    )


def end(pk: UUID, *, by: Actor, now: datetime) -> bool:
    """End a visit of this hall: an admin of it, or the visitor. Return whether it was open. Raises DoesNotExist for another's."""
    visit = HallVisit.objects.get(pk=pk)
    if by.visit is not None and visit.person != by.person_id:
        return False
    changed = HallVisit.objects.filter(pk=pk, ended_at=None, refused_at=None).update(
        ended_at=now, ended_by_name=by.display_name[:60]
    )
    if changed:
        audit.record(
            "visit.end",
            now=now,
            actor=by.person_id,
            actor_name=by.display_name,
            object=str(pk),
            detail={"for": visit.username, "reason": visit.reason},
        )
    return bool(changed)


def tell(stopped: Callable[[], bool]) -> None:
    """Tell the admins of each hall into which somebody was let, by message, at once; what fails is tried again each minute.

    Each second by the worker. Sent first and noted after: a kill in between tells them twice under the same key.
    """
    now = timezone.now()
    with scope.city():
        due = list(HallVisit.objects.filter(tell_at__lte=now).order_by("tell_at")[:20])
    for visit in due:
        hall = next((each for each in queries.halls() if each.role == visit.hall_id), None)
        if hall is None or stopped():
            continue
        with contextlib.suppress(scope.WrongHall):
            _tell(visit, hall, now)


def _tell(visit: HallVisit, hall: Hall, now: datetime) -> None:
    with scope.hall(hall):
        admins = list(
            Post.objects.held(now)
            .filter(role=PostRole.HALL_ADMIN)
            .values_list("person", flat=True)
            .distinct()
        )
        invited_by = phones_of(admins)
    told, failed = 0, 0
    for person in Person.objects.filter(pk__in=admins, is_active=True).order_by("pk"):
        address = SMS.address(person) or invited_by.get(person.pk, "")
        if not address:
            continue
        try:
            SMS.send(
                address, Letter(key=f"visit-{visit.pk}-{person.pk}", text=words(visit), sender=hall.name)
            )
            told += 1
        except NotSent:
            failed += 1
    again = now + TELL_AGAIN if failed and visit.until and now < visit.until else None
    with scope.hall(hall):
        HallVisit.objects.filter(pk=visit.pk).update(tell_at=again, told=told)
        if visit.tell_at == visit.approved_at:
            audit.record(
                "visit.begin",
                now=now,
                actor=visit.person,
                actor_name=visit.name,
                object=str(visit.pk),
                detail={"reason": visit.reason, "approved_by": visit.decided_by_name, "told": told},
            )


def words(visit: HallVisit) -> str:
    """Return what the hall is told of a visit: who, allowed by whom, until when, why."""
    until = timezone.localtime(visit.until).strftime("%H:%M") if visit.until else ""
    how = _("能看也能改") if visit.may_act else _("只能看")
    return _("应急进入：市级{name}经{by}批准进入本厅，{how}，到 {until} 止。事由：{reason}。").format(
        name=visit.name, by=visit.decided_by_name, how=how, until=until, reason=visit.reason.rstrip("。")
    )


def banner() -> list[str]:
    """Return what staff see above every page while somebody of the city is in their hall. Kept for five seconds by each process."""
    entered = scope.current()
    if entered is None:
        return []

    def read() -> list[str]:
        now = timezone.now()
        return [words(visit) for visit in visits.open_now(now, HallVisit.objects.order_by("approved_at"))]

    return queries.kept(f"visits of {entered.role}", read)
