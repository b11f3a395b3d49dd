"""What must be true of a hall's items: findings of check_halls, read in the hall's scope."""

from collections.abc import Iterator
from typing import Any

from catalog.hall.models import Adoption, EffectiveItem, Override, SheetJob
from catalog.shared import sql
from catalog.shared.models import Offer, PortalItem
from catalog.shared.queries import in_the_catalogue
from tenants.shared.checks.findings import Finding
from tenants.shared.models import Hall


def same_as_portal(hall: Hall) -> Iterator[str]:
    """Yield the items that the portal shows otherwise than the hall: the public facts have drifted from its rows."""
    names = [*sql.columns(), "is_local", "sources", "sort_key"]
    own = _by_code(EffectiveItem.objects.values(*names))
    # the hall's role sees its own rows of the portal's view
    shown = _by_code(PortalItem.objects.values(*names))
    for code in sorted(own.keys() | shown.keys()):
        if own.get(code) != shown.get(code):
            mine, theirs = own.get(code, {}), shown.get(code, {})
            differing = [name for name in names if mine.get(name) != theirs.get(name)]
            yield f"item {code} is not what the portal shows ({', '.join(differing)}): save its overrides again"


def offers_follow_items(hall: Hall) -> Iterator[str]:
    """Yield the public offers that say otherwise than the effective item: lists, counts and searches read them."""
    offers = _by_code(Offer.objects.filter(hall_id=hall.role, is_active=True).values(*sql.OFFERED, "changes"))
    items = _by_code(EffectiveItem.objects.values(*sql.OFFERED, "sources"))
    for code in sorted(offers.keys() | items.keys()):
        item = items.get(code, {})
        if item:
            item["changes"] = len(item.pop("sources"))
        if offers.get(code, {}) != item:
            yield f"offer {code} is not what the item says: save its overrides again"


def codes_are_known(hall: Hall) -> Iterator[Finding]:
    """Yield what the hall took or changed of items that the city's catalogue does not have."""
    for model, what in ((Adoption, "adoption"), (Override, "override")):
        for code in unknown_codes(model.objects.values_list("code", flat=True)):
            words = f"{what} of {code}, which the city's catalogue has not"
            yield Finding(hall.key, "code-unknown", words, "release it")


def files(hall: Hall) -> Iterator[str]:
    """Yield the path of every file that a row of this hall names: sheets that were uploaded."""
    yield from SheetJob.objects.exclude(path="").order_by("pk").values_list("path", flat=True)


def unknown_codes(codes: Any) -> list[str]:
    """Return which of these codes of shared items the city's catalogue does not know; one query."""
    return sorted(set(codes.filter(~in_the_catalogue("code"))))


def _by_code(rows: Any) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in rows}
