"""What a decision gives: its facts, kept for ever under a code by which anybody verifies the paper (services.papers).

Afterwards 补发, 更正 and 撤销: a new paper of the same decision, and the old one's verification says what became of it.
"""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cases.hall import numbers, validity
from cases.hall.models import Case, Event, Result
from cases.hall.queries import documents
from cases.hall.services import marks
from cases.hall.transitions import Fact
from cases.shared.models import PaperState, Verification

GRANT = "grant"


def issue(case: Case, event: Event, now: datetime) -> None:
    """Issue the result of a granted case under the number of its decision."""
    _write(case, event, GRANT, documents.granted_facts(case, event), now)
    marks.put(case, Fact.ISSUED)


def _write(case: Case, event: Event, kind: str, facts: dict[str, Any], now: datetime) -> None:
    Result.objects.create(
        case=case,
        kind=kind,
        document_no=event.document_no,
        verification_code=numbers.verification_code(),
        issued_at=now,
        facts=facts,
    )


def latest(case: Case) -> Result | None:
    """Return the paper that holds now, or the last that did. Two queries."""
    papers = list(Result.objects.filter(case=case).order_by("-issued_at", "-document_no"))
    codes = [paper.verification_code for paper in papers]
    valid = set(
        Verification.objects.filter(code__in=codes, state=PaperState.VALID).values_list("code", flat=True)
    )
    return next(
        (paper for paper in papers if paper.verification_code in valid), papers[0] if papers else None
    )


def reissue(case: Case, event: Event, now: datetime) -> None:
    """Give the same decision on a new paper with a number and a code of its own; the old one was replaced."""
    _follow(case, event, {}, now)


def correct(case: Case, event: Event, now: datetime) -> None:
    """Give a new paper with one fact put right; the old one was replaced. Another term counts from the first day all the same."""
    field, value = str(event.data["field"]), str(event.data["value"])
    _follow(case, event, {field: value, **({"valid_until": None} if field == "validity" else {})}, now)


def _follow(case: Case, event: Event, changed: dict[str, Any], now: datetime) -> None:
    old = latest(case)
    if old is None:
        return
    _mark(old, PaperState.REPLACED, event)
    today = timezone.localdate(now).isoformat()
    facts = {**old.facts, **changed, "replaces": old.document_no, "reissued_on": today}
    if facts.get("valid_until") is None:
        until = validity.last_day(str(facts["validity"]), date.fromisoformat(facts["issued_on"]))
        facts["valid_until"] = until.isoformat() if until else ""
    _write(case, event, event.action, facts, now)


def revoke(case: Case, event: Event, now: datetime) -> None:
    """Take back what was granted (行政许可法 69): whoever verifies the paper is told."""
    old = latest(case)
    if old is not None:
        _mark(old, PaperState.REVOKED, event)
    marks.put(case, Fact.ISSUED, is_true=False)


def _mark(result: Result, state: PaperState, event: Event) -> None:
    Verification.objects.filter(code=result.verification_code).update(
        state=state, replaced_by=event.document_no
    )
