"""A hall's life: the steps it took, its deletion, and what certifies what a deletion removed."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from tenants.shared.models.halls import Hall
from tenants.shared.models.jobs import HallJob


class HallTransition(models.Model):
    """A step of a hall's life or a renaming: from what to what, by whom, why, when. Written by the owner alone.

    `job` is whose work it was, so that a step done again after a crash is written once.
    """

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="transitions")
    job = models.ForeignKey(HallJob, on_delete=models.SET_NULL, null=True, related_name="transitions")
    name = models.CharField(max_length=20)
    before = models.CharField(max_length=253)
    after = models.CharField(max_length=253)
    by = models.UUIDField(null=True, blank=True)
    by_name = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class HallDeletion(models.Model):
    """That a hall is to be deleted: wanted by one person, approved by another, done when the grace is over.

    The city writes it; one that is neither withdrawn nor done is under way, and of these a hall has one at most.
    """

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="deletions")
    reason = models.CharField(max_length=500)
    grace_days = models.PositiveSmallIntegerField()
    asked_by = models.UUIDField()
    asked_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True, blank=True)
    approved_name = models.CharField(max_length=60, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)
    withdrawn_name = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hall"], condition=Q(withdrawn_at=None), name="hall_deletion_one_under_way"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")),
                name="hall_deletion_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.asked_at}"

    @property
    def due_at(self) -> datetime | None:
        """When it is done; None before the second person has agreed."""
        return self.approved_at + timedelta(days=self.grace_days) if self.approved_at else None


class HallCertificate(models.Model):
    """What a deletion removed: JSON of tables with rows, files and digests, and the city's signature of exactly these bytes.

    `signature` is a detached CMS in base64; `content` is signed as UTF-8.
    """

    hall = models.OneToOneField(Hall, on_delete=models.PROTECT, related_name="certificate")
    content = models.TextField()
    signature = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.hall_id} {self.made_at}"
