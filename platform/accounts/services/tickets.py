"""The way from the portal into a hall: a ticket bound to person, hall and nonce, thirty seconds, spent once."""

import secrets
from datetime import datetime, timedelta

from django.db import connections, router
from django.utils.crypto import constant_time_compare

from accounts.models import Ticket
from accounts.queries import digest
from accounts.sessions import PERSON, SessionStore

LASTS = timedelta(seconds=30)
_SPEND = """
DELETE FROM public.accounts_ticket WHERE digest = %s
RETURNING digest, person_id, hall, nonce_digest, session_key, expires_at
"""


class NotAdmitted(Exception):
    """The ticket is unknown, spent, run out, another hall's or another browser's."""


def new_nonce() -> str:
    """Return what binds a ticket to one browser: kept there in a cookie, sent along as its hash."""
    return secrets.token_urlsafe(32)


def issue(session: SessionStore, *, hall: str, nonce_digest: str, now: datetime) -> str:
    """Return a ticket for the person of this portal session into one hall. Only its hash is kept."""
    ticket = secrets.token_urlsafe(32)
    Ticket.objects.create(
        digest=digest(ticket),
        person_id=session[PERSON],
        hall=hall,
        nonce_digest=nonce_digest,
        session_key=session.session_key or "",
        expires_at=now + LASTS,
    )
    return ticket


def spend(ticket: str, *, hall: str, nonce: str, now: datetime) -> Ticket:
    """Take the ticket away and return it. Whoever shows it spends it, rightly or not. Raises NotAdmitted."""
    with connections[router.db_for_write(Ticket)].cursor() as cursor:
        cursor.execute(_SPEND, [digest(ticket)])
        row = cursor.fetchone()
    if row is None:
        raise NotAdmitted
    spent = Ticket(*row)
    is_bound = constant_time_compare(spent.nonce_digest, digest(nonce)) and spent.hall == hall
    if not nonce or not is_bound or spent.expires_at <= now:
        raise NotAdmitted
    return spent
