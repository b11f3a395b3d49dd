"""What the value of an override may hold, besides what the policy says of it: lengths, and the rows of whole lists."""

from typing import Any

from django.utils.translation import gettext as _

from catalog.shared import labels
from catalog.shared.models import ItemFields
from catalog.shared.policy import Rule, Shape

TEXT_LIMIT = 4000
ROW_TEXT_LIMIT = 300
ROWS_LIMIT = 100


class BadValue(Exception):
    """The field cannot hold this value; the sentence says what it holds."""


def clean(field: str, rule: Rule, value: Any, *, unit: str) -> Any:
    """Return the value in the shape that is stored. A plain number as a limit counts in `unit`. Raises BadValue."""
    if rule.shape is Shape.LIMIT:
        return (
            {"days": value, "unit": unit} if isinstance(value, int) and not isinstance(value, bool) else value
        )
    if rule.rows is not None:
        return _row(field, rule, value)
    if rule.shape is Shape.TEXT:
        return _text(value, _longest(field))
    if field == "delivery":
        if not _is_list(value) or not set(map(str, value)) <= labels.DELIVERY.keys():
            raise BadValue(_("领取方式只能从这些里选：%(ways)s") % {"ways": "、".join(labels.DELIVERY)})
        return list(dict.fromkeys(value))
    if field == "faq":
        return _faq(value)
    return value


def wrong_shape(rule: Rule) -> str:
    """Return the sentence that says what kind of value a field holds."""
    return {
        Shape.TEXT: _("这一项要填文字"),
        Shape.BOOLEAN: _("这一项只能填是或否"),
        Shape.COUNT: _("这一项要填 0 到 9999 的整数"),
        Shape.LIST: _("这一项要填一个列表"),
    }.get(rule.shape, _("这一项填得不对"))


def _row(field: str, rule: Rule, value: Any) -> dict[str, Any]:
    known = rule.rows or {}
    if not isinstance(value, dict) or not value:
        raise BadValue(_('一条要写成 {名称: 值}，例如 {"hidden": true}'))
    unknown = value.keys() - known.keys()
    if unknown:
        raise BadValue(_("“%(key)s”由市里统一，本厅不能改") % {"key": "、".join(sorted(map(str, unknown)))})
    return {
        key: _text(given, ROW_TEXT_LIMIT) if known[key].shape is Shape.TEXT else given
        for key, given in value.items()
    }


def _text(value: Any, limit: int) -> str:
    if not isinstance(value, str):
        raise BadValue(_("这一项要填文字"))
    if len(value) > limit:
        raise BadValue(_("最多 %(n)s 个字") % {"n": limit})
    if "\x00" in value:
        raise BadValue(_("文字里有不能存的字符，请重新输入"))
    return value.strip()


def _faq(value: Any) -> list[dict[str, str]]:
    if not _is_list(value) or not all(isinstance(row, dict) for row in value):
        raise BadValue(_("常见问题要填一个列表，每条有 question 和 answer"))
    rows = []
    for number, row in enumerate(value, start=1):
        question = _text(row.get("question"), ROW_TEXT_LIMIT)
        answer = _text(row.get("answer"), TEXT_LIMIT)
        if not question or not answer:
            raise BadValue(_("第 %(n)s 条常见问题缺了问或答") % {"n": number})
        rows.append(
            {"key": _text(row.get("key") or f"hall{number}", 40), "question": question, "answer": answer}
        )
    return rows


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= ROWS_LIMIT


def _longest(field: str) -> int:
    return getattr(ItemFields._meta.get_field(field), "max_length", None) or TEXT_LIMIT
