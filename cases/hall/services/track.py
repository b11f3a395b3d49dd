"""Following a case without an account: by its number and its query code, few tries, each counted before it is checked."""

import hmac
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services import counters
from cases.hall import numbers
from cases.hall.models import Case
from cases.hall.queries import place

WINDOW_SECONDS = 15 * 60
TRIES_A_NUMBER = 5
TRIES_AN_ADDRESS = 100


class WrongCode(Exception):
    """Number and code do not belong together; `left` tries remain for this number."""

    def __init__(self, left: int) -> None:
        super().__init__(_("编号或查询码不对，还能试 %(n)d 次") % {"n": left})
        self.left = left


class Locked(Exception):
    """There were too many wrong tries; `until` says when it may be tried again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(_("试错太多，%(time)s后再试") % {"time": f"{timezone.localtime(until):%H:%M}"})
        self.until = until


def track(number: str, query_code: str, *, address: str, now: datetime) -> Case:
    """Return the one case of this number and query code in the hall in scope. Raises WrongCode, Locked, as `track_all`."""
    return _tried(_one, number, query_code, address, now)[0]


def track_all(number: str, query_code: str, *, address: str, now: datetime) -> list[Case]:
    """Return the case of this number and query code in the hall in scope; of a parent's number all that was filed with it.

    A number that was never given counts and answers like a wrong code, so that nobody learns which exist. A right
    try gives back what it took. Raises WrongCode, Locked.
    """
    return _tried(_all, number, query_code, address, now)


def _tried(
    find: Callable[[str], list[Case]], number: str, query_code: str, address: str, now: datetime
) -> list[Case]:
    number = "".join(letter for letter in number if letter.isascii() and letter.isdigit())[:18]
    keys = [(f"track:{place.here().role}:{number}", TRIES_A_NUMBER)]
    if by_address := counters.by_address("track", address):
        keys.append((by_address, TRIES_AN_ADDRESS))
    left = _reserve(keys, now)
    found = find(number) if number else []
    # compared with something even when there is no case: the time it takes tells nothing
    expected = found[0].query_code if found else "0" * numbers.QUERY_LENGTH
    is_right = hmac.compare_digest(expected.encode(), numbers.normalize_query_code(query_code).encode())
    if not found or not is_right:
        raise WrongCode(left)
    for key, _limit in keys:
        counters.release(key)
    return found


def _one(number: str) -> list[Case]:
    return list(Case.objects.filed().filter(number=number))


def _all(number: str) -> list[Case]:
    if found := _one(number):
        return found
    children = Case.objects.filed().filter(parent__number=number).select_related("parent")
    return list(children.order_by("number"))


def _reserve(keys: list[tuple[str, int]], now: datetime) -> int:
    """Count the try on each key and return how many are left on the first. Raises Locked, with nothing counted."""
    left = []
    with ExitStack() as undo:
        for key, limit in keys:
            try:
                left.append(counters.reserve(key, limit=limit, window_seconds=WINDOW_SECONDS, now=now).left)
            except counters.TooMany as refusal:
                raise Locked(refusal.until) from None
            undo.callback(counters.release, key)
        undo.pop_all()
    return left[0]
