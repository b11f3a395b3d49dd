"""Opinions of other departments: asked with a last day of their own, which moves none of the case's clocks."""

from datetime import datetime

from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils import timezone

from cases.hall.enums import State
from cases.hall.models import Case, Event, Opinion
from cases.hall.paperwork import NoticeKind, StaffNotice
from cases.hall.queries import calendar
from cases.hall.services import marks, staff_notices
from cases.hall.transitions import Fact

BATCH = 500
_ASKING = (State.REVIEW, State.SPECIAL, State.EXTENDED)


def ask(case: Case, event: Event, now: datetime) -> None:
    """Write down whom the step asked, what, and until when."""
    today = timezone.localdate(now)
    days = int(event.data["days"])
    due = calendar.current().add_workdays(today, days)
    Opinion.objects.create(
        case=case,
        department=event.data["department"],
        question=event.data["question"],
        asked_at=now,
        since=today,
        days=days,
        due_on=due.date,
        is_due_expected=due.expected,
    )
    marks.put(case, Fact.OPINION_ASKED)


def record(case: Case, event: Event, now: datetime) -> None:
    """Write down what a department answered."""
    waiting = Opinion.objects.filter(case=case, answered_at=None)
    asked = waiting.filter(department=event.data["department"])
    for pk in asked.values_list("pk", flat=True).order_by("pk"):
        staff_notices.settle(NoticeKind.OPINION, str(pk), now=now)
    asked.update(opinion=event.data["opinion"], answered_at=now)
    marks.put(case, Fact.OPINION_ASKED, is_true=waiting.exists())


def tell_of_late(*, now: datetime) -> int:
    """Tell the staff of the hall in scope which departments have not answered by their day, each once; return how many.

    The applicant is not told: what departments say among themselves is no step of theirs.
    """
    late = Opinion.objects.filter(
        answered_at=None, due_on__lt=timezone.localdate(now), is_due_expected=False, case__state__in=_ASKING
    ).select_related("case")
    told = StaffNotice.objects.filter(kind=NoticeKind.OPINION).values("subject")
    new = late.annotate(subject=Cast("pk", CharField())).exclude(subject__in=told).order_by("due_on", "pk")
    found = list(new[:BATCH])
    for opinion in found:
        said = {"department": opinion.department, "due_on": opinion.due_on.isoformat()}
        staff_notices.tell(NoticeKind.OPINION, str(opinion.pk), opinion.case, data=said, now=now)
    return len(found)
