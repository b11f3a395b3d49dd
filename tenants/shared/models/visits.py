"""Who of the city was let into which hall for a while."""

import uuid
from datetime import timedelta

from django.db import models

from tenants.shared.models.halls import Hall


class HallVisit(models.Model):
    """应急进入: somebody of the city may come into one hall for a while, as one asked, another approved, and the hall was told.

    The city writes it, the hall reads its own rows and may end one (row-level security by `hall_role`). Nobody stays longer
    than an hour. `tell_at` is when the hall's admins are to be told next by message; null once it was done, `told` says how many.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hall = models.ForeignKey(
        Hall, to_field="role", db_column="hall_role", on_delete=models.CASCADE, related_name="+"
    )
    person = models.UUIDField()
    username = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    may_act = models.BooleanField(default=False)
    sees_personal = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=60, blank=True)
    tell_at = models.DateTimeField(null=True, blank=True)
    told = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__range=(5, 60)), name="visit_lasts_an_hour_at_most"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at=None, until=None)
                | models.Q(
                    approved_at__isnull=False,
                    decided_by__isnull=False,
                    refused_at=None,
                    until__gt=models.F("approved_at"),
                    until__lte=models.F("approved_at") + timedelta(minutes=60),
                ),
                name="visit_approved_with_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("person")),
                name="visit_approved_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["hall", "person", "until"], name="visit_of_person"),
            models.Index(fields=["tell_at"], name="visit_to_tell", condition=models.Q(tell_at__isnull=False)),
            models.Index(fields=["-asked_at", "id"], name="visit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.username} {self.asked_at}"
