"""The public fact that a hall offers an item: written with every change that it tells of, in one transaction."""

from collections.abc import Iterable

from catalog.hall.models import Adoption, EffectiveItem, LocalItem
from catalog.hall.services import wordings
from catalog.shared.enums import Status
from catalog.shared.models import Offer
from catalog.shared.services.offers import project_hall
from tenants.shared import scope

BATCH = 500


def hall_role() -> str:
    """Return the role of the hall in scope, which public facts carry. Raises RuntimeError outside a scope."""
    entered = scope.current()
    if entered is None:
        raise RuntimeError("no hall is in scope: enter scope.hall first")
    return entered.role


def sync(codes: Iterable[str]) -> None:
    """Write this hall's offers of these codes as its effective items now say; take back what it has no more.

    A shared item that the city has suspended stays offered, out of sight: the hall has not given it up.
    """
    wanted = list(codes)
    role = hall_role()
    project_hall(role, wanted)
    own = LocalItem.objects.filter(code__in=wanted, status=Status.ACTIVE).values("code")
    taken = Adoption.objects.filter(code__in=wanted).values("code")
    there = Offer.objects.filter(hall_id=role, code__in=wanted)
    there.exclude(code__in=own).exclude(code__in=taken).delete()
    shown = EffectiveItem.objects.filter(code__in=wanted).values("code")
    there.filter(is_local=False).exclude(code__in=shown).update(is_active=False)
    wordings.sync(role, wanted)


def refresh() -> None:
    """Write all of this hall's offers anew: after an upgrade that shows more of an item than before."""
    sync(
        [*Adoption.objects.values_list("code", flat=True), *LocalItem.objects.values_list("code", flat=True)]
    )


def rebuild() -> None:
    """Write all offers anew and take back those of items that this hall does not have: after its rows were replaced."""
    role = hall_role()
    known = {
        *Adoption.objects.values_list("code", flat=True),
        *LocalItem.objects.values_list("code", flat=True),
    }
    wordings.forget_all(role)
    gone = [
        code
        for code in Offer.objects.filter(hall_id=role).values_list("code", flat=True)
        if code not in known
    ]
    sync([*sorted(known), *gone])
