"""当场更正: a small error of an answer is put right at the window, with the applicant's consent (行政许可法 32, 1, 3).

For what may be corrected on the spot no notice is sent. The old value stays beside the new one; the applicant is told.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.hall import answers
from cases.hall.enums import Consent
from cases.hall.models import Case, Event, Mending
from cases.hall.services.refusals import DataNeeded
from catalog.shared import questions
from tenants.shared import divisions

# who somebody is: another name or number is another person, and that is no small error; no more is a list of people
_LOCKED_TYPES = frozenset({"id_number", questions.GROUP})
_LOCKED_WORD = "姓名"


def mendable(case: Case) -> dict[str, Mapping[str, Any]]:
    """Return the answers that may be put right at the window, name → row of the form: all but names and ID numbers."""
    form = questions.nested(case.item.get("form") or [])
    return {
        str(row["name"]): row
        for row, _known in questions.asked(form, case.answers)
        if row["type"] not in _LOCKED_TYPES and _LOCKED_WORD not in str(row["label"])
    }


def clean(case: Case, data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return field, label, consent and the two `values`. Raises DataNeeded."""
    rows = mendable(case)
    row = rows.get(str(data.get("field") or ""))
    if row is None:
        names = "、".join(str(row["label"]) for row in rows.values())
        raise DataNeeded({"field": _("能当场更正的是：%(names)s。姓名和证件号不能") % {"names": names}})
    errors: dict[str, str] = {}
    consent = str(data.get("consent") or "")
    if consent not in Consent.values:
        errors["consent"] = _("请选申请人怎么同意的")
    name = str(row["name"])
    towns = {town.code for town in divisions.towns()}
    checked = answers.clean(
        [{**row, "when": None}],
        {name: data.get("value")},
        divisions=towns,
        today=timezone.localdate(now),
    )
    before, after = case.answers.get(name), checked.values.get(name)
    if name in checked.errors:
        errors["value"] = checked.errors[name]
    elif after == before:
        errors["value"] = _("和原来一样，没有要改的")
    elif opened := _opened(case, name, after):
        errors["value"] = _("改了以后还要填%(names)s，请要求补材料") % {"names": "、".join(opened)}
    if errors:
        raise DataNeeded(errors)
    return {
        "field": name,
        "label": str(row["label"]),
        "consent": consent,
        "values": {"before": before, "after": after},
    }


def _opened(case: Case, name: str, value: Any) -> list[str]:
    """Return what the new value opens that must be answered: that is the applicant's to say, and no small error."""
    form = case.item.get("form") or []
    was = {row["name"] for row in questions.missing(form, case.answers)}
    now = questions.missing(form, {**case.answers, name: value})
    return [str(row["label"]) for row in now if row["name"] not in was]


def write(case: Case, event: Event, values: Mapping[str, Any]) -> None:
    """Put the new value on the locked case and keep both in a row of their own: the log holds neither."""
    facts = event.data
    kept = {name: value for name, value in case.answers.items() if name != facts["field"]}
    # what the old value had opened is asked no more
    case.answers = questions.pruned(case.item.get("form") or [], {**kept, facts["field"]: values["after"]})
    case.save(update_fields=["answers"])
    Mending.objects.create(
        case=case,
        event=event,
        field=facts["field"],
        label=facts["label"],
        consent=facts["consent"],
        values=dict(values),
    )
