"""Lists of cases that somebody took out of the hall: the job, its file, and who fetched it when."""

import uuid

from django.db import models

from cases.hall.enums import ExportState


class Export(models.Model):
    """A list of the desk on its way to a file. The worker makes it with the asker's rights of that moment.

    The row stays when the file has gone: it says what was asked for and how many rows left.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.WAITING)
    format = models.CharField(max_length=4)
    query = models.CharField(max_length=1500)
    told = models.CharField(max_length=300)
    person = models.UUIDField()
    person_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    path = models.CharField(max_length=200, blank=True)
    rows = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], name="export_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["person", "-asked_at"], name="export_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_name} {self.asked_at} {self.state}"


class ExportTaking(models.Model):
    """That somebody fetched the file. Appended, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="takings")
    person = models.UUIDField()
    name = models.CharField(max_length=60)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
