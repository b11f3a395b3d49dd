"""How long archives lie: of each hall the newest few, of all halls those of some days, and what somebody still needs."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import CharField, Window
from django.db.models.functions import Cast, Coalesce, RowNumber

from tenants.shared import roles
from tenants.shared.enums import JobKind, JobState
from tenants.shared.models import HallArchive, HallJob, HallRestore, RestoreState


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Let nobody remove a file meanwhile. Raises OSError when it cannot be read."""
    with path.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_SH)
        yield


def remove_unless_held(path: Path) -> bool:
    """Remove a file; return whether it is gone: not while somebody writes or holds it."""
    try:
        with path.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def remove_old(now: datetime) -> None:
    """Remove the archives that nobody needs any more, as the owner; their rows stay and say so (`operator_rounds`)."""
    before = now - timedelta(days=settings.ARCHIVES_DAYS)
    of_one = Coalesce(Cast("hall_id", CharField()), "key")
    place = Window(RowNumber(), partition_by=[of_one], order_by=["-made_at", "-pk"])
    there = HallArchive.objects.using(roles.OWNER).filter(removed_at=None).annotate(place=place)
    names, digests = _named_by_deletions(), _of_unfinished_restores()
    for row in there.filter(place__gt=settings.ARCHIVES_KEPT):
        is_needed = row.made_at >= before or row.name in names or row.digest in digests
        if not is_needed and remove_unless_held(Path(settings.ARCHIVES) / row.name):
            HallArchive.objects.using(roles.OWNER).filter(pk=row.pk).update(removed_at=now)


def _named_by_deletions() -> set[str]:
    """Return the names of the exports that certificates of deletions name, or will."""
    jobs = HallJob.objects.using(roles.OWNER).filter(kind=JobKind.DELETE).exclude(state=JobState.UNDONE)
    return set(jobs.values_list("facts__export__name", flat=True))


def _of_unfinished_restores() -> set[str]:
    """Return the digests of archives that somebody must read again to finish what was killed."""
    ended = [RestoreState.DONE, RestoreState.ABANDONED]
    return set(
        HallRestore.objects.using(roles.OWNER).exclude(state__in=ended).values_list("digest", flat=True)
    )
