"""What is looked at: personal data read whole, files opened, the trail itself. Possible where it is needed, always on record."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit import services as audit
from cases.hall import answers
from cases.hall.answers import printable
from cases.hall.models import Case, CaseFile
from cases.hall.queries import place
from cases.hall.queries.access import person_of
from cases.shared.models import Purpose, Reading
from tenants.hall.enums import PostRole
from tenants.hall.models import Post

NOTE = 100


class ReasonMissing(Exception):
    """The case has ended: whoever reads an ID number of it says why."""

    def __init__(self) -> None:
        super().__init__(_("这件已经办完，请说明为什么要看完整证件号"))


class Masked(PermissionDenied):
    """Whoever visits the hall was let in without a word of personal data: numbers stay masked, and no file opens."""

    def __init__(self) -> None:
        super().__init__(_("这次应急进入没有获准看个人信息。要看请重新申请，写明要看什么、为什么。"))


def may_see_personal(by: Actor) -> bool:
    """Whether this person may see whole numbers and files: everybody at the desk, and a visitor who was allowed to."""
    return by.visit is None or by.visit.sees_personal


def whole(case: Case, *, by: Actor, now: datetime, purpose: str = "", note: str = "") -> dict[str, Any]:
    """Return the applicant's name, ID number and phone and the personal answers unmasked; audited as read_id_number.

    While the case runs, the work on it is the reason; of one that has ended somebody says why (cases.shared.models.Purpose),
    in words beside `other`. The person sees who read it, why, in a public row of the same transaction. The caller has
    checked that this person may see the case (queries.access.case_for). Raises ReasonMissing, Masked.
    """
    if not may_see_personal(by):
        raise Masked
    note = printable(note).strip()[:NOTE]
    if not purpose and case.is_open:
        purpose = Purpose.HANDLE
    if (
        purpose not in Purpose.values
        or (purpose == Purpose.HANDLE and not case.is_open)
        or (purpose == Purpose.OTHER and not note)
    ):
        raise ReasonMissing
    record = _note(case, "read_id_number", by=by, now=now, purpose=str(purpose))
    department = Post.objects.held(now).filter(person=person_of(by), department__isnull=False)
    Reading(
        id=record,
        hall_id=place.here().role,
        person=case.person,
        case_number=str(case.number),
        item_name=case.item_name,
        at=now,
        posts=[str(PostRole(post).label) for post in sorted(by.posts)],
        department=department.values_list("department__name", flat=True).first() or "",
        purpose=purpose,
        note=note,
    ).save(force_insert=True)
    form = case.item.get("form") or []
    personal = {row["name"] for row in form if row["type"] in answers.PERSONAL_TYPES}
    personal |= {row["group"] for row in form if row.get("group") and row["name"] in personal}
    return {
        "applicant": dict(case.applicant),
        "answers": {name: value for name, value in case.answers.items() if name in personal},
        "delivery": dict(case.delivery),
    }


def opened(case: Case, file: CaseFile, *, by: Actor, now: datetime) -> None:
    """Put on record that staff opened a file of this case; its owner may look at it as he likes. Raises Masked."""
    if not may_see_personal(by):
        raise Masked
    if case.person != by.person_id:
        _note(case, "read_file", by=by, now=now, material=file.material_key, opened=str(file.pk))


def trail(case: Case, *, by: Actor, now: datetime, page: int) -> None:
    """Put on record that somebody read the case's trail."""
    _note(case, "read_trail", by=by, now=now, page=page)


def page(case: Case, file: CaseFile, number: int, *, by: Actor, now: datetime) -> None:
    """Put on record that staff looked at one page of a file. Raises Masked."""
    if not may_see_personal(by):
        raise Masked
    _note(case, "read_file", by=by, now=now, material=file.material_key, opened=str(file.pk), page=number)


def _note(case: Case, action: str, *, by: Actor, now: datetime, **detail: Any) -> UUID:
    # the post is what the applicant reads of whoever looked
    return audit.record(
        action,
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=case.number or str(case.pk),
        detail={**detail, "posts": sorted(by.posts)},
    )
