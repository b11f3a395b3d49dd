"""Departments with systems of their own: what goes out to them, what comes in from them."""

import uuid

from django.db import models

from accounts.fields import EncryptedJSONField, EncryptedTextField
from cases.hall.models.case import Case, Event


class System(models.Model):
    """A department's own system. It decides on the cases of its departments and items: the hall mirrors their state.

    `departments` are short names, `items` codes; one that `only_listens` is told of cases and decides nothing. The
    secret signs both ways; it is shown once, when it is made.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    departments = models.JSONField(default=list)
    items = models.JSONField(default=list)
    only_listens = models.BooleanField(default=False)
    url = models.CharField(max_length=300, blank=True)
    secret = EncryptedTextField(context="cases_hall_system.secret")
    is_active = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Letter(models.Model):
    """A webhook: written with the event that it tells of, sent after commit, at least once, under the same id.

    `body` holds no personal data. `answer` is the beginning of what came back last, as text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="letters")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="letters")
    body = models.JSONField()
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["system", "next_try_at"],
                name="letter_waiting",
                condition=models.Q(sent_at=None, dead_at=None),
            ),
            models.Index(fields=["system", "-created_at"], name="letter_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.system_id} {self.event_id}"


class Inbound(models.Model):
    """A step that a department's system told us. Its id is remembered, so that a repetition gets the same answer.

    Steps of a case are taken in the order of `sequence`: one that comes too early `waits`, one that was overtaken is
    `recorded` and changes nothing. `said` is what it told (reason, data), `problem` why it waits or was not taken.
    """

    WAITING, APPLIED, RECORDED, SKIPPED = "waiting", "applied", "recorded", "skipped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="inbound")
    message_id = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="inbound")
    sequence = models.PositiveIntegerField()
    step = models.CharField(max_length=20)
    occurred_on = models.DateField()
    said = EncryptedJSONField(default=dict)
    state = models.CharField(max_length=8)
    problem = models.CharField(max_length=300, blank=True)
    answer = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="told_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "message_id"], name="inbound_once")]
        indexes = [
            models.Index(
                fields=["case", "sequence"], name="inbound_waiting", condition=models.Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.step} {self.state}"


class DepartmentPaper(models.Model):
    """The paper that a department's system sent with a step: a PDF, hostile until it was looked at, kept like a file."""

    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, primary_key=True, related_name="department_paper"
    )
    name = models.CharField(max_length=120)
    path = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name
