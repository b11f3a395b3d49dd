"""One hall's own identity, departments, windows and posts: tables of the hall's schema."""

from django.db import models

from tenants.hall.enums import PostRole


class Identity(models.Model):
    """Which hall this schema is: read with every switch into it, written by the owner alone.

    It catches a stale cache entry, a left-behind schema and one restored under another name.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    key = models.CharField(max_length=63)
    generation = models.PositiveIntegerField()
    state = models.CharField(max_length=10)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="identity_one_row")]

    def __str__(self) -> str:
        return self.key


class Office(models.Model):
    """Where the hall is, when it is open and how to ask: shown wherever an item says nothing of its own."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    address = models.CharField(max_length=200, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    complaint_phone = models.CharField(max_length=60, blank=True)
    notice = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="office_one_row")]

    def __str__(self) -> str:
        return self.address


class Department(models.Model):
    """A department of this hall; `short_name` is the catalogue's, `name` carries the hall's prefix."""

    short_name = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    uscc = models.CharField(max_length=18, blank=True)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A person's post in this hall. A row here is what makes somebody staff, and only here.

    The person is known by UUID without a foreign key: a hall can read no account.
    """

    person = models.UUIDField()
    name = models.CharField(max_length=60)
    username = models.CharField(max_length=60)
    role = models.CharField(max_length=20, choices=PostRole)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="posts"
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "role"], name="post_once_a_person"),
            models.CheckConstraint(condition=models.Q(role__in=PostRole.values), name="post_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.role}"
