"""What is done to halls with the owner's login: asked for by the city, done by the operator, a row a step."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from tenants.shared.enums import JobKind, JobState, StepState, Wish
from tenants.shared.models.halls import Hall


class HallJob(models.Model):
    """One piece of the owner's work on a hall: a kind (settings.HALL_JOBS), a hall's key, and what was asked.

    The city inserts it and changes nothing of it after (row-level security: only as it is asked). `hall` is null until
    there is one. `facts` is where steps leave results for later steps. Of one kind there is one unfinished job a key.
    """

    EVERY_HALL = "*"  # the key of a job on all halls
    UNFINISHED = (JobState.WAITING, JobState.RUNNING, JobState.FAILED, JobState.UNDOING)

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=63)
    hall = models.ForeignKey(Hall, on_delete=models.SET_NULL, null=True, blank=True, related_name="jobs")
    params = models.JSONField(default=dict)
    by = models.UUIDField(null=True, blank=True)
    by_name = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True, blank=True)

    state = models.CharField(max_length=8, choices=JobState, default=JobState.WAITING)
    facts = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state__in=["waiting", "running", "failed", "undoing"]),
                name="hall_job_one_unfinished",
            ),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="hall_job_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.state}"

    @property
    def label(self) -> str:
        """What this kind of job is called."""
        return str(JobKind(self.kind).label)

    @property
    def about(self) -> str:
        """What it is about: a hall's name, the key of one that is no more or not yet, or all halls."""
        if self.key == self.EVERY_HALL:
            return gettext("所有大厅")
        return self.hall.name if self.hall else self.key

    @property
    def is_finished(self) -> bool:
        """Whether nothing more happens of itself or may be asked."""
        return self.state not in self.UNFINISHED

    def param(self, name: str, default: Any = None) -> Any:
        """Return one of the things that were asked."""
        return self.params.get(name, default)


class HallJobStep(models.Model):
    """How far one step of a job is: `done` of `total` inside a long one, a note of what it did, or why it could not."""

    job = models.ForeignKey(HallJob, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=StepState)
    note = models.CharField(max_length=500, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="hall_job_step_once")]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class HallJobWish(models.Model):
    """What the city wants of a job that waits or failed: to be tried again, or undone. Inserted and never changed by it."""

    job = models.ForeignKey(HallJob, on_delete=models.CASCADE, related_name="wishes")
    wish = models.CharField(max_length=5, choices=Wish)
    by = models.UUIDField(null=True, blank=True)
    by_name = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.wish} {self.job_id}"
