"""Which browser somebody has used before: a signed cookie of ninety days, which a new password ends.

It opens nothing by itself. Where it is missing (a new phone, a stranger's, one not used for long), a phone code alone does not sign in
somebody whose name and number are on file: phone numbers pass to strangers.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from accounts.encryption import blind_index
from accounts.models import Person

LASTS = timedelta(days=90)
_SALT = "accounts.device"


def cookie() -> str:
    """Return the name of the cookie."""
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def is_known(request: HttpRequest, person: Person) -> bool:
    """Say whether this person has signed in by this browser, lately and with the present password."""
    try:
        mark = signing.TimestampSigner(salt=_SALT).unsign(request.COOKIES.get(cookie(), ""), max_age=LASTS)
    except signing.BadSignature:
        return False
    return constant_time_compare(mark, _mark(person))


def remember(response: HttpResponse, person: Person) -> None:
    """Let the browser be known as this person's."""
    response.set_cookie(
        cookie(),
        signing.TimestampSigner(salt=_SALT).sign(_mark(person)),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _mark(person: Person) -> str:
    return blind_index(f"device:{person.pk}:{person.password}")
