"""Documents as PDF, laid out by theming.papers. They are Chinese by law and are not translated."""

import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from theming import papers

_log = logging.getLogger(__name__)

_TEMPLATES = Path(__file__).parent / "templates_typst"


class Kind(StrEnum):
    """What a document is; the value names its template and, but for the certificate, the step that issues it."""

    GRANT = "grant"
    REFUSE = "refuse"
    ACCEPT = "accept"
    NOT_ACCEPT = "not_accept"
    CERTIFICATE = "certificate"
    CORRECTION = "correction"
    SPECIAL = "special"
    EXTEND = "extend"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    RECEIPT = "receipt"
    REVOKE = "revoke"


# papers that say their paragraphs and rows themselves
_PLAIN = frozenset(
    {Kind.CORRECTION, Kind.SPECIAL, Kind.EXTEND, Kind.WITHDRAW, Kind.TERMINATE, Kind.RECEIPT, Kind.REVOKE}
)
_TITLES = {
    Kind.GRANT: "准予决定书",
    Kind.REFUSE: "不予决定书",
    Kind.ACCEPT: "受理通知书",
    Kind.NOT_ACCEPT: "不予受理决定书",
    Kind.CERTIFICATE: "证书",
    Kind.CORRECTION: "补正通知书",
    Kind.SPECIAL: "特别程序告知书",
    Kind.EXTEND: "延期告知书",
    Kind.WITHDRAW: "撤回申请回执",
    Kind.TERMINATE: "终止办理决定书",
    Kind.RECEIPT: "送达回证",
    Kind.REVOKE: "撤销决定书",
}


def render(kind: str, facts: Mapping[str, Any]) -> bytes:
    """Return the document as PDF/A, the same bytes for the same facts.

    `facts`: hall, department, number, document_no, item_name, holder, holder_id (masked or not, as the bearer may
    see it), legal_basis (texts), issued_on (ISO), and where they apply result_name, validity, reason,
    competent_body, promised_due and statutory_due (ISO), title, verify_url, is_demo; of plain notices paragraphs, points
    and rows (pairs), has_remedies. Raises ValueError for another
    kind or a date that is none.
    """
    kind = Kind(kind)
    issued_on = date.fromisoformat(facts["issued_on"])
    values = {
        **papers.clean(facts),
        "issued_on": issued_on.isoformat(),
        "issued_on_text": papers.day_text(issued_on),
        "promised_due_text": _optional_day_text(facts.get("promised_due")),
        "statutory_due_text": _optional_day_text(facts.get("statutory_due")),
    }
    values["title"] = values.get("title") or _title(kind, values)
    made: dict[str, Any] = {
        "template": _TEMPLATES / f"{'notice' if kind in _PLAIN else kind}.typ",
        "facts": values,
        "seconds": int(datetime(issued_on.year, issued_on.month, issued_on.day, tzinfo=UTC).timestamp()),
        "url": str(values.get("verify_url", "")),
    }
    try:
        return papers.pdf(**made, standard=papers.ARCHIVE)
    except papers.CannotSet:
        # the archive's format forbids a character without a shape; a rare name must not cost anybody the paper
        _log.warning(
            "document %s is no archive file: a character in it has no shape", values.get("document_no")
        )
        return papers.pdf(**made)


def _title(kind: Kind, values: Mapping[str, Any]) -> str:
    name = str(values.get("result_name") or "")
    return name if kind == Kind.CERTIFICATE and name else _TITLES[kind]


def _optional_day_text(text: str | None) -> str:
    return papers.day_text(date.fromisoformat(text)) if text else ""
