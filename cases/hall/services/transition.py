"""The interpreter of the table of steps: who may, now, on this case; then the step with all that belongs to it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.queries import companies_of
from cases.hall import fees, transitions
from cases.hall.enums import State
from cases.hall.models import Case, Cover, Event
from cases.hall.queries import access, facts, mandates, reach
from cases.hall.services import asked, authority, covers, steps
from cases.hall.services.payments import charging
from cases.hall.services.refusals import (
    DataNeeded,
    NotAllowed,
    NotOpen,
    ReasonNeeded,
    SomebodyWasFaster,
    UnknownAction,
)
from cases.hall.transitions import APPLICANT, DEPARTMENT, INSTANT, SYSTEM, Fact, Transition

__all__ = [
    "JOB",
    "DataNeeded",
    "NotAllowed",
    "NotOpen",
    "ReasonNeeded",
    "SomebodyWasFaster",
    "UnknownAction",
    "apply",
    "apply_department",
    "apply_system",
    "open_actions",
    "why_not",
]

MAX_REASON = 2000
# the timed job: no person, and no post that anybody could hold
JOB = Actor(posts=frozenset({SYSTEM}))
REFUSAL = "refuse"
_ACCEPTING = frozenset({"accept", "deem_accepted"})


def apply(
    case: Case,
    action: str,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    seen_revision: int | None = None,
) -> Case:
    """Take the step named `action`, with events, ledger, due dates, document, audit, message and pointer; return the case.

    `seen_revision` is the revision that the person saw, else that of `case`. Nothing is written when it raises:
    UnknownAction, NotAllowed (not for this person), NotOpen (not in this state), SomebodyWasFaster, ReasonNeeded,
    DataNeeded.
    """
    rows = tuple(step for step in transitions.named(action) if action in transitions.ASKED_FOR)
    if not rows:
        raise UnknownAction(_("没有“%(action)s”这一步") % {"action": action})
    today = timezone.localdate(now)
    posts = _posts_for(case, rows, by, today)
    seen = case.revision if seen_revision is None else seen_revision
    case = Case.objects.lock(case.pk)
    if case.revision != seen:
        raise _faster(case)
    mandate = None
    if APPLICANT in posts:
        mandate = authority.check(case, by, authority.power_of(action), now=now)
    elif mandates.was_proxy(case, by.person_id):
        raise NotAllowed(_("这件是您自己办的，要由别的工作人员处理"))
    step = _open_step(case, rows, posts, today)
    cover = covers.covered_holder(case, by, now)
    _check_two_persons(case, step, by, cover)
    kept = covers.note(cover)
    _take(case, step, by=by, posts=posts, now=now, reason=reason, data=data or {}, kept=kept, mandate=mandate)
    return case


def apply_system(case: Case, action: str, *, now: datetime, data: Mapping[str, Any] | None = None) -> bool:
    """Take a step of the system's on a locked case if it is open now; return whether it was taken."""
    today = timezone.localdate(now)
    for step in transitions.open_to(case.state, JOB.posts, facts.of(case, today)):
        if step.name == action:
            _take(case, step, by=JOB, posts=JOB.posts, now=now, reason="", data=data or {})
            return True
    return False


def apply_department(
    case: Case,
    action: str,
    *,
    by: Actor,
    now: datetime,
    day: date,
    reason: str = "",
    document_no: str = "",
    data: Mapping[str, Any] | None = None,
    kept: Mapping[str, Any] | None = None,
) -> Event:
    """Take a step that a department's own system has taken, on a locked case of it, as of its legal day.

    `document_no` is the number of its own paper; `kept` goes into the log as it is. Raises what `apply` does.
    """
    rows = tuple(step for step in transitions.named(action) if DEPARTMENT in step.who)
    step = _open_step(case, rows, frozenset({DEPARTMENT}), day)
    taken = _take(
        case,
        step,
        by=by,
        posts=frozenset({DEPARTMENT}),
        now=now,
        reason=reason,
        data=data or {},
        kept=kept,
        changed=("system_sequence",),
        day=day,
        document_no=document_no,
    )
    return taken[-1]


def why_not(case: Case, action: str, *, by: Actor, now: datetime, own: frozenset[str]) -> str:
    """Return in a sentence why this person cannot take this step now with nothing said besides; empty when it is open.

    `own` are the credit codes of the companies that the person acts for, so that many cases need no query each.
    """
    rows = transitions.named(action)
    try:
        posts = _posts_for(case, rows, by, timezone.localdate(now), own)
        step = _open_step(case, rows, posts, timezone.localdate(now))
        _check_two_persons(case, step, by, covers.covered_holder(case, by, now))
        asked.clean(case, step, {}, now=now)
    except NotAllowed as problem:
        return str(problem)
    except DataNeeded as problem:
        return "；".join(problem.fields.values())
    return _("这一步要写明原因，请单独办") if step.needs_reason else ""


def open_actions(case: Case, actor: Actor, today: date | None = None) -> list[Transition]:
    """Return the steps that this person may take now: for the buttons and the API."""
    powers = access.powers_of(actor, case)
    held = reach.posts_over(case, actor, today or timezone.localdate())
    posts = frozenset({APPLICANT}) if powers else held - {SYSTEM}
    found = _open(case, posts, today)
    if not found or (APPLICANT not in posts and _acts_for_applicant(case, actor)):
        return []
    if powers:
        found = [step for step in found if authority.power_of(step.name) in powers]
    return [step for step in found if _second_person_problem(case, step, actor) is None]


def _open(case: Case, posts: frozenset[str], today: date | None) -> list[Transition]:
    return list(transitions.open_to(case.state, posts, facts.of(case, today)))


def _is_applicant(case: Case, actor: Actor) -> bool:
    return actor.person_id is not None and case.person == actor.person_id


def _posts_for(
    case: Case, rows: tuple[Transition, ...], by: Actor, today: date, own: frozenset[str] | None = None
) -> frozenset[str]:
    """Return what this person is to the case: its applicant, or the posts that reach it. Raises NotAllowed."""
    is_for_applicant = any(APPLICANT in step.who for step in rows)
    is_proxy = case.proxy is not None and case.proxy == by.person_id
    if (_is_applicant(case, by) or is_proxy) and is_for_applicant:
        return frozenset({APPLICANT})
    if not any(step.who & by.posts for step in rows):
        raise NotAllowed(_("这一步不归您的岗位办"))
    posts = reach.posts_over(case, by, today)
    if not any(step.who & posts for step in rows):
        raise NotAllowed(_("您的岗位不管这个部门、这个事项，请交给管它的同事"))
    if _is_applicant(case, by) or _acts_for_applicant(case, by, own):
        raise NotAllowed(_("这件是您自己办的，要由别的工作人员处理"))
    return posts


def _acts_for_applicant(case: Case, actor: Actor, own: frozenset[str] | None = None) -> bool:
    if case.proxy is not None and case.proxy == actor.person_id:
        return True
    if not case.company_uscc:
        return False
    codes = own if own is not None else {company.uscc for company in companies_of(actor)}
    return case.company_uscc in codes


def _open_step(case: Case, rows: tuple[Transition, ...], posts: frozenset[str], today: date) -> Transition:
    opened = _open(case, posts, today)
    found = [step for step in opened if step in rows]
    if found:
        # somebody who proposes and confirms holds two posts: with a proposal standing only one row is open
        return found[0]
    label = State(case.state).label
    known = facts.of(case, today)
    here = [step for step in rows if case.state in step.frm and step.who & posts]
    if reasons := [reason for step in here for reason in transitions.hindrances(step, known)]:
        raise NotOpen(reasons[0])
    if opened:
        names = "、".join(dict.fromkeys(str(step.label) for step in opened))
        raise NotOpen(_("这件现在是“%(state)s”，可以：%(names)s") % {"state": label, "names": names})
    raise NotOpen(_("这件现在是“%(state)s”，您这一岗没有要办的") % {"state": label})


def _check_two_persons(case: Case, step: Transition, by: Actor, cover: Cover | None) -> None:
    """Whoever stands in for somebody is bound by what that person did, too: a deputy decides nothing that they accepted."""
    if problem := _second_person_problem(case, step, by):
        raise NotAllowed(problem)
    if cover and step.is_decision and case.accepted_by == cover.person and case.item.get("kind") != INSTANT:
        raise NotAllowed(_("这件是{name}受理的，您在代他，要由别人决定").format(name=cover.name))


def _second_person_problem(case: Case, step: Transition, by: Actor) -> str | None:
    """Whoever accepts does not decide (审批分离), unless on the spot; whoever proposes does not confirm."""
    if step.is_decision and case.accepted_by == by.person_id and case.item.get("kind") != INSTANT:
        return _("这件是您受理的，要由别人决定")
    if step.settles and _proposer(case, step.settles) == by.person_id:
        return _("这是您建议的，要由别的负责人确认")
    return None


def _proposer(case: Case, name: str) -> Any:
    logged = {step.logged_as for step in transitions.TABLE if step.proposes == name}
    proposals = case.events.filter(action__in=logged).order_by("-sequence")
    return proposals.values_list("actor", flat=True).first()


def _take(
    case: Case,
    step: Transition,
    *,
    by: Actor,
    posts: frozenset[str],
    now: datetime,
    reason: str,
    data: Mapping[str, Any],
    kept: Mapping[str, Any] | None = None,
    **beside: Any,
) -> list[Event]:
    reason = reason.strip()[:MAX_REASON]
    if step.needs_reason and not reason:
        raise ReasonNeeded(_("请写明原因，申请人会看到"))
    # what the system writes needs no checking: it comes from the ledger and from the other hall
    given = dict(data) if SYSTEM in step.who else asked.clean(case, step, data, now=now)
    if step.settles and not step.needs_reason:
        # what was proposed is what is confirmed, unless the second person words it anew
        reason = reason or (case.proposed_refusal if step.settles == REFUSAL else case.pending_reason)
        given = {**case.pending_data, **given}
    _note(case, step, by, reason, given)
    chain = [transitions.row(name) for name in step.chain] or [step]
    # a post that the step asks for: what the log says of somebody who holds several
    post = min(step.who & posts)
    given |= kept or {}
    message = "" if given.get("ground") in step.quiet else step.message
    taken = steps.take(
        case, chain, by=by, post=post, now=now, reason=reason, data=given, message=message, **beside
    )
    if step.name in _ACCEPTING and Fact.FEE_TO_SET in case.marks:
        _charge_fixed(case, now)
    return taken


def _charge_fixed(case: Case, now: datetime) -> None:
    """Send the notice of a fee whose amount nobody has to decide with the acceptance."""
    fee = fees.settled(case.item)
    if fee is not None and fee.fen is not None:
        apply_system(case, "charge_fixed", now=now, data=charging.facts(case, fee, fee.fen, now))


def _note(case: Case, step: Transition, by: Actor, reason: str, given: Mapping[str, Any]) -> None:
    """Keep on the case what later steps ask about: who accepted it, and a proposal that waits for a second person."""
    if step.name in {"accept", "complete", "complete_here"}:
        case.accepted_by = by.person_id
    if step.proposes == REFUSAL:
        case.proposed_refusal = reason
    elif step.proposes:
        case.pending, case.pending_reason, case.pending_data = step.proposes, reason, dict(given)
    elif step.settles == REFUSAL:
        case.proposed_refusal = ""
    elif step.settles:
        case.pending, case.pending_reason, case.pending_data = "", "", {}
    if step.to in {State.WITHDRAWN, State.TERMINATED}:
        case.proposed_refusal, case.pending, case.pending_reason, case.pending_data = "", "", "", {}


def _faster(case: Case) -> SomebodyWasFaster:
    event: Event = case.events.latest("sequence")
    told = str(transitions.TOLD.get(event.action, event.action))
    name = _("系统") if event.actor_post == SYSTEM else event.actor_name
    return SomebodyWasFaster(name, told, event.at, state=case.state, revision=case.revision)
