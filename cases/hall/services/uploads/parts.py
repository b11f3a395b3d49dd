"""A file that comes in parts, so that a line that breaks costs a part and not the file. Each call may be made again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import disk
from accounts.actor import Actor
from cases.hall import files
from cases.hall.models import Case, CaseFile, Upload
from cases.hall.queries import place
from cases.hall.services import attachments, drafts

PART_BYTES = 1024 * 1024
# of one draft at a time: the oldest makes way
MOST_AT_ONCE = 8
KEPT = timedelta(days=1)


class OutOfPlace(Exception):
    """The part does not begin where the file ends so far; `received` says where that is."""

    def __init__(self, received: int) -> None:
        super().__init__(_("请从断的地方接着传"))
        self.received = received


def begin(case: Case, *, material_key: str, name: str, size: int, actor: Actor, now: datetime) -> Upload:
    """Note that a file of `size` bytes is to come for a material of this draft. Raises FileRefused, NotADraft, MandateOver."""
    case = drafts.locked(case, actor, now)
    attachments.check_material(case, material_key)
    files.check_size(size)
    # the draft is locked: two that begin at once are counted one after the other
    open_ones = list(case.uploads.filter(file=None).order_by("begun_at", "id"))
    for old in open_ones[: max(0, len(open_ones) - MOST_AT_ONCE + 1)]:
        _drop(old)
    return Upload.objects.create(
        case=case,
        material_key=material_key,
        name=name[:400],
        size=size,
        folder=f"{place.here().role}/{timezone.localdate(now):%Y}",
        begun_at=now,
    )


def add(case: Case, pk: UUID, *, offset: int, content: bytes, actor: Actor, now: datetime) -> Upload:
    """Keep the part that begins at `offset`; one that is here already changes nothing.

    Raises OutOfPlace, FileRefused (more than was said, too much at once, no room: NotStored), Upload.DoesNotExist.
    """
    case = drafts.locked(case, actor, now)
    upload = Upload.objects.select_for_update().get(pk=pk, case=case)
    if offset in upload.parts and offset + len(content) <= upload.received:
        return upload
    if offset != upload.received or upload.file_id:
        raise OutOfPlace(upload.received)
    if not 0 < len(content) <= PART_BYTES or offset + len(content) > upload.size:
        raise files.FileRefused(_("这一段不对，请重新传这一份"))
    try:
        # under its place's name: what a call that died left there is written over
        disk.keep_as(BytesIO(content), attachments.part_name(upload, offset))
    except OSError:
        raise files.NotStored from None
    upload.received, upload.parts = offset + len(content), [*upload.parts, offset]
    upload.save(update_fields=["received", "parts"])
    return upload


def finish(case: Case, pk: UUID, *, actor: Actor, now: datetime) -> CaseFile:
    """Take the whole as a file of the draft; again gives the same file.

    Raises OutOfPlace while something is missing, FileRefused, Upload.DoesNotExist.
    """
    case = drafts.locked(case, actor, now)
    upload = Upload.objects.select_for_update(of=("self",)).select_related("file").get(pk=pk, case=case)
    if upload.file is not None:
        return upload.file
    if upload.received != upload.size:
        raise OutOfPlace(upload.received)
    whole = ContentFile(b"".join(_contents(upload)), name=upload.name)
    taken = drafts.add_file(case, material_key=upload.material_key, upload=whole, actor=actor, now=now)
    attachments.drop_parts(upload)
    upload.file, upload.parts = taken, []
    upload.save(update_fields=["file", "parts"])
    return taken


def _contents(upload: Upload) -> Iterator[bytes]:
    for offset in upload.parts:
        with storages["cases"].open(attachments.part_name(upload, offset)) as stream:
            yield stream.read()


def sweep(*, now: datetime) -> int:
    """Remove what began a day ago, finished or not, from the hall in scope; return how many."""
    old = Upload.objects.select_for_update(skip_locked=True).filter(begun_at__lt=now - KEPT)
    found = list(old.order_by("begun_at", "id")[:500])
    with transaction.atomic():
        for upload in found:
            _drop(upload)
    return len(found)


def _drop(upload: Upload) -> None:
    attachments.drop_parts(upload)
    Upload.objects.filter(pk=upload.pk).delete()
