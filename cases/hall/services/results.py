"""What a decision gives: the document's facts, kept for ever, and the public row by which anybody verifies it.

Afterwards 补发, 更正 and 撤销: a new paper of the same decision, and the old one's verification says what became of it.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.masking import mask_id, mask_name
from cases.hall import numbers
from cases.hall.models import Case, Event, Result
from cases.hall.queries import place
from cases.hall.services import marks
from cases.hall.transitions import Fact
from cases.shared.models import Verification

GRANT = "grant"
VALID, REPLACED, REVOKED = "valid", "replaced", "revoked"


def issue(case: Case, event: Event, now: datetime) -> None:
    """Issue the result of a granted case under the number of its decision."""
    hall = place.here()
    applicant = case.applicant
    facts = {
        "hall": hall.name,
        "department": f"{hall.department_prefix}{case.department}",
        "number": case.number,
        "item_code": case.item_code,
        "item_name": case.item_name,
        "result_name": case.item.get("result_name") or "",
        "validity": case.item.get("result_validity") or "",
        "legal_basis": [
            f"《{row.get('law', '')}》{row.get('article', '')}" for row in case.item.get("legal_basis") or []
        ],
        "holder": case.company_name or str(applicant.get("name", "")),
        "holder_id": case.company_uscc or mask_id(str(applicant.get("id_number", ""))),
        "issued_on": timezone.localdate(now).isoformat(),
    }
    _write(case, event, GRANT, facts, now)
    marks.put(case, Fact.ISSUED)


def _write(case: Case, event: Event, kind: str, facts: dict[str, Any], now: datetime) -> Result:
    result = Result.objects.create(
        case=case,
        kind=kind,
        document_no=event.document_no,
        verification_code=numbers.verification_code(),
        issued_at=now,
        facts=facts,
    )
    Verification.objects.create(
        hall_id=place.here().role,
        code=result.verification_code,
        document_no=result.document_no,
        item_name=case.item_name,
        # a company's name is public, a person's is not
        holder_masked=case.company_name[:60] or mask_name(str(facts["holder"])),
        issued_on=timezone.localdate(now),
    )
    return result


def latest(case: Case) -> Result | None:
    """Return the paper that holds now, or the last that did. Two queries."""
    papers = list(Result.objects.filter(case=case).order_by("-issued_at", "-document_no"))
    codes = [paper.verification_code for paper in papers]
    valid = set(Verification.objects.filter(code__in=codes, state=VALID).values_list("code", flat=True))
    return next(
        (paper for paper in papers if paper.verification_code in valid), papers[0] if papers else None
    )


def reissue(case: Case, event: Event, now: datetime) -> None:
    """Give the same decision on a new paper with a number and a code of its own; the old one was replaced."""
    _follow(case, event, {}, now)


def correct(case: Case, event: Event, now: datetime) -> None:
    """Give a new paper with one fact put right; the old one was replaced."""
    _follow(case, event, {str(event.data["field"]): event.data["value"]}, now)


def _follow(case: Case, event: Event, changed: dict[str, Any], now: datetime) -> None:
    old = latest(case)
    if old is None:
        return
    _mark(old, REPLACED)
    today = timezone.localdate(now).isoformat()
    facts = {**old.facts, **changed, "replaces": old.document_no, "reissued_on": today}
    _write(case, event, event.action, facts, now)


def revoke(case: Case, event: Event, now: datetime) -> None:
    """Take back what was granted (行政许可法 69): whoever verifies the paper is told."""
    old = latest(case)
    if old is not None:
        _mark(old, REVOKED)
    marks.put(case, Fact.ISSUED, is_true=False)


def _mark(result: Result, state: str) -> None:
    Verification.objects.filter(code=result.verification_code).update(state=state)
