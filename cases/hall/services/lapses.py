"""What time alone does to a case: the timed sweep of one hall.

Each case is its own transaction, locked and looked at again; what is due is read from the ledger, so that a sweep that
comes a week late writes the days on which things were due, and two sweeps at once, or in any order, do it once.
An outage stops no clock: it only makes the sweep late.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from cases.hall import corrections, messages
from cases.hall.clock import short_date_text
from cases.hall.enums import Clock, State
from cases.hall.models import Case, CorrectionRequest, OwedPaper
from cases.hall.queries import facts
from cases.hall.services import steps, transition
from tenants.shared import scope
from tenants.shared.models import Hall

# 自然日 after which what has ended is archived, and before the last day of a paper that is owed
ARCHIVE_DAYS = 30
OWED_REMINDERS = (3, 1)
BATCH = 500
_ARCHIVABLE = (State.DELIVERED, State.WITHDRAWN, State.ABANDONED, State.TERMINATED)
_WAITING_FOR_PAPERS = (
    State.ACCEPTED,
    State.DEEMED_ACCEPTED,
    State.REVIEW,
    State.SPECIAL,
    State.EXTENDED,
)

Stopped = Callable[[], bool]


def sweep(hall: Hall, *, now: datetime, stopped: Stopped = lambda: False) -> dict[str, int]:
    """Do in this hall what is due; return how often each was done: deem, abandon, remind, owed, archive."""
    today = timezone.localdate(now)
    done = {
        "deem": (_ids(hall, _lapsed(Clock.ACCEPTANCE, today)), _deem),
        "abandon": (_ids(hall, _lapsed(Clock.CORRECTION, today)), _abandon),
        "remind": (_ids(hall, _to_remind(today)), _remind),
        "owed": (_owing(hall, today), _remind_of_paper),
        "archive": (_ids(hall, _old(now)), _archive),
    }
    counts = {}
    for name, (found, act) in done.items():
        counts[name] = 0
        for pk in found:
            if stopped():
                break
            with scope.hall(hall):
                case = Case.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
                counts[name] += bool(case is not None and act(case, now))
    return counts


def _ids(hall: Hall, condition: Q) -> list[UUID]:
    with scope.hall(hall):
        found = Case.objects.filter(condition).order_by("due_on", "id")
        return list(found.values_list("pk", flat=True)[:BATCH])


def _lapsed(clock: Clock, today: date) -> Q:
    return Q(due_clock=clock, due_on__lt=today, is_due_expected=False)


def _to_remind(today: date) -> Q:
    last = today + timedelta(days=max(corrections.REMINDERS))
    return Q(state=State.CORRECTION, due_clock=Clock.CORRECTION, due_on__range=(today, last))


def _old(now: datetime) -> Q:
    return Q(state__in=_ARCHIVABLE, updated_at__lt=now - timedelta(days=ARCHIVE_DAYS), pending="")


def _owing(hall: Hall, today: date) -> list[UUID]:
    with scope.hall(hall):
        last = today + timedelta(days=max(OWED_REMINDERS))
        found = OwedPaper.objects.filter(
            received_at=None, due_on__lte=last, case__state__in=_WAITING_FOR_PAPERS
        )
        return list(found.order_by("case").values_list("case", flat=True).distinct()[:BATCH])


def _deem(case: Case, now: datetime) -> bool:
    """Deemed acceptance 视为受理 (行政许可法 32): as of the day of receipt, however late the sweep comes."""
    due = facts.lapse(case)
    lapsed_on = due.date.isoformat() if due and due.date else ""
    return transition.apply_system(case, "deem_accepted", now=now, data={"lapsed_on": lapsed_on})


def _abandon(case: Case, now: datetime) -> bool:
    due = facts.lapse(case)
    lapsed_on = due.date.isoformat() if due and due.date else ""
    return transition.apply_system(case, "abandon", now=now, data={"lapsed_on": lapsed_on})


def step_of(days: Iterable[int], left: int, reminded: int | None) -> int | None:
    """Return which of the days before the last one is due to be told and was not, None when none is.

    After an outage only the nearest is told: 3 days, and not 7 and 3.
    """
    reached = min((day for day in days if left <= day), default=None)
    return reached if reached is not None and (reminded is None or reached < reminded) else None


def _remind(case: Case, now: datetime) -> bool:
    request = CorrectionRequest.objects.filter(
        case=case, answered_at=None, cancelled_at=None, ended_at=None
    ).first()
    if request is None or case.due_on is None:
        return False
    left = (case.due_on - timezone.localdate(now)).days
    reached = step_of(corrections.REMINDERS, left, request.reminded)
    # on the last day itself, and after it, nobody is told of days that are left
    if reached is None or left < 1:
        return False
    told = {"item": case.item_name, "n": left, "due_on": case.due_on}
    steps.tell(case, request.event, messages.text("reminder", told), now=now)
    request.reminded = reached
    request.save(update_fields=["reminded"])
    return True


def _remind_of_paper(case: Case, now: datetime) -> bool:
    is_told = False
    today = timezone.localdate(now)
    for paper in OwedPaper.objects.filter(case=case, received_at=None).order_by("due_on", "id"):
        reached = step_of(OWED_REMINDERS, max(0, (paper.due_on - today).days), paper.reminded)
        if reached is None:
            continue
        event = case.events.filter(action__in=("accept", "deem_accepted")).latest("sequence")
        told = {"item": case.item_name, "paper": paper.name, "by": short_date_text(paper.due_on)}
        steps.tell(case, event, messages.text("paper_owed", told), now=now)
        paper.reminded = reached
        paper.save(update_fields=["reminded"])
        is_told = True
    return is_told


def _archive(case: Case, now: datetime) -> bool:
    return transition.apply_system(case, "archive", now=now)
