"""Documents as PDF: typst lays them out, with the one font that the wheel brings (no font of the system).

Values travel as JSON in `sys.inputs`, never inside the source, so no text can become a command of the template.
The documents are Chinese by law and are not translated.
"""

import json
import logging
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import segno
import typst

_log = logging.getLogger(__name__)

_TEMPLATES = Path(__file__).parent / "templates_typst"
_FONTS = Path(str(resources.files("manimgx_fonts_cjk")))
# ISO 19005-2: what an electronic archive keeps, with the structure that a screen reader needs
_ARCHIVE: Literal["a-2a"] = "a-2a"


class Kind(StrEnum):
    """What a document is; the value names its template and, but for the certificate, the step that issues it."""

    GRANT = "grant"
    REFUSE = "refuse"
    ACCEPT = "accept"
    NOT_ACCEPT = "not_accept"
    CERTIFICATE = "certificate"


_TITLES = {
    Kind.GRANT: "准予决定书",
    Kind.REFUSE: "不予决定书",
    Kind.ACCEPT: "受理通知书",
    Kind.NOT_ACCEPT: "不予受理决定书",
    Kind.CERTIFICATE: "证书",
}


def render(kind: str, facts: Mapping[str, Any]) -> bytes:
    """Return the document as PDF/A, the same bytes for the same facts.

    `facts`: hall, department, number, document_no, item_name, holder, holder_id (masked or not, as the bearer may
    see it), legal_basis (texts), issued_on (ISO), and where they apply result_name, validity, reason,
    competent_body, promised_due and statutory_due (ISO), title, verify_url, is_demo. Raises ValueError for another
    kind or a date that is none.
    """
    kind = Kind(kind)
    issued_on = date.fromisoformat(facts["issued_on"])
    values = {
        **{name: _clean(value) for name, value in facts.items()},
        "issued_on": issued_on.isoformat(),
        "issued_on_text": _day_text(issued_on),
        "promised_due_text": _optional_day_text(facts.get("promised_due")),
        "statutory_due_text": _optional_day_text(facts.get("statutory_due")),
    }
    values["title"] = values.get("title") or _title(kind, values)
    inputs = {"facts": json.dumps(values, ensure_ascii=False), "qr": _qr(str(values.get("verify_url", "")))}
    moment = datetime(issued_on.year, issued_on.month, issued_on.day, tzinfo=UTC)
    try:
        return _compile(kind, inputs, moment, _ARCHIVE)
    except typst.TypstError:
        # the archive's format forbids a character without a shape; a rare name must not cost anybody the paper
        _log.warning(
            "document %s is no archive file: a character in it has no shape", values.get("document_no")
        )
        return _compile(kind, inputs, moment, None)


def _compile(kind: Kind, inputs: dict[str, str], moment: datetime, standard: Literal["a-2a"] | None) -> bytes:
    return typst.compile(
        _TEMPLATES / f"{kind}.typ",
        root=_TEMPLATES,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=standard,
        timestamp=int(moment.timestamp()),
    )


def _title(kind: Kind, values: Mapping[str, Any]) -> str:
    name = str(values.get("result_name") or "")
    return name if kind == Kind.CERTIFICATE and name else _TITLES[kind]


def _clean(value: Any) -> Any:
    """Return the value with its texts on one line and without characters that have no shape."""
    if isinstance(value, str):
        spaced = "".join(" " if letter.isspace() else letter for letter in value)
        return "".join(letter for letter in spaced if unicodedata.category(letter)[0] != "C")
    if isinstance(value, list | tuple):
        return [_clean(entry) for entry in value]
    return "" if value is None else value


def _day_text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _optional_day_text(text: str | None) -> str:
    return _day_text(date.fromisoformat(text)) if text else ""


def _qr(url: str) -> str:
    """Return the QR code of the address as SVG; nothing when there is none."""
    if not url:
        return ""
    target = BytesIO()
    segno.make(url, error="m").save(target, kind="svg", border=1, scale=4)
    return target.getvalue().decode()
