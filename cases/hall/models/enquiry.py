"""What people ask 咨询 and complain of 投诉, who may never see it, and what is published: tables of the hall's schema."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.fields import EncryptedJSONField, EncryptedTextField
from cases.hall.enquiry_enums import About, EnquiryState, Kind

RUNNING = ("new", "open")


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    """Reads of enquiries; each starts from who is asking. For staff see `cases.hall.queries.enquiries`."""

    def of_person(self, person: uuid.UUID | None) -> "EnquiryQuerySet":
        """Return what this person asked: nobody's for nobody."""
        return self.filter(person=person) if person else self.none()

    def running(self) -> "EnquiryQuerySet":
        """Return what waits for an answer."""
        return self.filter(state__in=RUNNING)


class Enquiry(models.Model):
    """One question or complaint. `due_on` and `take_up_by` are a cache of what its events give.

    `contact` is name and phone at the time; `who` is whom or what somebody complains of, in their words. `needs_city`
    says that nobody in the hall may handle it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=19, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    about = models.CharField(max_length=8, choices=About, blank=True)
    state = models.CharField(max_length=8, choices=EnquiryState)
    revision = models.PositiveIntegerField(default=0)
    person = models.UUIDField(db_index=True)
    contact = EncryptedJSONField(default=dict)
    name_masked = models.CharField(max_length=60)
    item_code = models.CharField(max_length=14, blank=True)
    item_name = models.CharField(max_length=200, blank=True)
    case = models.ForeignKey(
        "cases_hall.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="enquiries"
    )
    window_name = models.CharField(max_length=60, blank=True)
    who = EncryptedTextField(blank=True)
    text = EncryptedTextField()
    # the work order of the city's hotline 12345, where there is one
    hotline_number = models.CharField(max_length=40, blank=True)
    may_publish = models.BooleanField(default=False)
    department = models.CharField(max_length=60, blank=True)
    claimed_by = models.UUIDField(null=True, blank=True)
    claimed_name = models.CharField(max_length=60, blank=True)
    needs_city = models.BooleanField(default=False)
    draft = EncryptedTextField(blank=True)
    draft_name = models.CharField(max_length=60, blank=True)
    answer = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)
    answered_name = models.CharField(max_length=60, blank=True)
    is_solved = models.BooleanField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    extended_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField()
    is_due_expected = models.BooleanField(default=False)
    # of a complaint that nobody has taken up yet
    take_up_by = models.DateField(null=True, blank=True)
    late_at = models.DateTimeField(null=True, blank=True)
    late_take_up_at = models.DateTimeField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "idempotency_key"], name="enquiry_once_a_key"),
            models.CheckConstraint(condition=Q(state__in=EnquiryState.values), name="enquiry_state_known"),
            models.CheckConstraint(
                condition=Q(kind=Kind.ASK, about="") | Q(kind=Kind.COMPLAIN, about__in=About.values),
                name="enquiry_about_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=EnquiryState.ANSWERED)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="enquiry_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="enquiry_running", condition=Q(state__in=RUNNING))
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_running(self) -> bool:
        """Whether it waits for an answer."""
        return self.state in RUNNING


class EnquiryParty(models.Model):
    """Somebody of the staff whom a complaint is about: they never see it. Whoever worked on its case is one without a row."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="parties")
    person = models.UUIDField()
    name = models.CharField(max_length=60)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enquiry", "person"], name="enquiry_party_once")]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.name}"


class EnquiryEvent(models.Model):
    """One step of an enquiry: who, when, what was said. Appended, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    action = models.CharField(max_length=12)
    from_state = models.CharField(max_length=8, blank=True)
    to_state = models.CharField(max_length=8, choices=EnquiryState)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=60, blank=True)
    text = EncryptedTextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enquiry", "sequence"], name="enquiry_event_in_order")]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.sequence} {self.action}"


class EnquiryFile(models.Model):
    """A picture or paper that somebody gave with an enquiry: hostile, named at random in the storage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class PublishedAnswer(models.Model):
    """A question and its answer as everybody may read them: masked, looked at by a clerk. Its key tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.OneToOneField(Enquiry, on_delete=models.PROTECT, related_name="published")
    item_code = models.CharField(max_length=14, blank=True, db_index=True)
    item_name = models.CharField(max_length=200, blank=True)
    question = models.TextField()
    answer = models.TextField()
    published_at = models.DateTimeField(db_index=True)
    published_by = models.UUIDField()
    published_name = models.CharField(max_length=60)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.item_code} {self.published_at}"
