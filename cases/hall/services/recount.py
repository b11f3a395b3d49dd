"""After a year's notice was imported: every open date of the hall is counted again, and who is concerned is told."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max

from audit import services as audit
from cases.hall import messages
from cases.hall.clock import date_text
from cases.hall.enums import State
from cases.hall.models import CalendarMark, Case, Event, Opinion, OwedPaper
from cases.hall.queries import calendar, facts, ledger
from cases.hall.services import steps, telling
from cases.hall.services.enquiries import sweeping
from cases.hall.states import ENDED
from cases.hall.transitions import SYSTEM
from cases.shared.models import CalendarYear
from tenants.shared import scope
from tenants.shared.models import Hall

# other processes keep the old calendar for a while: counted before they have let it go, a date might be put back
WAIT = timedelta(seconds=calendar.KEPT_SECONDS + 60)


def follow_calendar(hall: Hall, *, now: datetime) -> int:
    """Count the hall's open dates again if a notice was imported since the last time; return how many moved."""
    with scope.hall(hall):
        imported = CalendarYear.objects.aggregate(last=Max("imported_at"))["last"]
        mark = CalendarMark.objects.first()
        if imported is None or (mark is not None and mark.imported_at >= imported) or now < imported + WAIT:
            return 0
        calendar.forget()
        open_cases = Case.objects.exclude(state__in=[State.DRAFT, *ENDED]).order_by("id")
        waiting = list(open_cases.values_list("pk", flat=True))
    moved = sum(_recount(hall, pk, now) for pk in waiting)
    with scope.hall(hall):
        _recount_rows()
        sweeping.recount(now=now)
        CalendarMark.objects.update_or_create(pk=1, defaults={"imported_at": imported})
    return moved


def _recount(hall: Hall, pk: UUID, now: datetime) -> bool:
    """Count one case again; return whether a date that its applicant was told has moved."""
    with scope.hall(hall):
        case = Case.objects.lock(pk)
        if case.state in ENDED:
            return False
        before, known = ledger.cached(case), case.due_on
        entries = ledger.entries(case)
        if ledger.facts(entries, calendar.current()) == before:
            return False
        steps.keep_dues(case, entries, changed=(), now=now)
        if known is None or case.due_on is None or known == case.due_on:
            return False
        _tell(case, known, case.due_on, now)
        return True


def _tell(case: Case, before: date, after: date, now: datetime) -> None:
    now = facts.not_before(case, now)
    event = Event(
        case=case,
        sequence=case.revision + 1,
        action="move_date",
        from_state=case.state,
        to_state=case.state,
        at=now,
        actor_post=SYSTEM,
        data={"before": date_text(before), "after": date_text(after)},
    )
    event.save(force_insert=True)
    case.revision = event.sequence
    case.save(update_fields=["revision"])
    audit.record(
        "case.move_date",
        now=now,
        actor=None,
        object=str(case.number),
        detail={"sequence": event.sequence, "before": str(before), "after": str(after)},
    )
    told = {"item": case.item_name, "due_on": after}
    telling.of_case(case, messages.said("date_moved", told), event=event, now=now)


def _recount_rows() -> None:
    """Count again until when papers are owed and opinions asked."""
    days = calendar.current()
    for model, is_open in ((OwedPaper, {"received_at": None}), (Opinion, {"answered_at": None})):
        for row in model._default_manager.filter(**is_open).order_by("id"):
            due = days.add_workdays(row.since, row.days)
            if (due.date, due.expected) != (row.due_on, row.is_due_expected):
                row.due_on, row.is_due_expected = due.date, due.expected
                row.save(update_fields=["due_on", "is_due_expected"])
