"""What a hall's staff are told of: once for each subject, until somebody has seen to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.actor import Actor
from audit import services as audit
from cases.hall.models import Case
from cases.hall.paperwork import NoticeKind, StaffNotice


def tell(kind: NoticeKind, subject: str, case: Case, *, data: Mapping[str, Any], now: datetime) -> None:
    """Tell the hall's staff of this subject; told before, it is not told again."""
    notice = StaffNotice(kind=kind, subject=subject, case=case, data=dict(data), made_at=now)
    StaffNotice.objects.bulk_create([notice], ignore_conflicts=True)


def settle(kind: NoticeKind, subject: str, *, now: datetime) -> None:
    """End a notice whose cause has gone by itself."""
    StaffNotice.objects.filter(kind=kind, subject=subject, done_at=None).update(done_at=now)


def done(pk: int, *, by: Actor, now: datetime) -> bool:
    """Mark a notice as seen to by this person; return whether it was open."""
    found = StaffNotice.objects.filter(pk=pk, done_at=None)
    was_open = bool(found.update(done_at=now, done_by=by.person_id, done_by_name=by.display_name))
    if was_open:
        audit.record("notice.done", now=now, actor=by.person_id, actor_name=by.display_name, object=str(pk))
    return was_open
