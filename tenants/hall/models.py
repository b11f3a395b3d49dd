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


class Window(models.Model):
    """Counters of one kind 窗口: how many there are, how long one takes for an item, and what is done there.

    A window serves the items and the departments that it names; one that names none serves all the others.
    `capacity` replaces what the rule gives a slot (cases.hall.booking_rules); empty: the rule.
    """

    name = models.CharField(max_length=60, unique=True)
    letter = models.CharField(max_length=1, unique=True)
    place = models.CharField(max_length=120, blank=True)
    count = models.PositiveSmallIntegerField()
    average_minutes = models.PositiveSmallIntegerField()
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    departments = models.JSONField(default=list, blank=True)
    items = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(count__gte=1, average_minutes__range=(1, 120)), name="window_can_serve"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Session(models.Model):
    """Opening hours of a working day that may be booked, morning and afternoon."""

    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="session_lasts")
        ]

    def __str__(self) -> str:
        return f"{self.starts}–{self.ends}"


class Closure(models.Model):
    """A working day on which the hall, or one window, does not open."""

    day = models.DateField()
    window = models.ForeignKey(
        Window, on_delete=models.PROTECT, null=True, blank=True, related_name="closures"
    )
    reason = models.CharField(max_length=120)
    by_name = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "window"], name="closure_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"


class Guest(models.Model):
    """Somebody who is let in while the hall rehearses, known by UUID without a foreign key; `name` is masked."""

    person = models.UUIDField(unique=True)
    name = models.CharField(max_length=60)
    note = models.CharField(max_length=100, blank=True)
    invited_by = models.UUIDField(null=True)
    invited_by_name = models.CharField(max_length=60, blank=True)
    invited_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
