"""Which files in the storage a hall's rows name, and whether those that only staff and systems see are there."""

from collections.abc import Iterator

from django.core.files.storage import storages

from cases.hall.models import CaseFile, DepartmentPaper, EnquiryFile, Export, MandatePaper, Upload
from cases.hall.paperwork import Paper
from cases.hall.services.attachments import part_name
from tenants.shared.models import Hall

_NAMING = (CaseFile, DepartmentPaper, EnquiryFile, Export, MandatePaper, Paper)
_ASKED = ((DepartmentPaper, "paper of a department's system"), (Export, "list that was made as a file"))


def files(hall: Hall) -> Iterator[str]:
    """Yield the path of every file that a row of this hall names: applicants', papers, lists, parts of uploads."""
    for model in _NAMING:
        yield from (
            model._default_manager.exclude(path="").order_by("pk").values_list("path", flat=True).iterator()
        )
    for upload in Upload.objects.order_by("pk").iterator():
        for offset in upload.parts:
            yield part_name(upload, offset)


def other_files_are_there(hall: Hall) -> Iterator[str]:
    """Look for files of departments' systems, and lists made for clerks, that are gone."""
    for model, what in _ASKED:
        for pk, path in model._default_manager.exclude(path="").order_by("pk").values_list("pk", "path"):
            if not storages["cases"].exists(path):
                yield f"{what} {pk}: its content is gone"
