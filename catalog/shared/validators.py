"""What an item must satisfy before it is published (DOMAIN sections 1.3 and 1.4). Pure functions."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from catalog.shared import labels, questions, rows
from catalog.shared.enums import Audience, BodyNature, Channel, Kind, OnlineStep, ServiceObject
from catalog.shared.policy import natural_days

# nothing off the list may be asked (Administrative Licensing Law, articles 30 and 31)
CATCH_ALL = re.compile("(其他|其它|相关|有关|必要的?)(的)?(证明)?(材料|资料|文件)|等材料$")
NEEDED = ("name", "type", "department", "audience", "kind")
# lists of codes, with what they may hold; None: any text
LISTS_OF_TEXT: dict[str, frozenset[str] | None] = {
    "levels": frozenset(labels.LEVELS),
    "service_objects": frozenset(ServiceObject.values),
    "channels": frozenset(Channel.values),
    "online_steps": frozenset(OnlineStep.values),
    "delivery": frozenset(labels.DELIVERY),
    "joint_bodies": None,
    "themes": None,
    "life_events": None,
    "aliases": None,
    "conditions": None,
    "demonstration": None,
}
PERSONS = {ServiceObject.PERSON.value}


def shape_problems(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return which lists are not of the shape that pages and the overlay rely on: field → what to write instead."""
    problems = {}
    for field, known in LISTS_OF_TEXT.items():
        value = fields.get(field, [])
        if not isinstance(value, list) or not all(
            isinstance(entry, str) and "\x00" not in entry for entry in value
        ):
            problems[field] = _("要填一个文字的列表")
        elif known is not None and not set(value) <= known:
            problems[field] = _("只能从这些里选：%(codes)s") % {"codes": "、".join(sorted(known))}
    for field in rows.LISTS:
        if problem := _rows_problem(field, fields.get(field, [])):
            problems[field] = problem
    return problems


def _rows_problem(field: str, value: Any) -> str:
    if not isinstance(value, list):
        return _("要填一个列表")
    for number, row in enumerate(value, start=1):
        column = rows.bad_column(field, row)
        if column is not None:
            return _("第 %(n)s 条的“%(column)s”（%(key)s）没填或填得不对") % {
                "n": number,
                "column": column.label,
                "key": column.key,
            }
    keys = [row[rows.identity(field)] for row in value]
    if len(set(keys)) < len(keys):
        return _("每一条都要有自己的 %(key)s，不能重复") % {"key": rows.identity(field)}
    return ""


def publishing_problems(item: Mapping[str, Any]) -> dict[str, str]:
    """Return why an item cannot be published: field → the sentence that says what to change; empty when it can."""
    problems: dict[str, str] = {}
    for field in NEEDED:
        if not item.get(field):
            problems[field] = _("这一项没有填")
    problems.update(_limits(item))
    problems.update(_lists(item))
    problems.update(_bodies(item))
    if item.get("visits") and not item.get("visits_reason"):
        problems["visits_reason"] = _("要人跑一趟，请写明为什么")
    return problems


def _lists(item: Mapping[str, Any]) -> dict[str, str]:
    problems = {}
    for fee in item.get("fees") or []:
        if not str(fee.get("basis") or "").strip():
            problems["fees"] = _("收费“%(name)s”没有写依据，写明收费文件再发布") % {
                "name": fee.get("name", "")
            }
    for material in item.get("materials") or []:
        name = str(material.get("name") or "")
        if CATCH_ALL.search(name):
            problems["materials"] = _("材料“%(name)s”太笼统，写明到底是哪一份") % {"name": name}
        elif material.get("necessity") == "later" and not material.get("grace_days"):
            problems["materials"] = _("材料“%(name)s”可以后补，请写明几个工作日内补") % {"name": name}
    for name in rows.LISTS:
        if problem := _rows_problem(name, item.get(name) or []):
            problems[name] = problem
    if "form" not in problems and (problem := questions.problems(item.get("form") or [])):
        problems["form"] = problem
    return problems


def _bodies(item: Mapping[str, Any]) -> dict[str, str]:
    problems = {}
    if item.get("body_nature") == BodyNature.ENTRUSTED and not str(item.get("entrusted_by") or "").strip():
        problems["entrusted_by"] = _("受委托组织办理的，请写明受哪个部门委托")
    served = set(item.get("service_objects") or [])
    if served and item.get("audience") != audience_of(served):
        problems["service_objects"] = _("服务对象和“谁能办”对不上")
    return problems


def audience_of(served: set[str]) -> Audience:
    """Return the audience that these objects of service 服务对象 make."""
    if served <= PERSONS:
        return Audience.PERSONAL
    return Audience.BOTH if served & PERSONS else Audience.BUSINESS


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
