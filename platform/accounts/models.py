"""People, companies, sessions, tickets, tokens and counters: public tables that only `gate` reaches."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from accounts.enums import CityRole, Trust
from accounts.fields import EncryptedTextField


class PersonManager(BaseUserManager["Person"]):
    """Looks people up by username; they are made by `accounts.services` alone."""


class Person(AbstractBaseUser):
    """Somebody who can sign in: a citizen, an agent, a clerk. Halls know the UUID and nothing else of this row.

    Name and ID number are what the person typed, checked by check digit and not proved: never unique, never
    used to find an account. The phone is proved by a code and finds the account by its blind index.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = EncryptedTextField(blank=True)
    id_number = EncryptedTextField(blank=True)
    phone = EncryptedTextField(blank=True)
    phone_index = models.CharField(max_length=64, unique=True, null=True, blank=True)
    town = models.CharField(max_length=9, blank=True)
    city_role = models.CharField(max_length=20, choices=CityRole, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    objects = PersonManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(city_role__in=["", *CityRole.values]), name="person_city_role_known"
            ),
        ]

    def __str__(self) -> str:
        return self.username


class Company(models.Model):
    """An enterprise or organisation, known by its unified social credit code (GB 32100)."""

    uscc = models.CharField(max_length=18, primary_key=True)
    name = models.CharField(max_length=120)
    # the legal representative 法定代表人, once a clerk has seen licence and ID card: from then on only whom they authorise acts
    representative = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="represents"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    # said by queries.companies_of: whether this person is authorised, or has only declared to act for it
    is_proved = False

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """A person acts for a company 经办人: as they declared, or authorised by its legal representative for a year at most."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="agencies")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="agencies")
    is_active = models.BooleanField(default=True)
    authorised_by = models.UUIDField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "person"], name="agency_once"),
            models.CheckConstraint(
                condition=models.Q(authorised_by=None) | models.Q(until__isnull=False),
                name="agency_authorised_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.company_id}"


class Material(models.Model):
    """A paper that a person keeps to hand in again: theirs alone, over all halls, its content encrypted at rest.

    `label` is what it is called, `kind` one of `accounts.material_kinds`; `source` and `source_number` say which hall
    saw or issued it, in which case. Size and digest are the content's, not those of the encrypted file.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="materials")
    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=120)
    name = EncryptedTextField()
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    trust = models.CharField(max_length=6, choices=Trust)
    source = models.CharField(max_length=60, blank=True)
    source_number = models.CharField(max_length=18, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            # keeping the same paper twice is keeping it once
            models.UniqueConstraint(fields=["person", "sha256"], name="material_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class Session(AbstractBaseSession):
    """A session of one host: stamped with its hall (`""` is the portal), and with the portal session it came of.

    `parent` is set on a session that came by a ticket: it is a citizen's and carries no post, and ends with its parent.
    """

    hall = models.CharField(max_length=63, blank=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")
    parent = models.CharField(max_length=40, blank=True, db_index=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        verbose_name = "session"
        verbose_name_plural = "sessions"

    def __str__(self) -> str:
        return f"{self.hall} {self.person_id}"


class Ticket(models.Model):
    """A way from the portal into one hall: bound to person, hall and nonce, 30 seconds, spent once."""

    digest = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    hall = models.CharField(max_length=63)
    nonce_digest = models.CharField(max_length=64)
    session_key = models.CharField(max_length=40)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.hall} {self.expires_at}"


class Token(models.Model):
    """A key to the API of one host, hashed at rest, twelve hours at most."""

    digest = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    hall = models.CharField(max_length=63, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.hall} {self.person_id}"


class Code(models.Model):
    """A six-digit code sent to a phone: hashed, five minutes, five tries; a new one replaces the old."""

    phone_index = models.CharField(max_length=64, primary_key=True)
    digest = models.CharField(max_length=64)
    tries_left = models.SmallIntegerField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.expires_at}"


class Counter(models.Model):
    """How often something was tried in a window of time: counted in the database, reserved before it is checked."""

    key = models.CharField(max_length=120, primary_key=True)
    window_ends_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key} {self.count}"


class SignIn(models.Model):
    """The audit of signing in: kept although the request was refused, so written by `gate`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(db_index=True)
    hall = models.CharField(max_length=63, blank=True)
    username = models.CharField(max_length=60, blank=True)
    person_id = models.UUIDField(null=True)
    how = models.CharField(max_length=20)
    succeeded = models.BooleanField()
    address = models.GenericIPAddressField(null=True)

    def __str__(self) -> str:
        return f"{self.at} {self.username} {self.succeeded}"
