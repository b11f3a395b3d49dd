"""What an item is, and the city's catalogue of items in use."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from accounts.enums import Level
from catalog.shared.enums import (
    Audience,
    BodyNature,
    Depth,
    ItemType,
    Kind,
    PowerSource,
    ResultKind,
    ServiceScope,
    Status,
    Unit,
)


def empty_list() -> list[Any]:
    """Return a new empty list: the default of every list of an item."""
    return []


class Theme(models.Model):
    """A theme of one of the lists (national, the city's own, life events); codes repeat between lists."""

    list = models.CharField(max_length=30)
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=40)
    audience = models.CharField(max_length=10, choices=Audience)
    position = models.PositiveSmallIntegerField()
    maps_to = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "code"], name="theme_once")]

    def __str__(self) -> str:
        return self.name


class ItemFields(models.Model):
    """The fields of a service item, shared or local (GB/T 39554.2-2020; docs/architecture.md names the policy of each).

    `code` is the basic code and the variant's serial, 14 digits. Limits are a number and a unit; no limit in law is
    null, not 0. Lists are rows with a stable `key`. `demonstration` names the fields whose value is not official.
    """

    code = models.CharField(max_length=14)
    name = models.CharField(max_length=200)
    summary = models.CharField(max_length=300, blank=True)
    type = models.CharField(max_length=2, choices=ItemType)
    department = models.CharField(max_length=60)
    body_nature = models.CharField(max_length=1, choices=BodyNature, default=BodyNature.STATUTORY)
    entrusted_by = models.CharField(max_length=120, blank=True)
    power_source = models.CharField(max_length=10, choices=PowerSource, default=PowerSource.OWN)
    joint_bodies = models.JSONField(default=empty_list)
    intermediary = models.CharField(max_length=300, blank=True)
    levels = models.JSONField(default=empty_list)
    audience = models.CharField(max_length=10, choices=Audience)
    service_objects = models.JSONField(default=empty_list)
    themes = models.JSONField(default=empty_list)
    life_events = models.JSONField(default=empty_list)
    aliases = models.JSONField(default=empty_list)
    kind = models.CharField(max_length=10, choices=Kind)
    statutory_days = models.PositiveSmallIntegerField(null=True)
    statutory_unit = models.CharField(max_length=7, choices=Unit, default=Unit.WORKING)
    statutory_note = models.CharField(max_length=300, blank=True)
    promised_days = models.PositiveSmallIntegerField()
    promised_unit = models.CharField(max_length=7, choices=Unit, default=Unit.WORKING)
    limit_note = models.CharField(max_length=300, blank=True)
    visits = models.PositiveSmallIntegerField(default=0)
    visits_reason = models.CharField(max_length=300, blank=True)
    conditions = models.JSONField(default=empty_list)
    steps = models.JSONField(default=empty_list)
    legal_basis = models.JSONField(default=empty_list)
    special_procedures = models.JSONField(default=empty_list)
    fees = models.JSONField(default=empty_list)
    result_kind = models.CharField(max_length=10, choices=ResultKind, default=ResultKind.OTHER)
    result_name = models.CharField(max_length=120, blank=True)
    result_validity = models.CharField(max_length=60, blank=True)
    result_sample = models.CharField(max_length=200, blank=True)
    result_electronic = models.BooleanField(default=False)
    quantity_limit = models.CharField(max_length=300, blank=True)
    annual_inspection = models.CharField(max_length=300, blank=True)
    service_scope = models.CharField(max_length=40, blank=True, choices=ServiceScope)
    channels = models.JSONField(default=empty_list)
    in_hall = models.BooleanField(default=True)
    online_depth = models.PositiveSmallIntegerField(choices=Depth, default=Depth.GUIDE)
    online_steps = models.JSONField(default=empty_list)
    can_apply = models.BooleanField(default=False)
    can_book = models.BooleanField(default=False)
    identity_level = models.PositiveSmallIntegerField(choices=Level, default=Level.CHECKED)
    proxy_allowed = models.BooleanField(default=True)
    delivery = models.JSONField(default=empty_list)
    tolerance_allowed = models.BooleanField(default=False)
    pledge_allowed = models.BooleanField(default=False)
    materials = models.JSONField(default=empty_list)
    form = models.JSONField(default=empty_list)
    windows = models.JSONField(default=empty_list)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    complaint_phone = models.CharField(max_length=60, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    guide_text = models.TextField(blank=True)
    faq = models.JSONField(default=empty_list)
    hidden = models.BooleanField(default=False)
    demonstration = models.JSONField(default=empty_list)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ItemRow(ItemFields):
    """An item in use: its life, its version, and what sorts it.

    `sort_key` is the name's pinyin, which services write with the name; `effective_to` is the last day in use, and
    `successor` the code that a cancelled item's old links lead to.
    """

    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    version = models.PositiveIntegerField(default=1)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    successor = models.CharField(max_length=14, blank=True)
    sort_key = models.CharField(max_length=400, blank=True)
    updated_at = models.DateTimeField()

    class Meta(ItemFields.Meta):
        abstract = True


class SharedItem(ItemRow):
    """A service item of the city's catalogue; halls refer to it by code and override it by field."""

    class Meta(ItemRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["code"], name="shareditem_code"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^\d{14}$"), name="shareditem_code_digits"
            ),
            models.CheckConstraint(condition=models.Q(hidden=False), name="shareditem_never_hidden"),
        ]
        indexes = [GinIndex(fields=["themes"], name="shareditem_themes")]
