"""The city, its halls, their hosts and the places they serve: tables of the public schema."""

import uuid
from datetime import timedelta

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from tenants.shared.enums import HallState, Level


class City(models.Model):
    """The one city of this database, and the prefix of all its roles and logins.

    `role_prefix` is chosen when the database is made and never changes; copies of the database share it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    role_prefix = models.CharField(max_length=32)
    code = models.CharField(max_length=6, blank=True)
    name = models.CharField(max_length=40, blank=True)
    service_name = models.CharField(max_length=60, blank=True)
    portal_name = models.CharField(max_length=60, blank=True)
    hotline = models.CharField(max_length=20, blank=True)
    area_code = models.CharField(max_length=4, blank=True)
    portal_domain = models.CharField(max_length=253, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="city_one_row")]

    def __str__(self) -> str:
        return self.name


class Hall(TenantMixin):
    """One online service hall: one schema, one role, one host name.

    `schema_name` is the hall's key and its host's label; `role` is `<prefix>_h<number>` and survives a
    renaming; `generation` grows with each renaming or restoring, so that a stale cache entry is caught.
    """

    auto_create_schema = False
    auto_drop_schema = False

    role = models.CharField(max_length=63, unique=True)
    generation = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=HallState, default=HallState.PREPARING)
    level = models.CharField(max_length=6, choices=Level)
    name = models.CharField(max_length=60)
    short_name = models.CharField(max_length=20)
    division_code = models.CharField(max_length=6)
    case_prefix = models.CharField(max_length=6, unique=True)
    document_prefix = models.CharField(max_length=20)
    department_prefix = models.CharField(max_length=20)
    uscc = models.CharField(max_length=18, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    opened_on = models.DateField(null=True, blank=True)
    # what its schema was last brought to (tenants.shared.migrating), and since when it could not be
    migrated_to = models.CharField(max_length=16, blank=True)
    quarantined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=HallState.values), name="hall_state_known")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The hall's key: its schema and its host's label."""
        return str(self.schema_name)


class Domain(DomainMixin):
    """A host name that leads to a hall."""

    def __str__(self) -> str:
        return str(self.domain)


class Division(models.Model):
    """A town, street or zone (GB/T 2260 and the statistical nine digits), and the hall that serves it."""

    code = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    county_code = models.CharField(max_length=6)
    county_name = models.CharField(max_length=40)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="divisions")
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.county_name}{self.name}"


class HallVisit(models.Model):
    """应急进入: somebody of the city may come into one hall for a while, as one asked, another approved, and the hall was told.

    The city writes it, the hall reads its own rows and may end one (row-level security by `hall_role`). Nobody stays longer
    than an hour. `tell_at` is when the hall's admins are to be told next by message; null once it was done, `told` says how many.
    """

    LONGEST_MINUTES = 60

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hall = models.ForeignKey(
        Hall, to_field="role", db_column="hall_role", on_delete=models.CASCADE, related_name="+"
    )
    person = models.UUIDField()
    username = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    may_act = models.BooleanField(default=False)
    sees_personal = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=60, blank=True)
    tell_at = models.DateTimeField(null=True, blank=True)
    told = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__range=(5, 60)), name="visit_lasts_an_hour_at_most"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at=None, until=None)
                | models.Q(
                    approved_at__isnull=False,
                    decided_by__isnull=False,
                    refused_at=None,
                    until__gt=models.F("approved_at"),
                    until__lte=models.F("approved_at") + timedelta(minutes=60),
                ),
                name="visit_approved_with_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("person")),
                name="visit_approved_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["hall", "person", "until"], name="visit_of_person"),
            models.Index(fields=["tell_at"], name="visit_to_tell", condition=models.Q(tell_at__isnull=False)),
            models.Index(fields=["-asked_at", "id"], name="visit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.username} {self.asked_at}"


class MigrationScript(models.Model):
    """What leads a hall's schema from one record of migrations to the next, as the statements that the template was sent."""

    before = models.CharField(max_length=16, primary_key=True)
    after = models.CharField(max_length=16)
    statements = models.TextField()
    steps = models.JSONField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class HallMigration(models.Model):
    """The ledger of migrations: a hall, from where to where, by which steps, how it ended, how many seconds it took."""

    DONE, FAILED = "done", "failed"

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="migrations")
    before = models.CharField(max_length=16, blank=True)
    after = models.CharField(max_length=16)
    steps = models.JSONField()
    outcome = models.CharField(max_length=6)
    error = models.TextField(blank=True)
    seconds = models.FloatField()
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.hall.key}: {self.outcome}"
