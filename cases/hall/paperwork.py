"""Papers of cases, the hall's own wordings of them, and notices to staff: tables of the hall's schema."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedJSONField


class Layout(models.Model):
    """A hall's own wording of one kind of paper, for all its items (`item_code` empty) or for one.

    `texts` are title, body and note, `choices` head and size (cases.hall.layouts); what is empty is the city's standard.
    """

    kind = models.CharField(max_length=20)
    item_code = models.CharField(max_length=14, blank=True)
    texts = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True)
    edited_by = models.UUIDField()
    edited_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        abstract = True


class PaperDraft(Layout):
    """The one draft of a wording: one person edits, another publishes. `starts_on` is the day from which it shall hold."""

    starts_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "item_code"], name="paper_draft_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_code} {self.revision}"


class PaperVersion(Layout):
    """A wording that holds from its day until the next version's. Appended, never changed."""

    version = models.PositiveIntegerField()
    starts_on = models.DateField()
    published_by = models.UUIDField()
    published_by_name = models.CharField(max_length=60, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "item_code", "version"], name="paper_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_code} {self.version}"


class Paper(models.Model):
    """The paper that one step of a case made: its facts frozen with the step, its signed bytes made after it.

    `path` is empty while it is being made; then the same paper is the same bytes for ever, and `sha256` is theirs.
    `layout` is the hall's wording under which the case was decided, null for the city's standard.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.OneToOneField("cases_hall.Event", on_delete=models.PROTECT, related_name="paper")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    document_no = models.CharField(max_length=60)
    verification_code = models.CharField(max_length=43, unique=True)
    facts = EncryptedJSONField(default=dict)
    layout = models.ForeignKey(PaperVersion, on_delete=models.PROTECT, null=True, blank=True)
    ordered_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], name="paper_waiting", condition=models.Q(made_at=None))
        ]

    def __str__(self) -> str:
        return self.document_no

    @property
    def is_made(self) -> bool:
        """Whether its signed bytes are there."""
        return self.made_at is not None


class NoticeKind(models.TextChoices):
    """What the staff of a hall are told of."""

    LAYOUT = "layout", _("文书没有用本厅的写法")
    PAPER = "paper", _("文书制作不出来")
    OPINION = "opinion", _("别的部门过期没有答复")
    PAYMENT = "payment", _("有一笔钱要核对")


class StaffNotice(models.Model):
    """Something that the hall's staff must know, told once for each subject, until somebody has seen to it."""

    kind = models.CharField(max_length=10, choices=NoticeKind)
    subject = models.CharField(max_length=80)
    case = models.ForeignKey("cases_hall.Case", on_delete=models.PROTECT, related_name="staff_notices")
    data = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.UUIDField(null=True, blank=True)
    done_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="staff_notice_once")]
        indexes = [
            models.Index(
                fields=["-made_at", "id"], name="staff_notice_open", condition=models.Q(done_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
