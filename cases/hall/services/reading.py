"""Personal data read whole by staff: possible where the post needs it, and always on record."""

from datetime import datetime
from typing import Any

from accounts.actor import Actor
from audit import services as audit
from cases.hall import answers
from cases.hall.models import Case


def whole(case: Case, *, by: Actor, now: datetime) -> dict[str, Any]:
    """Return the applicant's name, ID number and phone and the personal answers unmasked; audited as read_id_number.

    The caller has checked that this person may see the case (queries.access.case_for).
    """
    audit.record(
        "read_id_number",
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=case.number or str(case.pk),
    )
    personal = {row["name"] for row in case.item.get("form") or [] if row["type"] in answers.PERSONAL_TYPES}
    return {
        "applicant": dict(case.applicant),
        "answers": {name: value for name, value in case.answers.items() if name in personal},
        "delivery": dict(case.delivery),
    }
