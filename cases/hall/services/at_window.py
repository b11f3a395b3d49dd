"""A person at the window with ID card and a code from their account: verified, and joined to what others did for them here.

The account is the city's: it is read and written on `gate` alone, with its own audit row (accounts.services.identity), and finished
before this hall writes. The hall keeps that the clerk looked, and the join. If the second fails the first stands: both are true by
themselves, and a new code tries the join again.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied

from accounts.actor import Actor
from accounts.enums import Level
from accounts.models import Person
from accounts.services import identity
from audit import services as audit
from cases.hall.models import Principal
from cases.hall.queries import place
from cases.hall.queries.access import person_of
from cases.hall.services import joining
from cases.hall.transitions import WINDOW

# what a clerk may hold in the hand: the number of each is of eighteen characters
DOCUMENTS = ("id_card", "residence_permit", "foreigner_card", "household_book")


@dataclass(frozen=True)
class Shown:
    """Whose code was shown, what to compare the card with, and what waits for this person here."""

    person: Person
    mark: str
    waiting: Principal | None

    @property
    def is_verified(self) -> bool:
        """Whether nothing is left to verify."""
        return self.person.level == Level.VERIFIED


def look(code: str, *, by: Actor, now: datetime) -> Shown:
    """Return whose code this is. Audited here as a reading. Raises PermissionDenied, identity.CodeUnknown, NothingGiven, TooMany."""
    if not by.holds(WINDOW):
        raise PermissionDenied
    person = identity.shown(code, clerk=person_of(by), now=now)
    if not person.id_number or not person.name:
        raise identity.NothingGiven
    audit.record(
        "person.look", now=now, actor=by.person_id, actor_name=by.display_name, object=str(person.pk)
    )
    return Shown(person, identity.mark_of(person), joining.waiting_at_window(person))


def confirm(
    code: str,
    *,
    seen: str,
    document: str,
    reason: str,
    takes_over: bool,
    joins: bool,
    by: Actor,
    now: datetime,
) -> tuple[Person, int]:
    """Verify the person of this code by the card, then join what waits here if `joins`; return the account and how many cases came.

    Raises PermissionDenied, joining.NothingToClaim, and what identity.at_window raises.
    """
    if not by.holds(WINDOW):
        raise PermissionDenied
    person = identity.at_window(
        code,
        seen=seen,
        document=document,
        reason=reason,
        clerk=person_of(by),
        hall=place.here().key,
        takes_over=takes_over,
        now=now,
    )
    return person, joining.at_window(person, by=by, now=now) if joins else 0
