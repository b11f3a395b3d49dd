"""Facts of cases that leave their hall, and the working calendar: tables of the public schema."""

import uuid
from datetime import date, datetime

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedJSONField, EncryptedTextField
from tenants.shared.models import Hall

# a draft is kept for so many 自然日 after its last change, and its owner is told so many before its end
DRAFT_KEPT_DAYS = 90
DRAFT_TOLD_DAYS = 7
# a copy of everything about somebody is the most dangerous file there is: it does not lie about
FILE_DAYS = 3
# PIPL 56: records of processing at least three years
REQUESTS_DAYS = READINGS_DAYS = 3 * 366


class CalendarDay(models.Model):
    """One day of the working calendar (State Council holiday notices: holidays and make-up workdays)."""

    day = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=40, blank=True)
    is_official = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.day} {self.is_workday}"


class CalendarYear(models.Model):
    """A year of the calendar, and the notice that published it; a date in an unpublished year is only expected."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    is_published = models.BooleanField()
    notice = models.CharField(max_length=200, blank=True)
    # when two persons imported it: a hall that has not counted since then counts its dates again
    imported_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.year)


class CalendarDraft(models.Model):
    """A year's notice that one person has entered and another must compare and approve. `rows` are the whole year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    notice = models.CharField(max_length=200)
    rows = models.JSONField()
    proposed_by = models.UUIDField()
    proposed_name = models.CharField(max_length=60, blank=True)
    proposed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.year)


class HallWritten(models.Model):
    """A public row that a hall writes: row-level security compares `hall_role` with current_user."""

    hall = models.ForeignKey(
        Hall, to_field="role", db_column="hall_role", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


class PointerQuerySet(models.QuerySet["Pointer"]):
    """Reads of the public facts of cases."""

    def open(self) -> "PointerQuerySet":
        """Return the cases that are filed and not finished."""
        return self.exclude(state="draft").exclude(turn="nobody")


class Pointer(HallWritten):
    """Where a person's case is and whose turn it is: what the portal's page of one citizen shows of every hall."""

    case = models.UUIDField(primary_key=True)
    person = models.UUIDField(db_index=True)
    number = models.CharField(max_length=18, blank=True)
    item_code = models.CharField(max_length=14)
    item_name = models.CharField(max_length=200)
    state = models.CharField(max_length=20)
    due_on = models.DateField(null=True)
    is_due_expected = models.BooleanField(default=False)
    turn = models.CharField(max_length=10)
    updated_at = models.DateTimeField()
    # 一件事: what it was filed with; one line of a list stands for all of one parent
    parent = models.UUIDField(null=True)
    parent_number = models.CharField(max_length=18, blank=True, default="")
    parent_name = models.CharField(max_length=60, blank=True, default="")

    objects = PointerQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class MandatePointer(HallWritten):
    """A mandate as the portal shows it to both sides: who acts for whom in which hall, until when.

    `claim_index` is the keyed index of ID number and phone of a person without an account: whoever registers with
    both is led to the hall, which decides (`cases.hall.services.joining`).
    """

    mandate = models.UUIDField(primary_key=True)
    principal = models.UUIDField(db_index=True)
    proxy = models.UUIDField(db_index=True)
    proxy_name = EncryptedTextField()
    principal_masked = models.CharField(max_length=60)
    kind = models.CharField(max_length=8)
    item_name = models.CharField(max_length=200, blank=True)
    until = models.DateField()
    is_confirmed = models.BooleanField(default=False)
    is_ended = models.BooleanField(default=False)
    claim_index = models.CharField(max_length=64, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.mandate} {self.until}"


class PaperState(models.TextChoices):
    """What a paper is worth now. `expired` is never stored by us: it follows from the day on which it is asked for."""

    VALID = "valid", _("有效")
    REPLACED = "replaced", _("已换新")
    REVOKED = "revoked", _("已撤销")
    EXPIRED = "expired", _("过期")


class VerificationQuerySet(models.QuerySet["Verification"]):
    """Reads of papers; a hall sees its own rows alone (row-level security)."""

    def register(self) -> "VerificationQuerySet":
        """Return the licences that the law makes public (行政许可法 40), the newest first."""
        return self.filter(is_public=True).order_by("-issued_on", "-document_no", "code")

    def in_state(self, state: str, day: date) -> "VerificationQuerySet":
        """Return those that are in this state on that day."""
        over = models.Q(state=PaperState.VALID, valid_until__lt=day)
        if state == PaperState.EXPIRED:
            return self.filter(over | models.Q(state=PaperState.EXPIRED))
        found = self.filter(state=state)
        return found.exclude(over) if state == PaperState.VALID else found


class BookingPointer(HallWritten):
    """Which visit a person has booked in which hall: what the portal's page of one citizen shows of every hall."""

    booking = models.UUIDField(primary_key=True)
    person = models.UUIDField(db_index=True)
    number = models.CharField(max_length=19)
    item_name = models.CharField(max_length=200)
    day = models.DateField()
    starts = models.TimeField(null=True)
    window_name = models.CharField(max_length=60)
    state = models.CharField(max_length=10)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class EnquiryPointer(HallWritten):
    """What a person asked or complained of in which hall, and how it stands: nothing of what it says.

    `needs_city`: nobody of that hall may handle it, so the city must appoint somebody.
    """

    enquiry = models.UUIDField(primary_key=True)
    person = models.UUIDField(db_index=True)
    number = models.CharField(max_length=19)
    kind = models.CharField(max_length=8)
    item_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8)
    due_on = models.DateField()
    is_due_expected = models.BooleanField(default=False)
    needs_city = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class Verification(HallWritten):
    """A paper that anybody may verify by its code (at least 128 random bits); shows no more than the bearer holds.

    `sha256` is that of the signed file, empty while it is being made. `valid_until` is its last day, null for no end;
    `replaced_by` the number of the paper that took its place, or that took it back.
    """

    code = models.CharField(max_length=43, primary_key=True)
    document_no = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=200, blank=True)
    item_code = models.CharField(max_length=14, blank=True)
    item_name = models.CharField(max_length=200)
    holder_masked = models.CharField(max_length=120)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, default=PaperState.VALID)
    replaced_by = models.CharField(max_length=60, blank=True)
    is_public = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["hall", "-issued_on", "-document_no", "code"],
                name="verification_register",
                condition=models.Q(is_public=True),
            ),
            models.Index(fields=["sha256"], name="verification_file", condition=~models.Q(sha256="")),
        ]

    def __str__(self) -> str:
        return self.document_no

    def state_on(self, day: date) -> str:
        """Return what the paper is worth on this day."""
        is_over = self.valid_until is not None and self.valid_until < day
        return PaperState.EXPIRED if self.state == PaperState.VALID and is_over else self.state


class TransferState(models.TextChoices):
    """How far a transfer between halls has come."""

    OFFERED = "offered", "offered"
    AGREED = "agreed", "agreed"
    DECLINED = "declined", "declined"
    TAKEN = "taken", "taken"
    RETURNED = "returned", "returned"


class Transfer(HallWritten):
    """A case that belongs to another hall: its hall offers it, the applicant agrees, the worker carries it there.

    No transaction spans two halls: this row is what both sides agree on, and its key makes the arrival happen once.
    `payload` is emptied when the case has arrived.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    to_role = models.CharField(max_length=63)
    case = models.UUIDField(db_index=True)
    person = models.UUIDField()
    item_code = models.CharField(max_length=14)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=TransferState, default=TransferState.OFFERED)
    payload = EncryptedJSONField(default=dict)
    offered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                name="transfer_open_once",
                condition=models.Q(state__in=["offered", "agreed"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.to_role} {self.state}"


class Standstill(models.Model):
    """Something stood still, or will: what people may be told. It stops no legal clock; rows are closed, never deleted.

    `ends_at` is empty while nobody knows until when. One without a person was noted by the worker.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    what = models.CharField(max_length=200)
    noted_by = models.UUIDField(null=True, blank=True)
    noted_name = models.CharField(max_length=60, blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="%(class)s_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at} {self.what}"


class Outage(Standstill):
    """What stood still in the whole city: the city's own row."""


class HallOutage(HallWritten, Standstill):
    """What stood still in one hall."""

    class Meta(Standstill.Meta):
        pass


class Heartbeat(models.Model):
    """When the worker last ran: a gap is an outage. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)


class InboxMessage(HallWritten):
    """What a person is told in their account, over all halls: written with the outbox row, in the same transaction.

    So it is there once, whatever becomes of the ways out of the house, and before any of them. What is told of one
    subject in one transaction is one row. One-time codes never stand here. Deleted after KEPT_DAYS.
    """

    KEPT_DAYS = 730

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.UUIDField()
    kind = models.CharField(max_length=30)
    text = EncryptedTextField(context="inbox")
    # below the hall's host: where the reader goes on
    path = models.CharField(max_length=120, blank=True)
    is_yours = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at", "id"], name="inbox_of_person"),
            models.Index(fields=["person"], name="inbox_unread", condition=models.Q(read_at=None)),
            models.Index(fields=["hall", "at"], name="inbox_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class ChannelState(models.Model):
    """How a provider of messages answers, as the worker found it: one row a channel. `next_try_at` while it is down."""

    name = models.CharField(max_length=8, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    down_since = models.DateTimeField(null=True, blank=True)
    up_since = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    waiting = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.down_since}"


class Doorbell(HallWritten):
    """A hall has something in its outbox: wakes the worker, says nothing else; the truth is the outbox."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    rung_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.hall_id} {self.rung_at}"


class RequestKind(models.TextChoices):
    """What somebody may ask for with their own data (个人信息保护法 45, 47)."""

    EXPORT = "export", _("下载我的资料")
    ERASE = "erase", _("删除我的资料")
    CLOSE = "close", _("注销账号")


class RequestState(models.TextChoices):
    """How far such a request has come. `ready` is an export that may be fetched, `gone` one whose file has gone."""

    WAITING = "waiting", _("正在办")
    READY = "ready", _("可以下载")
    DONE = "done", _("办好了")
    REFUSED = "refused", _("没有办")
    GONE = "gone", _("过期了")


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    """Reads of what people asked for."""

    def due(self, now: datetime) -> "DataRequestQuerySet":
        """Return what a worker may take: what waits, and copies in which a hall is missing; not what another holds."""
        to_do = models.Q(state=RequestState.WAITING) | (
            models.Q(state=RequestState.READY) & ~models.Q(away=[])
        )
        free = models.Q(held_until=None) | models.Q(held_until__lt=now)
        return self.filter(to_do, free, next_try_at__lte=now)


class DataRequest(models.Model):
    """What a person asked of their own data: written by the portal, done by the worker as the city, hall by hall.

    `reached` are the halls (roles) that are done, `away` those that could not be reached and are tried again.
    `receipt_digest` opens the receipt of a closed account, whose owner can sign in no more. Holds no content.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.UUIDField()
    kind = models.CharField(max_length=8, choices=RequestKind)
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.WAITING)
    asked_at = models.DateTimeField()
    # a worker holds it until then; one that died is followed by another
    held_until = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    reached = models.JSONField(default=list)
    away = models.JSONField(default=list)
    # what the account itself lost, by name
    lines = models.JSONField(default=dict)
    problem = models.CharField(max_length=300, blank=True)
    path = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    receipt_digest = models.CharField(max_length=64, blank=True, db_index=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            # asked fifty times at once it is one
            models.UniqueConstraint(
                fields=["person", "kind"], name="datarequest_once", condition=models.Q(state="waiting")
            )
        ]
        indexes = [
            models.Index(fields=["person", "-asked_at"], name="datarequest_of_person"),
            models.Index(
                fields=["next_try_at"],
                name="datarequest_to_do",
                condition=models.Q(state="waiting") | (models.Q(state="ready") & ~models.Q(away=[])),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class DataReceipt(HallWritten):
    """What one hall removed for an erasure or a closing, in the transaction that removed it: by name, how many. No content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.UUIDField()
    lines = models.JSONField(default=dict)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "hall"], name="datareceipt_once")]

    def __str__(self) -> str:
        return f"{self.request} {self.hall_id}"


class Purpose(models.TextChoices):
    """Why staff read a whole ID number. `handle` is the work on a running case itself; the others are chosen."""

    HANDLE = "handle", _("办理这一件")
    AFTERCARE = "aftercare", _("补发、更正、撤销")
    QUESTION = "question", _("答复咨询、投诉、复议")
    OVERSIGHT = "oversight", _("监督检查、审计")
    OTHER = "other", _("其他")


class Reading(HallWritten):
    """That somebody of a hall's staff read a person's ID number whole: what that person may see of it.

    `id` is that of the audit row, by which the hall finds who it was; the name itself does not leave the hall.
    `department` is the reader's, `posts` theirs at that moment, in words. `note` is what they wrote beside `other`.
    """

    id = models.UUIDField(primary_key=True)
    person = models.UUIDField()
    case_number = models.CharField(max_length=18)
    item_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    posts = models.JSONField(default=list)
    department = models.CharField(max_length=80, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose)
    note = EncryptedTextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at", "id"], name="reading_of_person"),
            models.Index(fields=["at"], name="reading_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.case_number} {self.at}"

    @property
    def reader(self) -> str:
        """Who it was, as far as it is told: department and posts."""
        return f"{self.department} {'、'.join(self.posts)}".strip()
