"""Taking shared items into a hall."""

from collections.abc import Iterable
from datetime import datetime

from catalog.hall.models import Adoption
from catalog.hall.services import offers
from catalog.shared.queries import city_values_of


class UnknownItem(Exception):
    """The city's catalogue has no item in use of this code."""


def adopt(codes: Iterable[str], *, now: datetime) -> int:
    """Take these shared items into the hall in scope and tell the public; return how many were new.

    Bulk: a hall takes 600 items in a few statements. Again, it changes nothing. Raises UnknownItem for a code that
    the city does not have in use.
    """
    wanted = sorted(set(codes))
    unknown = set(wanted) - city_values_of(wanted).keys()
    if unknown:
        raise UnknownItem(f"the city's catalogue has no item in use of these codes: {', '.join(sorted(unknown)[:5])}")
    known = set(Adoption.objects.filter(code__in=wanted).values_list("code", flat=True))
    new = [code for code in wanted if code not in known]
    Adoption.objects.bulk_create([Adoption(code=code, adopted_at=now) for code in new], batch_size=offers.BATCH)
    offers.sync(wanted)
    return len(new)
