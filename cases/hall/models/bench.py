"""What a clerk works with besides the cases: texts to start a reason from, small corrections, acts on many cases."""

import uuid

from django.db import models

from accounts.fields import EncryptedJSONField
from cases.hall.enums import Outcome
from cases.hall.models.case import Case, Event


class ReasonText(models.Model):
    """A text to start a reason from: of one step, or of one verdict of a correction; of one item or of all.

    It may hold the names of `cases.hall.wording`. One that was removed stays, so that loading the city again does not
    bring it back.
    """

    step = models.CharField(max_length=20, blank=True)
    verdict = models.CharField(max_length=8, blank=True)
    item_code = models.CharField(max_length=14, blank=True)
    name = models.CharField(max_length=40)
    text = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "verdict", "item_code", "name"], name="reason_text_named_once"
            ),
            # of a step or of a verdict
            models.CheckConstraint(
                condition=(~models.Q(step="") & models.Q(verdict=""))
                | (models.Q(step="") & ~models.Q(verdict="")),
                name="reason_text_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Mending(models.Model):
    """当场更正: a small error of an answer that the clerk put right, with the applicant's consent (行政许可法 32)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mendings")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="mending")
    field = models.CharField(max_length=40)
    label = models.CharField(max_length=300)
    consent = models.CharField(max_length=10)
    # {"before": value, "after": value}
    values = EncryptedJSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.case_id} {self.field}"


class BatchJob(models.Model):
    """One act on many cases, each for itself. `key` comes from the page: pressed three times it is one job.

    Posts are read again for each case: whoever loses one meanwhile does nothing more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True)
    action = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    person = models.UUIDField()
    person_name = models.CharField(max_length=60, blank=True)
    total = models.PositiveIntegerField()
    is_behind = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.action} {self.total}"


class BatchLine(models.Model):
    """One case of a job: the revision that the page showed, and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(BatchJob, on_delete=models.CASCADE, related_name="lines")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    seen = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    # why not, in words
    words = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "case"], name="batch_line_once_a_case")]
        indexes = [models.Index(fields=["job", "outcome", "position"], name="batch_line_in_order")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"
