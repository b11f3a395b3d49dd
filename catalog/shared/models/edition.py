"""Drafts beside the live items, and the versions that were published."""

from django.db import models

from catalog.shared.enums import Change, Status
from catalog.shared.models.item import empty_list


class Edition(models.Model):
    """A whole item as somebody proposes it or as it was published: `fields` are the columns of ItemFields.

    `status` and `successor` are part of it: an item is suspended, taken up again and retired by an edition, too.
    """

    code = models.CharField(max_length=14)
    fields = models.JSONField()
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    successor = models.CharField(max_length=14, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    edited_by = models.UUIDField()
    edited_by_name = models.CharField(max_length=60)
    approved_by = models.UUIDField(null=True, blank=True)
    approved_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.fields.get('name', '')}"


class Draft(Edition):
    """What is prepared beside the live item, one for each code; `base_version` 0 is an item that is yet to be.

    `revision` grows with each saving: whoever saves over another's is told. An approved draft waits for its day.
    """

    base_version = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta(Edition.Meta):
        abstract = True


class Version(Edition):
    """A published edition, never changed afterwards: what held from `published_at` on, until the next one.

    `changed` names the fields that differ from the version before, `change` is what that means to those who apply.
    """

    version = models.PositiveIntegerField()
    changed = models.JSONField(default=empty_list)
    change = models.CharField(max_length=10, choices=Change, default=Change.WORDING)
    published_at = models.DateTimeField()

    class Meta(Edition.Meta):
        abstract = True


class SharedDraft(Draft):
    """A draft of the city's: edited by one city admin, approved by another."""

    class Meta(Draft.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["code"], name="shareddraft_code"),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("edited_by")),
                name="shareddraft_two_persons",
            ),
        ]


class SharedVersion(Version):
    """A published version of a shared item; running cases keep theirs, guides of them can be read again."""

    class Meta(Version.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="sharedversion_once")]
