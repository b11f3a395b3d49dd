"""What a post demands of a password (MLPS 3): three classes of characters, ninety days, not one of the last five.

It holds for whoever has a city role or has signed in with a post that demands it, wherever they change it. Of others nothing is kept.
"""

import string
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import demands
from accounts.models import FormerPassword, Person


def is_strict(person: Person) -> bool:
    """Say whether the strict rules hold for this person."""
    if not settings.SECOND_FACTOR_ROLES:
        return False
    return person.strict_since is not None or demands.second_factor([person.city_role])


def hold_strict(person: Person, *, now: datetime) -> None:
    """Note that this person holds a post that demands more: the rules hold from now on."""
    if person.strict_since is None:
        person.strict_since = now
        Person.objects.filter(pk=person.pk, strict_since=None).update(strict_since=now)


def is_weak(password: str) -> bool:
    """Say whether a password has fewer than three of: small letters, capitals, digits, others."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    found = {next((n for n, kind in enumerate(kinds) if letter in kind), len(kinds)) for letter in password}
    return len(found) < demands.CLASSES


def days_left(person: Person, *, now: datetime) -> int | None:
    """Return for how many whole days the password still holds, less than none when it has run out; None where it has no end."""
    if not is_strict(person):
        return None
    return ((person.password_set_at or person.created_at) + demands.PASSWORD_LASTS - now).days


def must_change(person: Person, typed: str, *, now: datetime) -> bool:
    """Say whether somebody who has just signed in must choose another password first. `typed` may be empty: not by password."""
    left = days_left(person, now=now)
    return left is not None and (left < 0 or bool(typed and is_weak(typed)))


def refuse_weak(person: Person, password: str) -> None:
    """Raise ValidationError when the person's post demands more of a new password."""
    if not is_strict(person):
        return
    if is_weak(password):
        raise ValidationError(_("大写字母、小写字母、数字、符号里至少要有三种"))
    former = person.former_passwords.order_by("-ended_at")[: demands.PASSWORDS_KEPT - 1]
    if any(check_password(password, kept) for kept in [person.password, *(row.password for row in former)]):
        raise ValidationError(_("最近 %(n)d 次用过的密码不能再用，请换一个") % {"n": demands.PASSWORDS_KEPT})


def keep_former(person: Person, *, now: datetime) -> None:
    """Keep the hash of the password that is about to end, and of no more than are looked at; nothing where the rules do not hold."""
    if not is_strict(person):
        return
    FormerPassword.objects.create(person=person, password=person.password, ended_at=now)
    kept = person.former_passwords.order_by("-ended_at", "-pk")[: demands.PASSWORDS_KEPT - 1]
    person.former_passwords.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
