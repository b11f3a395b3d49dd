"""What is looked at: personal data read whole, files opened, the trail itself. Possible where it is needed, always on record."""

from datetime import datetime
from typing import Any

from accounts.actor import Actor
from audit import services as audit
from cases.hall import answers
from cases.hall.models import Case, CaseFile


def whole(case: Case, *, by: Actor, now: datetime) -> dict[str, Any]:
    """Return the applicant's name, ID number and phone and the personal answers unmasked; audited as read_id_number.

    The caller has checked that this person may see the case (queries.access.case_for).
    """
    _note(case, "read_id_number", by=by, now=now)
    form = case.item.get("form") or []
    personal = {row["name"] for row in form if row["type"] in answers.PERSONAL_TYPES}
    personal |= {row["group"] for row in form if row.get("group") and row["name"] in personal}
    return {
        "applicant": dict(case.applicant),
        "answers": {name: value for name, value in case.answers.items() if name in personal},
        "delivery": dict(case.delivery),
    }


def opened(case: Case, file: CaseFile, *, by: Actor, now: datetime) -> None:
    """Put on record that staff opened a file of this case; its owner may look at it as he likes."""
    if case.person != by.person_id:
        _note(case, "read_file", by=by, now=now, material=file.material_key, opened=str(file.pk))


def trail(case: Case, *, by: Actor, now: datetime, page: int) -> None:
    """Put on record that somebody read the case's trail."""
    _note(case, "read_trail", by=by, now=now, page=page)


def page(case: Case, file: CaseFile, number: int, *, by: Actor, now: datetime) -> None:
    """Put on record that staff looked at one page of a file."""
    _note(case, "read_file", by=by, now=now, material=file.material_key, opened=str(file.pk), page=number)


def _note(case: Case, action: str, *, by: Actor, now: datetime, **detail: Any) -> None:
    # the post is what the applicant reads of whoever looked
    audit.record(
        action,
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=case.number or str(case.pk),
        detail={**detail, "posts": sorted(by.posts)},
    )
