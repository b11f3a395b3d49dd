"""The public fact that a hall offers an item: written with every change that it tells of, in one transaction."""

from collections.abc import Iterable

from catalog.hall.models import EffectiveItem
from catalog.shared import sql
from catalog.shared.models import Offer
from tenants.shared import scope

BATCH = 500


def hall_role() -> str:
    """Return the role of the hall in scope, which public facts carry. Raises RuntimeError outside a scope."""
    entered = scope.current()
    if entered is None:
        raise RuntimeError("no hall is in scope: enter scope.hall first")
    return entered.role


def sync(codes: Iterable[str]) -> int:
    """Write this hall's offers of these codes as its effective items now say; take back what it has no more."""
    wanted = set(codes)
    role = hall_role()
    items = {item.code: item for item in EffectiveItem.objects.filter(code__in=wanted)}
    Offer.objects.filter(hall_id=role, code__in=wanted - items.keys()).delete()
    Offer.objects.bulk_create(
        [_offer(role, items[code]) for code in sorted(items)],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["hall", "code"],
        update_fields=["is_local", "hidden", "can_apply", "can_book", "local"],
    )
    return len(items)


def _offer(role: str, item: EffectiveItem) -> Offer:
    local = {column: getattr(item, column) for column in sql.columns()} | {"version": item.version} if item.is_local else {}
    return Offer(
        hall_id=role,
        code=item.code,
        is_local=item.is_local,
        hidden=item.hidden,
        can_apply=item.can_apply,
        can_book=item.can_book,
        local=local,
    )
