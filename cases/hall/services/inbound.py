"""What departments' systems tell the hall: steps of mirrored cases, each taken once and in its order.

Steps of a case are numbered by its system, 1, 2, 3. One that comes too early waits for those before it; one that was
overtaken is recorded and turns nothing back. So the order of arrival never changes where a case ends.
"""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit import services as audit
from cases.hall import files, transitions
from cases.hall.enums import State
from cases.hall.models import Case, DepartmentPaper, Event, Inbound, System
from cases.hall.queries import facts, place
from cases.hall.services import transition
from cases.hall.services.refusals import DataNeeded, NotAllowed, NotOpen, ReasonNeeded
from cases.hall.states import ENDED
from cases.hall.transitions import DEPARTMENT, OF_DEPARTMENTS, Fact, Transition

# a step that waits longer is shown to staff
WAIT_LIMIT = timedelta(hours=24)
MAX_PAPER = 1024 * 1024
# how far a state is on the way: a step that leads no further than where the case is was overtaken
_FAR = {
    State.ACCEPTED: 1,
    State.DEEMED_ACCEPTED: 1,
    State.REVIEW: 2,
    State.SPECIAL: 2,
    State.EXTENDED: 2,
    State.GRANTED: 3,
    State.REFUSED: 3,
    State.DELIVERING: 4,
}
# facts that time or people change: a step that they hinder waits
_PASSING = frozenset({Fact.LAPSED, Fact.OWES_PAPERS, Fact.TRANSFER_OFFERED, Fact.TRANSFER_AGREED})


class UnknownCase(Exception):
    """This system has no case of that number here."""


class TakenBack(Exception):
    """The hall decides on this case itself by now."""


class OtherBody(Exception):
    """The id was used for another message."""


class NotTaken(Exception):
    """The step is not taken: `fields` says what is wrong, and the system may send it again put right."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(_("这一步没有登记"))
        self.fields = fields


@dataclass(frozen=True)
class Told:
    """One step that a system tells. `occurred_on` is its legal day."""

    case: str
    step: str
    sequence: int
    occurred_on: date
    reason: str = ""
    document_no: str = ""
    document: dict[str, str] | None = None
    data: dict[str, Any] = field(default_factory=dict)


def known(system: System, message_id: str, digest: str) -> dict[str, Any] | None:
    """Return what was answered to this id before, None when it is new. Raises OtherBody."""
    row = Inbound.objects.filter(system=system, message_id=message_id).first()
    if row is None:
        return None
    if row.digest != digest:
        raise OtherBody
    answer: dict[str, Any] = row.answer
    return answer


def take(system: System, told: Told, *, message_id: str, digest: str, now: datetime) -> dict[str, Any]:
    """Take, keep or record one step and return the answer, the same for the same id.

    Raises UnknownCase, TakenBack, OtherBody, NotTaken; then nothing is written.
    """
    case = Case.objects.filed().filter(number=told.case, system=system.key).first()
    if case is None:
        raise UnknownCase
    case = Case.objects.lock(case.pk)
    # the same message may have come twice at once: the second finds what the first wrote
    if (answered := known(system, message_id, digest)) is not None:
        return answered
    if Fact.MIRRORED not in case.marks:
        raise TakenBack
    _check(case, told, now)
    row = Inbound(
        system=system,
        message_id=message_id,
        digest=digest,
        case=case,
        sequence=told.sequence,
        step=told.step,
        occurred_on=told.occurred_on,
        said={"reason": told.reason, "document_no": told.document_no, "data": told.data, **_paper(told, now)},
        state=Inbound.WAITING,
        received_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # the same id for two cases at once
        raise OtherBody from None
    _place(case, row, now)
    row.refresh_from_db(fields=["state", "problem"])
    case.refresh_from_db(fields=["state", "system_sequence"])
    answer: dict[str, Any] = {
        "status": row.state,
        "case": case.number,
        "state": case.state,
        "sequence": row.sequence,
        "next_sequence": case.system_sequence + 1,
        "detail": row.problem,
    }
    row.answer = answer
    row.save(update_fields=["answer"])
    return answer


def _check(case: Case, told: Told, now: datetime) -> None:
    errors = {}
    if told.step not in OF_DEPARTMENTS:
        names = "、".join(sorted(OF_DEPARTMENTS))
        errors["step"] = _("没有这一步，可以是：%(names)s") % {"names": names}
    if told.occurred_on > timezone.localdate(now):
        errors["occurred_on"] = _("不能是还没到的日子")
    elif case.received_at and told.occurred_on < timezone.localdate(case.received_at):
        errors["occurred_on"] = _("不能早于收到申请那天")
    if errors:
        raise NotTaken(errors)


def _paper(told: Told, now: datetime) -> dict[str, Any]:
    """Look at the PDF that came with a step, as at any hostile file, and keep it. Raises NotTaken."""
    if not told.document:
        return {}
    try:
        content = base64.b64decode(told.document.get("content", ""), validate=True)
        stream = BytesIO(content)
        seen = files.inspect(
            stream, told.document.get("name") or _("文书.pdf"), MAX_PAPER, keeps_as_it_is=True
        )
    except binascii.Error:
        raise NotTaken({"document": _("content 要写成 base64")}) from None
    except files.FileRefused as refusal:
        raise NotTaken({"document": str(refusal)}) from None
    if seen.kind != "pdf":
        raise NotTaken({"document": _("只收 PDF")})
    path = files.store(stream, f"{place.here().role}/{timezone.localdate(now):%Y}")
    return {"paper": {"name": seen.name, "path": path, "size": seen.size, "sha256": seen.sha256}}


def _place(case: Case, row: Inbound, now: datetime) -> None:
    """Take a new row if it is its turn, with all that waited for it."""
    same = Inbound.objects.filter(case=case, sequence=row.sequence).exclude(pk=row.pk)
    if row.sequence <= case.system_sequence or same.exists():
        _settle(row, Inbound.RECORDED, now, _("这个序号已经登记过，没有再改状态"))
        return
    if row.sequence > case.system_sequence + 1:
        _wait(row, _("等第 %(n)d 步") % {"n": case.system_sequence + 1})
        return
    _take_next(case, row, now)
    drain(case, now)


def drain(case: Case, now: datetime) -> int:
    """Take the steps of a locked case that wait and whose turn has come; return how many were settled."""
    settled = 0
    while True:
        following = Inbound.objects.filter(
            case=case, state=Inbound.WAITING, sequence=case.system_sequence + 1
        ).first()
        if following is None or Fact.MIRRORED not in case.marks:
            return settled
        try:
            with transaction.atomic():
                _take_next(case, following, now)
        except NotTaken as problem:
            case.refresh_from_db()
            _wait(following, "；".join(problem.fields.values()))
        if following.state == Inbound.WAITING:
            return settled
        settled += 1


def _take_next(case: Case, row: Inbound, now: datetime) -> None:
    """Take the step whose turn it is, record it as overtaken, or let it wait. Raises NotTaken."""
    # whether its time had run out is a question to the day on which the department took it
    known_facts = facts.of(case, row.occurred_on)
    rows = [step for step in transitions.named(row.step) if DEPARTMENT in step.who]
    opened = [step for step in rows if step.is_open(case.state, {DEPARTMENT}, known_facts)]
    if opened:
        _take(case, row, now)
        return
    here = [step for step in rows if case.state in step.frm]
    if here:
        _hindered(row, here, known_facts)
    elif _is_overtaken(case, rows):
        label = State(case.state).label
        _advance(case, row)
        _settle(row, Inbound.RECORDED, now, _("这件已经是“%(state)s”，没有再改状态") % {"state": label})
    else:
        _wait(row, _("这件现在是“%(state)s”，要先走前面的步骤") % {"state": State(case.state).label})


def _hindered(row: Inbound, here: list[Transition], known_facts: frozenset[str]) -> None:
    """Let a step wait that a passing fact keeps closed. Raises NotTaken for one that this item never has."""
    reasons = [reason for step in here for reason in transitions.hindrances(step, known_facts)]
    passing = _PASSING & known_facts
    if not any(step.unless & passing for step in here):
        raise NotTaken({"step": reasons[0] if reasons else _("这个事项没有这一步")})
    _wait(row, reasons[0])


def _is_overtaken(case: Case, rows: list[Transition]) -> bool:
    if case.state in ENDED:
        return True
    reached = _FAR.get(State(case.state), 0)
    return all(
        step.to is not None and _FAR.get(step.to, 9 if step.to in ENDED else 0) <= reached for step in rows
    )


def _take(case: Case, row: Inbound, now: datetime) -> None:
    said = row.said
    last = case.ledger.order_by("-day").values_list("day", flat=True).first()
    if last is not None and row.occurred_on < last:
        raise NotTaken({"occurred_on": _("不能早于上一步那天（%(day)s）") % {"day": last.isoformat()}})
    by = Actor(display_name=row.system.name, posts=frozenset({DEPARTMENT}))
    case.system_sequence = row.sequence
    paper = said.get("paper")
    try:
        event = transition.apply_department(
            case,
            row.step,
            by=by,
            now=now,
            day=row.occurred_on,
            reason=said["reason"],
            document_no=said["document_no"],
            data=said["data"],
            kept={"paper": {"title": paper["name"], "size": paper["size"]}} if paper else {},
        )
    except DataNeeded as problem:
        raise NotTaken({f"data.{name}": text for name, text in problem.fields.items()}) from None
    except ReasonNeeded as problem:
        raise NotTaken({"reason": str(problem)}) from None
    except (NotOpen, NotAllowed) as problem:
        raise NotTaken({"step": str(problem)}) from None
    if paper:
        DepartmentPaper.objects.create(event=event, **paper)
    _settle(row, Inbound.APPLIED, now, "", event)


def _advance(case: Case, row: Inbound) -> None:
    case.system_sequence = row.sequence
    case.save(update_fields=["system_sequence"])


def _wait(row: Inbound, why: str) -> None:
    row.state, row.problem = Inbound.WAITING, why[:300]
    row.save(update_fields=["state", "problem"])


def _settle(row: Inbound, state: str, now: datetime, problem: str, event: Event | None = None) -> None:
    row.state, row.problem, row.settled_at, row.event = state, problem[:300], now, event
    row.save(update_fields=["state", "problem", "settled_at", "event"])


def skip(row: Inbound, *, by: Actor, now: datetime) -> None:
    """Go on without what this step waits for: the missing numbers before it count as settled, late ones are recorded.

    A step that waits although it is its turn is given up itself. Raises UnknownCase when it waits no more.
    """
    case = Case.objects.lock(row.case_id)
    row = Inbound.objects.get(pk=row.pk)
    if row.state != Inbound.WAITING:
        raise UnknownCase
    if row.sequence == case.system_sequence + 1:
        _advance(case, row)
        _settle(row, Inbound.SKIPPED, now, row.problem)
    else:
        case.system_sequence = row.sequence - 1
        case.save(update_fields=["system_sequence"])
        passed = Inbound.objects.filter(case=case, state=Inbound.WAITING, sequence__lt=row.sequence)
        passed.update(state=Inbound.SKIPPED, settled_at=now)
    audit.record(
        "system.skip",
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=case.number or "",
        detail={"sequence": row.sequence, "step": row.step},
    )
    drain(case, now)
