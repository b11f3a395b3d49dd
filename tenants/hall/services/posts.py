"""Giving, changing and ending posts, and suspending a person in this hall. Each is audited, nothing is deleted.

Nobody gives, widens or ends anything of their own, but one's own post may be laid down; the hall keeps one admin at least. A
person's posts and those of all admins are locked first, in one order, so that two admins who end each other leave one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor, Reach
from accounts.services import sessions
from audit import services as audit
from tenants.hall.enums import PostRole
from tenants.hall.models import Department, Post
from tenants.hall.policy import apart_problem
from tenants.shared import declared

ADMIN = str(PostRole.HALL_ADMIN)
MAX_REASON = 200
LONGEST_DAYS = 366 * 10


class Refused(Exception):
    """It cannot be so: `fields` says what to change, by the form's fields; an empty name is nobody's."""

    def __init__(self, **fields: str) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = fields


@dataclass(frozen=True)
class Wanted:
    """A post as somebody wants it: the role, its term (both days count, empty is no limit) and what it acts on."""

    role: str
    starts_on: date | None = None
    ends_on: date | None = None
    departments: tuple[str, ...] = ()
    items: tuple[str, ...] = ()

    @property
    def reach(self) -> Reach:
        """What it acts on."""
        return Reach(frozenset(self.departments), frozenset(self.items))

    @property
    def columns(self) -> dict[str, Any]:
        """The term and reach as they are stored."""
        return {
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            "departments": sorted(self.departments),
            "items": sorted(self.items),
        }


def check_wanted(wanted: Wanted, *, today: date) -> None:
    """Raise Refused for a role, term or reach that cannot be, whoever should hold it."""
    if wanted.role not in PostRole.values:
        raise Refused(role=_("请选一种岗位"))
    if wanted.ends_on is not None:
        if wanted.ends_on < (wanted.starts_on or today):
            raise Refused(ends_on=_("最后一天不能早于第一天"))
        if wanted.ends_on < today:
            raise Refused(ends_on=_("这一天已经过去了"))
        if (wanted.ends_on - today).days > LONGEST_DAYS:
            raise Refused(ends_on=_("最长十年，再久请留空"))
    known = set(
        Department.objects.filter(short_name__in=wanted.departments).values_list("short_name", flat=True)
    )
    if unknown := set(wanted.departments) - known:
        raise Refused(departments=_("本厅没有这个部门：%(names)s") % {"names": "、".join(sorted(unknown))})
    if sentence := next(
        (text for check in declared.functions("reach_checks") for text in check(wanted.items)), ""
    ):
        raise Refused(items=sentence)


def give(
    person: UUID,
    *,
    username: str,
    name: str,
    wanted: Wanted,
    reason: str,
    by: Actor | None,
    now: datetime,
    by_name: str = "",
) -> Post:
    """Give a person a post. `by` is None for the machine's administrator; `by_name` is who invited, where nobody asks now.

    A post of the same kind that is over makes room and stays in the history. Raises Refused.
    """
    _check_admin(by)
    if by is not None and by.person_id == person:
        raise Refused(role=_("不能给自己加岗位，请另一位分厅管理员来办"))
    today = timezone.localdate(now)
    check_wanted(wanted, today=today)
    reason = _reason(reason)
    held = _lock(person)
    mine = [post for post in held if post.person == person and post.is_active]
    if any(post.suspended_at for post in mine):
        raise Refused(role=_("他在本厅停用着，先恢复再加岗位"))
    for post in mine:
        if post.ends_on is not None and post.ends_on < today:
            _end(post, by_name=_("系统"), reason=_("任期到了"), now=now)
    mine = [post for post in mine if post.is_active]
    if any(post.role == wanted.role for post in mine):
        raise Refused(role=_("他已经有这个岗位，请改那一个"))
    _check_apart(person, wanted, mine)
    giver = by.display_name if by else by_name or _("系统")
    try:
        with transaction.atomic():
            post = Post.objects.create(
                person=person,
                name=name[:60],
                username=username,
                role=wanted.role,
                created_at=now,
                given_by=by.person_id if by else None,
                given_by_name=giver[:60],
                reason=reason,
                **wanted.columns,
            )
    except IntegrityError:
        raise Refused(role=_("他已经有这个岗位，请改那一个")) from None
    _record("post.give", post, by, now, giver, {**_shown(post), "reason": reason})
    return post


def change(pk: int, *, wanted: Wanted, reason: str, by: Actor, now: datetime) -> Post:
    """Change term and reach of a post that has not ended: extend it, shorten it, give it other work. Raises Refused, DoesNotExist."""
    _check_admin(by)
    post = Post.objects.get(pk=pk)
    today = timezone.localdate(now)
    reason = _reason(reason)
    held = _lock(post.person)
    post = next(each for each in held if each.pk == pk)
    if by.person_id == post.person:
        raise Refused(role=_("不能改自己的岗位，请另一位分厅管理员来办"))
    if not post.is_active:
        raise Refused(role=_("这个岗位已经结束，要用请重新给"))
    wanted = Wanted(post.role, wanted.starts_on, wanted.ends_on, wanted.departments, wanted.items)
    check_wanted(wanted, today=today)
    if wanted.ends_on is not None or (wanted.starts_on or today) > today:
        _check_one_admin_left(held, [post], today)
    others = [each for each in held if each.person == post.person and each.is_active and each.pk != pk]
    _check_apart(post.person, wanted, others)
    before = _shown(post)
    for field, value in wanted.columns.items():
        setattr(post, field, value)
    post.save(update_fields=list(wanted.columns))
    detail = {"before": before, **_shown(post), "reason": reason}
    _record("post.change", post, by, now, by.display_name, detail)
    return post


def end(pk: int, *, reason: str, by: Actor, now: datetime) -> Post:
    """End a post now; it stays in the history. Again changes nothing. Raises Refused for the last admin, DoesNotExist."""
    _check_admin(by)
    reason = _reason(reason)
    held = _lock(Post.objects.get(pk=pk).person)
    post = next(each for each in held if each.pk == pk)
    if post.is_active:
        _check_one_admin_left(held, [post], timezone.localdate(now))
        _end(post, by_name=by.display_name, reason=reason, now=now)
        _record("post.end", post, by, now, by.display_name, {"role": post.role, "reason": reason})
    return post


def suspend(person: UUID, *, hall: str, reason: str, by: Actor, now: datetime) -> int:
    """Suspend a person in this hall: all their posts at once, and their sessions and tokens of this host end.

    Return how many posts it was; posts that are given later are refused until it is lifted. `hall` is the key that stamps
    the sessions. Raises Refused for oneself and for the last admin.
    """
    _check_admin(by)
    if by.person_id == person:
        raise Refused(reason=_("不能停用自己，请另一位分厅管理员来办"))
    reason = _reason(reason)
    held = _lock(person)
    mine = [post for post in held if post.person == person and post.is_active and not post.suspended_at]
    if not mine:
        return 0
    _check_one_admin_left(held, mine, timezone.localdate(now))
    Post.objects.filter(pk__in=[post.pk for post in mine]).update(
        suspended_at=now, suspended_by_name=by.display_name[:60], suspend_reason=reason
    )
    roles = sorted(post.role for post in mine)
    _record("post.suspend", mine[0], by, now, by.display_name, {"roles": roles, "reason": reason})
    # the posts give nothing from the commit on; that the sessions end too is only tidier
    sessions.end_in_hall(person, hall)
    return len(mine)


def reopen(person: UUID, *, reason: str, by: Actor, now: datetime) -> int:
    """Lift a person's suspension in this hall; return how many posts give something again, their terms allowing. Raises Refused."""
    _check_admin(by)
    if by.person_id == person:
        raise Refused(reason=_("不能恢复自己，请另一位分厅管理员来办"))
    reason = _reason(reason)
    mine = [post for post in _lock(person) if post.person == person and post.is_active and post.suspended_at]
    if not mine:
        return 0
    Post.objects.filter(pk__in=[post.pk for post in mine]).update(
        suspended_at=None, suspended_by_name="", suspend_reason=""
    )
    roles = sorted(post.role for post in mine)
    _record("post.reopen", mine[0], by, now, by.display_name, {"roles": roles, "reason": reason})
    return len(mine)


def _lock(person: UUID) -> list[Post]:
    """Lock a person's posts and those of all admins, always in the same order, and return them."""
    wanted = Post.objects.filter(Q(person=person) | Q(role=ADMIN, is_active=True))
    return list(wanted.select_for_update(of=("self",)).order_by("pk"))


def _check_admin(by: Actor | None) -> None:
    if by is not None and not by.holds(ADMIN):
        raise PermissionDenied


def _check_apart(person: UUID, wanted: Wanted, held: list[Post]) -> None:
    theirs = [(post.role, Reach(frozenset(post.departments), frozenset(post.items))) for post in held]
    problem = apart_problem(wanted.role, wanted.reach, theirs) or next(
        (text for check in declared.functions("post_hindrances") for text in check(person, wanted.role)), ""
    )
    if problem:
        raise Refused(role=problem)


def _check_one_admin_left(held: list[Post], going: list[Post], today: date) -> None:
    """Raise Refused when nobody could give posts any more once these go or get an end."""
    if not any(post.role == ADMIN for post in going):
        return
    gone = {post.pk for post in going}
    for post in held:
        is_held = (
            post.is_active
            and post.suspended_at is None
            and (post.starts_on or today) <= today
            and (post.ends_on or today) >= today
        )
        if post.role == ADMIN and post.pk not in gone and is_held:
            return
    raise Refused(reason=_("他是本厅最后一位分厅管理员，请先给另一位这个岗位"))


def _end(post: Post, *, by_name: str, reason: str, now: datetime) -> None:
    post.is_active, post.ended_at, post.ended_by_name, post.end_reason = False, now, by_name[:60], reason
    post.save(update_fields=["is_active", "ended_at", "ended_by_name", "end_reason"])


def _reason(text: str) -> str:
    reason = " ".join(text.replace("\x00", "").split())[:MAX_REASON]
    if not reason:
        raise Refused(reason=_("请写明为什么"))
    return reason


def _shown(post: Post) -> dict[str, Any]:
    return {
        "role": post.role,
        "from": str(post.starts_on or ""),
        "to": str(post.ends_on or ""),
        "departments": post.departments,
        "items": post.items,
    }


def _record(
    action: str, post: Post, by: Actor | None, now: datetime, name: str, detail: dict[str, Any]
) -> None:
    audit.record(
        action,
        now=now,
        actor=by.person_id if by else None,
        actor_name=name[:60],
        object=str(post.person),
        detail=detail,
    )
