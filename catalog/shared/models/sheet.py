"""Files of items on their way through preview and import."""

import uuid

from django.db import models

from catalog.shared.enums import SheetState
from tenants.shared.models import Hall


class SheetJobFields(models.Model):
    """A file of items on its way through preview and import, in the background.

    `claim` is the worker that is at it and `beat_at` when it last said so: work whose worker is dead is taken up again,
    and only the one whose claim stands may end it. `revisions` are the drafts that it wrote; `problem` why it cannot be.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=SheetState, default=SheetState.UPLOADED)
    file_name = models.CharField(max_length=120)
    path = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField()
    sheet = models.CharField(max_length=30, blank=True)
    step = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    errors = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    revisions = models.JSONField(default=dict)
    claim = models.UUIDField(null=True)
    beat_at = models.DateTimeField(null=True)
    person = models.UUIDField()
    person_name = models.CharField(max_length=60)
    second = models.UUIDField(null=True)
    second_name = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"


class SheetLineFields(models.Model):
    """One line of a preview: an item that is new or changes, a value in conflict, or an error, with its place in the file.

    `choice` is what was decided on a conflict: the file's value or the database's.
    """

    kind = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200, blank=True)
    sheet = models.CharField(max_length=100)
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    field = models.CharField(max_length=80, blank=True)
    file = models.TextField(blank=True)
    database = models.TextField(blank=True)
    exported = models.TextField(blank=True)
    choice = models.CharField(max_length=10, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.sheet} {self.row} {self.kind}"


class SheetJob(SheetJobFields):
    """A file for the city's catalogue."""

    class Meta(SheetJobFields.Meta):
        abstract = False
        indexes = [models.Index(fields=["state", "created_at"], name="sheetjob_waiting")]


class SheetLine(SheetLineFields):
    """A line of the preview of a file for the city's catalogue."""

    job = models.ForeignKey(SheetJob, on_delete=models.CASCADE, related_name="lines")

    class Meta(SheetLineFields.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["job", "kind", "number"], name="sheetline_once")]


class SheetBell(models.Model):
    """That a hall has a file for the worker: rung with it, taken away when the worker has been there."""

    hall = models.ForeignKey(
        Hall, to_field="role", db_column="hall_role", on_delete=models.PROTECT, related_name="+"
    )
    rung_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.hall_id} {self.rung_at}"
