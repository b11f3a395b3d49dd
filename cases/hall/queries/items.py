"""The effective item as a case needs it: what may be applied for, frozen, and what changed since."""

from collections.abc import Mapping
from typing import Any

from cases.hall.models import Case
from catalog.hall.models import EffectiveItem
from catalog.hall.queries import as_item
from catalog.shared import labels, sql

# what an applicant fills in, hands in, pays or waits for: a change of anything else does not stop a draft
_FELT = (
    "name",
    "form",
    "materials",
    "delivery",
    "fees",
    "conditions",
    "promised_days",
    "promised_unit",
    "visits",
    "audience",
)


def applicable(code: str) -> EffectiveItem | None:
    """Return the item if it is offered here and can be applied for online, else None. One query."""
    return EffectiveItem.objects.offered().filter(code=code, can_apply=True).first()


def frozen(item: EffectiveItem) -> dict[str, Any]:
    """Return the item's values as a case keeps them: the promise it is made under. Rows that the hall hides are left out."""
    values: dict[str, Any] = {column: getattr(item, column) for column in sql.columns()}
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = [row for row in value if not (isinstance(row, dict) and row.get("hidden"))]
    return values


def kept(case: Case) -> EffectiveItem:
    """Return the item as a case froze it, to be shown: the promise that it was filed under."""
    return as_item(case.item, version=case.item_version)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return what an applicant notices of a change, by the names that people know."""
    found = [labels.field(name) for name in _FELT if before.get(name) != after.get(name)]
    return list(dict.fromkeys(found))
