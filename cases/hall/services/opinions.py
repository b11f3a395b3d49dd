"""Opinions of other departments: asked with a last day of their own, which moves none of the case's clocks."""

from datetime import datetime

from django.utils import timezone

from cases.hall.models import Case, Event, Opinion
from cases.hall.queries import calendar
from cases.hall.services import marks
from cases.hall.transitions import Fact


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
    waiting.filter(department=event.data["department"]).update(opinion=event.data["opinion"], answered_at=now)
    marks.put(case, Fact.OPINION_ASKED, is_true=waiting.exists())
