"""The interpreter of the table of steps: who may, now, on this case; then the step with all that belongs to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.queries import companies_of
from cases.hall import handover, transitions
from cases.hall.enums import State
from cases.hall.models import Case, Event
from cases.hall.services import steps
from cases.hall.transitions import APPLICANT, INSTANT, Transition

MAX_REASON = 2000


class NotAllowed(Exception):
    """The step is not for this person; the text says why."""


class NotOpen(NotAllowed):
    """The case's present state has no such step; the text says what is possible."""


class UnknownAction(NotAllowed):
    """The table knows no step of this name."""


class ReasonNeeded(Exception):
    """The step needs a reason that the applicant can read."""


class DataNeeded(Exception):
    """The step needs facts that are missing or wrong: `fields` says which, each with a sentence."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(_("有几处要改"))
        self.fields = fields


class SomebodyWasFaster(Exception):
    """Since the caller saw the case somebody has acted on it: who, what, when."""

    def __init__(self, name: str, action: str, at: datetime) -> None:
        super().__init__(
            _("%(name)s刚处理了这件：%(action)s") % {"name": name or _("申请人"), "action": action}
        )
        self.name, self.action, self.at = name, action, at


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
    rows = transitions.named(action)
    if not rows or action == "submit":
        raise UnknownAction(_("没有“%(action)s”这一步") % {"action": action})
    _check_person(case, rows, by)
    seen = case.revision if seen_revision is None else seen_revision
    case = Case.objects.lock(case.pk)
    if case.revision != seen:
        raise _faster(case)
    step = _open_step(case, rows, by)
    _check_two_persons(case, step, by)
    reason = reason.strip()[:MAX_REASON]
    if step.needs_reason and not reason:
        raise ReasonNeeded(_("请写明原因，申请人会看到"))
    facts = _facts(case, step, data or {})
    if step.logged_as == "refuse":
        reason = reason or case.proposed_refusal
    _note(case, step, by, reason)
    chain = [transitions.row(name) for name in step.chain] or [step]
    # a post that the step asks for: what the log says of somebody who holds several
    post = min(step.who & by.posts)
    steps.take(case, chain, by=by, post=post, now=now, reason=reason, data=facts, message=step.message)
    return case


def open_actions(case: Case, actor: Actor) -> list[Transition]:
    """Return the steps that this person may take now: for the buttons and the API."""
    if actor.person_id is not None and case.person == actor.person_id:
        return [step for step in _open(case, frozenset({APPLICANT}))]
    found = _open(case, actor.posts)
    if not found or _acts_for_applicant(case, actor):
        return []
    return [step for step in found if _second_person_problem(case, step, actor) is None]


def _open(case: Case, posts: frozenset[str]) -> list[Transition]:
    proposed = bool(case.proposed_refusal)
    return list(
        transitions.open_to(case.state, posts, case.item.get("kind", ""), is_refusal_proposed=proposed)
    )


def _check_person(case: Case, rows: tuple[Transition, ...], by: Actor) -> None:
    if not any(step.who & by.posts for step in rows):
        raise NotAllowed(_("这一步不归您的岗位办"))
    if case.person == by.person_id or _acts_for_applicant(case, by):
        raise NotAllowed(_("这件是您自己办的，要由别的工作人员处理"))


def _acts_for_applicant(case: Case, actor: Actor) -> bool:
    return bool(case.company_uscc) and any(
        company.uscc == case.company_uscc for company in companies_of(actor)
    )


def _open_step(case: Case, rows: tuple[Transition, ...], by: Actor) -> Transition:
    found = [step for step in _open(case, by.posts) if step in rows]
    if found:
        # somebody who proposes and confirms holds two posts: with a proposal standing only one row is open
        return found[0]
    label = State(case.state).label
    if case.proposed_refusal and case.state == State.REVIEW:
        raise NotOpen(_("已经建议不同意，等负责人确认"))
    if possible := _open(case, by.posts):
        names = "、".join(dict.fromkeys(str(step.label) for step in possible))
        raise NotOpen(_("这件现在是“%(state)s”，可以：%(names)s") % {"state": label, "names": names})
    raise NotOpen(_("这件现在是“%(state)s”，您这一岗没有要办的") % {"state": label})


def _check_two_persons(case: Case, step: Transition, by: Actor) -> None:
    if problem := _second_person_problem(case, step, by):
        raise NotAllowed(problem)


def _second_person_problem(case: Case, step: Transition, by: Actor) -> str | None:
    """Whoever accepts does not decide (审批分离), unless on the spot; whoever proposes a refusal does not confirm it."""
    if step.is_decision and case.accepted_by == by.person_id and case.item.get("kind") != INSTANT:
        return _("这件是您受理的，要由别人决定")
    if step.proposal and _proposer(case) == by.person_id:
        return _("这是您建议的，要由别的负责人确认")
    return None


def _proposer(case: Case) -> Any:
    proposals = case.events.filter(action="propose_refusal").order_by("-sequence")
    return proposals.values_list("actor", flat=True).first()


def _facts(case: Case, step: Transition, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the step asks for and nothing else that was sent. Raises DataNeeded."""
    if step.name == "hand_over":
        facts, errors = handover.clean(
            data, chosen=str(case.delivery.get("method", "")), windows=case.item.get("windows") or []
        )
        if errors:
            raise DataNeeded(errors)
        return facts
    return {name: str(data[name]).strip()[:200] for name in step.asks if data.get(name)}


def _note(case: Case, step: Transition, by: Actor, reason: str) -> None:
    """Keep on the case what later steps ask about: who accepted it, and a refusal that waits for the head."""
    if step.name in {"accept", "complete"}:
        case.accepted_by = by.person_id
    if step.logged_as == "propose_refusal":
        case.proposed_refusal = reason
    elif step.proposal:
        case.proposed_refusal = ""


def _faster(case: Case) -> SomebodyWasFaster:
    event: Event = case.events.latest("sequence")
    return SomebodyWasFaster(
        event.actor_name, str(transitions.TOLD.get(event.action, event.action)), event.at
    )
