"""What must be true of a hall's items: findings of check_halls, read in the hall's scope."""

from collections.abc import Iterator
from typing import Any

from catalog.hall.models import EffectiveItem
from catalog.shared.models import Offer, PortalItem
from catalog.shared.sql import columns
from tenants.shared.models import Hall


def same_as_portal(hall: Hall) -> Iterator[str]:
    """Yield the items that the portal shows otherwise than the hall: the public facts have drifted from its rows."""
    names = [*columns(), "is_local", "sources"]
    own = _by_code(EffectiveItem.objects.values(*names))
    # the hall's role sees its own rows of the portal's view
    shown = _by_code(PortalItem.objects.values(*names))
    for code in sorted(own.keys() | shown.keys()):
        if own.get(code) != shown.get(code):
            mine, theirs = own.get(code, {}), shown.get(code, {})
            differing = [name for name in names if mine.get(name) != theirs.get(name)]
            yield f"item {code} is not what the portal shows ({', '.join(differing)}): save its overrides again"


def offers_follow_items(hall: Hall) -> Iterator[str]:
    """Yield the public offers that say otherwise than the effective item: what counts and searches read them."""
    names = ("code", "hidden", "can_apply", "can_book", "is_local")
    offers = set(Offer.objects.values_list(*names))
    for code, *_ in sorted(offers ^ set(EffectiveItem.objects.values_list(*names))):
        yield f"offer {code} is not what the item says: save its overrides again"


def _by_code(rows: Any) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in rows}
