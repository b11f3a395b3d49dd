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
CannotSet = papers.CannotSet
DATES = ("promised_due", "statutory_due", "valid_until", "reissued_on")


class Kind(StrEnum):
    """What a document is; the value names its template and, but for the certificate, the step that issues it."""

    ACCEPT = "accept"
    NOT_ACCEPT = "not_accept"
    CORRECTION = "correction"
    SPECIAL = "special"
    EXTEND = "extend"
    GRANT = "grant"
    CERTIFICATE = "certificate"
    REFUSE = "refuse"
    RECEIPT = "receipt"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    REVOKE = "revoke"
    CHARGE = "charge"
    PAID = "paid"


# papers that say their paragraphs and rows themselves
_PLAIN = frozenset(
    {
        Kind.CORRECTION,
        Kind.SPECIAL,
        Kind.EXTEND,
        Kind.WITHDRAW,
        Kind.TERMINATE,
        Kind.RECEIPT,
        Kind.REVOKE,
        Kind.CHARGE,
        Kind.PAID,
    }
)
TITLES = {
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
    Kind.CHARGE: "缴款通知书",
    Kind.PAID: "缴款收据",
}


def render(kind: str, facts: Mapping[str, Any]) -> bytes:
    """Return the document as PDF/A, the same bytes for the same facts.

    `facts`: hall, department, number, document_no, item_name, holder, holder_id (masked or not, as the bearer may
    see it), legal_basis (texts), issued_on (ISO), and where they apply result_name, validity, reason, competent_body,
    promised_due, statutory_due, valid_until and reissued_on (ISO), replaces (a number), title, verify_url, is_demo, `own` (cases.hall.layouts.own), `mark` (a
    word behind the text); of plain notices paragraphs, points and rows (pairs), has_remedies. A character that the font has
    no shape for is drawn as a box with its code point. Raises ValueError for another kind or a date that is none, CannotSet.
    """
    kind = Kind(kind)
    issued_on = date.fromisoformat(facts["issued_on"])
    values = {
        **papers.clean(facts),
        "issued_on": issued_on.isoformat(),
        "issued_on_text": papers.day_text(issued_on),
        **{f"{name}_text": _optional_day_text(facts.get(name)) for name in DATES},
    }
    own = values.get("own") or {}
    values["title"] = own.get("title") or values.get("title") or title(kind, str(values.get("result_name")))
    made: dict[str, Any] = {
        "template": _TEMPLATES / f"{'notice' if kind in _PLAIN else kind}.typ",
        "facts": values,
        "seconds": int(datetime(issued_on.year, issued_on.month, issued_on.day, tzinfo=UTC).timestamp()),
        "url": str(values.get("verify_url", "")),
    }
    try:
        return papers.pdf(**made, standard=papers.ARCHIVE)
    except papers.CannotSet:
        # the archive's format forbids some things that print well; they must not cost anybody the paper
        paper = papers.pdf(**made)
        _log.warning("document %s is no archive file", values.get("document_no"))
        return paper


def title(kind: str, result_name: str = "") -> str:
    """Return what a document is called: a certificate as its result, else the kind's name."""
    return result_name if kind == Kind.CERTIFICATE and result_name else TITLES[Kind(kind)]


def in_words(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts with their dates as papers write them, for the variables of a hall's own wording."""
    days = {name: _optional_day_text(facts.get(name)) for name in (*DATES, "issued_on")}
    return {**facts, **days}


def _optional_day_text(text: str | None) -> str:
    return papers.day_text(date.fromisoformat(text)) if text else ""
