"""People with a second factor, for the tests."""

from django.utils import timezone

from accounts.models import Person
from accounts.services import second_factor
from tests.accounts.authenticator import code, step_now
from tests.template import PERSON_ID


def person(username):
    """One of the cast."""
    return Person.objects.get(pk=PERSON_ID[username])


def with_totp(username, *, drift=-1):
    """Give one of the cast an authenticator; return its key. Its first code was the last half minute's: the present one is unused."""
    secret = second_factor.new_secret()
    second_factor.add_totp(
        person(username), secret=secret, code=code(secret, drift), name="手机", now=timezone.now()
    )
    return secret


def with_codes(username):
    """Give one of the cast recovery codes besides; return them."""
    return second_factor.new_recovery_codes(person(username), now=timezone.now())


__all__ = ["code", "person", "step_now", "with_codes", "with_totp"]
