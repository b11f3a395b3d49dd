"""Cases, their events, clocks, files and results."""

import uuid
from typing import Any

from django.db import models

from accounts.fields import EncryptedJSONField, EncryptedTextField
from cases.hall import paperwork  # noqa: F401 -- tables of this app: Django looks for them from here
from cases.hall.enums import Act, Clock, State, Turn, Verdict, Whereabouts
from cases.hall.grammar import DEPARTMENT
from cases.hall.states import ENDED

# a draft is nobody's work yet; what has ended is, while a proposal on its result waits
_IS_OPEN = models.Q(pending__gt="") | ~models.Q(state__in=sorted({*ENDED, State.DRAFT}))


class CaseQuerySet(models.QuerySet["Case"]):
    """Reads of cases; each starts from who is asking."""

    def of_person(self, person: uuid.UUID | None) -> "CaseQuerySet":
        """Return the cases that this person filed: nobody's for nobody."""
        return self.filter(person=person) if person else self.none()

    def held_alone(self) -> "CaseQuerySet":
        """Return the cases on which nobody acts for the applicant."""
        return self.filter(models.Q(proxy=None) | models.Q(taken_over_at__isnull=False))

    def filed(self) -> "CaseQuerySet":
        """Return the cases that have been submitted: drafts are their owner's alone."""
        return self.exclude(state=State.DRAFT)

    def lock(self, pk: uuid.UUID) -> "Case":
        """Return this case, locked until the transaction ends. Raises Case.DoesNotExist.

        Not against references: rows that point to it are checked at others' commits, which must not wait in a circle.
        """
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


class Case(models.Model):
    """One application 办件, from draft to delivery.

    `item` freezes the effective item at submission: the case keeps the promise it was made under. The due dates
    are a cache that only the ledger writes. The person is known by UUID and by the encrypted snapshot.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=18, unique=True, null=True, blank=True)
    query_code = EncryptedTextField(blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)

    person = models.UUIDField(db_index=True)
    applicant = EncryptedJSONField(default=dict)
    applicant_masked = models.CharField(max_length=120, blank=True)
    # who began it for that person under a mandate, and acts on it while one is in force
    proxy = models.UUIDField(null=True, blank=True, db_index=True)
    # the applicant goes on alone with this one
    taken_over_at = models.DateTimeField(null=True, blank=True)
    company_uscc = models.CharField(max_length=18, blank=True)
    company_name = models.CharField(max_length=120, blank=True)

    item_code = models.CharField(max_length=14)
    item_name = models.CharField(max_length=200)
    item_version = models.CharField(max_length=40)
    item = models.JSONField(default=dict)
    department = models.CharField(max_length=60, blank=True)
    # the town or street that the answers name, if the form asks for one
    division = models.CharField(max_length=9, blank=True)
    answers = EncryptedJSONField(default=dict)
    # of a draft: the answers that its applicant has still to look at, by name → why (services.prefilling)
    to_check = models.JSONField(default=dict)
    # how the result is handed over; by post: name, phone and address
    delivery = EncryptedJSONField(default=dict)

    # 一件事: the bundle that it is a part of, and what it was filed with; a draft is of the whole and its item's `parts`
    # say which items, the first of which it becomes (services.bundles)
    bundle = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey(
        "ParentCase", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )

    # null, not empty: a draft has no key, and many drafts may have none
    idempotency_key = models.CharField(max_length=80, null=True, blank=True)  # noqa: DJ001
    body_digest = models.CharField(max_length=64, blank=True)

    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.UUIDField(null=True, blank=True)
    proposed_refusal = models.TextField(blank=True)
    # another proposal that waits for a second person: the step's name, its reason and what it asked
    pending = models.CharField(max_length=20, blank=True)
    pending_reason = models.TextField(blank=True)
    pending_data = models.JSONField(default=dict)
    # facts (transitions.Fact) that rows of other tables say: kept here, so that a list needs no query for them
    marks = models.JSONField(default=list)
    turn = models.CharField(max_length=10, choices=Turn, default=Turn.APPLICANT)
    # where its result is while it is delivered; the rest of that stands in Handing
    whereabouts = models.CharField(max_length=12, choices=Whereabouts, blank=True)
    # the department's system that decides on it (its key), and the last of its steps that was settled
    system = models.CharField(max_length=40, blank=True)
    system_sequence = models.PositiveIntegerField(default=0)

    # whose work it is: the group that a rule led it to (none: everybody's of the post), who has claimed it
    group = models.ForeignKey(
        "Group", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    claimed_by = models.UUIDField(null=True, blank=True)
    claimed_name = models.CharField(max_length=60, blank=True)
    is_open = models.GeneratedField(
        expression=models.Case(models.When(_IS_OPEN, then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    due_on = models.DateField(null=True, blank=True)
    due_clock = models.CharField(max_length=1, choices=Clock, blank=True)
    is_due_expected = models.BooleanField(default=False)
    # of a draft: when its owner was last told that it ends
    end_told_at = models.DateTimeField(null=True, blank=True)
    promised_due_on = models.DateField(null=True, blank=True)
    statutory_due_on = models.DateField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    # on the screen of somebody who acts for another: that other's name (queries.access)
    acted_for = ""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "idempotency_key"], name="case_once_a_key"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="case_state_known"),
            models.CheckConstraint(
                condition=models.Q(state=State.DRAFT, number=None)
                | (~models.Q(state=State.DRAFT) & models.Q(number__isnull=False)),
                name="case_numbered_when_filed",
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None, state=State.DRAFT)
                | models.Q(parent=None, bundle="")
                | (models.Q(parent__isnull=False, bundle__gt="") & ~models.Q(state=State.DRAFT)),
                name="case_parent_when_filed",
            ),
        ]
        indexes = [
            # the desk's work lies in a few pages, however many cases the archive holds
            models.Index(fields=["due_on", "id"], name="case_open_by_due", condition=models.Q(is_open=True)),
            models.Index(fields=["state", "due_on", "id"], name="case_by_state_due"),
            # whose a case is stands beside the day: a page's number is counted from the index alone
            models.Index(
                fields=["-received_at", "id"],
                name="case_newest",
                include=["person"],
                condition=models.Q(received_at__isnull=False),
            ),
            models.Index(
                fields=["-received_at", "id"],
                name="case_ended_newest",
                include=["person"],
                condition=models.Q(is_open=False, received_at__isnull=False),
            ),
            models.Index(fields=["item_code", "-received_at", "id"], name="case_of_item"),
            models.Index(fields=["department", "-received_at", "id"], name="case_of_department"),
            models.Index(
                fields=["company_name"],
                name="case_of_company",
                opclasses=["varchar_pattern_ops"],
                condition=models.Q(company_name__gt=""),
            ),
            # what the timed sweep asks for each minute, among all that has nothing due
            models.Index(
                fields=["due_clock", "due_on", "id"],
                name="case_by_clock",
                condition=~models.Q(due_clock=""),
            ),
            models.Index(
                fields=["updated_at", "id"],
                name="case_to_archive",
                condition=models.Q(state__in=["delivered", "withdrawn", "abandoned", "terminated"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.id)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Of a bundle's draft its items, each with code, name and department; else none."""
        parts: list[dict[str, Any]] = self.item.get("parts") or []
        return parts

    @property
    def codes(self) -> list[str]:
        """The codes of the items that it applies for: several of a bundle's draft."""
        return [part["code"] for part in self.parts] or [self.item_code]

    @property
    def receipt_number(self) -> str:
        """The number under which it was handed in: its own, or that of all that was filed with it."""
        return (self.parent.number if self.parent else self.number) or ""


class Event(models.Model):
    """One step of a case: who, when, from where to where, why. Appended, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    action = models.CharField(max_length=20)
    from_state = models.CharField(max_length=20, choices=State)
    to_state = models.CharField(max_length=20, choices=State)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=60, blank=True)
    actor_post = models.CharField(max_length=20, blank=True)
    # set when it was done for the applicant by somebody else
    mandate = models.ForeignKey(
        "cases_hall.Mandate", on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    reason = models.TextField(blank=True)
    document_no = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "sequence"], name="event_in_order"),
            models.UniqueConstraint(
                # what a department's system decides bears that department's number
                fields=["document_no"],
                name="event_document_once",
                condition=~models.Q(document_no="") & ~models.Q(actor_post=DEPARTMENT),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.sequence} {self.action}"


class LedgerEntry(models.Model):
    """One row of a case's legal time: a clock starts, pauses, resumes, is extended or stops, with its ground."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ledger")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="ledger")
    clock = models.CharField(max_length=1, choices=Clock)
    act = models.CharField(max_length=6, choices=Act)
    day = models.DateField()
    days = models.PositiveSmallIntegerField(null=True)
    unit = models.CharField(max_length=7, blank=True)
    ground = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.clock} {self.act} {self.day}"


class CorrectionRequest(models.Model):
    """一次性告知: what a notice asks for, all at once. The applicant answers in a copy and hands it in once.

    `answers` is the copy: values that are typed and not sent. A request that is taken back keeps its text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="corrections")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="correction")
    is_ordered = models.BooleanField(default=False)
    requested_at = models.DateTimeField()
    answers = EncryptedJSONField(default=dict)
    answered_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # of the days before the last one at which the applicant is reminded, the last that was used
    reminded = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                name="correction_open_once",
                condition=models.Q(answered_at=None, cancelled_at=None, ended_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.requested_at}"


class CorrectionPoint(models.Model):
    """One material or answer that must be mended: what is wrong, why, where to look; and what was there before."""

    MATERIAL, FIELD = "material", "field"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(CorrectionRequest, on_delete=models.PROTECT, related_name="points")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=300)
    verdict = models.CharField(max_length=8, choices=Verdict)
    reason = models.TextField()
    where = models.CharField(max_length=200, blank=True)
    before = EncryptedJSONField(default=dict)
    after = EncryptedJSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "kind", "key"], name="correction_point_once")
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.verdict}"


class OwedPaper(models.Model):
    """容缺后补: a paper that a case was accepted without. It comes by its day; nothing is granted before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="owed_papers")
    material_key = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    since = models.DateField()
    days = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    is_due_expected = models.BooleanField(default=False)
    received_at = models.DateTimeField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "material_key"], name="owed_paper_once")]
        indexes = [
            models.Index(fields=["due_on"], name="owed_paper_waiting", condition=models.Q(received_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.due_on}"


class Opinion(models.Model):
    """What another department is asked about a case, with a last day of its own that moves none of the case's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    department = models.CharField(max_length=60)
    question = models.TextField()
    asked_at = models.DateTimeField()
    since = models.DateField()
    days = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    is_due_expected = models.BooleanField(default=False)
    opinion = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "department"],
                name="opinion_open_once",
                condition=models.Q(answered_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.due_on}"


class CalendarMark(models.Model):
    """With which notice of the working calendar this hall last recounted its dates. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.imported_at)


class Result(models.Model):
    """What a decision gave: a document with number, verification code and PDF."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="results")
    kind = models.CharField(max_length=20)
    document_no = models.CharField(max_length=60, unique=True)
    verification_code = models.CharField(max_length=43, unique=True)
    issued_at = models.DateTimeField()
    facts = EncryptedJSONField(default=dict)

    def __str__(self) -> str:
        return self.document_no


class Serial(models.Model):
    """The last number given of a kind and period: the row's lock makes the numbers unique."""

    key = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.last}"
