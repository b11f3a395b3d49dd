"""The words of a correction: what is wrong in general, and where to look. Pure."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.hall.enums import Verdict

MAX_REASON = 500
MAX_WHERE = 200
# who answers is reminded so many days before the last one
REMINDERS = (7, 3, 1)

# what a clerk gets to start from, by verdict, for a material and for an answer
MATERIAL_TEXTS: Mapping[str, str | Promise] = {
    Verdict.MISSING: _("没有%(name)s，请传一份。"),
    Verdict.WRONG: _("传的不是%(name)s，请换成对的。"),
    Verdict.UNCLEAR: _("%(name)s看不清，请重新拍，四个角都要拍到。"),
    Verdict.EXPIRED: _("%(name)s过了有效期，请换成有效的。"),
}
FIELD_TEXTS: Mapping[str, str | Promise] = {
    Verdict.MISSING: _("没有填%(name)s，请填上。"),
    Verdict.WRONG: _("%(name)s和材料上的不一样，请照材料改。"),
    Verdict.UNCLEAR: _("%(name)s写得不清楚，请写完整。"),
    Verdict.EXPIRED: _("%(name)s已经不是现在的，请填现在的。"),
}


def template(kind: str, verdict: str, name: str) -> str:
    """Return the sentence to start from. Raises KeyError for a verdict that is none."""
    texts = MATERIAL_TEXTS if kind == "material" else FIELD_TEXTS
    return str(texts[verdict]) % {"name": name}


def where_of(row: Mapping[str, Any]) -> str:
    """Return where to look, from the item's own material or field: what is accepted, how it must be, the hint."""
    found = next((str(row[name]) for name in ("acceptance", "spec", "note", "hint") if row.get(name)), "")
    return found[:MAX_WHERE]
