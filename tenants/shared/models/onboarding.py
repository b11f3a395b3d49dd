"""Halls that are being prepared, and what a hall says of itself before it opens."""

import uuid

from django.db import models

from tenants.shared.models.halls import Hall


class OnboardingDraft(models.Model):
    """The answers for a hall that is to be opened, in one mapping; `job` is set once it was asked for.

    The city's: any of its admins goes on where another stopped. The first admin's phone in it is sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answers = models.JSONField(default=dict)
    by = models.UUIDField()
    by_name = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    job = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return str(self.answers.get("name") or self.pk)


class GoLiveFact(models.Model):
    """What a hall's own checks said when it last looked whether it may open: the public fact of them.

    Written in the hall's scope, read by the city, which cannot look into a hall. `results` are findings of tenants.shared.life.golive.
    """

    hall = models.OneToOneField(
        Hall, to_field="role", db_column="hall_role", on_delete=models.CASCADE, related_name="+"
    )
    results = models.JSONField(default=list)
    checked_at = models.DateTimeField(null=True)
    by_name = models.CharField(max_length=60, blank=True)
    # the hall's admin wants the rehearsal to begin
    rehearse_asked_at = models.DateTimeField(null=True)
    rehearse_asked_by = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.hall_id} {self.checked_at}"
