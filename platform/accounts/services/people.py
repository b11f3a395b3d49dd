"""People: registering, passwords, suspension, and the demo's invented ones."""

import contextlib
import secrets
from datetime import datetime
from enum import StrEnum
from functools import cache
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, router, transaction
from django.utils.translation import gettext as _

from accounts import checking, sms
from accounts.encryption import blind_index
from accounts.enums import VERIFIED_BY, CityRole, ProvedBy
from accounts.models import PHONE_SHARED_BY, Person
from accounts.queries import id_index
from accounts.services import companies, counters, identity, passwords
from accounts.services.sessions import end_all
from accounts.validators import (
    normalize_id,
    normalize_name,
    normalize_phone,
    validate_id_number,
    validate_name,
    validate_phone,
    validate_username,
)
from audit.models import Record


class AlreadyRegistered(Exception):
    """The phone, proved by a code, has an account already (or as many as may share it)."""

    def __init__(self) -> None:
        super().__init__(_("这个手机号已经注册过，请直接登录"))


class NameTaken(Exception):
    """Somebody's account has this username."""


class ClosedByOwner(Exception):
    """Its owner closed the account: it is opened again at a window (services.closing.reopen)."""


class Holders(StrEnum):
    """What is with the accounts that hold a phone when somebody proves it and is none of them."""

    NONE = ""
    # a couple: both keep it
    SHARED = "shared"
    # the number is a stranger's now: whoever held it keeps the account and loses the phone
    PASSED_ON = "passed_on"


class DemoOnly(Exception):
    """Invented people are for the demo: this installation refuses them (settings.DEMO_PEOPLE_ALLOWED)."""


def register(
    *,
    phone: str,
    name: str,
    id_number: str,
    password: str,
    now: datetime,
    holders: Holders = Holders.NONE,
) -> Person:
    """Make an account for whoever has just proved this phone by a code.

    Without an ID number it is of level 1. With one the pair is checked; a register that does not answer leaves the account at
    level 1, with what was typed. `holders` says what is with those who hold the phone. Raises ValidationError, AlreadyRegistered,
    identity.NumberTaken, checking.NoMatch, counters.TooMany.
    """
    phone, id_number, name = normalize_phone(phone), normalize_id(id_number), normalize_name(name)
    validate_phone(phone)
    validate_name(name)
    proved_by = ""
    if id_number:
        validate_id_number(id_number)
        counters.reserve(
            f"register:{blind_index(phone)}",
            limit=identity.CLAIMS_A_DAY,
            window_seconds=identity.A_DAY,
            now=now,
        )
        identity.refuse_taken(id_number, by=None, now=now)
        with contextlib.suppress(checking.NotReachable):
            proved_by = checking.check(name, id_number)
    try:
        with transaction.atomic(using=router.db_for_write(Person)):
            place = _place(phone, holders, now)
            person = Person.objects.create(
                username=f"p{secrets.token_hex(8)}",
                password=make_password(password),
                name=name,
                id_number=id_number,
                id_index=id_index(id_number) if id_number else None,
                proved_by=proved_by,
                proved_at=now if proved_by else None,
                phone=phone,
                phone_index=blind_index(phone),
                phone_place=place,
                created_at=now,
            )
    except IntegrityError:
        raise AlreadyRegistered from None
    return person


def _place(phone: str, holders: Holders, now: datetime) -> int:
    """Return the new account's place among those who hold a phone, after the others have lost it or kept it."""
    held = list(
        Person.objects.select_for_update()
        .filter(phone_index=blind_index(phone), phone_place__isnull=False)
        .order_by("phone_place")
    )
    if holders == Holders.PASSED_ON:
        for other in held:
            other.phone, other.phone_place = "", None
            other.save(update_fields=["phone", "phone_place"])
            _audit("phone.passed_on", other, by=None, now=now)
        return 1
    taken = {other.phone_place for other in held}
    free = [place for place in range(1, PHONE_SHARED_BY + 1) if place not in taken]
    if not free or (taken and holders != Holders.SHARED):
        raise AlreadyRegistered
    return free[0]


def change_phone(person: UUID, *, phone: str, now: datetime) -> Person:
    """Give an account another phone, which its person has just proved by a code. The old one is told. Audited.

    Raises ValidationError, AlreadyRegistered when somebody holds it.
    """
    phone = normalize_phone(phone)
    validate_phone(phone)
    try:
        with transaction.atomic(using=router.db_for_write(Person)):
            found = Person.objects.select_for_update().get(pk=person)
            before = found.phone
            if before == phone:
                return found
            place = _place(phone, Holders.NONE, now)
            found.phone, found.phone_index, found.phone_place = phone, blind_index(phone), place
            found.save(update_fields=["phone", "phone_index", "phone_place"])
            _audit("phone.change", found, by=person, now=now)
    except IntegrityError:
        raise AlreadyRegistered from None
    if before:
        with contextlib.suppress(sms.NotSent):
            sms.send(before, _("您账号的手机号已换。不是您本人换的，请马上拨12345。"))
    return found


def change_password(person: UUID, *, password: str, now: datetime) -> Person:
    """Set a new password; every session, ticket and token of the person ends, the caller's too. Audited.

    Raises ValidationError where the person's post demands more of a password than this one has.
    """
    with transaction.atomic(using=router.db_for_write(Person)):
        found = Person.objects.select_for_update().get(pk=person)
        passwords.refuse_weak(found, password)
        passwords.keep_former(found, now=now)
        found.password, found.password_set_at = make_password(password), now
        found.save(update_fields=["password", "password_set_at"])
        end_all(found)
        _audit("change_password", found, by=person, now=now)
    return found


def create_staff(*, username: str, password: str | None, name: str, now: datetime) -> Person:
    """Make an account for somebody who works here: a username and a password that they chose. Audited.

    Without a password nobody signs in until one is set. Raises ValidationError for a username that is none, NameTaken.
    """
    username = username.strip().lower()
    validate_username(username)
    try:
        with transaction.atomic(using=router.db_for_write(Person)):
            person = Person.objects.create(
                username=username, password=make_password(password), name=normalize_name(name), created_at=now
            )
            _audit("person.create", person, by=None, now=now)
    except IntegrityError:
        raise NameTaken from None
    return person


def suspend(person: UUID, *, by: UUID | None, now: datetime, by_name: str = "", reason: str = "") -> None:
    """Close an account everywhere: nobody signs in with it, and what is open with it ends now. Audited; `by` is None for a command."""
    with transaction.atomic(using=router.db_for_write(Person)):
        found = Person.objects.select_for_update().get(pk=person)
        found.is_active = False
        found.save(update_fields=["is_active"])
        end_all(found)
        _audit("suspend_person", found, by=by, now=now, by_name=by_name, reason=reason)


def restore(person: UUID, *, by: UUID | None, now: datetime, by_name: str = "", reason: str = "") -> None:
    """Open a suspended account again; its person signs in anew. Audited. Raises ClosedByOwner."""
    with transaction.atomic(using=router.db_for_write(Person)):
        found = Person.objects.select_for_update().get(pk=person)
        if found.closed_at is not None:
            raise ClosedByOwner
        found.is_active = True
        found.save(update_fields=["is_active"])
        _audit("restore_person", found, by=by, now=now, by_name=by_name, reason=reason)


def _audit(
    action: str, person: Person, *, by: UUID | None, now: datetime, by_name: str = "", reason: str = ""
) -> None:
    """Add a row to the public audit by the login that changes the account, so that both stand or fall together."""
    detail = {"reason": reason} if reason else {}
    row = Record(
        at=now, actor=by, actor_name=by_name[:60], action=action, object=person.username, detail=detail
    )
    row.save(using=router.db_for_write(Person), force_insert=True)


def create_demo_person(
    *,
    username: str,
    password: str,
    name: str,
    phone: str = "",
    id_number: str = "",
    town: str = "",
    city_role: str = "",
    company: tuple[str, str] | None = None,
    now: datetime,
) -> Person:
    """Make an invented person of the demo, or bring the one of this username to these facts; again changes nothing.

    `company` is (credit code, name) of one that the person acts for. An unchanged password is not hashed again, so
    sessions live on. Raises DemoOnly, ValidationError for wrong check digits or an unknown role, AlreadyRegistered
    when the username is a real person's or the phone another's.
    """
    if not settings.DEMO_PEOPLE_ALLOWED:
        raise DemoOnly("invented people are refused here: MODE is production")
    username = username.lower()
    facts = _checked(
        {"name": name, "phone": phone, "id_number": id_number, "town": town, "city_role": city_role}
    )
    try:
        with transaction.atomic(using=router.db_for_write(Person)):
            person = Person.objects.select_for_update().filter(username=username).first()
            if person is not None and not person.is_demo:
                raise AlreadyRegistered
            if person is None:
                person = Person(username=username, is_demo=True, created_at=now)
            if person.password == "" or not person.check_password(password):
                person.password, person.password_set_at = _demo_password(password), now
            if person.proved_by in VERIFIED_BY and person.id_number == facts["id_number"]:
                # somebody tried out the verification: loading the city again takes it from nobody
                facts |= {"proved_by": person.proved_by}
            for field, value in facts.items():
                setattr(person, field, value)
            person.proved_at = (person.proved_at or now) if person.proved_by else None
            person.save()
            if company is not None:
                companies.add(person.pk, uscc=company[0], name=company[1], now=now)
    except IntegrityError:
        raise AlreadyRegistered from None
    return person


# the demo's people share a password that everybody reads in the README: one hash for all of them is enough
_demo_password = cache(make_password)


def _checked(facts: dict[str, str]) -> dict[str, str | None]:
    """Return the facts as they are kept. Raises ValidationError."""
    phone, id_number = normalize_phone(facts["phone"]), normalize_id(facts["id_number"])
    if phone:
        validate_phone(phone)
    if id_number:
        validate_id_number(id_number)
    if facts["city_role"] not in {"", *CityRole.values}:
        raise ValidationError(
            f"{facts['city_role']!r} is no role of the city: write one of {', '.join(CityRole.values)}"
        )
    return {
        **facts,
        "phone": phone,
        "id_number": id_number,
        "phone_index": blind_index(phone) if phone else None,
        "id_index": id_index(id_number) if id_number else None,
        "proved_by": ProvedBy.FORMAT if id_number else "",
    }
