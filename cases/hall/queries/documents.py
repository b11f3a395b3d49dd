"""What the papers of a case say: the facts that are frozen with the step that orders one."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accounts.masking import mask_id
from cases.hall import clock, pdf, validity
from cases.hall.enums import Clock
from cases.hall.models import Case, Event, Result
from cases.hall.paperwork import Paper
from cases.hall.pdf import Kind
from cases.hall.queries import calendar, ledger, notices, place
from cases.hall.transitions import DEPARTMENT
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
    "hand_out": "receipt",
    "open_locker": "receipt",
    "acknowledge": "receipt",
    "arrive_online": "receipt",
    "reissue": "grant",
    "correct": "grant",
    "revoke": "revoke",
    "charge": "charge",
    "paid": "paid",
}


def title(event: Event) -> str:
    """Return what the document of an event is called, empty when it has none."""
    if paper := event.data.get("paper"):
        return str(paper["title"]).removesuffix(".pdf")
    kind = kind_of(event)
    return pdf.title(kind, str(event.case.item.get("result_name") or "")) if kind else ""


def kind_of(event: Event) -> str:
    """Return which document an event has, empty for none: a licence is decided in writing, other items give their result."""
    # what a department's system decides has that department's paper; the hall makes none of it
    is_ours = event.document_no and event.actor_post != DEPARTMENT
    kind = OF_ACTION.get(event.action, "") if is_ours else ""
    item = event.case.item
    gives_result = kind == Kind.GRANT and item.get("type") != ItemType.LICENSING and item.get("result_name")
    return Kind.CERTIFICATE if gives_result else kind


def facts(case: Case, event: Event, result: Result | None, code: str) -> dict[str, Any]:
    """Return what is frozen of a paper whose verification code this is, ID numbers masked: a paper is shown around.

    `result` is what the event gave, None for a notice.
    """
    said = result.facts if result is not None else notice_facts(case, event)
    return {
        **said,
        "document_no": event.document_no,
        "verify_url": f"{place.portal_origin()}/verify/{code}/",
        "is_demo": city_queries.city().is_demo,
    }


def common_facts(case: Case, event: Event) -> dict[str, Any]:
    """Return what every paper says: whose it is, about what, by whom, on which ground, of which day."""
    hall = place.here()
    return {
        "hall": hall.name,
        "department": f"{hall.department_prefix}{case.department}",
        "number": case.number,
        "item_name": case.item_name,
        "holder": case.company_name or str(case.applicant.get("name", "")),
        "holder_id": case.company_uscc or mask_id(str(case.applicant.get("id_number", ""))),
        "legal_basis": [
            f"《{row.get('law', '')}》{row.get('article', '')}" for row in case.item.get("legal_basis") or []
        ],
        "issued_on": timezone.localdate(event.at).isoformat(),
    }


def granted_facts(case: Case, event: Event) -> dict[str, Any]:
    """Return the facts of what a case was granted, with the last day where the item says for how long."""
    said = common_facts(case, event)
    words = str(case.item.get("result_validity") or "")
    until = validity.last_day(words, timezone.localdate(event.at))
    return {
        **said,
        "item_code": case.item_code,
        "result_name": case.item.get("result_name") or "",
        "validity": words,
        "valid_until": until.isoformat() if until else "",
    }


def notice_facts(case: Case, event: Event) -> Mapping[str, Any]:
    """Return the facts of a notice: of the case as it was filed, and of the step."""
    standing = ledger.dues(
        [row for row in ledger.entries(case) if row.position <= event.sequence], calendar.current()
    )
    return {
        **common_facts(case, event),
        "reason": event.reason,
        "competent_body": event.data.get("competent", ""),
        "promised_due": _iso(standing.get(Clock.PROMISED)),
        "statutory_due": _iso(standing.get(Clock.STATUTORY)),
        **notices.facts(case, event, standing),
    }


def _iso(due: clock.Due | None) -> str:
    return due.date.isoformat() if due and due.date else ""


def papers(case: Case) -> dict[Any, Paper]:
    """Return the papers of a case by their event, without what they say. One query."""
    found = Paper.objects.filter(event__case=case).defer("facts").order_by("ordered_at", "document_no")
    return {paper.event_id: paper for paper in found}
