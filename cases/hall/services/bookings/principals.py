"""Whom a visit is for: oneself, or a principal under a mandate 委托."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from accounts.actor import Actor
from accounts.queries import Applicant, applicant_of
from cases.hall.enums import MandateStanding, Power
from cases.hall.queries import access, mandates
from cases.hall.services import authority
from cases.hall.services.bookings.refusals import NoMandate


def visitor_of(actor: Actor, principal: UUID | None, codes: Collection[str], now: datetime) -> Applicant:
    """Return who comes when this person books these items for that principal, or for themselves when none is named.

    A mandate to hand in for the principal lets one book for them. Raises NoMandate where none does, PermissionDenied
    for nobody.
    """
    if principal is None or principal == access.person_of(actor):
        return applicant_of(actor)
    today = timezone.localdate(now)
    for mandate in mandates.roster(actor, today).filter(principal__person=principal, case=None):
        if (
            mandate.standing(today) == MandateStanding.IN_FORCE
            and Power.SUBMIT in mandate.powers
            and all(mandate.item_code in ("", code) for code in codes)
        ):
            return authority.applicant(mandate)
    raise NoMandate
