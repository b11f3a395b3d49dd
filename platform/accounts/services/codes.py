"""Six digits sent to a phone: five minutes, five tries, good for one purpose and once."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connections, router
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts import sms
from accounts.encryption import blind_index
from accounts.models import Code
from accounts.services import counters

LASTS = timedelta(minutes=5)
TRIES = 5
A_MINUTE, A_DAY = 60, 24 * 3600
CODES_A_DAY = 10
CODES_OF_AN_ADDRESS_AN_HOUR = 100
# one statement: a try is taken before the code is looked at
_TRY = """
UPDATE public.accounts_code SET tries_left = tries_left - 1
WHERE phone_index = %s AND tries_left > 0 AND expires_at > %s RETURNING digest, tries_left
"""


class WrongCode(Exception):
    """The code is not the one that was sent; the text says how many tries are left, or to fetch another."""

    def __init__(self, left: int) -> None:
        again = _("试错太多，请再取一个验证码")
        super().__init__(_("验证码不对，还能试 %(n)d 次") % {"n": left} if left else again)
        self.left = left


class CodeExpired(Exception):
    """No code is in force: it ran out, was used, or was tried too often."""

    def __init__(self) -> None:
        super().__init__(_("验证码过期了，请再取一个"))


def send(phone: str, *, purpose: str, address: str, now: datetime, text: str = "") -> str:
    """Send a new code to this phone, whoever it belongs to, and return it (for the demo's page alone).

    `text` says with `%(code)s` what the code is for, where it is not for signing in.

    It replaces the one before. Counted before it is sent: one a minute and ten a day for a phone, a hundred an hour
    for an address. Raises counters.TooMany, or sms.NotSent, after which the minute is given back.
    """
    index = blind_index(phone)
    place = counters.by_address("code", address)
    if place:
        counters.reserve(place, limit=CODES_OF_AN_ADDRESS_AN_HOUR, window_seconds=3600, now=now)
    counters.reserve(f"code:minute:{index}", limit=1, window_seconds=A_MINUTE, now=now)
    counters.reserve(f"code:day:{index}", limit=CODES_A_DAY, window_seconds=A_DAY, now=now)
    words = text or _("验证码%(code)s，5分钟内有效，不要告诉任何人。")
    try:
        return issue(
            phone, purpose=purpose, now=now, send=lambda code: sms.send(phone, words % {"code": code})
        )
    except sms.NotSent:
        counters.reset(f"code:minute:{index}")
        raise


def issue(address: str, *, purpose: str, now: datetime, send: Callable[[str], object]) -> str:
    """Make a code for an address, in the place of the one before, have it sent, and return it."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    Code.objects.update_or_create(
        phone_index=blind_index(address),
        defaults={
            "digest": _digest(address, purpose, code),
            "tries_left": TRIES,
            "expires_at": now + LASTS,
        },
    )
    send(code)
    return code


def check(phone: str, code: str, *, purpose: str, now: datetime) -> None:
    """Spend the code that was sent to this phone for this purpose. Raises WrongCode or CodeExpired."""
    index = blind_index(phone)
    with connections[router.db_for_write(Code)].cursor() as cursor:
        cursor.execute(_TRY, [index, now])
        row = cursor.fetchone()
    if row is None:
        raise CodeExpired
    expected, left = row
    if not constant_time_compare(expected, _digest(phone, purpose, code.strip())):
        raise WrongCode(left)
    if not Code.objects.filter(phone_index=index, digest=expected).delete()[0]:
        raise CodeExpired


def _digest(phone: str, purpose: str, code: str) -> str:
    # six digits are guessed in no time: only a keyed hash hides them
    return blind_index(f"code:{purpose}:{phone}:{code}")
