"""Whether every file in a hall's folder has a row that names it: what apps declare as `hall_files`."""

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import storages
from django.utils import timezone

from accounts import disk
from tenants.shared import declared
from tenants.shared.checks.findings import Finding
from tenants.shared.models import Hall

# a file is stored before its row is committed
YOUNG = timedelta(days=1)
_NAMED = 20


def unowned(hall: Hall) -> Iterator[Finding]:
    """Yield the files of a hall that no row names and that are older than a day; in the hall's scope."""
    storage, before = storages["cases"], timezone.now() - YOUNG
    there = list(disk.names_in(hall.role))
    owned = {path for files in declared.functions("hall_files") for path in files(hall)}
    # a row that went meanwhile takes its file along after the commit: looked at again
    lost = [
        path
        for path in there
        if path not in owned and storage.exists(path) and storage.get_modified_time(path) < before
    ]
    if lost:
        named = ", ".join(lost[:_NAMED]) + (" …" if len(lost) > _NAMED else "")
        yield Finding(
            hall.key,
            "file-unowned",
            f"{len(lost)} files have no row: {named}",
            "look at them, then delete them",
        )
