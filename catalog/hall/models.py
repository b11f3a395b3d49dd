"""What a hall makes of the catalogue: which items it takes, what it overrides, what it adds: the hall's schema."""

from django.db import models
from django.db.models.expressions import Func
from django.db.models.fields import BooleanField

from catalog.hall.enums import FeedbackState, Section
from catalog.shared.models import (
    Draft,
    ItemFields,
    ItemRow,
    ReviewFields,
    SheetJobFields,
    SheetLineFields,
    Version,
)


class Adoption(models.Model):
    """That this hall takes a shared item, known by its code."""

    code = models.CharField(max_length=14, primary_key=True)
    adopted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class PolicyPermits(Func):
    """The database's own word on an override: field, value, and the city's value it was made against."""

    function = "public.catalog_permits"
    output_field = BooleanField()


class Override(models.Model):
    """One field (or one row of a list, ``materials.<key>``) of a shared item that this hall changed.

    No row means inherit; null and empty are values. `base` is the city's value it was made against; the CHECK
    holds the policy against it, and the effective item holds it again against the city's present value.
    """

    code = models.CharField(max_length=14)
    field = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    base = models.JSONField(null=True)
    reason = models.CharField(max_length=300)
    person = models.UUIDField()
    person_name = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "field"], name="override_once_a_field"),
            models.CheckConstraint(
                condition=PolicyPermits("field", "value", "base"), name="override_keeps_policy"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.field}"


class LocalItem(ItemRow):
    """An item of this hall alone 地方特色, origin 99; published by a second person."""

    class Meta(ItemRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["code"], name="localitem_code"),
            models.CheckConstraint(condition=models.Q(code__regex=r"^99\d{12}$"), name="localitem_origin"),
        ]


class LocalDraft(Draft):
    """A draft of a local item: edited by one person of the hall, published by another."""

    class Meta(Draft.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["code"], name="localdraft_code"),
            models.CheckConstraint(condition=models.Q(code__regex=r"^99\d{12}$"), name="localdraft_origin"),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("edited_by")),
                name="localdraft_two_persons",
            ),
        ]


class LocalVersion(Version):
    """A published version of a local item, with its two persons."""

    class Meta(Version.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="localversion_once"),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=False) & ~models.Q(approved_by=models.F("edited_by")),
                name="localversion_two_persons",
            ),
        ]


class Review(ReviewFields):
    """What waits for this hall's decision: a view of its overrides against the city's present values."""

    id = models.BigIntegerField(primary_key=True)
    reason = models.CharField(max_length=300)
    person_name = models.CharField(max_length=60)

    class Meta(ReviewFields.Meta):
        abstract = False
        managed = False
        db_table = "catalog_hall_review"


class EffectiveItemQuerySet(models.QuerySet["EffectiveItem"]):
    """Reads of the effective item: everything shown, applied for or counted starts here or at its projection, the offer."""

    def offered(self) -> "EffectiveItemQuerySet":
        """Return the items that the public sees."""
        return self.filter(hidden=False)


class EffectiveItem(ItemFields):
    """The one effective item: the city's value unless this hall overrides it within policy, or a local item.

    A view; `sources` says of each overridden field that it is the hall's, `version` changes with either side,
    `updated_at` is when the city published it or the hall changed it, whichever was later.
    """

    code = models.CharField(max_length=14, primary_key=True)
    is_local = models.BooleanField()
    version = models.CharField(max_length=40)
    sources = models.JSONField()
    sort_key = models.CharField(max_length=400)
    updated_at = models.DateTimeField()

    objects = EffectiveItemQuerySet.as_manager()

    class Meta(ItemFields.Meta):
        abstract = False
        managed = False
        db_table = "catalog_hall_effectiveitem"


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Reads of what people say is wrong."""

    def waiting(self) -> "FeedbackQuerySet":
        """Return what nobody has answered yet."""
        return self.filter(state=FeedbackState.NEW)


class Feedback(models.Model):
    """That somebody says a guide is wrong, and what the hall answered.

    `key` is made with the form and is its address: whoever has it may read the answer, and sending twice is sending once.
    A person who has signed in is known by UUID, anybody else by nothing. Kept for a year after the answer.
    """

    key = models.UUIDField(unique=True)
    code = models.CharField(max_length=14)
    item_name = models.CharField(max_length=200)
    version = models.CharField(max_length=40)
    section = models.CharField(max_length=12, choices=Section)
    text = models.CharField(max_length=300)
    person = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=FeedbackState, default=FeedbackState.NEW)
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)
    answered_by_name = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    is_passed_on = models.BooleanField(default=False)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=FeedbackState.values), name="feedback_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=FeedbackState.NEW, answered_at__isnull=True)
                | (~models.Q(state=FeedbackState.NEW) & models.Q(answered_at__isnull=False)),
                name="feedback_answered_or_new",
            ),
        ]
        indexes = [models.Index(fields=["state", "made_at"], name="feedback_by_state")]

    def __str__(self) -> str:
        return f"{self.code} {self.section}"


class SheetJob(SheetJobFields):
    """A file for this hall's items."""

    class Meta(SheetJobFields.Meta):
        abstract = False
        indexes = [models.Index(fields=["state", "created_at"], name="hallsheetjob_waiting")]


class SheetLine(SheetLineFields):
    """A line of the preview of a file for this hall's items."""

    job = models.ForeignKey(SheetJob, on_delete=models.CASCADE, related_name="lines")

    class Meta(SheetLineFields.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["job", "kind", "number"], name="hallsheetline_once")]


class ItemAlias(models.Model):
    """What people here call an item besides its name and the city's aliases: this hall's search finds the item by it."""

    code = models.CharField(max_length=14)
    alias = models.CharField(max_length=30)
    person = models.UUIDField()
    person_name = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "alias"], name="itemalias_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.alias}"
