"""Files that applicants give, and files that are still on their way."""

import uuid

from django.db import models

from accounts.enums import Trust


class CaseFile(models.Model):
    """A file that an applicant gave: before submission it hangs on its owner, then on the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("Case", on_delete=models.PROTECT, null=True, blank=True, related_name="files")
    person = models.UUIDField(db_index=True)
    material_key = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    # of one that came from its owner's kept papers: how far it was known there, and who had seen or issued it
    trust = models.CharField(max_length=6, choices=Trust, blank=True)
    trust_note = models.CharField(max_length=120, blank=True)
    # when a clerk of this hall compared it with the original
    seen_at = models.DateTimeField(null=True, blank=True)
    # of a correction: the file hangs on it while it is not sent, and the one that it replaces stays to be compared
    correction = models.ForeignKey(
        "CorrectionRequest", on_delete=models.PROTECT, null=True, blank=True, related_name="files"
    )
    replaced_in = models.ForeignKey(
        "CorrectionRequest", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_files"
    )

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A file that comes in parts, for a material of a draft: how much of it is here. It ends as a CaseFile, or is swept away.

    Each part lies in the storage `cases` under `folder`, named by this key and its place in the file.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("Case", on_delete=models.CASCADE, related_name="uploads")
    material_key = models.CharField(max_length=40)
    name = models.CharField(max_length=400)
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    folder = models.CharField(max_length=80)
    # the places of the parts that are here, in order
    parts = models.JSONField(default=list)
    begun_at = models.DateTimeField(db_index=True)
    # set when it has become a file: whoever asks again is told of that one
    file = models.ForeignKey("CaseFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("size")), name="upload_no_larger_than_said"
            )
        ]

    def __str__(self) -> str:
        return f"{self.received} of {self.size}"
