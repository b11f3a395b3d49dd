"""The effective item as a case needs it: what may be applied for, frozen, and what changed since."""

from dataclasses import dataclass
from typing import Any

from cases.hall import differing
from cases.hall.models import Case
from catalog.hall.models import EffectiveItem
from catalog.hall.queries import as_item, effective_item, former_life
from catalog.shared import sql
from catalog.shared.queries import successors


@dataclass(frozen=True)
class Meanwhile:
    """What became of a draft's item: `changes` that its applicant notices; or it is gone, for a `successor` if there is one."""

    version: str = ""
    changes: tuple[str, ...] = ()
    is_gone: bool = False
    successor: EffectiveItem | None = None


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


def meanwhile(case: Case) -> Meanwhile | None:
    """Return what became of a draft's item since its applicant last saw it; None when nothing did. One query, or a few."""
    item = applicable(case.item_code)
    if item is None:
        life = former_life(case.item_code)
        names = successors(life.successor) if life is not None else []
        following = next((found for code in names if (found := effective_item(code)) is not None), None)
        return Meanwhile(is_gone=True, successor=following)
    if item.version == case.item_version:
        return None
    return Meanwhile(item.version, tuple(differing.changes(case.item, frozen(item))))
