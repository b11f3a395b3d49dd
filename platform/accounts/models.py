"""People, companies, sessions, tickets, tokens and counters: public tables that only `gate` reaches."""

import uuid
from datetime import time

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from accounts.enums import LEVELS, VERIFIED_BY, CityRole, FactorKind, Level, ProvedBy, Trust
from accounts.fields import EncryptedTextField

# a couple, or a son with his mother; more are no family
PHONE_SHARED_BY = 2


class PersonManager(BaseUserManager["Person"]):
    """Looks people up by username; they are made by `accounts.services` alone."""


class Person(AbstractBaseUser):
    """Somebody who can sign in: a citizen, an agent, a clerk. Halls know the UUID and nothing else of this row.

    What name and ID number rest on is `proved_by`; empty, they are what somebody typed, and decide nothing. A number
    that is verified belongs to one open account; one that is not keeps nobody out. The phone is proved by a code
    and finds the accounts by its blind index: two people may share it (`phone_place`), and one whose number passed
    to somebody else keeps it as a name to sign in with by password, without a place.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = EncryptedTextField(blank=True)
    id_number = EncryptedTextField(blank=True)
    phone = EncryptedTextField(blank=True)
    # null: none; an empty text would be one that all share
    phone_index = models.CharField(max_length=64, db_index=True, null=True, blank=True)  # noqa: DJ001
    phone_place = models.PositiveSmallIntegerField(default=1, null=True, blank=True)
    id_index = models.CharField(max_length=64, db_index=True, null=True, blank=True)  # noqa: DJ001 -- as above
    proved_by = models.CharField(max_length=8, choices=ProvedBy, blank=True)
    proved_at = models.DateTimeField(null=True, blank=True)
    town = models.CharField(max_length=9, blank=True)
    city_role = models.CharField(max_length=20, choices=CityRole, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    # closed by its owner: opened again at a window alone, and only for a while (services.closing)
    closed_at = models.DateTimeField(null=True, blank=True)
    # null: since the account was made
    password_set_at = models.DateTimeField(null=True, blank=True)
    # somebody whose post demands more has signed in: its rules of passwords hold wherever they change it
    strict_since = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    objects = PersonManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(city_role__in=["", *CityRole.values]), name="person_city_role_known"
            ),
            models.UniqueConstraint(fields=["phone_index", "phone_place"], name="person_phone_place"),
            models.CheckConstraint(
                condition=models.Q(phone_place=None) | models.Q(phone_place__range=(1, PHONE_SHARED_BY)),
                name="person_phone_shared_by_few",
            ),
            models.UniqueConstraint(
                fields=["id_index"],
                condition=models.Q(proved_by__in=VERIFIED_BY, is_active=True),
                name="person_verified_number_once",
            ),
            models.CheckConstraint(
                condition=models.Q(proved_by="")
                | models.Q(proved_by__in=ProvedBy.values, id_index__isnull=False, proved_at__isnull=False),
                name="person_proved_has_number",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def level(self) -> Level:
        """How well this person is known."""
        return LEVELS[self.proved_by]

    @property
    def lost_phone(self) -> bool:
        """Whether the phone has passed to somebody else: it only names the account any more."""
        return self.phone_index is not None and self.phone_place is None


class WindowCode(models.Model):
    """A code that a person shows at the window, so that a clerk finds this one and cannot browse people: 15 minutes, once."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.expires_at}"


class Reach(models.Model):
    """How a person wants to be told, and what has failed to reach them. Without a row: by SMS, the city's quiet hours.

    `mail` is proved by a code before it stands here. `off` holds "channel:group" (enums). Quiet hours are local times;
    both empty: the city's, both the same: none. `phone_refused` is the index of a number of which the provider said that
    nobody has it, `mail_refused_at` the same of the mail: nothing goes there until the person changes or confirms it.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="reach")
    mail = EncryptedTextField(blank=True)
    mail_proved_at = models.DateTimeField(null=True, blank=True)
    off = models.JSONField(default=list)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    phone_refused = models.CharField(max_length=64, blank=True)
    mail_refused_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.person_id)

    @property
    def quiet_hours(self) -> tuple[time, time]:
        """When messages that can wait do: the person's own hours, or the city's."""
        if self.quiet_from is None or self.quiet_to is None:
            hours: tuple[time, time] = settings.QUIET_HOURS
            return hours
        return self.quiet_from, self.quiet_to


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
    `is_half` is one whose password was right and whose second factor is not proved yet: it is nobody's to every page but those
    that prove it. `device` and `place` say to its person where it began: system and browser in words, a masked address.
    """

    hall = models.CharField(max_length=63, blank=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")
    parent = models.CharField(max_length=40, blank=True, db_index=True)
    is_half = models.BooleanField(default=False)
    begun_at = models.DateTimeField(null=True)
    # of the minute, for whoever works here; of ten for citizens
    seen_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=45, blank=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        verbose_name = "session"
        verbose_name_plural = "sessions"

    def __str__(self) -> str:
        return f"{self.hall} {self.person_id}"

    @property
    def is_work(self) -> bool:
        """Whether it may carry posts of its hall or a city role, and so ends when it is idle."""
        is_staffs = bool(self.hall) and not self.parent
        return not self.is_half and (is_staffs or bool(self.person and self.person.city_role))


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
    """A key to the API of one host, hashed at rest, twelve hours at most; `is_proved` when a second factor was given for it."""

    digest = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    hall = models.CharField(max_length=63, blank=True)
    is_proved = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.hall} {self.person_id}"


class Factor(models.Model):
    """What proves who somebody is besides the password: an authenticator's key (TOTP, RFC 6238) or a passkey (WebAuthn).

    A row is made when its first code or signature has proved it. `secret` is encrypted and bound to this row; `last_step` is the
    half minute of the last code taken, so that none is taken twice. `rp_id` is the domain that a passkey is for, `credential` its
    id and public key (attested credential data, base64), `sign_count` what its device last counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=8, choices=FactorKind)
    name = models.CharField(max_length=40)
    secret = models.TextField(blank=True)
    last_step = models.BigIntegerField(null=True)
    # null: no passkey; an empty text would be one that all share
    credential_id = models.CharField(max_length=1400, null=True, unique=True)  # noqa: DJ001
    credential = models.TextField(blank=True)
    rp_id = models.CharField(max_length=253, blank=True)
    sign_count = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(kind=FactorKind.TOTP, credential_id=None) & ~models.Q(secret=""))
                | models.Q(kind=FactorKind.PASSKEY, credential_id__isnull=False, secret=""),
                name="factor_is_one_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class RecoveryCode(models.Model):
    """A code for whoever lost every other factor: hashed with a key, shown when it is made, good once."""

    digest = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.person_id)


class Challenge(models.Model):
    """What a passkey has to sign: one a session, bound to it and to its person, five minutes, spent once."""

    session_key = models.CharField(max_length=40, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=8)
    challenge = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.purpose} {self.expires_at}"


class FormerPassword(models.Model):
    """The hash of a password that somebody whose post demands it must not take again."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.ended_at}"


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
