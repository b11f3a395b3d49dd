"""What the worker does for looks: pictures that nothing shows any more go after a day."""

from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import FileSystemStorage, storages
from django.db import transaction

from tenants.shared.models import Hall
from theming import queries
from theming.models import ThemeFile
from theming.services.files import STORAGE
from theming.services.publishing import pictures

KEPT = timedelta(days=1)


def unused_pictures_of_the_city_go(now: datetime) -> None:
    """Do the same for the city's look."""
    unused_pictures_go(None, now)


def unused_pictures_go(hall: Hall | None, now: datetime) -> None:
    """Remove a day later what no published look and no draft shows, and what a refused page left on the disk."""
    old = ThemeFile.objects.filter(hall=hall, added_at__lt=now - KEPT)
    if old.exists():
        shown = set().union(*(pictures(row.parts) for row in queries.history(hall)))
        if draft := queries.draft(hall):
            shown |= pictures(draft.parts)
        for row in old.exclude(digest__in=shown):
            name = row.stored_as
            row.delete()
            transaction.on_commit(lambda name=name: storages[STORAGE].delete(name))  # type: ignore[misc]
    for name in unowned(hall, before=now - KEPT):
        storages[STORAGE].delete(name)


def unowned(hall: Hall | None, *, before: datetime) -> list[str]:
    """Return the files of a hall's (None: the city's) looks that have no row and were written before that time."""
    storage = storages[STORAGE]
    if not isinstance(storage, FileSystemStorage):
        return []
    folder = f"{hall.role if hall else 'city'}/theme"
    there = {
        path.name: f"{folder}/{path.name}"
        for path in Path(storage.path(folder)).glob("*")
        if path.stat().st_mtime < before.timestamp()
    }
    known = ThemeFile.objects.filter(hall=hall, digest__in=there).values_list("digest", flat=True)
    return [there[name] for name in sorted(set(there) - set(known))]
