"""Closing an account for good by its owner, and opening it again at a window within thirty days.

What is open with it ends in the same transaction; the phone is free at once, so that its next holder begins anew and meets
nothing of this one. Name and ID number stay for the window alone, until `blank_closed` takes them.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, router, transaction
from django.utils.translation import gettext as _

from accounts.encryption import blind_index
from accounts.models import Agency, Company, Factor, FormerPassword, Person, Reach, RecoveryCode
from accounts.services.people import AlreadyRegistered
from accounts.services.sessions import end_all
from accounts.validators import normalize_phone, validate_phone
from audit.models import Record

REOPENED_WITHIN = timedelta(days=30)
# what a blanked account is called: it says nothing of anybody
GONE = "gone-"
BATCH = 500


class NotToReopen(Exception):
    """The account is not closed, or was closed too long ago."""


def hindrance(person: UUID) -> str:
    """Return why this account cannot be closed as things stand, and what to do; empty when it can. Posts are the halls' to say."""
    found = Person.objects.get(pk=person)
    if found.city_role:
        return _("您是市级工作人员，请单位先撤掉您的岗位，再来注销。")
    company = Company.objects.filter(representative=person).order_by("uscc").first()
    if company is not None:
        return _("您登记为“{name}”的法定代表人，请到窗口先变更，再来注销。").format(name=company.name)
    return ""


def close(person: UUID, *, now: datetime) -> int:
    """Close an account: again changes nothing. Every session, ticket and token ends, the phone is free. Audited.

    Return how many companies it no longer acts for.
    """
    with transaction.atomic(using=router.db_for_write(Person)):
        found = Person.objects.select_for_update().get(pk=person)
        left = end_agencies(person)
        if found.closed_at is not None:
            return left
        found.is_active, found.closed_at = False, now
        found.phone, found.phone_index, found.password = "", None, make_password(None)
        found.save(update_fields=["is_active", "closed_at", "phone", "phone_index", "password"])
        for model in (Reach, Factor, RecoveryCode, FormerPassword):
            model._default_manager.filter(person=found).delete()
        end_all(found)
        _audit("close_account", found, by=person, now=now)
    return left


def end_agencies(person: UUID) -> int:
    """Let this person act for no company any more; return for how many it did."""
    return Agency.objects.filter(person=person, is_active=True).update(is_active=False, authorised_by=None)


def reopen(person: UUID, *, phone: str, by: UUID | None, now: datetime) -> None:
    """Open an account again for whoever showed their ID card at a window; its owner signs in by this phone. Audited.

    Raises NotToReopen, ValidationError for what is no phone, AlreadyRegistered for a phone that has an account.
    """
    phone = normalize_phone(phone)
    validate_phone(phone)
    try:
        with transaction.atomic(using=router.db_for_write(Person)):
            found = Person.objects.select_for_update().get(pk=person)
            if found.closed_at is None or found.closed_at < now - REOPENED_WITHIN or _is_blank(found):
                raise NotToReopen
            found.is_active, found.closed_at = True, None
            found.phone, found.phone_index, found.phone_place = phone, blind_index(phone), 1
            found.save(update_fields=["is_active", "closed_at", "phone", "phone_index", "phone_place"])
            _audit("reopen_account", found, by=by, now=now)
    except IntegrityError:
        raise AlreadyRegistered from None


def blank_closed(*, now: datetime) -> int:
    """Take name and ID number from accounts that were closed thirty days ago; return how many. Nobody opens them again."""
    old = Person.objects.filter(closed_at__lt=now - REOPENED_WITHIN).exclude(username__startswith=GONE)
    with transaction.atomic(using=router.db_for_write(Person)):
        found = list(old.select_for_update(skip_locked=True).order_by("closed_at", "id")[:BATCH])
        for person in found:
            person.username, person.name, person.id_number, person.town = f"{GONE}{person.pk.hex}", "", "", ""
            person.id_index, person.proved_by, person.proved_at = None, "", None
            person.save(
                update_fields=["username", "name", "id_number", "town", "id_index", "proved_by", "proved_at"]
            )
    return len(found)


def _is_blank(person: Person) -> bool:
    return person.username.startswith(GONE)


def _audit(action: str, person: Person, *, by: UUID | None, now: datetime) -> None:
    row = Record(at=now, actor=by, action=action, object=person.username)
    row.save(using=router.db_for_write(Person), force_insert=True)
