"""The city's people: their accounts are made by the system administrator, their roles given by the security administrator.

An account has one role of the city or none, so nobody holds two of the three that are kept apart. Nobody changes their own, and
one security administrator at least stays. Each is audited on `gate`, where the account is.
"""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.db import router, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.capabilities import Can, may
from accounts.enums import CityRole
from accounts.models import Person
from accounts.services import people
from accounts.services.sessions import end_all
from audit.models import Record

MAX_REASON = 200


class Refused(Exception):
    """It cannot be so: `fields` says what to change, by the form's fields."""

    def __init__(self, **fields: str) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = fields


def search(text: str) -> "QuerySet[Person]":
    """Return the city's people; with a text, whoever's username it begins, staff of halls among them. Names are not searched: they are encrypted."""
    text = text.replace("\x00", "").strip().lower()
    # citizens' usernames are made by the program and nobody's to find
    named = Q(username__startswith=text) & ~Q(username__regex=r"^(p[0-9a-f]{16}|gone-.*)$")
    return Person.objects.filter(named if text else ~Q(city_role="")).order_by("username")


def create(*, username: str, name: str, by: Actor, now: datetime) -> Person:
    """Make an account for somebody of the city, without role and password: `first_password` is how they set one.

    Raises PermissionDenied, ValidationError, people.NameTaken.
    """
    if not may(by.city_role, Can.ACCOUNTS):
        raise PermissionDenied
    return people.create_staff(username=username, password=None, name=name, now=now)


def link_for(person: Person) -> str:
    """Return what a link carries that lets somebody set a password once: it is nothing after three days or once a password is set."""
    return default_token_generator.make_token(person)


def first_password(person: UUID, token: str, *, password: str, now: datetime) -> Person:
    """Set the password that a link allows to set. Raises Refused for a link that is no good any more."""
    with transaction.atomic(using=router.db_for_write(Person)):
        found = Person.objects.select_for_update().filter(pk=person, is_active=True).first()
        if found is None or not default_token_generator.check_token(found, token):
            raise Refused(password=_("这个链接没有用了，请找系统管理员再要一个"))
        found.password = make_password(password)
        found.save(update_fields=["password"])
        end_all(found)
        _audit("person.first_password", found, None, now)
    return found


def set_role(person: UUID, role: str, *, reason: str, by: Actor | None, now: datetime) -> Person:
    """Give an account a role of the city, another one, or none; what is open with it ends. `by` is None for a command.

    Raises PermissionDenied, Refused.
    """
    if by is not None and not may(by.city_role, Can.ROLES):
        raise PermissionDenied
    if role not in {"", *CityRole.values}:
        raise Refused(role=_("请选一种"))
    reason = _reason(reason)
    with transaction.atomic(using=router.db_for_write(Person)):
        found = _lock(person)
        if by is not None and by.person_id == person:
            raise Refused(role=_("不能改自己的，请另一位安全管理员来办"))
        if found.city_role == role:
            return found
        before = found.city_role
        _check_one_left(found)
        found.city_role = role
        found.save(update_fields=["city_role"])
        end_all(found)
        _audit("person.city_role", found, by, now, {"before": before, "role": role, "reason": reason})
    return found


def suspend(person: UUID, *, reason: str, by: Actor, now: datetime) -> None:
    """Close an account everywhere at once: city, halls and portal. Raises PermissionDenied, Refused."""
    reason = _may_suspend(person, reason, by)
    with transaction.atomic(using=router.db_for_write(Person)):
        _check_one_left(_lock(person))
        people.suspend(person, by=by.person_id, by_name=by.display_name, reason=reason, now=now)


def reopen(person: UUID, *, reason: str, by: Actor, now: datetime) -> None:
    """Open a suspended account again. Raises PermissionDenied, Refused."""
    reason = _may_suspend(person, reason, by)
    try:
        people.restore(person, by=by.person_id, by_name=by.display_name, reason=reason, now=now)
    except people.ClosedByOwner:
        raise Refused(reason=_("这个账号是本人注销的，要本人到窗口恢复")) from None


def _may_suspend(person: UUID, reason: str, by: Actor) -> str:
    if not may(by.city_role, Can.SUSPEND):
        raise PermissionDenied
    if by.person_id == person:
        raise Refused(reason=_("不能停用自己，请另一位安全管理员来办"))
    return _reason(reason)


def _lock(person: UUID) -> Person:
    """Lock this account and those of all security administrators, always in one order, so that two who end each other leave one."""
    wanted = Q(pk=person) | Q(city_role=CityRole.SECURITY_ADMIN)
    locked = list(Person.objects.select_for_update().filter(wanted).order_by("pk"))
    return next(each for each in locked if each.pk == person)


def _check_one_left(going: Person) -> None:
    if going.city_role != CityRole.SECURITY_ADMIN or not going.is_active:
        return
    others = Person.objects.filter(city_role=CityRole.SECURITY_ADMIN, is_active=True).exclude(pk=going.pk)
    if not others.exists():
        raise Refused(reason=_("他是最后一位安全管理员，请先给另一位"))


def _reason(text: str) -> str:
    reason = " ".join(text.replace("\x00", "").split())[:MAX_REASON]
    if not reason:
        raise Refused(reason=_("请写明为什么"))
    return reason


def _audit(
    action: str, person: Person, by: Actor | None, now: datetime, detail: dict[str, str] | None = None
) -> None:
    row = Record(
        at=now,
        actor=by.person_id if by else None,
        actor_name=by.display_name[:60] if by else "",
        action=action,
        object=person.username,
        detail=detail or {},
    )
    row.save(using=router.db_for_write(Person), force_insert=True)
