"""Beginning and ending sessions. What ends, ends in the database: no host has to be told."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import router, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Challenge, Person, Session, Ticket, Token
from accounts.queries import handle
from accounts.sessions import BY_CODE, HALF, PARENT, PERSON, PROVED, SessionStore

LASTS = timedelta(hours=12)
HALF_LASTS = timedelta(minutes=10)


class SignedOutMeanwhile(Exception):
    """The password was changed, the account suspended or the portal's session ended while this one was to begin."""

    def __init__(self) -> None:
        super().__init__(_("账号刚刚有变动，请再登录一次"))


def begin(
    session: SessionStore,
    person: Person,
    *,
    now: datetime,
    is_by_code: bool = False,
    proved_at: datetime | None = None,
) -> None:
    """Sign this person in on the session's host: a new key and nothing of the session before, 12 hours in all.

    `is_by_code` notes that the phone has just been proved, `proved_at` when a second factor was. The person's row is locked meanwhile, so that a new password or a suspension comes wholly before or after.
    Raises SignedOutMeanwhile.
    """
    with transaction.atomic(using=router.db_for_write(Session)):
        lock_unchanged(person)
        _refuse_ended(session)
        session.flush()
        session[PERSON] = str(person.pk)
        if is_by_code:
            session[BY_CODE] = now.isoformat()
        if proved_at is not None:
            session[PROVED] = proved_at.isoformat()
        session.set_expiry(now + LASTS)
        session.create()


def begin_half(session: SessionStore, person: Person, half: dict[str, Any], *, now: datetime) -> None:
    """Keep for ten minutes that this person's password was right: nobody's session, but for the pages that ask for the rest.

    `half` is what `services.entering` has to know of it. Raises SignedOutMeanwhile.
    """
    with transaction.atomic(using=router.db_for_write(Session)):
        lock_unchanged(person)
        _refuse_ended(session)
        session.flush()
        session[HALF] = {**half, "person": str(person.pk)}
        session.set_expiry(now + HALF_LASTS)
        session.create()


def begin_from(session: SessionStore, ticket: Ticket, *, now: datetime) -> None:
    """Begin the citizen's session that a spent ticket stands for: it ends with the portal's session, at the latest.

    Raises SignedOutMeanwhile.
    """
    with transaction.atomic(using=router.db_for_write(Session)):
        person = (
            Person.objects.select_for_update(no_key=True).filter(pk=ticket.person_id, is_active=True).first()
        )
        # locked too: a sign-out at the portal comes wholly before (nothing begins) or after (it finds this session)
        parent = (
            Session.objects.select_for_update(no_key=True)
            .filter(session_key=ticket.session_key, person_id=ticket.person_id, hall="", expire_date__gt=now)
            .first()
        )
        if person is None or parent is None:
            raise SignedOutMeanwhile
        session.flush()
        session[PERSON] = str(ticket.person_id)
        session[PARENT] = ticket.session_key
        session.set_expiry(parent.expire_date)
        session.create()


def _refuse_ended(session: SessionStore) -> None:
    """Raise SignedOutMeanwhile when the half session that goes on here was ended, or went on, in another request."""
    if session.half is not None and not Session.objects.filter(pk=session.session_key, is_half=True).exists():
        raise SignedOutMeanwhile


def lock_unchanged(person: Person) -> None:
    """Lock the person's row in the running transaction. Raises SignedOutMeanwhile when it is not any more as it was read."""
    found = Person.objects.select_for_update(no_key=True).filter(pk=person.pk, is_active=True).first()
    if found is None or found.password != person.password:
        raise SignedOutMeanwhile


def end(session: SessionStore) -> None:
    """Sign out here, and everywhere that this sign-in led to.

    A citizen's session ends with its portal session, that one's sessions in all halls, its tickets and the person's
    tokens; a staff session ends alone, with the person's tokens of that hall.
    """
    portal_key = session.get(PARENT) or ("" if session.hall else session.session_key)
    person: str = session.get(PERSON, "")
    with transaction.atomic(using=router.db_for_write(Session)):
        if portal_key:
            # the parent first: its row is what a ticket being spent waits for
            Session.objects.filter(session_key=portal_key, hall="").delete()
            Ticket.objects.filter(session_key=portal_key).delete()
            Session.objects.filter(parent=portal_key).delete()
            if person:
                Token.objects.filter(person_id=person).delete()
        elif person:
            Token.objects.filter(person_id=person, hall=session.hall).delete()
        session.flush()


def end_one(person: UUID, named: str) -> bool:
    """End one session of this person, with what came of it; return whether there was one. `named` is its handle.

    Another person's session is none, however it is named.
    """
    found = [
        key
        for key in Session.objects.filter(person=person).values_list("session_key", flat=True)
        if handle(key) == named
    ]
    _end(found)
    return bool(found)


def end_others(person: UUID, session: SessionStore) -> int:
    """End every session of this person but this one and what came of it; return how many."""
    mine = session.session_key or ""
    others = Session.objects.filter(person=person).exclude(session_key=mine).exclude(parent=mine)
    if session.get(PARENT):
        others = others.exclude(session_key=session[PARENT])
    return _end(list(others.values_list("session_key", flat=True)))


def _end(keys: list[str]) -> int:
    with transaction.atomic(using=router.db_for_write(Session)):
        gone: int = Session.objects.filter(session_key__in=keys).delete()[0]
        Session.objects.filter(parent__in=keys).delete()
        Ticket.objects.filter(session_key__in=keys).delete()
    return gone


def end_all(person: Person) -> None:
    """End every session, half or whole, ticket, token and challenge of this person.

    The caller holds the row's lock by having changed it.
    """
    sessions = Session.objects.filter(person=person)
    with transaction.atomic(using=router.db_for_write(Session)):
        keys = list(sessions.values_list("session_key", flat=True))
        Session.objects.filter(Q(person=person) | Q(parent__in=keys)).delete()
        for model in (Ticket, Token, Challenge):
            model._default_manager.filter(person=person).delete()


def end_in_hall(person: UUID, hall: str) -> None:
    """End this person's staff sessions and tokens of one hall's host; what came by a ticket is a citizen's and goes on."""
    with transaction.atomic(using=router.db_for_write(Session)):
        Session.objects.filter(person_id=person, hall=hall, parent="").delete()
        Token.objects.filter(person_id=person, hall=hall).delete()
