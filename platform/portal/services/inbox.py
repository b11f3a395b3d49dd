"""What a person does with their messages: they have seen them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from portal import queries


def read(person: UUID | None, keys: Collection[UUID] | None, *, now: datetime) -> int:
    """Mark messages of this person as seen, all where no keys are given; others' are left alone. Return how many were new."""
    found = queries.inbox(person).filter(read_at=None)
    if keys is not None:
        found = found.filter(pk__in=keys)
    return found.order_by().update(read_at=now)
