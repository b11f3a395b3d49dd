"""What halls publish of their items, and the views made of it: read by the portal and the city."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from catalog.shared.enums import Audience, Depth, ItemType, Kind, Unit
from catalog.shared.models.item import ItemFields, empty_list
from tenants.shared.models import Hall


class OfferQuerySet(models.QuerySet["Offer"]):
    """Reads of what halls offer: every list, count and search starts here."""

    def offered(self) -> "OfferQuerySet":
        """Return the items that the public sees."""
        return self.filter(hidden=False, is_active=True)

    def online(self) -> "OfferQuerySet":
        """Return the offered items that can be applied for or booked."""
        return self.offered().filter(models.Q(can_apply=True) | models.Q(can_book=True))


class Offer(models.Model):
    """That a hall offers an item, with all that a list shows, filters and sorts by: the effective item's projection.

    Written by the hall with every change of its own and by the city when it publishes, in that transaction; always by
    `catalog.shared.services.offers` from the effective item, and check_halls proves it equal. `local` holds a whole
    local item; `is_active` is false while the city has the item suspended or cancelled; `changes` counts the hall's
    overrides in force; `used` counts its cases of the last year.
    """

    # offer_once begins with the hall: an index of its own would be a third copy
    hall = models.ForeignKey(
        Hall,
        to_field="role",
        db_column="hall_role",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    code = models.CharField(max_length=14)
    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=400, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    type = models.CharField(max_length=2, choices=ItemType)
    department = models.CharField(max_length=60)
    audience = models.CharField(max_length=10, choices=Audience)
    themes = models.JSONField(default=empty_list)
    life_events = models.JSONField(default=empty_list)
    aliases = models.JSONField(default=empty_list)
    kind = models.CharField(max_length=10, choices=Kind)
    statutory_days = models.PositiveSmallIntegerField(null=True)
    statutory_unit = models.CharField(max_length=7, choices=Unit)
    promised_days = models.PositiveSmallIntegerField()
    promised_unit = models.CharField(max_length=7, choices=Unit)
    visits = models.PositiveSmallIntegerField()
    fees = models.JSONField(default=empty_list)
    online_depth = models.PositiveSmallIntegerField(choices=Depth)
    can_apply = models.BooleanField(default=False)
    can_book = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    is_local = models.BooleanField(default=False)
    version = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    changes = models.PositiveSmallIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    local = models.JSONField(default=dict)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "code"], name="offer_once")]
        indexes = [
            models.Index(fields=["code"], name="offer_code"),
            models.Index(
                fields=["hall", "sort_key", "code"],
                condition=models.Q(hidden=False, is_active=True),
                name="offer_by_name",
            ),
            # a list says how many it has: counted from narrow rows
            models.Index(
                fields=["hall"],
                condition=models.Q(hidden=False, is_active=True),
                name="offer_counted",
            ),
            GinIndex(fields=["themes"], name="offer_themes"),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.code}"


class OverrideFact(models.Model):
    """That a hall overrides a field, with base and value: written by the hall with the override, in one transaction.

    `made_at` is when the hall last decided on the field: since then a change of the city's waits for review.
    """

    hall = models.ForeignKey(
        Hall, to_field="role", db_column="hall_role", on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(max_length=14)
    field = models.CharField(max_length=80)
    base = models.JSONField(null=True)
    value = models.JSONField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "code", "field"], name="overridefact_once")]
        indexes = [models.Index(fields=["code"], name="overridefact_code")]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.code} {self.field}"


class ReviewFields(models.Model):
    """An override whose base is not the city's present value any more: what the hall must decide on. A view, not a row.

    `base` is the city's value that the hall decided against, `current` the city's now, `value` the hall's. The override
    is in force only while it keeps the policy against `current`. `since` is when the city first published another value;
    of a base that no version explains, when the override was written.
    """

    code = models.CharField(max_length=14)
    field = models.CharField(max_length=80)
    base = models.JSONField(null=True)
    current = models.JSONField(null=True)
    value = models.JSONField(null=True)
    is_in_force = models.BooleanField()
    made_at = models.DateTimeField()
    since = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.field}"


class OpenReview(ReviewFields):
    """The reviews that wait in any hall, as the city sees them from the public facts: a view."""

    id = models.CharField(max_length=160, primary_key=True)
    hall = models.ForeignKey(
        Hall, to_field="role", db_column="hall_role", on_delete=models.DO_NOTHING, related_name="+"
    )

    class Meta(ReviewFields.Meta):
        abstract = False
        managed = False
        db_table = "catalog_shared_openreview"


class PortalItem(ItemFields):
    """The effective item of every hall, as the portal and the city read it: a view made from the public facts."""

    id = models.CharField(max_length=80, primary_key=True)
    hall = models.ForeignKey(
        Hall, to_field="role", db_column="hall_role", on_delete=models.DO_NOTHING, related_name="+"
    )
    is_local = models.BooleanField()
    version = models.CharField(max_length=40)
    sources = models.JSONField()
    sort_key = models.CharField(max_length=400)

    class Meta(ItemFields.Meta):
        abstract = False
        managed = False
        db_table = "catalog_shared_portalitem"


class FeedbackFact(models.Model):
    """What somebody says is wrong with a field that is the city's, as a hall passed it on: written by the hall alone.

    It names no person. `section` is the part of the guide in the hall's words.
    """

    hall = models.ForeignKey(
        Hall, to_field="role", db_column="hall_role", on_delete=models.PROTECT, related_name="+"
    )
    key = models.UUIDField(unique=True)
    code = models.CharField(max_length=14)
    item_name = models.CharField(max_length=200)
    section = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True)
    passed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-passed_at", "id"], name="feedbackfact_by_day")]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.code}"
