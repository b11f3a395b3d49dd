"""Taking shared items into a hall, and giving them back."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from catalog.hall.models import Adoption, Override
from catalog.hall.services import offers
from catalog.shared.queries import in_use, unclaimed
from catalog.shared.services.signing import record


class UnknownItem(Exception):
    """The city's catalogue has no item in use of this code."""


class NotTaken(Exception):
    """This hall has not taken a shared item of this code."""


class HasOverrides(Exception):
    """The hall has values of its own there: they are given back first, or the item is hidden instead."""


def adopt(codes: Iterable[str], *, now: datetime, by: Actor | None = None) -> int:
    """Take these shared items into the hall in scope and tell the public; return how many were new.

    Bulk: a hall takes 600 items in a few statements. Again, it changes nothing. `by` is None for loading a city, which
    no person does. Raises UnknownItem for a code that the city does not have in use.
    """
    wanted = sorted(set(codes))
    unknown = set(wanted) - in_use(wanted)
    if unknown:
        raise UnknownItem(_("市里没有在用的这些事项：%(codes)s") % {"codes": "、".join(sorted(unknown)[:5])})
    known = set(Adoption.objects.filter(code__in=wanted).values_list("code", flat=True))
    new = [code for code in wanted if code not in known]
    # a colleague may have taken one at the same moment: that is no fault
    Adoption.objects.bulk_create(
        [Adoption(code=code, adopted_at=now) for code in new], batch_size=offers.BATCH, ignore_conflicts=True
    )
    offers.sync(wanted)
    if by is not None and new:
        record("adoption.take", "", by=by, now=now, detail={"codes": new})
    return len(new)


def adopt_department(department: str, *, level: str = "", now: datetime, by: Actor) -> int:
    """Take all items of a department that the hall has not taken, with a level only those that fit it; return how many."""
    wanted = unclaimed(
        Adoption.objects.values("code"), department=department, level=level, fitting=bool(level)
    )
    return adopt(wanted.values_list("code", flat=True), now=now, by=by)


def release(code: str, *, now: datetime, by: Actor) -> None:
    """Give a shared item back to the city: this hall no longer offers it. Raises NotTaken, HasOverrides.

    Running cases go on: each carries what it was made under.
    """
    taken = Adoption.objects.select_for_update().filter(code=code).first()
    if taken is None:
        raise NotTaken(_("本厅没有认领 %(code)s") % {"code": code})
    own = Override.objects.filter(code=code).count()
    if own:
        raise HasOverrides(
            ngettext(
                "本厅改过 %(n)s 处，先恢复市里的值再退回；只是不办，可以写明原因不显示",
                "本厅改过 %(n)s 处，先恢复市里的值再退回；只是不办，可以写明原因不显示",
                own,
            )
            % {"n": own}
        )
    taken.delete()
    offers.sync([code])
    record("adoption.release", code, by=by, now=now, detail={})
