"""A case's answers, files and delivery as people read them. Reads rows that a query has brought; decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.masking import mask_id, mask_phone
from accounts.queries import Applicant
from cases.hall import answers
from cases.hall.answers import is_needed
from cases.hall.forms.apply import METHODS
from cases.hall.forms.questions import Definition, by_section
from cases.hall.models import Case, CaseFile
from catalog.shared import questions
from tenants.shared import divisions


@dataclass(frozen=True)
class Row:
    """One line of a summary list. `is_id`: a whole ID number, shown in its parts."""

    label: str
    value: str
    is_id: bool = False
    url: str = ""


@dataclass(frozen=True)
class Section:
    """A titled list of lines."""

    title: str
    rows: list[Row]


@dataclass
class Block:
    """One material: what is wanted, and the files that are there."""

    key: str
    name: str
    why: str
    when: str
    acceptance: str
    is_needed: bool
    files: list[CaseFile] = field(default_factory=list)
    form: Any = None
    add_url: str = ""
    # where a file may be sent in parts, and what its owner keeps that fits
    parts_url: str = ""
    offers: list[Any] = field(default_factory=list)
    # the last one without a file: what is sent for it leads to the next page
    leads_on: bool = False

    @property
    def file(self) -> CaseFile | None:
        """The file that is there, the latest of several."""
        return self.files[-1] if self.files else None


def sections(case: Case, *, is_masked: bool, urls: Mapping[str, str] | None = None) -> list[Section]:
    """Return the answers by section; `urls` says where each is changed."""
    asked = [
        row for row, _known in questions.asked(questions.nested(case.item.get("form") or []), case.answers)
    ]
    found: list[Section] = []
    for title, rows in by_section(asked).items():
        plain = [row for row in rows if row["type"] != questions.GROUP]
        if plain:
            found.append(
                Section(
                    title, [_row(row, case.answers.get(row["name"]), is_masked, urls or {}) for row in plain]
                )
            )
        for row in rows:
            if row["type"] == questions.GROUP:
                found += _group(row, case, is_masked, urls or {})
    return found


def _group(group: Definition, case: Case, is_masked: bool, urls: Mapping[str, str]) -> list[Section]:
    """Return a section for each entry of a group; of none one that says so."""
    url, entries = urls.get(group["name"], ""), case.answers.get(group["name"]) or []
    if not entries:
        return [Section(group["label"], [Row(questions.entry_name(group), _("没有"), url=url)])]
    known = questions.pruned(case.item.get("form") or [], case.answers)
    return [
        Section(
            _("{group}：第 {n} 个").format(group=group["label"], n=number),
            [
                _row({**row, "name": group["name"]}, entry.get(row["name"]), is_masked, urls)
                for row, _known in questions.asked(group["fields"], entry, said=known)
            ],
        )
        for number, entry in enumerate(entries, 1)
    ]


def _row(row: Definition, value: Any, is_masked: bool, urls: Mapping[str, str]) -> Row:
    kind = row["type"]
    text = _text(row, value)
    is_number = kind == "id_number" and text != answers.NO_NUMBER
    if text and is_masked and (is_number or kind == "phone"):
        text = {"id_number": mask_id, "phone": mask_phone}[kind](text)
    return Row(
        row["label"],
        text,
        is_id=bool(text) and is_number and not is_masked,
        url=urls.get(row["name"], ""),
    )


def _text(row: Definition, value: Any) -> str:
    if value is None or value == "":
        return ""
    match row["type"]:
        case "choice":
            labels = {str(choice["value"]): str(choice["label"]) for choice in row.get("choices") or []}
            return labels.get(str(value), str(value))
        case "division":
            town = divisions.town(str(value))
            return town.full_name if town else str(value)
        case "yes_no":
            return _("是") if value in (True, "yes") else _("不是")
        case "date":
            day = date.fromisoformat(str(value))
            return f"{day.year}年{day.month}月{day.day}日"
        case questions.GROUP:
            return "\n".join(_entry(row, number, entry) for number, entry in enumerate(value, 1))
    return str(value)


def _entry(group: Definition, number: int, entry: Mapping[str, Any]) -> str:
    """Return one entry in a line; who is told of it sees ID numbers and phones masked."""
    cells = [_row(row, entry.get(row["name"]), True, {}) for row in group["fields"]]
    said = "，".join(f"{cell.label} {cell.value}" for cell in cells if cell.value)
    return _("第 {n} 个：{said}").format(n=number, said=said)


def text_of(row: Definition | None, value: Any) -> str:
    """Return an answer as people read it; one that the form does not know any more as it is."""
    return _text(row, value) if row is not None else str(value or "")


def of_applicant(applicant: Applicant, case: Case, *, is_masked: bool) -> list[Row]:
    """Return who applies, from the account: what nobody has to type again."""
    number = applicant.masked_id_number if is_masked else applicant.id_number
    phone = applicant.masked_phone if is_masked else applicant.phone
    rows = [
        Row(_("姓名"), applicant.name),
        Row(_("身份证号"), number, is_id=not is_masked),
        Row(_("手机号"), phone),
    ]
    return [*_company(case), *rows]


def of_snapshot(case: Case, *, is_masked: bool) -> list[Row]:
    """Return who applied, as the case froze it at submission."""
    number, phone = str(case.applicant.get("id_number", "")), str(case.applicant.get("phone", ""))
    rows = [
        Row(_("姓名"), str(case.applicant.get("name", ""))),
        Row(_("身份证号"), mask_id(number) if is_masked else number, is_id=not is_masked),
        Row(_("手机号"), mask_phone(phone) if is_masked else phone),
    ]
    return [*_company(case), *rows, *_acting(case)]


def _acting(case: Case) -> list[Row]:
    """Return who acts for the applicant, as the case keeps it."""
    agent = str(case.applicant.get("agent", ""))
    relation = str(case.applicant.get("relation", ""))
    if not agent:
        return []
    return [Row(_("监护人"), f"{agent}（{relation}）") if relation else Row(_("代办人"), agent)]


def _company(case: Case) -> list[Row]:
    if not case.company_uscc:
        return []
    return [Row(_("单位名称"), case.company_name), Row(_("统一社会信用代码"), case.company_uscc)]


def delivery(case: Case, *, is_masked: bool) -> list[Row]:
    """Return how the result is to be handed over; empty values are left out but for the method."""
    given = case.delivery
    method = str(given.get("method", ""))
    phone = str(given.get("phone", ""))
    rows = [Row(_("怎么领"), str(METHODS.get(method, method)))]
    others = (
        (_("收件人"), str(given.get("recipient", ""))),
        (_("收件人手机号"), mask_phone(phone) if is_masked else phone),
        (_("收件地址"), str(given.get("address", ""))),
    )
    return rows + [Row(label, value) for label, value in others if value]


def blocks(case: Case, files: Sequence[CaseFile]) -> list[Block]:
    """Return the item's materials, each with its files; those that nobody hands in 免提交 are left out."""
    by_key: dict[str, list[CaseFile]] = {}
    for file in files:
        by_key.setdefault(file.material_key, []).append(file)
    wanted = [
        row for row in case.item.get("materials") or [] if not row.get("exempt") and not row.get("hidden")
    ]
    return [_block(row, by_key.get(row["key"], [])) for row in wanted]


def _block(row: Mapping[str, Any], files: list[CaseFile]) -> Block:
    words = [str(row.get(name) or "") for name in ("spec", "note")]
    why = "。".join(word.rstrip("。") for word in words if word)
    return Block(
        row["key"], row["name"], why, when(row), str(row.get("acceptance") or ""), is_needed(row), files
    )


def when(material: Mapping[str, Any]) -> str:
    """Return when a material may be missing, empty for one that must be there."""
    if material.get("necessity") == "later":
        days = material.get("grace_days")
        return _("（可以先交，{days} 天内补）").format(days=days) if days else _("（可以后补）")
    return "" if is_needed(material) else _("（可不传）")


def papers(case: Case, files: Sequence[CaseFile]) -> list[dict[str, Any]]:
    """Return the files as a list names them: by material, with type and size."""
    names = {row["key"]: row["name"] for row in case.item.get("materials") or []}
    return [
        {
            "pk": file.pk,
            "material": names.get(file.material_key, file.name),
            "kind": kind(file),
            "size": file.size,
            "seen_at": file.seen_at,
        }
        for file in files
    ]


def kind(file: CaseFile) -> str:
    """Return a file's type in the letters that people know."""
    return {"image/jpeg": "JPG", "image/png": "PNG", "application/pdf": "PDF"}.get(
        file.content_type, file.content_type
    )
