"""The papers of a case as PDF, made on demand from stored facts: the same facts give the same bytes."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.masking import mask_id
from cases.hall import clock, pdf
from cases.hall.enums import Clock
from cases.hall.models import Case, Event, Result
from cases.hall.queries import calendar, ledger, notices, place
from catalog.shared.enums import ItemType
from tenants.shared import queries as city_queries

# what the event log calls the step, and the document that it issues
OF_ACTION = {
    "accept": "accept",
    "not_accept": "not_accept",
    "request_correction": "correction",
    "order_correction": "correction",
    "special": "special",
    "extend": "extend",
    "grant": "grant",
    "refuse": "refuse",
    "withdraw": "withdraw",
    "terminate": "terminate",
    "deliver": "receipt",
    "reissue": "grant",
    "correct": "grant",
    "revoke": "revoke",
}

CERTIFICATE = "certificate"
TITLES = {
    "accept": _("受理通知书"),
    "not_accept": _("不予受理决定书"),
    "grant": _("准予决定书"),
    "refuse": _("不予决定书"),
    "correction": _("补正通知书"),
    "special": _("特别程序告知书"),
    "extend": _("延期告知书"),
    "withdraw": _("撤回申请回执"),
    "terminate": _("终止办理决定书"),
    "receipt": _("送达回证"),
    "revoke": _("撤销决定书"),
}


def title(event: Event) -> str:
    """Return what the document of an event is called, empty when it has none."""
    kind = _kind(event)
    return str(event.case.item["result_name"]) if kind == CERTIFICATE else str(TITLES.get(kind, ""))


def _kind(event: Event) -> str:
    """Return which document an event has, empty for none: a licence is decided in writing, other items give their result."""
    kind = OF_ACTION.get(event.action, "") if event.document_no else ""
    item = event.case.item
    gives_result = kind == "grant" and item.get("type") != ItemType.LICENSING and item.get("result_name")
    return CERTIFICATE if gives_result else kind


def render(case: Case, event: Event, *, portal_url: str) -> bytes:
    """Return the event's document as PDF. `portal_url` (no trailing slash) leads the QR code. Raises LookupError.

    ID numbers stay masked: a paper is shown around.
    """
    kind = _kind(event)
    if not kind:
        raise LookupError("this step has no document")
    common = {"is_demo": city_queries.city().is_demo}
    result = Result.objects.filter(document_no=event.document_no).first()
    if result is not None:
        return pdf.render(kind, {**result_facts(result, portal_url), **common})
    return pdf.render(kind, {**notice_facts(case, event), **common})


def result_facts(result: Result, portal_url: str) -> dict[str, Any]:
    """Return the facts of a result's paper: what was frozen when it was issued, and where it is verified."""
    return {
        **result.facts,
        "document_no": result.document_no,
        "verify_url": f"{portal_url}/verify/{result.verification_code}/",
    }


def notice_facts(case: Case, event: Event) -> Mapping[str, Any]:
    """Return the facts of a notice: of the case as it was filed, and of the step."""
    hall = place.here()
    standing = ledger.dues(
        [row for row in ledger.entries(case) if row.position <= event.sequence], calendar.current()
    )
    return {
        "hall": hall.name,
        "department": f"{hall.department_prefix}{case.department}",
        "number": case.number,
        "document_no": event.document_no,
        "item_name": case.item_name,
        "holder": case.company_name or str(case.applicant.get("name", "")),
        "holder_id": case.company_uscc or mask_id(str(case.applicant.get("id_number", ""))),
        "legal_basis": [
            f"《{row.get('law', '')}》{row.get('article', '')}" for row in case.item.get("legal_basis") or []
        ],
        "issued_on": timezone.localdate(event.at).isoformat(),
        "reason": event.reason,
        "competent_body": event.data.get("competent", ""),
        "promised_due": _iso(standing.get(Clock.PROMISED)),
        "statutory_due": _iso(standing.get(Clock.STATUTORY)),
        **notices.facts(case, event, standing),
    }


def _iso(due: clock.Due | None) -> str:
    return due.date.isoformat() if due and due.date else ""
