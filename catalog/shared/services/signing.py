"""Who signs a change of a catalogue, the city's or a hall's, and its audit row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actor import Actor
from audit import services as audit


class NobodyAsks(Exception):
    """A change needs a person behind it; views let nobody else this far."""


def person_of(by: Actor) -> UUID:
    """Return who signs. Raises NobodyAsks."""
    if by.person_id is None:
        raise NobodyAsks
    return by.person_id


def record(action: str, object: str, *, by: Actor, now: datetime, detail: dict[str, Any]) -> None:
    """Add the audit row of a change, in its transaction."""
    audit.record(
        action, now=now, actor=by.person_id, actor_name=by.display_name, object=object, detail=detail
    )
