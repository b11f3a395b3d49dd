"""What an item must satisfy before it is published (DOMAIN sections 1.3 and 1.4). Pure functions."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from catalog.shared.enums import Kind
from catalog.shared.policy import natural_days

# nothing off the list may be asked (Administrative Licensing Law, articles 30 and 31)
CATCH_ALL = re.compile("(其他|其它|相关|有关|必要的?)(的)?(证明)?(材料|资料|文件)|等材料$")
NEEDED = ("name", "type", "department", "audience", "kind")
LISTS_OF_TEXT = ("levels", "themes", "life_events", "aliases", "conditions", "delivery", "demonstration")
# lists of rows, with the keys whose text each row must have
LISTS_OF_ROWS = {
    "steps": ("key", "name"),
    "legal_basis": ("key", "law"),
    "special_procedures": ("key", "kind"),
    "fees": ("key", "name"),
    "materials": ("key", "name"),
    "form": ("name", "label", "type"),
    "windows": ("key", "name"),
    "faq": ("key", "question", "answer"),
}
ROW_KEY = re.compile("[A-Za-z0-9_-]{1,40}")


def shape_problems(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return which lists are not of the shape that pages and the overlay rely on: field → what a list must look like."""
    problems = {}
    for field in LISTS_OF_TEXT:
        value = fields.get(field, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            problems[field] = _("要填一个文字的列表")
    for field, needed in LISTS_OF_ROWS.items():
        value = fields.get(field, [])
        if not isinstance(value, list) or not all(_is_row(row, needed) for row in value):
            problems[field] = _("要填一个列表，每条都有 %(keys)s") % {"keys": "、".join(needed)}
    return problems


def _is_row(row: Any, needed: tuple[str, ...]) -> bool:
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) and row[key] for key in needed):
        return False
    days, amount = row.get("days"), row.get("amount")
    is_counted = days is None or (isinstance(days, int) and not isinstance(days, bool) and 0 <= days <= 9999)
    is_priced = amount is None or (isinstance(amount, int | float) and not isinstance(amount, bool) and 0 <= amount <= 9999999)
    return is_counted and is_priced and ("key" not in needed or ROW_KEY.fullmatch(row["key"]) is not None)


def publishing_problems(item: Mapping[str, Any]) -> dict[str, str]:
    """Return why an item cannot be published: field → the sentence that says what to change; empty when it can."""
    problems: dict[str, str] = {}
    for field in NEEDED:
        if not item.get(field):
            problems[field] = _("这一项没有填")
    problems.update(_limits(item))
    for fee in item.get("fees") or []:
        if not str(fee.get("basis") or "").strip():
            problems["fees"] = _("收费“%(name)s”没有写依据，写明收费文件再发布") % {"name": fee.get("name", "")}
    for material in item.get("materials") or []:
        name = str(material.get("name") or "")
        if CATCH_ALL.search(name):
            problems["materials"] = _("材料“%(name)s”太笼统，写明到底是哪一份") % {"name": name}
    if item.get("visits") and not item.get("visits_reason"):
        problems["visits_reason"] = _("要人跑一趟，请写明为什么")
    for name in LISTS_OF_ROWS:
        keys = [row.get("key") or row.get("name") for row in item.get(name) or []]
        if len(set(keys)) < len(keys):
            problems[name] = _("每一条都要有自己的 key，不能重复")
    return problems


def _limits(item: Mapping[str, Any]) -> dict[str, str]:
    problems = {}
    promised, unit = item.get("promised_days") or 0, item.get("promised_unit") or "working"
    statutory, statutory_unit = item.get("statutory_days"), item.get("statutory_unit") or "working"
    if item.get("kind") == Kind.INSTANT and promised:
        problems["promised_days"] = _("当场办好的事项，承诺时限写 0")
    if statutory is not None and natural_days(promised, unit) > natural_days(statutory, statutory_unit):
        problems["promised_days"] = _("承诺时限不能比法定时限长")
    if sum(step.get("days") or 0 for step in item.get("steps") or []) > promised:
        problems["steps"] = _("各步骤的天数加起来超过了承诺时限")
    return problems
