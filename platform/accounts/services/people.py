"""People: registering, passwords, suspension, and the demo's invented ones."""

import secrets
from datetime import datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, router, transaction
from django.utils.translation import gettext as _

from accounts.encryption import blind_index
from accounts.enums import CityRole
from accounts.models import Person
from accounts.services import companies
from accounts.services.sessions import end_all
from accounts.validators import normalize_id, normalize_phone, validate_id_number, validate_phone
from audit.models import Record


class AlreadyRegistered(Exception):
    """The phone, proved by a code, has an account already."""

    def __init__(self) -> None:
        super().__init__(_("这个手机号已经注册过，请直接登录"))


class ClosedByOwner(Exception):
    """Its owner closed the account: it is opened again at a window (services.closing.reopen)."""


class DemoOnly(Exception):
    """Invented people are for the demo: this installation refuses them (settings.DEMO_PEOPLE_ALLOWED)."""


def register(*, phone: str, name: str, id_number: str, password: str, now: datetime) -> Person:
    """Make an account for whoever has just proved this phone by a code.

    Name and ID number are checked, not proved: they are kept encrypted and find nobody.
    Raises ValidationError for a number whose check digit is wrong, AlreadyRegistered.
    """
    phone, id_number = normalize_phone(phone), normalize_id(id_number)
    validate_phone(phone)
    validate_id_number(id_number)
    try:
        with transaction.atomic(using=router.db_for_write(Person)):
            return Person.objects.create(
                username=f"p{secrets.token_hex(8)}",
                password=make_password(password),
                name=name.strip(),
                id_number=id_number,
                phone=phone,
                phone_index=blind_index(phone),
                created_at=now,
            )
    except IntegrityError:
        raise AlreadyRegistered from None


def change_password(person: UUID, *, password: str, now: datetime) -> Person:
    """Set a new password; every session, ticket and token of the person ends, the caller's too. Audited."""
    with transaction.atomic(using=router.db_for_write(Person)):
        found = Person.objects.select_for_update().get(pk=person)
        found.password = make_password(password)
        found.save(update_fields=["password"])
        end_all(found)
        _audit("change_password", found, by=person, now=now)
    return found


def suspend(person: UUID, *, by: UUID | None, now: datetime) -> None:
    """Close an account: nobody signs in with it, and what is open with it ends now. Audited; `by` is None for a command."""
    with transaction.atomic(using=router.db_for_write(Person)):
        found = Person.objects.select_for_update().get(pk=person)
        found.is_active = False
        found.save(update_fields=["is_active"])
        end_all(found)
        _audit("suspend_person", found, by=by, now=now)


def restore(person: UUID, *, by: UUID | None, now: datetime) -> None:
    """Open a suspended account again; its person signs in anew. Audited. Raises ClosedByOwner."""
    with transaction.atomic(using=router.db_for_write(Person)):
        found = Person.objects.select_for_update().get(pk=person)
        if found.closed_at is not None:
            raise ClosedByOwner
        found.is_active = True
        found.save(update_fields=["is_active"])
        _audit("restore_person", found, by=by, now=now)


def _audit(action: str, person: Person, *, by: UUID | None, now: datetime) -> None:
    """Add a row to the public audit by the login that changes the account, so that both stand or fall together."""
    row = Record(at=now, actor=by, action=action, object=person.username)
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
                person.password = _demo_password(password)
            for field, value in facts.items():
                setattr(person, field, value)
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
    }
