"""Checking who somebody is by password: counted before it is checked, the same answer for every wrong try."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.encryption import blind_index
from accounts.models import Person, SignIn
from accounts.network import UNKNOWN
from accounts.queries import holders_of, people_named
from accounts.services import counters
from accounts.validators import normalize_id

# DOMAIN section 9: five failures, a quarter of an hour; an address stands for many people
TRIES_OF_AN_ACCOUNT = 5
TRIES_OF_AN_ADDRESS = 100
LOCK_SECONDS = 15 * 60
# a longer one is nobody's, and hashing it costs
LONGEST_PASSWORD = 128


class WrongPassword(Exception):
    """The name or the password is wrong, or the account is suspended: the answer does not tell which."""

    def __init__(self, left: int) -> None:
        super().__init__(_("账号或密码不对，还能试 %(n)d 次") % {"n": left})
        self.left = left


def by_password(
    username: str, password: str, *, hall: str, address: str, now: datetime, how: str = "password"
) -> Person:
    """Return the person of this username or phone, when the password is theirs.

    In order: both counters are reserved, the password is checked (a dummy's where there is no such account, which takes
    as long), the try is written down, and only a right one gives the counters back.
    Raises WrongPassword, or counters.TooMany without checking anything.
    """
    people = people_named(username)
    account = f"sign-in:{people[0].pk if len(people) == 1 else blind_index(username.strip().lower())}"
    person = people[0] if people else None
    place = counters.by_address("sign-in", address)
    try:
        left = _reserve(account, place, now)
    except counters.TooMany:
        write_down(person, hall=hall, how=how, succeeded=False, address=address, now=now)
        raise
    # two may share a phone: the password says which of them it is
    right = next((each for each in people if _is_right(each, password)), None)
    if not people:
        _is_right(None, password)
    person = right or person
    write_down(person, hall=hall, how=how, succeeded=right is not None, address=address, now=now)
    if right is None:
        raise WrongPassword(left)
    counters.reset(account)
    if place:
        counters.release(place)
    return right


# the last characters of an ID number, the check digit among them
TAIL = 6
TRIES_OF_A_PHONE = 5


class WrongProof(Exception):
    """Neither the end of an ID number nor a password of those who hold this phone; the text says how many tries are left."""

    def __init__(self, left: int) -> None:
        super().__init__(_("对不上，还能试 %(n)d 次") % {"n": left})


def by_holder(phone: str, *, tail: str, password: str, hall: str, address: str, now: datetime) -> Person:
    """Return which of those who hold a proved phone somebody is: by the end of their ID number, or by their password.

    Counted by phone before anything is looked at, for a day: the next holder of a number has few guesses. Raises WrongProof,
    counters.TooMany.
    """
    people = [person for person in holders_of(phone) if person.is_active and not person.city_role]
    key = f"sign-in:holder:{blind_index(phone)}"
    left = counters.reserve(key, limit=TRIES_OF_A_PHONE, window_seconds=24 * 3600, now=now).left
    ending = normalize_id(tail)
    right = [
        person
        for person in people
        if (
            len(ending) == TAIL
            and person.id_number
            and constant_time_compare(person.id_number[-TAIL:], ending)
        )
        or (password and _is_right(person, password))
    ]
    found = right[0] if len(right) == 1 else None
    write_down(
        found or (people[0] if people else None),
        hall=hall,
        how="code",
        succeeded=found is not None,
        address=address,
        now=now,
    )
    if found is None:
        raise WrongProof(left)
    counters.reset(key)
    return found


def _reserve(account: str, place: str | None, now: datetime) -> int:
    if place:
        counters.reserve(place, limit=TRIES_OF_AN_ADDRESS, window_seconds=LOCK_SECONDS, now=now)
    try:
        return counters.reserve(account, limit=TRIES_OF_AN_ACCOUNT, window_seconds=LOCK_SECONDS, now=now).left
    except counters.TooMany:
        if place:
            counters.release(place)
        raise


def _is_right(person: Person | None, password: str) -> bool:
    password = password[:LONGEST_PASSWORD]
    if person is None:
        # as much work as a real check, so that the time does not tell who has an account
        make_password(password)
        return False
    return person.check_password(password) and person.is_active


def write_down(
    person: Person | None, *, hall: str, how: str, succeeded: bool, address: str, now: datetime
) -> None:
    """Keep that somebody tried to sign in. What was typed for a name that is nobody's is not kept: it may be a password."""
    SignIn.objects.create(
        at=now,
        hall=hall,
        username=person.username if person else "",
        person_id=person.pk if person else None,
        how=how,
        succeeded=succeeded,
        address=None if not address or address == UNKNOWN else address,
    )
