"""一件事: several cases that were filed together."""

import uuid

from django.db import models


class ParentCase(models.Model):
    """One application for several items of a bundle, filed at once. Its children are ordinary cases of the departments.

    It has a number, so that people name one thing, and nothing that runs: no state, no clock, no files. What it says of
    itself is read from its children. `waits` keeps the order that the bundle declared when it was filed: an item's code →
    the codes of the items that come first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=18, unique=True)
    bundle = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    waits = models.JSONField(default=dict)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number
