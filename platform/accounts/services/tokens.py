"""Keys to the API of one host: made after a password, hashed at rest, twelve hours at most."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import router, transaction

from accounts.models import Person, Token
from accounts.queries import digest, handle
from accounts.services import counters
from accounts.services.sessions import lock_unchanged

LASTS = timedelta(hours=12)
# a client keeps its token: one that asks every six seconds does something wrong
AN_HOUR = 600


def issue(person: Person, *, hall: str, now: datetime, is_proved: bool = False) -> tuple[str, datetime]:
    """Return a new token of this person for one host, and when it runs out; `is_proved` when a second factor was given.

    Raises counters.TooMany, and sessions.SignedOutMeanwhile when the account changed since the password was checked.
    """
    counters.reserve(f"token:{person.pk}", limit=AN_HOUR, window_seconds=3600, now=now)
    token = secrets.token_urlsafe(32)
    with transaction.atomic(using=router.db_for_write(Token)):
        lock_unchanged(person)
        Token.objects.create(
            digest=digest(token),
            person=person,
            hall=hall,
            is_proved=is_proved,
            created_at=now,
            expires_at=now + LASTS,
        )
    return token, now + LASTS


def end_one(person: UUID, named: str) -> bool:
    """End one token of this person, named by its handle; return whether there was one."""
    digests = Token.objects.filter(person=person).values_list("digest", flat=True)
    found = [each for each in digests if handle(each) == named]
    return bool(Token.objects.filter(pk__in=found).delete()[0])


def revoke(token: str, *, hall: str) -> None:
    """End one token of one host; one that has ended already is no fault."""
    Token.objects.filter(digest=digest(token), hall=hall).delete()
