"""What a hall has to tell people, and how far it has come."""

import uuid

from django.db import models

from accounts.fields import EncryptedTextField
from cases.hall.enums import Passage


class OutboxQuerySet(models.QuerySet["Outbox"]):
    """Reads of messages."""

    def waiting(self) -> "OutboxQuerySet":
        """Return what has not left by every way that is wanted, and has not failed."""
        return self.filter(delivered_at=None, failed_at=None)

    def failed(self) -> "OutboxQuerySet":
        """Return what left by no way and is not tried any more."""
        return self.filter(failed_at__isnull=False, text__isnull=False)


class Outbox(models.Model):
    """A message that must reach the applicant: written with the event, delivered after commit, at least once.

    What is said of a draft has no event: nothing has happened yet; nor has what is said of a booking. What goes to one
    person of one `subject` (case, booking or mandate) in one round leaves as one text. The day that presses most goes
    first. `delivered_at`: left by every way that the person wants; `failed_at`: by none, staff see it and may send
    again (`resent` times), to the phone of the case file where `is_to_case_phone`. The inbox has it from the start.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(
        "cases_hall.Event", on_delete=models.PROTECT, related_name="messages", null=True, blank=True
    )
    person = models.UUIDField()
    kind = models.CharField(max_length=30, blank=True)
    subject = models.UUIDField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    is_yours = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=False)
    # null once its time is over (cases.hall.retention)
    text = EncryptedTextField(null=True)
    # holds a one-time code: the text is emptied when it has left
    is_secret = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    # since when it is tried, where staff had it sent again
    since = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    sms = models.CharField(max_length=8, choices=Passage, default=Passage.WAITING)
    mail = models.CharField(max_length=8, choices=Passage, default=Passage.WAITING)
    # what the provider said last; never whom it was for
    problem = models.CharField(max_length=200, blank=True)
    is_to_case_phone = models.BooleanField(default=False)
    resent = models.PositiveSmallIntegerField(default=0)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "subject"],
                name="outbox_waits",
                condition=models.Q(delivered_at=None, failed_at=None),
            ),
            models.Index(
                fields=["-failed_at", "id"], name="outbox_failed", condition=models.Q(failed_at__isnull=False)
            ),
            models.Index(
                fields=["delivered_at"],
                name="outbox_to_blank",
                condition=models.Q(delivered_at__isnull=False, text__isnull=False),
            ),
            models.Index(fields=["person"], name="outbox_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.delivered_at}"
