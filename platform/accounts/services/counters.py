"""How often something was tried: counted in the database before it is checked, so that parallel tries cannot slip by."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections, router

from accounts.models import Counter
from accounts.network import UNKNOWN

# one statement: the row's lock puts parallel tries in line, and each gets a number of its own
_RESERVE = """
INSERT INTO public.accounts_counter AS c (key, window_ends_at, count) VALUES (%(key)s, %(ends)s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN c.window_ends_at <= %(now)s THEN 1 ELSE LEAST(c.count + 1, 1000000) END,
    window_ends_at = CASE WHEN c.window_ends_at <= %(now)s OR c.count + 1 = %(limit)s THEN %(ends)s ELSE c.window_ends_at END
RETURNING count, window_ends_at
"""
_RELEASE = "UPDATE public.accounts_counter SET count = count - 1 WHERE key = %s AND count > 0"


class TooMany(Exception):
    """It was tried too often: nothing was checked. `until` says when it may be tried again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"too many tries, again at {until:%H:%M}")
        self.until = until


@dataclass(frozen=True)
class Reservation:
    """One counted try; `left` says how many more there are after it."""

    key: str
    left: int


def reserve(key: str, *, limit: int, window_seconds: int, now: datetime) -> Reservation:
    """Count one try of at most `limit` in a window, before what is tried is looked at.

    The window begins anew with the last allowed try, so that a lock lasts `window_seconds` whole. Written on `gate`
    by itself, so that it survives a refusal. Raises TooMany, and the try must then not be made.
    """
    ends = now + timedelta(seconds=window_seconds)
    with connections[router.db_for_write(Counter)].cursor() as cursor:
        cursor.execute(_RESERVE, {"key": key[:120], "ends": ends, "now": now, "limit": limit})
        count, until = cursor.fetchone()
    if count > limit:
        raise TooMany(until)
    return Reservation(key, limit - count)


def release(key: str) -> None:
    """Give one try back: it was right, or nothing was tried."""
    with connections[router.db_for_write(Counter)].cursor() as cursor:
        cursor.execute(_RELEASE, [key[:120]])


def reset(key: str) -> None:
    """Forget all tries: the right one was made."""
    Counter.objects.filter(key=key[:120]).delete()


def by_address(kind: str, address: str) -> str | None:
    """Return the key that counts an address: an IPv6 customer's whole /64; None for an address that is not known."""
    if not address or address == UNKNOWN:
        return None
    parsed = ipaddress.ip_address(address)
    if parsed.version == 6:
        return f"{kind}:address:{ipaddress.ip_network((parsed, 64), strict=False)}"
    return f"{kind}:address:{parsed}"
