"""What people ask for with their own data: asked once however often it is pressed, seen by nobody else, gone in time."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.storage import storages
from django.db import IntegrityError, transaction

from accounts.queries import digest
from accounts.services import counters
from cases.shared.models import (
    FILE_DAYS,
    READINGS_DAYS,
    REQUESTS_DAYS,
    DataReceipt,
    DataRequest,
    Reading,
    RequestKind,
    RequestState,
)

ASKED_A_DAY = 10
STORAGE = "cases"
BATCH = 500


def ask(person: UUID, kind: RequestKind, *, now: datetime) -> tuple[DataRequest, str]:
    """Write down what somebody asks for and return it, with the key of its receipt where an account is to be closed.

    While one of the kind is being done it is that one (and no key: it was given before). The caller has had the person
    prove anew who they are. Raises counters.TooMany beyond ten a day.
    """
    if running := _running(person, kind):
        return running, ""
    counters.reserve(f"rights:{person}", limit=ASKED_A_DAY, window_seconds=24 * 3600, now=now)
    key = secrets.token_urlsafe(32) if kind == RequestKind.CLOSE else ""
    try:
        with transaction.atomic():
            made = DataRequest.objects.create(
                person=person,
                kind=kind,
                asked_at=now,
                next_try_at=now,
                receipt_digest=digest(key) if key else "",
            )
    except IntegrityError:
        counters.release(f"rights:{person}")
        found = _running(person, kind)
        if found is None:
            raise
        return found, ""
    return made, key


def _running(person: UUID, kind: RequestKind) -> DataRequest | None:
    return DataRequest.objects.filter(person=person, kind=kind, state=RequestState.WAITING).first()


def expire(*, now: datetime) -> int:
    """Delete the files of exports whose days are over, and what was asked years ago; return how many rows. As the city."""
    old = DataRequest.objects.filter(
        state=RequestState.READY, finished_at__lt=now - timedelta(days=FILE_DAYS)
    ).select_for_update(skip_locked=True)
    gone = list(old[:BATCH])
    for row in gone:
        path = row.path
        transaction.on_commit(lambda path=path: storages[STORAGE].delete(path))  # type: ignore[misc]
        row.state, row.path, row.away = RequestState.GONE, "", []
        row.save(update_fields=["state", "path", "away"])
    before = now - timedelta(days=REQUESTS_DAYS)
    DataReceipt.objects.filter(done_at__lt=before).delete()
    ended = DataRequest.objects.exclude(state__in=[RequestState.WAITING, RequestState.READY])
    return len(gone) + ended.filter(finished_at__lt=before).delete()[0]


def old_readings_go(*, now: datetime) -> int:
    """Delete who read whose number three years ago; return how many rows. As the city."""
    return Reading.objects.filter(at__lt=now - timedelta(days=READINGS_DAYS)).delete()[0]
