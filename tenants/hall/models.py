"""One hall's own identity, departments, windows and posts: tables of the hall's schema."""

from datetime import datetime

from django.db import models
from django.db.models.functions import Now, TruncDate

from accounts.fields import EncryptedTextField
from tenants.hall.enums import PostRole


class Identity(models.Model):
    """Which hall this schema is: read with every switch into it, written by the owner alone.

    It catches a stale cache entry, a left-behind schema and one restored under another name.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    key = models.CharField(max_length=63)
    generation = models.PositiveIntegerField()
    state = models.CharField(max_length=10)
    # while the hall is frozen: whether its staff goes on with what runs
    staff_may_finish = models.BooleanField(default=True, db_default=True)

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


class PostQuerySet(models.QuerySet["Post"]):
    """Posts by what they give now."""

    def held(self, now: datetime | None = None) -> "PostQuerySet":
        """Return the posts that give something: begun, not over, not ended, not suspended; by the database's clock unless told."""
        today = TruncDate(Now() if now is None else models.Value(now, models.DateTimeField()))
        begun = models.Q(starts_on=None) | models.Q(starts_on__lte=today)
        lasts = models.Q(ends_on=None) | models.Q(ends_on__gte=today)
        return self.filter(begun, lasts, is_active=True, suspended_at=None)


class Post(models.Model):
    """A person's post in this hall, for a term. A row here is what makes somebody staff, and only here.

    The person is known by UUID without a foreign key: a hall can read no account. `starts_on` and `ends_on` are days in
    the city's time zone and both count; empty, there is no limit. `departments` (the catalogue's short names) and
    `items` (codes) are what the post acts on; both empty, the whole hall. A post that was given is ended
    (`is_active` false) and never deleted: somebody acted under it. What was changed when stands in the audit.
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
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    departments = models.JSONField(default=list, blank=True)
    items = models.JSONField(default=list, blank=True)
    given_by = models.UUIDField(null=True, blank=True)
    given_by_name = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=60, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    # all of a person's posts at once, until somebody lifts it
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_by_name = models.CharField(max_length=60, blank=True)
    suspend_reason = models.CharField(max_length=200, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], condition=models.Q(is_active=True), name="post_once_a_person"
            ),
            models.CheckConstraint(condition=models.Q(role__in=PostRole.values), name="post_role_known"),
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="post_term_in_order",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="post_of_person")]

    def __str__(self) -> str:
        return f"{self.name} {self.role}"


class Invitation(models.Model):
    """Somebody is asked to take a post: by a link that is theirs alone, lives for days and serves once.

    `digest` is the hash of what the link carries; sending it again makes another and the former is nothing. The row stands in
    the hall's schema, so that the link means nothing at another host. `accepted_by` is who came.
    """

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60)
    phone = EncryptedTextField(blank=True)
    mail = EncryptedTextField(blank=True)
    role = models.CharField(max_length=20, choices=PostRole)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    departments = models.JSONField(default=list, blank=True)
    items = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    invited_by = models.UUIDField(null=True, blank=True)
    invited_by_name = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=PostRole.values), name="invitation_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(accepted_by__isnull=False, withdrawn_at=None),
                name="invitation_accepted_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["-made_at", "id"], name="invitation_by_time")]

    def __str__(self) -> str:
        return f"{self.role} {self.made_at}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody came yet and nobody took it back; it may have run out."""
        return self.accepted_at is None and self.withdrawn_at is None


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
