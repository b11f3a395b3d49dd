"""Which shared items a new hall would take, and how many of each department: asked of the city's catalogue and of public facts."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from catalog.shared.models import Offer, SharedItem
from catalog.shared.queries import unclaimed
from tenants.shared.models import Hall


@dataclass(frozen=True)
class Chosen:
    """The items that a choice comes to: their codes, and how many each department has, most first."""

    codes: list[str]
    departments: list[tuple[str, int]]

    @property
    def number(self) -> int:
        """How many items."""
        return len(self.codes)


def _chosen(rows: Iterable[tuple[str, str]]) -> Chosen:
    found = sorted(rows)
    counted = Counter(department for _code, department in found)
    return Chosen(
        [code for code, _department in found], sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    )


def of_level(level: str, departments: Collection[str] = ()) -> Chosen:
    """Return the items in use that fit a hall of this level, of these departments alone where any is named. One query."""
    found = unclaimed(SharedItem.objects.none().values("code"), level=level, fitting=True)
    if departments:
        found = found.filter(department__in=departments)
    return _chosen(found.values_list("code", "department"))


def like(hall: Hall) -> Chosen:
    """Return the shared items in use that a hall has taken, those out of sight there too. One query."""
    found = Offer.objects.filter(hall_id=hall.role, is_local=False, is_active=True)
    return _chosen(found.values_list("code", "department"))
