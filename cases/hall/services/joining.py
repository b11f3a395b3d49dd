"""Somebody for whom others acted registers: their cases and mandates become their account's.

Recognised by ID number, name and phone together, and a fresh code to that phone: the code alone would let whoever got the
number next, or a neighbour who shares it, take over a stranger's cases. Where the phone differs the window looks at the card.
"""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Person
from accounts.queries import Applicant, applicant_of
from accounts.services import codes
from audit import services as audit
from cases.hall.models import Case, CaseFile, Mandate, Outbox, Principal
from cases.hall.services import mandates, principals
from cases.hall.transitions import WINDOW
from cases.shared.models import InboxMessage, Pointer, Reading, Transfer

_PURPOSE = "claim"


class NothingToClaim(Exception):
    """Nobody acted for this person here, or not so that it could be seen from an account."""

    def __init__(self) -> None:
        super().__init__(_("这里没有能转到您账号下的委托。身份证号或手机号变过的，请带身份证到窗口办"))


def waiting(me: Applicant) -> Principal | None:
    """Return the row of this hall that is this person's by number, phone and name, and has no account yet."""
    if not me.id_number or not me.phone:
        return None
    found = Principal.objects.filter(id_index=principals.id_index(me.id_number), has_account=False).first()
    return found if found and (found.phone, found.name) == (me.phone, me.name) else None


def send_code(*, actor: Actor, address: str, now: datetime) -> str:
    """Send a code to the account's own phone; return it for the demo. Raises NothingToClaim, TooMany, NotSent."""
    me = applicant_of(actor)
    if waiting(me) is None:
        raise NothingToClaim
    return codes.send(me.phone, purpose=_PURPOSE, address=address, now=now)


def claim(code: str, *, actor: Actor, now: datetime) -> int:
    """Make what was done for this person the account's; return how many cases. Raises NothingToClaim, WrongCode, CodeExpired."""
    me = applicant_of(actor)
    principal = waiting(me)
    if principal is None:
        raise NothingToClaim
    codes.check(me.phone, code, purpose=_PURPOSE, now=now)
    return _join(principal, me.person_id, by=actor, now=now)


def waiting_at_window(account: Person) -> Principal | None:
    """Return the row of this hall that is this account's by number and name, whatever its phone, and has no account yet."""
    if not account.id_number:
        return None
    found = Principal.objects.filter(
        id_index=principals.id_index(account.id_number), has_account=False
    ).first()
    return found if found and found.name == account.name else None


def at_window(account: Person, *, by: Actor, now: datetime) -> int:
    """Join a person to an account whose ID card a clerk has seen, and take its phone. Raises PermissionDenied, NothingToClaim."""
    if not by.holds(WINDOW):
        raise PermissionDenied
    found = waiting_at_window(account)
    if found is None:
        raise NothingToClaim
    Principal.objects.filter(pk=found.pk).update(phone=account.phone, phone_index=account.phone_index or "")
    return _join(found, account.pk, by=by, now=now)


def _join(principal: Principal, account: UUID, *, by: Actor, now: datetime) -> int:
    """Change the key by which this hall knows a person, everywhere at once. Cases before mandates, as every act locks them."""
    before = principal.person
    cases = list(
        Case.objects.filter(person=before).select_for_update(of=("self",), no_key=True).order_by("id")
    )
    locked = Principal.objects.select_for_update().get(pk=principal.pk)
    if locked.person != before:
        raise NothingToClaim
    Case.objects.filter(person=before).update(person=account)
    for model in (CaseFile, Pointer, Reading, Transfer, InboxMessage):
        model.objects.filter(person=before).update(person=account)
    Outbox.objects.filter(person=before, delivered_at=None).update(person=account)
    locked.person, locked.has_account = account, True
    locked.save(update_fields=["person", "has_account"])
    for mandate in Mandate.objects.filter(principal=locked).select_related("principal").order_by("id"):
        mandates.point(mandate)
    audit.record(
        "principal.claim",
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=str(locked.pk),
        detail={"cases": len(cases)},
    )
    return len(cases)
