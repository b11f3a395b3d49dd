"""What a decision gives: the document's facts, kept for ever, and the public row by which anybody verifies it."""

from datetime import datetime

from django.utils import timezone

from accounts.masking import mask_id, mask_name
from cases.hall import numbers
from cases.hall.models import Case, Event, Result
from cases.hall.queries import place
from cases.shared.models import Verification

GRANT = "grant"


def grant(case: Case, event: Event, *, now: datetime) -> Result:
    """Issue the result of a granted case under the number of its decision."""
    hall = place.here()
    issued_on = timezone.localdate(now)
    applicant = case.applicant
    name = case.company_name or str(applicant.get("name", ""))
    result = Result.objects.create(
        case=case,
        kind=GRANT,
        document_no=event.document_no,
        verification_code=numbers.verification_code(),
        issued_at=now,
        facts={
            "hall": hall.name,
            "department": f"{hall.department_prefix}{case.department}",
            "number": case.number,
            "item_code": case.item_code,
            "item_name": case.item_name,
            "result_name": case.item.get("result_name") or "",
            "validity": case.item.get("result_validity") or "",
            "legal_basis": [
                f"《{row.get('law', '')}》{row.get('article', '')}"
                for row in case.item.get("legal_basis") or []
            ],
            "holder": name,
            "holder_id": case.company_uscc or mask_id(str(applicant.get("id_number", ""))),
            "issued_on": issued_on.isoformat(),
        },
    )
    Verification.objects.create(
        hall_id=hall.role,
        code=result.verification_code,
        document_no=result.document_no,
        item_name=case.item_name,
        # a company's name is public, a person's is not
        holder_masked=case.company_name[:60] or mask_name(name),
        issued_on=issued_on,
    )
    return result
