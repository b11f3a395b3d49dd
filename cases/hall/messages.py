"""What an applicant is told by short message (LOOK section 6). Pure: an item's name cut to 12 characters, no link."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cases.hall.clock import short_date_text

MAX_ITEM = 12
# so that no message is longer than 64 characters, sign and all
MAX_PLACE = 20


def text(kind: str, facts: Mapping[str, Any]) -> str:
    """Return the message of this kind, without the sender's sign.

    `facts`: item, number, query_code, due_on, and for a result handed over method, tracking, window.
    Raises KeyError for a kind that is none.
    """
    return _TEXTS[kind]({**facts, "item": str(facts["item"])[:MAX_ITEM]})


def _day(facts: Mapping[str, Any]) -> str:
    due_on: date | None = facts.get("due_on")
    return short_date_text(due_on) if due_on else _("办结那天")


def _submitted(facts: Mapping[str, Any]) -> str:
    values = {
        "item": facts["item"],
        "number": facts["number"],
        "code": facts["query_code"],
        "day": _day(facts),
    }
    return _("%(item)s已提交，编号%(number)s，查询码%(code)s。最晚%(day)s答复。") % values


def _accepted(facts: Mapping[str, Any]) -> str:
    return _("%(item)s已受理，最晚%(day)s给您结果。") % {"item": facts["item"], "day": _day(facts)}


def _not_accepted(facts: Mapping[str, Any]) -> str:
    return _("%(item)s没有受理，原因和去处见“我的办件”。") % {"item": facts["item"]}


def _granted(facts: Mapping[str, Any]) -> str:
    return _("%(item)s已批准，最晚%(day)s把证件给您。") % {"item": facts["item"], "day": _day(facts)}


def _refused(facts: Mapping[str, Any]) -> str:
    return _("%(item)s没有同意，理由和您的权利见决定书。") % {"item": facts["item"]}


def _delivering(facts: Mapping[str, Any]) -> str:
    method = facts.get("method")
    if method == "ems":
        return _("%(item)s已寄出，EMS%(number)s。") % {
            "item": facts["item"],
            "number": facts["tracking"][:MAX_PLACE],
        }
    if method == "proxy":
        return _("%(item)s办好了，代办员会送到家。") % {"item": facts["item"]}
    if method == "electronic":
        return _("%(item)s办好了，登录“我的办件”下载。") % {"item": facts["item"]}
    return _("%(item)s办好了，请带身份证到%(window)s取。") % {
        "item": facts["item"],
        "window": facts["window"],
    }


def _delivered(facts: Mapping[str, Any]) -> str:
    return _("%(item)s已办好。") % {"item": facts["item"]}


_TEXTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "submitted": _submitted,
    "accepted": _accepted,
    "not_accepted": _not_accepted,
    "granted": _granted,
    "refused": _refused,
    "delivering": _delivering,
    "delivered": _delivered,
}
KINDS = frozenset(_TEXTS)
