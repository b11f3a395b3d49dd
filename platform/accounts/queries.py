"""Reads of accounts, each on `gate`."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts import demands
from accounts.actor import NOBODY, Actor
from accounts.encryption import blind_index
from accounts.masking import mask_id, mask_name, mask_phone
from accounts.models import Agency, Company, Factor, Material, Person, Session, Token
from accounts.validators import normalize_id, normalize_name, normalize_phone, phone_problem


@dataclass(frozen=True)
class Applicant:
    """Who applies, as a case freezes it: what the person registered with, checked and not proved."""

    person_id: UUID
    name: str
    id_number: str
    phone: str

    @property
    def masked_name(self) -> str:
        """The name as screens show it."""
        return mask_name(self.name)

    @property
    def masked_id_number(self) -> str:
        """The ID number as screens show it."""
        return mask_id(self.id_number)

    @property
    def masked_phone(self) -> str:
        """The phone as screens show it."""
        return mask_phone(self.phone)


def digest(secret: str) -> str:
    """Return how a secret of high entropy is kept: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_of_token(token: str, hall: str) -> Actor:
    """Return who this token of this host belongs to; nobody when it is unknown, foreign or run out."""
    found = (
        Token.objects.select_related("person")
        .filter(digest=digest(token), hall=hall, expires_at__gt=timezone.now(), person__is_active=True)
        .first()
    )
    if found is None or (demands.second_factor([found.person.city_role]) and not found.is_proved):
        return NOBODY
    return Actor.of(found.person, may_hold_posts=True, is_proved=found.is_proved)


def companies_of(actor: Actor) -> list[Company]:
    """Return the companies that this person acts for now; `is_proved` when they represent it or are authorised today.

    Who has only declared to act for a company whose representative is on file does not. One query.
    """
    if actor.person_id is None:
        return []
    mine = Agency.objects.filter(company=OuterRef("pk"), person=actor.person_id, is_active=True)
    proved = Exists(mine.filter(authorised_by__isnull=False, until__gte=timezone.localdate()))
    found = Company.objects.annotate(proved=Q(representative=actor.person_id) | Q(proved)).filter(
        Q(proved=True) | (Q(representative=None) & Q(Exists(mine)))
    )
    companies: list[Company] = list(found.order_by("uscc"))
    for company in companies:
        company.is_proved = bool(company.proved)  # type: ignore[attr-defined]
    return companies


def agents_of(company: Company) -> list[Agency]:
    """Return whom a company's representative has authorised, and who has declared to act for it."""
    agencies = Agency.objects.select_related("person").filter(company=company, is_active=True)
    return list(agencies.order_by("until", "person_id"))


def represented_by(actor: Actor, uscc: str) -> Company | None:
    """Return the company of this code if this person is its legal representative on file."""
    return (
        Company.objects.filter(pk=uscc, representative=actor.person_id).first() if actor.person_id else None
    )


def holders_of(phone: str) -> list[Person]:
    """Return the accounts that hold this phone number, proved by a code: none, one, or two who share it."""
    found = Person.objects.filter(phone_index=blind_index(normalize_phone(phone)), phone_place__isnull=False)
    return list(found.order_by("phone_place"))


def person_with_phone(phone: str, name: str) -> Person | None:
    """Return the account of this name that holds this phone: name and phone must belong together."""
    wanted = normalize_name(name)
    return next((person for person in holders_of(phone) if normalize_name(person.name) == wanted), None)


def people_named(text: str) -> list[Person]:
    """Return the accounts of a username, or of a phone number where the text is one.

    One whose phone passed to somebody else is still named by it, after those who hold it.
    """
    if phone_problem(text):
        return list(Person.objects.filter(username=text.strip().lower()))
    found = Person.objects.filter(phone_index=blind_index(normalize_phone(text)))
    return list(found.order_by("phone_place", "created_at", "pk"))


def person_named(text: str) -> Person | None:
    """Return the one account of a username or phone; None where there is none, or more than one."""
    found = people_named(text)
    return found[0] if len(found) == 1 else None


def id_index(id_number: str) -> str:
    """Return how the city looks an ID number up: no hall's index can be matched with it."""
    return blind_index(f"person:{normalize_id(id_number)}")


def applicant_of(actor: Actor) -> Applicant:
    """Return who applies when this person does. Raises Person.DoesNotExist for nobody."""
    if actor.person_id is None:
        raise Person.DoesNotExist("nobody has signed in")
    person = Person.objects.get(pk=actor.person_id)
    return Applicant(person.pk, person.name, person.id_number, person.phone)


def materials_of(actor: Actor) -> list[Material]:
    """Return the papers that this person keeps, what was kept last first. One query."""
    if actor.person_id is None:
        return []
    return list(Material.objects.filter(person=actor.person_id).order_by("-kept_at", "id"))


def material_of(actor: Actor, pk: UUID) -> Material | None:
    """Return this paper if this person keeps it; another's is none."""
    if actor.person_id is None:
        return None
    return Material.objects.filter(person=actor.person_id, pk=pk).first()


@dataclass(frozen=True)
class OpenSession:
    """One place where a person is signed in, as their own page shows it. `handle` names it; its key stands nowhere."""

    handle: str
    hall: str
    begun_at: datetime | None
    seen_at: datetime | None
    device: str
    place: str
    is_this: bool


@dataclass(frozen=True)
class OpenToken:
    """One key to the API that a person has, as their own page shows it."""

    handle: str
    hall: str
    created_at: datetime
    expires_at: datetime


def handle(secret: str) -> str:
    """Return how a page names a session or a token: no key can be made of it."""
    return digest(f"handle:{secret}")[:16]


def sessions_of(person: Person, *, here: str, now: datetime) -> list[OpenSession]:
    """Return where this person is signed in, the latest first; `here` is the key of the asking session. One query."""
    rows = Session.objects.select_related("person").filter(person=person, is_half=False, expire_date__gt=now)
    idle = now - demands.idle_after()
    return [
        OpenSession(
            handle(row.session_key),
            row.hall,
            row.begun_at,
            row.seen_at,
            row.device,
            row.place,
            row.session_key == here,
        )
        for row in rows.order_by(F("seen_at").desc(nulls_last=True))
        if not (row.is_work and row.seen_at is not None and row.seen_at < idle)
    ]


def tokens_of(person: Person, *, now: datetime) -> list[OpenToken]:
    """Return the keys to the API that this person has, the latest first. One query."""
    rows = Token.objects.filter(person=person, expires_at__gt=now).order_by("-created_at")
    return [OpenToken(handle(row.digest), row.hall, row.created_at, row.expires_at) for row in rows]


def has_second_factor(person_ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these people have a second factor. One query on `gate`."""
    rows = Factor.objects.filter(person__in=list(person_ids))
    return set(rows.values_list("person_id", flat=True).distinct())
