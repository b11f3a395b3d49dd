"""Claiming a case, handing it on, putting it back: who works on it. It binds nobody's rights and moves no clock.

A claim holds while the case is at the claimer's kind of post; the step that takes it on to another post ends it
(`follow`). Rows of Claim and an audit row each; no step of the table
([decision](docs/decisions/0007-a-claim-is-no-step.md)).
"""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor, Reach
from audit import services as audit
from cases.hall.models import Case, Claim
from cases.hall.queries import reach
from cases.hall.queries.access import person_of
from cases.hall.services.refusals import DataNeeded, NotAllowed
from cases.hall.whose import post_of
from tenants.hall.models import Post

MAX_REASON = 200


class AlreadyClaimed(NotAllowed):
    """Somebody else works on the case: `name` says who."""

    def __init__(self, name: str) -> None:
        super().__init__(_("{name}正在办这件，要接过来请先移交").format(name=name))
        self.name = name


def claim(case: Case, *, by: Actor, now: datetime) -> Case:
    """Put the case on this clerk's list; one that is theirs already stays so. Returns the case.

    Raises AlreadyClaimed with the name of whoever was faster, NotAllowed when it is no work of theirs.
    """
    case = Case.objects.lock(case.pk)
    person = person_of(by)
    if case.claimed_by == person:
        return case
    post = _post_for(case, by, now)
    if case.claimed_by is not None:
        raise AlreadyClaimed(case.claimed_name)
    _put(case, person, by.display_name, post, now=now)
    _audit("claim", case, by, now, {"post": post})
    return case


def pass_on(case: Case, to: UUID, reason: str, *, by: Actor, now: datetime) -> Case:
    """Hand the case on to a colleague of the post whose work it is, with a reason. Returns the case.

    Whoever holds it may, whoever may act on it, and whoever orders the hall's work. Raises NotAllowed; DataNeeded with a sentence a field.
    """
    case = Case.objects.lock(case.pk)
    post = post_of(case.state)
    if not may_pass_on(case, by):
        raise NotAllowed(_("这件现在不归您安排"))
    reason = reason.strip()[:MAX_REASON]
    if not reason:
        raise DataNeeded({"reason": _("请写明为什么移交")})
    colleague = Post.objects.held(now).filter(person=to, role=post).first()
    if colleague is None or not _reaches(colleague, case):
        raise DataNeeded({"to": _("请选一位能办这一步的同事")})
    if colleague.person == case.person:
        raise DataNeeded({"to": _("这件是他自己申请的，要交给别人")})
    if colleague.person == case.claimed_by:
        raise DataNeeded({"to": _("这件已经在他手里")})
    before = str(case.claimed_by or "")
    _end(case, now)
    _put(case, colleague.person, colleague.name, post, now=now, given_by=by, reason=reason)
    _audit("pass_on", case, by, now, {"post": post, "from": before, "to": str(colleague.person)})
    return case


def release(case: Case, *, by: Actor, now: datetime) -> Case:
    """Put one's case back for everybody of the post. Returns the case; raises NotAllowed when it is not this clerk's."""
    case = Case.objects.lock(case.pk)
    if case.claimed_by != person_of(by):
        raise NotAllowed(_("这件不在您手里"))
    _end(case, now)
    case.claimed_by, case.claimed_name = None, ""
    case.save(update_fields=["claimed_by", "claimed_name"])
    _audit("release", case, by, now, {})
    return case


def follow(case: Case, before: str, now: datetime) -> None:
    """End the claim when a step has taken the case from its post's work; the caller saves the case."""
    if case.claimed_by is not None and post_of(case.state) != post_of(before):
        _end(case, now)
        case.claimed_by, case.claimed_name = None, ""


def may_claim(case: Case, by: Actor) -> bool:
    """Whether the case is free and work of a post of this clerk that reaches it. No query."""
    over = by.posts_over(case.department, case.item_code)
    return case.claimed_by is None and post_of(case.state) in over and case.person != by.person_id


def may_pass_on(case: Case, by: Actor) -> bool:
    """Whether this clerk may hand the case on: whoever works at its post, or a head. No query."""
    post = post_of(case.state)
    return bool(post) and case.person != by.person_id and by.holds(post, "head")


def _post_for(case: Case, by: Actor, now: datetime) -> str:
    post = post_of(case.state)
    if not post:
        raise NotAllowed(_("这件已经办完，不用领取"))
    if post not in reach.posts_over(case, by, timezone.localdate(now)):
        raise NotAllowed(_("这件现在不归您的岗位办，不用领取"))
    if case.person == by.person_id:
        raise NotAllowed(_("这件是您自己办的，要由别的工作人员处理"))
    return post


def _reaches(colleague: Post, case: Case) -> bool:
    reached = Reach(frozenset(colleague.departments), frozenset(colleague.items))
    return reached.covers(case.department, case.item_code)


def _put(
    case: Case,
    person: UUID,
    name: str,
    post: str,
    *,
    now: datetime,
    given_by: Actor | None = None,
    reason: str = "",
) -> None:
    Claim.objects.create(
        case=case,
        person=person,
        name=name[:60],
        post=post,
        since=now,
        given_by=given_by.person_id if given_by else None,
        given_by_name=given_by.display_name[:60] if given_by else "",
        reason=reason,
    )
    case.claimed_by, case.claimed_name = person, name[:60]
    case.save(update_fields=["claimed_by", "claimed_name"])


def _end(case: Case, now: datetime) -> None:
    Claim.objects.filter(case=case, until=None).update(until=now)


def _audit(action: str, case: Case, by: Actor, now: datetime, detail: dict[str, str]) -> None:
    audit.record(
        f"case.{action}",
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=case.number or str(case.pk),
        detail=detail,
    )
