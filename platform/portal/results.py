"""A row of the search as people read it: an item, its halls, and what it takes where halls differ."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.shared import wording
from tenants.shared.models import Hall
from tenants.shared.queries import halls

Link = Callable[[Hall, str], str]


@dataclass(frozen=True)
class Place:
    """A hall that has the item, and what the item takes there."""

    hall: Hall
    url: str
    took: str
    visited: str
    can_apply: bool
    can_book: bool


@dataclass(frozen=True)
class Result:
    """An item with its halls; `took` and `visited` are said once where all halls agree, else they are empty."""

    code: str
    name: str
    department: str
    is_local: bool
    places: list[Place]

    @property
    def took(self) -> str:
        """How long it takes, where it takes the same in every hall."""
        return _only({place.took for place in self.places})

    @property
    def visited(self) -> str:
        """How often somebody must come, where that is the same in every hall."""
        return _only({place.visited for place in self.places})


def of(rows: Iterable[Mapping[str, Any]], *, link: Link) -> list[Result]:
    """Return the results of a page of `portal.queries.found_items`, the halls in the city's order."""
    by_role = {hall.role: hall for hall in halls()}
    found = []
    for row in rows:
        offers = sorted(row["offers"], key=lambda offer: (by_role[offer["role"]].position, offer["role"]))
        found.append(
            Result(
                code=row["code"],
                name=row["name"],
                department=row["department"],
                is_local=row["is_local"],
                places=[_place(by_role[offer["role"]], offer, row, link) for offer in offers],
            )
        )
    return found


def _place(hall: Hall, offer: Mapping[str, Any], row: Mapping[str, Any], link: Link) -> Place:
    return Place(
        hall=hall,
        url=link(hall, f"/items/{row['code']}/"),
        took=wording.limit(row["kind"], offer["days"], offer["unit"]),
        visited=wording.visits(offer["visits"]),
        can_apply=offer["apply"],
        can_book=offer["book"],
    )


def _only(words: set[str]) -> str:
    return next(iter(words)) if len(words) == 1 else ""
