"""Audit rows and the seals that chain them: in every schema, inserted and never changed."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Record(models.Model):
    """Who did what to what, when. Insert-only by grant: the key is made here, since RETURNING would need SELECT."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=60)
    object = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="record_by_time"),
            models.Index(fields=["object", "at"], name="record_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.action} {self.object}"


class Seal(models.Model):
    """One batch of committed audit rows, chained to the batch before it (SM3)."""

    number = models.PositiveBigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    records = models.JSONField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        # which seal names a row: asked for each page of a trail
        indexes = [GinIndex(fields=["records"], name="seal_of_record")]

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"
