"""An override's value in one cell, and the field of a shared item that a row means. Pure functions."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from catalog.shared import labels
from catalog.shared.policy import POLICY, Shape, rule_of
from catalog.shared.sheets import kinds
from catalog.shared.sheets.cells import narrow, text_of

_LIMIT = re.compile(r"(\d{1,4})(?:天)?\(?(个?工作日|自然日|天?含节假日|天)?\)?")
_FLAGS = {"hidden", "exempt"}


def written(field: str, value: Any) -> str:
    """Return an override's value as its cell has it."""
    rule = rule_of(field)
    if value is None:
        return ""
    if rule.shape is Shape.LIMIT and isinstance(value, dict):
        return f"{value.get('days')} {_('工作日') if value.get('unit') == 'working' else _('自然日')}"
    if rule.rows is not None and isinstance(value, dict):
        return "\n".join(
            f"{labels.ROWS[key]}：{_part(each)}" for key, each in value.items() if key in labels.ROWS
        )
    if field == "faq":
        return json.dumps(value, ensure_ascii=False)
    column = kinds.items(of_hall=True).column(field)
    shown = column.widget.render(value) if column is not None and column.widget else value
    return "" if shown is None else text_of(shown)


def _part(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    text = text_of(value)
    # what would be read back otherwise is quoted
    return json.dumps(text, ensure_ascii=False) if "\n" in text or text.startswith('"') or not text else text


def read(field: str, text: str, *, unit: str) -> Any:
    """Return the value that a cell says. Raises ValueError with a sentence."""
    rule = rule_of(field)
    if rule.shape is Shape.LIMIT:
        return _limit(text, unit)
    if rule.rows is not None:
        return _row(text)
    if field == "faq":
        try:
            return json.loads(text)
        except ValueError:
            raise ValueError(_("常见问题请在“常见问题”表里改")) from None
    column = kinds.items(of_hall=True).column(field)
    if column is None or column.widget is None:
        raise ValueError(_("没有这一项"))
    value = column.widget.clean(text)
    if value is None:
        return [] if rule.shape is Shape.LIST else ""
    return value


def _limit(text: str, unit: str) -> dict[str, Any]:
    parts = _LIMIT.fullmatch(narrow(text))
    if parts is None:
        raise ValueError(_("时限写成“5 工作日”或“60 自然日”"))
    said = parts[2] or ""
    known = {"工作日": "working", "自然日": "natural", "含节假日": "natural"}
    return {"days": int(parts[1]), "unit": next((code for word, code in known.items() if word in said), unit)}


def _row(text: str) -> dict[str, Any]:
    keys = {str(label): key for key, label in labels.ROWS.items()}
    value: dict[str, Any] = {}
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        label, sign, said = (part.strip() for part in line.replace(":", "：", 1).partition("："))
        key = keys.get(label, label)
        if not sign or key not in labels.ROWS:
            raise ValueError(
                _("一行写一项，例如“本厅不要这一条：是”；“%(line)s”读不懂") % {"line": line[:40]}
            )
        value[key] = _said(key, said)
    return value


def _said(key: str, text: str) -> Any:
    if text.startswith('"'):
        try:
            return json.loads(text)
        except ValueError:
            return text
    if key in _FLAGS:
        if narrow(text) not in {"是", "否"}:
            raise ValueError(_("只能填是或否"))
        return narrow(text) == "是"
    if key in {"position", "amount"} and re.fullmatch(r"\d+(\.\d+)?", narrow(text)):
        number = float(narrow(text))
        return int(number) if number.is_integer() else number
    return text


def field_of(field: str, label: str, city: Mapping[str, Any]) -> str:
    """Return the field that a row means, by its key or by what it is called; empty when there is none."""
    if field:
        return field if field.partition(".")[0] in POLICY else ""
    name, _sign, row = (part.strip() for part in label.partition("："))
    for key, told in labels.FIELDS.items():
        if str(told) != name:
            continue
        if not row:
            return key
        found = next((each for each in city.get(key) or [] if str(each.get("name", "")) == row), None)
        return f"{key}.{found['key']}" if found else ""
    return ""


def label_of(field: str, city: Mapping[str, Any]) -> str:
    """Return what a field is called; of a row of a list with the row's name."""
    name, _dot, key = field.partition(".")
    if not key:
        return labels.field(field)
    row: Mapping[str, Any] = next((each for each in city.get(name) or [] if each.get("key") == key), {})
    return f"{labels.field(field)}：{row.get('name', key)}"
