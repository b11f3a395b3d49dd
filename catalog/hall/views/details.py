"""The details of a guide, behind its summary: all that the standard asks for and few read (GB/T 39554.2-2020)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext_lazy

from accounts.enums import Level
from catalog.hall.models import EffectiveItem
from catalog.shared import labels, rows, wording
from catalog.shared.enums import (
    BodyNature,
    Channel,
    Depth,
    ItemType,
    OnlineStep,
    PowerSource,
    ResultKind,
    ServiceObject,
    ServiceScope,
)

# an address that a browser may follow; anything else is a text
LINK = re.compile(r"(https?:/)?/[^/\\\s][^\\\s]*")
_ENUMS = (
    BodyNature,
    Channel,
    Depth,
    ItemType,
    OnlineStep,
    PowerSource,
    ResultKind,
    ServiceObject,
    ServiceScope,
)
_LEVELS = {Level.PHONE: "by_phone", Level.CHECKED: "checked", Level.VERIFIED: "verified"}
# what each detail is called, by its field; titles of groups and ready sentences have no field's name
_SAID = {
    "who": gettext_lazy("谁能办、什么条件"),
    "what": gettext_lazy("依据、时限、收费、结果"),
    "how": gettext_lazy("怎么交、怎么拿"),
    "by_whom": gettext_lazy("哪个部门办"),
    "service_objects": gettext_lazy("服务对象"),
    "conditions": gettext_lazy("受理条件"),
    "quantity_limit": gettext_lazy("数量限制"),
    "legal_basis": gettext_lazy("设定依据"),
    "no_basis": gettext_lazy("公共服务，没有专门的规定"),
    "statutory_days": gettext_lazy("法定时限"),
    "no_limit": gettext_lazy("法律没有规定"),
    "special_procedures": gettext_lazy("不算在时限里的"),
    "at_most": gettext_lazy("，最多 %(n)s 天"),
    "fees": gettext_lazy("收费"),
    "free": gettext_lazy("不收费"),
    "paid_online": gettext_lazy("能网上交"),
    "result_name": gettext_lazy("您会拿到"),
    "electronic": gettext_lazy("（有电子版）"),
    "valid_for": gettext_lazy("有效期：%(words)s"),
    "result_kind": gettext_lazy("结果类型"),
    "result_sample": gettext_lazy("结果样本"),
    "annual_inspection": gettext_lazy("年检年报"),
    "intermediary": gettext_lazy("中介服务"),
    "channels": gettext_lazy("从哪里交"),
    "online_depth": gettext_lazy("网上能办到哪一步"),
    "online_steps": gettext_lazy("网上能办的步骤"),
    "delivery": gettext_lazy("怎么拿结果"),
    "service_scope": gettext_lazy("哪里都能办的范围"),
    "identity_level": gettext_lazy("实名要求"),
    "by_phone": gettext_lazy("用手机号登录就行"),
    "checked": gettext_lazy("要填姓名和身份证号"),
    "verified": gettext_lazy("需要实名认证：在国家政务服务平台认证，或带证件到窗口认证"),
    "proxy_allowed": gettext_lazy("请代办员办"),
    "may": gettext_lazy("可以"),
    "in_person": gettext_lazy("要本人办"),
    "tolerance_allowed": gettext_lazy("材料不全先收下"),
    "may_later": gettext_lazy("可以，缺的材料在写明的天数内补"),
    "pledge_allowed": gettext_lazy("告知承诺"),
    "may_pledge": gettext_lazy("可以，写一份承诺书代替证明"),
    "department": gettext_lazy("实施主体"),
    "body_nature": gettext_lazy("主体性质"),
    "entrusted_by": gettext_lazy("委托部门"),
    "power_source": gettext_lazy("权力来源"),
    "levels": gettext_lazy("行使层级"),
    "joint_bodies": gettext_lazy("联办机构"),
    "in_hall": gettext_lazy("进驻大厅"),
    "has_window": gettext_lazy("在大厅有窗口"),
    "no_window": gettext_lazy("不在大厅"),
    "type": gettext_lazy("事项类型"),
    "code": gettext_lazy("事项编码"),
    "implementing": gettext_lazy("实施编码 %(code)s"),
    "material.type": gettext_lazy("类型"),
    "material.source": gettext_lazy("从哪里来"),
    "material.blank_form": gettext_lazy("空白表"),
    "material.sample": gettext_lazy("样表"),
    "material.seal": gettext_lazy("签章要求"),
    "material.acceptance": gettext_lazy("受理标准"),
    "material.basis": gettext_lazy("依据"),
}
Words = Mapping[str, str]


def words() -> Words:
    """Return what a guide's details say, in the language of the request: looked up once, for there are many of them."""
    return _words(get_language() or "")


@lru_cache(maxsize=8)
def _words(language: str) -> Words:
    labels_of = {f"{known.__name__}:{each.value}": str(each.label) for known in _ENUMS for each in known}
    lists = {"levels": labels.LEVELS, "delivery": labels.DELIVERY}
    named = {f"{name}:{key}": str(label) for name, rows_of in lists.items() for key, label in rows_of.items()}
    for name, choices in (("type", rows.MATERIAL_TYPES), ("source", rows.MATERIAL_SOURCES)):
        named |= {f"material.{name}:{key}": str(label) for key, label in choices.items()}
    return {key: str(said) for key, said in _SAID.items()} | labels_of | named


@dataclass(frozen=True)
class Line:
    """One line of a detail, with a smaller one under it; `url` where it leads somewhere."""

    text: str
    small: str = ""
    url: str = ""


@dataclass(frozen=True)
class Detail:
    """One detail: what it is called, what it says, and for staff whose value it is."""

    label: str
    lines: list[Line]
    source: str = ""


@dataclass(frozen=True)
class Group:
    """Details that are opened together."""

    title: str
    details: list[Detail] = field(default_factory=list)


Entries = dict[str, list[Line]]


def groups(
    item: EffectiveItem, *, department: str, implementing_code: str, sources: Mapping[str, str]
) -> list[Group]:
    """Return the details of an item by group, those alone that say something."""
    said = words()
    named = {
        "who": _who(item, said),
        "what": _what(item, said),
        "how": _how(item, said),
        "by_whom": _by_whom(item, said, department, implementing_code),
    }
    found = []
    for title, entries in named.items():
        details = [
            Detail(said[name], lines, sources.get(name, "")) for name, lines in entries.items() if lines
        ]
        found.append(Group(said[title], details))
    return [group for group in found if group.details]


def _who(item: EffectiveItem, said: Words) -> Entries:
    return {
        "service_objects": _names(said, "ServiceObject", item.service_objects),
        "conditions": [Line(str(text)) for text in item.conditions],
        "quantity_limit": _text(item.quantity_limit),
        "identity_level": _text(said[_LEVELS[Level(item.identity_level)]] if item.can_apply else ""),
    }


def _what(item: EffectiveItem, said: Words) -> Entries:
    name = item.result_name + (said["electronic"] if item.result_electronic else "")
    validity = said["valid_for"] % {"words": item.result_validity} if item.result_validity else ""
    limit = said["no_limit"]
    if item.statutory_days is not None:
        limit = wording.days(item.statutory_days, item.statutory_unit)
    return {
        "legal_basis": [_basis(row) for row in item.legal_basis] or _text(said["no_basis"]),
        "statutory_days": [Line(limit, item.statutory_note)],
        "special_procedures": [_special(row, said) for row in item.special_procedures],
        "fees": [_fee(row, said) for row in item.fees] or _text(said["free"]),
        "result_name": [Line(name, validity)] if item.result_name else [],
        "result_kind": _names(said, "ResultKind", [item.result_kind]),
        "result_sample": _text(item.result_sample),
        "annual_inspection": _text(item.annual_inspection),
        "intermediary": _text(item.intermediary),
    }


def _how(item: EffectiveItem, said: Words) -> Entries:
    return {
        "channels": _names(said, "Channel", item.channels),
        "online_depth": _names(said, "Depth", [item.online_depth]),
        "online_steps": _names(said, "OnlineStep", item.online_steps),
        "delivery": _names(said, "delivery", item.delivery),
        "service_scope": _names(said, "ServiceScope", [item.service_scope]),
        "proxy_allowed": _text(said["may" if item.proxy_allowed else "in_person"]),
        "tolerance_allowed": _text(said["may_later"] if item.tolerance_allowed else ""),
        "pledge_allowed": _text(said["may_pledge"] if item.pledge_allowed else ""),
    }


def _by_whom(item: EffectiveItem, said: Words, department: str, implementing_code: str) -> Entries:
    small = said["implementing"] % {"code": implementing_code} if implementing_code else ""
    return {
        "department": _text(department),
        "body_nature": _names(said, "BodyNature", [item.body_nature]),
        "entrusted_by": _text(item.entrusted_by),
        "power_source": _names(said, "PowerSource", [item.power_source]),
        "levels": _names(said, "levels", item.levels),
        "joint_bodies": _text("、".join(str(name) for name in item.joint_bodies)),
        "in_hall": _text(said["has_window" if item.in_hall else "no_window"]),
        "type": _names(said, "ItemType", [item.type]),
        "code": [Line(item.code, small)],
    }


def of_material(row: Mapping[str, Any], said: Words) -> list[tuple[str, str, str]]:
    """Return what few ask of a material, as label, words and where they lead: its kind, forms and samples, seals, basis."""
    values = {
        **{name: said.get(f"material.{name}:{row.get(name)}", "") for name in ("type", "source")},
        **{name: row.get(name) for name in ("blank_form", "sample", "seal", "acceptance", "basis")},
    }
    return [
        (said[f"material.{name}"], str(value), link(str(value))) for name, value in values.items() if value
    ]


def link(text: str) -> str:
    """Return the text where it is an address that a browser may follow, else nothing."""
    return text if LINK.fullmatch(text) else ""


def _basis(row: Mapping[str, Any]) -> Line:
    number = f"（{row['document']}）" if row.get("document") else ""
    return Line(f"{row.get('law', '')}{row.get('article') or ''}{number}", row.get("text") or "")


def _special(row: Mapping[str, Any], said: Words) -> Line:
    most = said["at_most"] % {"n": row["days"]} if row.get("days") else ""
    return Line(f"{row.get('kind', '')}{most}", row.get("basis") or "")


def _fee(row: Mapping[str, Any], said: Words) -> Line:
    text = f"{row.get('name', '')} {row.get('standard') or ''}".strip()
    paid = said["paid_online"] if row.get("online") else ""
    return Line(text, "　".join(part for part in (row.get("basis") or "", paid) if part))


def _text(text: str) -> list[Line]:
    return [Line(text, url=link(text))] if text else []


def _names(said: Words, kind: str, codes: Iterable[Any]) -> list[Line]:
    return _text("、".join(said[key] for code in codes if (key := f"{kind}:{code}") in said))
