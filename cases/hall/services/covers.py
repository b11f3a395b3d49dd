"""请假代办: who stands in for whom, and what the log says of a step that is taken for somebody."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit import services as audit
from cases.hall.models import Case, Cover
from cases.hall.queries.access import person_of
from cases.hall.queries.seats import in_force
from cases.hall.services.refusals import DataNeeded, NotAllowed
from cases.hall.transitions import DESK
from tenants.hall.enums import PostRole
from tenants.hall.models import Post

MOST_DAYS = 180


def arrange(person: UUID, by_person: UUID, first: date, last: date, *, by: Actor, now: datetime) -> Cover:
    """Let a colleague of the same post stand in for this clerk from the first to the last day.

    A clerk arranges their own leave, the hall's admin anybody's. Raises NotAllowed; DataNeeded with a sentence a field.
    """
    if person != by.person_id and not by.holds(PostRole.HALL_ADMIN):
        raise NotAllowed(_("只能安排自己的，别人的请分厅管理员安排"))
    names = _checked(person, by_person, first, last)
    if sentence := _days_problem(first, last, timezone.localdate(now)):
        raise DataNeeded({"last": sentence})
    # two at once for the same clerk would be nobody's fault and everybody's work: the later one waits for the row
    Post.objects.select_for_update().filter(person=person).order_by("pk").first()
    if Cover.objects.filter(person=person, ended_at=None, first_day__lte=last, last_day__gte=first).exists():
        raise DataNeeded({"first": _("这几天已经安排过人，先把那一条收回")})
    cover = Cover.objects.create(
        person=person,
        name=names[person],
        by=by_person,
        by_name=names[by_person],
        first_day=first,
        last_day=last,
        made_by=person_of(by),
        made_by_name=by.display_name,
        made_at=now,
    )
    _audit("cover.arrange", cover, by, now)
    return cover


def _checked(person: UUID, by_person: UUID, first: date, last: date) -> dict[UUID, str]:
    """Return the names of the two. Raises DataNeeded when one is not at the desk on all those days, or they share no post."""
    desk = [
        post
        for post in Post.objects.filter(
            person__in=[person, by_person], role__in=sorted(DESK), is_active=True, suspended_at=None
        )
        if (post.starts_on or first) <= first and (post.ends_on or last) >= last
    ]
    roles: dict[UUID, set[str]] = {}
    names: dict[UUID, str] = {}
    for post in desk:
        roles.setdefault(post.person, set()).add(post.role)
        names[post.person] = post.name
    if person not in roles:
        raise DataNeeded({"person": _("请选一位办件的同事")})
    if by_person == person or by_person not in roles:
        raise DataNeeded({"by": _("请选一位代办的同事")})
    if not roles[person] & roles[by_person]:
        raise DataNeeded({"by": _("他没有同样的岗位，代不了，请另选一位")})
    return names


def _days_problem(first: date, last: date, today: date) -> str:
    if last < first:
        return _("最后一天不能早于第一天")
    if (last - first).days > MOST_DAYS:
        return _("一次最多 %(n)d 天") % {"n": MOST_DAYS}
    return _("这几天已经过去了") if last < today else ""


def end(cover: Cover, *, by: Actor, now: datetime) -> None:
    """Take an arrangement back. One that has ended stays as it is. Raises NotAllowed."""
    if by.person_id not in {cover.person, cover.by} and not by.holds(PostRole.HALL_ADMIN):
        raise NotAllowed(_("只能收回自己的"))
    if Cover.objects.filter(pk=cover.pk, ended_at=None).update(ended_at=now):
        _audit("cover.end", cover, by, now)


def covered_holder(case: Case, by: Actor, now: datetime) -> Cover | None:
    """Return the cover by which this clerk acts for whoever holds the case; None when it is free or their own. One query at most."""
    if case.claimed_by is None or by.person_id is None or case.claimed_by == by.person_id:
        return None
    return in_force(timezone.localdate(now)).filter(by=by.person_id, person=case.claimed_by).first()


def note(cover: Cover | None) -> dict[str, str]:
    """Return what the event keeps of a step that was taken for somebody: 代{姓名}."""
    return {"for": _("代%(name)s") % {"name": cover.name}, "for_person": str(cover.person)} if cover else {}


def _audit(action: str, cover: Cover, by: Actor, now: datetime) -> None:
    audit.record(
        action,
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=str(cover.pk),
        detail={
            "person": str(cover.person),
            "by": str(cover.by),
            "first": cover.first_day.isoformat(),
            "last": cover.last_day.isoformat(),
        },
    )
