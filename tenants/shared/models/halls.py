"""The city, its halls, their hosts and the places they serve."""

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
    # while it is frozen: whether its staff goes on with what runs
    staff_may_finish = models.BooleanField(default=True)
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
    # of a copy restored from an archive: the key of the hall it is of. It is on no list and nothing leaves it
    copy_of = models.CharField(max_length=63, blank=True, default="")
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
    """A host name that leads to a hall: the primary one is its address, a former one leads there."""

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
