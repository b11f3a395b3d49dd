"""Which hall serves which town: read in whatever scope is open, kept by each process for a minute."""

from dataclasses import dataclass
from itertools import groupby

from django.core.cache import cache

from tenants.shared.models import Division

KEPT_SECONDS = 60


@dataclass(frozen=True)
class Town:
    """A town, street or zone and the hall that serves it."""

    code: str
    name: str
    county_name: str
    hall_id: int
    note: str = ""

    @property
    def full_name(self) -> str:
        """County and town."""
        return f"{self.county_name}{self.name}"


def towns() -> list[Town]:
    """Return every town of the city in order of code. At most one query in a minute."""
    kept: list[Town] | None = cache.get("tenants:towns")
    if kept is None:
        rows = Division.objects.order_by("code").values_list("code", "name", "county_name", "hall_id", "note")
        kept = [Town(*row) for row in rows]
        cache.set("tenants:towns", kept, KEPT_SECONDS)
    return kept


def town(code: str) -> Town | None:
    """Return the town of this code, or None."""
    return next((known for known in towns() if known.code == code), None)


def by_county() -> list[tuple[str, list[Town]]]:
    """Return the towns by county, as a select groups them."""
    return [(county, list(found)) for county, found in groupby(towns(), key=lambda known: known.county_name)]


def forget() -> None:
    """Empty what is kept of the towns: after a change made here."""
    cache.delete("tenants:towns")
