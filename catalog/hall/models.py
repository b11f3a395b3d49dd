"""What a hall makes of the catalogue: which items it takes, what it overrides, what it adds: the hall's schema."""

from django.db import models
from django.db.models.expressions import Func
from django.db.models.fields import BooleanField

from catalog.shared.models import ItemFields, ItemRow


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

    drafted_by = models.UUIDField()
    published_by = models.UUIDField(null=True, blank=True)

    class Meta(ItemRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["code"], name="localitem_code"),
            models.CheckConstraint(condition=models.Q(code__regex=r"^99\d{12}$"), name="localitem_origin"),
            models.CheckConstraint(
                condition=~models.Q(status="active")
                | (models.Q(published_by__isnull=False) & ~models.Q(published_by=models.F("drafted_by"))),
                name="localitem_two_persons",
            ),
        ]


class EffectiveItemQuerySet(models.QuerySet["EffectiveItem"]):
    """Reads of the effective item: everything shown, applied for or counted starts here."""

    def offered(self) -> "EffectiveItemQuerySet":
        """Return the items that the public sees."""
        return self.filter(hidden=False)

    def online(self) -> "EffectiveItemQuerySet":
        """Return the offered items that can be applied for or booked."""
        return self.offered().filter(models.Q(can_apply=True) | models.Q(can_book=True))


class EffectiveItem(ItemFields):
    """The one effective item: the city's value unless this hall overrides it within policy, or a local item.

    A view; `sources` says of each overridden field that it is the hall's, `version` changes with either side.
    """

    code = models.CharField(max_length=14, primary_key=True)
    is_local = models.BooleanField()
    version = models.CharField(max_length=40)
    sources = models.JSONField()

    objects = EffectiveItemQuerySet.as_manager()

    class Meta(ItemFields.Meta):
        abstract = False
        managed = False
        db_table = "catalog_hall_effectiveitem"
