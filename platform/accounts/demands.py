"""What a post or a city role demands of how its holder signs in (MLPS 3, GB/T 22239-2019), where settings say so."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

EVERY = "all"
PASSWORD_LASTS = timedelta(days=90)
WARNED_BEFORE = timedelta(days=7)
# the present one among them
PASSWORDS_KEPT = 5
CLASSES = 3


def second_factor(roles: Iterable[str]) -> bool:
    """Say whether one of these posts or city roles demands a second factor (settings.SECOND_FACTOR_ROLES)."""
    held = {str(role) for role in roles if role}
    named = settings.SECOND_FACTOR_ROLES
    return bool(held) and (EVERY in named or not held.isdisjoint(named))


def refuse_unknown() -> None:
    """Raise ImproperlyConfigured when settings name a role that nobody can have: its holders would be asked for nothing."""
    known = {EVERY}.union(*(import_string(name).values for name in settings.ROLES))
    if wrong := sorted(settings.SECOND_FACTOR_ROLES - known):
        raise ImproperlyConfigured(
            f"SECOND_FACTOR={wrong[0]!r} is no post and no city role: write some of {', '.join(sorted(known))}, or none"
        )


def idle_after() -> timedelta:
    """Return how long somebody who works here may make no request before they are signed out."""
    return timedelta(minutes=settings.IDLE_MINUTES)
