"""What a clerk has chosen for the desk: columns, and filters under a name."""

import uuid

from django.db import models


class SavedFilter(models.Model):
    """A filter of the desk that a clerk has named: `query` is what stands in the address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.UUIDField()
    name = models.CharField(max_length=20)
    query = models.CharField(max_length=1500)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_filter_once")]

    def __str__(self) -> str:
        return self.name


class DeskColumns(models.Model):
    """Which columns a clerk wants to see, besides item and number."""

    person = models.UUIDField(primary_key=True)
    columns = models.JSONField(default=list)

    def __str__(self) -> str:
        return ",".join(self.columns)
