"""核原件: a clerk at the window has compared a file with the paper itself. Later applications may say so."""

from datetime import datetime

from accounts.actor import Actor
from audit import services as audit
from cases.hall.models import Case, CaseFile


def note_seen(case: Case, file: CaseFile, *, by: Actor, now: datetime) -> None:
    """Note that a file shows what the original shows; again changes nothing. The caller has checked the post."""
    if CaseFile.objects.filter(pk=file.pk, case=case, removed_at=None, seen_at=None).update(seen_at=now):
        audit.record(
            "case.compare_file",
            now=now,
            actor=by.person_id,
            actor_name=by.display_name,
            object=str(case.number),
            detail={"material": file.material_key, "file": str(file.pk), "posts": sorted(by.posts)},
        )
