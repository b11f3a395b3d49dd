"""Proving again who one is, in the middle of a session: a phone that was lent, or left open, must not give everything away."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services import codes, sign_in
from accounts.sessions import PROVED

LASTS = timedelta(minutes=10)
PASSWORD, CODE, SECOND = "password", "code", "second"
_PURPOSE = "confirm"
_MARK = "confirmed"


@dataclass(frozen=True)
class Given:
    """From where and when it is tried: what the counters need."""

    address: str
    now: datetime


def send(phone: str, given: Given) -> str:
    """Send a code to the account's own phone; return it for the demo. Raises counters.TooMany, sms.NotSent."""
    words = _("验证码%(code)s，用来确认是您本人要看、要删自己的资料，不要告诉任何人。")
    return codes.send(phone, purpose=_PURPOSE, address=given.address, now=given.now, text=words)


def check(actor: Actor, phone: str, given: Given, password: str, code: str) -> str:
    """Return the way in which it was proved. A code outweighs a password.

    Raises sign_in.WrongPassword, codes.WrongCode, codes.CodeExpired, counters.TooMany: counted like signing in.
    """
    if code and phone:
        codes.check(phone, code, purpose=_PURPOSE, now=given.now)
        return CODE
    sign_in.by_password(
        actor.username, password, hall="", address=given.address, now=given.now, how="confirm"
    )
    return PASSWORD


def note(session: MutableMapping[str, Any], how: str, *, now: datetime) -> None:
    """Keep in the session that it was proved, how and when."""
    session[_MARK] = {"how": how, "at": now.isoformat()}
    if how == SECOND:
        session[PROVED] = now.isoformat()


def is_fresh(session: Any, *, by_code: bool = False, by_second: bool = False, now: datetime) -> bool:
    """Whether it was proved in this session in the last ten minutes, by a code or a second factor where that is asked for."""
    if by_second:
        proved_at = session.get(PROVED, "")
        return bool(proved_at) and now - datetime.fromisoformat(proved_at) < LASTS
    mark = session.get(_MARK)
    if not mark or (by_code and mark["how"] != CODE):
        return False
    return now - datetime.fromisoformat(mark["at"]) < LASTS
