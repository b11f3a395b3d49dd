"""Reads of accounts, each on `gate`."""

import hashlib

from django.utils import timezone

from accounts.actor import NOBODY, Actor
from accounts.models import Agency, Company, Token


def digest(secret: str) -> str:
    """Return how a secret of high entropy is kept: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_of_token(token: str, hall: str) -> Actor:
    """Return who this token of this host belongs to; nobody when it is unknown, foreign or run out."""
    found = (
        Token.objects.select_related("person")
        .filter(digest=digest(token), hall=hall, expires_at__gt=timezone.now(), person__is_active=True)
        .first()
    )
    return Actor.of(found.person, may_hold_posts=True) if found else NOBODY


def companies_of(actor: Actor) -> list[Company]:
    """Return the companies that this person acts for now."""
    agencies = Agency.objects.select_related("company").filter(person=actor.person_id, is_active=True)
    return [agency.company for agency in agencies.order_by("company_id")]
