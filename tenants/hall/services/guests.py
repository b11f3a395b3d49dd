"""Who is let into a hall in rehearsal besides its staff: people with an account, named by its admin."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.masking import mask_name
from accounts.queries import people_named
from audit import services as audit
from tenants.hall.models import Guest


class NotInvited(Exception):
    """Nobody could be invited; the text says why and what to do."""


def invite(account: str, *, note: str, by: Actor, now: datetime) -> Guest:
    """Let the person of this username or phone into the hall in scope while it rehearses. Raises NotInvited.

    They come as they always do: by the portal, with their own account.
    """
    found = people_named(account)
    if not found:
        raise NotInvited(_("没有这个账号。请他先在门户注册，再来邀请"))
    if len(found) > 1:
        raise NotInvited(_("这个手机号有两个账号，请写账号名"))
    person = found[0]
    try:
        with transaction.atomic():
            guest = Guest.objects.create(
                person=person.pk,
                name=mask_name(person.name or person.username),
                note=note.strip(),
                invited_by=by.person_id,
                invited_by_name=by.display_name,
                invited_at=now,
            )
    except IntegrityError:
        raise NotInvited(_("已经邀请过了")) from None
    _audit("guest.invite", guest, by, now)
    return guest


def remove(pk: int, *, by: Actor, now: datetime) -> bool:
    """Let somebody in no more; return whether they were invited. What they filed stays."""
    guest = Guest.objects.select_for_update().filter(pk=pk).first()
    if guest is None:
        return False
    guest.delete()
    _audit("guest.remove", guest, by, now)
    return True


def is_invited(person: UUID | None) -> bool:
    """Say whether this person was invited to the rehearsal of the hall in scope."""
    return person is not None and Guest.objects.filter(person=person).exists()


def _audit(action: str, guest: Guest, by: Actor, now: datetime) -> None:
    audit.record(
        action, now=now, actor=by.person_id, actor_name=by.display_name, object=str(guest.person), detail={}
    )
